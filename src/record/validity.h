/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Is a launch a fair one?  Rules that were fixed before anything was measured
 * judge what is known of its circumstances.  A launch that breaks one is
 * marked and stays a result: nothing is dropped.
 *
 *	{"type":"validity","cell":0,"launch":1,"valid":false,
 *	    "rules":["steal"],"reasons":["steal 3.2% of CPU time (limit 1%)"],
 *	    "steal_share":0.032,"others_cpus":0.01,...}
 *
 * What is not known is not there, and no rule judges it.  Pure: `run` feeds it
 * while the cell runs, `import` with output that was kept.
 */
#ifndef VMSTRESS_VALIDITY_H
#define VMSTRESS_VALIDITY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/protocol.h"
#include "record/json_line.h"

/*
 * The rules and their limits (none of them is exceeded by what is equal).
 *
 * steal: the hypervisor gave CPU time to others.  1% of it is as much as the
 * differences that people look for.
 */
#define VALIDITY_STEAL_SHARE 0.01
/*
 * load: others used CPUs, more than 5% of those that the workers need.  The
 * kernel's own threads are no others: what they do, they do for the workers as
 * well (on a real-time kernel even the work of interrupts).  Not
 * judged if there are more workers than CPUs (nothing is left to others then)
 * or if the workload has tasks beside its workers (their time is not told
 * apart), so for rates only.
 */
#define VALIDITY_OTHERS_SHARE 0.05
/* Both are counted in ticks of 10 ms: less than this may be a few of them. */
#define VALIDITY_TICKS_NS 50000000ull
/*
 * swap: pages were swapped, which takes as long as a device likes.  Not judged
 * if swap was set up for the run or a phase is about it.
 *
 * throttle, frequency, governor, clocksource: the processors were slowed down
 * or set differently, before the end than before the start.
 *
 * clock: the time of day moved against our clock by 100 ms and more than the
 * 0.05% that it may be corrected by: it was set, or the machine stood still.
 */
#define VALIDITY_STEP_NS 100000000ull
#define VALIDITY_SLEW_SHARE 0.0005
/*
 * log: the kernel complained of itself (warning, bug, lockdep, soft-lockup,
 * rcu-stall, hung-task) or killed for memory (oom): all after that may differ.
 *
 * operations: a worker may be in the middle of one at both ends of a sample, so
 * a hundred of them each are needed for a resolution of 1%.
 */
#define VALIDITY_OPS 100
/* resolution: the same of the clock, for a tenth of a percent. */
#define VALIDITY_CLOCK_STEPS 1000
/*
 * skew: the first worker began long before the last one.  More than 5% of what
 * was measured.  Not judged of rates, which are not measured before all run, and
 * not if there are more workers than CPUs: they have to take turns.
 */
#define VALIDITY_SKEW_SHARE 0.05
/*
 * drift: every sample is slower (or faster) than the one before, by 10% over
 * all: there is no one rate.  Four samples do that by chance in one launch of
 * twelve, but not by so much.
 */
#define VALIDITY_DRIFT 0.10
#define VALIDITY_DRIFT_SAMPLES 4

enum validity_rule {
	VALIDITY_STEAL,
	VALIDITY_LOAD,
	VALIDITY_SWAP,
	VALIDITY_THROTTLE,
	VALIDITY_FREQUENCY,
	VALIDITY_GOVERNOR,
	VALIDITY_CLOCKSOURCE,
	VALIDITY_CLOCK,
	VALIDITY_LOG,
	VALIDITY_OPERATIONS,
	VALIDITY_RESOLUTION,
	VALIDITY_SKEW,
	VALIDITY_DRIFTS,
	VALIDITY_RULES
};

/* A counted thing, -1: not known. */
struct validity_class {
	char name[24];
	uint64_t count;
};

#define VALIDITY_CLASSES 16
#define VALIDITY_WORDS 160

struct validity {
	int workers;
	int ncpus;			/* 0: not known */
	bool swap_is_fine;
	/* Sums of kernel statistics; have_stat: of all the CPUs' time. */
	int nstat, nvmstat, nusage;
	uint64_t stat_elapsed_ns;
	uint64_t kernel_threads_ns;	/* UINT64_MAX: not known */
	int64_t busy_ns, steal_ns, total_ns;
	int64_t swap_in, swap_out;
	uint64_t used_ns;		/* by the workers */
	/* Samples, phases, or steps of a curve. */
	double *rates;			/* operations per second of samples */
	size_t nrates, rates_cap;
	bool measured, own_tasks;
	double ops_min;			/* of one worker in a sample, mean */
	uint64_t measured_ns, shortest_ns, clock_step_ns;
	bool have_skew;
	uint64_t start_skew_ns;
	/* From outside. */
	bool have_throttles, have_step;
	uint64_t throttles;
	int64_t step_ns;
	uint64_t step_of_ns;
	char changed[VALIDITY_RULES][VALIDITY_WORDS];
	struct validity_class classes[VALIDITY_CLASSES];
	size_t nclasses;
};

/*
 * A launch begins.  `ncpus`: CPUs that are online, 0 when nobody knows.
 * Starts with a zeroed struct, or one that was freed.
 */
void validity_begin(struct validity *v, const struct protocol_launch *l,
    int ncpus, bool swap_is_fine);

/* A line of the cell, in any order. */
void validity_line(struct validity *v, const struct protocol_line *l);

/* The kernel logged something of a class ("warning"). */
void validity_log(struct validity *v, const char *class);

/*
 * A setting that is not the same at both ends.  `rule` is one of governor,
 * clocksource, frequency.
 */
void validity_changed(struct validity *v, enum validity_rule rule,
    const char *before, const char *after);

/* Throttling events while it ran. */
void validity_throttles(struct validity *v, uint64_t events);

/* By how much the time of day went ahead of our clock in so long a time. */
void validity_step(struct validity *v, int64_t step_ns, uint64_t elapsed_ns);

/* The line of the journal; NULL when nothing was measured. */
struct json_line *validity_judge(const struct validity *v, int cell,
    int launch);

/* What the kernel's own threads used meanwhile; not called: not known. */
void validity_kernel_threads(struct validity *v, uint64_t ns);

void validity_free(struct validity *v);

#endif
