/* SPDX-License-Identifier: BSD-2-Clause */
/* Messages of a guest as lines of text; see wire.h. */
#include "config.h"

#include "boot/wire.h"

#include <inttypes.h>
#include <limits.h>
#include <string.h>

#include "base/hash.h"

static const char *const wire_kinds[WIRE_KINDS] = {
	[WIRE_HELLO] = "hello",
	[WIRE_CONFIG] = "config",
	[WIRE_BEGIN] = "begin",
	[WIRE_LINE] = "line",
	[WIRE_END] = "end",
};

#define WIRE_MARK "@ "
#define WIRE_MARK_LEN 2
#define WIRE_CHECK_LEN 8

static uint32_t
wire_check(const char *text, size_t len)
{
	return (uint32_t)hash_bytes(HASH_START, text, len);
}

/* ---- writing ---------------------------------------------------------- */

void
wire_write(struct str *out, uint64_t number, enum wire_kind kind,
    const char *text)
{
	struct str body = { 0 };
	size_t i;

	str_addf(&body, "%" PRIu64 " %s ", number, wire_kinds[kind]);
	str_add(&body, text);
	for (i = 0; i < body.len; i++)
		if (body.s[i] == '\n' || body.s[i] == '\r')
			body.s[i] = ' ';
	str_addf(out, WIRE_MARK "%08" PRIx32 " ",
	    wire_check(body.s, body.len));
	str_addn(out, body.s, body.len);
	str_add(out, "\n");
	str_free(&body);
}

void
wire_begin_write(struct str *out, const struct wire_begin *b)
{
	str_addf(out, "%d %d %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64
	    " %s", b->cell, b->launch, b->k, b->n, b->timeout_ns, b->left_ns,
	    b->text);
}

/* ---- reading ---------------------------------------------------------- */

/*
 * A number and the blank behind it, as the writer spells them.  What follows,
 * or NULL.
 */
static const char *
wire_number(const char *text, uint64_t *value)
{
	const char *p = text;
	uint64_t digit;

	*value = 0;
	for (; *p >= '0' && *p <= '9'; p++) {
		digit = (uint64_t)(*p - '0');
		if (*value > (UINT64_MAX - digit) / 10)
			return NULL;
		*value = *value * 10 + digit;
	}
	if (p == text || *p != ' ' || (*text == '0' && p > text + 1))
		return NULL;
	return p + 1;
}

static const char *
wire_int(const char *text, int *value)
{
	uint64_t number;
	const char *rest = wire_number(text, &number);

	if (rest == NULL || number > INT_MAX)
		return NULL;
	*value = (int)number;
	return rest;
}

int
wire_begin_read(const char *text, struct wire_begin *b)
{
	uint64_t *const numbers[] = {
		&b->k, &b->n, &b->timeout_ns, &b->left_ns
	};
	size_t i;

	text = wire_int(text, &b->cell);
	if (text != NULL)
		text = wire_int(text, &b->launch);
	for (i = 0; text != NULL && i < 4; i++)
		text = wire_number(text, numbers[i]);
	if (text == NULL || b->k == 0 || b->k > b->n)
		return -1;
	b->text = text;
	return 0;
}

/* The check of a line, in small hex digits; -1: there is none. */
static int
wire_hex(const char *text, uint32_t *value)
{
	static const char digits[] = "0123456789abcdef";
	const char *digit;
	int i;

	*value = 0;
	for (i = 0; i < WIRE_CHECK_LEN; i++) {
		digit = memchr(digits, text[i], sizeof(digits) - 1);
		if (digit == NULL)
			return -1;
		*value = *value << 4 | (uint32_t)(digit - digits);
	}
	return text[i] == ' ' ? 0 : -1;
}

/* The word in front of a blank; what follows, or NULL. */
static const char *
wire_kind_read(const char *text, enum wire_kind *kind)
{
	size_t i, n;

	for (i = 0; i < WIRE_KINDS; i++) {
		n = strlen(wire_kinds[i]);
		if (strncmp(text, wire_kinds[i], n) == 0 && text[n] == ' ') {
			*kind = (enum wire_kind)i;
			return text + n + 1;
		}
	}
	return NULL;
}

/* The text of a line that is a whole message, or NULL. */
static const char *
wire_parse(const char *line, size_t len, uint64_t *number,
    enum wire_kind *kind)
{
	const char *body = line + WIRE_MARK_LEN + WIRE_CHECK_LEN + 1;
	const char *rest;
	uint32_t check;

	if (len < WIRE_MARK_LEN + WIRE_CHECK_LEN + 1 ||
	    memchr(line, '\0', len) != NULL ||
	    wire_hex(line + WIRE_MARK_LEN, &check) != 0 ||
	    check != wire_check(body, len - (size_t)(body - line)))
		return NULL;
	rest = wire_number(body, number);
	return rest != NULL ? wire_kind_read(rest, kind) : NULL;
}

static void
wire_damaged(struct wire *w)
{
	w->damaged++;
	w->lost++;
}

/*
 * A gap in the numbers is as many messages, and those that came damaged have
 * been counted already.
 */
static void
wire_counted(struct wire *w, uint64_t number)
{
	uint64_t gap = number >= w->next ? number - w->next : 0;

	if (gap > w->damaged)
		w->lost += gap - w->damaged;
	w->damaged = 0;
	w->next = number + 1;
}

/* A serial driver may have put a carriage return in front of the line end. */
static void
wire_line(struct wire *w,
    void (*each)(void *arg, enum wire_kind kind, const char *text), void *arg)
{
	size_t len = w->line.len;
	enum wire_kind kind;
	const char *text;
	uint64_t number;

	if (len > 0 && w->line.s[len - 1] == '\r')
		w->line.s[--len] = '\0';
	if (len == 0)
		return;
	if (strncmp(w->line.s, WIRE_MARK, WIRE_MARK_LEN) != 0) {
		w->foreign++;
		return;
	}
	text = w->overlong ? NULL :
	    wire_parse(w->line.s, len, &number, &kind);
	if (text == NULL || (number < w->next && number > 0)) {
		wire_damaged(w);
		return;
	}
	wire_counted(w, number);
	each(arg, kind, text);
}

void
wire_take(struct wire *w, const char *data, size_t len,
    void (*each)(void *arg, enum wire_kind kind, const char *text), void *arg)
{
	const char *newline;
	size_t n, room;

	while (len > 0) {
		newline = memchr(data, '\n', len);
		n = newline != NULL ? (size_t)(newline - data) : len;
		room = WIRE_MAX - w->line.len;
		w->overlong |= n > room;
		str_addn(&w->line, data, n < room ? n : room);
		if (newline == NULL)
			return;
		wire_line(w, each, arg);
		str_reset(&w->line);
		w->overlong = false;
		data += n + 1;
		len -= n + 1;
	}
}

void
wire_free(struct wire *w)
{
	str_free(&w->line);
	memset(w, 0, sizeof(*w));
}
