/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A plan: the cells of a run and the order in which they are launched.  Made
 * from a config file or a workload name, or read back from a record.
 */
#ifndef VMSTRESS_PLAN_H
#define VMSTRESS_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "workload.h"

struct str;

/* Canonical text of one parameter; every row of the workload has one. */
struct plan_param {
	const struct vms_param *row;
	char *text;
};

struct plan_cell {
	int id;			/* index in the plan, stable in the record */
	const struct vms_workload *workload;
	struct plan_param *params;
	int nparams;
	bool threads;
	int workers;
	char *pin;		/* placement policy, canonical: "list:0,2" */
	int launches;
	int samples;
	uint64_t interval_ns;
	uint64_t warmup_ns;
	uint64_t timeout_ns;	/* of one launch; 0: derived from the rest */
	bool latency;
	bool probe;		/* watch the rest of the system */
	bool statistics;	/* of the kernel */
	char *events;		/* canonical list, "auto" or "none" */
	char *profile;		/* event to sample, "auto" or "none" */
	/*
	 * One launch more, behind the others, that counts and does not time.
	 * Whether the machine has what to count is not planned.
	 */
	bool counts_apart;
	/*
	 * What a member of the population takes; 0: as the workload thinks.
	 * Measured on the machine, not planned.
	 */
	uint64_t member_bytes;
};

enum plan_order { PLAN_RANDOM, PLAN_LISTED };

/* How events are counted, best first; PLAN_COUNT_AUTO: the best there is. */
enum plan_count {
	PLAN_COUNT_AUTO,
	PLAN_COUNT_CGROUP,
	PLAN_COUNT_SYSTEM,
	PLAN_COUNT_TASK,
	PLAN_COUNT_NONE,
	PLAN_COUNTS
};

/* Their words, "auto" and so on, ended by NULL. */
extern const char *const plan_count_words[PLAN_COUNTS + 1];

struct plan {
	struct plan_cell *cells;
	size_t ncells, cells_cap;
	enum plan_order order;
	uint64_t seed;
	enum plan_count counting;
	char *label;		/* of the kernel or change tested, or NULL */
	char *name;		/* of the config or workload: "quick", "zfod" */
};

/* One launch in the order of the schedule. */
struct plan_launch {
	int cell;
	int launch;
};

void plan_free(struct plan *p);

/*
 * Every launch of every cell in rounds: round k holds launch k of each cell
 * that has one, in an order drawn anew (PLAN_RANDOM) or as listed.  A new array
 * (free it).  The same plan and seed always give the same schedule.
 */
struct plan_launch *plan_schedule(const struct plan *p, size_t *count);

/*
 * Expected length of one launch, without its set-up; nanoseconds.  0: nobody
 * knows, it is no rate workload.
 */
uint64_t plan_launch_ns(const struct plan_cell *c);

/* When a launch counts as hung: timeout_ns, or a generous default. */
uint64_t plan_timeout_ns(const struct plan_cell *c);

/* "size=1G thp=on": the parameters that are not at their default; free it. */
char *plan_params_text(const struct plan_cell *c);

/* Append "zfod size=4M process x2, launch 1/3": a launch in a few words. */
void plan_launch_name(const struct plan_cell *c, int launch, struct str *b);

/* Parameter text of a cell by name, or NULL. */
const char *plan_param(const struct plan_cell *c, const char *name);

/* Check a placement policy's spelling; the canonical form is a new string. */
char *plan_pin(const char *text, struct err *e);

#endif
