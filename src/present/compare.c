/* SPDX-License-Identifier: BSD-2-Clause */
/* Records side by side; see compare.h. */
#include "config.h"

#include "present/compare.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "present/compare_boots.h"
#include "present/compare_floor.h"
#include "present/compare_judge.h"
#include "present/compare_match.h"
#include "present/compare_warn.h"
#include "present/same_record.h"

#define COMPARE_ALPHA 0.05
#define COMPARE_EFFECT 0.02

char
compare_mark(enum compare_verdict v)
{
	return "+-s=~!?.n"[v];
}

static const char *const compare_words[COMPARE_VERDICTS] = {
	[COMPARE_BETTER] = "better",
	[COMPARE_WORSE] = "worse",
	[COMPARE_SMALL] = "small",
	[COMPARE_SAME] = "same",
	[COMPARE_UNDECIDED] = "undecided",
	[COMPARE_FAILED] = "failed",
	[COMPARE_MISSING] = "missing",
	[COMPARE_FEW] = "few",
	[COMPARE_NOISE] = "noise",
};

const char *
compare_word(enum compare_verdict v)
{
	return compare_words[v];
}

bool
compare_first_of_metric(const struct compare *c, size_t row)
{
	size_t i;

	for (i = 0; i < row; i++)
		if (strcmp(c->rows[i].metric, c->rows[row].metric) == 0)
			return false;
	return true;
}

bool
compare_measured(const struct compare *c, size_t side, size_t unit)
{
	size_t i;

	for (i = 0; i < c->nrows; i++)
		if (!isnan(c->rows[i].values[side].log[unit]))
			return true;
	return false;
}

size_t
compare_values(const struct compare_value *v, size_t units, double *logs)
{
	size_t i, n = 0;

	for (i = 0; i < units; i++)
		if (!isnan(v->log[i]))
			logs[n++] = v->log[i];
	return n;
}

/* ---- sides ---------------------------------------------------------------- */

/* What the record calls its kernel; NULL with an error. */
static char *
compare_own_name(const struct compare *c, const struct gather *g,
    const char *path, struct err *e)
{
	const char *value;

	if (c->column != NULL) {
		value = facts_value(&g->facts, c->column);
		if (value != NULL)
			return mem_strdup(value);
		err_set(e, "%s: it has no '%s' to name it by; `vmstress env` "
		    "lists what it has", path, c->column);
		return NULL;
	}
	return mem_strdup(gather_name(g));
}

static struct compare_side *
compare_side(struct compare *c, const char *text)
{
	char *name = str_safe_copy(text);
	struct compare_side *s;
	size_t i;

	for (i = 0; i < c->nsides; i++) {
		if (strcmp(c->sides[i].name, name) != 0)
			continue;
		free(name);
		return &c->sides[i];
	}
	c->sides = mem_array(c->sides, c->nsides + 1, sizeof(*c->sides));
	s = &c->sides[c->nsides++];
	memset(s, 0, sizeof(*s));
	s->name = name;
	return s;
}

static int
compare_add(struct compare *c, const struct compare_input *in, size_t *side,
    struct err *e)
{
	struct compare_side *s;
	struct gather g;
	char *name;

	if (in->path != NULL && gather_read(&g, in->path, e) != 0) {
		gather_free(&g);
		return -1;
	}
	name = in->name != NULL ? mem_strdup(in->name) :
	    compare_own_name(c, &g, in->path, e);
	if (name == NULL) {
		gather_free(&g);
		return -1;
	}
	s = compare_side(c, name);
	free(name);
	*side = (size_t)(s - c->sides);
	if (in->path == NULL)
		return 0;
	s->runs = mem_array(s->runs, s->nruns + 1, sizeof(*s->runs));
	s->runs[s->nruns++] = g;
	return 0;
}

/* Launches that are named twice would count twice. */
static int
compare_refuse_twice(const struct compare *c, struct err *e)
{
	const struct gather *a, *b;
	size_t side, i, k;

	for (side = 0; side < c->nsides; side++)
		for (i = 1; i < c->sides[side].nruns; i++)
			for (k = 0; k < i; k++) {
				a = &c->sides[side].runs[k];
				b = &c->sides[side].runs[i];
				if (same_record(a, b))
					return err_set(e, "%s: it is the same "
					    "run as %s, and would count twice "
					    "for '%s'", b->path, a->path,
					    c->sides[side].name);
			}
	/* Of a record and itself there is no floor. */
	for (i = 0; c->self && i < c->sides[0].nruns; i++)
		for (k = 0; k < c->sides[1].nruns; k++) {
			a = &c->sides[0].runs[i];
			b = &c->sides[1].runs[k];
			if (same_record(a, b))
				return err_set(e, "%s: --null takes another "
				    "record of the base: this is the same run "
				    "as %s", b->path, a->path);
		}
	return 0;
}

const struct facts *
compare_facts(const struct compare *c, size_t side)
{
	static const struct facts none;
	const struct compare_side *s = &c->sides[side];

	return s->nruns > 0 ? &s->runs[0].facts : &none;
}

bool
compare_lost(const struct compare *c, size_t side)
{
	return c->sides[side].boots_lost > 0 && c->sides[0].boots_lost == 0;
}

/* ---- units ---------------------------------------------------------------- */

