/* SPDX-License-Identifier: BSD-2-Clause */
/* How kernels scale; see compare_scaling.h. */
#include "config.h"

#include "present/compare_scaling.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/str.h"
#include "present/compare_laws.h"
#include "present/compare_sweep.h"
#include "present/wrap.h"
#include "stats/growth.h"

#define SCALING_POINTS_MIN 3	/* of less there is nothing to say */
#define SCALING_NAME 9		/* columns of the name of a side */

/* ---- over workers --------------------------------------------------------- */

/* In front of what is said of a side, or above it. */
static void
scaling_name(const struct compare *c, size_t side, FILE *out)
{
	const char *name = c->sides[side].name;

	if (str_columns(name) <= SCALING_NAME)
		fprintf(out, "%-*s", SCALING_NAME, name);
	else
		fprintf(out, "%.*s\n%*s", WRAP_WIDTH, name, SCALING_NAME, "");
}

/* "  0.050 [0.048, 0.052]" over units; with one unit only the value. */
static void
scaling_put(const char *name, struct compare_estimate e, const char *what,
    FILE *out)
{
	fprintf(out, " %-16s", name);
	if (isnan(e.mean))
		fprintf(out, " %8s", "none");
	else if (isnan(e.low))
		fprintf(out, " %8.3g", e.mean);
	else
		fprintf(out, " %8.3g [%.3g, %.3g]", e.mean, e.low, e.high);
	fprintf(out, "%s\n%9s", what, "");
}

/* Does the law fit? */
static bool
scaling_usl_side(const struct compare_sweep *s, size_t side, FILE *out)
{
	struct compare_laws l = compare_laws(s, side);

	scaling_name(s->c, side, out);
	if (l.units == 0) {
		fprintf(out, " no unit has all worker counts\n");
		return false;
	}
	if (l.fit == USL_FITS) {
		scaling_put("waiting, alpha", l.alpha, "", out);
		scaling_put("agreeing, beta", l.beta, "", out);
		scaling_put("knee", l.knee, " workers", out);
		scaling_put("peak", l.peak, " workers", out);
	} else {
		fprintf(out, " %s\n%9s", usl_why(l.fit), "");
	}
	fprintf(out, " %-16s %8.4g", "most seen at", l.most);
	if (l.units > 1)
		fprintf(out, " [%.4g, %.4g]", l.most_from, l.most_to);
	fprintf(out, " workers\n");
	return l.fit == USL_FITS;
}

static bool
scaling_usl(const struct compare_sweep *s, FILE *out)
{
	const struct compare_row *row = s->rows[0];
	char *text = mem_printf("scaling over workers: %s %s%s%s, %s",
	    row->workload, row->metric, row->params[0] != '\0' ? ", " : "",
	    row->params, row->mode);
	bool fits = false;
	size_t side;

	fputc('\n', out);
	wrap_print("", text, out);
	free(text);
	for (side = 0; side < s->c->nsides; side++)
		fits |= scaling_usl_side(s, side, out);
	return fits;
}

/* ---- over a size ------------------------------------------------------------ */

static void
scaling_growth(const struct compare_sweep *s, FILE *out)
{
	const struct compare_row *row = s->rows[0];
	struct growth base, g;
	struct growth_difference d;
	char *text = mem_printf("growth of the time with %s: %s %s, %s",
	    s->param, row->workload, row->metric, row->mode);
	size_t side;

	fputc('\n', out);
	wrap_print("", text, out);
	free(text);
	for (side = 0; side < s->c->nsides; side++) {
		scaling_name(s->c, side, out);
		if (compare_sweep_growth(s, side, side == 0 ? &base : &g) != 0) {
			fprintf(out, "   too few points\n");
			if (side == 0)
				return;
			continue;
		}
		if (side == 0)
			g = base;
		fprintf(out, "   exponent %.2f [%.2f, %.2f]", g.exponent,
		    g.exponent - growth_half_width(&g, COMPARE_LAWS_CONFIDENCE),
		    g.exponent + growth_half_width(&g, COMPARE_LAWS_CONFIDENCE));
		if (side > 0) {
			growth_compare(&base, &g, COMPARE_LAWS_CONFIDENCE, &d);
			fprintf(out, ", difference %+.2f [%+.2f, %+.2f]",
			    d.difference, d.difference - d.half_width,
			    d.difference + d.half_width);
		}
		fputc('\n', out);
	}
}

