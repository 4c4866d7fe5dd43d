/* SPDX-License-Identifier: BSD-2-Clause */
/* The facts about a machine that a record has, as a sorted list. */
#ifndef VMSTRESS_FACTS_H
#define VMSTRESS_FACTS_H

#include <stdbool.h>
#include <stddef.h>

struct facts {
	struct fact {
		char *key, *value;	/* "section.name" */
	} *list;
	size_t count, cap;
};

void facts_add(struct facts *f, const char *key, const char *value);

/* To be called when all have been added, and before any is asked for. */
void facts_sort(struct facts *f);

/* NULL: not known. */
const char *facts_value(const struct facts *f, const char *key);

/* Were its processors emulated (TCG), as the host or the processor says? */
bool facts_emulated(const struct facts *f);

void facts_free(struct facts *f);

#endif
