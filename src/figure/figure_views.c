/* SPDX-License-Identifier: BSD-2-Clause */
/* Points of what observers saw; see figure_views.h. */
#include "config.h"

#include "figure/figure_views.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "stats/summary.h"

/* ---- matching --------------------------------------------------------------------- */

static bool
views_same_cell(const struct compare_row *row, const struct gather_cell *cell,
    const char *params)
{
	return row->workers == cell->workers &&
	    strcmp(row->workload, cell->workload) == 0 &&
	    strcmp(row->params_all, params) == 0 &&
	    strcmp(row->mode, cell->mode) == 0 &&
	    strcmp(row->pin, cell->pin) == 0;
}

/* NULL: nothing of the cell is compared, for no launch of it ended well. */
static const struct compare_row *
views_row(const struct compare *c, const struct gather_cell *cell)
{
	char *params = gather_params(cell), *safe = str_safe_copy(params);
	const struct compare_row *found = NULL;
	size_t i;

	for (i = 0; i < c->nrows && found == NULL; i++)
		if (views_same_cell(&c->rows[i], cell, safe))
			found = &c->rows[i];
	free(params);
	free(safe);
	return found;
}

static bool
views_same_phase(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

/* Of no phase, or of one whose rate is what the cell is known for. */
static bool
views_headline(const struct gather_cell *cell, const char *phase)
{
	size_t i, len = phase != NULL ? strlen(phase) : 0;

	for (i = 0; phase != NULL && i < cell->nmetrics; i++)
		if (strncmp(cell->metrics[i].name, phase, len) == 0 &&
		    cell->metrics[i].name[len] == ' ' &&
		    gather_headline(cell, &cell->metrics[i]))
			return true;
	return phase == NULL;
}

static struct figure_view *
views_add(struct figure_views *p, const struct compare_row *row,
    const struct gather_cell *cell, const struct insight_part *part)
{
	struct figure_view *point;
	size_t i;

	for (i = 0; i < p->count; i++)
		if (p->list[i].row == row &&
		    views_same_phase(p->list[i].phase, part->phase))
			return &p->list[i];
	p->list = mem_grow(p->list, p->count, &p->cap, sizeof(*p->list));
	point = &p->list[p->count];
	memset(point, 0, sizeof(*point));
	point->number = p->count++;
	point->row = row;
	point->phase = part->phase;
	point->unit = part->unit != NULL ? part->unit : cell->unit;
	point->headline = views_headline(cell, part->phase);
	return point;
}

static void
views_cell(struct figure_views *p, const struct compare *c, size_t side,
    const struct gather_cell *cell, const struct insight_cell *seen)
{
	const struct compare_row *row = views_row(c, cell);
	struct figure_view *point;
	size_t i;

	for (i = 0; row != NULL && i < seen->nparts; i++) {
		point = views_add(p, row, cell, &seen->parts[i]);
		point->seen = mem_grow(point->seen, point->nseen, &point->cap,
		    sizeof(*point->seen));
		point->seen[point->nseen++] = (struct figure_seen){
			.side = side, .cell = cell, .part = &seen->parts[i],
		};
	}
}

/* By cell, as the rows are; of a cell the phases as they came. */
static int
views_order(const void *a, const void *b)
{
	const struct figure_view *x = a, *y = b;

	if (x->row != y->row)
		return x->row > y->row ? 1 : -1;
	return (x->number > y->number) - (x->number < y->number);
}

/*
 * The metrics of a cell are in what the comparison read; the insight has only
 * its launches.
 */
static const struct gather_cell *
views_metrics(const struct compare *c, size_t side, const char *path,
    size_t cell)
{
	const struct compare_side *s = &c->sides[side];
	size_t i;

	for (i = 0; i < s->nruns; i++)
		if (s->runs[i].path != NULL &&
		    strcmp(s->runs[i].path, path) == 0 &&
		    cell < s->runs[i].ncells)
			return &s->runs[i].cells[cell];
	return NULL;
}

int
figure_views_read(struct figure_source *s, struct figure_views *p,
    struct err *e)
{
	const struct gather_cell *cell;
	const struct insight *in;
	size_t i, k, side;

	for (i = 0; i < s->nin; i++) {
		in = figure_insight(s, i, e);
		if (in == NULL)
			return -1;
		side = s->compare.side_of[i];
		for (k = 0; k < in->ncells; k++) {
			cell = views_metrics(&s->compare, side, s->in[i].path,
			    k);
			if (cell != NULL && cell->id >= 0)
				views_cell(p, &s->compare, side, cell,
				    &in->cells[k]);
		}
	}
	if (p->count > 0)
		qsort(p->list, p->count, sizeof(*p->list), views_order);
	return 0;
}

void
figure_views_free(struct figure_views *p)
{
	size_t i;

	for (i = 0; i < p->count; i++)
		free(p->list[i].seen);
	free(p->list);
	memset(p, 0, sizeof(*p));
}

char *
figure_view_title(const struct figure_view *p)
{
	return mem_printf("%s%s%s", p->row->workload, p->phase != NULL ? " " :
	    "", p->phase != NULL ? p->phase : "");
}

/* ---- numbers ------------------------------------------------------------------------ */

static bool
views_counts(const struct compare *c, const struct gather_launch *l,
    bool counted)
{
	if (compare_counts(c, l))
		return true;
	return counted && l->status == GATHER_COUNTED &&
	    (c->keep_invalid || l->rules == NULL);
}

struct figure_numbers
figure_view_numbers(const struct compare *c, const struct figure_view *p,
    size_t side, bool counted, double (*number)(const struct insight_part *part,
    int launch, const void *arg), const void *arg)
{
	struct figure_numbers all = { NULL, 0 };
	const struct gather_launch *l;
	size_t i, k, cap = 0;
	double value;

	for (i = 0; i < p->nseen; i++) {
		if (p->seen[i].side != side)
			continue;
		for (k = 0; k < p->seen[i].cell->nlaunches; k++) {
			l = &p->seen[i].cell->launches[k];
			if (!views_counts(c, l, counted))
				continue;
			value = number(p->seen[i].part, l->launch, arg);
			if (!isfinite(value))
				continue;
			all.v = mem_grow(all.v, all.n, &cap, sizeof(*all.v));
			all.v[all.n++] = value;
		}
	}
	return all;
}

static const struct insight_value *
views_value(const struct insight_item *item, int launch)
{
	size_t i;

	for (i = 0; item != NULL && i < item->nvalues; i++)
		if (item->values[i].launch == launch)
			return &item->values[i];
	return NULL;
}

bool
figure_view_value(const struct insight_part *part, enum insight_kind kind,
    const char *name, int launch, struct insight_value *v)
{
	const struct insight_value *of = views_value(insight_item(part, kind,
	    name), launch), *source;
	char *from;

	if (kind != INSIGHT_KSTAT) {
		if (of != NULL)
			*v = *of;
		return of != NULL;
	}
	/* Its source was read in every sample, the item may be in few. */
	from = mem_strndup(name, strcspn(name, "."));
	source = views_value(insight_item(part, INSIGHT_SOURCE, from), launch);
	free(from);
	if (source == NULL)
		return false;
	*v = *source;
	v->sum = of != NULL ? of->sum : 0;
	return true;
}

double
figure_numbers_mean(const struct figure_numbers *n)
{
	return n->n > 0 ? summary_mean(n->v, n->n) : NAN;
}
