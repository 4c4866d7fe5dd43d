/* SPDX-License-Identifier: BSD-2-Clause */
/* Time per operation against a number that grows, and its exponent. */
#include "config.h"

#include "figure/figure_kinds.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "figure/figure_scale.h"
#include "figure/figure_sweep.h"
#include "present/compare_sweep.h"

#define GROWTH_SIZES_MIN 3
#define GROWTH_BARS 3		/* times what the points take */

/* A sweep of a comparison, kept. */
struct growth_sweep {
	struct compare_sweep of;
	char *param;
	size_t number;		/* in the order of the rows */
};

struct growth_sweeps {
	struct growth_sweep *list;
	size_t count, cap;
};

/* ---- which sweeps -------------------------------------------------------------- */

/* Also the phases for which a workload is not known: "build process/s". */
static bool
growth_wanted(const struct compare_row *row)
{
	return row->headline || (!row->lower && str_ends(row->unit, "/s") &&
	    strchr(row->metric, ' ') != NULL);
}

static void
growth_keep(const struct compare_sweep *s, void *arg)
{
	struct growth_sweeps *all = arg;
	struct growth_sweep *kept;

	if (s->param == NULL || s->n < GROWTH_SIZES_MIN ||
	    !growth_wanted(s->rows[0]))
		return;
	all->list = mem_grow(all->list, all->count, &all->cap, sizeof(*kept));
	kept = &all->list[all->count];
	kept->number = all->count++;
	kept->param = mem_strdup(s->param);
	kept->of = *s;
	kept->of.param = kept->param;
	kept->of.rows = mem_array(NULL, s->n, sizeof(*s->rows));
	memcpy(kept->of.rows, s->rows, s->n * sizeof(*s->rows));
	kept->of.x = mem_array(NULL, s->n, sizeof(*s->x));
	memcpy(kept->of.x, s->x, s->n * sizeof(*s->x));
}

static int
growth_same_figure(const struct growth_sweep *a, const struct growth_sweep *b)
{
	const struct compare_row *x = a->of.rows[0], *y = b->of.rows[0];
	int order = strcmp(x->workload, y->workload);

	if (order == 0)
		order = strcmp(a->param, b->param);
	return order != 0 ? order : strcmp(x->metric, y->metric);
}

static int
growth_order(const void *a, const void *b)
{
	const struct growth_sweep *x = a, *y = b;
	int order = growth_same_figure(x, y);

	return order != 0 ? order : (x->number > y->number) -
	    (x->number < y->number);
}

/* ---- one figure ------------------------------------------------------------------ */

struct growth_draw {
	const struct growth_sweep *sweeps;
	size_t n;
	bool mode, pin, workers;	/* differ between the sweeps */
	struct figure *f;
	struct figure_range x, y, bars;
	double *sizes;
	size_t nsizes, sizes_cap;
	struct str factors, slopes;
};

/* Seconds per operation of a rate; of a time itself; else the number. */
static double
growth_time(const struct compare_row *row, double value)
{
	if (!row->lower)
		return 1 / value;
	return strcmp(row->unit, "ns") == 0 ? value / 1e9 : value;
}

/* "process/s" of "build process/s" is a process. */
static char *
growth_what(const struct compare_row *row)
{
	char *what;

	if (row->lower)
		return mem_strdup(row->metric);
	what = mem_printf("time per %s", row->unit);
	if (str_ends(what, "/s"))
		what[strlen(what) - 2] = '\0';
	return what;
}

static void
growth_differences(struct growth_draw *d)
{
	const struct compare_row *first = d->sweeps[0].of.rows[0], *row;
	size_t i;

	for (i = 1; i < d->n; i++) {
		row = d->sweeps[i].of.rows[0];
		d->mode |= strcmp(row->mode, first->mode) != 0;
		d->pin |= strcmp(row->pin, first->pin) != 0;
		d->workers |= row->workers != first->workers;
	}
}

