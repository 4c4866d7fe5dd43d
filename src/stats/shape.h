/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is odd about the shape of a few values: one far from the others, two
 * groups, a drift.  None of it says that a value is wrong.
 *
 * The usual criteria were made for many values: of five to seven values that
 * are nothing but noise one set in six has an outlier by them.  So beside each
 * strength stands `noise`, what one set in a hundred of so many values of the
 * normal distribution exceeds.
 */
#ifndef VMSTRESS_SHAPE_H
#define VMSTRESS_SHAPE_H

#include <stdbool.h>
#include <stddef.h>

/* Of fewer values none is far from the others, and they are no groups. */
#define SHAPE_VALUES_MIN 4

#define SHAPE_OUTLIER_Z 3.5
#define SHAPE_GROUPS_GAP 3.0

/* ---- outliers -------------------------------------------------------------- */

struct shape_outlier {
	size_t at;		/* index of the value */
	double z, noise;
};

/*
 * Modified z (Iglewicz, Hoaglin 1993): 0.6745 (x - median) / MAD, an outlier
 * above 3.5 on either side.  Where half of the values are equal, so that the
 * MAD is 0, it is (x - median) / (1.253314 mean |x - median|), and `noise` is
 * 3.5, since noise does not repeat itself.  Fills found[], which has room for n,
 * and returns how many there are.
 */
size_t shape_outliers(const double *v, size_t n, struct shape_outlier *found);

/* ---- two groups ------------------------------------------------------------ */

struct shape_groups {
	size_t n[2];		/* values of the lower and of the upper one */
	double mean[2];
	double gap;		/* between their nearest values */
	double sd;		/* within them, pooled */
	double ratio, noise;	/* gap / sd, INFINITY for an sd of 0 */
};

/*
 * The split of the sorted values, two or more on each side, with the largest
 * ratio; true when that is above 3.
 */
bool shape_groups(const double *v, size_t n, struct shape_groups *g);

/* ---- drift ------------------------------------------------------------------ */

/* Up to so many values all orders are tried. */
#define SHAPE_EXACT_MAX 9

struct shape_drift {
	double rho;		/* Spearman 1904, ties at their middle rank */
	double p;		/* two-sided */
	bool exact;		/* else Student's t with n - 2 degrees */
};

/* -1: less than three values, or all of `when` or of `v` are equal. */
int shape_drift(const double *when, const double *v, size_t n,
    struct shape_drift *d);

#endif
