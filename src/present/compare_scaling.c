/* SPDX-License-Identifier: BSD-2-Clause */
/* How kernels scale; see compare_scaling.h. */
#include "config.h"

#include "present/compare_scaling.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "base/units.h"
#include "present/compare_groups.h"
#include "stats/difference.h"
#include "stats/growth.h"
#include "stats/summary.h"
#include "stats/usl.h"

/* The rows of one sweep. */
struct scaling {
	const struct compare *c;
	const struct compare_row **rows;
	double *x;		/* workers, or the size */
	size_t n;
	struct compare_groups sweeps;	/* rows by what is equal in them */
};

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
scaling_unit_rates(const struct scaling *s, size_t side, size_t unit,
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
scaling_most(const struct scaling *s, const double *rate)
{
	size_t i, most = 0;

	for (i = 1; i < s->n; i++)
		if (rate[i] > rate[most])
			most = i;
	return s->x[most];
}

static void
scaling_fit_units(const struct scaling *s, size_t side, struct scaling_laws *l)
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
scaling_usl_side(const struct scaling *s, size_t side, FILE *out)
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
scaling_usl(const struct scaling *s, FILE *out)
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

/* Units lie beside each other: one line through all of their points. */
static int
scaling_growth_side(const struct scaling *s, size_t side, struct growth *g)
{
	size_t units = s->c->sides[side].nunits, unit, i, n = 0;
	double *x = mem_array(NULL, units * s->n, sizeof(*x));
	double *y = mem_array(NULL, units * s->n, sizeof(*y));
	int rc;

	for (unit = 0; unit < units; unit++) {
		for (i = 0; i < s->n; i++) {
			double log = s->rows[i]->values[side].log[unit];

			if (isnan(log))
				continue;
			x[n] = s->x[i];
			/* The time of all: size by rate; of one: it times size. */
			y[n++] = s->rows[i]->lower ? exp(log) * s->x[i] :
			    s->x[i] / exp(log);
		}
	}
	rc = growth_fit(x, y, n, g);
	free(x);
	free(y);
	return rc;
}

static void
scaling_growth(const struct scaling *s, const char *param, FILE *out)
{
	const struct compare_row *row = s->rows[0];
	struct growth base, g;
	struct growth_difference d;
	size_t side;

	fprintf(out, "\ngrowth of the time with %s: %s %s, %s\n", param,
	    row->workload, row->metric, row->mode);
	for (side = 0; side < s->c->nsides; side++) {
		fprintf(out, "%-9.9s", s->c->sides[side].name);
		if (scaling_growth_side(s, side, side == 0 ? &base : &g) != 0) {
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

/* ---- finding sweeps ----------------------------------------------------------- */

/* "a=1 b=2" without the words that begin with `name=`. */
static char *
scaling_without(const char *params, const char *name)
{
	char *copy = mem_strdup(params), *rest = copy, *word;
	size_t len = strlen(name);
	struct str b = { 0 };

	str_add(&b, "");
	while ((word = strsep(&rest, " ")) != NULL)
		if (strncmp(word, name, len) != 0 || word[len] != '=')
			str_addf(&b, "%s ", word);
	free(copy);
	return b.s;
}

/* The number of a parameter, a count or a size; NAN: it is none. */
static double
scaling_param(const char *params, const char *name)
{
	char *copy = mem_strdup(params), *rest = copy, *word;
	size_t len = strlen(name);
	uint64_t value;
	double found = NAN;

	while ((word = strsep(&rest, " ")) != NULL)
		if (strncmp(word, name, len) == 0 && word[len] == '=' &&
		    (units_count(word + len + 1, &value) == 0 ||
		    units_size(word + len + 1, &value) == 0))
			found = (double)value;
	free(copy);
	return found;
}

/*
 * What rows of one sweep have in common: all but the workers, or all but the
 * parameter `name`.  A new string.
 */
static char *
scaling_key(const struct compare_row *row, const char *name)
{
	char *rest = scaling_without(row->params_all, name != NULL ? name : "");
	char *key = mem_printf("%s\n%d\n%s\n%s\n%s\n%s\n%s", name != NULL ?
	    name : "", name != NULL ? row->workers : 0, row->workload,
	    row->metric, row->mode, row->pin, rest);

	free(rest);
	return key;
}

/* The names of the parameters that differ in a row's workload, one by one. */
static void
scaling_params(struct scaling *s, size_t row,
    void (*each)(struct scaling *s, size_t row, const char *name, FILE *out),
    FILE *out)
{
	char *copy = mem_strdup(s->c->rows[row].params), *rest = copy, *word;

	while ((word = strsep(&rest, " ")) != NULL) {
		word[strcspn(word, "=")] = '\0';
		if (*word != '\0')
			each(s, row, word, out);
	}
	free(copy);
}

static void
scaling_add(struct scaling *s, size_t row, const char *name, FILE *out)
{
	char *key = scaling_key(&s->c->rows[row], name);

	(void)out;
	compare_groups_add(&s->sweeps, key, row);
	free(key);
}

/* The rows of a sweep, if this one is the first of it. */
static void
scaling_collect(struct scaling *s, size_t first, const char *name)
{
	char *key = scaling_key(&s->c->rows[first], name);
	size_t m = compare_groups_first(&s->sweeps, key);
	const struct compare_row *row;

	free(key);
	s->n = 0;
	if (m == COMPARE_GROUPS_END || s->sweeps.members[m].row != first)
		return;
	for (; m != COMPARE_GROUPS_END; m = s->sweeps.members[m].next) {
		row = &s->c->rows[s->sweeps.members[m].row];
		s->rows[s->n] = row;
		s->x[s->n++] = name == NULL ? row->workers :
		    scaling_param(row->params_all, name);
	}
}

static bool
scaling_all_numbers(const struct scaling *s)
{
	size_t i;

	for (i = 0; i < s->n; i++)
		if (!(s->x[i] > 0))
			return false;
	return true;
}

static void
scaling_over_workers(struct scaling *s, size_t first, FILE *out)
{
	if (s->c->rows[first].lower)
		return;
	scaling_collect(s, first, NULL);
	if (s->n >= SCALING_POINTS_MIN)
		scaling_usl(s, out);
}

static void
scaling_over_size(struct scaling *s, size_t first, const char *name, FILE *out)
{
	scaling_collect(s, first, name);
	if (s->n >= SCALING_POINTS_MIN && scaling_all_numbers(s))
		scaling_growth(s, name, out);
}

void
compare_print_scaling(const struct compare *c, FILE *out)
{
	struct scaling s = { .c = c };
	size_t i;

	s.rows = mem_array(NULL, c->nrows, sizeof(const struct compare_row *));
	s.x = mem_array(NULL, c->nrows, sizeof(*s.x));
	for (i = 0; i < c->nrows; i++) {
		scaling_add(&s, i, NULL, out);
		scaling_params(&s, i, scaling_add, out);
	}
	for (i = 0; i < c->nrows; i++) {
		if (!c->rows[i].headline)
			continue;
		scaling_over_workers(&s, i, out);
		scaling_params(&s, i, scaling_over_size, out);
	}
	compare_groups_free(&s.sweeps);
	free(s.rows);
	free(s.x);
}
