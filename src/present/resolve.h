/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How many launches, or boots, it takes to see a change of some size, and how
 * long they take: from the spread of records that are there, before the
 * comparison is made.
 *
 * As in compare.h a unit is a boot where some kernel was booted more than once,
 * else a launch, and all arithmetic is on logarithms.  Several records may be
 * of several kernels: between these nothing is learned about spread.
 */
#ifndef VMSTRESS_RESOLVE_H
#define VMSTRESS_RESOLVE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "stats/variance.h"

/* More units of each kernel are not counted. */
#define RESOLVE_UNITS_MAX 100

/* Launches that should be there to plan from. */
#define RESOLVE_LAUNCHES 6

struct resolve_kernel {
	char *name;
	size_t boots;
	size_t launches;	/* that ended well */
	size_t invalid;		/* of them, by the rules of validity */
};

/* A cell of all records. */
struct resolve_point {
	char *workload;		/* "zfod/1" */
	char *params;		/* those that differ within the workload */
	char *params_all;
	char *mode, *pin;
	int workers;
	size_t samples;		/* of a launch, on average; at least 1 */
	double sample_ns;	/* 0: it has none */
	double launch_ns;	/* a launch without its samples */
	bool inside_only;	/* what is around a launch is not known */
};

/* Why there is no number. */
enum resolve_why {
	RESOLVE_FINE,
	RESOLVE_NO_VALUE,
	RESOLVE_NOT_POSITIVE,
	RESOLVE_ONE_LAUNCH,
	RESOLVE_ONE_BOOT,
	RESOLVE_NO_SPREAD,
	RESOLVE_WHYS
};

struct resolve_row {
	size_t point;
	char *metric, *unit;
	bool headline;
	enum resolve_why why;
	size_t boots, launches;		/* that it is from */
	struct variance variance;	/* of logarithms */
	bool dependent;			/* samples take from each other, and
					 * are no level of it */
	/* For this point alone: what is worth its cost, and what that takes. */
	size_t per_boot;		/* launches; 0: the unit is a launch */
	size_t per_launch;		/* samples; 0: no spread of them */
	double sd;			/* of units so made */
	size_t needed;			/* units; 0: more than are counted */
	double time_ns;			/* of both kernels; NAN: not known */
	/* Units in the plan for all points. */
	size_t needed_in_all;
};

/* One plan for several points. */
struct resolve_plan {
	size_t points;			/* rows, 0: there is no plan */
	size_t decisive;		/* the row with the most spread */
	size_t per_boot, per_launch;	/* as above */
	size_t needed;			/* units; 0: more than are counted */
	double time_ns;			/* of both kernels; NAN: not known */
	size_t beyond;			/* rows that need more than are counted */
	double seen;			/* with as many as are counted */
};

struct resolve {
	/* To be set before. */
	double effect;		/* the change to be seen; 0: 0.02 */
	double alpha;		/* 0: 0.05 */
	double power;		/* 0: 0.8 */
	double boot_ns;		/* time of a boot; 0: not known */
	bool all;		/* every metric, not only headlines */
	bool keep_invalid;	/* launches that broke a rule count, too */
	/* Filled. */
	struct resolve_kernel *kernels;
	size_t nkernels;
	bool boots;		/* units are boots, not launches */
	struct resolve_point *points;
	size_t npoints, points_cap;
	struct resolve_row *rows;
	size_t nrows, rows_cap;
	struct resolve_plan plan;	/* for every row that is fine */
	size_t *noisy;			/* rows, the noisiest first: a few */
	size_t nnoisy;
	struct resolve_plan rest;	/* without these */
};

/*
 * Read and plan.  -1 with an error for a record that cannot be read, or when
 * there is nothing to plan from in any of them.
 */
int resolve_read(struct resolve *r, char *const *paths, size_t n,
    struct err *e);
void resolve_free(struct resolve *r);

/* In words, without what to do. */
const char *resolve_why(enum resolve_why why);

#endif
