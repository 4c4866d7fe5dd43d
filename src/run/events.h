/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Events by name: a list as people write it, made into the numbers that the
 * kernel knows them by, or into the reason why it cannot count them.
 *
 * A list is separated by commas; those within [...] and PMU/.../ are no
 * separators.  Its items are
 *
 *	default, tlb, cache, ...	a set; `none` is the empty one
 *	cycles, page-faults:k, r01c4	software and hardware in general
 *	tlb:tlb_flush[reason==1]	a tracepoint, perhaps with a filter;
 *	tp:tlb:tlb_flush		the same, certainly a tracepoint
 *	cpu/event=0x3c,umask=1/k	a PMU of the system, in its own words
 *	skl::DTLB_LOAD_MISSES:WALK_ACTIVE:k	what libpfm4 knows
 *
 * and `:u`, `:k`, `:h` behind an item count only in user mode, in the kernel, in
 * the hypervisor.  On a machine with several kinds of processors, each counts the
 * general hardware events for itself, and they are called cycles:k@cpu_core, ...
 */
#ifndef VMSTRESS_EVENTS_H
#define VMSTRESS_EVENTS_H

#include "base/err.h"
#include "engine/protocol.h"

/*
 * Is it a list at all?  Whether its names mean something is another matter, and
 * not the same on every machine.  0, or -1 with an error.
 */
int events_check(const char *list, struct err *e);

/*
 * Append the events of a list to l->events, each only once.  What cannot be
 * counted is in there, too, with its status and reason.  -1 with an error when
 * it is no list, or names more than PROTOCOL_EVENTS_MAX events.
 */
int events_resolve(const char *list, struct protocol_launch *l, struct err *e);

/*
 * Set l->profile, which had none; the rate is the caller's business.  The empty
 * name is for cycles if the machine has them on all its CPUs, else the clock.
 * -1 with an error when the name is no item of a list.
 */
int events_resolve_profile(const char *name, struct protocol_launch *l,
    struct err *e);

/* Copy events and profile, with its rate, to a launch that has none. */
void events_copy(const struct protocol_launch *from,
    struct protocol_launch *to);

/* Forget what is kept about this machine between the calls above. */
void events_free(void);

#endif
