/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Sweeps of a comparison: rows of one metric that differ in one thing only, the
 * workers or a parameter that is a number.
 */
#ifndef VMSTRESS_COMPARE_SWEEP_H
#define VMSTRESS_COMPARE_SWEEP_H

#include "present/compare.h"
#include "stats/growth.h"

struct compare_sweep {
	const struct compare *c;
	const char *param;	/* what differs; NULL: the workers */
	const struct compare_row **rows;
	double *x;		/* of each row: workers, or the number */
	size_t n;
};

/*
 * Every sweep of two rows or more, in the order of the rows.  It is valid during
 * the call.
 */
void compare_sweeps(const struct compare *c,
    void (*each)(const struct compare_sweep *s, void *arg), void *arg);

/*
 * How the time of all grows with the number, which counts what is done: of one
 * side over all of its units.  -1: too few points.
 */
int compare_sweep_growth(const struct compare_sweep *s, size_t side,
    struct growth *g);

/* "a=1 b=2" without the words that begin with `name=`; a new string. */
char *compare_sweep_without(const char *params, const char *name);

#endif
