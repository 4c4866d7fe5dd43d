/* SPDX-License-Identifier: BSD-2-Clause */
/* All events that this machine has names for, and whether it counts them. */
#ifndef VMSTRESS_EVENTS_CATALOGUE_H
#define VMSTRESS_EVENTS_CATALOGUE_H

#include <stddef.h>

enum events_kind {
	EVENTS_KIND_SOFTWARE,	/* counted by the kernel itself */
	EVENTS_KIND_HARDWARE,	/* names that all processors share */
	EVENTS_KIND_PROCESSOR,	/* names of this processor, from libpfm4 */
	EVENTS_KIND_PMU,	/* what the kernel describes: cpu/NAME/ */
	EVENTS_KIND_TRACEPOINT,
	EVENTS_KINDS
};

/* "software", ... */
const char *events_catalogue_kind(enum events_kind kind);

struct events_entry {
	enum events_kind kind;
	const char *name;	/* NULL: the whole kind, if it has no names */
	const char *status;	/* why it is not counted, or NULL */
	const char *reason;	/* the same in words */
};

/*
 * Every event, kind by kind, tracepoints in the order of their names.  Each was
 * tried, except that all tracepoints are like the first.
 */
void events_catalogue(void (*fn)(void *arg, const struct events_entry *entry),
    void *arg);

/* One name that may be in no list: with modes, a filter, numbers. */
void events_catalogue_one(const char *name,
    void (*fn)(void *arg, const struct events_entry *entry), void *arg);

/* The sets: name and members (NULL after the last); NULL after the last set. */
const char *events_catalogue_set(size_t i, const char *const **members);

#endif
