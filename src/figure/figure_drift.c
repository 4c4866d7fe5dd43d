/* SPDX-License-Identifier: BSD-2-Clause */
/* Did the machine become slower or faster while it was measured? */
#include "config.h"

#include "figure/figure_kinds.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "figure/figure_axis.h"
#include "figure/figure_launches.h"
#include "stats/summary.h"

/* Of fewer launches nobody sees a trend. */
#define DRIFT_LAUNCHES 8

/* The line: medians of so many parts, each of at least so many launches. */
#define DRIFT_PARTS 16
#define DRIFT_PART 5

/* What is further out than so many times most of them is put at the edge. */
#define DRIFT_MOST 0.95
#define DRIFT_EDGE 3
#define DRIFT_LEAST 1		/* percent */

struct drift_launch {
	const struct figure_launch *launch;
	double residual;	/* percent, up is better */
	size_t at;		/* in time */
};

struct drift {
	const struct figure_launches *all;
	struct drift_launch *list;
	size_t n, cap;
	bool timed;		/* when launches ran is known */
	double edge;		/* INFINITY: nothing is beyond it */
	size_t beyond;
};

/* ---- residuals ---------------------------------------------------------------- */

/* Of one side at a point, from the mean of its launches. */
static void
drift_span(struct drift *d, const struct figure_span *s,
    const struct gather_metric *metric)
{
	double sum = 0, value;
	size_t i, n = 0;

	for (i = 0; i < s->n; i++) {
		value = figure_launches_value(&s->launches[i], metric->name);
		sum += isnan(value) ? 0 : log(value);
		n += !isnan(value);
	}
	for (i = 0; i < s->n && n >= 2; i++) {
		value = figure_launches_value(&s->launches[i], metric->name);
		if (isnan(value))
			continue;
		value = log(value) - sum / (double)n;
		d->list = mem_grow(d->list, d->n, &d->cap, sizeof(*d->list));
		d->list[d->n++] = (struct drift_launch) { &s->launches[i],
		    (exp(metric->lower ? -value : value) - 1) * 100, 0 };
	}
}

static void
drift_read(struct drift *d)
{
	const struct figure_launches *all = d->all;
	const struct gather_metric **metrics;
	size_t i, k, n;

	for (i = 0; i < all->nspans; i++) {
		metrics = figure_launches_metrics(&all->spans[i], 1, &n);
		for (k = 0; k < n; k++)
			drift_span(d, &all->spans[i], metrics[k]);
		free(metrics);
	}
	d->timed = true;
	for (i = 0; i < all->count; i++)
		d->timed &= all->list[i].started_s >= 0;
}

/* ---- time ------------------------------------------------------------------------ */

/* Within a second, and where no time is known, as they stand in records. */
static int
drift_order(const void *x, const void *y)
{
	const struct figure_launch *a = ((const struct drift_launch *)x)->launch;
	const struct figure_launch *b = ((const struct drift_launch *)y)->launch;
	int order = (a->started_s > b->started_s) -
	    (a->started_s < b->started_s);

	if (order == 0)
		order = (a->order > b->order) - (a->order < b->order);
	if (order == 0)
		order = (a->side > b->side) - (a->side < b->side);
	return order != 0 ? order : (a > b) - (a < b);
}

/* Metrics of one launch share its place. */
static size_t
drift_number(struct drift *d)
{
	size_t i, at = 0;

	qsort(d->list, d->n, sizeof(*d->list), drift_order);
	for (i = 0; i < d->n; i++) {
		if (i == 0 || d->list[i].launch != d->list[i - 1].launch)
			at++;
		d->list[i].at = at;
	}
	return at;
}

/* ---- drawing ------------------------------------------------------------------------ */

static int
drift_double_order(const void *a, const void *b)
{
	return (*(const double *)a > *(const double *)b) -
	    (*(const double *)a < *(const double *)b);
}

