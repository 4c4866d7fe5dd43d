/* SPDX-License-Identifier: BSD-2-Clause */
/* Differences of named values between two readings. */
#include "config.h"

#include "observe/kstat.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

void
kstat_begin(struct kstat *k)
{
	k->reading++;
	k->next = 0;
}

static bool
kstat_is(const struct kstat_entry *e, const char *source, const char *name,
    size_t len)
{
	return e->len == len && memcmp(e->name, name, len) == 0 &&
	    strcmp(e->source, source) == 0;
}

/* Where it is expected, else anywhere, else at the end; NULL: no room. */
static struct kstat_entry *
kstat_find(struct kstat *k, const char *source, const char *name, size_t len)
{
	struct kstat_entry *e;
	size_t i;

	if (k->next < k->count &&
	    kstat_is(&k->entries[k->next], source, name, len))
		return &k->entries[k->next];
	for (i = 0; i < k->count; i++)
		if (kstat_is(&k->entries[i], source, name, len))
			return &k->entries[i];
	if (k->count == KSTAT_ENTRIES_MAX)
		return NULL;
	k->entries = mem_grow(k->entries, k->count, &k->cap,
	    sizeof(*k->entries));
	e = &k->entries[k->count++];
	memset(e, 0, sizeof(*e));
	e->source = source;
	e->len = len;
	memcpy(e->name, name, len);
	return e;
}

void
kstat_put(struct kstat *k, const char *source, const char *name, size_t len,
    uint64_t value)
{
	int now = (int)(k->reading % 2);
	struct kstat_entry *e;

	if (len == 0 || len >= KSTAT_NAME_MAX)
		return;
	e = kstat_find(k, source, name, len);
	if (e == NULL)
		return;
	k->next = (size_t)(e - k->entries) + 1;
	if (e->seen[now] != k->reading)
		e->value[now] = 0;
	e->seen[now] = k->reading;
	e->value[now] += value;
}

/* Was it in this reading, or in the one before it? */
static bool
kstat_has(const struct kstat *k, const struct kstat_entry *e, uint64_t reading)
{
	return reading > 0 && reading <= k->reading &&
	    e->seen[reading % 2] == reading;
}

static bool
kstat_in_both(const struct kstat *k, const struct kstat_entry *e)
{
	return kstat_has(k, e, k->reading) && kstat_has(k, e, k->reading - 1);
}

/* Modulo 2^64, so that a value that falls gives what is less than 0. */
static int64_t
kstat_more(const struct kstat *k, const struct kstat_entry *e)
{
	bool now = kstat_has(k, e, k->reading);
	bool before = kstat_has(k, e, k->reading - 1);

	if (!k->absent_is_zero && !(now && before))
		return 0;
	return (int64_t)((now ? e->value[k->reading % 2] : 0) -
	    (before ? e->value[(k->reading - 1) % 2] : 0));
}

bool
kstat_next(const struct kstat *k, size_t *at, struct kstat_change *c)
{
	while (k->reading > 1 && *at < k->count) {
		const struct kstat_entry *e = &k->entries[(*at)++];

		c->more = kstat_more(k, e);
		if (c->more == 0)
			continue;
		c->source = e->source;
		c->name = e->name;
		return true;
	}
	return false;
}

/* Has one before it told of the same source?  Mostly its neighbour has. */
static bool
kstat_source_known(const struct kstat *k, size_t at)
{
	const char *source = k->entries[at].source;

	while (at-- > 0)
		if (strcmp(k->entries[at].source, source) == 0 &&
		    kstat_in_both(k, &k->entries[at]))
			return true;
	return false;
}

bool
kstat_next_source(const struct kstat *k, size_t *at, const char **source)
{
	for (; *at < k->count; (*at)++) {
		if (!kstat_in_both(k, &k->entries[*at]) ||
		    kstat_source_known(k, *at))
			continue;
		*source = k->entries[(*at)++].source;
		return true;
	}
	return false;
}

static uint64_t
kstat_size(int64_t more)
{
	return more < 0 ? 0 - (uint64_t)more : (uint64_t)more;
}

int
kstat_top(const struct kstat *k, struct kstat_change *top, int n)
{
	struct kstat_change c;
	int i, have = 0;
	size_t at = 0;

	while (n > 0 && kstat_next(k, &at, &c)) {
		if (have == n &&
		    kstat_size(c.more) <= kstat_size(top[n - 1].more))
			continue;
		if (have < n)
			have++;
		for (i = have - 1; i > 0 &&
		    kstat_size(top[i - 1].more) < kstat_size(c.more); i--)
			top[i] = top[i - 1];
		top[i] = c;
	}
	return have;
}

void
kstat_free(struct kstat *k)
{
	free(k->entries);
	k->entries = NULL;
	k->count = k->cap = 0;
}
