/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reading a record, line by line in constant memory: a record of 1 GB is
 * never held at once.  Unknown line types and fields are skipped; a torn last
 * line is ignored; any other line that is not JSON, or a wrong schema, is an
 * error that names file and line.
 */
#ifndef VMSTRESS_READER_H
#define VMSTRESS_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/err.h"
#include "observe/histogram.h"

/*
 * Bounds of what is believed.  What a hostile record can make a program
 * allocate follows from them.
 */
#define READER_CELLS_MAX	(1 << 20)
#define READER_LAUNCHES_MAX	(1 << 20)	/* of one cell */
#define READER_SAMPLES_MAX	(1 << 20)	/* of one launch */
#define READER_WORKERS_MAX	65536
#define READER_LINE_MAX		(64u << 20)	/* bytes */
#define READER_PENDING_MAX	(64u << 20)	/* bytes kept of one launch */

struct reader_param {
	const char *name;
	const char *text;
};

/* The header; NULL where it does not say. */
struct reader_run {
	const char *label, *name;
	const char *order;	/* "random", "listed" */
	const char *counting;	/* "auto", "cgroup", ... */
	uint64_t seed;
	int ncells;		/* -1: it does not say */
};

/* A cell as the record describes it; the workload need not be known here. */
struct reader_cell {
	int id;
	const char *workload;
	int version;
	const char *unit;
	const char *net;	/* name of the second rate, or NULL */
	const char *kind;	/* "rate", "phases", "curve" */
	struct reader_param *params;
	size_t nparams;
	int workers;
	const char *mode;	/* "process" or "thread" */
	const char *pin;
	int launches;
	int samples;
	uint64_t interval_ns, warmup_ns, timeout_ns;
	bool latency;
	bool probe;
	bool statistics;
	const char *events, *profile;	/* NULL: an old record */
	const char *plugin;	/* or NULL */
};

struct reader_work;

/* One finished launch: the sums of its samples. */
struct reader_launch {
	int cell;
	int launch;
	bool counts_only;	/* counting cost time: its times are no result */
	const char *count_mode;	/* "cgroup", "system", "task", or NULL */
	const char *status;	/* "ok", "skipped", "failed", "interrupted" */
	const char *reason;	/* or NULL */
	int samples;
	uint64_t elapsed_ns;	/* all samples */
	uint64_t *ops;		/* per worker, all samples */
	uint64_t *aside_ns;	/* per worker; NULL when not recorded */
	int workers;
	uint64_t op_bytes;	/* 0: not recorded */
	bool have_skew;
	uint64_t start_skew_ns, stop_skew_ns;
	const struct histogram *latency;	/* NULL when not measured */
	double timing_cost_ns;	/* of the latency clock, 0: not measured */
	bool have_cpu;
	uint64_t user_ns, system_ns;
	uint64_t wall_ns;	/* that user and system time is of; 0: not
				 * recorded, elapsed_ns is near it */
	int64_t started_s;	/* since 1970; -1: not recorded */
	/* Its samples, without a phase, and its phases, as they came. */
	const struct reader_work *works;
	size_t nworks;
};

struct reader_phase {
	const char *name;
	const char *unit;
	uint64_t ops;
	uint64_t elapsed_ns;
	bool headline;
	const char *limit;	/* what stopped a partial population, or NULL */
	uint64_t asked, reached;	/* when limit is set */
};

/* The steps `first` to `first + count - 1` of one worker. */
struct reader_curve {
	int worker;
	uint64_t first;
	uint64_t count;
	uint64_t min_ns, max_ns;
	double mean_ns;
};

/* How responsive the system was during a phase or the measured part. */
struct reader_stall {
	const char *phase;	/* NULL: the measured part */
	uint64_t rounds;	/* of the probe; 0: no times */
	uint64_t refused;
	uint64_t worst_ns, p99_ns;
	/* The worst that went on in each step of so long; or NULL. */
	uint64_t step_ns;
	const uint64_t *timeline;
	size_t ntimeline;
};

/*
 * What the system spent at a moment of the launch ("setup", "start", "end") or
 * after a phase; UINT64_MAX: not recorded.
 */
enum reader_spent {
	READER_PAGE_TABLES,
	READER_KERNEL_STACK,
	READER_SLAB,
	READER_ANONYMOUS,
	READER_SPENT
};

struct reader_memory {
	const char *at;		/* NULL: after `phase` */
	const char *phase;
	uint64_t members;	/* of a population; 0: there is none */
	uint64_t available;	/* bytes; UINT64_MAX: not recorded */
	uint64_t bytes[READER_SPENT];
};

/* ---- what observers saw ----------------------------------------------- */

/*
 * What was done meanwhile: the sample of that index, the phase of that name and
 * index, or all steps of a curve.
 */
struct reader_work {
	const char *phase;	/* NULL: the measured part */
	uint64_t index;
	bool known;		/* there is such a sample or phase */
	uint64_t ops;
	uint64_t elapsed_ns;	/* 0: not recorded */
};

