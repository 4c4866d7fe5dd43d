/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How a cost grows with a size: the exponent b of cost = a size^b, the slope
 * of a straight line through the logarithms (least squares).
 */
#ifndef VMSTRESS_GROWTH_H
#define VMSTRESS_GROWTH_H

#include <stddef.h>

struct growth {
	size_t n;		/* points */
	double exponent, factor;	/* b, a */
	double se, df;		/* of b; df = n - 2 */
	double residual;	/* standard deviation of the logarithms */
};

/* -1: less than three points, all of one size, or a value not above 0. */
int growth_fit(const double *size, const double *cost, size_t n,
    struct growth *g);

double growth_half_width(const struct growth *g, double confidence);

/*
 * Exponents of two curves: b[1] - b[0], half the width of its interval
 * (Satterthwaite's degrees of freedom), and the two-sided p.
 */
struct growth_difference {
	double difference, half_width, p;
};

void growth_compare(const struct growth *base, const struct growth *new,
    double confidence, struct growth_difference *d);

#endif
