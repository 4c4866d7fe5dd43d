/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Components of variance; see variance.h.
 *
 * With y_l the mean of the group of level l that a value is in, and n_l the
 * number of values in that group, sums over all values give everything:
 *
 *	sum of squares of level l	sum (y_l - y_(l-1))^2
 *	share of level m in it		sum (n_m / n_l - n_m / n_(l-1))
 *
 * Divided by the degrees of freedom, the latter is the factor with which the
 * component of level m is in the mean square of level l.
 */
#include "config.h"

#include "stats/variance.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"

/* Kernel, boot, launch, value: level l of variance.h stands at l + 1. */
#define VARIANCE_DEPTH (VARIANCE_LEVELS + 1)

struct variance_of_value {
	double mean[VARIANCE_DEPTH];
	double size[VARIANCE_DEPTH];
};

static bool
variance_same_group(const struct variance_value *a,
    const struct variance_value *b, int depth)
{
	return a->kernel == b->kernel && (depth < 1 || a->boot == b->boot) &&
	    (depth < 2 || a->launch == b->launch) && depth < 3;
}

/* Mean and size of the groups at a depth; returns how many there are. */
static size_t
variance_groups(const struct variance_value *v, size_t n, int depth,
    struct variance_of_value *of)
{
	size_t groups = 0, first, end, i;
	double sum;

	for (first = 0; first < n; first = end) {
		sum = 0;
		for (end = first; end < n && (end == first ||
		    variance_same_group(&v[first], &v[end], depth)); end++)
			sum += v[end].value;
		for (i = first; i < end; i++) {
			of[i].size[depth] = (double)(end - first);
			of[i].mean[depth] = sum / of[i].size[depth];
		}
		groups++;
	}
	return groups;
}

static double
variance_sum_of_squares(const struct variance_of_value *of, size_t n, int depth)
{
	double sum = 0, x;
	size_t i;

	for (i = 0; i < n; i++) {
		x = of[i].mean[depth] - of[i].mean[depth - 1];
		sum += x * x;
	}
	return sum;
}

static double
variance_share(const struct variance_of_value *of, size_t n, int depth,
    int lower)
{
	double sum = 0;
	size_t i;

	for (i = 0; i < n; i++)
		sum += of[i].size[lower] / of[i].size[depth] -
		    of[i].size[lower] / of[i].size[depth - 1];
	return sum;
}

/* One level, when those below it are known. */
static void
variance_solve(const struct variance_of_value *of, size_t n, int level,
    struct variance *result)
{
	struct variance_part *p = &result->part[level];
	double rest, df = (double)p->df;
	int lower;

	p->variance = p->mean_square = NAN;
	p->negative = false;
	if (p->df == 0)
		return;
	p->mean_square = variance_sum_of_squares(of, n, level + 1) / df;
	rest = p->mean_square;
	for (lower = level + 1; lower < VARIANCE_LEVELS; lower++)
		if (!isnan(result->part[lower].variance))
			rest -= result->part[lower].variance *
			    variance_share(of, n, level + 1, lower + 1) / df;
	p->negative = rest < 0;
	p->variance = p->negative ? 0 :
	    rest / (variance_share(of, n, level + 1, level + 1) / df);
}

void
variance_components(const struct variance_value *v, size_t n,
    struct variance *result)
{
	struct variance_of_value *of = mem_array(NULL, n, sizeof(*of));
	size_t groups[VARIANCE_DEPTH];
	int i;

	for (i = 0; i < VARIANCE_DEPTH; i++)
		groups[i] = variance_groups(v, n, i, of);
	for (i = VARIANCE_LEVELS - 1; i >= 0; i--) {
		result->part[i].df = groups[i + 1] - groups[i];
		variance_solve(of, n, i, result);
	}
	free(of);
}

static double
variance_or_0(const struct variance *v, enum variance_level level)
{
	double variance = v->part[level].variance;

	return isnan(variance) ? 0 : variance;
}

double
variance_of_unit(const struct variance *v, enum variance_level unit,
    size_t launches, size_t samples)
{
	double boot = variance_or_0(v, VARIANCE_BOOT);
	double sample = variance_or_0(v, VARIANCE_SAMPLE);
	double launch = variance_or_0(v, VARIANCE_LAUNCH);

	if (unit == VARIANCE_SAMPLE)
		return sample;
	launch += sample / (double)samples;
	return unit == VARIANCE_LAUNCH ? launch :
	    boot + launch / (double)launches;
}

size_t
variance_optimum(double cost_upper, double cost_lower, double var_upper,
    double var_lower, size_t max)
{
	double count;

	if (isnan(cost_upper) || isnan(cost_lower) || isnan(var_upper) ||
	    isnan(var_lower))
		return 0;
	if (!(var_lower > 0) || !(cost_upper > 0))
		return 1;
	if (!(var_upper > 0) || !(cost_lower > 0))
		return max;
	count = ceil(sqrt(cost_upper / cost_lower * (var_lower / var_upper)));
	return count >= (double)max ? max : (size_t)count;
}
