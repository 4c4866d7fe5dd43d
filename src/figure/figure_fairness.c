/* SPDX-License-Identifier: BSD-2-Clause */
/* Does every worker get as much done as the others? */
#include "config.h"

#include "figure/figure_kinds.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "figure/figure_launches.h"
#include "stats/summary.h"

#define FAIRNESS_HEIGHT 720

/* Workers that are nearer to their mean than this, in percent, are equal. */
#define FAIRNESS_EQUAL 5

/* What the lines of one worker count share the place of. */
#define FAIRNESS_PLACE 0.8

/* Of one launch, or the mean of several. */
struct fairness_value {
	double slowest, fastest;	/* percent of the mean worker */
	double index;
};

struct fairness {
	const struct figure_launches *all;
	const struct figure_span **spans;	/* by line, rising workers */
	size_t nspans;
	double least, most;
	double index;			/* smallest */
};

/* ---- values ----------------------------------------------------------------- */

/* NAN for a launch that does not say how much each worker did. */
static struct fairness_value
fairness_of(const struct figure_launch *l)
{
	const double *attr = l->launch->attr;
	struct fairness_value v = { NAN, NAN, attr[GATHER_FAIRNESS] };
	const char *unit = l->cell->unit;
	size_t i, len = strlen(unit);
	double mean;

	for (i = 0; i < l->cell->nmetrics && i < l->launch->nvalues; i++) {
		const struct gather_value *sum = &l->launch->values[i];
		const char *name = l->cell->metrics[i].name;

		if (strncmp(name, unit, len) != 0 ||
		    strcmp(name + len, "/s") != 0 || !(sum->weight > 0))
			continue;
		mean = sum->sum / sum->weight / l->cell->workers;
		if (!(mean > 0))
			continue;
		v.slowest = attr[GATHER_WORKER_MIN] / mean * 100;
		v.fastest = attr[GATHER_WORKER_MAX] / mean * 100;
		break;
	}
	return v;
}

/* Over the launches from `first` to `end`. */
static struct fairness_value
fairness_mean(const struct figure_span *s, size_t first, size_t end)
{
	struct fairness_value sum = { 0, 0, 0 }, v;
	size_t i, n = 0;

	for (i = first; i < end; i++) {
		v = fairness_of(&s->launches[i]);
		if (isnan(v.slowest) || isnan(v.fastest) || isnan(v.index))
			continue;
		sum.slowest += v.slowest;
		sum.fastest += v.fastest;
		sum.index += v.index;
		n++;
	}
	return (struct fairness_value) { sum.slowest / (double)n,
	    sum.fastest / (double)n, sum.index / (double)n };
}

static bool
fairness_usable(const struct figure_launches *all, const struct figure_span *s)
{
	const struct gather_cell *c = all->points[s->point].cell;

	return c->workers >= 2 && strcmp(c->kind, "rate") == 0 &&
	    !isnan(fairness_mean(s, 0, s->n).slowest);
}

/* ---- order ------------------------------------------------------------------- */

/* Spans by what they are, for an order of their own. */
struct fairness_key {
	const struct figure_point *point;
	const struct figure_span *span;
};

static int
fairness_same_setting(const struct fairness_key *x,
    const struct fairness_key *y)
{
	const struct gather_cell *a = x->point->cell, *b = y->point->cell;
	int order = strcmp(a->workload, b->workload);

	if (order == 0)
		order = strcmp(x->point->all, y->point->all);
	if (order == 0)
		order = strcmp(a->mode, b->mode);
	return order != 0 ? order : strcmp(a->pin, b->pin);
}

static int
fairness_order(const void *a, const void *b)
{
	const struct fairness_key *x = a, *y = b;
	int order = fairness_same_setting(x, y);

	if (order == 0)
		order = (x->span->side > y->span->side) -
		    (x->span->side < y->span->side);
	return order != 0 ? order : (x->point->cell->workers >
	    y->point->cell->workers) - (x->point->cell->workers <
	    y->point->cell->workers);
}

static const struct gather_cell *
fairness_cell(const struct fairness *a, size_t span)
{
	return a->all->points[a->spans[span]->point].cell;
}

