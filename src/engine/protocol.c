/* SPDX-License-Identifier: BSD-2-Clause */
/* Lines between the supervisor and the cell: writing, taking apart, reading. */
#include "config.h"

#include "engine/protocol.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/units.h"

/* Of what the other side wrote, so much is repeated in an error. */
#define QUOTE_MAX 80

/* ---- writing ---------------------------------------------------------- */

void
protocol_begin(struct str *b, const char *keyword)
{
	str_reset(b);
	str_add(b, keyword);
}

static bool
is_plain(unsigned char c)
{
	return c > 32 && c != 127 && c != '%' && c != '=';
}

void
protocol_text(struct str *b, const char *key, const char *value)
{
	size_t run;

	str_addf(b, " %s=", key);
	while (*value != '\0') {
		run = 0;
		while (is_plain((unsigned char)value[run]))
			run++;
		str_addn(b, value, run);
		value += run;
		if (*value != '\0')
			str_addf(b, "%%%02X", (unsigned char)*value++);
	}
}

void
protocol_u64(struct str *b, const char *key, uint64_t value)
{
	str_addf(b, " %s=%" PRIu64, key, value);
}

void
protocol_i64(struct str *b, const char *key, int64_t value)
{
	str_addf(b, " %s=%" PRId64, key, value);
}

void
protocol_double(struct str *b, const char *key, double value)
{
	char text[UNITS_MAX];

	if (isfinite(value))
		str_addf(b, " %s=%s", key,
		    units_put_real(text, sizeof(text), value));
}

void
protocol_list(struct str *b, const char *key, const uint64_t *v, int n)
{
	int i;

	str_addf(b, " %s=", key);
	for (i = 0; i < n; i++)
		str_addf(b, "%s%" PRIu64, i > 0 ? "," : "", v[i]);
}

void
protocol_int_list(struct str *b, const char *key, const int *v, int n)
{
	int i;

	str_addf(b, " %s=", key);
	for (i = 0; i < n; i++)
		str_addf(b, "%s%d", i > 0 ? "," : "", v[i]);
}

void
protocol_end(struct str *b)
{
	str_add(b, "\n");
}

/* ---- taking apart ----------------------------------------------------- */

static const char name_bytes[] = "abcdefghijklmnopqrstuvwxyz0123456789_.-";

static bool
is_name(const char *s)
{
	return *s != '\0' && s[strspn(s, name_bytes)] == '\0';
}

static int
hex(char c)
{
	static const char digits[] = "0123456789ABCDEF";
	const char *at;

	if (c >= 'a' && c <= 'f')
		c = (char)(c - 'a' + 'A');
	at = c != '\0' ? strchr(digits, c) : NULL;
	return at != NULL ? (int)(at - digits) : -1;
}

/* In place, since decoding only ever shortens. */
static int
decode(const char *key, char *value, struct err *e)
{
	char *from, *to = value;
	int high, low;

	for (from = value; *from != '\0'; from++) {
		if (*from != '%') {
			*to++ = *from;
			continue;
		}
		high = hex(from[1]);
		low = high >= 0 ? hex(from[2]) : -1;
		if (low < 0)
			return err_set(e, "field '%s': '%.3s' is not %%XX with "
			    "two hexadecimal digits", key, from);
		if (high == 0 && low == 0)
			return err_set(e, "field '%s' holds a NUL byte (%%00)",
			    key);
		*to++ = (char)(high * 16 + low);
		from += 2;
	}
	*to = '\0';
	return 0;
}

/* What is_plain() excludes was never written by the other side. */
static int
check_bytes(const char *line, struct err *e)
{
	const unsigned char *s = (const unsigned char *)line;

	for (; *s != '\0'; s++)
		if (*s < 32 || *s == 127)
			return err_set(e, "the line holds the byte 0x%02x "
			    "(write it as %%%02X)", *s, *s);
	return 0;
}

