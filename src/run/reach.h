/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Needs against limits: what stops a cell, and how much of its population is
 * reachable.  Pure: the limits come from the caller.
 */
#ifndef VMSTRESS_REACH_H
#define VMSTRESS_REACH_H

#include <stddef.h>
#include <stdint.h>

#include "os/os.h"

/* What a cell needs at its peak; 0: nothing worth counting. */
struct reach_need {
	uint64_t population;	/* processes it is about; 0: it is not */
	uint64_t tasks;		/* processes and threads, workers included */
	uint64_t fds;		/* descriptors of one process */
	uint64_t pipes;		/* of all workers together */
	uint64_t mappings;	/* of one process, beside a program's own */
	uint64_t memory_bytes;
};

/* What every run has beside the workers: supervisor, guardian, cell. */
#define REACH_OWN_TASKS 3
#define REACH_OWN_FDS 16
#define REACH_OWN_MAPPINGS 64
/* Pages of buffers that a new pipe has, as far as its user may have them. */
#define REACH_PIPE_PAGES 16

/* A limit that is too low. */
struct reach_stop {
	char *name;
	enum os_counts counts;
	uint64_t value, used;
	uint64_t needed;	/* by the whole cell, on top of what is used */
	/* A value that is enough, with room for what others do meanwhile. */
	uint64_t enough;
	/* The part of the population that it allows; 0 without population. */
	uint64_t members;
	bool soft;
	char *lift;		/* as in struct os_limit; or NULL */
};

struct reach {
	/* In rising order of what they allow; soft ones stop nothing. */
	struct reach_stop *stops;
	size_t nstops, stops_cap;
	uint64_t members;	/* of the population, with everything in force */
};

/* os_limits(), or the table of a test. */
typedef void reach_limits_fn(os_limit_fn *fn, void *arg);

/*
 * `available` bytes of memory are there, 0: not known; a population leaves the
 * reserve of the budget to the machine.  The needs grow in proportion to the
 * population.  Free *r with reach_free().
 */
void reach_find(struct reach *r, const struct reach_need *need,
    reach_limits_fn *limits, uint64_t available);
void reach_free(struct reach *r);

/* How many of them are no soft ones. */
size_t reach_hard(const struct reach *r);

#endif