/* The first record of the side that is of the same boot. */
static size_t
compare_same_boot(const struct compare_side *s, size_t run)
{
	size_t i;

	for (i = 0; i < run; i++)
		if (same_boot(&s->runs[i], &s->runs[run]))
			return i;
	return run;
}

static size_t
compare_boots(const struct compare_side *s)
{
	size_t run, n = 0;

	for (run = 0; run < s->nruns; run++)
		n += compare_same_boot(s, run) == run;
	return n;
}

/* Room for every launch that a record has. */
static size_t
compare_rounds(const struct gather *g)
{
	size_t i, most = 0, n;

	for (i = 0; i < g->ncells; i++) {
		n = (size_t)(g->cells[i].id < 0 ? 0 : g->cells[i].planned);
		most = n > most ? n : most;
	}
	return most;
}

static void
compare_units(struct compare *c, struct compare_side *s)
{
	size_t run, first;

	s->unit = mem_zalloc(s->nruns * sizeof(*s->unit));
	for (run = 0; run < s->nruns; run++) {
		first = compare_same_boot(s, run);
		if (!c->boots) {
			s->unit[run] = s->nunits;
			s->nunits += compare_rounds(&s->runs[run]);
		} else {
			s->unit[run] = first < run ? s->unit[first] :
			    s->nunits++;
		}
	}
}

/* Boots are the units as soon as somebody was booted more than once. */
static void
compare_choose_units(struct compare *c)
{
	size_t i;

	for (i = 0; i < c->nsides; i++)
		c->boots |= compare_boots(&c->sides[i]) > 1;
	for (i = 0; i < c->nsides; i++)
		compare_units(c, &c->sides[i]);
}

/* Of the first record of each side. */
static void
compare_look_around(struct compare *c)
{
	size_t i;

	c->differs = mem_zalloc(c->nsides * sizeof(struct compare_env *));
	c->ndiffers = mem_zalloc(c->nsides * sizeof(*c->ndiffers));
	for (i = 1; i < c->nsides; i++)
		c->differs[i] = compare_env_differences(
		    compare_facts(c, 0), compare_facts(c, i),
		    &c->ndiffers[i]);
}

/* ---- the whole ------------------------------------------------------------- */

/* The base against itself, if there is nothing else. */
static int
compare_add_self(struct compare *c, struct err *e)
{
	struct compare_input in = {
		.name = strcmp(c->sides[0].name, "again") == 0 ? "once more" :
		    "again"
	};
	size_t i, side;

	for (i = 0; i < c->nnull; i++) {
		in.path = c->null[i].path;
		if (compare_add(c, &in, &side, e) != 0)
			return -1;
	}
	c->self = true;
	return 0;
}

int
compare_read(struct compare *c, const struct compare_input *in, size_t n,
    struct err *e)
{
	size_t i;

	if (c->alpha == 0)
		c->alpha = COMPARE_ALPHA;
	if (c->effect == 0)
		c->effect = COMPARE_EFFECT;
	c->side_of = mem_zalloc((n > 0 ? n : 1) * sizeof(*c->side_of));
	for (i = 0; i < n; i++)
		if (compare_add(c, &in[i], &c->side_of[i], e) != 0)
			return -1;
	if (c->nsides == 1 && c->nnull > 0 && compare_add_self(c, e) != 0)
		return -1;
	if (c->nsides < (c->single ? 1 : 2))
		return err_set(e, "%s: nothing to compare with: all records "
		    "are of '%s' (name them: base=A new=B)",
		    in[0].path != NULL ? in[0].path : in[0].name,
		    c->nsides == 1 ? c->sides[0].name : "");
	if (compare_refuse_twice(c, e) != 0)
		return -1;
	compare_boots_count(c);
	compare_choose_units(c);
	compare_look_around(c);
	compare_match(c);
	compare_judge(c);
	compare_warn(c);
	return c->nnull > 0 && !c->self ? compare_floor(c, in, n, e) : 0;
}

static void
compare_free_row(const struct compare *c, struct compare_row *row)
{
	size_t i;

	for (i = 0; i < c->nsides; i++) {
		free(row->values[i].log);
		free(row->values[i].launches);
	}
	free(row->values);
	free(row->outcomes);
	free(row->workload);
	free(row->params);
	free(row->params_all);
	free(row->mode);
	free(row->pin);
	free(row->metric);
	free(row->unit);
}

void
compare_free(struct compare *c)
{
	size_t i, k;

	for (i = 0; i < c->nrows; i++)
		compare_free_row(c, &c->rows[i]);
	free(c->rows);
	for (i = 0; i < c->nsides; i++) {
		for (k = 0; k < c->sides[i].nruns; k++)
			gather_free(&c->sides[i].runs[k]);
		free(c->sides[i].runs);
		free(c->sides[i].unit);
		free(c->sides[i].rules);
		free(c->sides[i].failure);
		if (c->overall != NULL)
			free(c->overall[i].pairs);
		if (c->differs != NULL)
			free(c->differs[i]);
		free(c->sides[i].name);
	}
	for (i = 0; i < c->nwarnings; i++)
		free(c->warnings[i].text);
	free(c->warnings);
	free(c->overall);
	free(c->side_of);
	free(c->sides);
	free(c->differs);
	free(c->ndiffers);
	memset(c, 0, sizeof(*c));
}
