/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Events per operation against workers: what was counted, and of it or of the
 * kernel's statistics the interrupts between processors.
 */
#include "config.h"

#include "figure/figure_kinds.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "figure/figure_panels.h"
#include "figure/figure_views.h"
#include "present/insight_figures.h"

#define COUNTERS_TITLE 40	/* columns that a panel has room for */

/* What one panel shows. */
struct counters_item {
	enum insight_kind kind;
	const char *name, *unit;
	const char *title;		/* NULL: its name */
};

/* ---- which items ------------------------------------------------------------------- */

/* Those of a figure: any counter, or interrupts between processors. */
typedef bool counters_wanted(const struct insight_item *item,
    const char **title);

static bool
counters_any(const struct insight_item *item, const char **title)
{
	*title = NULL;
	return item->kind == INSIGHT_COUNTER;
}

static bool
counters_ipi(const struct insight_item *item, const char **title)
{
	static const struct {
		const char *name, *title;
	} known[] = {
		{ "interrupts.TLB", "TLB shootdowns" },
		{ "interrupts.CAL", "function calls" },
		{ "interrupts.RES", "reschedulings" },
	};
	size_t i;

	*title = NULL;
	if (item->kind == INSIGHT_COUNTER)
		return strncmp(item->name, "ipi:", strlen("ipi:")) == 0;
	if (item->kind != INSIGHT_KSTAT)
		return false;
	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (strcmp(item->name, known[i].name) == 0)
			*title = known[i].title;
	return *title != NULL || strncmp(item->name, "interrupts.IPI",
	    strlen("interrupts.IPI")) == 0;
}

/* ---- one figure --------------------------------------------------------------------- */

struct counters {
	struct figures *set;
	const struct figure_kind *kind;
	const struct compare *c;
	counters_wanted *wanted;
	const char *what;		/* "events", for the title */
	bool sorted;			/* panels by name */
	size_t least, most;		/* launches of a value in the figure */
	/* The points of one workload and phase, by line and workers. */
	const struct figure_view **points;
	size_t npoints;
	struct counters_item *items;
	size_t nitems, items_cap;
};

static void
counters_add_item(struct counters *t, const struct insight_item *item)
{
	const char *title;
	size_t i;

	if (!t->wanted(item, &title) || insight_sum(item) == 0)
		return;
	for (i = 0; i < t->nitems; i++)
		if (t->items[i].kind == item->kind &&
		    strcmp(t->items[i].name, item->name) == 0)
			return;
	t->items = mem_grow(t->items, t->nitems, &t->items_cap,
	    sizeof(*t->items));
	t->items[t->nitems++] = (struct counters_item){
		.kind = item->kind, .name = item->name,
		.unit = insight_unit(item), .title = title,
	};
}

static void
counters_collect(struct counters *t)
{
	const struct insight_part *part;
	size_t i, k, j;

	t->nitems = 0;
	for (i = 0; i < t->npoints; i++)
		for (k = 0; k < t->points[i]->nseen; k++) {
			part = t->points[i]->seen[k].part;
			for (j = 0; j < part->nitems; j++)
				counters_add_item(t, &part->items[j]);
		}
}

static double
counters_per_op(const struct insight_part *part, int launch, const void *arg)
{
	const struct counters_item *item = arg;
	struct insight_value v;

	if (!figure_view_value(part, item->kind, item->name, launch, &v) ||
	    !(v.ops > 0))
		return NAN;
	return v.sum / v.ops;
}

static struct figure_numbers
counters_numbers(const struct counters *t, const struct figure_view *p,
    size_t side, const struct counters_item *item)
{
	return figure_view_numbers(t->c, p, side,
	    item->kind == INSIGHT_COUNTER, counters_per_op, item);
}

/* Means; and each launch, which has no number in other panels. */
static size_t
counters_rows(struct counters *t, struct figure_panels *p,
    const struct counters_item *items, const struct figure_view *point,
    size_t side, bool each)
{
	double y[FIGURE_PANELS_MAX];
	struct figure_numbers n;
	size_t i, k, j, found = 0;

	for (k = 0; k < p->n; k++)
		y[k] = NAN;
	for (i = 0; i < p->n; i++) {
		n = counters_numbers(t, point, side, &items[i]);
		found += n.n;
		if (!each && n.n > 0) {
			y[i] = figure_numbers_mean(&n);
			t->least = n.n < t->least ? n.n : t->least;
			t->most = n.n > t->most ? n.n : t->most;
		}
		for (j = 0; each && j < n.n; j++) {
			for (k = 0; k < p->n; k++)
				y[k] = k == i ? n.v[j] : NAN;
			figure_panels_row(p, point->row->workers, y);
		}
		free(n.v);
	}
	if (!each && found > 0)
		figure_panels_row(p, point->row->workers, y);
	return found;
}

