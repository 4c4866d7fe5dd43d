/* SPDX-License-Identifier: BSD-2-Clause */
/* The laws of the units of a side; see compare_laws.h. */
#include "config.h"

#include "present/compare_laws.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "stats/difference.h"
#include "stats/summary.h"

/* Of each unit. */
struct laws {
	double *alpha, *beta, *knee, *peak;	/* of those with a law */
	double *most;			/* workers with the highest rate */
	size_t n, nmost;
	size_t knees, peaks;		/* of them: those that have an end */
	enum usl_fit worst;
};

static bool
laws_rates(const struct compare_sweep *s, size_t side, size_t unit,
    double *rate)
{
	size_t i;

	for (i = 0; i < s->n; i++) {
		rate[i] = exp(s->rows[i]->values[side].log[unit]);
		if (isnan(rate[i]))
			return false;
	}
	return true;
}

static double
laws_most(const struct compare_sweep *s, const double *rate)
{
	size_t i, most = 0;

	for (i = 1; i < s->n; i++)
		if (rate[i] > rate[most])
			most = i;
	return s->x[most];
}

static void
laws_fit(const struct compare_sweep *s, size_t side, struct laws *l)
{
	size_t units = s->c->sides[side].nunits, unit;
	double *rate = mem_array(NULL, s->n, sizeof(*rate));
	enum usl_fit fit;
	struct usl u;

	for (unit = 0; unit < units; unit++) {
		if (!laws_rates(s, side, unit, rate))
			continue;
		l->most[l->nmost++] = laws_most(s, rate);
		fit = usl_fit(s->x, rate, s->n, &u);
		if (fit != USL_FITS) {
			l->worst = fit;
			continue;
		}
		l->alpha[l->n] = u.alpha;
		l->beta[l->n++] = u.beta;
		if (!isinf(u.peak))
			l->peak[l->peaks++] = u.peak;
		if (!isinf(usl_knee(&u)))
			l->knee[l->knees++] = usl_knee(&u);
	}
	free(rate);
}

static struct compare_estimate
laws_estimate(const double *v, size_t n, size_t units)
{
	struct compare_estimate e = { NAN, NAN, NAN };
	double half;

	if (n == 0 || n < units)
		return e;
	e.mean = summary_mean(v, n);
	half = difference_mean_half_width(v, n, COMPARE_LAWS_CONFIDENCE);
	e.low = e.mean - half;
	e.high = e.mean + half;
	return e;
}

struct compare_laws
compare_laws(const struct compare_sweep *s, size_t side)
{
	size_t units = s->c->sides[side].nunits;
	double *room = mem_array(NULL, units * 5 + 1, sizeof(*room));
	struct laws l = {
		.alpha = room, .beta = room + units, .knee = room + 2 * units,
		.peak = room + 3 * units, .most = room + 4 * units,
		.worst = USL_FITS,
	};
	struct compare_laws r;

	laws_fit(s, side, &l);
	r.units = l.nmost;
	r.fit = l.worst;
	r.alpha = laws_estimate(l.alpha, l.n, l.n);
	r.beta = laws_estimate(l.beta, l.n, l.n);
	r.knee = laws_estimate(l.knee, l.knees, l.n);
	r.peak = laws_estimate(l.peak, l.peaks, l.n);
	r.most = r.most_from = r.most_to = NAN;
	if (l.nmost > 0) {
		r.most = summary_median(l.most, l.nmost);
		r.most_from = summary_min(l.most, l.nmost);
		r.most_to = summary_max(l.most, l.nmost);
	}
	free(room);
	return r;
}
