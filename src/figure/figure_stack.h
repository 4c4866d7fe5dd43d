/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Parts of a whole as horizontal bars, one for each cell and side, with a point
 * for each launch.
 */
#ifndef VMSTRESS_FIGURE_STACK_H
#define VMSTRESS_FIGURE_STACK_H

#include "figure/figure.h"

#define FIGURE_STACK_PARTS 8
#define FIGURE_STACK_ROWS 40	/* of one figure */

struct figure_stack_row {
	char *label;
	double part[FIGURE_STACK_PARTS];
	double *points;		/* of launches: where a bar or its mark ends */
	size_t npoints;
};

struct figure_stack {
	const char *const *parts;	/* their names */
	size_t nparts;
	struct figure_stack_row rows[FIGURE_STACK_ROWS];
	size_t nrows;
};

/* Takes over the label and the points. */
void figure_stack_add(struct figure_stack *s,
    const struct figure_stack_row *row);

/* How many launches its bars are of: "2 to 3 launches"; a new string. */
char *figure_stack_launches(const struct figure_stack *s);

/*
 * Put the rows into a figure, and forget them.  `most`: where the axis ends, NAN
 * for where the bars do.
 */
void figure_stack_end(struct figure_stack *s, struct figure *f, double most);

#endif