/* "slope 0.12 [0.05, 0.19]: 6.17, member=own, x2" */
static char *
growth_name(const struct growth_draw *d, const struct compare_sweep *s,
    size_t side, const char *slope)
{
	const struct compare_row *row = s->rows[0];
	char *rest = compare_sweep_without(row->params, s->param);
	char *a = figure_join(s->c->nsides > 1 ? s->c->sides[side].name : "",
	    rest);
	char *b = figure_join(a, d->mode ? row->mode : "");
	char *c = figure_join(b, d->pin ? row->pin : "");
	char *count = mem_printf("x%d", row->workers);
	char *all = figure_join(c, d->workers ? count : "");
	char *name = mem_printf("%s: %s", slope, all[0] != '\0' ? all :
	    s->c->sides[side].name);

	free(rest);
	free(a);
	free(b);
	free(c);
	free(count);
	free(all);
	return name;
}

/* The law of the time of one is that of all by their number. */
static char *
growth_slope(struct growth_draw *d, const struct compare_sweep *s, size_t side)
{
	bool ns = s->rows[0]->lower && strcmp(s->rows[0]->unit, "ns") == 0;
	struct growth g;
	double half;

	str_addf(&d->factors, "%s", d->factors.len > 0 ? ", " : "");
	str_addf(&d->slopes, "%s", d->slopes.len > 0 ? ", " : "");
	if (compare_sweep_growth(s, side, &g) != 0) {
		str_add(&d->factors, "NaN");
		str_add(&d->slopes, "NaN");
		return mem_strdup("too few points for a slope");
	}
	g.exponent -= 1;
	str_addf(&d->factors, "%.10g", g.factor / (ns ? 1e9 : 1));
	str_addf(&d->slopes, "%.10g", g.exponent);
	half = growth_half_width(&g, FIGURE_CONFIDENCE);
	return mem_printf("slope %.2f [%.2f, %.2f]", g.exponent,
	    g.exponent - half, g.exponent + half);
}

static void
growth_row(struct growth_draw *d, size_t n, double x, double y, double low,
    double high)
{
	if (n == 4)
		figure_row(d->f, 4, x, y, low, high);
	else
		figure_row(d->f, 2, x, y);
	figure_range_add(&d->x, x);
	figure_range_add(&d->y, y);
	figure_range_add(&d->bars, low);
	figure_range_add(&d->bars, high);
}

static void
growth_means(struct growth_draw *d, const struct compare_sweep *s, size_t side)
{
	struct figure_mean m;
	double a, b;
	size_t i;

	for (i = 0; i < s->n; i++) {
		if (isnan(s->rows[i]->values[side].mean))
			continue;
		m = figure_mean(s->c, s->rows[i], side);
		a = growth_time(s->rows[i], m.low);
		b = growth_time(s->rows[i], m.high);
		growth_row(d, 4, s->x[i], growth_time(s->rows[i], m.mean),
		    fmin(a, b), fmax(a, b));
		d->sizes = mem_grow(d->sizes, d->nsizes, &d->sizes_cap,
		    sizeof(*d->sizes));
		d->sizes[d->nsizes++] = s->x[i];
	}
}

static void
growth_units(struct growth_draw *d, const struct compare_sweep *s, size_t side)
{
	const struct compare_value *v;
	size_t i, k;

	for (i = 0; i < s->n; i++) {
		v = &s->rows[i]->values[side];
		for (k = 0; k < s->c->sides[side].nunits; k++)
			if (!isnan(v->log[k]))
				growth_row(d, 2, s->x[i], growth_time(
				    s->rows[i], exp(v->log[k])), NAN, NAN);
	}
}

static size_t
growth_sizes(const struct compare_sweep *s, size_t side)
{
	size_t i, n = 0;

	for (i = 0; i < s->n; i++)
		n += !isnan(s->rows[i]->values[side].mean);
	return n;
}

static void
growth_series(struct growth_draw *d, const struct compare_sweep *s, size_t side)
{
	char *slope = growth_slope(d, s, side);
	char *name = growth_name(d, s, side, slope);

	figure_series(d->f, "size mean low high", "%s", name);
	growth_means(d, s, side);
	figure_block(d->f, "size value");
	growth_units(d, s, side);
	free(slope);
	free(name);
}