struct reader_counter {
	struct reader_work work;
	const char *name;
	const char *status;	/* "ok", "scaled", or why there is no value */
	const char *reason;	/* or NULL */
	bool counted;		/* there is a value */
	uint64_t value;
	uint64_t enabled_ns, running_ns;	/* 0: not recorded */
	const uint64_t *each;	/* or NULL */
	size_t neach;
	bool of_cpus;		/* `each` is of processors, not of workers */
};

/* Statistics of the kernel, or slab caches (bytes): by how much they grew. */
struct reader_deltas {
	struct reader_work work;
	uint64_t elapsed_ns;	/* that they are of; 0: that of the work */
	/* What is of a source and not listed has not changed. */
	const char *const *sources;
	size_t nsources;
	const char *const *names;
	const int64_t *deltas;
	size_t ndeltas;
};

/* UINT64_MAX: not recorded. */
enum reader_used {
	READER_USER_NS,
	READER_SYSTEM_NS,
	READER_MINOR_FAULTS,
	READER_MAJOR_FAULTS,
	READER_VOLUNTARY,
	READER_INVOLUNTARY,
	READER_USED
};

struct reader_usage {
	struct reader_work work;
	uint64_t elapsed_ns;	/* that it is of; 0: that of the work */
	uint64_t used[READER_USED];
};

struct reader_profile {
	struct reader_work work;
	const char *name;	/* of the event */
	uint64_t rate_hz;	/* 0: not recorded */
	const char *scope;	/* "cgroup", "system", "task", or NULL */
	const char *status;
	const char *reason;	/* or NULL */
	bool sampled;
	uint64_t samples, kernel, user, lost;
};

struct reader_stack {
	struct reader_work work;
	uint64_t count;
	const char *const *frames;	/* root first */
	size_t nframes;
};

/* What the kernel said in its log, see run/klog.h. */
struct reader_log {
	const char *class;	/* "warning", "oom", ... */
	const char *text;
	const char *phase;	/* NULL: in none */
	uint64_t count;		/* of such: 1, or many that are not kept */
};

/* Is a launch a fair one by the rules of record/validity.h? */
struct reader_validity {
	bool valid;
	const char *rules;	/* those that it broke: "steal,drift", or "" */
	const char *reasons;	/* in words: "steal 3.2% of ...; ...", or "" */
};

/*
 * What the reader tells as it goes.  NULL members are skipped.  Everything
 * passed is valid only during the call.  Returning -1 stops the reading; a
 * handler that fails so sets the error it shares with the caller of the
 * reader, which then puts file and line in front.
 *
 * When a launch has ended, `launch` comes first, then its phases, curves,
 * gauges, notes, stalls and memory as they stand in the file, and then what
 * observers saw, `counter` to `stack`.  A launch that was done again (after an
 * interruption) is told again, and the last one counts.
 */
struct reader_handler {
	int (*run)(void *arg, const struct reader_run *run);
	/* "section.name" */
	int (*fact)(void *arg, const char *key, const char *value);
	int (*cell)(void *arg, const struct reader_cell *c);
	int (*launch)(void *arg, const struct reader_launch *l);
	/* cell and launch are -1 for a note on the whole run. */
	int (*note)(void *arg, int cell, int launch, const char *text);
	/* value is NAN when the record has null. */
	int (*gauge)(void *arg, int cell, int launch, const char *name,
	    double value);
	int (*phase)(void *arg, int cell, int launch,
	    const struct reader_phase *p);
	int (*curve)(void *arg, int cell, int launch,
	    const struct reader_curve *c);
	int (*stall)(void *arg, int cell, int launch,
	    const struct reader_stall *s);
	int (*memory)(void *arg, int cell, int launch,
	    const struct reader_memory *m);
	int (*counter)(void *arg, int cell, int launch,
	    const struct reader_counter *c);
	int (*kstat)(void *arg, int cell, int launch,
	    const struct reader_deltas *d);
	int (*slab)(void *arg, int cell, int launch,
	    const struct reader_deltas *d);
	int (*usage)(void *arg, int cell, int launch,
	    const struct reader_usage *u);
	int (*profile)(void *arg, int cell, int launch,
	    const struct reader_profile *p);
	int (*stack)(void *arg, int cell, int launch,
	    const struct reader_stack *s);
	/*
	 * These two come after all of the above.  cell and launch are -1 for
	 * what the kernel said between launches.
	 */
	int (*log)(void *arg, int cell, int launch,
	    const struct reader_log *log);
	int (*validity)(void *arg, int cell, int launch,
	    const struct reader_validity *v);
	/* The last line has no end: whoever wrote it was cut off. */
	int (*torn)(void *arg, unsigned long line);
	void *arg;
};

/*
 * Read a whole file ("-": standard input).  A launch is reported when its end
 * line is met; lines of a launch without end, or of one that was begun again,
 * are dropped.  Returns 0, or -1 with an error.
 */
int reader_run(const char *path, const struct reader_handler *h,
    struct err *e);

/* The same from an open stream, which errors call `name`. */
int reader_stream(FILE *in, const char *name, const struct reader_handler *h,
    struct err *e);

#endif
