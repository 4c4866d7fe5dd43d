/* SPDX-License-Identifier: BSD-2-Clause */
/* A command line that grows; see arguments.h. */
#include "config.h"

#include "boot/arguments.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"

/* Takes over the text. */
static void
arguments_take(struct arguments *a, char *text)
{
	/* Room for the NULL as well. */
	a->list = mem_grow(a->list, a->count + 1, &a->cap, sizeof(*a->list));
	a->list[a->count++] = text;
	a->list[a->count] = NULL;
}

void
arguments_add(struct arguments *a, const char *text)
{
	arguments_take(a, mem_strdup(text));
}

void
arguments_addf(struct arguments *a, const char *fmt, ...)
{
	struct str text = { 0 };
	va_list ap;

	va_start(ap, fmt);
	str_addv(&text, fmt, ap);
	va_end(ap);
	arguments_take(a, mem_strdup(str_text(&text)));
	str_free(&text);
}

void
arguments_words(struct arguments *a, const char *text)
{
	size_t len;

	for (text += strspn(text, " \t"); *text != '\0';
	    text += strspn(text, " \t")) {
		len = strcspn(text, " \t");
		arguments_take(a, mem_strndup(text, len));
		text += len;
	}
}

/* Characters that a shell leaves alone. */
static bool
arguments_is_plain(const char *text)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_=+:,./@%";

	return text[0] != '\0' && text[strspn(text, plain)] == '\0';
}

static void
arguments_quote(struct str *out, const char *text)
{
	if (arguments_is_plain(text)) {
		str_add(out, text);
		return;
	}
	str_add(out, "'");
	for (; *text != '\0'; text++)
		if (*text == '\'')
			str_add(out, "'\\''");
		else
			str_addn(out, text, 1);
	str_add(out, "'");
}

void
arguments_text(const struct arguments *a, struct str *out)
{
	size_t i;

	for (i = 0; i < a->count; i++) {
		if (i > 0)
			str_add(out, " ");
		arguments_quote(out, a->list[i]);
	}
}

void
arguments_free(struct arguments *a)
{
	size_t i;

	for (i = 0; i < a->count; i++)
		free(a->list[i]);
	free(a->list);
	*a = (struct arguments){ 0 };
}