static int
take_field(char *text, struct protocol_line *out, struct err *e)
{
	char *value = strchr(text, '=');

	if (*text == '\0')
		return err_set(e, "empty field (fields are separated by one "
		    "blank)");
	if (value == NULL)
		return err_set(e, "field '%.*s' has no '='", QUOTE_MAX, text);
	*value++ = '\0';
	if (!is_name(text))
		return err_set(e, "'%.*s' is not the name of a field",
		    QUOTE_MAX, text);
	if (strchr(value, '=') != NULL)
		return err_set(e, "field '%.*s' has a second '=' (write it as "
		    "%%3D)", QUOTE_MAX, text);
	if (protocol_get(out, text) != NULL)
		return err_set(e, "field '%.*s' is there twice", QUOTE_MAX,
		    text);
	if (out->nfields == PROTOCOL_FIELDS)
		return err_set(e, "more than %d fields", PROTOCOL_FIELDS);
	if (decode(text, value, e) < 0)
		return -1;
	out->field[out->nfields].key = text;
	out->field[out->nfields].value = value;
	out->nfields++;
	return 0;
}

int
protocol_parse(char *line, struct protocol_line *out, struct err *e)
{
	size_t len = strlen(line);
	char *next;

	out->keyword = "";
	out->nfields = 0;
	if (len > 0 && line[len - 1] == '\r')
		line[len - 1] = '\0';
	if (check_bytes(line, e) < 0)
		return -1;
	next = strchr(line, ' ');
	if (next != NULL)
		*next++ = '\0';
	if (*line == '\0')
		return err_set(e, "the line does not begin with a keyword");
	if (!is_name(line))
		return err_set(e, "'%.*s' is not a keyword", QUOTE_MAX, line);
	out->keyword = line;
	while (next != NULL) {
		char *field = next;

		next = strchr(field, ' ');
		if (next != NULL)
			*next++ = '\0';
		if (take_field(field, out, e) < 0)
			return err_prefix(e, "line '%.*s'", QUOTE_MAX, line);
	}
	return 0;
}

const char *
protocol_get(const struct protocol_line *l, const char *key)
{
	int i;

	for (i = 0; i < l->nfields; i++)
		if (strcmp(l->field[i].key, key) == 0)
			return l->field[i].value;
	return NULL;
}

/* ---- required fields -------------------------------------------------- */

static int
wrong(const struct protocol_line *l, const char *key, const char *value,
    const char *wanted, struct err *e)
{
	return err_set(e, "line '%.*s': field '%s': '%.*s' is not %s",
	    QUOTE_MAX, l->keyword, key, QUOTE_MAX, value, wanted);
}

/* Digits up to `*end`, which may be more than the number. */
static int
read_u64(const char *s, const char **end, uint64_t *value)
{
	uint64_t v = 0, digit;

	if (*s < '0' || *s > '9')
		return -1;
	for (; *s >= '0' && *s <= '9'; s++) {
		digit = (uint64_t)(*s - '0');
		if (v > (UINT64_MAX - digit) / 10)
			return -1;
		v = v * 10 + digit;
	}
	*end = s;
	*value = v;
	return 0;
}

/* The same with a sign, within the bounds of int. */
static int
read_int(const char *s, const char **end, int *value)
{
	bool negative = *s == '-';
	uint64_t v;

	if (read_u64(negative ? s + 1 : s, end, &v) < 0 || v > INT_MAX)
		return -1;
	*value = negative ? -(int)v : (int)v;
	return 0;
}

int
protocol_get_text(const struct protocol_line *l, const char *key,
    const char **value, struct err *e)
{
	const char *text = protocol_get(l, key);

	if (text == NULL)
		return err_set(e, "line '%.*s': field '%s' is missing",
		    QUOTE_MAX, l->keyword, key);
	*value = text;
	return 0;
}

int
protocol_get_u64(const struct protocol_line *l, const char *key,
    uint64_t *value, struct err *e)
{
	const char *text, *end;
	uint64_t v;

	if (protocol_get_text(l, key, &text, e) < 0)
		return -1;
	if (read_u64(text, &end, &v) < 0 || *end != '\0')
		return wrong(l, key, text, "a whole number below 2^64", e);
	*value = v;
	return 0;
}

int
protocol_get_double(const struct protocol_line *l, const char *key,
    double *value, struct err *e)
{
	const char *text;
	char *end;
	double v;

	if (protocol_get_text(l, key, &text, e) < 0)
		return -1;
	/* strtod() alone would take blanks, hexadecimal, inf and nan. */
	v = strtod(text, &end);
	if (*text == '\0' || *end != '\0' || !isfinite(v) ||
	    text[strspn(text, "+-.0123456789eE")] != '\0')
		return wrong(l, key, text, "a number", e);
	*value = v;
	return 0;
}

