/* SPDX-License-Identifier: BSD-2-Clause */
/* Fields of comma-separated values; see csv.h. */
#include "config.h"

#include "present/csv.h"

#include <math.h>
#include <string.h>

#include "base/str.h"
#include "base/units.h"

void
csv_text(const char *text, FILE *out)
{
	struct str safe = { 0 };
	const char *s;

	if (text == NULL)
		return;
	str_add_safe(&safe, text);
	s = str_text(&safe);
	if (strpbrk(s, ",\"") == NULL) {
		fputs(s, out);
	} else {
		putc('"', out);
		for (; *s != '\0'; s++) {
			if (*s == '"')
				putc('"', out);
			putc(*s, out);
		}
		putc('"', out);
	}
	str_free(&safe);
}

void
csv_real(double value, FILE *out)
{
	char text[UNITS_MAX];

	if (isfinite(value))
		fputs(units_put_real(text, sizeof(text), value), out);
}
