/* SPDX-License-Identifier: BSD-2-Clause */
/* Names of functions: a sorted table and binary search. */
#include "config.h"

#include "observe/symbols.h"

#include <stdlib.h>

#include "base/mem.h"

/*
 * No function whose size is not known is longer: what is further from it is in
 * a gap, as between the kernel and its modules.
 */
#define SYMBOLS_REACH (1u << 20)

void
symbols_add(void *arg, uint64_t address, uint64_t size, const char *name,
    const char *module)
{
	struct symbols *s = arg;
	struct symbols_entry *e;

	if (address == 0 || s->text.len > UINT32_MAX / 2)
		return;
	s->entry = mem_grow(s->entry, s->count, &s->cap, sizeof(*s->entry));
	e = &s->entry[s->count];
	e->address = address;
	e->size = size;
	e->name = (uint32_t)s->text.len;
	e->order = (uint32_t)s->count++;
	if (module != NULL)
		str_addf(&s->text, "%s [%s]", name, module);
	else
		str_add(&s->text, name);
	str_addn(&s->text, "", 1);
}

static int
symbols_compare(const void *va, const void *vb)
{
	const struct symbols_entry *a = va, *b = vb;

	if (a->address != b->address)
		return a->address < b->address ? -1 : 1;
	return a->order < b->order ? -1 : a->order > b->order;
}

void
symbols_ready(struct symbols *s)
{
	size_t i, n = 0;

	if (s->count == 0)
		return;
	qsort(s->entry, s->count, sizeof(*s->entry), symbols_compare);
	for (i = 0; i < s->count; i++)
		if (n == 0 || s->entry[i].address != s->entry[n - 1].address)
			s->entry[n++] = s->entry[i];
		else if (s->entry[i].size > s->entry[n - 1].size)
			s->entry[n - 1].size = s->entry[i].size;
	s->count = n;
}

const char *
symbols_find(const struct symbols *s, uint64_t address, uint64_t *begin)
{
	size_t low = 0, high = s->count, mid;
	const struct symbols_entry *e;

	/* The first one behind the address. */
	while (low < high) {
		mid = low + (high - low) / 2;
		if (s->entry[mid].address <= address)
			low = mid + 1;
		else
			high = mid;
	}
	if (low == 0)
		return NULL;
	e = &s->entry[low - 1];
	if (address - e->address >= (e->size != 0 ? e->size : SYMBOLS_REACH))
		return NULL;
	*begin = e->address;
	return s->text.s + e->name;
}

void
symbols_free(struct symbols *s)
{
	free(s->entry);
	str_free(&s->text);
	s->entry = NULL;
	s->count = s->cap = 0;
}
