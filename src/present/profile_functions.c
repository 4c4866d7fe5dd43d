/* SPDX-License-Identifier: BSD-2-Clause */
/* From stacks to functions; see profile_functions.h. */
#include "config.h"

#include "present/profile_functions.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

bool
profile_is_kernel(const char *frame)
{
	return strchr(frame, ':') == NULL;
}

/* Of each function: the last stack that it was found in, from 1. */
struct profile_seen {
	size_t *stack;
	size_t cap;
};

static size_t
functions_index(struct profile_functions *f, const char *name, size_t len)
{
	size_t i = names_add(&f->names, name, len);

	if (i < f->count)
		return i;
	f->list = mem_grow(f->list, f->count, &f->cap, sizeof(*f->list));
	memset(&f->list[f->count++], 0, sizeof(*f->list));
	return i;
}

/* A function that stands twice in a stack has the sample once. */
static void
functions_stack(struct profile_functions *f, struct profile_seen *seen,
    const char *folded, size_t number, double count)
{
	const char *at = folded;
	size_t i, len, cap;

	for (;;) {
		len = strcspn(at, ";");
		i = functions_index(f, at, len);
		if (i >= seen->cap) {
			cap = f->cap;
			seen->stack = mem_array(seen->stack, cap,
			    sizeof(*seen->stack));
			memset(seen->stack + seen->cap, 0,
			    (cap - seen->cap) * sizeof(*seen->stack));
			seen->cap = cap;
		}
		if (seen->stack[i] != number)
			f->list[i].total += count;
		seen->stack[i] = number;
		if (at[len] == '\0')
			break;
		at += len + 1;
	}
	f->list[i].self += count;
}

static int
functions_compare(const void *a, const void *b)
{
	const struct profile_function *x = a, *y = b;

	if (x->self != y->self)
		return x->self > y->self ? -1 : 1;
	if (x->total != y->total)
		return x->total > y->total ? -1 : 1;
	return strcmp(x->name, y->name);
}

void
profile_functions(const struct insight_part *p, struct profile_functions *f)
{
	const struct insight_item *all = insight_item(p, INSIGHT_SAMPLES,
	    "samples");
	struct profile_seen seen = { NULL, 0 };
	double count, stacks = 0;
	size_t i;

	memset(f, 0, sizeof(*f));
	for (i = 0; i < p->nitems; i++) {
		if (p->items[i].kind != INSIGHT_STACK)
			continue;
		count = insight_sum(&p->items[i]);
		functions_stack(f, &seen, p->items[i].name, i + 1, count);
		stacks += count;
	}
	free(seen.stack);
	for (i = 0; i < f->count; i++)
		f->list[i].name = f->names.text[i];
	if (f->count > 0)
		qsort(f->list, f->count, sizeof(*f->list), functions_compare);
	f->samples = insight_sum(all);
	if (stacks > f->samples)
		f->samples = stacks;
	f->kernel = insight_sum(insight_item(p, INSIGHT_SAMPLES, "kernel"));
	f->user = insight_sum(insight_item(p, INSIGHT_SAMPLES, "user"));
	f->lost = insight_sum(insight_item(p, INSIGHT_SAMPLES, "lost"));
	f->launches = all != NULL ? (int)all->nvalues : 0;
}

void
profile_functions_free(struct profile_functions *f)
{
	names_free(&f->names);
	free(f->list);
}
