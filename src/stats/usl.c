/* SPDX-License-Identifier: BSD-2-Clause */
/* The Universal Scalability Law; see usl.h. */
#include "config.h"

#include "stats/usl.h"

#include <gsl/gsl_multifit.h>
#include <math.h>
#include <stdbool.h>

/* Beyond so many workers there is no end that anybody will see. */
#define USL_KNEE_MAX 1e9

/* Which of the three terms are in the fit. */
enum { USL_ALPHA = 1, USL_BETA = 2, USL_SETS = 4 };

double
usl_rate(const struct usl *u, double workers)
{
	return u->gamma * workers / (1 + u->alpha * (workers - 1) +
	    u->beta * workers * (workers - 1));
}

/* dX/dN in gammas: (1 - alpha - beta N^2) / (1 + alpha (N-1) + beta N (N-1))^2 */
static double
usl_slope(const struct usl *u, double n)
{
	double d = 1 + u->alpha * (n - 1) + u->beta * n * (n - 1);

	return (1 - u->alpha - u->beta * n * n) / (d * d);
}

double
usl_knee(const struct usl *u)
{
	double low = 1, high = 2, middle;
	int i;

	if (usl_slope(u, 1) <= 0.5)
		return 1;
	/* It falls everywhere, or nowhere. */
	while (usl_slope(u, high) > 0.5)
		if ((high *= 2) > USL_KNEE_MAX)
			return INFINITY;
	for (i = 0; i < 60; i++) {
		middle = (low + high) / 2;
		if (usl_slope(u, middle) > 0.5)
			low = middle;
		else
			high = middle;
	}
	return low;
}

const char *
usl_why(enum usl_fit fit)
{
	static const char *const words[] = {
		[USL_FITS] = "fits",
		[USL_FEW_POINTS] = "fewer than 6 worker counts",
		[USL_IS_SUPERLINEAR] =
		    "two workers do more than twice the work of one",
		[USL_MISFIT] = "the law does not fit: residuals above 5%",
		[USL_BAD_VALUES] = "a rate that is not above 0",
	};

	return words[fit];
}

static double
usl_residual(const struct usl *u, const double *workers, const double *rate,
    size_t n)
{
	double sum = 0, r;
	size_t i;

	for (i = 0; i < n; i++) {
		r = usl_rate(u, workers[i]) / rate[i] - 1;
		sum += r * r;
	}
	return sqrt(sum / (double)n);
}

/*
 * N / X = c0 + c1 (N - 1) + c2 N (N - 1), weighted so that a relative error
 * counts the same everywhere; without the terms that are not in the set.
 */
static bool
usl_try(int set, const double *workers, const double *rate, size_t n,
    struct usl *u)
{
	size_t terms = 1 + ((set & USL_ALPHA) != 0) + ((set & USL_BETA) != 0);
	gsl_matrix *x = gsl_matrix_alloc(n, terms), *cov;
	gsl_vector *y = gsl_vector_alloc(n), *w = gsl_vector_alloc(n), *c;
	gsl_multifit_linear_workspace *work;
	double chisq, inverse;
	size_t i, k;

	for (i = 0; i < n; i++) {
		double v = workers[i], each = v / rate[i];

		k = 0;
		gsl_matrix_set(x, i, k++, 1);
		if ((set & USL_ALPHA) != 0)
			gsl_matrix_set(x, i, k++, v - 1);
		if ((set & USL_BETA) != 0)
			gsl_matrix_set(x, i, k++, v * (v - 1));
		gsl_vector_set(y, i, each);
		gsl_vector_set(w, i, 1 / (each * each));
	}
	c = gsl_vector_alloc(terms);
	cov = gsl_matrix_alloc(terms, terms);
	work = gsl_multifit_linear_alloc(n, terms);
	gsl_multifit_wlinear(x, w, y, c, cov, &chisq, work);
	inverse = gsl_vector_get(c, 0);
	k = 1;
	u->gamma = 1 / inverse;
	u->alpha = (set & USL_ALPHA) != 0 ? gsl_vector_get(c, k++) / inverse : 0;
	u->beta = (set & USL_BETA) != 0 ? gsl_vector_get(c, k++) / inverse : 0;
	gsl_multifit_linear_free(work);
	gsl_matrix_free(cov);
	gsl_matrix_free(x);
	gsl_vector_free(c);
	gsl_vector_free(w);
	gsl_vector_free(y);
	return inverse > 0 && u->alpha >= 0 && u->beta >= 0;
}

static enum usl_fit
usl_refuse(const double *workers, const double *rate, size_t n)
{
	double one = NAN, two = NAN;
	size_t i;

	for (i = 0; i < n; i++) {
		if (!(workers[i] >= 1) || !(rate[i] > 0) || !isfinite(rate[i]))
			return USL_BAD_VALUES;
		if (workers[i] == 1)
			one = rate[i];
		if (workers[i] == 2)
			two = rate[i];
	}
	if (n < USL_POINTS_MIN)
		return USL_FEW_POINTS;
	return two / one > USL_SUPERLINEAR ? USL_IS_SUPERLINEAR : USL_FITS;
}

enum usl_fit
usl_fit(const double *workers, const double *rate, size_t n, struct usl *u)
{
	enum usl_fit why = usl_refuse(workers, rate, n);
	struct usl one;
	bool found = false;
	int set;

	if (why != USL_FITS)
		return why;
	/* The best of the fits that are allowed is the constrained one. */
	for (set = 0; set < USL_SETS; set++) {
		if (!usl_try(set, workers, rate, n, &one))
			continue;
		one.residual = usl_residual(&one, workers, rate, n);
		if (!found || one.residual < u->residual)
			*u = one;
		found = true;
	}
	if (!found)
		return USL_BAD_VALUES;
	u->peak = u->beta > 0 ? fmax(sqrt(fmax(1 - u->alpha, 0) / u->beta), 1) :
	    INFINITY;
	return u->residual > USL_RESIDUAL_MAX ? USL_MISFIT : USL_FITS;
}
