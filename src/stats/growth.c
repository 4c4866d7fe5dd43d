/* SPDX-License-Identifier: BSD-2-Clause */
/* How a cost grows with a size; see growth.h. */
#include "config.h"

#include "stats/growth.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_fit.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/mem.h"

static bool
growth_usable(const double *size, const double *cost, size_t n)
{
	bool differ = false;
	size_t i;

	for (i = 0; i < n; i++) {
		if (!(size[i] > 0) || !(cost[i] > 0) || !isfinite(size[i]) ||
		    !isfinite(cost[i]))
			return false;
		differ |= size[i] != size[0];
	}
	return n >= 3 && differ;
}

int
growth_fit(const double *size, const double *cost, size_t n, struct growth *g)
{
	double *x, *y, c0, cov00, cov01, cov11, sumsq;
	size_t i;

	if (!growth_usable(size, cost, n))
		return -1;
	x = mem_array(NULL, n, sizeof(*x));
	y = mem_array(NULL, n, sizeof(*y));
	for (i = 0; i < n; i++) {
		x[i] = log(size[i]);
		y[i] = log(cost[i]);
	}
	gsl_fit_linear(x, 1, y, 1, n, &c0, &g->exponent, &cov00, &cov01,
	    &cov11, &sumsq);
	free(x);
	free(y);
	g->n = n;
	g->factor = exp(c0);
	g->se = sqrt(cov11);
	g->df = (double)n - 2;
	g->residual = sqrt(sumsq / g->df);
	return 0;
}

double
growth_half_width(const struct growth *g, double confidence)
{
	return g->se * gsl_cdf_tdist_Qinv((1 - confidence) / 2, g->df);
}

void
growth_compare(const struct growth *base, const struct growth *new,
    double confidence, struct growth_difference *d)
{
	double v0 = base->se * base->se, v1 = new->se * new->se;
	double se = sqrt(v0 + v1), df;

	d->difference = new->exponent - base->exponent;
	d->half_width = d->p = NAN;
	if (!(se > 0))
		return;
	df = (v0 + v1) * (v0 + v1) / (v0 * v0 / base->df + v1 * v1 / new->df);
	d->half_width = se * gsl_cdf_tdist_Qinv((1 - confidence) / 2, df);
	d->p = 2 * gsl_cdf_tdist_Q(fabs(d->difference) / se, df);
}
