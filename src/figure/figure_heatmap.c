/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Changes of sweeps over workers as a map: of two kernels everything that was
 * swept, of more a map for each workload and metric with a row for each kernel.
 */
#include "config.h"

#include "figure/figure_kinds.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "figure/figure_sweep.h"

#define HEATMAP_ROWS_MAX 24	/* of one figure */
#define HEATMAP_ROW_HEIGHT 44
#define HEATMAP_HEIGHT 220	/* around the rows */
#define HEATMAP_COLUMN 72	/* pixels, with the number in it */
#define HEATMAP_NARROW 28	/* with the mark alone */
#define HEATMAP_NUMBERS_MAX 16	/* columns that have numbers */
#define HEATMAP_CHARACTER 9
#define HEATMAP_BESIDE 60	/* pixels beside the columns */
#define HEATMAP_TITLE 1100	/* the longest that a text can be */
#define HEATMAP_LABEL_MAX 100	/* characters */

/*
 * Logarithms of factors: within these lies the end of the scale, and a small
 * one is not as pale as a linear scale had it.
 */
#define HEATMAP_LEAST log(1.25)
#define HEATMAP_MOST log(2)
#define HEATMAP_POWER 0.7

/* Points of one setting, by rising workers. */
struct heatmap_line {
	const struct compare_row **rows;
	size_t n;
};

struct heatmap {
	const struct compare *c;
	const struct heatmap_line *lines;
	size_t nlines;
	int *workers;		/* the columns */
	size_t nworkers;
	double most;		/* of the scale */
	bool mode, pin;		/* differ */
	struct figure *f;
	size_t rows, longest;
};

/* ---- what there is ----------------------------------------------------------- */

/* Above 0: better.  NAN: no value. */
static double
heatmap_gain(const struct compare_row *row, size_t side)
{
	double log = log1p(row->outcomes[side].change);

	if (!isfinite(log))
		return NAN;
	return row->lower ? -log : log;
}

static int
heatmap_int_order(const void *a, const void *b)
{
	return (*(const int *)a > *(const int *)b) -
	    (*(const int *)a < *(const int *)b);
}

static void
heatmap_survey(struct heatmap *h)
{
	size_t i, k, side, n = 0, cap = 0;

	for (i = 0; i < h->nlines; i++) {
		const struct heatmap_line *line = &h->lines[i];

		h->mode |= strcmp(line->rows[0]->mode,
		    h->lines[0].rows[0]->mode) != 0;
		h->pin |= strcmp(line->rows[0]->pin,
		    h->lines[0].rows[0]->pin) != 0;
		for (k = 0; k < line->n; k++) {
			h->workers = mem_grow(h->workers, n, &cap,
			    sizeof(*h->workers));
			h->workers[n++] = line->rows[k]->workers;
			for (side = 1; side < h->c->nsides; side++)
				h->most = fmax(h->most, fabs(heatmap_gain(
				    line->rows[k], side)));
		}
	}
	h->most = fmin(fmax(h->most, HEATMAP_LEAST), HEATMAP_MOST);
	qsort(h->workers, n, sizeof(*h->workers), heatmap_int_order);
	for (i = 0; i < n; i++)
		if (i == 0 || h->workers[i] != h->workers[h->nworkers - 1])
			h->workers[h->nworkers++] = h->workers[i];
}

static size_t
heatmap_column(const struct heatmap *h, int workers)
{
	size_t i;

	for (i = 0; i + 1 < h->nworkers && h->workers[i] != workers; i++)
		continue;
	return i + 1;
}

/* From -1 to 1. */
static double
heatmap_colour(const struct heatmap *h, double gain)
{
	double part = fmin(fabs(gain) / h->most, 1);

	return copysign(pow(part, HEATMAP_POWER), gain);
}

/* ---- its data ---------------------------------------------------------------- */

/* What differs between the rows of the figure. */
static char *
heatmap_label(const struct heatmap *h, const struct compare_row *row,
    size_t side)
{
	bool several = h->c->nsides > 2;
	char *what = mem_printf("%s: %s", row->workload, row->metric);
	char *a = figure_join(several ? h->c->sides[side].name : what,
	    row->params);
	char *b = figure_join(a, h->mode ? row->mode : "");
	char *label = figure_join(b, h->pin ? row->pin : "");

	free(what);
	free(a);
	free(b);
	return label;
}

static void
heatmap_cell(struct heatmap *h, const struct compare_row *row, size_t side,
    const char *label)
{
	const struct compare_outcome *o = &row->outcomes[side];
	char mark[2] = { compare_mark(o->verdict), '\0' };
	double gain = heatmap_gain(row, side);
	char *number = isnan(gain) ? mem_strdup("") :
	    mem_printf("%+.1f%%", o->change * 100);

	figure_cell(h->f, label);
	figure_cell(h->f, mark);
	figure_cell(h->f, number);
	figure_row(h->f, 7, (double)heatmap_column(h, row->workers),
	    (double)h->rows, (double)row->workers, o->change * 100,
	    o->low * 100, o->high * 100, heatmap_colour(h, gain));
	free(number);
}

static void
heatmap_rows(struct heatmap *h)
{
	size_t i, k, side, columns;
	char *label;

	for (i = 0; i < h->nlines; i++)
		for (side = 1; side < h->c->nsides; side++) {
			const struct heatmap_line *line = &h->lines[i];

			label = heatmap_label(h, line->rows[0], side);
			columns = str_columns(label);
			h->longest = columns > h->longest ? columns :
			    h->longest;
			h->rows++;
			for (k = 0; k < line->n; k++)
				heatmap_cell(h, line->rows[k], side, label);
			free(label);
		}
}

/* ---- the figure -------------------------------------------------------------- */

