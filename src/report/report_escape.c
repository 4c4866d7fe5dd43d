/* SPDX-License-Identifier: BSD-2-Clause */
/* Text as HTML and as Markdown; see report_escape.h. */
#include "config.h"

#include "report/report_escape.h"

#include <stdlib.h>
#include <string.h>

static const char *
escape_reference(char c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	default:
		return NULL;
	}
}

void
report_escape_html(struct str *b, const char *text)
{
	char *safe = str_safe_copy(text);
	const char *at, *reference;

	for (at = safe; *at != '\0'; at++) {
		reference = escape_reference(*at);
		if (reference != NULL)
			str_add(b, reference);
		else
			str_addn(b, at, 1);
	}
	free(safe);
}

/*
 * Readers of Markdown take HTML, too; what begins a heading or a list is no
 * markup in the middle of a line, where our texts stand.
 */
void
report_escape_md(struct str *b, const char *text)
{
	char *safe = str_safe_copy(text);
	const char *at;

	for (at = safe; *at != '\0'; at++) {
		if (strchr("&<>", *at) != NULL)
			str_add(b, escape_reference(*at));
		else if (strchr("\\`*_[]|~$", *at) != NULL)
			str_addf(b, "\\%c", *at);
		else
			str_addn(b, at, 1);
	}
	free(safe);
}
