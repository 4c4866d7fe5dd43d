/* SPDX-License-Identifier: BSD-2-Clause */
/* Every launch or boot as a point of its own: how far the sides overlap. */
#include "config.h"

#include "figure/figure_kinds.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/units.h"
#include "figure/figure_axis.h"
#include "figure/figure_launches.h"

/* Rows of one figure, and lanes in all of them. */
#define STRIP_ROWS 12
#define STRIP_LANES 72

/* Pixels of a lane, of a row without them, and around the rows. */
#define STRIP_LANE_HEIGHT 14
#define STRIP_ROW_HEIGHT 16
#define STRIP_HEIGHT 140

/* Part of a row that its lanes take, and of a lane that its units take. */
#define STRIP_FILLED 0.84
#define STRIP_SPREAD 0.7

/* Percent on either side of the base, at least. */
#define STRIP_LEAST 1

struct strip_row {
	const struct figure_span *spans;	/* of the point */
	size_t nspans;
	const struct gather_metric *metric;
	double base;			/* mean that others are relative to */
};

struct strip {
	const struct figure_launches *all;
	struct strip_row *rows;
	size_t nrows, rows_cap;
	const size_t *sides;		/* those in the figure */
	size_t nsides;
	double low, high;
};

/* ---- values ----------------------------------------------------------------- */

/* The mean logarithm of a unit, or NAN. */
static double
strip_unit(const struct figure_span *s, size_t first, size_t end,
    const char *metric)
{
	double sum = 0, value;
	size_t i, n = 0;

	for (i = first; i < end; i++) {
		value = figure_launches_value(&s->launches[i], metric);
		if (isnan(value))
			continue;
		sum += log(value);
		n++;
	}
	return sum / (double)n;
}

/* Over the units, of which there are *units with a value. */
static double
strip_mean(const struct figure_span *s, const char *metric, size_t *units)
{
	double sum = 0, log;
	size_t i, next;

	*units = 0;
	for (i = 0; i < s->n; i = next) {
		next = i + figure_launches_unit(s, i);
		log = strip_unit(s, i, next, metric);
		if (isnan(log))
			continue;
		sum += log;
		++*units;
	}
	return exp(sum / (double)*units);
}

/* ---- one row ------------------------------------------------------------------ */

static const struct figure_span *
strip_span(const struct strip_row *row, size_t side)
{
	size_t i;

	for (i = 0; i < row->nspans; i++)
		if (row->spans[i].side == side)
			return &row->spans[i];
	return NULL;
}

static double
strip_percent(struct strip *t, double value, double base)
{
	double percent = (value / base - 1) * 100;

	t->low = fmin(t->low, percent);
	t->high = fmax(t->high, percent);
	return percent;
}

/* The middle of a lane, where rows are one high. */
static double
strip_lane(const struct strip *t, size_t row, size_t lane)
{
	return (double)row + 0.5 + STRIP_FILLED *
	    (((double)lane + 0.5) / (double)t->nsides - 0.5);
}

/* Units stand one below the other, in their order. */
static double
strip_place(const struct strip *t, size_t row, size_t lane, size_t unit,
    size_t units)
{
	return strip_lane(t, row, lane) + STRIP_FILLED * STRIP_SPREAD /
	    (double)t->nsides * (((double)unit + 0.5) / (double)units - 0.5);
}

/* Launches of boots are shown as well, behind them. */
static void
strip_launches(struct strip *t, struct figure *f, size_t row, size_t lane,
    bool each)
{
	const struct strip_row *r = &t->rows[row];
	const struct figure_span *s = strip_span(r, t->sides[lane]);
	size_t i, next, k, units, at = 0;
	double log, place, value;

	if (s == NULL)
		return;
	strip_mean(s, r->metric->name, &units);
	for (i = 0; i < s->n; i = next) {
		next = i + figure_launches_unit(s, i);
		log = strip_unit(s, i, next, r->metric->name);
		if (isnan(log))
			continue;
		place = strip_place(t, row, lane, at++, units);
		if (!each)
			figure_row(f, 2, strip_percent(t, exp(log), r->base),
			    place);
		for (k = i; each && k < next; k++) {
			value = figure_launches_value(&s->launches[k],
			    r->metric->name);
			if (!isnan(value))
				figure_row(f, 2, strip_percent(t, value,
				    r->base), place);
		}
	}
}

