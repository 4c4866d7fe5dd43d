/* SPDX-License-Identifier: BSD-2-Clause */
/* Shares of functions that changed; see compare_profile.h. */
#include "config.h"

#include "present/compare_profile.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "present/compare_explain.h"
#include "present/profile_functions.h"
#include "stats/adjust.h"
#include "stats/difference.h"

#define SHARES_FALSE 0.1	/* of those shown that are false */
#define SHARES_ROWS 12
#define SHARES_LEAST 0.01	/* a smaller change explains nothing */
#define SHARES_ERRORS 3		/* standard errors of sampling */

/* One function of a cell, of a side against the base. */
struct shares_row {
	const char *key, *function;
	size_t side;
	double base, new;	/* mean shares */
	double p;		/* NAN: not tested */
};

struct shares {
	struct shares_row *rows;
	size_t count, cap;
	size_t tested;
};

/* ---- reading ----------------------------------------------------------------- */

static void
shares_add(struct compare_profile *p, const char *key, const char *function,
    size_t side, double share, double samples)
{
	p->shares = mem_grow(p->shares, p->count, &p->cap, sizeof(*p->shares));
	p->shares[p->count++] = (struct compare_profile_share){
		.key = mem_strdup(key), .side = side, .share = share,
		.function = function != NULL ? mem_strdup(function) : NULL,
		.samples = samples,
	};
}

static void
shares_part(struct compare_profile *p, size_t side,
    const struct gather_cell *cell, const struct insight_part *part)
{
	struct profile_functions f;
	char *key;
	size_t i;

	if (!insight_has(part, INSIGHT_STACK))
		return;
	profile_functions(part, &f);
	key = compare_explain_key(cell, part);
	shares_add(p, key, NULL, side, 1, f.samples);
	for (i = 0; i < f.count; i++)
		if (f.list[i].self > 0)
			shares_add(p, key, f.list[i].name, side,
			    f.list[i].self / f.samples, f.samples);
	free(key);
	profile_functions_free(&f);
}

void
compare_profile_take(struct compare_profile *p, size_t side,
    const struct insight *in)
{
	size_t i, k;

	for (i = 0; i < in->ncells; i++)
		for (k = 0; k < in->cells[i].nparts; k++)
			shares_part(p, side, &in->base.cells[i],
			    &in->cells[i].parts[k]);
}

/* ---- judging ------------------------------------------------------------------- */

/* Cells together; in each the profiles first, then function by function. */
static int
shares_order(const void *a, const void *b)
{
	const struct compare_profile_share *x = a, *y = b;
	int order = strcmp(x->key, y->key);

	if (order == 0 && x->function != NULL && y->function != NULL)
		order = strcmp(x->function, y->function);
	else if (order == 0)
		order = (x->function != NULL) - (y->function != NULL);
	return order != 0 ? order : (x->side > y->side) - (x->side < y->side);
}

/* Of one side, with 0 for the profiles in which a function is not. */
struct shares_of {
	double *share;
	size_t n;		/* profiles */
	double mean;
	double samples;		/* of all of them */
};

static struct shares_of
shares_of(const struct compare_profile_share *profiles, size_t nprofiles,
    const struct compare_profile_share *of, size_t n, size_t side)
{
	struct shares_of s = { .share = NULL };
	size_t i, found = 0;

	for (i = 0; i < nprofiles; i++) {
		if (profiles[i].side != side)
			continue;
		s.n++;
		s.samples += profiles[i].samples;
	}
	s.share = mem_zalloc((s.n > 0 ? s.n : 1) * sizeof(*s.share));
	for (i = 0; i < n; i++)
		if (of[i].side == side && found < s.n)
			s.share[found++] = of[i].share;
	for (i = 0; i < s.n; i++)
		s.mean += s.share[i] / (double)s.n;
	return s;
}

/* The part of a difference that the number of samples may explain. */
static double
shares_error(const struct shares_of *a, const struct shares_of *b)
{
	return sqrt(a->mean * (1 - a->mean) / a->samples +
	    b->mean * (1 - b->mean) / b->samples);
}

