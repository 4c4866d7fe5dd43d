/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Chains of calls and their counts: an open-addressing hash of numbers into an
 * array of stacks, whose frames are in one array.
 */
#include "config.h"

#include "observe/profile.h"

#include <stdlib.h>
#include <string.h>

/* The least power of two that leaves half of the slots free. */
static uint32_t
profile_slots(uint32_t stacks)
{
	uint32_t n = 16;

	while (n < 2 * stacks)
		n *= 2;
	return n;
}

size_t
profile_bytes(uint32_t stacks, uint32_t frames)
{
	return stacks * sizeof(struct profile_stack) +
	    frames * sizeof(uint64_t) +
	    profile_slots(stacks) * sizeof(uint32_t);
}

void
profile_init(struct profile *p, void *memory, uint32_t stacks, uint32_t frames)
{
	memset(p, 0, sizeof(*p));
	p->stacks = memory;
	p->stacks_max = stacks;
	p->frames = (void *)(p->stacks + stacks);
	p->frames_max = frames;
	p->slot = (void *)(p->frames + frames);
	p->nslots = profile_slots(stacks);
}

/* Multiplication spreads to the left, the shift brings it back. */
static uint32_t
profile_hash(int part, enum profile_kind kind, const uint64_t *frames, int n)
{
	uint64_t h = (uint64_t)(unsigned)part << 8 | (uint64_t)kind;
	int i;

	for (i = 0; i < n; i++) {
		h = (h ^ frames[i]) * UINT64_C(0x9e3779b97f4a7c15);
		h ^= h >> 32;
	}
	return (uint32_t)h;
}

static bool
profile_is(const struct profile_stack *s, const struct profile_stack *key)
{
	return s->hash == key->hash && s->part == key->part &&
	    s->kind == key->kind && s->nframes == key->nframes &&
	    memcmp(s->frames, key->frames,
	    key->nframes * sizeof(*key->frames)) == 0;
}

/* The stack that is like `key`, a new one if need be; NULL: no room. */
static struct profile_stack *
profile_find(struct profile *p, const struct profile_stack *key)
{
	uint32_t i = key->hash & (p->nslots - 1);
	struct profile_stack *s;

	for (; p->slot[i] != 0; i = (i + 1) & (p->nslots - 1))
		if (profile_is(&p->stacks[p->slot[i] - 1], key))
			return &p->stacks[p->slot[i] - 1];
	if (p->nstacks == p->stacks_max ||
	    key->nframes > p->frames_max - p->nframes)
		return NULL;
	s = &p->stacks[p->nstacks++];
	*s = *key;
	s->frames = memcpy(p->frames + p->nframes, key->frames,
	    key->nframes * sizeof(*key->frames));
	p->nframes += key->nframes;
	p->slot[i] = p->nstacks;
	return s;
}

static void
profile_count(struct profile *p, int part, enum profile_kind kind,
    const uint64_t *frames, int nframes, uint64_t count)
{
	struct profile_stack *s, key = {
		.frames = frames,
		.hash = profile_hash(part, kind, frames, nframes),
		.nframes = (uint16_t)nframes,
		.kind = (uint8_t)kind,
		.part = (uint8_t)part,
	};

	s = profile_find(p, &key);
	if (s != NULL)
		s->count += count;
	else
		p->totals[part].roomless += count;
}

void
profile_add(struct profile *p, int part, enum profile_kind kind,
    const uint64_t *frames, int nframes, uint64_t count)
{
	struct profile_totals *t = &p->totals[part];

	if (nframes > PROFILE_FRAMES_MAX)
		nframes = PROFILE_FRAMES_MAX;
	*(kind == PROFILE_KERNEL ? &t->kernel : &t->user) += count;
	profile_count(p, part, kind, frames, nframes, count);
}

void
profile_merge(struct profile *p, int part, const struct profile *from)
{
	struct profile_totals *t = &p->totals[part];
	const struct profile_totals *f = &from->totals[0];
	const struct profile_stack *s;
	uint32_t i;

	t->kernel += f->kernel;
	t->user += f->user;
	t->lost += f->lost;
	t->idle += f->idle;
	t->roomless += f->roomless;
	for (i = 0; i < from->nstacks; i++) {
		s = &from->stacks[i];
		profile_count(p, part, (enum profile_kind)s->kind, s->frames,
		    s->nframes, s->count);
	}
}

void
profile_clear(struct profile *p)
{
	memset(p->slot, 0, p->nslots * sizeof(*p->slot));
	memset(p->totals, 0, sizeof(p->totals));
	p->nstacks = 0;
	p->nframes = 0;
}

uint64_t
profile_samples(const struct profile *p, int part)
{
	return p->totals[part].kernel + p->totals[part].user;
}

/* ---- in the end --------------------------------------------------------- */

/* Any order that puts equal ones together. */
static int
profile_compare_keys(const void *va, const void *vb)
{
	const struct profile_stack *a = va, *b = vb;

	if (a->part != b->part)
		return a->part < b->part ? -1 : 1;
	if (a->kind != b->kind)
		return a->kind < b->kind ? -1 : 1;
	if (a->nframes != b->nframes)
		return a->nframes < b->nframes ? -1 : 1;
	return memcmp(a->frames, b->frames,
	    a->nframes * sizeof(*a->frames));
}

/* The highest counts first; equal ones in an order that can be repeated. */
static int
profile_compare_counts(const void *va, const void *vb)
{
	const struct profile_stack *a = va, *b = vb;

	if (a->part == b->part && a->count != b->count)
		return a->count > b->count ? -1 : 1;
	return profile_compare_keys(a, b);
}

static void
profile_fold(struct profile *p)
{
	uint32_t i, n = 0;

	for (i = 0; i < p->nstacks; i++) {
		if (n > 0 && profile_compare_keys(&p->stacks[n - 1],
		    &p->stacks[i]) == 0)
			p->stacks[n - 1].count += p->stacks[i].count;
		else
			p->stacks[n++] = p->stacks[i];
	}
	p->nstacks = n;
}

void
profile_rename(struct profile *p, profile_name_fn *name, void *arg)
{
	const size_t size = sizeof(*p->stacks);
	struct profile_stack *s;
	enum profile_kind kind;
	uint64_t *f;
	uint32_t i;
	int k;

	for (i = 0; i < p->nstacks; i++) {
		s = &p->stacks[i];
		kind = (enum profile_kind)s->kind;
		f = p->frames + (s->frames - p->frames);
		for (k = 0; k < s->nframes; k++)
			f[k] = name(arg, &kind, f[k], k == 0);
		s->kind = (uint8_t)kind;
	}
	qsort(p->stacks, p->nstacks, size, profile_compare_keys);
	profile_fold(p);
	qsort(p->stacks, p->nstacks, size, profile_compare_counts);
}
