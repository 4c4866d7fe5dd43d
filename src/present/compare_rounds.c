/* SPDX-License-Identifier: BSD-2-Clause */
/* Boots that are partners; see compare_rounds.h. */
#include "config.h"

#include "present/compare_rounds.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "stats/blocks.h"

/* ---- partners -------------------------------------------------------------- */

/* Of the first record of a boot; there is one. */
static const struct facts *
rounds_facts(const struct compare_side *s, size_t unit)
{
	size_t run = 0;

	while (s->unit[run] != unit)
		run++;
	return &s->runs[run].facts;
}

static bool
rounds_same(const struct facts *a, const struct facts *b)
{
	static const char *const keys[] = { "boot.campaign", "boot.round" };
	const char *x, *y;
	size_t i;

	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		x = facts_value(a, keys[i]);
		y = facts_value(b, keys[i]);
		if (x == NULL || y == NULL || strcmp(x, y) != 0)
			return false;
	}
	return true;
}

/* The first boot of a side with a value in that round, and no partner yet. */
static size_t
rounds_partner(const struct compare *c, size_t side, const struct facts *base,
    const bool *taken)
{
	const struct compare_side *s = &c->sides[side];
	size_t unit;

	for (unit = 0; unit < s->nunits; unit++)
		if (!taken[unit] && compare_measured(c, side, unit) &&
		    rounds_same(base, rounds_facts(s, unit)))
			break;
	return unit;
}

static void
rounds_pair(struct compare *c, size_t side)
{
	struct compare_overall *all = &c->overall[side];
	size_t nbase = c->sides[0].nunits, nnew = c->sides[side].nunits, i, k;
	bool *taken = mem_zalloc((nnew + 1) * sizeof(*taken));

	all->pairs = mem_array(NULL, nbase, sizeof(*all->pairs));
	for (i = 0; i < nbase; i++) {
		if (!compare_measured(c, 0, i))
			continue;
		k = rounds_partner(c, side, rounds_facts(&c->sides[0], i),
		    taken);
		if (k == nnew) {
			all->alone++;
			continue;
		}
		taken[k] = true;
		all->pairs[all->rounds][0] = i;
		all->pairs[all->rounds++][1] = k;
	}
	for (k = 0; k < nnew; k++)
		all->alone += !taken[k] && compare_measured(c, side, k);
	free(taken);
}

/* ---- the rule ---------------------------------------------------------------- */

size_t
compare_rounds_needed(const struct compare *c)
{
	size_t n = blocks_least(c->alpha / (double)(c->nsides - 1));

	return n > 0 && n < COMPARE_ROUNDS_MIN ? COMPARE_ROUNDS_MIN : n;
}

/* Partners below each other, a column for each point. */
static double *
rounds_matrix(const struct compare *c, size_t side, int which)
{
	const struct compare_overall *all = &c->overall[side];
	double *v = mem_array(NULL, all->rounds * c->nrows, sizeof(*v));
	size_t i, k;

	for (k = 0; k < c->nrows; k++) {
		const struct compare_row *row = &c->rows[k];
		bool bad = row->values[0].bad || row->values[side].bad;
		const double *log = row->values[which == 0 ? 0 : side].log;

		for (i = 0; i < all->rounds; i++)
			v[i * c->nrows + k] = bad ? NAN :
			    log[all->pairs[i][which]];
	}
	return v;
}

void
compare_rounds_find(struct compare *c, size_t side)
{
	struct compare_overall *all = &c->overall[side];
	size_t needed = compare_rounds_needed(c);
	double *base, *new;

	all->rounds_p = NAN;
	if (!c->boots)
		return;
	rounds_pair(c, side);
	if (needed == 0 || all->rounds < needed)
		return;
	base = rounds_matrix(c, side, 0);
	new = rounds_matrix(c, side, 1);
	all->rounds_p = blocks_alike_p(base, new, all->rounds, c->nrows,
	    c->seed);
	all->within = all->rounds_p < COMPARE_ROUNDS_CLEAR;
	free(base);
	free(new);
}

size_t
compare_rounds_values(const struct compare *c, const struct compare_row *row,
    size_t side, double *base, double *new)
{
	const struct compare_overall *all = &c->overall[side];
	size_t i, n = 0;

	for (i = 0; i < all->rounds; i++) {
		base[n] = row->values[0].log[all->pairs[i][0]];
		new[n] = row->values[side].log[all->pairs[i][1]];
		n += !isnan(base[n]) && !isnan(new[n]);
	}
	return n;
}

/* ---- words ------------------------------------------------------------------- */

char *
compare_rounds_words(const struct compare *c, size_t side)
{
	const struct compare_overall *all = &c->overall[side];
	size_t needed = compare_rounds_needed(c);
	struct str b = { 0 };

	if (all->rounds == 0 || all->tried == 0)
		return NULL;
	if (!all->within && isnan(all->rounds_p) && needed > all->rounds)
		return mem_printf("labels permuted over all boots: %zu round%s "
		    "in common %s too few to permute them within, %zu are "
		    "needed", all->rounds, all->rounds == 1 ? "" : "s",
		    all->rounds == 1 ? "is" : "are", needed);
	if (!all->within && isnan(all->rounds_p))
		return mem_strdup("labels permuted over all boots");
	if (!all->within)
		return mem_printf("labels permuted over all boots: it is not "
		    "clear that rounds differ (p = %.2g)", all->rounds_p);
	str_addf(&b, "labels permuted within rounds: the rounds differ "
	    "(p = %.2g); intervals are of differences within %zu rounds",
	    all->rounds_p, all->rounds);
	if (all->alone > 0)
		str_addf(&b, "; %zu boot%s without a partner in %s round left "
		    "out", all->alone, all->alone == 1 ? "" : "s",
		    all->alone == 1 ? "its" : "their");
	return b.s;
}
