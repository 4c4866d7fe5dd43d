/* SPDX-License-Identifier: BSD-2-Clause */
/* A comparison laid out as readers of benchstat know it. */
#include "config.h"

#include "present/compare_print.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/units.h"

/* Where the base begins, and how wide a side is: value and change. */
#define BENCHSTAT_NAME 28
#define BENCHSTAT_VALUE 15
#define BENCHSTAT_CHANGE 32
#define BENCHSTAT_SIDE (BENCHSTAT_VALUE + BENCHSTAT_CHANGE)
/* The room for the name of a side. */
#define BENCHSTAT_HEAD(side) ((int)((side) == 0 ? BENCHSTAT_VALUE : \
	BENCHSTAT_SIDE - 10) - 1)

/* Blanks up to a column, one at least. */
static void
benchstat_pad(struct str *b, size_t column)
{
	do
		str_add(b, " ");
	while (b->len < column);
}

/* The column of a side; of the first its value, of others value and change. */
static size_t
benchstat_column(size_t side)
{
	return side == 0 ? BENCHSTAT_NAME :
	    BENCHSTAT_NAME + BENCHSTAT_VALUE + (side - 1) * BENCHSTAT_SIDE;
}

static void
benchstat_line(struct str *b, FILE *out)
{
	while (b->len > 0 && b->s[b->len - 1] == ' ')
		b->len--;
	fprintf(out, "%.*s\n", (int)b->len, str_text(b));
	str_free(b);
}

/* "Zfod/size=4M-2": parameters as parts of the name, workers at its end. */
static void
benchstat_name(const struct compare_row *row, struct str *b)
{
	char *words = compare_row_words(row);
	size_t i;

	str_addf(b, "%.*s%s%s-%d", (int)strcspn(row->workload, "/"),
	    row->workload, words[0] != '\0' ? "/" : "", words, row->workers);
	free(words);
	b->s[0] = (char)toupper((unsigned char)b->s[0]);
	for (i = 0; i < b->len; i++)
		if (b->s[i] == ' ')
			b->s[i] = '/';
}

static void
benchstat_number(const char *unit, double value, struct str *b)
{
	char text[UNITS_MAX];

	if (strcmp(unit, "ns") == 0)
		units_round_time(text, sizeof(text), value);
	else
		units_round(text, sizeof(text), value);
	str_addf(b, "%9s", text);
}

static void
benchstat_value(const struct compare_row *row, const struct compare_value *v,
    struct str *b)
{
	if (isnan(v->mean))
		return;
	benchstat_number(row->unit, v->mean, b);
	if (!isnan(v->cv))
		str_addf(b, " +-%.*f%%", v->cv < 0.0995 ? 1 : 0,
		    v->cv * 100);
}

/* A change that is not proven is a tilde, as there. */
static void
benchstat_change(const struct compare_row *row, size_t side, struct str *b)
{
	const struct compare_outcome *o = &row->outcomes[side];
	bool proven = o->verdict == COMPARE_BETTER ||
	    o->verdict == COMPARE_WORSE || o->verdict == COMPARE_SMALL;

	if (isnan(o->change))
		return;
	if (proven)
		str_addf(b, "%+8.2f%% (", o->change * 100);
	else
		str_add(b, "        ~ (");
	if (!isnan(o->p))
		str_addf(b, "p=%.3f ", o->p);
	str_addf(b, "n=%zu", row->values[0].n);
	if (row->values[side].n != row->values[0].n)
		str_addf(b, "+%zu", row->values[side].n);
	str_addf(b, ") %s", compare_word(o->verdict));
}

static void
benchstat_row(const struct compare *c, const struct compare_row *row,
    FILE *out)
{
	struct str b = { 0 };
	size_t side;

	benchstat_name(row, &b);
	for (side = 0; side < c->nsides; side++) {
		benchstat_pad(&b, benchstat_column(side));
		benchstat_value(row, &row->values[side], &b);
		if (side == 0)
			continue;
		benchstat_pad(&b, benchstat_column(side) + BENCHSTAT_VALUE);
		benchstat_change(row, side, &b);
	}
	benchstat_line(&b, out);
}

/* Over the points that both sides have; their number. */
static size_t
benchstat_geomean(const struct compare *c, const char *metric, size_t side,
    double *base, double *new)
{
	double sum[2] = { 0, 0 };
	size_t i, n = 0;

	for (i = 0; i < c->nrows; i++) {
		const struct compare_row *row = &c->rows[i];

		if (strcmp(row->metric, metric) != 0 ||
		    isnan(row->values[0].mean) || isnan(row->values[side].mean))
			continue;
		sum[0] += log(row->values[0].mean);
		sum[1] += log(row->values[side].mean);
		n++;
	}
	*base = exp(sum[0] / (double)n);
	*new = exp(sum[1] / (double)n);
	return n;
}

static void
benchstat_last(const struct compare *c, const struct compare_row *first,
    FILE *out)
{
	struct str b = { 0 };
	double base, new;
	size_t side;

	str_add(&b, "geomean");
	for (side = 1; side < c->nsides; side++) {
		if (benchstat_geomean(c, first->metric, side, &base, &new) == 0)
			continue;
		if (side == 1) {
			benchstat_pad(&b, BENCHSTAT_NAME);
			benchstat_number(first->unit, base, &b);
		}
		benchstat_pad(&b, benchstat_column(side));
		benchstat_number(first->unit, new, &b);
		benchstat_pad(&b, benchstat_column(side) + BENCHSTAT_VALUE);
		str_addf(&b, "%+8.2f%%", (new / base - 1) * 100);
	}
	benchstat_line(&b, out);
}

static void
benchstat_metric(const struct compare *c, const struct compare_row *first,
    FILE *out)
{
	struct str b = { 0 };
	size_t i, side;

	str_add(&b, first->metric);
	for (side = 0; side < c->nsides; side++) {
		benchstat_pad(&b, benchstat_column(side));
		str_addf(&b, "%9.*s", BENCHSTAT_HEAD(side),
		    c->sides[side].name);
		if (side == 0)
			continue;
		benchstat_pad(&b, benchstat_column(side) + BENCHSTAT_VALUE);
		str_add(&b, "  vs base");
	}
	benchstat_line(&b, out);
	for (i = 0; i < c->nrows; i++)
		if (strcmp(c->rows[i].metric, first->metric) == 0)
			benchstat_row(c, &c->rows[i], out);
	benchstat_last(c, first, out);
	fputc('\n', out);
}

void
compare_print_benchstat(const struct compare *c, FILE *out)
{
	size_t i;

	/* A name that is cut in the heads could be that of another side. */
	for (i = 0; i < c->nsides; i++)
		if (strlen(c->sides[i].name) > (size_t)BENCHSTAT_HEAD(i))
			fprintf(out, "%s: %s\n", i == 0 ? "base" : "new",
			    c->sides[i].name);
	for (i = 0; i < c->nrows; i++)
		if (compare_first_of_metric(c, i))
			benchstat_metric(c, &c->rows[i], out);
	fprintf(out, "(+-: between %s; ~: not proven; p: adjusted over all "
	    "points;\n means are geometric)\n", c->boots ? "boots" : "launches");
}
