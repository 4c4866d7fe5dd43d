/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Cells of all records matched by what they are: workload and version,
 * parameters, mode, workers, placement; and by metric.
 */
#include "config.h"

#include "present/compare_match.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"
#include "base/str.h"
#include "present/compare_groups.h"
#include "present/gather_launch.h"

/* Rows by key: open addressing, a power of two, never full. */
struct match {
	struct compare *c;
	size_t *slot;		/* row + 1; 0: free */
	char **key;		/* of each row */
	struct compare_groups points;	/* rows by all but the metric */
	size_t slots, keys_cap;
};

static size_t *
match_slot(struct match *m, const char *key)
{
	size_t at = hash_text(key) & (m->slots - 1);

	while (m->slot[at] != 0 && strcmp(m->key[m->slot[at] - 1], key) != 0)
		at = (at + 1) & (m->slots - 1);
	return &m->slot[at];
}

static void
match_grow(struct match *m)
{
	size_t i;

	if (m->c->nrows * 2 < m->slots)
		return;
	m->slots = m->slots == 0 ? 256 : m->slots * 2;
	free(m->slot);
	m->slot = mem_zalloc(m->slots * sizeof(*m->slot));
	for (i = 0; i < m->c->nrows; i++)
		*match_slot(m, m->key[i]) = i + 1;
}

/* ---- rows -------------------------------------------------------------- */

static void
match_new_row(struct match *m, const struct gather_cell *cell,
    const struct gather_metric *metric, char *key)
{
	struct compare *c = m->c;
	struct compare_row *row;
	char *params;
	size_t i, k;

	m->key = mem_grow(m->key, c->nrows, &m->keys_cap, sizeof(*m->key));
	m->key[c->nrows] = key;
	c->rows = mem_grow(c->rows, c->nrows, &c->rows_cap, sizeof(*row));
	row = &c->rows[c->nrows++];
	memset(row, 0, sizeof(*row));
	row->workload = str_safe_copy(cell->workload);
	params = gather_params(cell);
	row->params_all = str_safe_copy(params);
	free(params);
	row->mode = str_safe_copy(cell->mode);
	row->pin = str_safe_copy(cell->pin);
	row->workers = cell->workers;
	row->metric = str_safe_copy(metric->name);
	row->unit = str_safe_copy(metric->unit);
	row->lower = metric->lower;
	row->headline = gather_headline(cell, metric);
	row->floor = NAN;
	row->values = mem_zalloc(c->nsides * sizeof(*row->values));
	row->outcomes = mem_zalloc(c->nsides * sizeof(*row->outcomes));
	for (i = 0; i < c->nsides; i++) {
		row->values[i].log = mem_array(NULL, c->sides[i].nunits,
		    sizeof(double));
		row->values[i].launches = mem_zalloc(c->sides[i].nunits *
		    sizeof(size_t));
		for (k = 0; k < c->sides[i].nunits; k++)
			row->values[i].log[k] = NAN;
	}
}

/* What a cell is; a new string. */
static char *
match_point(const struct gather_cell *cell)
{
	char *params = gather_params(cell);
	char *key = mem_printf("%s\n%s\n%s\n%d\n%s", cell->workload, params,
	    cell->mode, cell->workers, cell->pin);

	free(params);
	return key;
}

static size_t
match_row(struct match *m, const struct gather_cell *cell,
    const struct gather_metric *metric)
{
	char *point = match_point(cell);
	char *key = mem_printf("%s\n%s", point, metric->name);
	size_t *slot, row;

	match_grow(m);
	slot = match_slot(m, key);
	if (*slot != 0) {
		row = *slot - 1;
		free(key);
	} else {
		row = m->c->nrows;
		*slot = row + 1;
		match_new_row(m, cell, metric, key);
		compare_groups_add(&m->points, point, row);
	}
	free(point);
	return row;
}

bool
compare_row_is_of(const struct compare_row *row, const struct gather_cell *cell)
{
	char *params;
	bool same;

	if (cell->id < 0 || cell->workers != row->workers ||
	    strcmp(cell->workload, row->workload) != 0 ||
	    strcmp(cell->mode, row->mode) != 0 ||
	    strcmp(cell->pin, row->pin) != 0)
		return false;
	params = gather_params(cell);
	same = strcmp(params, row->params_all) == 0;
	free(params);
	return same;
}

