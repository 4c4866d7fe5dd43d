/* SPDX-License-Identifier: BSD-2-Clause */
/* All numbers of a report as tables. */
#include "config.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/units.h"
#include "present/compare_numbers.h"
#include "report/report_parts.h"
#include "report/report_words.h"

/* Columns of which every row says the same are in the caption. */
struct tables_same {
	const char *mode, *pin;		/* NULL: rows differ */
};

static void
tables_same(struct tables_same *s, const char *mode, const char *pin)
{
	if (s->mode != NULL && strcmp(s->mode, mode) != 0)
		s->mode = NULL;
	if (s->pin != NULL && strcmp(s->pin, pin) != 0)
		s->pin = NULL;
}

/* "; process mode, pin cores"; a new string. */
static char *
tables_said(const struct tables_same *s)
{
	return mem_printf("%s%s%s%s%s%s", s->mode != NULL || s->pin != NULL ?
	    "; " : "", s->mode != NULL ? s->mode : "", s->mode != NULL ?
	    " mode" : "", s->mode != NULL && s->pin != NULL ? ", " : "",
	    s->pin != NULL ? "pin " : "", s->pin != NULL ? s->pin : "");
}

static void
tables_where(struct report_table *t, const struct tables_same *s,
    const char *mode, const char *pin)
{
	if (s->mode == NULL)
		report_cell(t, mode);
	if (s->pin == NULL)
		report_cell(t, pin);
}

struct tables_column {
	const char *title;
	bool right;
};

static void
tables_columns(struct report_table *t, const struct tables_same *s,
    const struct tables_column *list, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (!(strcmp(list[i].title, "mode") == 0 && s->mode != NULL) &&
		    !(strcmp(list[i].title, "pin") == 0 && s->pin != NULL))
			report_column(t, list[i].title, list[i].right);
}

/* ---- a comparison ---------------------------------------------------------------- */

char *
report_point_id(size_t side, size_t row)
{
	return mem_printf("point-%zu-%zu", side, row + 1);
}

static void
tables_value(struct report_table *t, const struct compare_row *row,
    const struct compare_value *v)
{
	char text[COMPARE_NUMBER_MAX];

	compare_number(text, sizeof(text), row, v->mean);
	report_number(t, v->mean, text);
	compare_share(text, sizeof(text), v->cv);
	report_number(t, v->cv, text);
}

static void
tables_verdict(struct report *r, struct report_table *t,
    const struct compare_row *row, size_t side)
{
	enum compare_verdict v = row->outcomes[side].verdict;
	size_t number;
	char *figure = report_figure_of(r, row, side, &number);
	char text[32] = "";

	report_cellf(t, "%c %s", compare_mark(v), compare_word(v));
	report_cell_tone(t, report_words_tone(v));
	if (number > 0)
		snprintf(text, sizeof(text), "%zu", number);
	report_number(t, number > 0 ? (double)number : NAN, text);
	if (number > 0)
		report_cell_target(t, figure);
	free(figure);
}

static void
tables_point(struct report *r, struct report_table *t,
    const struct tables_same *same, size_t index, size_t side)
{
	const struct compare_row *row = &r->source.compare.rows[index];
	const struct compare_outcome *o = &row->outcomes[side];
	char text[COMPARE_NUMBER_MAX], *id = report_point_id(side, index);

	report_cell(t, row->workload);
	report_cell_id(t, id);
	report_cell(t, row->params);
	tables_where(t, same, row->mode, row->pin);
	snprintf(text, sizeof(text), "%d", row->workers);
	report_number(t, row->workers, text);
	report_cell(t, row->metric);
	report_cell(t, row->lower ? "lower" : "higher");
	tables_value(t, row, &row->values[0]);
	tables_value(t, row, &row->values[side]);
	compare_change(text, sizeof(text), o->change);
	report_number(t, o->change, text);
	compare_interval(text, sizeof(text), o->low, o->high);
	report_number(t, o->low, text);
	compare_p(text, sizeof(text), o->p);
	report_number(t, o->p, text);
	tables_verdict(r, t, row, side);
	free(id);
}

