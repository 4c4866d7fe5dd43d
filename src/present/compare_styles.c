/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A comparison in the manner of tools that readers know; the numbers are those
 * of the text (compare_print.c), and marks are our verdicts, not their rules.
 */
#include "config.h"

#include "present/compare_print.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "stats/difference.h"
#include "stats/summary.h"

static bool
styles_proven(const struct compare_outcome *o)
{
	return o->verdict == COMPARE_BETTER || o->verdict == COMPARE_WORSE ||
	    o->verdict == COMPARE_SMALL;
}

/* ---- mmtests ------------------------------------------------------------- */

/* Positive is better, whichever way that is. */
static double
styles_gain(const struct compare_row *row, double base, double new)
{
	return 100 * (row->lower ? base - new : new - base) / base;
}

static void
styles_mmtests_line(const char *what, const char *name, double base,
    double new, double gain, bool proven, FILE *out)
{
	fprintf(out, "%-9s %-14.14s %12.2f (%7.2f%%) %12.2f %c%7.2f%%%c\n", what,
	    name, base, 0.0, new, proven ? '*' : '(', gain, proven ? '*' : ')');
}

static void
styles_mmtests_row(const struct compare_row *row, size_t side, FILE *out)
{
	const struct compare_value *base = &row->values[0];
	const struct compare_value *new = &row->values[side];
	struct str b = { 0 };
	char *name;

	if (isnan(base->mean) || isnan(new->mean))
		return;
	str_addf(&b, "%.*s%s%s-%d", (int)strcspn(row->workload, "/"),
	    row->workload, row->params[0] != '\0' ? "-" : "", row->params,
	    row->workers);
	for (name = b.s; *name != '\0'; name++)
		*name = *name == ' ' ? '-' : *name;
	name = b.s;
	styles_mmtests_line(row->lower ? "Amean" : "Hmean", name, base->mean,
	    new->mean, styles_gain(row, base->mean, new->mean),
	    styles_proven(&row->outcomes[side]), out);
	if (!isnan(base->cv) && !isnan(new->cv) && base->cv > 0)
		styles_mmtests_line("CoeffVar", name, 100 * base->cv,
		    100 * new->cv, 100 * (base->cv - new->cv) / base->cv,
		    false, out);
	str_free(&b);
}

/* All rows of the metric of one row. */
static void
styles_mmtests_metric(const struct compare *c, const struct compare_row *first,
    size_t side, FILE *out)
{
	size_t i;

	fprintf(out, "%s, %s is better\n%24s %12.12s %10s %12.12s\n",
	    first->metric, first->lower ? "lower" : "higher", "",
	    c->sides[0].name, "", c->sides[side].name);
	for (i = 0; i < c->nrows; i++)
		if (strcmp(c->rows[i].metric, first->metric) == 0)
			styles_mmtests_row(&c->rows[i], side, out);
	fputc('\n', out);
}

void
compare_print_mmtests(const struct compare *c, FILE *out)
{
	size_t side, i;

	for (side = 1; side < c->nsides; side++)
		for (i = 0; i < c->nrows; i++)
			if (compare_first_of_metric(c, i))
				styles_mmtests_metric(c, &c->rows[i], side,
				    out);
	fprintf(out, "(star: adjusted p <= %g over all points; means are "
	    "geometric)\n", c->alpha);
}

/* ---- ministat ------------------------------------------------------------- */

#define STYLES_WIDTH 72

static size_t
styles_values(const struct compare_value *v, size_t units, double *values)
{
	size_t i, n = 0;

	for (i = 0; i < units; i++)
		if (!isnan(v->log[i]))
			values[n++] = exp(v->log[i]);
	return n;
}

/* Values as points of a line, several of one place as a column. */
static void
styles_dots(const double *v, size_t n, char mark, double low, double high,
    FILE *out)
{
	unsigned column[STYLES_WIDTH] = { 0 }, most = 0, level;
	size_t i;
	int k;

	for (i = 0; i < n; i++) {
		k = high > low ? (int)((v[i] - low) / (high - low) *
		    (STYLES_WIDTH - 3)) : 0;
		column[k]++;
		most = column[k] > most ? column[k] : most;
	}
	for (level = most; level > 0; level--) {
		fputc('|', out);
		for (k = 0; k < STYLES_WIDTH - 2; k++)
			fputc(column[k] >= level ? mark : ' ', out);
		fputs("|\n", out);
	}
}

static void
styles_rule(FILE *out)
{
	int i;

	fputc('+', out);
	for (i = 0; i < STYLES_WIDTH - 2; i++)
		fputc('-', out);
	fputs("+\n", out);
}

static void
styles_summary(const double *v, size_t n, char mark, FILE *out)
{
	fprintf(out, "%c %3zu %13.8g %13.8g %13.8g %13.8g %13.8g\n", mark, n,
	    summary_min(v, n), summary_max(v, n), summary_median(v, n),
	    summary_mean(v, n), summary_sd(v, n));
}

