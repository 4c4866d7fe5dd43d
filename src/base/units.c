/* SPDX-License-Identifier: BSD-2-Clause */
/* Numbers with units: read exactly, written exactly or rounded; see units.h. */
#include "config.h"

#include "base/units.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct unit {
	const char *suffix;
	uint64_t scale;
};

/*
 * Largest first, because the formatters take the first unit that divides the
 * value: that gives the shortest text.
 */
static const struct unit size_units[] = {
	{ "T", UINT64_C(1) << 40 },
	{ "G", UINT64_C(1) << 30 },
	{ "M", UINT64_C(1) << 20 },
	{ "K", UINT64_C(1) << 10 },
	{ "", 1 },
	{ NULL, 0 }
};

static const struct unit count_units[] = {
	{ "G", UINT64_C(1000000000) },
	{ "M", UINT64_C(1000000) },
	{ "k", UINT64_C(1000) },
	{ "", 1 },
	{ NULL, 0 }
};

static const struct unit time_units[] = {
	{ "h", UINT64_C(3600000000000) },
	{ "m", UINT64_C(60000000000) },
	{ "s", UINT64_C(1000000000) },
	{ "ms", UINT64_C(1000000) },
	{ "us", UINT64_C(1000) },
	{ "ns", 1 },
	{ NULL, 0 }
};

/* ---- reading ---------------------------------------------------------- */

/* A number taken apart: digits, perhaps a point and digits, then the rest. */
struct number {
	uint64_t whole;
	const char *fraction;	/* its digits, or NULL */
	const char *suffix;
};

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static int
split(const char *s, struct number *n)
{
	uint64_t digit;

	if (!is_digit(*s))
		return -1;
	n->whole = 0;
	for (; is_digit(*s); s++) {
		digit = (uint64_t)(*s - '0');
		if (n->whole > (UINT64_MAX - digit) / 10)
			return -1;
		n->whole = n->whole * 10 + digit;
	}
	n->fraction = NULL;
	if (*s == '.') {
		n->fraction = ++s;
		if (!is_digit(*s))
			return -1;
		while (is_digit(*s))
			s++;
	}
	n->suffix = s;
	return 0;
}

/*
 * What the fraction is in whole steps of 1/scale, rounded down.  Dividing from
 * the last digit to the first is exact and cannot overflow, however many
 * digits there are.
 */
static uint64_t
fraction_of(const struct number *n, uint64_t scale)
{
	const char *s;
	uint64_t part = 0;

	for (s = n->suffix; s > n->fraction; s--)
		part = (part + (uint64_t)(s[-1] - '0') * scale) / 10;
	return part;
}

static int
scaled(const char *s, const struct unit *units, uint64_t *value)
{
	struct number n;
	uint64_t part = 0;

	if (split(s, &n) < 0)
		return -1;
	while (units->suffix != NULL && strcmp(units->suffix, n.suffix) != 0)
		units++;
	if (units->suffix == NULL)
		return -1;
	if (n.fraction != NULL) {
		if (units->scale == 1)
			return -1;
		part = fraction_of(&n, units->scale);
	}
	if (n.whole > (UINT64_MAX - part) / units->scale)
		return -1;
	*value = n.whole * units->scale + part;
	return 0;
}

int
units_size(const char *s, uint64_t *value)
{
	return scaled(s, size_units, value);
}

int
units_count(const char *s, uint64_t *value)
{
	return scaled(s, count_units, value);
}

int
units_time(const char *s, uint64_t *value)
{
	return scaled(s, time_units, value);
}

/* A double tells every whole percentage below this from its neighbours. */
#define PERCENT_MAX UINT64_C(1000000000000000)

int
units_percent(const char *s, double *value)
{
	struct number n;

	if (split(s, &n) < 0 || n.whole >= PERCENT_MAX ||
	    strcmp(n.suffix, "%") != 0)
		return -1;
	*value = strtod(s, NULL) / 100.0;
	return 0;
}

int
units_int(const char *s, int64_t *value)
{
	const char *p = *s == '-' ? s + 1 : s;
	long long v;

	if (!is_digit(*p))
		return -1;
	while (is_digit(*p))
		p++;
	if (*p != '\0')
		return -1;
	errno = 0;
	v = strtoll(s, NULL, 10);
	if (errno != 0)
		return -1;
	*value = v;
	return 0;
}

/* ---- writing exactly -------------------------------------------------- */

static char *
put(char *buf, size_t len, const struct unit *units, uint64_t value)
{
	while (value % units->scale != 0)
		units++;
	snprintf(buf, len, "%" PRIu64 "%s", value / units->scale,
	    units->suffix);
	return buf;
}

/* Every unit divides 0, so that zero is spelt by hand. */
char *
units_put_size(char *buf, size_t len, uint64_t bytes)
{
	if (bytes == 0)
		snprintf(buf, len, "0");
	else
		put(buf, len, size_units, bytes);
	return buf;
}

char *
units_put_count(char *buf, size_t len, uint64_t n)
{
	if (n == 0)
		snprintf(buf, len, "0");
	else
		put(buf, len, count_units, n);
	return buf;
}

