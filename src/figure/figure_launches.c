/* SPDX-License-Identifier: BSD-2-Clause */
/* Launches out of the records; see figure_launches.h. */
#include "config.h"

#include "figure/figure_launches.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "present/gather_launch.h"

/* ---- points ----------------------------------------------------------------- */

/* Points by what they are, and rows by workload and parameters. */
struct launches_keys {
	struct names points, rows;
	size_t *row;		/* of each name in `rows` */
};

static char *
launches_key(const struct gather_cell *cell, const char *params)
{
	return mem_printf("%s\n%s\n%s\n%d\n%s", cell->workload, params,
	    cell->mode, cell->workers, cell->pin);
}

/* Rows have the parameters that differ. */
static void
launches_know_rows(struct launches_keys *k, const struct compare *c)
{
	size_t i, at, before;
	char *key;

	k->row = mem_array(NULL, c->nrows + 1, sizeof(*k->row));
	for (i = 0; i < c->nrows; i++) {
		key = mem_printf("%s\n%s", c->rows[i].workload,
		    c->rows[i].params_all);
		before = k->rows.count;
		at = names_add(&k->rows, key, strlen(key));
		if (at == before)
			k->row[at] = i;
		free(key);
	}
}

static size_t
launches_point(struct figure_launches *all, struct launches_keys *k,
    const struct gather_cell *cell)
{
	char *raw = gather_params(cell), *params = str_safe_copy(raw);
	char *key = launches_key(cell, raw), *workload, *of_row;
	size_t at = names_add(&k->points, key, strlen(key)), row;
	struct figure_point *p;

	free(key);
	free(raw);
	if (at < all->npoints) {
		free(params);
		return at;
	}
	all->points = mem_grow(all->points, all->npoints, &all->points_cap,
	    sizeof(*all->points));
	p = &all->points[all->npoints++];
	p->cell = cell;
	p->all = params;
	workload = str_safe_copy(cell->workload);
	of_row = mem_printf("%s\n%s", workload, params);
	row = names_get(&k->rows, of_row, strlen(of_row));
	p->params = mem_strdup(row == SIZE_MAX ? params :
	    all->compare->rows[k->row[row]].params);
	free(of_row);
	free(workload);
	return at;
}

/* ---- every launch -------------------------------------------------------------- */

static void
launches_add(struct figure_launches *all, struct launches_keys *k, size_t side,
    size_t run, const struct gather_cell *cell)
{
	const struct compare *c = all->compare;
	size_t i, first = c->sides[side].unit[run];
	size_t point = launches_point(all, k, cell);
	struct figure_launch *l;

	for (i = 0; i < cell->nlaunches; i++) {
		all->list = mem_grow(all->list, all->count, &all->cap,
		    sizeof(*all->list));
		l = &all->list[all->count++];
		memset(l, 0, sizeof(*l));
		l->point = point;
		l->side = side;
		l->cell = cell;
		l->launch = &cell->launches[i];
		l->unit = c->boots ? first : first + (size_t)l->launch->launch;
		l->started_s = -1;
	}
}

static void
launches_empty(struct figure_launch *l)
{
	free(l->buckets);
	free(l->steps);
	l->buckets = NULL;
	l->steps = NULL;
	l->nbuckets = l->nsteps = l->steps_cap = 0;
}

/* ---- reading anew ---------------------------------------------------------------- */

struct launches_reader {
	unsigned wanted;
	struct figure_launch *list;	/* of this record */
	size_t *first;			/* in it, of each cell */
	const struct gather *g;
	uint64_t order;
	struct figure_launch *current;	/* NULL: one that is not known */
};

static struct figure_launch *
launches_find(const struct launches_reader *r, int cell, int launch)
{
	const struct gather_cell *c;
	size_t low = 0, high, middle;

	if (cell < 0 || (size_t)cell >= r->g->ncells)
		return NULL;
	c = &r->g->cells[cell];
	high = c->nlaunches;
	while (low < high) {
		middle = low + (high - low) / 2;
		if (c->launches[middle].launch < launch)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == c->nlaunches || c->launches[low].launch != launch)
		return NULL;
	return &r->list[r->first[cell] + low];
}

