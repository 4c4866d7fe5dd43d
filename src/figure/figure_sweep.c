/* SPDX-License-Identifier: BSD-2-Clause */
/* Sweeps over workers; see figure_sweep.h. */
#include "config.h"

#include "figure/figure_sweep.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "stats/difference.h"

struct figure_mean
figure_mean(const struct compare *c, const struct compare_row *row, size_t side)
{
	const struct compare_value *v = &row->values[side];
	size_t units = c->sides[side].nunits, n;
	double *log = mem_array(NULL, units > 0 ? units : 1, sizeof(*log));
	struct figure_mean m = { v->mean, NAN, NAN };
	double half;

	n = compare_values(v, units, log);
	half = difference_mean_half_width(log, n, FIGURE_CONFIDENCE);
	if (!isnan(half)) {
		m.low = v->mean * exp(-half);
		m.high = v->mean * exp(half);
	}
	free(log);
	return m;
}

char *
figure_units(const struct compare *c)
{
	size_t least = c->sides[0].nunits, most = least, i;
	const char *unit;

	for (i = 1; i < c->nsides; i++) {
		least = c->sides[i].nunits < least ? c->sides[i].nunits : least;
		most = c->sides[i].nunits > most ? c->sides[i].nunits : most;
	}
	unit = c->boots ? (most == 1 ? "boot" : "boots") :
	    (most == 1 ? "launch" : "launches");
	return least == most ? mem_printf("%zu %s", most, unit) :
	    mem_printf("%zu to %zu %s", least, most, unit);
}

/* ---- order --------------------------------------------------------------------- */

int
figure_sweep_same(const struct compare_row *a, const struct compare_row *b)
{
	int order = strcmp(a->workload, b->workload);

	return order != 0 ? order : strcmp(a->metric, b->metric);
}

int
figure_sweep_same_line(const struct compare_row *a, const struct compare_row *b)
{
	int order = figure_sweep_same(a, b);

	if (order == 0)
		order = strcmp(a->params_all, b->params_all);
	if (order == 0)
		order = strcmp(a->mode, b->mode);
	return order != 0 ? order : strcmp(a->pin, b->pin);
}

static int
sweep_order(const void *a, const void *b)
{
	const struct compare_row *x = *(const struct compare_row *const *)a;
	const struct compare_row *y = *(const struct compare_row *const *)b;
	int order = figure_sweep_same_line(x, y);

	return order != 0 ? order : (x->workers > y->workers) -
	    (x->workers < y->workers);
}

const struct compare_row **
figure_sweep_rows(const struct compare *c, size_t *n)
{
	const struct compare_row **rows = mem_array(NULL, c->nrows + 1,
	    sizeof(*rows));
	size_t i;

	*n = 0;
	for (i = 0; i < c->nrows; i++)
		if (c->rows[i].headline)
			rows[(*n)++] = &c->rows[i];
	if (*n > 0)
		qsort(rows, *n, sizeof(*rows), sweep_order);
	return rows;
}

/* ---- lines ----------------------------------------------------------------------- */

/* What is not the same in all rows of the figure. */
struct sweep_differs {
	bool mode, pin;
};

static struct sweep_differs
sweep_differs(const struct compare_row *const *rows, size_t n)
{
	struct sweep_differs d = { false, false };
	size_t i;

	for (i = 1; i < n; i++) {
		d.mode |= strcmp(rows[i]->mode, rows[0]->mode) != 0;
		d.pin |= strcmp(rows[i]->pin, rows[0]->pin) != 0;
	}
	return d;
}

/* "6.17, size=4M, thread" */
static char *
sweep_name(const struct compare *c, size_t side, const struct compare_row *row,
    const struct sweep_differs *d)
{
	char *a = figure_join(c->nsides > 1 ? c->sides[side].name : "",
	    row->params);
	char *b = figure_join(a, d->mode ? row->mode : "");
	char *all = figure_join(b, d->pin ? row->pin : "");

	free(a);
	free(b);
	if (all[0] != '\0')
		return all;
	free(all);
	return mem_strdup(c->sides[side].name);
}

