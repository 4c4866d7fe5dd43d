/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where names of events come from; only for the files events_*.c of this
 * folder, and for tests.
 *
 * Each source is asked in turn what a name stands for, and answers by filling
 * an event that was zeroed, whose name it may spell better.
 */
#ifndef VMSTRESS_EVENTS_SOURCE_H
#define VMSTRESS_EVENTS_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"
#include "engine/protocol.h"

/* Types of perf_event_open(2). */
enum {
	EVENTS_HARDWARE = 0,
	EVENTS_SOFTWARE = 1,
	EVENTS_TRACEPOINT = 2,
	EVENTS_CACHE = 3,
	EVENTS_RAW = 4
};

enum events_found {
	EVENTS_UNKNOWN,		/* ask somebody else */
	EVENTS_FOUND,
	EVENTS_WRONG		/* the event has a status and a reason */
};

/* ---- events_name.c ----------------------------------------------------- */

/*
 * Append what a name stands for: one event, or on a machine with several kinds
 * of processors one for each kind.  Of a set, a name that this system does not
 * know is no mistake of the user's.
 */
enum events_use { EVENTS_COUNT, EVENTS_COUNT_SET, EVENTS_SAMPLE };

void events_name(const char *name, enum events_use use,
    struct protocol_launch *l);

/* Frees what is in the event. */
void events_name_clear(struct protocol_event *v);

/* ---- events_reason.c --------------------------------------------------- */

/* Set status and reason, unless they are; EVENTS_WRONG. */
enum events_found events_reason(struct protocol_event *v, const char *status,
    const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/* The same for the errno with which the kernel refused it, or the files. */
void events_reason_open(struct protocol_event *v, int error, bool sample);
enum events_found events_reason_tracing(struct protocol_event *v, int error);

/*
 * The same for an event that the kernel would count as 0, or not as its name
 * says, because of the modes that are excluded.
 */
void events_reason_masked(struct protocol_event *v);

/* A clock, which runs in all modes whatever is excluded. */
bool events_reason_clock(const struct protocol_event *v);

/* ---- events_table.c ---------------------------------------------------- */

/* What every Linux has names for, and raw numbers ("r01c4"). */
enum events_found events_table(const char *name, struct protocol_event *v);

/* The names, one by one; NULL after the last. */
const char *events_table_at(size_t i, uint32_t *type);

/*
 * Set v->exclude from what stands behind a name: "", "u", "uk", "u:k".  -1: these
 * are no modes.
 */
int events_table_modes(const char *modes, struct protocol_event *v);

/* ---- events_tracepoint.c ----------------------------------------------- */

enum events_found events_tracepoint(const char *name, struct protocol_event *v);

/* "SYSTEM:NAME" in lines, as a new string; NULL with errno. */
char *events_tracepoint_all(void);

/* The fields that its filter may name: "a, b"; a new string, or NULL. */
char *events_tracepoint_fields(const char *name);

/* ---- events_pmu.c ------------------------------------------------------ */

enum events_found events_pmu(const char *name, struct protocol_event *v);

/* A kind of processors, on a machine that has several. */
struct events_core {
	char *name;
	uint32_t type;
	int *cpus;
	int ncpus;
};

/* How many kinds there are: 0 where all processors are alike. */
int events_pmu_cores(const struct events_core **cores);
void events_pmu_free(void);

/* ---- events_pfm.c ------------------------------------------------------ */

/* Names of libpfm4; without it nothing is known. */
enum events_found events_pfm(const char *name, struct protocol_event *v);

/* Every event of the processors here, as "skl::NAME:MASK". */
void events_pfm_each(void (*fn)(void *arg, const char *name), void *arg);
void events_pfm_free(void);

/* ---- events_sets.c ----------------------------------------------------- */

/* The members of a set, NULL after the last; or NULL: there is none. */
const char *const *events_sets_find(const char *name);
const char *events_sets_at(size_t i);

#endif