static void
launches_take_latency(struct figure_launch *l, const struct histogram *h)
{
	unsigned i;
	size_t n = 0;

	for (i = 0; i < HISTOGRAM_BUCKETS; i++)
		n += h->bucket[i] > 0;
	if (n == 0)
		return;
	l->buckets = mem_array(NULL, n, sizeof(*l->buckets));
	for (i = 0; i < HISTOGRAM_BUCKETS; i++)
		if (h->bucket[i] > 0)
			l->buckets[l->nbuckets++] = (struct figure_bucket) {
			    i, h->bucket[i] };
	l->max_ns = h->max_ns;
}

/* One that is done again is told again, and the last counts. */
static int
launches_on_launch(void *arg, const struct reader_launch *from)
{
	struct launches_reader *r = arg;
	struct figure_launch *l = launches_find(r, from->cell, from->launch);

	r->current = l;
	if (l == NULL)
		return 0;
	launches_empty(l);
	l->told = true;
	l->order = r->order++;
	l->started_s = from->started_s;
	if ((r->wanted & FIGURE_LATENCY) && from->latency != NULL)
		launches_take_latency(l, from->latency);
	return 0;
}

static int
launches_on_curve(void *arg, int cell, int launch, const struct reader_curve *c)
{
	struct launches_reader *r = arg;
	struct figure_launch *l = r->current;

	(void)cell;
	(void)launch;
	if (l == NULL || !(r->wanted & FIGURE_CURVE) || c->count == 0 ||
	    !(c->mean_ns > 0) || c->first > UINT64_MAX - c->count)
		return 0;
	l->steps = mem_grow(l->steps, l->nsteps, &l->steps_cap,
	    sizeof(*l->steps));
	l->steps[l->nsteps++] = (struct figure_step) { c->first,
	    c->first + c->count - 1, c->mean_ns, (double)c->min_ns,
	    (double)c->max_ns };
	return 0;
}

/* The launches of the record begin at `list`. */
static int
launches_tell(const struct gather *g, struct figure_launch *list,
    unsigned wanted, struct err *e)
{
	struct launches_reader r = { .wanted = wanted, .list = list, .g = g };
	struct reader_handler h = { .launch = launches_on_launch,
	    .curve = launches_on_curve, .arg = &r };
	size_t i, n = 0;
	int rc;

	r.first = mem_array(NULL, g->ncells + 1, sizeof(*r.first));
	for (i = 0; i < g->ncells; i++) {
		r.first[i] = n;
		n += g->cells[i].id >= 0 ? g->cells[i].nlaunches : 0;
	}
	rc = reader_run(g->path, &h, e);
	free(r.first);
	return rc;
}

/* ---- those that count --------------------------------------------------------------- */

/* By the rules of a comparison, and with all that is wanted. */
static bool
launches_counts(const struct compare *c, const struct figure_launch *l,
    unsigned wanted)
{
	if (l->launch->status != GATHER_OK ||
	    (!c->keep_invalid && l->launch->rules != NULL) ||
	    l->unit >= c->sides[l->side].nunits)
		return false;
	return (wanted == 0 || l->told) &&
	    (!(wanted & FIGURE_LATENCY) || l->nbuckets > 0) &&
	    (!(wanted & FIGURE_CURVE) || l->nsteps > 0);
}

static void
launches_keep(struct figure_launches *all, unsigned wanted)
{
	size_t i, n = 0;

	for (i = 0; i < all->count; i++) {
		if (launches_counts(all->compare, &all->list[i], wanted))
			all->list[n++] = all->list[i];
		else
			launches_empty(&all->list[i]);
	}
	all->count = n;
}

/* A point is no more than its number: cells of a workload stand together. */
static int
launches_order(const void *x, const void *y)
{
	const struct figure_launch *a = x, *b = y;
	int order = a->point != b->point ?
	    strcmp(a->cell->workload, b->cell->workload) : 0;

	if (order == 0)
		order = (a->point > b->point) - (a->point < b->point);
	if (order == 0)
		order = (a->side > b->side) - (a->side < b->side);
	if (order == 0)
		order = (a->unit > b->unit) - (a->unit < b->unit);
	if (order == 0)
		order = (a->cell > b->cell) - (a->cell < b->cell);
	return order != 0 ? order : (a->launch > b->launch) -
	    (a->launch < b->launch);
}

