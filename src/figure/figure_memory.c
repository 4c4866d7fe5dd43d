/* SPDX-License-Identifier: BSD-2-Clause */
/* Memory that the system spends on a member of a population. */
#include "config.h"

#include "figure/figure_kinds.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/units.h"
#include "figure/figure_panels.h"
#include "figure/figure_stack.h"
#include "present/compare_sweep.h"
#include "present/gather_effect.h"
#include "present/gather_launch.h"

#define MEMORY_METRIC "memory bytes/member"
#define MEMORY_KIB 1024.0

static const char *const memory_parts[READER_SPENT] = {
	[READER_PAGE_TABLES] = "page tables",
	[READER_KERNEL_STACK] = "kernel stacks",
	[READER_SLAB] = "slab",
	[READER_ANONYMOUS] = "anonymous",
};

/* What the launches of one side have at a row, in KiB. */
struct memory_values {
	double (*each)[READER_SPENT];
	double mean[READER_SPENT];
	size_t n, cap;
};

/* ---- values ---------------------------------------------------------------------- */

/* The metric "PHASE PART_bytes/member"; SIZE_MAX: there is none. */
static size_t
memory_metric(const struct gather_cell *cell, const char *phase, size_t len,
    int part)
{
	char *name = mem_printf("%.*s %s_bytes/member", (int)len, phase,
	    gather_effect_parts[part]);
	size_t i;

	for (i = 0; i < cell->nmetrics; i++)
		if (strcmp(cell->metrics[i].name, name) == 0)
			break;
	free(name);
	return i < cell->nmetrics ? i : SIZE_MAX;
}

/* All parts after one phase; NAN for the sum of those that are not known. */
static double
memory_after(const struct gather_cell *cell, const struct gather_launch *l,
    const char *phase, size_t len, double *parts)
{
	double sum = 0;
	size_t metric;
	int i;

	for (i = 0; i < READER_SPENT; i++) {
		metric = memory_metric(cell, phase, len, i);
		parts[i] = metric != SIZE_MAX ? gather_launch_value(l, metric) /
		    MEMORY_KIB : NAN;
		sum += parts[i];
	}
	return sum;
}

/* After the phase when it was most, as the sum in the results is. */
static void
memory_launch(struct memory_values *v, const struct gather_cell *cell,
    const struct gather_launch *l)
{
	static const char end[] = " slab_bytes/member";
	double parts[READER_SPENT], best[READER_SPENT], sum, most = NAN;
	const char *name;
	size_t i;

	for (i = 0; i < cell->nmetrics; i++) {
		name = cell->metrics[i].name;
		if (!str_ends(name, end))
			continue;
		sum = memory_after(cell, l, name, strlen(name) - strlen(end),
		    parts);
		if (isnan(sum) || sum <= most)
			continue;
		most = sum;
		memcpy(best, parts, sizeof(best));
	}
	if (isnan(most))
		return;
	v->each = mem_grow(v->each, v->n, &v->cap, sizeof(*v->each));
	memcpy(v->each[v->n++], best, sizeof(best));
}

static void
memory_read(const struct compare *c, const struct compare_row *row,
    size_t side, struct memory_values *v)
{
	const struct compare_side *s = &c->sides[side];
	const struct gather_cell *cell;
	size_t run, i, k;
	int part;

	memset(v, 0, sizeof(*v));
	for (run = 0; run < s->nruns; run++)
		for (i = 0; i < s->runs[run].ncells; i++) {
			cell = &s->runs[run].cells[i];
			if (!compare_row_is_of(row, cell))
				continue;
			for (k = 0; k < cell->nlaunches; k++)
				if (compare_counts(c, &cell->launches[k]))
					memory_launch(v, cell,
					    &cell->launches[k]);
		}
	for (part = 0; part < READER_SPENT; part++)
		for (k = 0; k < v->n; k++)
			v->mean[part] += v->each[k][part] / (double)v->n;
}

/* ---- against a size ---------------------------------------------------------------- */

/* Sweeps of one workload and parameter; the figure that is being made. */
struct memory_draw {
	struct figures *set;
	const struct figure_kind *kind;
	const struct compare *c;
	struct figure_panels p;
	char *workload, *param;		/* of the figure; NULL: there is none */
	size_t least, most;		/* launches of its points */
	bool swept;
};