/* ---- as JSON ----------------------------------------------------------------- */

/* A list of value, low and high; those that are not known are null. */
static void
scaling_json_numbers(struct json_line *j, const char *key, double value,
    double low, double high)
{
	json_line_append_real(j, key, value);
	json_line_append_real(j, key, low);
	json_line_append_real(j, key, high);
}

static void
scaling_json_laws(struct json_line *j, const struct compare_sweep *s,
    size_t side)
{
	struct compare_laws l = compare_laws(s, side);

	json_line_text(j, "misfit", l.fit == USL_FITS ? NULL : usl_why(l.fit));
	if (l.fit == USL_FITS) {
		scaling_json_numbers(j, "alpha", l.alpha.mean, l.alpha.low,
		    l.alpha.high);
		scaling_json_numbers(j, "beta", l.beta.mean, l.beta.low,
		    l.beta.high);
		scaling_json_numbers(j, "knee", l.knee.mean, l.knee.low,
		    l.knee.high);
		scaling_json_numbers(j, "peak", l.peak.mean, l.peak.low,
		    l.peak.high);
	}
	scaling_json_numbers(j, "most_seen_at", l.most, l.most_from,
	    l.most_to);
}

static void
scaling_json_growth(struct json_line *j, const struct compare_sweep *s,
    size_t side)
{
	struct growth_difference d;
	struct growth base, g;
	double half;

	if (compare_sweep_growth(s, side, &g) != 0) {
		json_line_text(j, "misfit", "too few points");
		return;
	}
	half = growth_half_width(&g, COMPARE_LAWS_CONFIDENCE);
	json_line_text(j, "misfit", NULL);
	scaling_json_numbers(j, "exponent", g.exponent, g.exponent - half,
	    g.exponent + half);
	if (side == 0 || compare_sweep_growth(s, 0, &base) != 0)
		return;
	growth_compare(&base, &g, COMPARE_LAWS_CONFIDENCE, &d);
	scaling_json_numbers(j, "difference", d.difference,
	    d.difference - d.half_width, d.difference + d.half_width);
}

static void
scaling_json(const struct compare_sweep *s, void *arg)
{
	const struct compare_row *row = s->rows[0];
	struct json_line *j;
	size_t side;

	if (!row->headline || s->n < SCALING_POINTS_MIN ||
	    (s->param == NULL && row->lower))
		return;
	for (side = 0; side < s->c->nsides; side++) {
		j = json_line_new();
		json_line_text(j, "name", s->c->sides[side].name);
		json_line_text(j, "workload", row->workload);
		json_line_text(j, "params", row->params_all);
		json_line_text(j, "mode", row->mode);
		json_line_text(j, "metric", row->metric);
		json_line_text(j, "over", s->param != NULL ? s->param :
		    "workers");
		if (s->param != NULL)
			scaling_json_growth(j, s, side);
		else
			scaling_json_laws(j, s, side);
		json_line_append(arg, "scaling", j);
	}
}

void
compare_scaling_json(const struct compare *c, struct json_line *j)
{
	json_line_list(j, "scaling");
	compare_sweeps(c, scaling_json, j);
}

/* ---- of all sweeps --------------------------------------------------------- */

struct scaling_text {
	FILE *out;
	bool knee;		/* some law has one, or none */
};

static void
scaling_print(const struct compare_sweep *s, void *arg)
{
	struct scaling_text *t = arg;

	if (!s->rows[0]->headline || s->n < SCALING_POINTS_MIN)
		return;
	if (s->param != NULL) {
		scaling_growth(s, t->out);
	} else if (!s->rows[0]->lower) {
		t->knee |= scaling_usl(s, t->out);
	}
}

void
compare_print_scaling(const struct compare *c, FILE *out)
{
	struct scaling_text t = { .out = out };

	compare_sweeps(c, scaling_print, &t);
	if (t.knee)
		fprintf(out, "\nknee: where one more worker adds half of what "
		    "the first one does\n");
}
