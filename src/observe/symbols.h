/* SPDX-License-Identifier: BSD-2-Clause */
/* The names of functions, found by any address inside. */
#ifndef VMSTRESS_SYMBOLS_H
#define VMSTRESS_SYMBOLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

struct symbols_entry {
	uint64_t address, size;	/* size 0: up to the next one */
	uint32_t name;		/* where in the text it begins */
	uint32_t order;		/* in which it came */
};

/* Zeroed before the first use. */
struct symbols {
	struct symbols_entry *entry;
	size_t count, cap;
	struct str text;
};

/*
 * Add a function; an os_symbol_fn, whose `arg` is the struct.  At the address 0
 * there is none.  The name becomes "name [module]" if there is a module.
 */
void symbols_add(void *arg, uint64_t address, uint64_t size, const char *name,
    const char *module);

/* After the last one: make it possible to find them. */
void symbols_ready(struct symbols *s);

/*
 * The name of the function that an address is in, and where that begins; NULL
 * when it is in none that is known.  Of several at one place the first that
 * came is the one.
 */
const char *symbols_find(const struct symbols *s, uint64_t address,
    uint64_t *begin);

void symbols_free(struct symbols *s);

#endif
