/* SPDX-License-Identifier: BSD-2-Clause */
/* Axes whose numbers have a unit, in powers of a thousand; and room. */
#ifndef VMSTRESS_FIGURE_SCALE_H
#define VMSTRESS_FIGURE_SCALE_H

#include "figure/figure.h"

/* Least and greatest so far; begin with { INFINITY, -INFINITY }. */
struct figure_range {
	double low, high;
};

/* NAN and infinities are passed over. */
void figure_range_add(struct figure_range *r, double value);

/* "12 us" of 12e-6 s; without a unit "12u"; a new string. */
char *figure_scale_text(double value, const char *unit);

/*
 * A logarithmic axis, "x" or "y", around values above 0: its range, and tics at
 * 1, 2 and 5 times powers of ten where there are few powers.
 */
void figure_scale_log(struct figure *f, const char *axis, struct figure_range r,
    const char *unit);

/*
 * Tics of a logarithmic axis with room for so many labels, at these rising
 * values unless they are close to each other.
 */
void figure_scale_at(struct figure *f, const char *axis, const double *values,
    size_t n, int labels);

/* "3 launches", "2 to 3 launches"; a new string. */
char *figure_launch_count(size_t least, size_t most);

/* Room for names in the key that are longer than a figure is wide. */
void figure_wide_key(struct figure *f);

#endif
