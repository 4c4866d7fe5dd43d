/* SPDX-License-Identifier: BSD-2-Clause */
/* Throughput against workers, and what of it is speed-up. */
#include "config.h"

#include "figure/figure_kinds.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "figure/figure_sweep.h"
#include "stats/usl.h"

/* ---- throughput ------------------------------------------------------------- */

static double
scaling_most(double most, double value)
{
	return value > most ? value : most;
}

/* Means with intervals, then every unit by itself. */
static double
scaling_series(struct figure *f, const struct figure_sweep *w,
    const struct figure_line_of *line)
{
	struct figure_mean m;
	double most = 0;
	size_t i, k;

	figure_series(f, "workers mean low high", "%s", line->name);
	for (i = 0; i < line->nrows; i++) {
		m = figure_mean(w->compare, line->rows[i], line->side);
		figure_row(f, 4, (double)line->rows[i]->workers, m.mean,
		    m.low, m.high);
		most = scaling_most(scaling_most(most, m.mean), m.high);
	}
	figure_block(f, "workers value");
	for (i = 0; i < line->nrows; i++) {
		const struct compare_value *v =
		    &line->rows[i]->values[line->side];

		for (k = 0; k < w->compare->sides[line->side].nunits; k++) {
			if (isnan(v->log[k]))
				continue;
			figure_row(f, 2, (double)line->rows[i]->workers,
			    exp(v->log[k]));
			most = scaling_most(most, exp(v->log[k]));
		}
	}
	return most;
}

/* The law through the means; NAN where it does not fit. */
static struct usl
scaling_law(const struct figure_line_of *line)
{
	double *x = mem_array(NULL, line->nrows, sizeof(*x));
	double *y = mem_array(NULL, line->nrows, sizeof(*y));
	struct usl u;
	size_t i;

	for (i = 0; i < line->nrows; i++) {
		x[i] = line->rows[i]->workers;
		y[i] = line->rows[i]->values[line->side].mean;
	}
	if (usl_fit(x, y, line->nrows, &u) != USL_FITS)
		u.gamma = u.alpha = u.beta = NAN;
	free(x);
	free(y);
	return u;
}

static void
scaling_laws(struct figure *f, const struct figure_sweep *w)
{
	struct str laws[3] = { { 0 }, { 0 }, { 0 } };
	static const char *const names[] = { "gamma", "alpha", "beta" };
	size_t i, k;

	for (i = 0; i < w->nlines; i++) {
		struct usl u = scaling_law(&w->lines[i]);
		double v[3] = { u.gamma, u.alpha, u.beta };

		for (k = 0; k < 3; k++) {
			str_add(&laws[k], i > 0 ? ", " : "");
			if (isnan(v[k]))
				str_add(&laws[k], "NaN");
			else
				str_addf(&laws[k], "%.10g", v[k]);
		}
	}
	for (k = 0; k < 3; k++) {
		figure_line(f, "array usl_%s[%zu] = [%s]", names[k], w->nlines,
		    str_text(&laws[k]));
		str_free(&laws[k]);
	}
}

/* What one worker does, of the first line: the ideal is so much for each. */
static double
scaling_ideal(const struct figure_sweep *w)
{
	const struct figure_line_of *line = &w->lines[0];

	return line->rows[0]->values[line->side].mean / line->rows[0]->workers;
}

static void
scaling_throughput(struct figures *set, const struct figure_kind *kind,
    const struct figure_sweep *w)
{
	struct figure *f = figure_new(set, kind, w->workload, w->metric);
	double most = 0;
	size_t i;

	figure_title(f, "%s: %s, %s is better", w->workload, w->metric,
	    w->lower ? "lower" : "higher");
	figure_alt(f, "%s of %s against workers, %zu lines", w->metric,
	    w->workload, w->nlines);
	figure_text(f, "title", "%s", f->title);
	figure_text(f, "note", "%s", w->note);
	figure_text(f, "ylabel", "%s", w->metric);
	for (i = 0; i < w->nlines; i++)
		most = scaling_most(most, scaling_series(f, w, &w->lines[i]));
	figure_sweep_tics(f, w);
	figure_number(f, "most", most);
	figure_tics(f, "y", most * 1.08);
	figure_number(f, "ideal", w->lower ? NAN : scaling_ideal(w));
	scaling_laws(f, w);
}

int
figure_throughput(struct figures *set, const struct figure_kind *kind,
    struct figure_source *s, struct err *e)
{
	(void)e;
	figure_sweeps(s, set, kind, scaling_throughput);
	return 0;
}

/* ---- speed-up ------------------------------------------------------------------- */

/* Against the fewest workers of the same line. */
static void
scaling_speedup(struct figures *set, const struct figure_kind *kind,
    const struct figure_sweep *w)
{
	struct figure *f;
	char *units;
	size_t i, k;

	if (w->lower)
		return;
	f = figure_new(set, kind, w->workload, w->metric);
	f->key_width = f->width / 2;	/* gnuplot lays it out in a panel */
	figure_title(f, "%s: speed-up of %s, higher is better", w->workload,
	    w->metric);
	figure_alt(f, "speed-up and efficiency of %s against workers, %zu "
	    "lines", w->workload, w->nlines);
	figure_text(f, "title", "%s", f->title);
	units = figure_units(w->compare);
	figure_text(f, "note", "of the means of %s", units);
	free(units);
	for (i = 0; i < w->nlines; i++) {
		const struct figure_line_of *line = &w->lines[i];
		double one = line->rows[0]->values[line->side].mean /
		    line->rows[0]->workers;

		figure_series(f, "workers speedup efficiency", "%s",
		    line->name);
		for (k = 0; k < line->nrows; k++) {
			double speedup = line->rows[k]->
			    values[line->side].mean / one;

			figure_row(f, 3, (double)line->rows[k]->workers,
			    speedup, speedup / line->rows[k]->workers * 100);
		}
	}
	figure_sweep_tics(f, w);
}

int
figure_speedup(struct figures *set, const struct figure_kind *kind,
    struct figure_source *s, struct err *e)
{
	(void)e;
	figure_sweeps(s, set, kind, scaling_speedup);
	return 0;
}