/* Factors on the scale, the same on both sides of none, with room between. */
static void
heatmap_scale(const struct heatmap *h)
{
	static const double factors[] = { 2, 1.5, 1.2, 1.1, 1.05, 1.02 };
	struct str tics = { 0 };
	double at, last = 2;
	size_t i;

	str_add(&tics, "'1' 0");
	for (i = 0; i < sizeof(factors) / sizeof(factors[0]); i++) {
		if (log(factors[i]) > h->most * 1.0001)
			continue;
		at = heatmap_colour(h, log(factors[i]));
		if (last - at < 0.15 || at < 0.15)
			continue;
		str_addf(&tics, ", '%g%s' %.4f, '%g%s' %.4f", factors[i],
		    i == 0 ? "+" : "", at, factors[i], i == 0 ? "+" : "", -at);
		last = at;
	}
	figure_line(h->f, "set cbtics (%s)", str_text(&tics));
	str_free(&tics);
}

static void
heatmap_columns(const struct heatmap *h)
{
	struct str tics = { 0 };
	size_t i;

	for (i = 0; i < h->nworkers; i++)
		str_addf(&tics, "%s'%d' %zu", i > 0 ? ", " : "",
		    h->workers[i], i + 1);
	figure_line(h->f, "set xtics (%s)", str_text(&tics));
	str_free(&tics);
}

/* Wide enough for labels, columns and the title, in pixels. */
static void
heatmap_size(const struct heatmap *h)
{
	bool numbers = h->nworkers <= HEATMAP_NUMBERS_MAX;
	int left = (int)(h->longest < HEATMAP_LABEL_MAX ? h->longest :
	    HEATMAP_LABEL_MAX) * HEATMAP_CHARACTER + HEATMAP_BESIDE / 2;
	int width = left + HEATMAP_BESIDE + (int)h->nworkers *
	    (numbers ? HEATMAP_COLUMN : HEATMAP_NARROW);
	int title = (int)str_columns(h->f->title) * HEATMAP_CHARACTER;

	title = title < HEATMAP_TITLE ? title : HEATMAP_TITLE;
	width = title > width ? title : width;
	h->f->width = width > h->f->width ? width : h->f->width;
	h->f->height = HEATMAP_HEIGHT + (int)h->rows * HEATMAP_ROW_HEIGHT;
	figure_number(h->f, "rows", (double)h->rows);
	figure_number(h->f, "columns", (double)h->nworkers);
	figure_number(h->f, "numbers", numbers);
	figure_number(h->f, "left", (double)left / h->f->width);
}

static void
heatmap_draw(struct heatmap *h, struct figures *set,
    const struct figure_kind *kind)
{
	const struct compare *c = h->c;
	const struct compare_row *first = h->lines[0].rows[0];
	char *units = figure_units(c);

	heatmap_survey(h);
	if (c->nsides > 2) {
		h->f = figure_new(set, kind, first->workload, first->metric);
		figure_title(h->f, "%s: %s against %s, %s is better",
		    first->workload, first->metric, c->sides[0].name,
		    first->lower ? "lower" : "higher");
		figure_alt(h->f, "change of %s of %s against %s, kernels by "
		    "workers", first->metric, first->workload,
		    c->sides[0].name);
	} else {
		h->f = figure_new(set, kind, c->sides[1].name, "");
		figure_title(h->f, "%s against %s", c->sides[1].name,
		    c->sides[0].name);
		figure_alt(h->f, "change of all sweeps of %s against %s, by "
		    "workers", c->sides[1].name, c->sides[0].name);
	}
	figure_text(h->f, "title", "%s", h->f->title);
	figure_text(h->f, "note", "%s; blue: better, orange: worse; marks as "
	    "in compare", units);
	figure_block(h->f, "label mark number column row workers change low "
	    "high colour");
	heatmap_rows(h);
	heatmap_columns(h);
	heatmap_scale(h);
	heatmap_size(h);
	free(h->workers);
	free(units);
}

/* ---- all of them ------------------------------------------------------------- */

/* The sweeps of a comparison: those with two points or more. */
static struct heatmap_line *
heatmap_lines(const struct compare_row **rows, size_t n, size_t *nlines)
{
	struct heatmap_line *lines = NULL;
	size_t first, next, cap = 0;

	*nlines = 0;
	for (first = 0; first < n; first = next) {
		for (next = first + 1; next < n && figure_sweep_same_line(
		    rows[first], rows[next]) == 0; next++)
			continue;
		if (next - first < 2)
			continue;
		lines = mem_grow(lines, *nlines, &cap, sizeof(*lines));
		lines[(*nlines)++] = (struct heatmap_line){ &rows[first],
		    next - first };
	}
	return lines;
}

int
figure_heatmap(struct figures *set, const struct figure_kind *kind,
    struct figure_source *s, struct err *e)
{
	const struct compare *c = &s->compare;
	size_t n, nlines, first, next;
	const struct compare_row **rows;
	struct heatmap_line *lines;

	(void)e;
	if (c->nsides < 2)
		return 0;
	rows = figure_sweep_rows(c, &n);
	lines = heatmap_lines(rows, n, &nlines);
	for (first = 0; first < nlines; first = next) {
		struct heatmap h = { .c = c, .lines = &lines[first] };

		for (next = first + 1; next < nlines; next++) {
			if ((next - first + 1) * (c->nsides - 1) >
			    HEATMAP_ROWS_MAX)
				break;
			if (c->nsides > 2 && figure_sweep_same(
			    lines[first].rows[0], lines[next].rows[0]) != 0)
				break;
		}
		h.nlines = next - first;
		heatmap_draw(&h, set, kind);
	}
	free(lines);
	free(rows);
	return 0;
}
