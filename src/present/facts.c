/* SPDX-License-Identifier: BSD-2-Clause */
/* The facts about a machine; see facts.h. */
#include "config.h"

#include "present/facts.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

static int
facts_compare(const void *a, const void *b)
{
	return strcmp(((const struct fact *)a)->key,
	    ((const struct fact *)b)->key);
}

void
facts_add(struct facts *f, const char *key, const char *value)
{
	f->list = mem_grow(f->list, f->count, &f->cap, sizeof(*f->list));
	f->list[f->count].key = mem_strdup(key);
	f->list[f->count].value = mem_strdup(value);
	f->count++;
}

void
facts_sort(struct facts *f)
{
	if (f->count > 0)
		qsort(f->list, f->count, sizeof(*f->list), facts_compare);
}

const char *
facts_value(const struct facts *f, const char *key)
{
	struct fact wanted = { (char *)(uintptr_t)key, NULL };
	const struct fact *found = NULL;

	if (f->count > 0)
		found = bsearch(&wanted, f->list, f->count, sizeof(*f->list),
		    facts_compare);
	return found != NULL ? found->value : NULL;
}

bool
facts_emulated(const struct facts *f)
{
	const char *name = facts_value(f, "vm.hypervisor_name");
	const char *accelerator = facts_value(f, "boot.accelerator");

	return (accelerator != NULL && strcmp(accelerator, "tcg") == 0) ||
	    (name != NULL && strncmp(name, "TCG", 3) == 0);
}

void
facts_free(struct facts *f)
{
	size_t i;

	for (i = 0; i < f->count; i++) {
		free(f->list[i].key);
		free(f->list[i].value);
	}
	free(f->list);
	memset(f, 0, sizeof(*f));
}
