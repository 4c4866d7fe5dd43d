/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where the variance of a measurement comes from: boots, launches within a
 * boot, samples within a launch; and how many of each are worth their cost.
 */
#ifndef VMSTRESS_VARIANCE_H
#define VMSTRESS_VARIANCE_H

#include <stdbool.h>
#include <stddef.h>

enum variance_level {
	VARIANCE_BOOT,
	VARIANCE_LAUNCH,
	VARIANCE_SAMPLE,
	VARIANCE_LEVELS
};

/*
 * One value, and the numbers of the groups that it is of.  Values of a group
 * are neighbours.  A kernel is a fixed effect: means of kernels may differ as
 * they like.
 */
struct variance_value {
	size_t kernel, boot, launch;
	double value;
};

struct variance_part {
	/*
	 * NAN: there are not two groups within one of the next level, and
	 * what varies is in the component of that level.
	 */
	double variance;
	bool negative;		/* the estimate was, and 0 stands for it */
	size_t df;		/* degrees of freedom */
	double mean_square;	/* NAN: df is 0 */
};

struct variance {
	struct variance_part part[VARIANCE_LEVELS];
};

/*
 * Components of a nested analysis of variance, by the method of moments for
 * unbalanced data: mean squares are set equal to what they are on average
 * (Searle, Casella and McCulloch, "Variance Components", 1992, chapter 5;
 * Henderson's method 1).  An estimate below 0 becomes 0, before those of the
 * levels above are made.
 */
void variance_components(const struct variance_value *v, size_t n,
    struct variance *result);

/*
 * Of the mean of one group of level `unit` that has so many launches of so many
 * samples; counts of levels above are not used.
 */
double variance_of_unit(const struct variance *v, enum variance_level unit,
    size_t launches, size_t samples);

/*
 * How many repetitions of the lower level in each of the upper one give the
 * least variance for their cost (Kalibera and Jones, "Rigorous Benchmarking in
 * Reasonable Time", ISMM 2013):
 *
 *	ceil(sqrt(cost_upper / cost_lower * var_lower / var_upper))
 *
 * where the cost of the upper level does not include that of the lower one.
 * From 1 to `max`, which it is when the upper level does not vary or the lower
 * costs nothing; 0 when something is not known (NAN).
 */
size_t variance_optimum(double cost_upper, double cost_lower, double var_upper,
    double var_lower, size_t max);

#endif