static void
sweep_add_line(struct figure_sweep *w, size_t side,
    const struct compare_row **rows, size_t n, const struct sweep_differs *d)
{
	struct figure_line_of line = { .side = side };
	size_t i;

	line.rows = mem_array(NULL, n, sizeof(*line.rows));
	for (i = 0; i < n; i++)
		if (!isnan(rows[i]->values[side].mean))
			line.rows[line.nrows++] = rows[i];
	if (line.nrows < 2) {
		free(line.rows);
		return;
	}
	line.name = sweep_name(w->compare, side, rows[0], d);
	w->lines[w->nlines++] = line;
}

static void
sweep_empty(struct figure_sweep *w)
{
	while (w->nlines > 0) {
		w->nlines--;
		free(w->lines[w->nlines].name);
		free(w->lines[w->nlines].rows);
	}
}

/* ---- sweeps ------------------------------------------------------------------------ */

/* The rows of one figure, of which each line begins where the last ended. */
static void
sweep_draw(struct figure_sweep *w, const struct compare_row **rows, size_t n,
    struct figures *set, const struct figure_kind *kind,
    void (*draw)(struct figures *set, const struct figure_kind *kind,
    const struct figure_sweep *w))
{
	struct sweep_differs d = sweep_differs(rows, n);
	size_t first, next, side;

	w->workload = rows[0]->workload;
	w->metric = rows[0]->metric;
	w->lower = rows[0]->lower;
	for (first = 0; first < n; first = next) {
		for (next = first + 1; next < n &&
		    figure_sweep_same_line(rows[first], rows[next]) == 0;
		    next++)
			continue;
		if (w->nlines + w->compare->nsides > FIGURE_SERIES_MAX &&
		    w->nlines > 0) {
			draw(set, kind, w);
			sweep_empty(w);
		}
		for (side = 0; side < w->compare->nsides &&
		    w->nlines < FIGURE_SERIES_MAX; side++)
			sweep_add_line(w, side, &rows[first], next - first, &d);
	}
	if (w->nlines > 0)
		draw(set, kind, w);
	sweep_empty(w);
}

void
figure_sweeps(struct figure_source *s, struct figures *set,
    const struct figure_kind *kind,
    void (*draw)(struct figures *set, const struct figure_kind *kind,
    const struct figure_sweep *w))
{
	const struct compare *c = &s->compare;
	struct figure_sweep w = { .compare = c };
	size_t i, first, n;
	const struct compare_row **rows = figure_sweep_rows(c, &n);
	char *units = figure_units(c);

	w.note = mem_printf("means of %s, bars: 95%% intervals", units);
	w.lines = mem_array(NULL, FIGURE_SERIES_MAX, sizeof(*w.lines));
	for (first = 0; first < n; first = i) {
		for (i = first + 1; i < n &&
		    figure_sweep_same(rows[first], rows[i]) == 0; i++)
			continue;
		sweep_draw(&w, &rows[first], i - first, set, kind, draw);
	}
	free(w.lines);
	free(w.note);
	free(units);
	free(rows);
}

static int
sweep_int_order(const void *a, const void *b)
{
	return (*(const int *)a > *(const int *)b) -
	    (*(const int *)a < *(const int *)b);
}

void
figure_sweep_tics(struct figure *f, const struct figure_sweep *w)
{
	struct str tics = { 0 };
	int *counts = NULL, last = 0;
	size_t n = 0, cap = 0, i, k;

	for (i = 0; i < w->nlines; i++)
		for (k = 0; k < w->lines[i].nrows; k++) {
			counts = mem_grow(counts, n, &cap, sizeof(*counts));
			counts[n++] = w->lines[i].rows[k]->workers;
		}
	if (n > 0)
		qsort(counts, n, sizeof(*counts), sweep_int_order);
	for (i = 0; i < n; i++) {
		if (counts[i] == last)
			continue;
		str_addf(&tics, "%s%d", last > 0 ? ", " : "", counts[i]);
		last = counts[i];
	}
	figure_line(f, "set xtics (%s)", str_text(&tics));
	str_free(&tics);
	free(counts);
}
