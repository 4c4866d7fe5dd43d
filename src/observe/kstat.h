/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Values that have names, read again and again: by how much each changed since
 * the reading before.  Names come in the same order nearly always, and that is
 * what makes a reading cheap; one that is new, or gone, is found all the same.
 */
#ifndef VMSTRESS_KSTAT_H
#define VMSTRESS_KSTAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What is longer, or more than these, is left out. */
#define KSTAT_NAME_MAX 64
#define KSTAT_ENTRIES_MAX 4096

struct kstat_entry {
	const char *source;
	char name[KSTAT_NAME_MAX];
	size_t len;
	uint64_t value[2];	/* of even and odd readings */
	uint64_t seen[2];	/* in which reading; 0: never */
};

/* Zero-initialize; `absent_is_zero` may be set then. */
struct kstat {
	/* What has no name has a value of 0, not one that nobody knows. */
	bool absent_is_zero;
	struct kstat_entry *entries;
	size_t count, cap;
	size_t next;		/* where the next name is expected */
	uint64_t reading;	/* counts from 1 */
};

/* A reading begins; what it finds is put, a name that comes twice is added. */
void kstat_begin(struct kstat *k);

/* `source` is a text that stays; `name` has no terminator. */
void kstat_put(struct kstat *k, const char *source, const char *name,
    size_t len, uint64_t value);

struct kstat_change {
	const char *source;
	const char *name;
	int64_t more;		/* never 0 */
};

/*
 * The next value that is not what it was in the reading before; `*at` starts
 * with 0.  False: there is none any more.
 */
bool kstat_next(const struct kstat *k, size_t *at, struct kstat_change *c);

/* The same for sources of which both readings have something. */
bool kstat_next_source(const struct kstat *k, size_t *at,
    const char **source);

/* The `n` largest changes, up or down, largest first; how many there are. */
int kstat_top(const struct kstat *k, struct kstat_change *top, int n);

void kstat_free(struct kstat *k);

#endif
