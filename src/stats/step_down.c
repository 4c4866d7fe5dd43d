/* SPDX-License-Identifier: BSD-2-Clause */
/* Step-down maxT; see step_down.h. */
#include "config.h"

#include "stats/step_down.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* Two statistics that differ by rounding are the same. */
#define STEP_DOWN_SAME 1e-9

/* With fewer points their quartile says nothing. */
#define STEP_DOWN_FLOOR_POINTS 4

struct step_down_place {
	double observed;
	size_t point;
};

/* Falling; equal ones as they came. */
static int
step_down_falling(const void *a, const void *b)
{
	const struct step_down_place *x = a, *y = b;

	if (x->observed != y->observed)
		return x->observed < y->observed ? 1 : -1;
	return (x->point > y->point) - (x->point < y->point);
}

static void
step_down_sort(struct step_down *s)
{
	struct step_down_place *list = mem_array(NULL, s->points,
	    sizeof(*list));
	size_t i;

	for (i = 0; i < s->points; i++)
		list[i] = (struct step_down_place){ s->observed[i], i };
	qsort(list, s->points, sizeof(*list), step_down_falling);
	for (i = 0; i < s->points; i++)
		s->order[i] = list[i].point;
	free(list);
}

void
step_down_begin(struct step_down *s, const double *t, size_t points)
{
	s->points = points;
	s->tried = 0;
	s->observed = mem_array(NULL, points, sizeof(*s->observed));
	s->order = mem_array(NULL, points, sizeof(*s->order));
	s->count = mem_zalloc(points * sizeof(*s->count));
	memcpy(s->observed, t, points * sizeof(*t));
	step_down_sort(s);
}

void
step_down_count(struct step_down *s, const double *t)
{
	double most = 0, seen;
	size_t k, point;

	for (k = s->points; k-- > 0;) {
		point = s->order[k];
		most = fmax(most, t[point]);
		seen = s->observed[point];
		/* Neither varies: one infinity is as extreme as another. */
		if (most >= seen ||
		    most >= seen - STEP_DOWN_SAME * fmax(seen, 1))
			s->count[point]++;
	}
	s->tried++;
}

/* A less extreme point is never surer than a more extreme one. */
void
step_down_finish(const struct step_down *s, const bool *known, double *p)
{
	double most = 0;
	size_t k, point;

	for (k = 0; k < s->points; k++) {
		point = s->order[k];
		most = fmax(most, (double)s->count[point] / (double)s->tried);
		p[point] = known[point] ? fmin(most, 1) : NAN;
	}
}

void
step_down_free(struct step_down *s)
{
	free(s->observed);
	free(s->order);
	free(s->count);
}

static int
step_down_rising(const void *a, const void *b)
{
	double x, y;

	memcpy(&x, a, sizeof(x));
	memcpy(&y, b, sizeof(y));
	return (x > y) - (x < y);
}

double
step_down_floor(double *sd, size_t n)
{
	if (n < STEP_DOWN_FLOOR_POINTS)
		return 0;
	qsort(sd, n, sizeof(*sd), step_down_rising);
	return sd[(n - 1) / 4];
}

bool
step_down_usable(const double *v, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (isinf(v[i]))
			return false;
	return true;
}
