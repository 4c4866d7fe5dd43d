/* SPDX-License-Identifier: BSD-2-Clause */
/* Sweeps of a comparison; see compare_sweep.h. */
#include "config.h"

#include "present/compare_sweep.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "base/units.h"
#include "present/compare_groups.h"

/* How they are found. */
struct sweep {
	struct compare_sweep found;	/* the one at hand */
	struct compare_groups groups;	/* rows by what is equal in them */
	void (*each)(const struct compare_sweep *s, void *arg);
	void *arg;
};

/* Units lie beside each other: one line through all of their points. */
int
compare_sweep_growth(const struct compare_sweep *s, size_t side, struct growth *g)
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

/* ---- parameters ---------------------------------------------------------------- */

char *
compare_sweep_without(const char *params, const char *name)
{
	char *copy = mem_strdup(params), *rest = copy, *word;
	size_t len = strlen(name);
	struct str b = { 0 };

	str_add(&b, "");
	while ((word = strsep(&rest, " ")) != NULL)
		if (strncmp(word, name, len) != 0 || word[len] != '=')
			str_addf(&b, "%s%s", b.len > 0 ? " " : "", word);
	free(copy);
	return b.s;
}

/* The number of a parameter, a count or a size; NAN: it is none. */
static double
sweep_param(const char *params, const char *name)
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

/* ---- finding them -------------------------------------------------------------- */

/*
 * What rows of one sweep have in common: all but the workers, or all but the
 * parameter `name`.  A new string.
 */
static char *
sweep_key(const struct compare_row *row, const char *name)
{
	char *rest = compare_sweep_without(row->params_all, name != NULL ?
	    name : "");
	char *key = mem_printf("%s\n%d\n%s\n%s\n%s\n%s\n%s", name != NULL ?
	    name : "", name != NULL ? row->workers : 0, row->workload,
	    row->metric, row->mode, row->pin, rest);

	free(rest);
	return key;
}

/* The names of the parameters that differ in a row's workload, one by one. */
static void
sweep_params(struct sweep *s, size_t row,
    void (*each)(struct sweep *s, size_t row, const char *name))
{
	char *copy = mem_strdup(s->found.c->rows[row].params);
	char *rest = copy, *word;

	while ((word = strsep(&rest, " ")) != NULL) {
		word[strcspn(word, "=")] = '\0';
		if (*word != '\0')
			each(s, row, word);
	}
	free(copy);
}

static void
sweep_add(struct sweep *s, size_t row, const char *name)
{
	char *key = sweep_key(&s->found.c->rows[row], name);

	compare_groups_add(&s->groups, key, row);
	free(key);
}

/* The rows of a sweep, if this one is the first of it and all are numbers. */
static bool
sweep_collect(struct sweep *s, size_t first, const char *name)
{
	struct compare_sweep *w = &s->found;
	char *key = sweep_key(&w->c->rows[first], name);
	size_t m = compare_groups_first(&s->groups, key);
	const struct compare_row *row;
	bool numbers = true;

	free(key);
	w->n = 0;
	w->param = name;
	if (m == COMPARE_GROUPS_END || s->groups.members[m].row != first)
		return false;
	for (; m != COMPARE_GROUPS_END; m = s->groups.members[m].next) {
		row = &w->c->rows[s->groups.members[m].row];
		w->rows[w->n] = row;
		w->x[w->n] = name == NULL ? row->workers :
		    sweep_param(row->params_all, name);
		numbers &= w->x[w->n++] > 0;
	}
	return numbers && w->n >= 2;
}

static void
sweep_tell(struct sweep *s, size_t first, const char *name)
{
	if (sweep_collect(s, first, name))
		s->each(&s->found, s->arg);
}

void
compare_sweeps(const struct compare *c,
    void (*each)(const struct compare_sweep *s, void *arg), void *arg)
{
	struct sweep s = { .found = { .c = c }, .each = each, .arg = arg };
	size_t i;

	s.found.rows = mem_array(NULL, c->nrows,
	    sizeof(const struct compare_row *));
	s.found.x = mem_array(NULL, c->nrows, sizeof(*s.found.x));
	for (i = 0; i < c->nrows; i++) {
		sweep_add(&s, i, NULL);
		sweep_params(&s, i, sweep_add);
	}
	for (i = 0; i < c->nrows; i++) {
		sweep_tell(&s, i, NULL);
		sweep_params(&s, i, sweep_tell);
	}
	compare_groups_free(&s.groups);
	free(s.found.rows);
	free(s.found.x);
}
