/* SPDX-License-Identifier: BSD-2-Clause */
/* Sentences in lines; see wrap.h. */
#include "config.h"

#include "present/wrap.h"

#include <string.h>

void
wrap_print(const char *first, const char *text, FILE *out)
{
	size_t indent = strlen(first), at = indent, len;

	fputs(first, out);
	text += strspn(text, " ");
	while (*text != '\0') {
		len = strcspn(text, " ");
		if (at > indent && at + 1 + len > WRAP_WIDTH) {
			fprintf(out, "\n%*s", (int)indent, "");
			at = indent;
		} else if (at > indent) {
			putc(' ', out);
			at++;
		}
		fwrite(text, 1, len, out);
		at += len;
		text += len;
		text += strspn(text, " ");
	}
	putc('\n', out);
}
