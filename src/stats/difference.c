/* SPDX-License-Identifier: BSD-2-Clause */
/* Two samples compared by their means; see difference.h. */
#include "config.h"

#include "stats/difference.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

#include "stats/summary.h"

static bool
difference_usable(const double *v, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (!isfinite(v[i]))
			return false;
	return n >= 2;
}

/* Standard error and degrees of freedom. */
static void
difference_error(struct difference *d, enum difference_kind kind)
{
	double n0 = (double)d->n[0], n1 = (double)d->n[1];
	double v0 = d->sd[0] * d->sd[0], v1 = d->sd[1] * d->sd[1];
	double e0 = v0 / n0, e1 = v1 / n1;

	if (kind == DIFFERENCE_PAIRED) {
		d->df = n0 - 1;
		d->se = d->sd_pairs / sqrt(n0);
		return;
	}
	if (kind == DIFFERENCE_POOLED) {
		d->df = n0 + n1 - 2;
		d->sd_pooled = sqrt(((n0 - 1) * v0 + (n1 - 1) * v1) / d->df);
		d->se = d->sd_pooled * sqrt(1 / n0 + 1 / n1);
		return;
	}
	d->se = sqrt(e0 + e1);
	d->df = d->se > 0 ? (e0 + e1) * (e0 + e1) /
	    (e0 * e0 / (n0 - 1) + e1 * e1 / (n1 - 1)) : n0 + n1 - 2;
}

/* Deviation of the differences of n pairs. */
static double
difference_sd_pairs(const double *base, const double *new, size_t n)
{
	double mean = 0, squares = 0, x;
	size_t i;

	for (i = 0; i < n; i++)
		mean += (new[i] - base[i]) / (double)n;
	for (i = 0; i < n; i++) {
		x = new[i] - base[i] - mean;
		squares += x * x;
	}
	return sqrt(squares / (double)(n - 1));
}

int
difference_of(const double *base, size_t nbase, const double *new,
    size_t nnew, enum difference_kind kind, struct difference *d)
{
	if (!difference_usable(base, nbase) || !difference_usable(new, nnew) ||
	    (kind == DIFFERENCE_PAIRED && nbase != nnew))
		return -1;
	d->n[0] = nbase;
	d->n[1] = nnew;
	d->mean[0] = summary_mean(base, nbase);
	d->mean[1] = summary_mean(new, nnew);
	d->sd[0] = summary_sd(base, nbase);
	d->sd[1] = summary_sd(new, nnew);
	d->difference = d->mean[1] - d->mean[0];
	d->sd_pooled = NAN;
	d->sd_pairs = kind == DIFFERENCE_PAIRED ? difference_sd_pairs(base, new,
	    nbase) : NAN;
	difference_error(d, kind);
	d->t = d->p = NAN;
	if (d->se > 0) {
		d->t = d->difference / d->se;
		d->p = 2 * gsl_cdf_tdist_Q(fabs(d->t), d->df);
	}
	return 0;
}

double
difference_quantile(const struct difference *d, double confidence)
{
	return gsl_cdf_tdist_Qinv((1 - confidence) / 2, d->df);
}

double
difference_mean_half_width(const double *v, size_t n, double confidence)
{
	if (!difference_usable(v, n))
		return NAN;
	return gsl_cdf_tdist_Qinv((1 - confidence) / 2, (double)n - 1) *
	    summary_sd(v, n) / sqrt((double)n);
}

double
difference_half_width(const struct difference *d, double confidence)
{
	if (!(d->se > 0))
		return NAN;
	return d->se * difference_quantile(d, confidence);
}

double
difference_ratio_half_width(const struct difference *d, double t)
{
	double n0 = (double)d->n[0], n1 = (double)d->n[1];
	double ratio = d->mean[1] / d->mean[0], v;

	v = (n1 - 1) * d->sd[1] * d->sd[1] +
	    (n0 - 1) * d->sd[0] * d->sd[0] * ratio * ratio;
	if (!(v > 0))
		return NAN;
	v *= (n0 + n1) / (n0 * n1 * (n0 + n1 - 2));
	return t * sqrt(v) / fabs(d->mean[0]);
}

double
difference_equivalence_p(const struct difference *d, double low, double high)
{
	double above, below;

	if (!(d->se > 0))
		return d->difference > low && d->difference < high ? 0 : 1;
	above = gsl_cdf_tdist_Q((d->difference - low) / d->se, d->df);
	below = gsl_cdf_tdist_P((d->difference - high) / d->se, d->df);
	return above > below ? above : below;
}

static double
difference_quantiles(double df, double alpha, double power)
{
	return gsl_cdf_tdist_Qinv(alpha / 2, df) +
	    gsl_cdf_tdist_Pinv(power, df);
}

double
difference_detectable(size_t n, double alpha, double power)
{
	if (n < 2)
		return INFINITY;
	return sqrt(2 / (double)n) * difference_quantiles(2 * (double)n - 2,
	    alpha, power);
}

double
difference_detectable_pairs(size_t n, double alpha, double power)
{
	if (n < 2)
		return INFINITY;
	return sqrt(1 / (double)n) * difference_quantiles((double)n - 1, alpha,
	    power);
}

static size_t
difference_least(double (*detectable)(size_t n, double alpha, double power),
    double wanted, double alpha, double power, size_t max)
{
	size_t n;

	for (n = 2; n <= max; n++)
		if (detectable(n, alpha, power) <= wanted)
			return n;
	return 0;
}

size_t
difference_needed(double difference, double sd, double alpha, double power,
    size_t max)
{
	return difference_least(difference_detectable, difference / sd, alpha,
	    power, max);
}

size_t
difference_needed_pairs(double difference, double sd, double alpha,
    double power, size_t max)
{
	return difference_least(difference_detectable_pairs, difference / sd,
	    alpha, power, max);
}