static bool
counters_same_line(const struct figure_view *a, const struct figure_view *b)
{
	return strcmp(a->row->params_all, b->row->params_all) == 0 &&
	    strcmp(a->row->mode, b->row->mode) == 0 &&
	    strcmp(a->row->pin, b->row->pin) == 0;
}

static char *
counters_name(const struct counters *t, const struct figure_view *p,
    size_t side)
{
	bool mode = false, pin = false;
	char *a, *b, *all;
	size_t i;

	for (i = 0; i < t->npoints; i++) {
		mode |= strcmp(t->points[i]->row->mode, p->row->mode) != 0;
		pin |= strcmp(t->points[i]->row->pin, p->row->pin) != 0;
	}
	a = figure_join(t->c->nsides > 1 || (p->row->params[0] == '\0' &&
	    !mode && !pin) ? t->c->sides[side].name : "", p->row->params);
	b = figure_join(a, mode ? p->row->mode : "");
	all = figure_join(b, pin ? p->row->pin : "");
	free(a);
	free(b);
	return all;
}

static size_t
counters_found(const struct counters *t, const struct counters_item *items,
    size_t n, const struct figure_view *p, size_t side)
{
	struct figure_numbers numbers;
	size_t i, found = 0;

	for (i = 0; i < n; i++) {
		numbers = counters_numbers(t, p, side, &items[i]);
		found += numbers.n;
		free(numbers.v);
	}
	return found;
}

/* The points `first` to `next` are one line of a side. */
static void
counters_line(struct counters *t, struct figure_panels *p,
    const struct counters_item *items, size_t first, size_t next, size_t side)
{
	char *name = counters_name(t, t->points[first], side);
	size_t i;

	figure_panels_series(p, name);
	for (i = first; i < next; i++)
		counters_rows(t, p, items, t->points[i], side, false);
	figure_panels_launches(p);
	for (i = first; i < next; i++)
		counters_rows(t, p, items, t->points[i], side, true);
	free(name);
}

/* What fits into the width of a panel. */
static void
counters_title(struct figure_panels *p, size_t panel,
    const struct counters_item *item)
{
	const char *name = item->title != NULL ? item->title : item->name;
	size_t len = strlen(name);
	char *title = mem_printf("%.*s%s%s%s", len > COUNTERS_TITLE ?
	    COUNTERS_TITLE - 3 : (int)len, name, len > COUNTERS_TITLE ?
	    "..." : "", item->unit[0] != '\0' ? ", " : "", item->unit);

	figure_panels_title(p, panel, title);
	free(title);
}

static void
counters_begin(struct counters *t, struct figure_panels *p,
    const struct counters_item *items, size_t n)
{
	const struct figure_view *first = t->points[0];
	char *title = figure_view_title(first);
	struct figure *f = figure_new(t->set, t->kind, first->row->workload,
	    first->phase != NULL ? first->phase : "");
	size_t i;

	/* Of events in general neither more nor less is better. */
	figure_title(f, "%s: %s per %s%s", title, t->what, first->unit != NULL ?
	    first->unit : "operation", t->sorted ? ", lower is better" : "");
	figure_alt(f, "%s per operation of %s against workers, a panel for "
	    "each", t->what, title);
	figure_text(f, "title", "%s", f->title);
	figure_text(f, "xlabel", "workers");
	t->least = SIZE_MAX;
	t->most = 0;
	figure_panels_begin(p, f, n);
	for (i = 0; i < n; i++)
		counters_title(p, i, &items[i]);
	free(title);
}

static void
counters_end(struct counters *t, struct figure_panels *p)
{
	char *launches = figure_launch_count(t->least, t->most);

	figure_text(p->f, "note", "means of %s%s, grey: each launch", launches,
	    t->sorted ? "" : " that counted");
	figure_panels_end(p, 2);
	p->f = NULL;
	free(launches);
}

