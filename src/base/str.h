/* SPDX-License-Identifier: BSD-2-Clause */
/* Growing strings, name suggestions, and text that is safe to print. */
#ifndef VMSTRESS_STR_H
#define VMSTRESS_STR_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

/* A growing string; zero-initialize, always NUL-terminated once written to. */
struct str {
	char *s;	/* NULL until the first write; see str_text() */
	size_t len;
	size_t cap;
};

void str_add(struct str *b, const char *text);
void str_addn(struct str *b, const char *text, size_t n);
void str_addf(struct str *b, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
void str_addv(struct str *b, const char *fmt, va_list ap)
    __attribute__((format(printf, 2, 0)));
const char *str_text(const struct str *b);	/* never NULL */
void str_reset(struct str *b);			/* empty, memory kept */
void str_free(struct str *b);

/*
 * The nearest of several names to a misspelt one, or NULL when none is near
 * enough to be a likely typing error.  Feed candidates one by one:
 * Damerau-Levenshtein distance (restricted), at most a third of the length.
 */
struct str_nearest {
	const char *wanted;
	const char *best;
	int distance;
};

void str_nearest_try(struct str_nearest *n, const char *candidate);

/*
 * Append text with control characters, backslashes and invalid UTF-8 written
 * as \xNN, so that no file or label can drive the reader's terminal.
 */
void str_add_safe(struct str *b, const char *text);

/* The same as a new string. */
char *str_safe_copy(const char *text);

/* Is it valid UTF-8?  Else *bad is the offset of the first bad byte. */
bool str_utf8(const char *text, size_t len, size_t *bad);

/* Columns that a UTF-8 text takes on a terminal (code points; no East Asian
 * width, since no text of ours is wide). */
size_t str_columns(const char *text);

/* Bytes of its beginning, at most so many, that cut no UTF-8 character. */
size_t str_cut(const char *text, size_t most);

bool str_ends(const char *text, const char *suffix);

#endif
