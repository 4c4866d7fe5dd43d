/* SPDX-License-Identifier: BSD-2-Clause */
/* Summaries of small arrays; see summary.h. */
#include "config.h"

#include "stats/summary.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

static int
compare(const void *a, const void *b)
{
	double x, y;

	memcpy(&x, a, sizeof(x));
	memcpy(&y, b, sizeof(y));
	return (x > y) - (x < y);
}

double
summary_median(const double *v, size_t n)
{
	double *sorted = mem_array(NULL, n, sizeof(*v));
	double middle;

	memcpy(sorted, v, n * sizeof(*v));
	qsort(sorted, n, sizeof(*v), compare);
	middle = sorted[n / 2];
	if (n % 2 == 0)
		middle = sorted[n / 2 - 1] / 2 + middle / 2;
	free(sorted);
	return middle;
}

double
summary_mean(const double *v, size_t n)
{
	double sum = 0;
	size_t i;

	for (i = 0; i < n; i++)
		sum += v[i];
	return sum / (double)n;
}

double
summary_min(const double *v, size_t n)
{
	double low = v[0];
	size_t i;

	for (i = 1; i < n; i++)
		if (v[i] < low)
			low = v[i];
	return low;
}

double
summary_max(const double *v, size_t n)
{
	double high = v[0];
	size_t i;

	for (i = 1; i < n; i++)
		if (v[i] > high)
			high = v[i];
	return high;
}

/*
 * In two passes: the difference of two large sums of squares would lose the
 * small deviations that are of interest.
 */
double
summary_sd(const double *v, size_t n)
{
	double mean, squares = 0;
	size_t i;

	if (n < 2)
		return NAN;
	mean = summary_mean(v, n);
	for (i = 0; i < n; i++)
		squares += (v[i] - mean) * (v[i] - mean);
	return sqrt(squares / (double)(n - 1));
}

double
summary_fairness(const double *v, size_t n)
{
	double sum = 0, squares = 0;
	size_t i;

	for (i = 0; i < n; i++) {
		sum += v[i];
		squares += v[i] * v[i];
	}
	if (sum == 0)
		return NAN;
	/* Rounding must not make anything fairer than fair. */
	return fmin(sum * sum / ((double)n * squares), 1.0);
}