/*
 * So many items, of every line with two worker counts or more; in parts when
 * there are too many lines.
 */
static void
counters_panels(struct counters *t, const struct counters_item *items, size_t n)
{
	struct figure_panels p = { .f = NULL };
	size_t first, next, side, i, found;

	for (first = 0; first < t->npoints; first = next) {
		for (next = first + 1; next < t->npoints && counters_same_line(
		    t->points[first], t->points[next]); next++)
			continue;
		for (side = 0; side < t->c->nsides; side++) {
			for (i = first, found = 0; i < next; i++)
				found += counters_found(t, items, n,
				    t->points[i], side) > 0;
			if (found < 2)
				continue;
			if (p.f == NULL)
				counters_begin(t, &p, items, n);
			counters_line(t, &p, items, first, next, side);
			if (p.f->series == FIGURE_SERIES_MAX)
				counters_end(t, &p);
		}
	}
	if (p.f != NULL)
		counters_end(t, &p);
}

/* TLB shootdowns first, then the others by name. */
static int
counters_item_order(const void *a, const void *b)
{
	const struct counters_item *x = a, *y = b;

	return strcmp(x->title != NULL ? x->title : x->name,
	    y->title != NULL ? y->title : y->name);
}

static void
counters_figure(struct counters *t)
{
	size_t i, n;

	counters_collect(t);
	if (t->sorted && t->nitems > 0)
		qsort(t->items, t->nitems, sizeof(*t->items),
		    counters_item_order);
	for (i = 0; i < t->nitems; i += n) {
		n = t->nitems - i;
		n = n > FIGURE_PANELS_MAX ? FIGURE_PANELS_MAX : n;
		counters_panels(t, &t->items[i], n);
	}
}

/* ---- all of them --------------------------------------------------------------------- */

static int
counters_same_figure(const struct figure_view *a, const struct figure_view *b)
{
	int order = strcmp(a->row->workload, b->row->workload);

	return order != 0 ? order : strcmp(a->phase != NULL ? a->phase : "",
	    b->phase != NULL ? b->phase : "");
}

static int
counters_order(const void *a, const void *b)
{
	const struct figure_view *x = *(const struct figure_view *const *)a;
	const struct figure_view *y = *(const struct figure_view *const *)b;
	int order = counters_same_figure(x, y);

	if (order == 0)
		order = strcmp(x->row->params_all, y->row->params_all);
	if (order == 0)
		order = strcmp(x->row->mode, y->row->mode);
	if (order == 0)
		order = strcmp(x->row->pin, y->row->pin);
	return order != 0 ? order : (x->row->workers > y->row->workers) -
	    (x->row->workers < y->row->workers);
}

static int
counters_make(struct counters *t, struct figure_source *s, struct err *e)
{
	const struct figure_view **points;
	struct figure_views all = { 0 };
	size_t i, next, n = 0;
	int rc = figure_views_read(s, &all, e);

	points = mem_array(NULL, all.count + 1, sizeof(*points));
	for (i = 0; rc == 0 && i < all.count; i++)
		if (all.list[i].headline || t->c->all)
			points[n++] = &all.list[i];
	if (n > 0)
		qsort(points, n, sizeof(*points), counters_order);
	for (i = 0; i < n; i = next) {
		for (next = i + 1; next < n && counters_same_figure(points[i],
		    points[next]) == 0; next++)
			continue;
		t->points = &points[i];
		t->npoints = next - i;
		counters_figure(t);
	}
	free(points);
	free(t->items);
	figure_views_free(&all);
	return rc;
}

int
figure_counters(struct figures *set, const struct figure_kind *kind,
    struct figure_source *s, struct err *e)
{
	struct counters t = {
		.set = set, .kind = kind, .c = &s->compare,
		.wanted = counters_any, .what = "events",
	};

	return counters_make(&t, s, e);
}

int
figure_ipi(struct figures *set, const struct figure_kind *kind,
    struct figure_source *s, struct err *e)
{
	struct counters t = {
		.set = set, .kind = kind, .c = &s->compare,
		.wanted = counters_ipi,
		.what = "interrupts between processors", .sorted = true,
	};

	return counters_make(&t, s, e);
}
