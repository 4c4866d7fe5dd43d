/* SPDX-License-Identifier: BSD-2-Clause */
/* What is odd about a few values; see shape.h. */
#include "config.h"

#include "stats/shape.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "stats/summary.h"

/* ---- what noise gives ------------------------------------------------------ */

/*
 * The 99th percentile, over 300,000 sets of n normal values for each n from
 * SHAPE_VALUES_MIN on, of the largest modified z and of the largest ratio of
 * gap and deviation (R 4.2, rnorm).  Of more values (of z, 50, 200 and 1000 were
 * tried) it is less than the last one; test_shape.c draws anew.
 */
static const double shape_noise_z[] = {
	16.21, 18.45, 10.08, 10.66, 8.03, 8.30,
	6.89, 7.04, 6.30, 6.41, 5.89, 5.96,
	5.58, 5.64, 5.39, 5.44, 5.24
};

static const double shape_noise_gap[] = {
	15.89, 10.36, 7.54, 6.03, 5.04, 4.39,
	3.87, 3.51, 3.23, 2.98
};

static double
shape_noise(const double *table, size_t count, size_t n)
{
	size_t i = n - SHAPE_VALUES_MIN;

	return table[i < count ? i : count - 1];
}

/* ---- outliers -------------------------------------------------------------- */

/* What one unit of z is, and what noise gives; 0: nothing varies. */
static double
shape_scale(const double *distance, size_t n, double *noise)
{
	double mad = summary_median(distance, n);

	if (mad > 0) {
		*noise = shape_noise(shape_noise_z, sizeof(shape_noise_z) /
		    sizeof(shape_noise_z[0]), n);
		return mad / 0.6745;
	}
	*noise = SHAPE_OUTLIER_Z;
	return 1.253314 * summary_mean(distance, n);
}

size_t
shape_outliers(const double *v, size_t n, struct shape_outlier *found)
{
	double *distance, median, scale, noise, z;
	size_t i, count = 0;

	if (n < SHAPE_VALUES_MIN)
		return 0;
	median = summary_median(v, n);
	distance = mem_array(NULL, n, sizeof(*distance));
	for (i = 0; i < n; i++)
		distance[i] = fabs(v[i] - median);
	scale = shape_scale(distance, n, &noise);
	free(distance);
	for (i = 0; i < n && scale > 0; i++) {
		z = (v[i] - median) / scale;
		if (fabs(z) > SHAPE_OUTLIER_Z)
			found[count++] = (struct shape_outlier){ i, z, noise };
	}
	return count;
}

/* ---- two groups ------------------------------------------------------------ */

static int
shape_rising(const void *a, const void *b)
{
	double x, y;

	memcpy(&x, a, sizeof(x));
	memcpy(&y, b, sizeof(y));
	return (x > y) - (x < y);
}

/*
 * The split before v[k]; sums and squares are of the values below each index,
 * from their mean, so that no digits are lost.
 */
static struct shape_groups
shape_split(const double *v, size_t n, size_t k, const double *sums,
    const double *squares)
{
	double low = (double)k, high = (double)(n - k), rest = sums[n] - sums[k];
	double within = squares[n] - sums[k] * sums[k] / low -
	    rest * rest / high;
	struct shape_groups g = {
		.n = { k, n - k },
		.mean = { sums[k] / low, rest / high },
		.gap = v[k] - v[k - 1],
		.sd = sqrt(fmax(within, 0) / (double)(n - 2)),
	};

	/* 0 / 0: all of them are equal. */
	g.ratio = g.gap > 0 ? g.gap / g.sd : 0;
	return g;
}

static struct shape_groups
shape_best_split(const double *v, size_t n, double mean)
{
	double *sums = mem_zalloc((n + 1) * sizeof(*sums));
	double *squares = mem_zalloc((n + 1) * sizeof(*squares));
	struct shape_groups best = { .ratio = 0 }, g;
	size_t i;

	for (i = 0; i < n; i++) {
		sums[i + 1] = sums[i] + (v[i] - mean);
		squares[i + 1] = squares[i] + (v[i] - mean) * (v[i] - mean);
	}
	for (i = 2; i + 2 <= n; i++) {
		g = shape_split(v, n, i, sums, squares);
		if (g.ratio > best.ratio)
			best = g;
	}
	best.mean[0] += mean;
	best.mean[1] += mean;
	free(sums);
	free(squares);
	return best;
}

bool
shape_groups(const double *v, size_t n, struct shape_groups *g)
{
	double *sorted;

	if (n < SHAPE_VALUES_MIN)
		return false;
	sorted = mem_array(NULL, n, sizeof(*sorted));
	memcpy(sorted, v, n * sizeof(*sorted));
	qsort(sorted, n, sizeof(*sorted), shape_rising);
	*g = shape_best_split(sorted, n, summary_mean(v, n));
	g->noise = shape_noise(shape_noise_gap, sizeof(shape_noise_gap) /
	    sizeof(shape_noise_gap[0]), n);
	free(sorted);
	return g->ratio > SHAPE_GROUPS_GAP;
}

