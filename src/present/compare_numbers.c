/* SPDX-License-Identifier: BSD-2-Clause */
/* The numbers of a comparison as text; see compare_numbers.h. */
#include "config.h"

#include "present/compare_numbers.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/units.h"

const char *
compare_number(char *buf, size_t len, const struct compare_row *row,
    double value)
{
	if (isnan(value))
		snprintf(buf, len, "-");
	else if (strcmp(row->unit, "ns") == 0)
		units_round_time(buf, len, value);
	else
		units_round(buf, len, value);
	return buf;
}

void
compare_share(char *buf, size_t len, double share)
{
	if (isnan(share))
		snprintf(buf, len, "-");
	else
		snprintf(buf, len, "%.*f%%", share < 0.9995 ? 1 : 0,
		    share * 100);
}

void
compare_change(char *buf, size_t len, double change)
{
	if (isnan(change))
		snprintf(buf, len, "-");
	else
		snprintf(buf, len, fabs(change) < 1000 ? "%+.*f%%" : "%+.*e%%",
		    fabs(change) < 10 ? 1 : 0, change * 100);
}

/* In percent; of what is out of all proportion, that it is. */
static const char *
numbers_bound(char *buf, size_t len, double bound)
{
	if (bound > 99.99)
		snprintf(buf, len, ">9999");
	else
		snprintf(buf, len, "%+.*f", bound < 9.995 ? 1 : 0, bound * 100);
	return buf;
}

void
compare_interval(char *buf, size_t len, double low, double high)
{
	char from[24], to[24];

	if (isnan(low))
		snprintf(buf, len, "-");
	else
		snprintf(buf, len, "[%s, %s]", numbers_bound(from, sizeof(from),
		    low), numbers_bound(to, sizeof(to), high));
}

void
compare_p(char *buf, size_t len, double p)
{
	if (isnan(p))
		snprintf(buf, len, "-");
	else if (p < 0.001)
		snprintf(buf, len, "<.001");
	else
		snprintf(buf, len, "%.3f", p);
}
