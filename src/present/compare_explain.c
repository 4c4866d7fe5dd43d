/* SPDX-License-Identifier: BSD-2-Clause */
/* What else changed between two kernels; see compare_explain.h. */
#include "config.h"

#include "present/compare_explain.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "base/units.h"
#include "present/compare_profile.h"
#include "present/insight_gather.h"
#include "present/wrap.h"
#include "stats/adjust.h"
#include "stats/difference.h"

#define EXPLAIN_SHARE 0.1	/* of those shown that are false */
#define EXPLAIN_ROWS 15
/* Of a launch that has counted less, chance is most of it. */
#define EXPLAIN_COUNT 100
/* What is less would be shown as 0.0%. */
#define EXPLAIN_LEAST 0.0005

/* One number of one launch. */
struct explain_value {
	char *where, *name;	/* see compare_explain_key() */
	size_t side, unit;
	double log;		/* of the number for an operation */
};

struct explain_row {
	const char *where, *name;
	size_t side;
	double base, change, p;
};

struct explain {
	struct explain_value *values;
	size_t nvalues, values_cap;
	struct explain_row *rows;
	size_t nrows, rows_cap;
	struct compare_profile profile;
};

/* ---- reading ----------------------------------------------------------------- */

char *
compare_explain_key(const struct gather_cell *cell, const struct insight_part *p)
{
	char *params = gather_params(cell);
	char *key = mem_printf("%s x%d, %s\n%s\n%s", cell->workload,
	    cell->workers, cell->mode, params, p->phase != NULL ? p->phase : "");

	free(params);
	return key;
}

/* "zfod/1 x2, process", and the phase if it is one. */
char *
compare_explain_where(const char *key)
{
	const char *phase = strrchr(key, '\n') + 1;
	char *text = mem_printf("%.*s%s%s", (int)strcspn(key, "\n"), key,
	    *phase != '\0' ? " " : "", phase);
	char *safe = str_safe_copy(text);

	free(text);
	return safe;
}

/* What is there at the end less what was at the beginning is no count. */
static bool
explain_is_level(const char *name)
{
	return strncmp(name, "vmstat.nr_", 10) == 0;
}

/* A record of a comparison, being read. */
struct explain_record {
	const struct compare *c;
	size_t side, run;
};

/* Its launches that only counted are taken, those that broke a rule are not. */
static bool
explain_counts(const struct compare *c, const struct gather_cell *cell,
    int launch)
{
	size_t i;

	for (i = 0; i < cell->nlaunches; i++)
		if (cell->launches[i].launch == launch)
			return c->keep_invalid ||
			    cell->launches[i].rules == NULL;
	return false;
}

static void
explain_take(struct explain *x, const struct explain_record *r,
    const struct gather_cell *cell, const struct insight_part *p,
    const struct insight_item *item)
{
	size_t first = r->c->sides[r->side].unit[r->run], i;
	char *where = compare_explain_key(cell, p);

	for (i = 0; i < item->nvalues; i++) {
		const struct insight_value *v = &item->values[i];
		struct explain_value *to;

		if (!(v->sum >= EXPLAIN_COUNT) || !(v->ops > 0) ||
		    !explain_counts(r->c, cell, v->launch))
			continue;
		x->values = mem_grow(x->values, x->nvalues, &x->values_cap,
		    sizeof(*x->values));
		to = &x->values[x->nvalues++];
		to->side = r->side;
		to->unit = r->c->boots ? first : first + (size_t)v->launch;
		to->log = log(v->sum / v->ops);
		to->name = mem_strdup(item->name);
		to->where = mem_strdup(where);
	}
	free(where);
}

static void
explain_take_all(struct explain *x, const struct explain_record *r,
    const struct insight *in)
{
	size_t i, k, n;

	for (i = 0; i < in->ncells; i++)
		for (k = 0; k < in->cells[i].nparts; k++)
			for (n = 0; n < in->cells[i].parts[k].nitems; n++) {
				const struct insight_part *p =
				    &in->cells[i].parts[k];
				enum insight_kind kind = p->items[n].kind;

				if ((kind == INSIGHT_COUNTER ||
				    kind == INSIGHT_KSTAT ||
				    kind == INSIGHT_USAGE) &&
				    !explain_is_level(p->items[n].name))
					explain_take(x, r,
					    &in->base.cells[i], p,
					    &p->items[n]);
			}
}

static int
explain_read(struct explain *x, const struct explain_record *r, struct err *e)
{
	struct insight in;
	int rc = insight_read(&in, r->c->sides[r->side].runs[r->run].path,
	    INSIGHT_COUNTERS | INSIGHT_STATISTICS | INSIGHT_PROFILE, e);

	if (rc == 0) {
		explain_take_all(x, r, &in);
		compare_profile_take(&x->profile, r->side, &in);
	}
	insight_free(&in);
	return rc;
}

/* ---- testing ------------------------------------------------------------------ */

static int
explain_order(const void *a, const void *b)
{
	const struct explain_value *x = a, *y = b;
	int order = strcmp(x->where, y->where);

	if (order == 0)
		order = strcmp(x->name, y->name);
	if (order == 0)
		order = (x->side > y->side) - (x->side < y->side);
	return order != 0 ? order : (x->unit > y->unit) - (x->unit < y->unit);
}

/*
 * The values of a side among those of one key, as in the verdicts one for each
 * unit: launches of one boot are not independent.
 */
static size_t
explain_pick(const struct explain_value *v, size_t n, size_t side,
    double *values)
{
	size_t i, count = 0, of = 0;

	for (i = 0; i < n; i++) {
		if (v[i].side != side)
			continue;
		if (of == 0 || v[i].unit != v[i - 1].unit) {
			of = 0;
			values[count++] = 0;
		}
		of++;
		values[count - 1] += (v[i].log - values[count - 1]) /
		    (double)of;
	}
	return count;
}