/* ---- values ------------------------------------------------------------ */

static void
match_add(struct compare_value *v, size_t unit, double value)
{
	double n = (double)++v->launches[unit];

	v->log[unit] = n == 1 ? value : v->log[unit] + (value - v->log[unit]) / n;
}

/* Each rule once: "steal,load". */
static void
match_add_rules(struct compare_side *s, const char *rules)
{
	char *copy = mem_strdup(rules), *rest = copy, *rule, *all;

	while ((rule = strsep(&rest, ",")) != NULL) {
		if (s->rules != NULL && strstr(s->rules, rule) != NULL)
			continue;
		all = s->rules == NULL ? mem_strdup(rule) :
		    mem_printf("%s,%s", s->rules, rule);
		free(s->rules);
		s->rules = all;
	}
	free(copy);
}

bool
compare_counts(const struct compare *c, const struct gather_launch *l)
{
	return l->status == GATHER_OK &&
	    (c->keep_invalid || l->rules == NULL);
}

static void
match_count_failed(struct compare_side *s, const struct gather_cell *cell,
    const struct gather_launch *l)
{
	char *text;

	if (s->failed++ > 0)
		return;
	text = mem_printf("%s x%d%s%s", cell->workload, cell->workers,
	    l->reason != NULL ? ": " : "", l->reason != NULL ? l->reason : "");
	s->failure = str_safe_copy(text);
	free(text);
}

/* How many launches of a record failed, or broke which rules. */
static void
match_validity(struct compare_side *s, const struct gather_cell *cell)
{
	size_t i;

	for (i = 0; i < cell->nlaunches; i++) {
		const struct gather_launch *l = &cell->launches[i];

		s->launches += l->status == GATHER_OK;
		if (l->status == GATHER_FAILED)
			match_count_failed(s, cell, l);
		if (l->status != GATHER_OK || l->rules == NULL)
			continue;
		s->invalid++;
		match_add_rules(s, l->rules);
	}
}

/*
 * Of a boot the mean of its launches, over all its records; of launches each
 * is a unit: the round in which it ran.
 */
static void
match_values(struct compare *c, size_t side, size_t run,
    const struct gather_cell *cell, size_t metric, struct compare_value *v)
{
	size_t first = c->sides[side].unit[run], unit, i;
	double value;

	for (i = 0; i < cell->nlaunches; i++) {
		const struct gather_launch *l = &cell->launches[i];

		if (!compare_counts(c, l))
			continue;
		value = gather_launch_value(l, metric);
		v->absent += isnan(value);
		if (isnan(value))
			continue;
		if (!(value > 0) || isinf(value)) {
			v->bad = true;
			continue;
		}
		unit = c->boots ? first : first + (size_t)l->launch;
		if (unit < c->sides[side].nunits)
			match_add(v, unit, log(value));
	}
}

/*
 * Launches that failed count at every metric of the point, also when none went
 * well enough to have one.
 */
static void
match_failed(struct match *m, size_t side, const struct gather_cell *cell)
{
	int failed = 0;
	size_t i, at;
	char *key;

	for (i = 0; i < cell->nlaunches; i++)
		failed += cell->launches[i].status == GATHER_FAILED;
	if (failed == 0)
		return;
	key = match_point(cell);
	at = compare_groups_first(&m->points, key);
	for (; at != COMPARE_GROUPS_END; at = m->points.members[at].next)
		m->c->rows[m->points.members[at].row].values[side].failed +=
		    failed;
	free(key);
}

/* What is shown without details; of percentiles the middle and the tail. */
static bool
match_wanted(const struct compare *c, const struct gather_metric *m)
{
	if (m->gauge)
		return false;
	if (m->quantile >= 0 && m->quantile != GATHER_P50 &&
	    m->quantile != GATHER_P99)
		return c->all;
	return !m->detail || c->all;
}