/* Student's t with the three decimals that its table has. */
static void
styles_difference(const double *base, size_t nbase, const double *new,
    size_t nnew, double confidence, FILE *out)
{
	struct difference d;
	double t, half;

	if (difference_of(base, nbase, new, nnew, DIFFERENCE_POOLED, &d) != 0 ||
	    !(d.se > 0)) {
		fprintf(out, "No difference can be computed\n");
		return;
	}
	t = round(difference_quantile(&d, confidence) * 1000) / 1000;
	half = t * d.se;
	if (fabs(d.difference) <= half) {
		fprintf(out, "No difference proven at %.1f%% confidence\n",
		    confidence * 100);
		return;
	}
	fprintf(out, "Difference at %.1f%% confidence\n"
	    "\t%g +/- %g\n\t%g%% +/- %g%%\n\t(Student's t, pooled s = %g)\n",
	    confidence * 100, d.difference, half,
	    d.difference * 100 / d.mean[0],
	    100 * difference_ratio_half_width(&d, t), d.sd_pooled);
}

static void
styles_ministat_point(const struct compare *c, const struct compare_row *row,
    size_t side, FILE *out)
{
	double *base = mem_array(NULL, c->sides[0].nunits, sizeof(*base));
	double *new = mem_array(NULL, c->sides[side].nunits, sizeof(*new));
	size_t nbase = styles_values(&row->values[0], c->sides[0].nunits, base);
	size_t nnew = styles_values(&row->values[side], c->sides[side].nunits,
	    new);
	double low, high;

	if (nbase > 0 && nnew > 0) {
		low = fmin(summary_min(base, nbase), summary_min(new, nnew));
		high = fmax(summary_max(base, nbase), summary_max(new, nnew));
		fprintf(out, "%s %s, %d worker%s%s%s\nx %s\n+ %s\n",
		    row->workload, row->metric, row->workers,
		    row->workers == 1 ? "" : "s",
		    row->params[0] != '\0' ? ", " : "", row->params,
		    c->sides[0].name, c->sides[side].name);
		styles_rule(out);
		styles_dots(base, nbase, 'x', low, high, out);
		styles_dots(new, nnew, '+', low, high, out);
		styles_rule(out);
		fprintf(out, "%5s %13s %13s %13s %13s %13s\n", "N", "Min", "Max",
		    "Median", "Avg", "Stddev");
		styles_summary(base, nbase, 'x', out);
		styles_summary(new, nnew, '+', out);
		styles_difference(base, nbase, new, nnew, 1 - c->alpha, out);
	}
	free(base);
	free(new);
}

void
compare_print_ministat(const struct compare *c, FILE *out)
{
	size_t side, i;

	for (side = 1; side < c->nsides; side++)
		for (i = 0; i < c->nrows; i++) {
			if (side > 1 || i > 0)
				fputc('\n', out);
			styles_ministat_point(c, &c->rows[i], side, out);
		}
	fprintf(out, "\n(one test for each point: %zu of them find %.1f "
	    "differences where there are none)\n", c->nrows,
	    (double)c->nrows * c->alpha);
}

/* ---- markdown --------------------------------------------------------------- */

/* Cells of a row; nothing for what is not known. */
static void
styles_number(double value, FILE *out)
{
	if (isnan(value))
		fprintf(out, " |");
	else
		fprintf(out, " %.4g |", value);
}

static void
styles_percent(double value, FILE *out)
{
	if (isnan(value))
		fprintf(out, " |");
	else
		fprintf(out, " %+.1f%% |", value * 100);
}

void
compare_print_markdown(const struct compare *c, FILE *out)
{
	size_t side, i;

	for (side = 1; side < c->nsides; side++) {
		fprintf(out, "%s| workload | workers | metric | better | %s | %s "
		    "| change | from | to | p.adj | |\n"
		    "|---|--:|---|---|--:|--:|--:|--:|--:|--:|---|\n",
		    side > 1 ? "\n" : "", c->sides[0].name,
		    c->sides[side].name);
		for (i = 0; i < c->nrows; i++) {
			const struct compare_row *row = &c->rows[i];
			const struct compare_outcome *o = &row->outcomes[side];

			fprintf(out, "| %s%s%s | %d | %s | %s |",
			    row->workload, row->params[0] != '\0' ? " " : "",
			    row->params, row->workers, row->metric,
			    row->lower ? "lower" : "higher");
			styles_number(row->values[0].mean, out);
			styles_number(row->values[side].mean, out);
			styles_percent(o->change, out);
			styles_percent(o->low, out);
			styles_percent(o->high, out);
			styles_number(o->p, out);
			fprintf(out, " %s |\n", compare_word(o->verdict));
		}
	}
}
