/* SPDX-License-Identifier: BSD-2-Clause */
/* How kernels scale; see compare_scaling.h. */
#include "config.h"

#include "present/compare_scaling.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "present/compare_sweep.h"
#include "stats/difference.h"
#include "stats/growth.h"
#include "stats/summary.h"
#include "stats/usl.h"

#define SCALING_CONFIDENCE 0.95
#define SCALING_POINTS_MIN 3	/* of less there is nothing to say */

/* ---- one coefficient of a side ------------------------------------------- */

/* "  0.050 [0.048, 0.052]" over units; with one unit only the value. */
static void
scaling_put(const double *v, size_t n, FILE *out)
{
	double half = difference_mean_half_width(v, n, SCALING_CONFIDENCE);

	if (isnan(half))
		fprintf(out, " %8.3g", v[0]);
	else
		fprintf(out, " %8.3g [%.3g, %.3g]", summary_mean(v, n),
		    summary_mean(v, n) - half, summary_mean(v, n) + half);
}

/* ---- over workers --------------------------------------------------------- */

static bool
scaling_unit_rates(const struct compare_sweep *s, size_t side, size_t unit,
    double *rate)
{
	size_t i;

	for (i = 0; i < s->n; i++) {
		rate[i] = exp(s->rows[i]->values[side].log[unit]);
		if (isnan(rate[i]))
			return false;
	}
	return true;
}

/* Every unit by itself: what its law says, and where it did most. */
struct scaling_laws {
	double *alpha, *beta, *knee, *peak;	/* of the units with a law */
	double *most;			/* workers with the highest rate */
	size_t n, nmost;
	size_t knees, peaks;		/* of them: those that have an end */
	enum usl_fit worst;
};

static double
scaling_most(const struct compare_sweep *s, const double *rate)
{
	size_t i, most = 0;

	for (i = 1; i < s->n; i++)
		if (rate[i] > rate[most])
			most = i;
	return s->x[most];
}

static void
scaling_fit_units(const struct compare_sweep *s, size_t side, struct scaling_laws *l)
{
	size_t units = s->c->sides[side].nunits, unit;
	double *rate = mem_array(NULL, s->n, sizeof(*rate));
	enum usl_fit fit;
	struct usl u;

	for (unit = 0; unit < units; unit++) {
		if (!scaling_unit_rates(s, side, unit, rate))
			continue;
		l->most[l->nmost++] = scaling_most(s, rate);
		fit = usl_fit(s->x, rate, s->n, &u);
		if (fit != USL_FITS) {
			l->worst = fit;
			continue;
		}
		l->alpha[l->n] = u.alpha;
		l->beta[l->n++] = u.beta;
		if (!isinf(u.peak))
			l->peak[l->peaks++] = u.peak;
		if (!isinf(usl_knee(&u)))
			l->knee[l->knees++] = usl_knee(&u);
	}
	free(rate);
}

/* A place on the axis of workers, which not every unit may have. */
static void
scaling_put_place(const char *name, const double *v, size_t n, size_t units,
    const char *what, FILE *out)
{
	fprintf(out, "%9s %-16s", "", name);
	if (n == units)
		scaling_put(v, n, out);
	else
		fprintf(out, " %8s", "none");
	fprintf(out, "%s\n", what);
}

static void
scaling_put_laws(const struct scaling_laws *l, FILE *out)
{
	fprintf(out, " %-16s", "waiting, alpha");
	scaling_put(l->alpha, l->n, out);
	fprintf(out, "\n%9s %-16s", "", "agreeing, beta");
	scaling_put(l->beta, l->n, out);
	fputc('\n', out);
	scaling_put_place("knee", l->knee, l->knees, l->n,
	    " workers: one more adds half", out);
	scaling_put_place("peak", l->peak, l->peaks, l->n, " workers", out);
	fprintf(out, "%9s", "");
}

static void
scaling_usl_side(const struct compare_sweep *s, size_t side, FILE *out)
{
	size_t units = s->c->sides[side].nunits;
	double *room = mem_array(NULL, units * 5, sizeof(*room));
	struct scaling_laws l = {
		.alpha = room, .beta = room + units, .knee = room + 2 * units,
		.peak = room + 3 * units, .most = room + 4 * units,
		.worst = USL_FITS,
	};

	scaling_fit_units(s, side, &l);
	fprintf(out, "%-9.9s", s->c->sides[side].name);
	if (l.nmost == 0) {
		fprintf(out, " no unit has all worker counts\n");
		free(room);
		return;
	}
	if (l.worst == USL_FITS)
		scaling_put_laws(&l, out);
	else
		fprintf(out, " %s\n%9s", usl_why(l.worst), "");
	fprintf(out, " %-16s %8.4g", "most seen at", summary_median(l.most,
	    l.nmost));
	if (l.nmost > 1)
		fprintf(out, " [%.4g, %.4g]", summary_min(l.most, l.nmost),
		    summary_max(l.most, l.nmost));
	fprintf(out, " workers\n");
	free(room);
}

static void
scaling_usl(const struct compare_sweep *s, FILE *out)
{
	const struct compare_row *row = s->rows[0];
	size_t side;

	fprintf(out, "\nscaling over workers: %s %s%s%s, %s\n", row->workload,
	    row->metric, row->params[0] != '\0' ? ", " : "", row->params,
	    row->mode);
	for (side = 0; side < s->c->nsides; side++)
		scaling_usl_side(s, side, out);
}

/* ---- over a size ------------------------------------------------------------ */

static void
scaling_growth(const struct compare_sweep *s, FILE *out)
{
	const struct compare_row *row = s->rows[0];
	struct growth base, g;
	struct growth_difference d;
	size_t side;

	fprintf(out, "\ngrowth of the time with %s: %s %s, %s\n",
	    s->param, row->workload, row->metric, row->mode);
	for (side = 0; side < s->c->nsides; side++) {
		fprintf(out, "%-9.9s", s->c->sides[side].name);
		if (compare_sweep_growth(s, side, side == 0 ? &base : &g) != 0) {
			fprintf(out, "   too few points\n");
			if (side == 0)
				return;
			continue;
		}
		if (side == 0)
			g = base;
		fprintf(out, "   exponent %.2f [%.2f, %.2f]", g.exponent,
		    g.exponent - growth_half_width(&g, SCALING_CONFIDENCE),
		    g.exponent + growth_half_width(&g, SCALING_CONFIDENCE));
		if (side > 0) {
			growth_compare(&base, &g, SCALING_CONFIDENCE, &d);
			fprintf(out, ", difference %+.2f [%+.2f, %+.2f]",
			    d.difference, d.difference - d.half_width,
			    d.difference + d.half_width);
		}
		fputc('\n', out);
	}
}

/* ---- of all sweeps --------------------------------------------------------- */

static void
scaling_print(const struct compare_sweep *s, void *arg)
{
	FILE *out = arg;

	if (!s->rows[0]->headline || s->n < SCALING_POINTS_MIN)
		return;
	if (s->param != NULL)
		scaling_growth(s, out);
	else if (!s->rows[0]->lower)
		scaling_usl(s, out);
}

void
compare_print_scaling(const struct compare *c, FILE *out)
{
	compare_sweeps(c, scaling_print, out);
}
