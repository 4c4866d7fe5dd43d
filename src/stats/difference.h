/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Two independent samples compared by their means: Student's and Welch's t,
 * intervals, and equivalence.  Values are doubles in the caller's unit; for
 * ratios the caller passes logarithms.
 */
#ifndef VMSTRESS_DIFFERENCE_H
#define VMSTRESS_DIFFERENCE_H

#include <stdbool.h>
#include <stddef.h>

enum difference_kind {
	DIFFERENCE_WELCH,	/* each side has its own variance (Welch 1947) */
	DIFFERENCE_POOLED,	/* one variance for both (Student 1908) */
	DIFFERENCE_PAIRED	/* each value with its partner (Student 1908) */
};

struct difference {
	size_t n[2];
	double mean[2], sd[2];	/* sd: with n - 1 */
	double difference;	/* mean[1] - mean[0] */
	double sd_pooled;	/* POOLED only, else NAN */
	double sd_pairs;	/* of differences; PAIRED only, else NAN */
	double se, df;		/* of the difference; df of WELCH after Welch
				 * and Satterthwaite (1946) */
	double t, p;		/* two-sided; NAN when no value varies */
};

/*
 * 0, or -1 when a side has less than two values or one that is not finite, or
 * pairs are not complete.
 */
int difference_of(const double *base, size_t nbase, const double *new,
    size_t nnew, enum difference_kind kind, struct difference *d);

/* Half the width of the interval of the difference; NAN when nothing varies. */
double difference_half_width(const struct difference *d, double confidence);

/* Of the mean of a sample; NAN with less than two values. */
double difference_mean_half_width(const double *v, size_t n,
    double confidence);

/* Student's t for its degrees of freedom: two-sided, at a confidence. */
double difference_quantile(const struct difference *d, double confidence);

/*
 * Half the width of the interval of mean[1] / mean[0] for a quantile t, by the
 * delta method with the pooled variances of both sides, as ministat(1) prints
 * it in later versions, whose t has three decimals:
 *
 *	t sqrt((((n1-1) s1^2 + (n0-1) s0^2 (m1/m0)^2) (n0+n1)) /
 *	    (n0 n1 (n0+n1-2))) / m0
 */
double difference_ratio_half_width(const struct difference *d, double t);

/*
 * Two one-sided tests (Schuirmann 1987): the larger p of "the difference is at
 * most `low`" and "at least `high`".  Below alpha the difference lies inside,
 * and the interval at 1 - 2 alpha does, too.
 */
double difference_equivalence_p(const struct difference *d, double low,
    double high);

/* ---- how much can be seen ----------------------------------------------- */

/*
 * The smallest difference that a two-sided test at `alpha` with n values a side
 * finds with probability `power`, in units of their standard deviation; of n
 * pairs in units of the standard deviation of their differences.
 */
double difference_detectable(size_t n, double alpha, double power);
double difference_detectable_pairs(size_t n, double alpha, double power);

/* The least n a side, up to `max`, that detects `difference`; 0: none does. */
size_t difference_needed(double difference, double sd, double alpha,
    double power, size_t max);
size_t difference_needed_pairs(double difference, double sd, double alpha,
    double power, size_t max);

#endif
