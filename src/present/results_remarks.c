/* SPDX-License-Identifier: BSD-2-Clause */
/* What the kernel said, and launches that are not valid, in sentences. */
#include "config.h"

#include "present/results_remarks.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "present/results_about.h"

/* ---- the kernel's log ------------------------------------------------- */

/* "warning (3): WARNING: ... (cell 0, launch 1, phase teardown)" */
static char *
log_sentence(const struct gather_said *s)
{
	struct str b = { 0 };

	str_addf(&b, "%s (%" PRIu64 "): %s (", s->class, s->count, s->text);
	if (s->count > 1)
		str_add(&b, "first in ");
	if (s->cell >= 0)
		str_addf(&b, "cell %d, launch %d", s->cell, s->launch);
	else
		str_add(&b, "no launch");
	if (s->phase != NULL)
		str_addf(&b, ", phase %s", s->phase);
	str_add(&b, ")");
	return b.s;
}

/* ---- launches that are not valid -------------------------------------- */

/* How often each rule was broken. */
struct rules {
	struct rule {
		char *name;
		int count;
	} *list;
	size_t count, cap;
};

static void
count_rule(struct rules *r, const char *name)
{
	size_t i;

	for (i = 0; i < r->count; i++) {
		if (strcmp(r->list[i].name, name) == 0) {
			r->list[i].count++;
			return;
		}
	}
	r->list = mem_grow(r->list, r->count, &r->cap, sizeof(*r->list));
	r->list[r->count].name = mem_strdup(name);
	r->list[r->count++].count = 1;
}

static void
count_rules(struct rules *r, const char *names)
{
	char *copy = mem_strdup(names), *rest = copy, *name;

	while ((name = strsep(&rest, ",")) != NULL)
		count_rule(r, name);
	free(copy);
}

static int
by_count(const void *a, const void *b)
{
	const struct rule *x = a, *y = b;

	if (x->count != y->count)
		return (x->count < y->count) - (x->count > y->count);
	return strcmp(x->name, y->name);
}

static void
add_rules(struct str *b, struct rules *r)
{
	size_t i;

	if (r->count > 0)
		qsort(r->list, r->count, sizeof(*r->list), by_count);
	for (i = 0; i < r->count; i++) {
		str_addf(b, "%s%s (%d)", i > 0 ? ", " : "", r->list[i].name,
		    r->list[i].count);
		free(r->list[i].name);
	}
	free(r->list);
}

/* A launch that is no result is neither. */
static bool
is_judged(const struct gather_launch *l)
{
	return l->status == GATHER_OK && l->judged;
}

static bool
is_invalid(const struct gather_launch *l)
{
	return is_judged(l) && l->rules != NULL;
}

double
results_remarks_invalid(const struct gather_cell *c)
{
	size_t i;
	int judged = 0, invalid = 0;

	for (i = 0; i < c->nlaunches; i++) {
		judged += is_judged(&c->launches[i]);
		invalid += is_invalid(&c->launches[i]);
	}
	return judged > 0 ? invalid : NAN;
}

/*
 * "2 of 5 launches not valid: steal (2), drift (1) (cells 0-1); the first:
 * steal 3.2% of CPU time (limit 1%)"
 */
static char *
validity_sentence(const struct gather *from)
{
	int judged = 0, invalid = 0, *cells;
	const struct gather_launch *l;
	const char *first = NULL;
	struct rules rules = { 0 };
	struct str b = { 0 };
	size_t i, k, ncells = 0;

	cells = mem_array(NULL, from->ncells, sizeof(*cells));
	for (i = 0; i < from->ncells; i++) {
		for (k = 0; k < from->cells[i].nlaunches; k++) {
			l = &from->cells[i].launches[k];
			judged += is_judged(l);
			if (!is_invalid(l))
				continue;
			invalid++;
			count_rules(&rules, l->rules);
			if (first == NULL)
				first = l->reasons;
			if (ncells == 0 || cells[ncells - 1] != (int)i)
				cells[ncells++] = (int)i;
		}
	}
	if (invalid > 0) {
		str_addf(&b, "%d of %d launch%s not valid: ", invalid, judged,
		    judged == 1 ? "" : "es");
		add_rules(&b, &rules);
		results_about_cells(&b, cells, ncells);
		str_addf(&b, "; the first: %s", first);
	}
	free(cells);
	return b.s;
}

/* ---- the whole -------------------------------------------------------- */

void
results_remarks(struct results *r, const struct gather *from)
{
	const struct gather_remarks *all = &from->remarks;
	char *text = validity_sentence(from);
	size_t i;

	if (text != NULL) {
		r->notes = mem_array(r->notes, r->nnotes + 1,
		    sizeof(*r->notes));
		r->notes[r->nnotes++] = text;
	}
	r->log = mem_array(NULL, all->nsaid, sizeof(*r->log));
	for (i = 0; i < all->nsaid; i++)
		r->log[r->nlog++] = log_sentence(&all->said[i]);
}
