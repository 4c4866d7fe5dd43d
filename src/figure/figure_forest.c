/* SPDX-License-Identifier: BSD-2-Clause */
/* Changes against the base, with intervals: a row for each point. */
#include "config.h"

#include "figure/figure_kinds.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define FOREST_ROWS_MAX 40	/* of one figure */
#define FOREST_ROW_HEIGHT 24
#define FOREST_HEIGHT 150	/* around the rows */
#define FOREST_CHARACTER 9	/* pixels */
#define FOREST_TITLE 1100	/* of the longest title */
#define FOREST_NAME 100		/* characters of the longest name */
#define FOREST_BESIDE 20	/* pixels around the names */
#define FOREST_WIDTH 480	/* of the rest */
#define FOREST_LEAST 5		/* percent on either side, at least */
#define FOREST_MOST 100

/* How a verdict is coloured, in the order that the template has. */
enum forest_kind {
	FOREST_BETTER, FOREST_WORSE, FOREST_SAME, FOREST_SMALL, FOREST_OPEN
};

static enum forest_kind
forest_kind(enum compare_verdict v)
{
	switch (v) {
	case COMPARE_BETTER:
		return FOREST_BETTER;
	case COMPARE_WORSE:
		return FOREST_WORSE;
	case COMPARE_SAME:
		return FOREST_SAME;
	case COMPARE_SMALL:
		return FOREST_SMALL;
	default:
		return FOREST_OPEN;
	}
}

/* "zfod/1 size=4M x2, thread" and the metric. */
static char *
forest_label(const struct compare_row *row)
{
	return mem_printf("%s%s%s x%d%s, %s%s", row->workload,
	    row->params[0] != '\0' ? " " : "", row->params, row->workers,
	    strcmp(row->mode, "process") != 0 ? " thread" : "", row->metric,
	    row->lower ? " (lower is better)" : "");
}

/* What is off the scale ends at its edge; NAN is not known. */
static double
forest_clip(double percent)
{
	if (isnan(percent))
		return NAN;
	return fmax(-FOREST_MOST, fmin(FOREST_MOST, percent));
}

struct forest {
	const struct compare *c;
	size_t side;
	struct figure *f;
	size_t rows;
	double widest;
	size_t longest;
};

static void
forest_row(struct forest *t, const struct compare_row *row)
{
	const struct compare_outcome *o = &row->outcomes[t->side];
	char *label = forest_label(row);
	double low = forest_clip(o->low * 100), high = forest_clip(o->high *
	    100), change = forest_clip(o->change * 100);
	char mark[2] = { compare_mark(o->verdict), '\0' };

	t->rows++;
	figure_cell(t->f, label);
	figure_cell(t->f, mark);
	figure_row(t->f, 6, change, low, high, (double)t->rows,
	    (double)forest_kind(o->verdict), row->floor * 100);
	t->widest = fmax(t->widest, fabs(change));
	if (!isnan(low))
		t->widest = fmax(t->widest, fmax(fabs(low), fabs(high)));
	if (str_columns(label) > t->longest)
		t->longest = str_columns(label);
	free(label);
}

static void
forest_end(struct forest *t)
{
	struct figure *f = t->f;
	double edge = fmin(FOREST_MOST, fmax(FOREST_LEAST, t->widest * 1.1));
	int names = (int)(t->longest < FOREST_NAME ? t->longest :
	    FOREST_NAME) * FOREST_CHARACTER + FOREST_BESIDE;
	int title = (int)str_columns(f->title) * FOREST_CHARACTER;

	title = title < FOREST_TITLE ? title : FOREST_TITLE;
	f->width = title > f->width ? title : f->width;
	if (names + FOREST_WIDTH > f->width)
		f->width = names + FOREST_WIDTH;
	f->height = FOREST_HEIGHT + (int)t->rows * FOREST_ROW_HEIGHT;
	figure_number(f, "rows", (double)t->rows);
	figure_number(f, "effect", t->c->effect * 100);
	figure_number(f, "left", -edge);
	figure_number(f, "right", edge);
	figure_number(f, "names", (double)names / f->width);
}

static void
forest_begin(struct forest *t, struct figures *set,
    const struct figure_kind *kind)
{
	const struct compare_side *base = &t->c->sides[0];
	const struct compare_side *new = &t->c->sides[t->side];
	struct figure *f = figure_new(set, kind, new->name, "");

	t->f = f;
	t->rows = t->longest = 0;
	t->widest = 0;
	figure_title(f, "%s against %s", new->name, base->name);
	figure_alt(f, "change of every point of %s against %s with its 95%% "
	    "interval", new->name, base->name);
	figure_text(f, "title", "%s", f->title);
	figure_text(f, "note", "%zu and %zu %s; bars: 95%% intervals; grey: "
	    "what does not matter", base->nunits, new->nunits, t->c->boots ?
	    "boots" : "launches");
	figure_text(f, "xlabel", "change");
	figure_series(f, "label mark change low high row kind floor", "%s",
	    new->name);
}

int
figure_forest(struct figures *set, const struct figure_kind *kind,
    struct figure_source *s, struct err *e)
{
	const struct compare *c = &s->compare;
	struct forest t = { .c = c };
	size_t i;

	(void)e;
	for (t.side = 1; t.side < c->nsides; t.side++) {
		t.f = NULL;
		for (i = 0; i < c->nrows; i++) {
			if (isnan(c->rows[i].outcomes[t.side].change))
				continue;
			if (t.f != NULL && t.rows == FOREST_ROWS_MAX) {
				forest_end(&t);
				t.f = NULL;
			}
			if (t.f == NULL)
				forest_begin(&t, set, kind);
			forest_row(&t, &c->rows[i]);
		}
		if (t.f != NULL)
			forest_end(&t);
	}
	return 0;
}
