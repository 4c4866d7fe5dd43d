/* SPDX-License-Identifier: BSD-2-Clause */
/* What a report says first: the result in words. */
#include "config.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "present/compare_numbers.h"
#include "report/report_parts.h"
#include "report/report_words.h"

/* Of one verdict, and of what was measured; the tables have all. */
#define SUMMARY_POINTS 10
#define SUMMARY_POINTS_MANY 4	/* with more than two sides */
#define SUMMARY_SWEEPS 40

/* ---- what must be known before ---------------------------------------------------- */

static size_t
summary_confounds(const struct compare *c, size_t side)
{
	size_t i, n = 0;

	for (i = 0; i < c->ndiffers[side]; i++)
		n += !c->differs[side][i].expected;
	return n;
}

static bool
summary_has_warning(const struct compare *c)
{
	size_t side;

	for (side = 0; side < c->nsides; side++)
		if (c->sides[side].invalid > 0 ||
		    (side > 0 && summary_confounds(c, side) > 0))
			return true;
	return c->nwarnings > 0;
}

static void
summary_warnings(struct report *r)
{
	const struct compare *c = &r->source.compare;
	struct report_doc *d = &r->doc;
	size_t i, n;

	if (!summary_has_warning(c))
		return;
	report_heading(d, 2, "warnings", "Before reading the numbers");
	for (i = 0; i < c->nwarnings; i++)
		report_item(d, REPORT_WARN, "%s%s", c->warnings[i].refuse ?
		    "Not comparable: " : "", c->warnings[i].text);
	for (i = 1; i < c->nsides; i++) {
		n = summary_confounds(c, i);
		if (n == 0)
			continue;
		report_item(d, REPORT_WARN, "%s and %s differ in %zu fact%s "
		    "beside the kernel, which may be what is seen.",
		    c->sides[0].name, c->sides[i].name, n, n == 1 ? "" : "s");
		report_link(d, "machines", "which");
	}
	for (i = 0; i < c->nsides; i++) {
		const struct compare_side *s = &c->sides[i];

		if (s->invalid == 0)
			continue;
		report_item(d, REPORT_WARN, "%s: %zu of %zu launches are not "
		    "valid (%s) and %s.", s->name, s->invalid, s->launches,
		    s->rules, c->keep_invalid ? "count all the same, as was "
		    "asked" : "do not count");
		report_link(d, "notes", "why");
	}
}

/* ---- two sides ----------------------------------------------------------------------- */

struct summary_point {
	size_t row;
	double size;
};

static int
summary_order(const void *a, const void *b)
{
	const struct summary_point *x = a, *y = b;

	if (x->size != y->size)
		return (x->size < y->size) - (x->size > y->size);
	return (x->row > y->row) - (x->row < y->row);
}

static void
summary_point(struct report *r, size_t row, size_t side)
{
	const struct compare *c = &r->source.compare;
	const struct compare_row *of = &c->rows[row];
	char *point = report_words_point(c, of);
	char *change = report_words_change(of, side);
	char *id = report_point_id(side, row), *figure;
	size_t number;

	report_item(&r->doc, report_words_tone(of->outcomes[side].verdict),
	    "%s%s%s", point, change[0] != '\0' ? " " : "", change);
	figure = report_figure_of(r, of, side, &number);
	report_link(&r->doc, figure, "figure %zu", number);
	report_link(&r->doc, id, "row");
	free(figure);
	free(id);
	free(point);
	free(change);
}

/* The points of one verdict, those that changed most first. */
static void
summary_verdict(struct report *r, size_t side, enum compare_verdict v)
{
	const struct compare *c = &r->source.compare;
	struct summary_point *list = mem_array(NULL, c->nrows + 1,
	    sizeof(*list));
	char *title = report_words_verdict(c, v);
	char *meaning = report_words_meaning(c, v);
	size_t i, n = 0, most = c->nsides > 2 ? SUMMARY_POINTS_MANY :
	    SUMMARY_POINTS;

	for (i = 0; i < c->nrows; i++) {
		const struct compare_outcome *o = &c->rows[i].outcomes[side];

		if (o->verdict == v)
			list[n++] = (struct summary_point){ i, isnan(o->change) ?
			    0 : fabs(log1p(o->change)) };
	}
	if (n > 0) {
		qsort(list, n, sizeof(*list), summary_order);
		report_heading(&r->doc, 4, NULL, "%s: %zu point%s", title, n,
		    n == 1 ? "" : "s");
		if (meaning != NULL)
			report_say(&r->doc, REPORT_PLAIN, "%s", meaning);
	}
	for (i = 0; i < n && i < most; i++)
		summary_point(r, list[i].row, side);
	if (n > most) {
		report_item(&r->doc, REPORT_PLAIN, "and %zu more that changed "
		    "less", n - most);
		report_link(&r->doc, "points", "all points");
	}
	free(title);
	free(meaning);
	free(list);
}

static void
summary_overall(struct report *r, size_t side)
{
	const struct compare *c = &r->source.compare;
	char change[COMPARE_NUMBER_MAX], ci[COMPARE_NUMBER_MAX];

	if (isnan(c->overall[side].change))
		return;
	compare_change(change, sizeof(change), c->overall[side].change);
	compare_interval(ci, sizeof(ci), c->overall[side].low,
	    c->overall[side].high);
	report_say(&r->doc, REPORT_PLAIN, "Over %zu points that workloads are "
	    "known for, as a geometric mean in which higher is better: %s "
	    "(95%% interval %s%%).", c->overall[side].points, change, ci);
}

