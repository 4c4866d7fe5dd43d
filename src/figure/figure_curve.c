/* SPDX-License-Identifier: BSD-2-Clause */
/* What the n-th operation costs, with all that came before still there. */
#include "config.h"

#include "figure/figure_kinds.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "figure/figure_axis.h"
#include "figure/figure_launches.h"

/* An axis is logarithmic when its ends are so far apart. */
#define CURVE_STEPS_LOG 100
#define CURVE_TIME_LOG 10

/* With more lines their ranges hide each other. */
#define CURVE_RANGES 2

/* A step with its unit. */
struct curve_step {
	struct figure_step step;
	size_t unit;
};

struct curve {
	struct curve_step *steps;	/* rising, of all launches of a line */
	size_t n;
	bool ranges;			/* are drawn */
	/* Of what is drawn. */
	double first, last;
	double low, high;
};

static int
curve_order(const void *x, const void *y)
{
	const struct curve_step *a = x, *b = y;
	int order = (a->step.first > b->step.first) -
	    (a->step.first < b->step.first);

	return order != 0 ? order : (a->unit > b->unit) - (a->unit < b->unit);
}

static void
curve_read(struct curve *c, const struct figure_span *s)
{
	size_t i, k, total = 0;

	for (i = 0; i < s->n; i++)
		total += s->launches[i].nsteps;
	c->steps = mem_array(NULL, total + 1, sizeof(*c->steps));
	c->n = 0;
	for (i = 0; i < s->n; i++)
		for (k = 0; k < s->launches[i].nsteps; k++)
			c->steps[c->n++] = (struct curve_step) {
			    s->launches[i].steps[k], s->launches[i].unit };
	if (c->n > 0)
		qsort(c->steps, c->n, sizeof(*c->steps), curve_order);
}

/* Steps count from 0 in a record, and from 1 for people. */
static double
curve_middle(const struct figure_step *s)
{
	return sqrt(((double)s->first + 1) * ((double)s->last + 1));
}

static void
curve_seen(struct curve *c, double n, double ns)
{
	c->first = fmin(c->first, n);
	c->last = fmax(c->last, n);
	c->low = fmin(c->low, ns);
	c->high = fmax(c->high, ns);
}

/*
 * Steps of the workers and launches of a unit are one value; their mean over
 * the units is that of their logarithms, as everywhere.
 */
static void
curve_bins(struct figure *f, struct curve *c)
{
	size_t i, next, k, same;
	double least, most, sum, unit;
	size_t units;

	for (i = 0; i < c->n; i = next) {
		sum = most = 0;
		least = INFINITY;
		units = 0;
		for (next = i; next < c->n && c->steps[next].step.first ==
		    c->steps[i].step.first; next = same) {
			unit = 0;
			for (same = next; same < c->n &&
			    curve_order(&c->steps[same], &c->steps[next]) == 0;
			    same++)
				unit += c->steps[same].step.mean;
			for (k = next; k < same; k++) {
				least = fmin(least, c->steps[k].step.least);
				most = fmax(most, c->steps[k].step.most);
			}
			sum += log(unit / (double)(same - next));
			units++;
		}
		least = fmax(least, 1);
		most = fmax(most, 1);
		figure_row(f, 4, curve_middle(&c->steps[i].step),
		    exp(sum / (double)units), least, most);
		if (!c->ranges)
			continue;
		c->low = fmin(c->low, least);
		c->high = fmax(c->high, most);
	}
}

static int
curve_unit_order(const void *x, const void *y)
{
	const struct curve_step *a = x, *b = y;
	int order = (a->unit > b->unit) - (a->unit < b->unit);

	return order != 0 ? order : curve_order(x, y);
}

static void
curve_units(struct figure *f, struct curve *c)
{
	size_t i, next;
	double sum, n;

	if (c->n > 0)
		qsort(c->steps, c->n, sizeof(*c->steps), curve_unit_order);
	for (i = 0; i < c->n; i = next) {
		sum = 0;
		for (next = i; next < c->n && curve_order(&c->steps[next],
		    &c->steps[i]) == 0; next++)
			sum += c->steps[next].step.mean;
		if (i > 0 && c->steps[i - 1].unit != c->steps[i].unit)
			figure_row(f, 0);
		n = curve_middle(&c->steps[i].step);
		sum /= (double)(next - i);
		figure_row(f, 2, n, sum);
		curve_seen(c, n, sum);
	}
}

static void
curve_axes(struct figure *f, const struct curve *c)
{
	if (c->last / c->first >= CURVE_STEPS_LOG)
		figure_axis_log(f, "x", c->first, c->last);
	if (c->high / c->low >= CURVE_TIME_LOG)
		figure_axis_log_time(f, "y", c->low, c->high);
	else
		figure_axis_time(f, "y", c->high);
}

static void
curve_titles(struct figure *f, const struct figure_launches *all,
    const struct figure_span *const *spans, const struct figure_differs *d,
    size_t n)
{
	char *common = figure_launches_common(all, spans[0], d);
	char *note = figure_launches_note(all, spans, n);
	const char *unit = all->points[spans[0]->point].cell->unit;

	figure_title(f, "%s: cost of the n-th %s, lower is better", common,
	    unit);
	figure_alt(f, "time of the n-th %s of %s against n, %zu lines", unit,
	    common, n);
	figure_text(f, "title", "%s", f->title);
	figure_text(f, "note", "%s%s", note, n <= CURVE_RANGES ?
	    "; band: fastest to slowest" : "");
	figure_text(f, "unit", "%s", unit);
	figure_number(f, "ranges", n <= CURVE_RANGES);
	free(common);
	free(note);
}

static void
curve_draw(struct figures *set, const struct figure_kind *kind,
    const struct figure_launches *all, const struct figure_span *const *spans,
    size_t n)
{
	struct figure_differs d = figure_launches_differ(all, spans, n);
	struct curve c = { .ranges = n <= CURVE_RANGES, .first = INFINITY,
	    .low = INFINITY };
	struct figure *f = figure_new(set, kind,
	    all->points[spans[0]->point].cell->workload, "");
	char *name;
	size_t i;

	curve_titles(f, all, spans, &d, n);
	for (i = 0; i < n; i++) {
		curve_read(&c, spans[i]);
		name = figure_launches_name(all, spans[i], &d);
		figure_series(f, "n mean least most", "%s", name);
		curve_bins(f, &c);
		figure_block(f, "n unit");
		curve_units(f, &c);
		free(name);
		free(c.steps);
	}
	curve_axes(f, &c);
}

static bool
curve_any(const struct compare *c)
{
	size_t side, run, i;

	for (side = 0; side < c->nsides; side++)
		for (run = 0; run < c->sides[side].nruns; run++) {
			const struct gather *g = &c->sides[side].runs[run];

			for (i = 0; i < g->ncells; i++)
				if (g->cells[i].id >= 0 &&
				    strcmp(g->cells[i].kind, "curve") == 0)
					return true;
		}
	return false;
}

int
figure_curve(struct figures *set, const struct figure_kind *kind,
    struct figure_source *s, struct err *e)
{
	struct figure_launches all;
	int rc;

	if (!curve_any(&s->compare))
		return 0;
	rc = figure_launches_read(&all, s, FIGURE_CURVE, e);
	if (rc == 0)
		figure_launches_each(&all, set, kind, curve_draw);
	figure_launches_free(&all);
	return rc;
}
