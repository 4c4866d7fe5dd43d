/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The search for what looks odd; see compare_shape.h.
 *
 * There are many points, and noise gives something at some of them.  So what
 * is called clear has
 *
 * - of outliers and groups: a strength that one set in a hundred has by chance
 *   (shape.h), and a size of the least effect or more.  A value that is off by
 *   less moves no mean by what matters.
 * - of drift: p < 0.01 after the adjustment by the false discovery rate over
 *   all points and sides.  Not Holm: a machine that warms up drifts at all of
 *   its points together, and the rate holds for tests that depend on each
 *   other in this way (Benjamini, Yekutieli 2001).
 */
#include "config.h"

#include "present/compare_shape.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/mem.h"
#include "stats/adjust.h"
#include "stats/shape.h"
#include "stats/summary.h"

#define SHAPE_DRIFT_P 0.01

/*
 * Two of 5! orders, all rising and all falling, are more than 1%: fewer values
 * can say nothing and only make the adjustment larger.
 */
#define SHAPE_DRIFT_MIN 6

/* Changes below this are rounding. */
#define SHAPE_ROUNDING 1e-9

struct shape_search {
	const struct compare *c;
	struct compare_odd *found;
	size_t n, cap;
	/* Of every drift that was tested; where it became a finding, which. */
	struct shape_tested {
		double p;
		size_t at;		/* SIZE_MAX: none */
	} *tested;
	size_t ntested, tested_cap;
};

static struct compare_odd *
shape_add(struct shape_search *s, size_t row, size_t side,
    enum compare_odd_kind kind)
{
	struct compare_odd *odd;

	s->found = mem_grow(s->found, s->n, &s->cap, sizeof(*s->found));
	odd = &s->found[s->n++];
	*odd = (struct compare_odd){
		.row = row, .side = side, .kind = kind,
		.strength = NAN, .change = NAN, .mean = { NAN, NAN },
		.p = NAN, .p_adjusted = NAN,
	};
	return odd;
}

/* 1: clear groups, of which no member is an outlier as well. */
static bool
shape_find_groups(struct shape_search *s, size_t row, size_t side,
    const double *v, size_t n)
{
	struct compare_odd *odd;
	struct shape_groups g;
	double change;

	if (!shape_groups(v, n, &g))
		return false;
	change = exp(g.mean[1] - g.mean[0]) - 1;
	if (change < SHAPE_ROUNDING)
		return false;
	odd = shape_add(s, row, side, COMPARE_ODD_GROUPS);
	odd->strength = g.ratio;
	odd->change = change;
	odd->n[0] = g.n[0];
	odd->n[1] = g.n[1];
	odd->mean[0] = exp(g.mean[0]);
	odd->mean[1] = exp(g.mean[1]);
	odd->clear = g.ratio > g.noise && change >= s->c->effect;
	return odd->clear;
}

static void
shape_find_outliers(struct shape_search *s, size_t row, size_t side,
    const double *v, const size_t *unit, size_t n)
{
	struct shape_outlier *far = mem_array(NULL, n, sizeof(*far));
	size_t count = shape_outliers(v, n, far), i;
	struct compare_odd *odd;
	double change;

	for (i = 0; i < count; i++) {
		change = exp(v[far[i].at] - summary_median(v, n)) - 1;
		if (fabs(change) < SHAPE_ROUNDING)
			continue;
		odd = shape_add(s, row, side, COMPARE_ODD_OUTLIER);
		odd->strength = far[i].z;
		odd->change = change;
		odd->unit = unit[far[i].at];
		odd->clear = fabs(far[i].z) > far[i].noise &&
		    fabs(change) >= s->c->effect;
	}
	free(far);
}

static void
shape_find_drift(struct shape_search *s, size_t row, size_t side,
    const double *v, const double *when, size_t n)
{
	struct shape_tested *t;
	struct compare_odd *odd;
	struct shape_drift d;

	if (n < SHAPE_DRIFT_MIN || shape_drift(when, v, n, &d) != 0)
		return;
	s->tested = mem_grow(s->tested, s->ntested, &s->tested_cap,
	    sizeof(*s->tested));
	t = &s->tested[s->ntested++];
	*t = (struct shape_tested){ d.p, SIZE_MAX };
	if (!(d.p < SHAPE_DRIFT_P))
		return;
	t->at = s->n;
	odd = shape_add(s, row, side, COMPARE_ODD_DRIFT);
	odd->strength = d.rho;
	odd->p = d.p;
}

static void
shape_adjust_drift(struct shape_search *s)
{
	double *p = mem_array(NULL, s->ntested, sizeof(*p));
	struct compare_odd *odd;
	size_t i;

	for (i = 0; i < s->ntested; i++)
		p[i] = s->tested[i].p;
	adjust_false_discovery(p, s->ntested);
	for (i = 0; i < s->ntested; i++) {
		if (s->tested[i].at == SIZE_MAX)
			continue;
		odd = &s->found[s->tested[i].at];
		odd->p_adjusted = p[i];
		odd->clear = p[i] < SHAPE_DRIFT_P;
	}
	free(p);
}

static void
shape_look_at(struct shape_search *s, size_t row, size_t side)
{
	const struct compare_value *value = &s->c->rows[row].values[side];
	size_t units = s->c->sides[side].nunits, i, n = 0;
	double *v = mem_array(NULL, units, sizeof(*v));
	double *when = mem_array(NULL, units, sizeof(*when));
	size_t *unit = mem_array(NULL, units, sizeof(*unit));

	for (i = 0; i < units; i++) {
		if (isnan(value->log[i]))
			continue;
		v[n] = value->log[i];
		when[n] = (double)i;
		unit[n++] = i;
	}
	if (n > 0 && !shape_find_groups(s, row, side, v, n))
		shape_find_outliers(s, row, side, v, unit, n);
	shape_find_drift(s, row, side, v, when, n);
	free(v);
	free(when);
	free(unit);
}

struct compare_odd *
compare_shape_find(const struct compare *c, size_t *n)
{
	struct shape_search s = { .c = c };
	size_t row, side;

	for (row = 0; row < c->nrows; row++)
		for (side = 0; side < c->nsides; side++)
			shape_look_at(&s, row, side);
	shape_adjust_drift(&s);
	free(s.tested);
	*n = s.n;
	return s.found;
}
