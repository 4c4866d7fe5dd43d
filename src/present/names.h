/* SPDX-License-Identifier: BSD-2-Clause */
/* Texts by number: each different one has an index, in order of appearance. */
#ifndef VMSTRESS_NAMES_H
#define VMSTRESS_NAMES_H

#include <stddef.h>
#include <stdint.h>

/* Zero-initialize. */
struct names {
	char **text;
	size_t count, cap;
	uint32_t *slot;		/* index + 1; 0: free */
	size_t slots;		/* a power of two */
};

/* The index of a text of `len` bytes; it is `count - 1` for a new one. */
size_t names_add(struct names *n, const char *text, size_t len);

/* The index of one that is there, or SIZE_MAX. */
size_t names_get(const struct names *n, const char *text, size_t len);

void names_free(struct names *n);

#endif
