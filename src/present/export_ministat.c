/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Columns for ministat(1), one for each cell.  It counts the words of a line, so
 * that a hole in the middle would move what follows into another column: longer
 * columns come first, and a line ends where the shorter ones have ended.
 */
#include "config.h"

#include "present/export_measured.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "base/units.h"
#include "present/gather_launch.h"

/*
 * ministat reads a line into BUFSIZ bytes, 1024 on FreeBSD, and takes what is
 * left of a longer one for the next line.  Ours that tell are cut.
 */
#define MINISTAT_LINE 1023
#define MINISTAT_TELL 1000

struct ministat_column {
	const struct gather_cell *cell;
	size_t metric;		/* its nmetrics: it has not got that one */
	double *values;
	size_t count;
};

struct ministat_table {
	struct ministat_column *columns;
	size_t count, cap;
};

/* ---- the columns ------------------------------------------------------- */

static size_t
ministat_metric(const struct gather_cell *c, const char *name)
{
	size_t i;

	for (i = 0; i < c->nmetrics; i++)
		if (name != NULL ? strcmp(c->metrics[i].name, name) == 0 :
		    gather_headline(c, &c->metrics[i]))
			break;
	return i;
}

static void
ministat_column(struct ministat_table *t, const struct gather_cell *cell,
    const struct export_choice *c)
{
	struct ministat_column *col;
	double value;
	size_t i;

	t->columns = mem_grow(t->columns, t->count, &t->cap, sizeof(*col));
	col = &t->columns[t->count++];
	col->cell = cell;
	col->metric = ministat_metric(cell, c->metric);
	col->values = mem_array(NULL, cell->nlaunches, sizeof(double));
	col->count = 0;
	for (i = 0; i < cell->nlaunches; i++) {
		value = export_counts(c, &cell->launches[i]) ?
		    gather_launch_value(&cell->launches[i], col->metric) : NAN;
		if (isfinite(value))
			col->values[col->count++] = value;
	}
}

/* The longest first, else in the order of the cells. */
static int
ministat_compare(const void *a, const void *b)
{
	const struct ministat_column *x = a, *y = b;

	if (x->count != y->count)
		return x->count > y->count ? -1 : 1;
	return x->cell->id - y->cell->id;
}

static void
ministat_collect(struct ministat_table *t, const struct gather *g,
    const struct export_choice *c)
{
	size_t i;

	memset(t, 0, sizeof(*t));
	for (i = 0; i < g->ncells; i++)
		if (export_wants(c, &g->cells[i]))
			ministat_column(t, &g->cells[i], c);
	if (t->count > 0)
		qsort(t->columns, t->count, sizeof(*t->columns),
		    ministat_compare);
}

static void
ministat_free(struct ministat_table *t)
{
	size_t i;

	for (i = 0; i < t->count; i++)
		free(t->columns[i].values);
	free(t->columns);
}

/* ---- before anything is written ---------------------------------------- */

static int
ministat_by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* "fault/s, p50_ns": all metrics of the cells that are wanted. */
static void
ministat_names(struct str *b, const struct gather *g,
    const struct export_choice *c)
{
	const struct gather_cell *cell;
	const char **names = NULL;
	size_t i, k, n = 0, cap = 0;

	for (i = 0; i < g->ncells; i++) {
		cell = &g->cells[i];
		for (k = 0; export_wants(c, cell) && k < cell->nmetrics; k++) {
			names = mem_grow(names, n, &cap, sizeof(*names));
			names[n++] = cell->metrics[k].name;
		}
	}
	if (n > 0)
		qsort(names, n, sizeof(*names), ministat_by_text);
	for (i = 0; i < n; i++)
		if (i == 0 || strcmp(names[i], names[i - 1]) != 0)
			str_addf(b, "%s%s", i > 0 ? ", " : "", names[i]);
	free(names);
}