static void
memory_titles(struct figure *f, const char *workload, const char *against,
    const char *launches, const char *marks)
{
	figure_title(f, "%s: memory of the system per member%s%s, lower is "
	    "better", workload, against[0] != '\0' ? " against " : "",
	    against);
	figure_alt(f, "slab, page tables, kernel stacks and anonymous memory "
	    "per member of %s, for each kernel", workload);
	figure_text(f, "title", "%s", f->title);
	figure_text(f, "note", "KiB at full size; means of %s, %s", launches,
	    marks);
}

static void
memory_end(struct memory_draw *d)
{
	char *launches = figure_launch_count(d->least, d->most);

	if (d->workload != NULL) {
		memory_titles(d->p.f, d->workload, d->param, launches,
		    "grey: each launch");
		figure_panels_end(&d->p, 10);
	}
	free(launches);
	free(d->workload);
	free(d->param);
	d->workload = d->param = NULL;
}

static void
memory_begin(struct memory_draw *d, const struct compare_sweep *s)
{
	struct figure *f;
	int i;

	d->workload = mem_strdup(s->rows[0]->workload);
	d->param = mem_strdup(s->param);
	d->least = SIZE_MAX;
	d->most = 0;
	f = figure_new(d->set, d->kind, d->workload, d->param);
	figure_text(f, "xlabel", "%s", d->param);
	figure_panels_begin(&d->p, f, READER_SPENT);
	for (i = 0; i < READER_SPENT; i++) {
		char *title = mem_printf("%s, KiB", memory_parts[i]);

		figure_panels_title(&d->p, (size_t)i, title);
		free(title);
	}
}

/* "6.17, member=own" */
static char *
memory_name(const struct compare *c, size_t side, const char *params)
{
	char *name = figure_join(c->nsides > 1 ? c->sides[side].name : "",
	    params);

	if (name[0] != '\0')
		return name;
	free(name);
	return mem_strdup(c->sides[side].name);
}

static void
memory_series(struct memory_draw *d, const struct compare_sweep *s, size_t side)
{
	struct memory_values *v = mem_array(NULL, s->n, sizeof(*v));
	char *rest = compare_sweep_without(s->rows[0]->params, s->param);
	char *name = memory_name(d->c, side, rest);
	size_t i, k;

	figure_panels_series(&d->p, name);
	for (i = 0; i < s->n; i++) {
		memory_read(d->c, s->rows[i], side, &v[i]);
		if (v[i].n == 0)
			continue;
		figure_panels_row(&d->p, s->x[i], v[i].mean);
		d->least = v[i].n < d->least ? v[i].n : d->least;
		d->most = v[i].n > d->most ? v[i].n : d->most;
	}
	figure_panels_launches(&d->p);
	for (i = 0; i < s->n; i++) {
		for (k = 0; k < v[i].n; k++)
			figure_panels_row(&d->p, s->x[i], v[i].each[k]);
		free(v[i].each);
	}
	free(v);
	free(rest);
	free(name);
}

static size_t
memory_points(const struct compare_sweep *s, size_t side)
{
	size_t i, n = 0;

	for (i = 0; i < s->n; i++)
		n += !isnan(s->rows[i]->values[side].mean);
	return n;
}

static void
memory_sweep(const struct compare_sweep *s, void *arg)
{
	struct memory_draw *d = arg;
	size_t side;

	if (s->param == NULL ||
	    strcmp(s->rows[0]->metric, MEMORY_METRIC) != 0)
		return;
	d->swept = true;
	if (d->workload != NULL &&
	    (strcmp(d->workload, s->rows[0]->workload) != 0 ||
	    strcmp(d->param, s->param) != 0))
		memory_end(d);
	for (side = 0; side < d->c->nsides; side++) {
		if (memory_points(s, side) < 2)
			continue;
		if (d->workload != NULL && d->p.f->series == FIGURE_SERIES_MAX)
			memory_end(d);
		if (d->workload == NULL)
			memory_begin(d, s);
		memory_series(d, s, side);
	}
}

/* ---- of one size --------------------------------------------------------------------- */

/* Bars of what the kernel needs cannot be seen beside so much more. */
#define MEMORY_DWARFS 3