static void
strip_bar(struct strip *t, struct figure *f, size_t row, size_t lane)
{
	const struct strip_row *r = &t->rows[row];
	const struct figure_span *s = strip_span(r, t->sides[lane]);
	size_t units;
	double mean, half = STRIP_FILLED / (double)t->nsides / 2;

	if (s == NULL)
		return;
	mean = strip_mean(s, r->metric->name, &units);
	if (units > 0)
		figure_row(f, 3, strip_percent(t, mean, r->base),
		    strip_lane(t, row, lane) - half, 2 * half);
}

/* "zfod/1 size=4M x2, thread" */
static char *
strip_label(const struct strip *t, const struct strip_row *row)
{
	const struct figure_point *p = &t->all->points[row->spans[0].point];
	const struct gather_cell *c = p->cell;

	return mem_printf("%s%s%s x%d%s", c->workload, p->params[0] != '\0' ?
	    " " : "", p->params, c->workers, strcmp(c->mode, "process") != 0 ?
	    " thread" : "");
}

/* What 0% is, and which way is better. */
static char *
strip_value(const struct strip_row *row)
{
	char buf[UNITS_MAX];
	const char *name = row->metric->name;

	/* A name in ns is not for a number of k. */
	if (strncmp(row->metric->unit, "ns", 2) == 0)
		snprintf(buf, sizeof(buf), "%.*f", row->base < 100 ? 1 : 0,
		    row->base);
	else
		units_round(buf, sizeof(buf), row->base);
	return mem_printf("%s %s%s", buf, name, row->metric->lower ?
	    ", lower is better" : "");
}

/* ---- one figure ------------------------------------------------------------------ */

static void
strip_labels(struct strip *t, struct figure *f)
{
	size_t i, longest = 0, widest = 0;
	char *label, *value;

	figure_block(f, "label value row");
	for (i = 0; i < t->nrows; i++) {
		label = strip_label(t, &t->rows[i]);
		value = strip_value(&t->rows[i]);
		figure_cell(f, label);
		figure_cell(f, value);
		figure_row(f, 1, (double)i + 0.5);
		longest = str_columns(label) > longest ? str_columns(label) :
		    longest;
		widest = str_columns(value) > widest ? str_columns(value) :
		    widest;
		free(label);
		free(value);
	}
	figure_number(f, "margin", fmin((double)longest, 60) + 2);
	figure_number(f, "rightmargin", fmin((double)widest, 40) * 0.8 + 3);
}

static void
strip_titles(struct strip *t, struct figure *f)
{
	const struct compare *c = t->all->compare;
	struct figure_counted n = { 0, 0 };
	char *units;
	size_t i, k;

	for (i = 0; i < t->nrows; i++)
		for (k = 0; k < t->nsides; k++)
			figure_launches_count(&n, strip_span(&t->rows[i],
			    t->sides[k]));
	units = figure_launches_counted(&n, c->boots);
	figure_title(f, "%s relative to %s %s", c->boots ? "Every boot" :
	    "Every launch", c->nsides > 1 ? "the mean of" : "their mean,",
	    c->sides[t->sides[0]].name);
	figure_alt(f, "the values of %s at %zu points, each as a point",
	    units, t->nrows);
	figure_text(f, "title", "%s", f->title);
	figure_text(f, "note", "%s of each; bars: means%s; at the right: what "
	    "0%% is", units, c->boots ? "; small: their launches" : "");
	free(units);
}