/* Does this span begin another line than the one before is of? */
static bool
fairness_begins(const struct fairness *a, size_t span)
{
	const struct figure_span *s = a->spans[span];
	const struct figure_span *before;

	if (span == 0)
		return true;
	before = a->spans[span - 1];
	return before->side != s->side || fairness_same_setting(
	    &(struct fairness_key) { &a->all->points[s->point], s },
	    &(struct fairness_key) { &a->all->points[before->point], before })
	    != 0;
}

static size_t
fairness_lines(const struct fairness *a)
{
	size_t i, n = 0;

	for (i = 0; i < a->nspans; i++)
		n += fairness_begins(a, i);
	return n;
}

/* ---- drawing ------------------------------------------------------------------ */

static int
fairness_count_order(const void *a, const void *b)
{
	return (*(const int *)a > *(const int *)b) -
	    (*(const int *)a < *(const int *)b);
}

/* The worker counts there are, each once; their number in *n. */
static int *
fairness_counts(const struct fairness *a, size_t *n)
{
	int *counts = mem_array(NULL, a->nspans, sizeof(*counts));
	size_t i, k = 0;

	for (i = 0; i < a->nspans; i++)
		counts[i] = fairness_cell(a, i)->workers;
	qsort(counts, a->nspans, sizeof(*counts), fairness_count_order);
	for (i = 0; i < a->nspans; i++)
		if (k == 0 || counts[k - 1] != counts[i])
			counts[k++] = counts[i];
	*n = k;
	return counts;
}

static void
fairness_tics(struct figure *f, const int *counts, size_t n)
{
	struct str tics = { 0 };
	size_t i;

	for (i = 0; i < n; i++)
		str_addf(&tics, "%s'%d' %zu", i > 0 ? ", " : "", counts[i], i);
	figure_line(f, "set xtics (%s)", str_text(&tics));
	figure_number(f, "places", (double)n);
	str_free(&tics);
}

/* Its place, and beside it that of the line. */
static double
fairness_place(const int *counts, size_t n, int workers, size_t line,
    size_t lines)
{
	size_t i = 0;

	while (i + 1 < n && counts[i] != workers)
		i++;
	return (double)i + FAIRNESS_PLACE * (((double)line + 0.5) /
	    (double)lines - 0.5);
}

static void
fairness_rows(struct figure *f, struct fairness *a, size_t span, double place)
{
	const struct figure_span *s = a->spans[span];
	struct fairness_value v;
	size_t i, next;

	for (i = 0; i < s->n; i = next) {
		next = i + figure_launches_unit(s, i);
		v = fairness_mean(s, i, next);
		if (isnan(v.slowest))
			continue;
		figure_row(f, 4, place, v.slowest, v.fastest, v.index);
		a->least = fmin(a->least, v.slowest);
		a->most = fmax(a->most, v.fastest);
		a->index = fmin(a->index, v.index);
	}
}

static void
fairness_series(struct figure *f, struct fairness *a, size_t first, size_t end,
    size_t line, size_t lines, const int *counts, size_t ncounts)
{
	struct fairness_value v;
	double place;
	size_t i;

	for (i = first; i < end; i++) {
		place = fairness_place(counts, ncounts,
		    fairness_cell(a, i)->workers, line, lines);
		v = fairness_mean(a->spans[i], 0, a->spans[i]->n);
		figure_row(f, 4, place, v.slowest, v.fastest, v.index);
	}
	figure_block(f, "place slowest fastest index");
	for (i = first; i < end; i++)
		fairness_rows(f, a, i, fairness_place(counts, ncounts,
		    fairness_cell(a, i)->workers, line, lines));
}

static void
fairness_titles(struct figure *f, const struct fairness *a,
    struct figure_differs d, size_t lines)
{
	char *common, *note;

	note = figure_launches_note(a->all, a->spans, a->nspans);
	d.workers = true;
	common = figure_launches_common(a->all, a->spans[0], &d);
	figure_title(f, "%s: slowest and fastest worker, nearer to 100%% is "
	    "better", common);
	figure_alt(f, "slowest and fastest worker of %s relative to their "
	    "mean, against workers, %zu lines", common, lines);
	figure_text(f, "title", "%s", f->title);
	figure_text(f, "note", "%s", note);
	free(common);
	free(note);
}