static int
ministat_check(const struct ministat_table *t, const struct gather *g,
    const struct export_choice *c, struct err *e)
{
	struct str names = { 0 };
	size_t i;

	for (i = 0; c->metric != NULL && i < t->count; i++)
		if (t->columns[i].metric < t->columns[i].cell->nmetrics)
			break;
	if (c->metric != NULL && i == t->count) {
		ministat_names(&names, g, c);
		if (names.len > 0)
			err_set(e, "there is no metric '%s'; there are: %s",
			    c->metric, str_text(&names));
		str_free(&names);
	}
	if (!e->set && t->columns[0].count == 0)
		err_set(e, "no launch counts: none has a value%s",
		    c->keep_invalid ? "" : " and is valid");
	return e->set ? -1 : 0;
}

int
export_check_ministat(const struct gather *g, const struct export_choice *c,
    struct err *e)
{
	struct ministat_table t;
	int status;

	if (export_check_csv(g, c, e) != 0)
		return -1;
	ministat_collect(&t, g, c);
	status = ministat_check(&t, g, c, e);
	ministat_free(&t);
	return status;
}

/* ---- printing ---------------------------------------------------------- */

/* "# " and the text, safe and in one line that is not too long. */
static void
ministat_tell(const char *text, FILE *out)
{
	struct str b = { 0 };

	str_add_safe(&b, text);
	fprintf(out, "# %.*s%s\n", (int)str_cut(str_text(&b), MINISTAT_TELL),
	    str_text(&b), b.len > MINISTAT_TELL ? "..." : "");
	str_free(&b);
}

static void
ministat_head(const struct gather *g, FILE *out)
{
	struct str b = { 0 };

	str_addf(&b, "%s %s", g->kernel_name != NULL ? g->kernel_name :
	    "kernel", g->kernel_release != NULL ? g->kernel_release :
	    "not known");
	if (g->label != NULL)
		str_addf(&b, ", label %s", g->label);
	ministat_tell(str_text(&b), out);
	str_free(&b);
}

/* What can be long and is less often needed comes last. */
static void
ministat_name(const struct ministat_column *col, size_t number, FILE *out)
{
	const struct gather_cell *c = col->cell;
	const struct gather_metric *m = NULL;
	char *params = gather_params(c);
	struct str b = { 0 };

	if (col->metric < c->nmetrics)
		m = &c->metrics[col->metric];
	if (col->count > 0)
		str_addf(&b, "column %zu", number);
	else
		str_add(&b, "no column");
	str_addf(&b, ": cell %d, %s", c->id, c->workload);
	if (col->count > 0 && m != NULL)
		str_addf(&b, " %s%s%s%s", m->name, m->gauge ? "" : " (",
		    export_better(m), m->gauge ? "" : " is better)");
	str_addf(&b, ", %s mode, %d worker%s, pin %s", c->mode, c->workers,
	    c->workers == 1 ? "" : "s", c->pin);
	if (params[0] != '\0')
		str_addf(&b, ", %s", params);
	ministat_tell(str_text(&b), out);
	str_free(&b);
	free(params);
}

static void
ministat_rows(const struct ministat_table *t, FILE *out,
    struct export_left *left)
{
	char text[UNITS_MAX];
	struct str b = { 0 };
	size_t row, i;

	for (row = 0; row < t->columns[0].count; row++) {
		str_reset(&b);
		for (i = 0; i < t->count && row < t->columns[i].count; i++)
			str_addf(&b, "%s%s", i > 0 ? " " : "",
			    units_put_real(text, sizeof(text),
			    t->columns[i].values[row]));
		export_line(str_text(&b), out, left);
	}
	str_free(&b);
}

void
export_ministat(const struct gather *g, const struct export_choice *c,
    FILE *out, struct export_left *left)
{
	struct ministat_table t;
	size_t i;

	left->limit = MINISTAT_LINE;
	export_leave(g, c, left);
	ministat_collect(&t, g, c);
	ministat_head(g, out);
	for (i = 0; i < t.count; i++)
		ministat_name(&t.columns[i], i + 1, out);
	if (t.count > 0)
		ministat_rows(&t, out, left);
	ministat_free(&t);
}