/* What never varies and is another number all the same has changed. */
static double
explain_p(const struct difference *d)
{
	return !isnan(d->p) ? d->p : d->difference != 0 ? 0 : NAN;
}

static void
explain_test(struct explain *x, const struct compare *c,
    const struct explain_value *v, size_t n)
{
	double *base = mem_array(NULL, n, sizeof(*base));
	double *new = mem_array(NULL, n, sizeof(*new));
	size_t nbase = explain_pick(v, n, 0, base), nnew, side;
	struct difference d;

	for (side = 1; side < c->nsides; side++) {
		nnew = explain_pick(v, n, side, new);
		if (difference_of(base, nbase, new, nnew, DIFFERENCE_WELCH,
		    &d) != 0 || isnan(explain_p(&d)))
			continue;
		x->rows = mem_grow(x->rows, x->nrows, &x->rows_cap,
		    sizeof(*x->rows));
		x->rows[x->nrows++] = (struct explain_row){
			.where = v->where, .name = v->name, .side = side,
			.base = exp(d.mean[0]),
			.change = exp(d.difference) - 1, .p = explain_p(&d),
		};
	}
	free(base);
	free(new);
}

static void
explain_test_all(struct explain *x, const struct compare *c)
{
	size_t i, first = 0;
	double *p;

	if (x->nvalues == 0)
		return;
	qsort(x->values, x->nvalues, sizeof(*x->values), explain_order);
	for (i = 1; i <= x->nvalues; i++) {
		if (i < x->nvalues && strcmp(x->values[i].where,
		    x->values[first].where) == 0 &&
		    strcmp(x->values[i].name, x->values[first].name) == 0)
			continue;
		explain_test(x, c, &x->values[first], i - first);
		first = i;
	}
	p = mem_array(NULL, x->nrows, sizeof(*p));
	for (i = 0; i < x->nrows; i++)
		p[i] = x->rows[i].p;
	adjust_false_discovery(p, x->nrows);
	for (i = 0; i < x->nrows; i++)
		x->rows[i].p = p[i];
	free(p);
}

/* The largest ratio first, whichever way it goes. */
static int
explain_rank(const void *a, const void *b)
{
	double x = fabs(log1p(((const struct explain_row *)a)->change));
	double y = fabs(log1p(((const struct explain_row *)b)->change));

	return (x < y) - (x > y);
}

/* ---- printing ------------------------------------------------------------------- */

void
compare_explain_line(const struct compare *c, size_t side, const char *numbers,
    const char *text, const char *key, FILE *out)
{
	char *name = str_safe_copy(text), *where = compare_explain_where(key);
	size_t room = WRAP_WIDTH - strlen(numbers) - 2;
	char *line;

	if (c->nsides > 2) {
		line = mem_printf("%s (%s)", where, c->sides[side].name);
		free(where);
		where = line;
	}
	line = mem_printf("%s  %s", name, where);
	if (str_columns(line) <= room) {
		fprintf(out, "%s  %s\n", numbers, line);
	} else {
		fprintf(out, "%s  %.*s\n", numbers, (int)room, name);
		wrap_print("      ", where, out);
	}
	free(line);
	free(name);
	free(where);
}

static void
explain_print_row(const struct compare *c, const struct explain_row *row,
    FILE *out)
{
	char base[UNITS_MAX], numbers[64], *change;

	change = fabs(row->change) < 1000 ? mem_printf("%+.*f%%",
	    fabs(row->change) < 10 ? 1 : 0, row->change * 100) :
	    mem_printf("%+.0e%%", row->change * 100);
	snprintf(numbers, sizeof(numbers), "%8.20s  %9s", change,
	    units_round(base, sizeof(base), row->base));
	compare_explain_line(c, row->side, numbers, row->name, row->where, out);
	free(change);
}

static void
explain_print(struct explain *x, const struct compare *c, FILE *out)
{
	size_t i, found = 0;

	for (i = 0; i < x->nrows; i++)
		if (x->rows[i].p <= EXPLAIN_SHARE &&
		    fabs(x->rows[i].change) >= EXPLAIN_LEAST)
			x->rows[found++] = x->rows[i];
	fprintf(out, "\nwhat else changed for each operation: %zu of %zu "
	    "numbers; %.0f%% of them\nmay be false; explains, is no verdict\n",
	    found, x->nrows, EXPLAIN_SHARE * 100);
	if (found == 0)
		return;
	qsort(x->rows, found, sizeof(*x->rows), explain_rank);
	fprintf(out, "%8s  %9s  %s\n", "change", "base", "what, where");
	for (i = 0; i < found && i < EXPLAIN_ROWS; i++)
		explain_print_row(c, &x->rows[i], out);
}

int
compare_explain(const struct compare *c, FILE *out, struct err *e)
{
	struct explain_record r = { .c = c };
	struct explain x = { 0 };
	size_t i;
	int rc = 0;

	for (r.side = 0; r.side < c->nsides && rc == 0; r.side++)
		for (r.run = 0; r.run < c->sides[r.side].nruns && rc == 0;
		    r.run++)
			rc = explain_read(&x, &r, e);
	if (rc == 0) {
		explain_test_all(&x, c);
		explain_print(&x, c, out);
		compare_profile_print(&x.profile, c, out);
	}
	compare_profile_free(&x.profile);
	for (i = 0; i < x.nvalues; i++) {
		free(x.values[i].where);
		free(x.values[i].name);
	}
	free(x.values);
	free(x.rows);
	return rc;
}
