/* SPDX-License-Identifier: BSD-2-Clause */
/* Texts by number, in a hash table with open addressing; see names.h. */
#include "config.h"

#include "present/names.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"

#define NAMES_SLOTS 64

/* The slot that holds the text, or the free one where it belongs. */
static size_t
names_find(const struct names *n, const char *text, size_t len)
{
	size_t at = (size_t)hash_bytes(HASH_START, text, len) & (n->slots - 1);
	const char *other;

	for (; n->slot[at] != 0; at = (at + 1) & (n->slots - 1)) {
		other = n->text[n->slot[at] - 1];
		if (strncmp(other, text, len) == 0 && other[len] == '\0')
			break;
	}
	return at;
}

static void
names_grow(struct names *n)
{
	size_t i;

	n->slots = n->slots > 0 ? n->slots * 2 : NAMES_SLOTS;
	free(n->slot);
	n->slot = mem_zalloc(n->slots * sizeof(*n->slot));
	for (i = 0; i < n->count; i++)
		n->slot[names_find(n, n->text[i], strlen(n->text[i]))] =
		    (uint32_t)i + 1;
}

size_t
names_add(struct names *n, const char *text, size_t len)
{
	size_t at;

	if (n->count >= n->slots / 2)
		names_grow(n);
	at = names_find(n, text, len);
	if (n->slot[at] == 0) {
		n->text = mem_grow(n->text, n->count, &n->cap,
		    sizeof(*n->text));
		n->text[n->count++] = mem_strndup(text, len);
		n->slot[at] = (uint32_t)n->count;
	}
	return n->slot[at] - 1;
}

size_t
names_get(const struct names *n, const char *text, size_t len)
{
	size_t at;

	if (n->count == 0)
		return SIZE_MAX;
	at = names_find(n, text, len);
	return n->slot[at] != 0 ? n->slot[at] - 1 : SIZE_MAX;
}

void
names_free(struct names *n)
{
	size_t i;

	for (i = 0; i < n->count; i++)
		free(n->text[i]);
	free(n->text);
	free(n->slot);
	memset(n, 0, sizeof(*n));
}