/* ---- drift ------------------------------------------------------------------ */

/* How many of the sorted values are below x, or not above it. */
static size_t
shape_below(const double *sorted, size_t n, double x, bool equal)
{
	size_t low = 0, high = n, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (sorted[middle] < x || (equal && sorted[middle] <= x))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/*
 * Twice the rank of each from 1, ties at the middle of theirs: whole numbers
 * with the sum n (n + 1).
 */
static uint32_t *
shape_ranks(const double *v, size_t n)
{
	double *sorted = mem_array(NULL, n, sizeof(*sorted));
	uint32_t *rank = mem_array(NULL, n, sizeof(*rank));
	size_t i;

	memcpy(sorted, v, n * sizeof(*sorted));
	qsort(sorted, n, sizeof(*sorted), shape_rising);
	for (i = 0; i < n; i++)
		rank[i] = (uint32_t)(shape_below(sorted, n, v[i], false) +
		    shape_below(sorted, n, v[i], true) + 1);
	free(sorted);
	return rank;
}

static double
shape_product(const uint32_t *x, const uint32_t *y, size_t n)
{
	double sum = 0;
	size_t i;

	for (i = 0; i < n; i++)
		sum += (double)x[i] * y[i];
	return sum;
}

/*
 * In how many of the n! orders of y every sum of x[i] y[i] comes out: sets of
 * ranks that the first places took, each with its sums.
 */
static uint32_t *
shape_orders(const uint32_t *x, const uint32_t *y, size_t n, size_t sums)
{
	size_t sets = (size_t)1 << n, set, place, j, s, add;
	uint32_t *count = mem_zalloc(sets * sums * sizeof(*count));

	count[0] = 1;
	for (set = 0; set < sets - 1; set++) {
		place = (size_t)__builtin_popcountll(set);
		for (j = 0; j < n; j++) {
			const uint32_t *from = count + set * sums;
			uint32_t *to = count + (set | (size_t)1 << j) * sums;

			add = (size_t)x[place] * y[j];
			for (s = 0; (set >> j & 1) == 0 && s + add < sums; s++)
				to[s + add] += from[s];
		}
	}
	return count;
}

/* Without ties all of them are even; half of them makes for shorter work. */
static void
shape_halve(uint32_t *rank, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (rank[i] % 2 != 0)
			return;
	for (i = 0; i < n; i++)
		rank[i] /= 2;
}

static double
shape_sum(const uint32_t *x, size_t n)
{
	double sum = 0;
	size_t i;

	for (i = 0; i < n; i++)
		sum += x[i];
	return sum;
}

/* The share of orders that are as far from the middle as this one. */
static double
shape_exact_p(uint32_t *x, uint32_t *y, size_t n)
{
	double middle, distance, orders = 0, far = 0;
	size_t sums, s;
	uint32_t *count;
	const uint32_t *all;

	shape_halve(x, n);
	shape_halve(y, n);
	/* No sum is more (Cauchy, Schwarz). */
	sums = (size_t)sqrt(shape_product(x, x, n) * shape_product(y, y, n)) +
	    2;
	count = shape_orders(x, y, n, sums);
	all = count + (((size_t)1 << n) - 1) * sums;
	middle = shape_sum(x, n) * shape_sum(y, n) / (double)n;
	distance = fabs(shape_product(x, y, n) - middle);
	for (s = 0; s < sums; s++) {
		orders += all[s];
		if (fabs((double)s - middle) >= distance)
			far += all[s];
	}
	free(count);
	return far / orders;
}

/* No less than one order and its reverse are of all. */
static double
shape_student_p(double rho, size_t n)
{
	double df = (double)n - 2, t = fabs(rho) * sqrt(df / (1 - rho * rho));
	double least = 2 / tgamma((double)n + 1);

	return fmax(isfinite(t) ? 2 * gsl_cdf_tdist_Q(t, df) : 0, least);
}

int
shape_drift(const double *when, const double *v, size_t n,
    struct shape_drift *d)
{
	uint32_t *x, *y;
	double middle = (double)n * ((double)n + 1) * ((double)n + 1);
	double xx, yy;

	if (n < 3)
		return -1;
	x = shape_ranks(when, n);
	y = shape_ranks(v, n);
	xx = shape_product(x, x, n) - middle;
	yy = shape_product(y, y, n) - middle;
	if (xx > 0 && yy > 0) {
		d->rho = (shape_product(x, y, n) - middle) / sqrt(xx * yy);
		d->rho = fmax(-1, fmin(1, d->rho));
		d->exact = n <= SHAPE_EXACT_MAX;
		d->p = d->exact ? shape_exact_p(x, y, n) :
		    shape_student_p(d->rho, n);
	}
	free(x);
	free(y);
	return xx > 0 && yy > 0 ? 0 : -1;
}