char *
units_put_time(char *buf, size_t len, uint64_t ns)
{
	if (ns == 0)
		snprintf(buf, len, "0s");
	else
		put(buf, len, time_units, ns);
	return buf;
}

char *
units_put_percent(char *buf, size_t len, double share)
{
	int decimals, used;
	double back;

	for (decimals = 0;; decimals++) {
		used = snprintf(buf, len, "%.*f%%", decimals, share * 100.0);
		if (units_percent(buf, &back) == 0 && back == share)
			return buf;
		if (used < 0 || (size_t)used + 1 >= len)
			return buf;
	}
}

/* 15 digits mostly read back to the same double, and 17 always do. */
char *
units_put_real(char *buf, size_t len, double value)
{
	int digits;

	for (digits = 15; digits <= 17; digits++) {
		snprintf(buf, len, "%.*g", digits, value);
		if (strtod(buf, NULL) == value)
			break;
	}
	return buf;
}

/* ---- writing rounded -------------------------------------------------- */

/* Nothing that is measured needs more digits before or after the point. */
#define PLAIN_EXPONENT 15

/* The decimal exponent of a value once it is rounded to so many digits. */
static int
exponent_of(double value, int digits)
{
	char text[UNITS_MAX];
	const char *e;

	snprintf(text, sizeof(text), "%.*e", digits - 1, value);
	e = strchr(text, 'e');
	return e != NULL ? atoi(e + 1) : 0;
}

/* A value rounded to so many significant digits, then the suffix. */
static char *
put_digits(char *buf, size_t len, double value, int digits, const char *suffix)
{
	int exponent = exponent_of(value, digits);
	int decimals = digits - 1 - exponent;

	if (exponent > PLAIN_EXPONENT || exponent < -PLAIN_EXPONENT)
		snprintf(buf, len, "%.*e%s", digits - 1, value, suffix);
	else
		snprintf(buf, len, "%.*f%s", decimals > 0 ? decimals : 0,
		    value, suffix);
	return buf;
}

/* The values that have no digits: true if `value` was one and is written. */
static bool
put_special(char *buf, size_t len, double value)
{
	if (isnan(value))
		snprintf(buf, len, "-");
	else if (isinf(value))
		snprintf(buf, len, "%sinf", value < 0 ? "-" : "");
	else
		return false;
	return true;
}

char *
units_round(char *buf, size_t len, double value)
{
	static const char *const prefixes[] = { "", "k", "M", "G", "T", "P",
	    "E" };
	int last = (int)(sizeof(prefixes) / sizeof(prefixes[0])) - 1;
	int i, steps;

	if (put_special(buf, len, value))
		return buf;
	if (value == 0) {
		snprintf(buf, len, "0");
		return buf;
	}
	/* Rounding comes before the prefix: 999.96 is 1.000k. */
	steps = exponent_of(value, 4) / 3;
	for (i = 0; i < steps && i < last; i++)
		value /= 1000.0;
	return put_digits(buf, len, value, 4, prefixes[i]);
}

char *
units_round_bytes(char *buf, size_t len, double bytes)
{
	static const char *const names[] = { " B", " KiB", " MiB", " GiB",
	    " TiB", " PiB", " EiB" };
	int last = (int)(sizeof(names) / sizeof(names[0])) - 1;
	int i;

	if (put_special(buf, len, bytes))
		return buf;
	/* What would be printed as 1024 belongs to the next unit. */
	for (i = 0; i < last && fabs(bytes) >= 1023.5; i++)
		bytes /= 1024.0;
	if (i == 0 && bytes == floor(bytes))
		snprintf(buf, len, "%.0f B", fabs(bytes) > 0 ? bytes : 0.0);
	else
		put_digits(buf, len, bytes, 3, names[i]);
	return buf;
}

/* A minute and more: two units, both whole. */
static void
put_clock(char *buf, size_t len, const char *sign, double seconds)
{
	uint64_t s = (uint64_t)(seconds + 0.5);
	uint64_t min = (uint64_t)(seconds / 60.0 + 0.5);

	if (s < 3600)
		snprintf(buf, len, "%s%" PRIu64 " min %02" PRIu64 " s", sign,
		    s / 60, s % 60);
	else
		snprintf(buf, len, "%s%" PRIu64 " h %02" PRIu64 " min", sign,
		    min / 60, min % 60);
}

char *
units_round_time(char *buf, size_t len, double ns)
{
	static const char *const names[] = { " ns", " us", " ms", " s" };
	double value = fabs(ns);
	int i;

	if (put_special(buf, len, ns))
		return buf;
	if (value == 0) {
		snprintf(buf, len, "0 ns");
		return buf;
	}
	/* What would be printed as 1000 ns or 60.0 s goes one step up. */
	for (i = 0; i < 3 && value >= 999.5; i++)
		value /= 1000.0;
	if (i < 3 || value < 59.95)
		put_digits(buf, len, ns < 0 ? -value : value, 3, names[i]);
	else if (value < 1e12)
		put_clock(buf, len, ns < 0 ? "-" : "", value);
	else
		put_digits(buf, len, ns / 3600e9, 3, " h");
	return buf;
}