static void
tables_comparison(struct report *r, size_t side)
{
	static const struct tables_column columns[] = {
		{ "workload", false }, { "parameters", false },
		{ "mode", false }, { "pin", false }, { "workers", true },
		{ "metric", false }, { "better", false }, { "base", true },
		{ "base CV", true }, { "new", true }, { "new CV", true },
		{ "change", true }, { "95% CI, %", true }, { "p.adj", true },
		{ "verdict", false }, { "figure", true },
	};
	const struct compare *c = &r->source.compare;
	struct tables_same same = { NULL, NULL };
	struct report_table *t;
	char *id = mem_printf("points-%zu", side), *said;
	size_t i;

	if (c->nrows > 0)
		same = (struct tables_same){ c->rows[0].mode, c->rows[0].pin };
	for (i = 0; i < c->nrows; i++)
		tables_same(&same, c->rows[i].mode, c->rows[i].pin);
	said = tables_said(&same);
	t = report_table(&r->doc, id, "%s (new) against %s (base): %zu "
	    "point%s%s", c->sides[side].name, c->sides[0].name, c->nrows,
	    c->nrows == 1 ? "" : "s", said);
	tables_columns(t, &same, columns, sizeof(columns) / sizeof(columns[0]));
	for (i = 0; i < c->nrows; i++)
		tables_point(r, t, &same, i, side);
	free(said);
	free(id);
}

/* ---- one record --------------------------------------------------------------------- */

static void
tables_real(struct report_table *t, const struct results_row *row, double value)
{
	char text[UNITS_MAX];

	if (isnan(value))
		report_number(t, NAN, "-");
	else if (strcmp(row->unit, "ns") == 0)
		report_number(t, value, units_round_time(text, sizeof(text),
		    value));
	else
		report_number(t, value, units_round(text, sizeof(text), value));
}

static void
tables_integer(struct report_table *t, int value)
{
	char text[16];

	snprintf(text, sizeof(text), "%d", value);
	report_number(t, value, text);
}

/* Failed and skipped cells say why. */
static void
tables_status(struct report_table *t, const struct results_row *row)
{
	const char *status = results_status(row);

	report_cellf(t, "%s%s%s", status, row->reason != NULL ? ": " : "",
	    row->reason != NULL ? row->reason : "");
	if (strcmp(status, "ok") != 0)
		report_cell_tone(t, REPORT_WARN);
}

static void
tables_result(struct report_table *t, const struct tables_same *same,
    const struct results_row *row)
{
	char text[COMPARE_NUMBER_MAX];

	tables_integer(t, row->cell);
	report_cell(t, row->workload);
	report_cell(t, row->params);
	tables_where(t, same, row->mode, row->pin);
	tables_integer(t, row->workers);
	report_cell(t, row->metric);
	report_cell(t, row->better != NULL ? row->better : "");
	tables_real(t, row, row->median);
	tables_real(t, row, row->low);
	tables_real(t, row, row->high);
	compare_share(text, sizeof(text), row->cv);
	report_number(t, row->cv, text);
	snprintf(text, sizeof(text), "%d of %d", row->launches, row->planned);
	report_number(t, row->launches, text);
	tables_status(t, row);
}

static void
tables_results(struct report *r, size_t which)
{
	static const struct tables_column columns[] = {
		{ "cell", true }, { "workload", false },
		{ "parameters", false }, { "mode", false }, { "pin", false },
		{ "workers", true }, { "metric", false }, { "better", false },
		{ "median", true }, { "lowest", true }, { "highest", true },
		{ "CV", true }, { "launches", true }, { "status", false },
	};
	const struct results *of = &r->results[which];
	struct tables_same same = { NULL, NULL };
	struct report_table *t;
	char *id = mem_printf("results-%zu", which + 1), *said;
	size_t i;

	if (of->nrows > 0)
		same = (struct tables_same){ of->rows[0].mode,
		    of->rows[0].pin };
	for (i = 0; i < of->nrows; i++)
		tables_same(&same, of->rows[i].mode, of->rows[i].pin);
	said = tables_said(&same);
	t = report_table(&r->doc, id, "%s%s%s, over launches%s", of->file,
	    of->label != NULL ? ": " : "", of->label != NULL ? of->label : "",
	    said);
	t->folded = r->nresults > 1;
	tables_columns(t, &same, columns, sizeof(columns) / sizeof(columns[0]));
	for (i = 0; i < of->nrows; i++)
		if (r->source.compare.all || !of->rows[i].detail)
			tables_result(t, &same, &of->rows[i]);
	free(said);
	free(id);
}

void
report_part_tables(struct report *r)
{
	const struct compare *c = &r->source.compare;
	size_t i;

	if (c->nsides > 1)
		report_heading(&r->doc, 2, "points", "All points");
	for (i = 1; i < c->nsides; i++)
		tables_comparison(r, i);
	report_heading(&r->doc, 2, "results", r->nresults == 1 ?
	    "All results" : "Results of each record");
	for (i = 0; i < r->nresults; i++)
		if (r->results[i].file != NULL)
			tables_results(r, i);
}
