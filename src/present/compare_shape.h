/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What looks odd in a comparison: launches or boots far from the others, two
 * groups of them, drift, and launches that are missing on one side.  It is
 * shown; no value is dropped for it, and no verdict knows of it.
 */
#ifndef VMSTRESS_COMPARE_SHAPE_H
#define VMSTRESS_COMPARE_SHAPE_H

#include <stdio.h>

#include "present/compare.h"
#include "record/json_line.h"

enum compare_odd_kind {
	COMPARE_ODD_OUTLIER,
	COMPARE_ODD_GROUPS,
	COMPARE_ODD_DRIFT
};

/* One finding, of one side at one point. */
struct compare_odd {
	size_t row, side;
	enum compare_odd_kind kind;
	/*
	 * More than noise alone gives, and not less than the least effect:
	 * what is worth a line.  The others meet the criterion by its letter.
	 */
	bool clear;
	double strength;	/* modified z, gap / SD within, or rho */
	size_t unit;		/* OUTLIER: index of the value */
	double change;		/* OUTLIER: from the median; GROUPS: of the
				 * upper from the lower; as a share */
	size_t n[2];		/* GROUPS: values of each, the lower first */
	double mean[2];		/* GROUPS: geometric */
	double p, p_adjusted;	/* DRIFT: alone, and over all points and sides */
};

/*
 * All findings by row and side; a new array.  Units are taken in the order of
 * the records as they were named, and launches in that of their rounds.
 */
struct compare_odd *compare_shape_find(const struct compare *c, size_t *n);

/* What is clear on the first side and on this one, at most ten lines. */
void compare_shape_print(const struct compare *c, size_t side, FILE *out);

/* A line if validity took more from one side than from the other. */
void compare_shape_print_missing(const struct compare *c, size_t side,
    FILE *out);

/* All findings as the list "odd". */
void compare_shape_json(const struct compare *c, struct json_line *j);

#endif