static void
strip_draw(struct strip *t, struct figures *set, const struct figure_kind *kind)
{
	const struct compare *c = t->all->compare;
	struct figure *f = figure_new(set, kind, "", "");
	size_t lane, row;
	double pad;

	t->low = -STRIP_LEAST;
	t->high = STRIP_LEAST;
	strip_titles(t, f);
	strip_labels(t, f);
	for (lane = 0; lane < t->nsides; lane++) {
		figure_series(f, "percent place", "%s",
		    c->sides[t->sides[lane]].name);
		for (row = 0; row < t->nrows; row++)
			strip_launches(t, f, row, lane, false);
		figure_block(f, "percent place");
		for (row = 0; row < t->nrows && c->boots; row++)
			strip_launches(t, f, row, lane, true);
		figure_block(f, "percent place height");
		for (row = 0; row < t->nrows; row++)
			strip_bar(t, f, row, lane);
	}
	pad = (t->high - t->low) * 0.04;
	figure_axis_percent(f, "x", t->low - pad, t->high + pad, 4);
	figure_number(f, "right", t->high + pad);
	figure_number(f, "rows", (double)t->nrows);
	f->height = STRIP_HEIGHT + (int)(t->nrows * (STRIP_ROW_HEIGHT +
	    t->nsides * STRIP_LANE_HEIGHT));
}

/* ---- rows ------------------------------------------------------------------------ */

/* The base is the first side that was there; one value has no spread. */
static bool
strip_row(const struct strip *t, struct strip_row *row)
{
	size_t i, units, most = 0;
	double mean;

	row->base = NAN;
	for (i = 0; i < t->nsides; i++) {
		const struct figure_span *s = strip_span(row, t->sides[i]);

		if (s == NULL)
			continue;
		mean = strip_mean(s, row->metric->name, &units);
		if (isnan(row->base) && units > 0)
			row->base = mean;
		most = units > most ? units : most;
	}
	return most >= 2;
}

static void
strip_point(struct strip *t, const struct figure_span *spans, size_t n,
    size_t most, struct figures *set, const struct figure_kind *kind)
{
	const struct gather_metric **metrics;
	size_t i, nmetrics;

	metrics = figure_launches_metrics(spans, n, &nmetrics);
	for (i = 0; i < nmetrics; i++) {
		struct strip_row row = { spans, n, metrics[i], NAN };

		if (!strip_row(t, &row))
			continue;
		t->rows = mem_grow(t->rows, t->nrows, &t->rows_cap,
		    sizeof(*t->rows));
		t->rows[t->nrows++] = row;
		if (t->nrows == most) {
			strip_draw(t, set, kind);
			t->nrows = 0;
		}
	}
	free(metrics);
}

static void
strip_figures(struct strip *t, struct figures *set,
    const struct figure_kind *kind)
{
	const struct figure_launches *all = t->all;
	size_t most = STRIP_LANES / t->nsides, i, next;

	most = most > STRIP_ROWS ? STRIP_ROWS : most;
	for (i = 0; i < all->nspans; i = next) {
		for (next = i + 1; next < all->nspans &&
		    all->spans[next].point == all->spans[i].point; next++)
			continue;
		strip_point(t, &all->spans[i], next - i, most, set, kind);
	}
	if (t->nrows > 0)
		strip_draw(t, set, kind);
	t->nrows = 0;
}

/* Of many sides the base is in every figure, with as many others as fit. */
int
figure_strip(struct figures *set, const struct figure_kind *kind,
    struct figure_source *s, struct err *e)
{
	struct figure_launches all;
	size_t sides[FIGURE_SERIES_MAX], next = 1;
	struct strip t = { .all = &all, .sides = sides };
	int rc = figure_launches_read(&all, s, 0, e);

	sides[0] = 0;
	do {
		t.nsides = 1;
		while (next < s->compare.nsides &&
		    t.nsides < FIGURE_SERIES_MAX)
			sides[t.nsides++] = next++;
		strip_figures(&t, set, kind);
	} while (next < s->compare.nsides);
	free(t.rows);
	figure_launches_free(&all);
	return rc;
}
