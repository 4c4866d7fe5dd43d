/* SPDX-License-Identifier: BSD-2-Clause */
/* Step-down maxT over a sweep; see labelling.h. */
#include "config.h"

#include "stats/labelling.h"

#include <gsl/gsl_sf_gamma.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/random.h"
#include "stats/step_down.h"

struct labelling_work {
	const double *v;
	size_t units, nbase, points;
	size_t *pick;		/* units with the label "base", rising */
	bool *is_base;
	bool *known;		/* points with enough values on both sides */
	double *t;		/* of the labelling at hand */
	struct step_down down;
	double *sd[2], *mean[2], *n[2], *sorted;
};

/*
 * Mean and deviation of both sides at a point, over the values that are there.
 * Of less than two there is none.
 */
static void
labelling_sides(struct labelling_work *w, size_t point)
{
	double sum[2] = { 0, 0 }, squares[2] = { 0, 0 }, x;
	size_t n[2] = { 0, 0 }, i;
	int side;

	for (i = 0; i < w->units; i++) {
		side = w->is_base[i] ? 0 : 1;
		x = w->v[i * w->points + point];
		if (isnan(x))
			continue;
		sum[side] += x;
		n[side]++;
	}
	for (side = 0; side < 2; side++)
		w->mean[side][point] = sum[side] / (double)n[side];
	for (i = 0; i < w->units; i++) {
		side = w->is_base[i] ? 0 : 1;
		x = w->v[i * w->points + point] - w->mean[side][point];
		if (!isnan(x))
			squares[side] += x * x;
	}
	for (side = 0; side < 2; side++) {
		w->n[side][point] = (double)n[side];
		w->sd[side][point] = n[side] > 1 ? sqrt(squares[side] /
		    (double)(n[side] - 1)) : NAN;
	}
}

static double
labelling_floor(struct labelling_work *w)
{
	size_t i, found = 0;

	for (i = 0; i < w->points; i++) {
		double s0 = w->sd[0][i], s1 = w->sd[1][i];
		double n0 = w->n[0][i], n1 = w->n[1][i];

		if (!isnan(s0) && !isnan(s1))
			w->sorted[found++] = sqrt(((n0 - 1) * s0 * s0 +
			    (n1 - 1) * s1 * s1) / (n0 + n1 - 2));
	}
	return step_down_floor(w->sorted, found);
}

static void
labelling_statistics(struct labelling_work *w)
{
	double floor, s0, s1, se, gap;
	size_t i;

	for (i = 0; i < w->points; i++)
		labelling_sides(w, i);
	floor = labelling_floor(w);
	for (i = 0; i < w->points; i++) {
		w->t[i] = 0;
		if (isnan(w->sd[0][i]) || isnan(w->sd[1][i]))
			continue;
		s0 = fmax(w->sd[0][i], floor);
		s1 = fmax(w->sd[1][i], floor);
		se = sqrt(s0 * s0 / w->n[0][i] + s1 * s1 / w->n[1][i]);
		gap = fabs(w->mean[1][i] - w->mean[0][i]);
		w->t[i] = se > 0 ? gap / se : gap > 0 ? INFINITY : 0;
	}
}

/* The next choice of nbase out of the units in lexical order; false: none. */
static bool
labelling_next(struct labelling_work *w)
{
	size_t k = w->nbase, i;

	while (k > 0 && w->pick[k - 1] == w->units - w->nbase + k - 1)
		k--;
	if (k == 0)
		return false;
	w->pick[k - 1]++;
	for (i = k; i < w->nbase; i++)
		w->pick[i] = w->pick[i - 1] + 1;
	return true;
}

static void
labelling_apply(struct labelling_work *w)
{
	size_t i;

	memset(w->is_base, 0, w->units * sizeof(*w->is_base));
	for (i = 0; i < w->nbase; i++)
		w->is_base[w->pick[i]] = true;
}

/* Any choice with the same probability. */
static void
labelling_draw(struct labelling_work *w, struct random *r)
{
	size_t left = w->nbase, i;

	for (i = 0; i < w->units; i++) {
		w->is_base[i] = random_below(r, w->units - i) < left;
		left -= w->is_base[i];
	}
}

static void
labelling_count(struct labelling_work *w)
{
	labelling_statistics(w);
	step_down_count(&w->down, w->t);
}

static void
labelling_observe(struct labelling_work *w)
{
	size_t i;

	for (i = 0; i < w->nbase; i++)
		w->pick[i] = i;
	labelling_apply(w);
	labelling_statistics(w);
	for (i = 0; i < w->points; i++)
		w->known[i] = !isnan(w->sd[0][i]) && !isnan(w->sd[1][i]);
	step_down_begin(&w->down, w->t, w->points);
}

static void
labelling_run(struct labelling_work *w, uint64_t seed,
    const struct labelling *l)
{
	struct random r = { seed };

	if (l->exact) {
		do {
			labelling_apply(w);
			labelling_count(w);
		} while (labelling_next(w));
		return;
	}
	/* The one at hand is one of them. */
	labelling_apply(w);
	labelling_count(w);
	while (w->down.tried < LABELLING_MAX) {
		labelling_draw(w, &r);
		labelling_count(w);
	}
}

static void
labelling_allocate(struct labelling_work *w)
{
	size_t n = w->points * sizeof(double);
	int side;

	w->pick = mem_zalloc(w->units * sizeof(*w->pick));
	w->is_base = mem_zalloc(w->units * sizeof(*w->is_base));
	w->known = mem_zalloc(w->points * sizeof(*w->known));
	w->t = mem_zalloc(n);
	w->sorted = mem_zalloc(n);
	for (side = 0; side < 2; side++) {
		w->sd[side] = mem_zalloc(n);
		w->mean[side] = mem_zalloc(n);
		w->n[side] = mem_zalloc(n);
	}
}

static void
labelling_free(struct labelling_work *w)
{
	int side;

	free(w->pick);
	free(w->is_base);
	free(w->known);
	free(w->t);
	step_down_free(&w->down);
	free(w->sorted);
	for (side = 0; side < 2; side++) {
		free(w->sd[side]);
		free(w->mean[side]);
		free(w->n[side]);
	}
}

int
labelling_max_t(const double *v, size_t nbase, size_t nnew, size_t points,
    uint64_t seed, double *p, struct labelling *l)
{
	struct labelling_work w = {
		.v = v, .units = nbase + nnew, .nbase = nbase, .points = points
	};
	double all = nbase + nnew < 1000 ? gsl_sf_choose(
	    (unsigned)(nbase + nnew), (unsigned)nbase) : INFINITY;

	if (nbase < 2 || nnew < 2 || points == 0 ||
	    !step_down_usable(v, w.units * points))
		return -1;
	labelling_allocate(&w);
	labelling_observe(&w);
	l->exact = all <= LABELLING_MAX;
	labelling_run(&w, seed, l);
	l->tried = w.down.tried;
	/* With as many units on both sides a labelling has a mirror image. */
	l->smallest_p = (l->exact && nbase == nnew ? 2.0 : 1.0) /
	    (double)l->tried;
	step_down_finish(&w.down, w.known, p);
	labelling_free(&w);
	return 0;
}

size_t
labelling_units(double alpha)
{
	double all = 1;
	size_t n;

	for (n = 1;; n++) {
		/* (2n over n), from that of n - 1 */
		all *= 2 * (2 * (double)n - 1) / (double)n;
		if (all > LABELLING_MAX)
			return 1.0 / LABELLING_MAX <= alpha ? n : 0;
		if (2 / all <= alpha)
			return n;
	}
}