static void
growth_begin(struct growth_draw *d, struct figures *set,
    const struct figure_kind *kind)
{
	const struct compare_sweep *s = &d->sweeps[0].of;
	const struct compare_row *row = s->rows[0];
	char *other = mem_printf("%s-%s", row->metric, s->param);
	char *units = figure_units(s->c), *what = growth_what(row);

	d->f = figure_new(set, kind, row->workload, other);
	d->x = d->y = d->bars = (struct figure_range){ INFINITY, -INFINITY };
	figure_title(d->f, "%s: %s%s%s against %s, lower is better",
	    row->workload, row->lower ? "" : row->metric,
	    row->lower ? "" : " as ", what, s->param);
	figure_alt(d->f, "%s of %s against %s, with the slopes of straight "
	    "lines through the logarithms", what, row->workload, s->param);
	figure_text(d->f, "title", "%s", d->f->title);
	figure_text(d->f, "note", "means of %s, bars: 95%% intervals, grey: "
	    "each; slope 0: the same cost at every size", units);
	figure_text(d->f, "xlabel", "%s", s->param);
	figure_text(d->f, "ylabel", "%s", what);
	free(other);
	free(units);
	free(what);
}

static int
growth_double_order(const void *a, const void *b)
{
	return (*(const double *)a > *(const double *)b) -
	    (*(const double *)a < *(const double *)b);
}

static void
growth_end(struct growth_draw *d)
{
	const struct compare_row *row = d->sweeps[0].of.rows[0];
	const char *unit = !row->lower || strcmp(row->unit, "ns") == 0 ? "s" :
	    "";

	/* Of few units they may be longer than everything else. */
	figure_range_add(&d->y, fmax(d->bars.low, d->y.low / GROWTH_BARS));
	figure_range_add(&d->y, fmin(d->bars.high, d->y.high * GROWTH_BARS));
	figure_wide_key(d->f);
	qsort(d->sizes, d->nsizes, sizeof(*d->sizes), growth_double_order);
	figure_scale_log(d->f, "x", d->x, "");
	figure_scale_at(d->f, "x", d->sizes, d->nsizes, 14);
	figure_scale_log(d->f, "y", d->y, unit);
	figure_line(d->f, "array factors[%zu] = [%s]", d->f->series,
	    str_text(&d->factors));
	figure_line(d->f, "array slopes[%zu] = [%s]", d->f->series,
	    str_text(&d->slopes));
	free(d->sizes);
	str_free(&d->factors);
	str_free(&d->slopes);
	d->sizes = NULL;
	d->nsizes = d->sizes_cap = 0;
	d->f = NULL;
}

/* The sweeps of one figure, in parts when there are too many lines. */
static void
growth_figure(const struct growth_sweep *sweeps, size_t n, struct figures *set,
    const struct figure_kind *kind)
{
	struct growth_draw d = { .sweeps = sweeps, .n = n };
	const struct compare_sweep *s;
	size_t i, side;

	growth_differences(&d);
	for (i = 0; i < n; i++) {
		s = &sweeps[i].of;
		for (side = 0; side < s->c->nsides; side++) {
			if (growth_sizes(s, side) < 2)
				continue;
			if (d.f == NULL)
				growth_begin(&d, set, kind);
			growth_series(&d, s, side);
			if (d.f->series == FIGURE_SERIES_MAX)
				growth_end(&d);
		}
	}
	if (d.f != NULL)
		growth_end(&d);
}

int
figure_growth(struct figures *set, const struct figure_kind *kind,
    struct figure_source *s, struct err *e)
{
	struct growth_sweeps all = { 0 };
	size_t i, next;

	(void)e;
	compare_sweeps(&s->compare, growth_keep, &all);
	if (all.count > 0)
		qsort(all.list, all.count, sizeof(*all.list), growth_order);
	for (i = 0; i < all.count; i = next) {
		for (next = i + 1; next < all.count && growth_same_figure(
		    &all.list[i], &all.list[next]) == 0; next++)
			continue;
		growth_figure(&all.list[i], next - i, set, kind);
	}
	for (i = 0; i < all.count; i++) {
		free(all.list[i].param);
		free(all.list[i].of.rows);
		free(all.list[i].of.x);
	}
	free(all.list);
	return 0;
}
