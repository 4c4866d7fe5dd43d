/* SPDX-License-Identifier: BSD-2-Clause */
/* Needs against limits; see reach.h. */
#include "config.h"

#include "run/reach.h"

#include <stdlib.h>
#include <string.h>

#include "base/budget.h"
#include "base/mem.h"

struct reach_search {
	struct reach *r;
	const struct reach_need *need;
};

/* The part of the need that a limit counts; 0: none. */
static uint64_t
reach_needed(const struct reach_need *need, enum os_counts counts)
{
	uint64_t files;

	switch (counts) {
	case OS_COUNTS_TASKS:
		return need->tasks + REACH_OWN_TASKS;
	case OS_COUNTS_FDS:
		return need->fds + REACH_OWN_FDS;
	case OS_COUNTS_FILES:
		files = 2 * need->pipes;
		return (files > need->fds ? files : need->fds) + REACH_OWN_FDS;
	case OS_COUNTS_PIPE_PAGES:
		return need->pipes * REACH_PIPE_PAGES;
	case OS_COUNTS_MAPPINGS:
		return need->mappings + REACH_OWN_MAPPINGS;
	case OS_COUNTS_MEMORY:
		return need->memory_bytes;
	case OS_COUNTS_MAPPING_BYTES:
		/* A population has its memory in many pieces. */
		return need->population > 0 ? 0 : need->memory_bytes;
	default:
		return 0;
	}
}

/* What of it is there anyway, however small the population is. */
static uint64_t
reach_fixed(enum os_counts counts)
{
	switch (counts) {
	case OS_COUNTS_TASKS:
		return REACH_OWN_TASKS;
	case OS_COUNTS_FDS:
	case OS_COUNTS_FILES:
		return REACH_OWN_FDS;
	case OS_COUNTS_MAPPINGS:
		return REACH_OWN_MAPPINGS;
	default:
		return 0;
	}
}

/*
 * Other programs come and go, and systems keep a few hundred process numbers
 * back.
 */
static uint64_t
reach_enough(enum os_counts counts, uint64_t used, uint64_t needed)
{
	if (counts == OS_COUNTS_MEMORY || counts == OS_COUNTS_MAPPING_BYTES)
		return used + needed;
	return used + needed + needed / 16 + 512;
}

/* Members that `room` is enough for, when all of them need `needed`. */
static uint64_t
reach_members(const struct reach_need *need, enum os_counts counts,
    uint64_t room)
{
	uint64_t fixed = reach_fixed(counts);
	uint64_t needed = reach_needed(need, counts) - fixed;

	if (need->population == 0 || room <= fixed)
		return 0;
	return (uint64_t)((double)(room - fixed) / (double)needed *
	    (double)need->population);
}

static void
reach_limit(void *arg, const struct os_limit *limit)
{
	const struct reach_search *s = arg;
	struct reach *r = s->r;
	uint64_t needed = reach_needed(s->need, limit->counts), room;
	struct reach_stop *stop;

	if (needed == 0 || limit->value == UINT64_MAX)
		return;
	room = limit->used < limit->value ? limit->value - limit->used : 0;
	if (room >= needed)
		return;
	r->stops = mem_grow(r->stops, r->nstops, &r->stops_cap,
	    sizeof(*r->stops));
	stop = &r->stops[r->nstops++];
	memset(stop, 0, sizeof(*stop));
	stop->name = mem_strdup(limit->name);
	stop->counts = limit->counts;
	stop->value = limit->value;
	stop->used = limit->used;
	stop->needed = needed;
	stop->enough = reach_enough(limit->counts, limit->used, needed);
	stop->members = reach_members(s->need, limit->counts, room);
	stop->soft = limit->soft;
	stop->lift = limit->lift != NULL ? mem_strdup(limit->lift) : NULL;
	if (!stop->soft && stop->members < r->members)
		r->members = stop->members;
}

/* Memory that is there counts as a limit without a command that lifts it. */
static void
reach_memory(struct reach_search *s, uint64_t available)
{
	uint64_t value = available;

	if (available == 0)
		return;
	if (s->need->population > 0)
		value -= budget_reserve(available);
	reach_limit(s, &(struct os_limit){ .name = "memory budget",
	    .counts = OS_COUNTS_MEMORY, .value = value });
}

static int
reach_compare(const void *a, const void *b)
{
	const struct reach_stop *x = a, *y = b;

	if (x->members != y->members)
		return x->members < y->members ? -1 : 1;
	return strcmp(x->name, y->name);
}

void
reach_find(struct reach *r, const struct reach_need *need,
    reach_limits_fn *limits, uint64_t available)
{
	struct reach_search s = { r, need };

	memset(r, 0, sizeof(*r));
	r->members = need->population;
	limits(reach_limit, &s);
	reach_memory(&s, available);
	if (r->nstops > 0)
		qsort(r->stops, r->nstops, sizeof(*r->stops), reach_compare);
}

size_t
reach_hard(const struct reach *r)
{
	size_t i, n = 0;

	for (i = 0; i < r->nstops; i++)
		n += r->stops[i].soft ? 0 : 1;
	return n;
}

void
reach_free(struct reach *r)
{
	size_t i;

	for (i = 0; i < r->nstops; i++) {
		free(r->stops[i].name);
		free(r->stops[i].lift);
	}
	free(r->stops);
	memset(r, 0, sizeof(*r));
}
