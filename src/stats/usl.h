/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The Universal Scalability Law (Gunther 1993):
 *
 *	X(N) = gamma N / (1 + alpha (N - 1) + beta N (N - 1))
 *
 * alpha is the share that waits for its turn, beta the price of agreeing with
 * everybody else; neither is negative.  Fitted to relative errors: N / X is
 * linear in the coefficients.
 */
#ifndef VMSTRESS_USL_H
#define VMSTRESS_USL_H

#include <stddef.h>

#define USL_POINTS_MIN 6

/* What is called a misfit: root mean square of the relative residuals. */
#define USL_RESIDUAL_MAX 0.05

/* Two workers that do more than twice the work of one. */
#define USL_SUPERLINEAR 2.05

enum usl_fit {
	USL_FITS,
	USL_FEW_POINTS,
	USL_IS_SUPERLINEAR,
	USL_MISFIT,
	USL_BAD_VALUES		/* a rate that is not above 0 */
};

struct usl {
	double gamma, alpha, beta;
	double residual;	/* root mean square, relative */
	double peak;		/* N where X is most; INFINITY: no end */
};

/* n points: workers and rates.  The struct is filled for FITS and MISFIT. */
enum usl_fit usl_fit(const double *workers, const double *rate, size_t n,
    struct usl *u);

double usl_rate(const struct usl *u, double workers);

/*
 * The knee: the N at which one more worker adds half of what the first one
 * does, dX/dN = gamma / 2; 1 when it never adds so much, INFINITY: no end.
 */
double usl_knee(const struct usl *u);

/* Why there are no numbers, in words. */
const char *usl_why(enum usl_fit fit);

#endif