/* Is what members have themselves far more than what the kernel needs? */
static bool
memory_dwarfs(const struct compare *c, const char *workload)
{
	double anonymous = 0, kernel = 0, sum;
	struct memory_values v;
	size_t i, side;
	int part;

	for (i = 0; i < c->nrows; i++) {
		if (strcmp(c->rows[i].metric, MEMORY_METRIC) != 0 ||
		    strcmp(c->rows[i].workload, workload) != 0)
			continue;
		for (side = 0; side < c->nsides; side++) {
			memory_read(c, &c->rows[i], side, &v);
			for (part = 0, sum = 0; part < READER_ANONYMOUS; part++)
				sum += v.mean[part];
			anonymous = fmax(anonymous, v.mean[READER_ANONYMOUS]);
			kernel = fmax(kernel, sum);
			free(v.each);
		}
	}
	return anonymous > MEMORY_DWARFS * kernel;
}

/* "6.17, size=4M x2", and what its bar does not show. */
static char *
memory_label(const struct figure_stack *stack, const struct compare *c,
    const struct compare_row *row, size_t side, const struct memory_values *v)
{
	char *cell = mem_printf("%s%sx%d", row->params, row->params[0] != '\0' ?
	    " " : "", row->workers);
	char *name = memory_name(c, side, cell), *all;
	char bytes[UNITS_MAX];

	free(cell);
	if (stack->nparts == READER_SPENT)
		return name;
	units_round_bytes(bytes, sizeof(bytes), fmax(0,
	    v->mean[READER_ANONYMOUS]) * MEMORY_KIB);
	all = mem_printf("%s + anonymous %s", name, bytes);
	free(name);
	return all;
}

static void
memory_bar(struct figure_stack *stack, const struct compare *c,
    const struct compare_row *row, size_t side)
{
	struct figure_stack_row bar = { .label = NULL };
	struct memory_values v;
	size_t i, k;

	memory_read(c, row, side, &v);
	if (v.n > 0) {
		bar.label = memory_label(stack, c, row, side, &v);
		bar.points = mem_zalloc(v.n * sizeof(*bar.points));
		bar.npoints = v.n;
		for (i = 0; i < stack->nparts; i++) {
			bar.part[i] = v.mean[i];
			for (k = 0; k < v.n; k++)
				bar.points[k] += v.each[k][i];
		}
		figure_stack_add(stack, &bar);
	}
	free(v.each);
}

static void
memory_stack(struct memory_draw *d, struct figure_stack *stack,
    const char *workload)
{
	struct figure *f;
	char *launches;

	if (stack->nrows == 0)
		return;
	launches = figure_stack_launches(stack);
	f = figure_new(d->set, d->kind, workload, "");
	memory_titles(f, workload, "", launches, "circles: the sum of each");
	free(launches);
	figure_text(f, "xlabel", "KiB per member");
	figure_stack_end(stack, f, NAN);
}

/* Is the row one of a sweep, which has been drawn? */
static bool
memory_varies(const struct compare *c, const struct compare_row *row)
{
	size_t i;

	for (i = 0; i < c->nrows; i++)
		if (strcmp(c->rows[i].workload, row->workload) == 0 &&
		    strcmp(c->rows[i].metric, row->metric) == 0 &&
		    strcmp(c->rows[i].params, row->params) != 0)
			return true;
	return false;
}

static void
memory_bars(struct memory_draw *d)
{
	struct figure_stack stack = {
		.parts = memory_parts,
	};
	const struct compare *c = d->c;
	const char *workload = NULL;
	size_t i, side;

	for (i = 0; i < c->nrows; i++) {
		const struct compare_row *row = &c->rows[i];

		if (strcmp(row->metric, MEMORY_METRIC) != 0 ||
		    (d->swept && memory_varies(c, row)))
			continue;
		if (workload == NULL || strcmp(workload, row->workload) != 0) {
			memory_stack(d, &stack, workload);
			workload = row->workload;
			stack.nparts = memory_dwarfs(c, workload) ?
			    READER_ANONYMOUS : READER_SPENT;
		}
		for (side = 0; side < c->nsides; side++) {
			if (stack.nrows == FIGURE_STACK_ROWS)
				memory_stack(d, &stack, workload);
			memory_bar(&stack, c, row, side);
		}
	}
	memory_stack(d, &stack, workload);
}

int
figure_memory(struct figures *set, const struct figure_kind *kind,
    struct figure_source *s, struct err *e)
{
	struct memory_draw d = { .set = set, .kind = kind, .c = &s->compare };

	(void)e;
	compare_sweeps(&s->compare, memory_sweep, &d);
	memory_end(&d);
	memory_bars(&d);
	return 0;
}