static void
launches_make_spans(struct figure_launches *all)
{
	struct figure_span *s = NULL;
	size_t i;

	if (all->count > 0)
		qsort(all->list, all->count, sizeof(*all->list),
		    launches_order);
	all->spans = mem_array(NULL, all->count + 1, sizeof(*all->spans));
	for (i = 0; i < all->count; i++) {
		const struct figure_launch *l = &all->list[i];

		if (s == NULL || s->point != l->point || s->side != l->side) {
			s = &all->spans[all->nspans++];
			*s = (struct figure_span) { l->point, l->side, l, 0 };
		}
		s->n++;
	}
}

static int
launches_read_all(struct figure_launches *all, unsigned wanted, struct err *e)
{
	const struct compare *c = all->compare;
	struct figure_launch *at = all->list;
	size_t side, run, i;

	for (side = 0; side < c->nsides; side++)
		for (run = 0; run < c->sides[side].nruns; run++) {
			const struct gather *g = &c->sides[side].runs[run];

			if (launches_tell(g, at, wanted, e) != 0)
				return -1;
			/* With no launch at all there is no list. */
			for (i = 0; i < g->ncells; i++)
				if (g->cells[i].id >= 0 &&
				    g->cells[i].nlaunches > 0)
					at += g->cells[i].nlaunches;
		}
	return 0;
}

int
figure_launches_read(struct figure_launches *all, struct figure_source *s,
    unsigned wanted, struct err *e)
{
	const struct compare *c = &s->compare;
	struct launches_keys k = { .row = NULL };
	size_t side, run, i;
	int rc = 0;

	memset(all, 0, sizeof(*all));
	all->compare = c;
	launches_know_rows(&k, c);
	for (side = 0; side < c->nsides; side++)
		for (run = 0; run < c->sides[side].nruns; run++) {
			const struct gather *g = &c->sides[side].runs[run];

			for (i = 0; i < g->ncells; i++)
				if (g->cells[i].id >= 0)
					launches_add(all, &k, side, run,
					    &g->cells[i]);
		}
	names_free(&k.points);
	names_free(&k.rows);
	free(k.row);
	if (wanted != 0)
		rc = launches_read_all(all, wanted, e);
	launches_keep(all, wanted);
	launches_make_spans(all);
	return rc;
}

void
figure_launches_free(struct figure_launches *all)
{
	size_t i;

	for (i = 0; i < all->count; i++)
		launches_empty(&all->list[i]);
	for (i = 0; i < all->npoints; i++) {
		free(all->points[i].params);
		free(all->points[i].all);
	}
	free(all->list);
	free(all->points);
	free(all->spans);
	memset(all, 0, sizeof(*all));
}

size_t
figure_launches_unit(const struct figure_span *s, size_t first)
{
	size_t n = 1;

	while (first + n < s->n &&
	    s->launches[first + n].unit == s->launches[first].unit)
		n++;
	return n;
}

double
figure_launches_value(const struct figure_launch *l, const char *metric)
{
	double value;
	size_t i;

	for (i = 0; i < l->cell->nmetrics; i++) {
		if (strcmp(l->cell->metrics[i].name, metric) != 0)
			continue;
		value = gather_launch_value(l->launch, i);
		return value > 0 && isfinite(value) ? value : NAN;
	}
	return NAN;
}

const struct gather_metric **
figure_launches_metrics(const struct figure_span *spans, size_t nspans,
    size_t *n)
{
	const struct gather_metric **list = NULL;
	size_t i, k, m, cap = 0;

	*n = 0;
	for (i = 0; i < nspans; i++) {
		const struct gather_cell *c = spans[i].launches[0].cell;

		for (k = 0; k < c->nmetrics; k++) {
			if (!gather_headline(c, &c->metrics[k]))
				continue;
			for (m = 0; m < *n && strcmp(list[m]->name,
			    c->metrics[k].name) != 0; m++)
				continue;
			if (m < *n)
				continue;
			list = mem_grow(list, *n, &cap, sizeof(*list));
			list[(*n)++] = &c->metrics[k];
		}
	}
	return list;
}