static void
match_failures(struct match *m, size_t side, size_t run)
{
	const struct gather *g = &m->c->sides[side].runs[run];
	size_t i;

	for (i = 0; i < g->ncells; i++)
		if (g->cells[i].id >= 0)
			match_failed(m, side, &g->cells[i]);
}

static void
match_run(struct match *m, size_t side, size_t run)
{
	const struct gather *g = &m->c->sides[side].runs[run];
	const struct gather_cell *cell;
	size_t i, k, row;

	for (i = 0; i < g->ncells; i++) {
		cell = &g->cells[i];
		if (cell->id >= 0)
			match_validity(&m->c->sides[side], cell);
		for (k = 0; cell->id >= 0 && k < cell->nmetrics; k++) {
			if (!match_wanted(m->c, &cell->metrics[k]))
				continue;
			/* What nobody can do is no point. */
			if (cell->metrics[k].unsupported)
				continue;
			row = match_row(m, cell, &cell->metrics[k]);
			match_values(m->c, side, run, cell, k,
			    &m->c->rows[row].values[side]);
		}
	}
}

/* ---- names --------------------------------------------------------------- */

/* Is "name=text" one of the words of a row's parameters? */
static bool
match_has(const char *params, const char *word, size_t len)
{
	const char *at = params;

	while ((at = strstr(at, word)) != NULL) {
		if ((at == params || at[-1] == ' ') &&
		    (at[len] == ' ' || at[len] == '\0'))
			return true;
		at++;
	}
	return false;
}

/* Only the parameters that are not the same in all rows of the workload. */
static void
match_shorten(struct compare *c, struct compare_row *row)
{
	char *all = mem_strdup(row->params_all), *rest = all, *word;
	struct str b = { 0 };
	size_t i;

	str_add(&b, "");
	while ((word = strsep(&rest, " ")) != NULL) {
		for (i = 0; i < c->nrows; i++)
			if (strcmp(c->rows[i].workload, row->workload) == 0 &&
			    !match_has(c->rows[i].params_all, word,
			    strlen(word)))
				break;
		if (i < c->nrows)
			str_addf(&b, "%s%s", b.len > 0 ? " " : "", word);
	}
	free(all);
	row->params = b.s;
}

char *
compare_row_words(const struct compare_row *row)
{
	bool params = row->params[0] != '\0';

	return mem_printf("%s%s%s%s%s", row->params,
	    row->by_mode && params ? " " : "", row->by_mode ? row->mode : "",
	    row->by_pin ? params || row->by_mode ? " pin=" : "pin=" : "",
	    row->by_pin ? row->pin : "");
}

/* Are mode and placement those of all rows of the workload? */
static void
match_place(const struct compare *c, struct compare_row *row)
{
	size_t i;

	for (i = 0; i < c->nrows && !(row->by_mode && row->by_pin); i++) {
		const struct compare_row *other = &c->rows[i];

		if (strcmp(other->workload, row->workload) != 0)
			continue;
		row->by_mode |= strcmp(other->mode, row->mode) != 0;
		row->by_pin |= strcmp(other->pin, row->pin) != 0;
	}
}

/* With so many rows nobody reads them, and all that there is will do. */
#define MATCH_SHORTEN_MAX 5000

void
compare_match(struct compare *c)
{
	struct match m = { .c = c };
	size_t side, run, i;

	for (side = 0; side < c->nsides; side++)
		for (run = 0; run < c->sides[side].nruns; run++)
			match_run(&m, side, run);
	for (side = 0; side < c->nsides; side++)
		for (run = 0; run < c->sides[side].nruns; run++)
			match_failures(&m, side, run);
	for (i = 0; i < c->nrows; i++) {
		if (c->nrows <= MATCH_SHORTEN_MAX) {
			match_shorten(c, &c->rows[i]);
			match_place(c, &c->rows[i]);
		} else {
			c->rows[i].params = mem_strdup(c->rows[i].params_all);
			c->rows[i].by_mode = c->rows[i].by_pin = true;
		}
		free(m.key[i]);
	}
	compare_groups_free(&m.points);
	free(m.key);
	free(m.slot);
}
