/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The launches that count, one by one, for figures that show each of them; with
 * what is not kept when a record is reduced to a few numbers per launch.
 */
#ifndef VMSTRESS_FIGURE_LAUNCHES_H
#define VMSTRESS_FIGURE_LAUNCHES_H

#include "figure/figure.h"

/* What is read anew from the records; 0: nothing. */
enum figure_wanted {
	FIGURE_TIME = 1,	/* when they ran */
	FIGURE_LATENCY = 2,
	FIGURE_CURVE = 4
};

/* A bucket of a histogram that is not empty. */
struct figure_bucket {
	unsigned bucket;
	uint64_t count;
};

/* The steps `first` to `last` of one worker. */
struct figure_step {
	uint64_t first, last;
	double mean, least, most;	/* ns */
};

struct figure_launch {
	size_t point, side;
	size_t unit;		/* of its side */
	const struct gather_cell *cell;
	const struct gather_launch *launch;
	uint64_t order;		/* in its record */
	int64_t started_s;	/* since 1970; -1: not known */
	uint64_t max_ns;	/* of its latencies */
	struct figure_bucket *buckets;	/* rising; NULL: no latencies */
	size_t nbuckets;
	struct figure_step *steps;	/* as they came */
	size_t nsteps, steps_cap;
	bool told;		/* by a record that was read anew */
};

/* Cells that are the same in all records. */
struct figure_point {
	const struct gather_cell *cell;	/* the first of them */
	char *params;		/* those that differ within the workload */
	char *all;		/* parameters */
};

/* The launches of one side at one point. */
struct figure_span {
	size_t point, side;
	const struct figure_launch *launches;	/* by unit */
	size_t n;
};

struct figure_launches {
	const struct compare *compare;
	struct figure_point *points;
	size_t npoints, points_cap;
	struct figure_launch *list;
	size_t count, cap;
	struct figure_span *spans;	/* by workload, point and side */
	size_t nspans;
};

/*
 * Launches without what is wanted are left out.  Free it in any case.
 */
int figure_launches_read(struct figure_launches *all, struct figure_source *s,
    unsigned wanted, struct err *e);
void figure_launches_free(struct figure_launches *all);

/* NAN when it has none, or one that is not above 0. */
double figure_launches_value(const struct figure_launch *l,
    const char *metric);

/*
 * The metrics that the launches at a point are known for, each once, in a new
 * array; their number in *n.  The spans are those of the point.
 */
const struct gather_metric **figure_launches_metrics(
    const struct figure_span *spans, size_t nspans, size_t *n);

/* How many launches from `first` on are of the same unit. */
size_t figure_launches_unit(const struct figure_span *s, size_t first);

/* ---- names -------------------------------------------------------------------- */

/* What is not the same in all spans of a figure. */
struct figure_differs {
	bool params, workers, mode, pin;
};

struct figure_differs figure_launches_differ(const struct figure_launches *all,
    const struct figure_span *const *spans, size_t n);

/* "6.17, size=4M, x2, thread": the side and what differs; a new string. */
char *figure_launches_name(const struct figure_launches *all,
    const struct figure_span *s, const struct figure_differs *d);

/* "zfod/1, size=4M, x2": what does not; a new string. */
char *figure_launches_common(const struct figure_launches *all,
    const struct figure_span *s, const struct figure_differs *d);

/* How many units spans have; zero-initialize. */
struct figure_counted {
	size_t least, most;
};

void figure_launches_count(struct figure_counted *n,
    const struct figure_span *s);

/* "5 launches", "4 to 6 boots"; a new string. */
char *figure_launches_counted(const struct figure_counted *n, bool boots);

/* "means of 5 launches; faint: every launch"; a new string. */
char *figure_launches_note(const struct figure_launches *all,
    const struct figure_span *const *spans, size_t n);

/*
 * Call `draw` with the spans of each figure: of one workload, as many as can be
 * told apart, and those of a point together.
 */
void figure_launches_each(const struct figure_launches *all,
    struct figures *set, const struct figure_kind *kind,
    void (*draw)(struct figures *set, const struct figure_kind *kind,
    const struct figure_launches *all, const struct figure_span *const *spans,
    size_t n));

#endif