/* Far outliers would make everything else a line. */
static void
drift_find_edge(struct drift *d)
{
	double *size = mem_array(NULL, d->n, sizeof(*size));
	double usual;
	size_t i;

	for (i = 0; i < d->n; i++)
		size[i] = fabs(d->list[i].residual);
	qsort(size, d->n, sizeof(*size), drift_double_order);
	usual = fmax(size[(size_t)((double)(d->n - 1) * DRIFT_MOST)],
	    DRIFT_LEAST);
	d->edge = size[d->n - 1] > usual * DRIFT_EDGE ? usual * DRIFT_EDGE :
	    fmax(size[d->n - 1], DRIFT_LEAST);
	d->beyond = 0;
	for (i = 0; i < d->n; i++)
		d->beyond += fabs(d->list[i].residual) > d->edge;
	free(size);
}

static void
drift_points(struct figure *f, const struct drift *d, size_t side)
{
	double inside, outside;
	size_t i;

	for (i = 0; i < d->n; i++) {
		const struct drift_launch *l = &d->list[i];

		if (l->launch->side != side)
			continue;
		inside = fabs(l->residual) <= d->edge ? l->residual : NAN;
		outside = isnan(inside) ? fmax(copysign(d->edge, l->residual), -100) : NAN;
		figure_row(f, 4, (double)l->at, l->residual, inside, outside);
	}
}

/* Medians of parts that follow each other. */
static void
drift_trend(struct figure *f, const struct drift *d, size_t side)
{
	double *at = mem_array(NULL, d->n, sizeof(*at));
	double *value = mem_array(NULL, d->n, sizeof(*value));
	size_t i, n = 0, parts, first, end;

	for (i = 0; i < d->n; i++) {
		if (d->list[i].launch->side != side)
			continue;
		at[n] = (double)d->list[i].at;
		value[n++] = d->list[i].residual;
	}
	parts = n / DRIFT_PART < DRIFT_PARTS ? n / DRIFT_PART : DRIFT_PARTS;
	for (i = 0; i < parts && parts >= 2; i++) {
		first = i * n / parts;
		end = (i + 1) * n / parts;
		figure_row(f, 2, summary_mean(&at[first], end - first),
		    summary_median(&value[first], end - first));
	}
	free(at);
	free(value);
}

static void
drift_titles(struct figure *f, const struct drift *d, size_t launches)
{
	figure_title(f, "Drift: each launch against the mean of its point and "
	    "side, up is better");
	figure_alt(f, "residuals of %zu launches in the order in which they "
	    "ran", launches);
	figure_text(f, "title", "%s", f->title);
	if (d->beyond > 0)
		figure_text(f, "note", "%zu launches; lines: medians of parts; "
		    "at the edge: %zu beyond it", launches, d->beyond);
	else
		figure_text(f, "note", "%zu launches; lines: medians of parts",
		    launches);
	figure_text(f, "xlabel", "%s", d->timed ?
	    "launch, in the order in which they ran" :
	    "launch, in the order of the records");
	figure_number(f, "launches", (double)launches);
	/* Nothing is slower than by all. */
	figure_axis_percent(f, "y", -fmin(d->edge, 100) * 1.08, d->edge * 1.08,
	    6);
}

static bool
drift_has(const struct drift *d, size_t side)
{
	size_t i;

	for (i = 0; i < d->n; i++)
		if (d->list[i].launch->side == side)
			return true;
	return false;
}

static void
drift_draw(struct drift *d, struct figures *set, const struct figure_kind *kind)
{
	const struct compare *c = d->all->compare;
	size_t launches = drift_number(d), side;
	struct figure *f = NULL;

	if (launches < DRIFT_LAUNCHES)
		return;
	drift_find_edge(d);
	for (side = 0; side < c->nsides; side++) {
		if (!drift_has(d, side))
			continue;
		if (f == NULL || f->series == FIGURE_SERIES_MAX) {
			f = figure_new(set, kind, "", "");
			drift_titles(f, d, launches);
		}
		figure_series(f, "launch residual inside outside", "%s",
		    c->sides[side].name);
		drift_points(f, d, side);
		figure_block(f, "launch median");
		drift_trend(f, d, side);
	}
}

int
figure_drift(struct figures *set, const struct figure_kind *kind,
    struct figure_source *s, struct err *e)
{
	struct figure_launches all;
	struct drift d = { .all = &all };
	int rc = figure_launches_read(&all, s, FIGURE_TIME, e);

	if (rc == 0)
		drift_read(&d);
	if (rc == 0 && d.n > 0)
		drift_draw(&d, set, kind);
	free(d.list);
	figure_launches_free(&all);
	return rc;
}