static void
shares_judge(struct shares *s, const struct compare_profile_share *share,
    size_t side, const struct shares_of *base, const struct shares_of *new)
{
	struct shares_row row = {
		.key = share->key, .function = share->function, .side = side,
		.base = base->mean, .new = new->mean, .p = NAN,
	};
	double change = fabs(new->mean - base->mean);
	struct difference d;

	if (base->n == 0 || new->n == 0)
		return;
	if (base->n > 1 && new->n > 1) {
		if (difference_of(base->share, base->n, new->share, new->n,
		    DIFFERENCE_WELCH, &d) != 0 || isnan(d.p))
			return;
		row.p = d.p;
		s->tested++;
	} else if (change <= SHARES_ERRORS * shares_error(base, new)) {
		return;
	}
	s->rows = mem_grow(s->rows, s->count, &s->cap, sizeof(*s->rows));
	s->rows[s->count++] = row;
}

/* The functions of one cell; `n` shares, of which the first are profiles. */
static void
shares_cell(struct shares *s, const struct compare *c,
    const struct compare_profile_share *v, size_t n)
{
	size_t profiles = 0, first, next, side;
	struct shares_of base, new;

	while (profiles < n && v[profiles].function == NULL)
		profiles++;
	for (first = profiles; first < n; first = next) {
		for (next = first + 1; next < n && strcmp(v[next].function,
		    v[first].function) == 0; next++)
			continue;
		base = shares_of(v, profiles, &v[first], next - first, 0);
		for (side = 1; side < c->nsides; side++) {
			new = shares_of(v, profiles, &v[first], next - first,
			    side);
			shares_judge(s, &v[first], side, &base, &new);
			free(new.share);
		}
		free(base.share);
	}
}

/* Adjusts what was tested, and keeps what is to be shown. */
static void
shares_choose(struct shares *s)
{
	double *p = mem_array(NULL, s->count > 0 ? s->count : 1, sizeof(*p));
	size_t i, n = 0, kept = 0;

	for (i = 0; i < s->count; i++)
		if (!isnan(s->rows[i].p))
			p[n++] = s->rows[i].p;
	adjust_false_discovery(p, n);
	n = 0;
	for (i = 0; i < s->count; i++) {
		struct shares_row row = s->rows[i];

		if (!isnan(row.p))
			row.p = p[n++];
		if ((isnan(row.p) || row.p <= SHARES_FALSE) &&
		    fabs(row.new - row.base) >= SHARES_LEAST)
			s->rows[kept++] = row;
	}
	s->count = kept;
	free(p);
}

/* ---- printing ------------------------------------------------------------------- */

static int
shares_rank(const void *a, const void *b)
{
	const struct shares_row *x = a, *y = b;
	double dx = fabs(x->new - x->base), dy = fabs(y->new - y->base);

	return (dx < dy) - (dx > dy);
}

static void
shares_print_row(const struct compare *c, const struct shares_row *row,
    FILE *out)
{
	char numbers[64];

	snprintf(numbers, sizeof(numbers), "%7.1f%% %7.1f%%", row->base * 100,
	    row->new * 100);
	compare_explain_line(c, row->side, numbers, row->function, row->key,
	    out);
}

void
compare_profile_print(struct compare_profile *p, const struct compare *c,
    FILE *out)
{
	struct shares s = { 0 };
	size_t i, first = 0;

	if (p->count == 0)
		return;
	qsort(p->shares, p->count, sizeof(*p->shares), shares_order);
	for (i = 1; i <= p->count; i++) {
		if (i < p->count &&
		    strcmp(p->shares[i].key, p->shares[first].key) == 0)
			continue;
		shares_cell(&s, c, &p->shares[first], i - first);
		first = i;
	}
	shares_choose(&s);
	fprintf(out, "\nfunctions whose share of the profile changed by 1%% of "
	    "it or more: %zu\n", s.count);
	if (s.tested > 0)
		fprintf(out, "(%.0f%% of them may be false)\n",
		    SHARES_FALSE * 100);
	else
		fprintf(out, "(one profile a side: beyond what sampling "
		    "explains, but not tested)\n");
	if (s.count > 0) {
		qsort(s.rows, s.count, sizeof(*s.rows), shares_rank);
		fprintf(out, "%8s %8s  %s\n", "base", "new", "function, where");
	}
	for (i = 0; i < s.count && i < SHARES_ROWS; i++)
		shares_print_row(c, &s.rows[i], out);
	free(s.rows);
}

void
compare_profile_free(struct compare_profile *p)
{
	size_t i;

	for (i = 0; i < p->count; i++) {
		free(p->shares[i].key);
		free(p->shares[i].function);
	}
	free(p->shares);
}
