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
#include "present/compare_boots.h"
#include "present/compare_verdicts.h"
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

/* A name, padded to the longest; two decimals, and more of a small number. */
struct styles_mmtests {
	int name;		/* columns */
	int decimals;		/* of the means of a metric */
};

/* "zfod-size=4M-2"; a new string. */
static char *
styles_mmtests_name(const struct compare_row *row)
{
	char *words = compare_row_words(row);
	struct str b = { 0 };
	size_t i;

	str_addf(&b, "%.*s%s%s-%d", (int)strcspn(row->workload, "/"),
	    row->workload, words[0] != '\0' ? "-" : "", words, row->workers);
	free(words);
	for (i = 0; i < b.len; i++)
		if (b.s[i] == ' ')
			b.s[i] = '-';
	return b.s;
}

static void
styles_mmtests_line(const struct styles_mmtests *m, const char *what,
    const char *name, const double means[2], int decimals, double gain,
    bool proven, FILE *out)
{
	fprintf(out, "%-9s %-*s %12.*f (%7.2f%%) %12.*f %c%7.2f%%%c\n", what,
	    m->name, name, decimals, means[0], 0.0, decimals, means[1],
	    proven ? '*' : '(', gain, proven ? '*' : ')');
}

static bool
styles_mmtests_has(const struct compare_row *row, size_t side)
{
	return !isnan(row->values[0].mean) && !isnan(row->values[side].mean);
}

static void
styles_mmtests_row(const struct styles_mmtests *m,
    const struct compare_row *row, size_t side, FILE *out)
{
	const struct compare_value *base = &row->values[0];
	const struct compare_value *new = &row->values[side];
	double means[2] = { base->mean, new->mean };
	double cvs[2] = { 100 * base->cv, 100 * new->cv };
	char *name;

	if (!styles_mmtests_has(row, side))
		return;
	name = styles_mmtests_name(row);
	styles_mmtests_line(m, row->lower ? "Amean" : "Hmean", name, means,
	    m->decimals, styles_gain(row, base->mean, new->mean),
	    styles_proven(&row->outcomes[side]), out);
	if (!isnan(base->cv) && !isnan(new->cv) && base->cv > 0)
		styles_mmtests_line(m, "CoeffVar", name, cvs, 2,
		    styles_gain(row, base->cv, new->cv) *
		    (row->lower ? 1 : -1), false, out);
	free(name);
}

/* What the rows of a metric need. */
static struct styles_mmtests
styles_mmtests_layout(const struct compare *c, const char *metric, size_t side)
{
	struct styles_mmtests m = { .name = 14, .decimals = 2 };
	double least = INFINITY;
	size_t i;

	for (i = 0; i < c->nrows; i++) {
		const struct compare_row *row = &c->rows[i];
		char *name;

		if (strcmp(row->metric, metric) != 0 ||
		    !styles_mmtests_has(row, side))
			continue;
		name = styles_mmtests_name(row);
		if ((int)strlen(name) > m.name)
			m.name = (int)strlen(name);
		free(name);
		least = fmin(least, fmin(row->values[0].mean,
		    row->values[side].mean));
	}
	/* Four digits of the smallest. */
	while (m.decimals < 12 && least * pow(10, m.decimals) < 1000 &&
	    least < 1)
		m.decimals++;
	return m;
}

/* All rows of the metric of one row. */
static void
styles_mmtests_metric(const struct compare *c, const struct compare_row *first,
    size_t side, FILE *out)
{
	struct styles_mmtests m = styles_mmtests_layout(c, first->metric, side);
	const char *base = c->sides[0].name, *new = c->sides[side].name;
	size_t i;

	fprintf(out, "%s, %s is better\n", first->metric, first->lower ?
	    "lower" : "higher");
	/* A name ends with its column, or stands above it. */
	if (strlen(base) <= (size_t)m.name + 23 && strlen(new) <= 23)
		fprintf(out, "%*s %22s\n", m.name + 23, base, new);
	else
		fprintf(out, "%*s\n%*s\n", m.name + 23, base, m.name + 46,
		    new);
	for (i = 0; i < c->nrows; i++)
		if (strcmp(c->rows[i].metric, first->metric) == 0)
			styles_mmtests_row(&m, &c->rows[i], side, out);
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
	size_t n = compare_values(v, units, values), i;

	for (i = 0; i < n; i++)
		values[i] = exp(values[i]);
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
	fprintf(out, "%c %3zu %13.8g %13.8g %13.8g %13.8g", mark, n,
	    summary_min(v, n), summary_max(v, n), summary_median(v, n),
	    summary_mean(v, n));
	if (n > 1)
		fprintf(out, " %13.8g\n", summary_sd(v, n));
	else
		fprintf(out, " %13s\n", "-");
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
	char *words;

	if (nbase > 0 && nnew > 0) {
		low = fmin(summary_min(base, nbase), summary_min(new, nnew));
		high = fmax(summary_max(base, nbase), summary_max(new, nnew));
		words = compare_row_words(row);
		fprintf(out, "%s %s, %d worker%s%s%s\nx %s\n+ %s\n",
		    row->workload, row->metric, row->workers,
		    row->workers == 1 ? "" : "s", words[0] != '\0' ? ", " : "",
		    words, c->sides[0].name, c->sides[side].name);
		free(words);
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

/* A bar would end the cell. */
static void
styles_text(const char *text, FILE *out)
{
	for (; *text != '\0'; text++) {
		if (*text == '|')
			fputc('\\', out);
		fputc(*text, out);
	}
}

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

	compare_boots_markdown(c, out);
	for (side = 1; side < c->nsides; side++) {
		fprintf(out, "%s| workload | workers | metric | better | ",
		    side > 1 ? "\n" : "");
		styles_text(c->sides[0].name, out);
		fputs(" | ", out);
		styles_text(c->sides[side].name, out);
		fputs(" | change | from | to | p.adj | |\n"
		    "|---|--:|---|---|--:|--:|--:|--:|--:|--:|---|\n", out);
		for (i = 0; i < c->nrows; i++) {
			const struct compare_row *row = &c->rows[i];
			const struct compare_outcome *o = &row->outcomes[side];
			char *words = compare_row_words(row);

			fputs("| ", out);
			styles_text(row->workload, out);
			fputs(words[0] != '\0' ? " " : "", out);
			styles_text(words, out);
			free(words);
			fprintf(out, " | %d | ", row->workers);
			styles_text(row->metric, out);
			fprintf(out, " | %s |", row->lower ? "lower" :
			    "higher");
			styles_number(row->values[0].mean, out);
			styles_number(row->values[side].mean, out);
			styles_percent(o->change, out);
			styles_percent(o->low, out);
			styles_percent(o->high, out);
			styles_number(o->p, out);
			fprintf(out, " %s |\n", compare_word(o->verdict));
		}
	}
	fputc('\n', out);
	compare_verdicts_print(c, out);
}