/* Commas are counted first, so that the array has its size at once. */
static int
list_length(const char *text)
{
	int n = 1;

	if (*text == '\0')
		return 0;
	for (; *text != '\0'; text++)
		if (*text == ',' && n < INT_MAX)
			n++;
	return n;
}

int
protocol_get_list(const struct protocol_line *l, const char *key,
    uint64_t **values, struct err *e)
{
	const char *text, *s;
	uint64_t *v;
	int i, n;

	*values = NULL;
	if (protocol_get_text(l, key, &text, e) < 0)
		return -1;
	n = list_length(text);
	if (n == 0)
		return 0;
	v = mem_array(NULL, (size_t)n, sizeof(*v));
	for (i = 0, s = text; i < n; i++, s++)
		if (read_u64(s, &s, &v[i]) < 0 ||
		    *s != (i < n - 1 ? ',' : '\0')) {
			free(v);
			return wrong(l, key, text, "a list of numbers", e);
		}
	*values = v;
	return n;
}

int
protocol_get_int_list(const struct protocol_line *l, const char *key,
    int **values, struct err *e)
{
	const char *text, *s;
	int *v, i, n;

	*values = NULL;
	if (protocol_get_text(l, key, &text, e) < 0)
		return -1;
	n = list_length(text);
	if (n == 0)
		return 0;
	v = mem_array(NULL, (size_t)n, sizeof(*v));
	for (i = 0, s = text; i < n; i++, s++)
		if (read_int(s, &s, &v[i]) < 0 ||
		    *s != (i < n - 1 ? ',' : '\0')) {
			free(v);
			return wrong(l, key, text, "a list of numbers", e);
		}
	*values = v;
	return n;
}

/* ---- lines from a descriptor ------------------------------------------ */

void
protocol_reader_init(struct protocol_reader *r, int fd)
{
	memset(r, 0, sizeof(*r));
	r->fd = fd;
}

/* The line that is whole in the buffer, or NULL. */
static char *
buffered_line(struct protocol_reader *r, struct err *e)
{
	size_t have = r->buf.len - r->start;
	char *line, *newline;

	if (have == 0)
		return NULL;
	line = r->buf.s + r->start;
	newline = memchr(line, '\n', have);
	if (newline != NULL)
		have = (size_t)(newline - line);
	if (have > PROTOCOL_LINE_MAX) {
		err_set(e, "a line is longer than %u bytes",
		    PROTOCOL_LINE_MAX);
		return NULL;
	}
	if (newline == NULL)
		return NULL;
	if (memchr(line, '\0', have) != NULL) {
		err_set(e, "a line holds a NUL byte");
		return NULL;
	}
	*newline = '\0';
	r->start += have + 1;
	return line;
}

/* Lines that were delivered make room for what is read next. */
static void
drop_delivered(struct protocol_reader *r)
{
	if (r->start == 0)
		return;
	r->buf.len -= r->start;
	memmove(r->buf.s, r->buf.s + r->start, r->buf.len);
	r->start = 0;
}

/* 1 when there are more bytes, 0 when not now or at the end, -1. */
static int
read_more(struct protocol_reader *r, struct err *e)
{
	char chunk[16384];
	ssize_t n;

	do {
		n = read(r->fd, chunk, sizeof(chunk));
	} while (n < 0 && errno == EINTR);
	if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
		return 0;
	if (n < 0)
		return err_errno(e, "cannot read a line");
	if (n == 0) {
		r->eof = true;
		return 0;
	}
	drop_delivered(r);
	str_addn(&r->buf, chunk, (size_t)n);
	return 1;
}

char *
protocol_read_line(struct protocol_reader *r, struct err *e)
{
	char *line;

	if (e->set)
		return NULL;
	do {
		line = buffered_line(r, e);
		if (line != NULL || e->set || r->eof)
			return line;
	} while (read_more(r, e) > 0);
	return NULL;
}

void
protocol_reader_free(struct protocol_reader *r)
{
	str_free(&r->buf);
	r->start = 0;
}
