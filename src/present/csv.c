/* SPDX-License-Identifier: BSD-2-Clause */
/* Fields of comma-separated values; see csv.h. */
#include "config.h"

#include "present/csv.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"

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
	char text[64];
	int digits;

	if (!isfinite(value))
		return;
	for (digits = 15; digits <= 17; digits++) {
		snprintf(text, sizeof(text), "%.*g", digits, value);
		if (strtod(text, NULL) == value)
			break;
	}
	fputs(text, out);
}