static void
fairness_draw(struct figures *set, const struct figure_kind *kind,
    struct fairness *a)
{
	struct figure_differs d = figure_launches_differ(a->all, a->spans,
	    a->nspans);
	size_t lines = fairness_lines(a), line = 0, ncounts, i, next;
	int *counts = fairness_counts(a, &ncounts);
	struct figure *f = figure_new(set, kind,
	    fairness_cell(a, 0)->workload, "");
	char *name;

	f->height = FAIRNESS_HEIGHT;
	a->least = a->most = 100;
	a->index = 1;
	fairness_titles(f, a, d, lines);
	d.workers = false;
	for (i = 0; i < a->nspans; i = next) {
		for (next = i + 1; next < a->nspans &&
		    !fairness_begins(a, next); next++)
			continue;
		name = figure_launches_name(a->all, a->spans[i], &d);
		figure_series(f, "place slowest fastest index", "%s", name);
		free(name);
		fairness_series(f, a, i, next, line++, lines, counts, ncounts);
	}
	fairness_tics(f, counts, ncounts);
	figure_number(f, "lines", (double)lines);
	figure_number(f, "least", a->least);
	figure_number(f, "most", a->most);
	figure_number(f, "worst", a->index);
	free(counts);
}

/* Are the workers of any launch not equal? */
static bool
fairness_speaks(const struct fairness *a)
{
	struct fairness_value v;
	size_t i, k;

	if (a->all->compare->all)
		return a->nspans > 0;
	for (i = 0; i < a->nspans; i++)
		for (k = 0; k < a->spans[i]->n; k++) {
			v = fairness_of(&a->spans[i]->launches[k]);
			if (v.slowest < 100 - FAIRNESS_EQUAL ||
			    v.fastest > 100 + FAIRNESS_EQUAL)
				return true;
		}
	return false;
}

/* As many settings of a workload as fit into one figure, with all sides. */
static void
fairness_figures(struct figures *set, const struct figure_kind *kind,
    const struct figure_launches *all, const struct fairness_key *keys,
    size_t n)
{
	struct fairness a = { .all = all };
	size_t i, next, lines;

	a.spans = mem_array(NULL, n + 1, sizeof(*a.spans));
	for (i = 0; i < n; i++) {
		bool other = i > 0 && strcmp(keys[i].point->cell->workload,
		    keys[i - 1].point->cell->workload) != 0;
		bool begins = i == 0 || keys[i].span->side !=
		    keys[i - 1].span->side ||
		    fairness_same_setting(&keys[i], &keys[i - 1]) != 0;

		lines = a.nspans > 0 ? fairness_lines(&a) : 0;
		if (begins && i > 0 &&
		    fairness_same_setting(&keys[i], &keys[i - 1]) != 0) {
			for (next = i + 1; next < n && fairness_same_setting(
			    &keys[i], &keys[next]) == 0; next++)
				lines += keys[next].span->side !=
				    keys[next - 1].span->side;
		}
		if (a.nspans > 0 && (other ||
		    (begins && lines + 1 > FIGURE_SERIES_MAX))) {
			if (fairness_speaks(&a))
				fairness_draw(set, kind, &a);
			a.nspans = 0;
		}
		a.spans[a.nspans++] = keys[i].span;
	}
	if (fairness_speaks(&a))
		fairness_draw(set, kind, &a);
	free(a.spans);
}

int
figure_fairness(struct figures *set, const struct figure_kind *kind,
    struct figure_source *s, struct err *e)
{
	struct figure_launches all;
	struct fairness_key *keys;
	size_t i, n = 0;
	int rc = figure_launches_read(&all, s, 0, e);

	keys = mem_array(NULL, all.nspans + 1, sizeof(*keys));
	for (i = 0; i < all.nspans; i++)
		if (fairness_usable(&all, &all.spans[i]))
			keys[n++] = (struct fairness_key) {
			    &all.points[all.spans[i].point], &all.spans[i] };
	if (n > 0) {
		qsort(keys, n, sizeof(*keys), fairness_order);
		fairness_figures(set, kind, &all, keys, n);
	}
	free(keys);
	figure_launches_free(&all);
	return rc;
}
