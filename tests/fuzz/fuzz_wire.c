/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Any bytes as what comes out of a guest's port (libFuzzer).  How they are cut
 * must not matter, and a message that is accepted must come out the same when
 * it is written again.
 */
#include "config.h"

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "boot/wire.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
require(bool truth)
{
	if (!truth)
		abort();
}

static void
check_begin(const char *text)
{
	struct wire_begin b;
	struct str again = { 0 };

	if (wire_begin_read(text, &b) != 0)
		return;
	require(b.cell >= 0 && b.launch >= 0 && b.k >= 1 && b.k <= b.n);
	wire_begin_write(&again, &b);
	require(strcmp(again.s, text) == 0);
	str_free(&again);
}

struct heard {
	struct str all;
	const struct wire *wire;
};

/* The number has been counted when a message is given. */
static void
hear(void *arg, enum wire_kind kind, const char *text)
{
	struct heard *h = arg;

	require(kind < WIRE_KINDS && strchr(text, '\n') == NULL);
	if (kind == WIRE_BEGIN)
		check_begin(text);
	wire_write(&h->all, h->wire->next - 1, kind, text);
}

static void
finish(struct wire *w, struct heard *h)
{
	wire_free(w);
	str_free(&h->all);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct wire whole = { 0 }, cut = { 0 }, again = { 0 };
	struct heard a = { .wire = &whole }, b = { .wire = &cut };
	struct heard c = { .wire = &again };
	size_t i;

	wire_take(&whole, (const char *)data, size, hear, &a);
	for (i = 0; i < size; i++)
		wire_take(&cut, (const char *)data + i, 1, hear, &b);
	require(strcmp(str_text(&a.all), str_text(&b.all)) == 0);
	require(whole.lost == cut.lost && whole.foreign == cut.foreign);
	wire_take(&again, str_text(&a.all), a.all.len, hear, &c);
	/* A line end inside becomes a blank, and then it is another text. */
	require(strchr(str_text(&a.all), '\r') != NULL ||
	    strcmp(str_text(&a.all), str_text(&c.all)) == 0);
	finish(&whole, &a);
	finish(&cut, &b);
	finish(&again, &c);
	return 0;
}