/* Of many sides at a glance: how many points have which verdict. */
static void
summary_overview(struct report *r)
{
	const struct compare *c = &r->source.compare;
	struct report_table *t = report_table(&r->doc, "verdicts", "Points by "
	    "verdict, each kernel against %s", c->sides[0].name);
	size_t side, i, counts[COMPARE_VERDICTS];
	char text[COMPARE_NUMBER_MAX];
	int v;

	report_column(t, "kernel", false);
	report_column(t, "overall", true);
	for (v = 0; v < COMPARE_VERDICTS; v++)
		report_column(t, compare_word((enum compare_verdict)v), true);
	for (side = 1; side < c->nsides; side++) {
		memset(counts, 0, sizeof(counts));
		for (i = 0; i < c->nrows; i++)
			counts[c->rows[i].outcomes[side].verdict]++;
		report_cell(t, c->sides[side].name);
		compare_change(text, sizeof(text), c->overall[side].change);
		report_number(t, c->overall[side].change, text);
		for (v = 0; v < COMPARE_VERDICTS; v++) {
			snprintf(text, sizeof(text), "%zu", counts[v]);
			report_number(t, (double)counts[v], text);
			if (counts[v] > 0)
				report_cell_tone(t, report_words_tone(
				    (enum compare_verdict)v));
		}
	}
}

static void
summary_side(struct report *r, size_t side)
{
	static const enum compare_verdict order[] = {
		COMPARE_WORSE, COMPARE_FAILED, COMPARE_BETTER, COMPARE_SMALL,
		COMPARE_SAME, COMPARE_NOISE, COMPARE_UNDECIDED, COMPARE_FEW,
		COMPARE_MISSING
	};
	const struct compare *c = &r->source.compare;
	char *counts = report_words_counts(c, side);
	size_t i;

	report_heading(&r->doc, 3, NULL, "%s against %s", c->sides[side].name,
	    c->sides[0].name);
	report_say(&r->doc, REPORT_PLAIN, "%s", counts);
	summary_overall(r, side);
	if (!c->boots)
		report_say(&r->doc, REPORT_PLAIN, "All launches of a kernel are "
		    "of one boot, and no boot is like another: what is proven "
		    "here is proven for these boots.");
	for (i = 0; i < sizeof(order) / sizeof(order[0]); i++)
		summary_verdict(r, side, order[i]);
	free(counts);
}

/* ---- one side -------------------------------------------------------------------------- */

static bool
summary_same_sweep(const struct compare_row *a, const struct compare_row *b)
{
	return strcmp(a->workload, b->workload) == 0 &&
	    strcmp(a->metric, b->metric) == 0 &&
	    strcmp(a->params_all, b->params_all) == 0 &&
	    strcmp(a->mode, b->mode) == 0 && strcmp(a->pin, b->pin) == 0;
}

static void
summary_sweep(struct report *r, const struct compare_row *const *rows, size_t n)
{
	char *text = report_words_sweep(&r->source.compare, rows, n, 0);
	char *figure;
	size_t number;

	report_item(&r->doc, REPORT_PLAIN, "%s", text);
	figure = report_figure_of(r, rows[0], 0, &number);
	report_link(&r->doc, figure, "figure %zu", number);
	free(figure);
	free(text);
}

static void
summary_measured(struct report *r)
{
	const struct compare *c = &r->source.compare;
	const struct compare_row **rows = mem_array(NULL, c->nrows + 1,
	    sizeof(*rows));
	bool *told = mem_zalloc(c->nrows + 1);
	size_t i, k, n, sweeps = 0;

	report_say(&r->doc, REPORT_PLAIN, "What was measured on %s, as "
	    "geometric means of %zu %s:", c->sides[0].name,
	    c->sides[0].nunits, report_words_unit(c, c->sides[0].nunits));
	for (i = 0; i < c->nrows; i++) {
		if (told[i] || !c->rows[i].headline)
			continue;
		for (n = 0, k = i; k < c->nrows; k++) {
			if (!c->rows[k].headline ||
			    !summary_same_sweep(&c->rows[i], &c->rows[k]))
				continue;
			told[k] = true;
			rows[n++] = &c->rows[k];
		}
		if (sweeps++ < SUMMARY_SWEEPS)
			summary_sweep(r, rows, n);
	}
	if (sweeps > SUMMARY_SWEEPS) {
		report_item(&r->doc, REPORT_PLAIN, "and %zu more", sweeps -
		    SUMMARY_SWEEPS);
		report_link(&r->doc, "results", "all results");
	}
	if (sweeps == 0)
		report_item(&r->doc, REPORT_WARN, "No launch gave a number.");
	free(told);
	free(rows);
}

void
report_part_summary(struct report *r)
{
	const struct compare *c = &r->source.compare;
	size_t side;

	summary_warnings(r);
	report_heading(&r->doc, 2, "summary", "Summary");
	if (c->nsides < 2)
		summary_measured(r);
	if (c->nsides > 2)
		summary_overview(r);
	for (side = 1; side < c->nsides; side++)
		summary_side(r, side);
}
