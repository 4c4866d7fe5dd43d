/* SPDX-License-Identifier: BSD-2-Clause */
/* Growing strings, name suggestions and safe text; see str.h. */
#include "config.h"

#include "base/str.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* ---- growing ---------------------------------------------------------- */

/* Room for n more bytes and the NUL. */
static void
reserve(struct str *b, size_t n)
{
	size_t need;

	/* A sum that wraps becomes a request that mem_array() refuses. */
	need = n < SIZE_MAX - b->len ? b->len + n + 1 : SIZE_MAX;
	if (need <= b->cap)
		return;
	if (need < b->cap * 2)
		need = b->cap * 2;
	if (need < 64)
		need = 64;
	b->s = mem_array(b->s, need, 1);
	b->cap = need;
}

void
str_add(struct str *b, const char *text)
{
	str_addn(b, text, strlen(text));
}

void
str_addn(struct str *b, const char *text, size_t n)
{
	reserve(b, n);
	memcpy(b->s + b->len, text, n);
	b->len += n;
	b->s[b->len] = '\0';
}

void
str_addv(struct str *b, const char *fmt, va_list ap)
{
	va_list again;
	int n;

	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, ap);
	if (n >= 0) {
		reserve(b, (size_t)n);
		vsnprintf(b->s + b->len, (size_t)n + 1, fmt, again);
		b->len += (size_t)n;
	}
	va_end(again);
}

void
str_addf(struct str *b, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	str_addv(b, fmt, ap);
	va_end(ap);
}

const char *
str_text(const struct str *b)
{
	return b->s != NULL ? b->s : "";
}

void
str_reset(struct str *b)
{
	b->len = 0;
	if (b->s != NULL)
		b->s[0] = '\0';
}

void
str_free(struct str *b)
{
	free(b->s);
	b->s = NULL;
	b->len = b->cap = 0;
}

/* ---- suggestions ------------------------------------------------------ */

/* Names are short; what is longer is not a misspelt one. */
#define NAME_MAX_LEN 63

static int
min3(int a, int b, int c)
{
	int m = a < b ? a : b;

	return m < c ? m : c;
}

/*
 * Optimal string alignment: insertions, deletions, substitutions and swaps of
 * neighbours, no part edited twice (Damerau 1964, Levenshtein 1966).  Three
 * rows of the table suffice, since a swap looks back two.
 */
static int
distance(const char *a, int alen, const char *b, int blen)
{
	int rows[3][NAME_MAX_LEN + 1];
	int *row, *above, *above2, i, j;

	for (j = 0; j <= blen; j++)
		rows[0][j] = j;
	for (i = 1; i <= alen; i++) {
		row = rows[i % 3];
		above = rows[(i + 2) % 3];
		above2 = rows[(i + 1) % 3];
		row[0] = i;
		for (j = 1; j <= blen; j++) {
			row[j] = min3(row[j - 1] + 1, above[j] + 1,
			    above[j - 1] + (a[i - 1] != b[j - 1]));
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] &&
			    a[i - 2] == b[j - 1] && above2[j - 2] + 1 < row[j])
				row[j] = above2[j - 2] + 1;
		}
	}
	return rows[alen % 3][blen];
}

void
str_nearest_try(struct str_nearest *n, const char *candidate)
{
	size_t alen = strlen(n->wanted), blen = strlen(candidate);
	int d, longer;

	if (alen > NAME_MAX_LEN || blen > NAME_MAX_LEN)
		return;
	longer = (int)(alen > blen ? alen : blen);
	d = distance(n->wanted, (int)alen, candidate, (int)blen);
	if (d > longer / 3 || (n->best != NULL && d >= n->distance))
		return;
	n->best = candidate;
	n->distance = d;
}

/* ---- UTF-8 ------------------------------------------------------------ */

/*
 * The length of the well-formed sequence at `s`, 0 if there is none: table 3-7
 * of the Unicode standard, which leaves out overlong forms, surrogates and
 * what is beyond U+10FFFF.
 */
static size_t
utf8_sequence(const unsigned char *s, size_t len)
{
	static const struct {
		unsigned char first_low, first_high;
		unsigned char second_low, second_high;
		size_t bytes;
	} forms[] = {
		{ 0xc2, 0xdf, 0x80, 0xbf, 2 },
		{ 0xe0, 0xe0, 0xa0, 0xbf, 3 },
		{ 0xe1, 0xec, 0x80, 0xbf, 3 },
		{ 0xed, 0xed, 0x80, 0x9f, 3 },
		{ 0xee, 0xef, 0x80, 0xbf, 3 },
		{ 0xf0, 0xf0, 0x90, 0xbf, 4 },
		{ 0xf1, 0xf3, 0x80, 0xbf, 4 },
		{ 0xf4, 0xf4, 0x80, 0x8f, 4 },
	};
	size_t i, k;

	if (len == 0)
		return 0;
	if (s[0] < 0x80)
		return 1;
	for (i = 0; i < sizeof(forms) / sizeof(forms[0]); i++)
		if (s[0] >= forms[i].first_low && s[0] <= forms[i].first_high)
			break;
	if (i == sizeof(forms) / sizeof(forms[0]) || len < forms[i].bytes)
		return 0;
	if (s[1] < forms[i].second_low || s[1] > forms[i].second_high)
		return 0;
	for (k = 2; k < forms[i].bytes; k++)
		if (s[k] < 0x80 || s[k] > 0xbf)
			return 0;
	return forms[i].bytes;
}

/* C0, DEL and the C1 controls, which are U+0080 to U+009F. */
static bool
is_control(const unsigned char *s, size_t bytes)
{
	return s[0] < 0x20 || s[0] == 0x7f ||
	    (bytes == 2 && s[0] == 0xc2 && s[1] < 0xa0);
}

void
str_add_safe(struct str *b, const char *text)
{
	const unsigned char *s = (const unsigned char *)text;
	size_t len = strlen(text), bytes, i;

	str_addn(b, "", 0);
	for (; len > 0; s += bytes, len -= bytes) {
		bytes = utf8_sequence(s, len);
		if (bytes > 0 && !is_control(s, bytes) && s[0] != '\\') {
			str_addn(b, (const char *)s, bytes);
			continue;
		}
		if (bytes == 0)
			bytes = 1;
		for (i = 0; i < bytes; i++)
			str_addf(b, "\\x%02x", s[i]);
	}
}

bool
str_utf8(const char *text, size_t len, size_t *bad)
{
	const unsigned char *s = (const unsigned char *)text;
	size_t at, bytes;

	for (at = 0; at < len; at += bytes) {
		bytes = utf8_sequence(s + at, len - at);
		if (bytes == 0) {
			*bad = at;
			return false;
		}
	}
	return true;
}

size_t
str_cut(const char *text, size_t most)
{
	size_t len = strnlen(text, most + 1);

	if (len <= most)
		return len;
	len = most;
	while (len > 0 && ((unsigned char)text[len] & 0xc0) == 0x80)
		len--;
	return len;
}

size_t
str_columns(const char *text)
{
	const unsigned char *s = (const unsigned char *)text;
	size_t columns = 0;

	for (; *s != '\0'; s++)
		if ((*s & 0xc0) != 0x80)
			columns++;
	return columns;
}

bool
str_ends(const char *text, const char *suffix)
{
	size_t len = strlen(text), n = strlen(suffix);

	return len >= n && strcmp(text + len - n, suffix) == 0;
}

char *
str_safe_copy(const char *text)
{
	struct str b = { 0 };

	str_add(&b, "");
	str_add_safe(&b, text);
	return b.s;
}
