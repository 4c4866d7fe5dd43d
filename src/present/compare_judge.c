/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Verdicts: step-down maxT over all points of the comparison (labelling.h, or
 * within rounds blocks.h), Holm over the sides; equivalence by two one-sided
 * tests; and where nothing can be said, what could have been seen.
 */
#include "config.h"

#include "present/compare_judge.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "present/compare_rounds.h"
#include "stats/adjust.h"
#include "stats/blocks.h"
#include "stats/difference.h"
#include "stats/labelling.h"
#include "stats/quiet.h"
#include "stats/summary.h"

/* Nobody makes more units than this to decide one point. */
#define JUDGE_UNITS_MAX 100

#define JUDGE_POWER 0.8
#define JUDGE_CONFIDENCE 0.95

/* ---- one side of a point ------------------------------------------------- */

static void
judge_summarize(struct compare_value *v, size_t units)
{
	double *values = mem_array(NULL, units, sizeof(*values));

	v->n = compare_values(v, units, values);
	v->mean = v->n > 0 ? exp(summary_mean(values, v->n)) : NAN;
	/* Of small numbers the deviation of the logarithm. */
	v->cv = v->n > 1 ? summary_sd(values, v->n) : NAN;
	free(values);
}

/* ---- one point ------------------------------------------------------------ */

/* Of partners, where labels are permuted within rounds. */
static int
judge_pairs(const struct compare *c, const struct compare_row *row, size_t side,
    struct difference *d)
{
	size_t rounds = c->overall[side].rounds, n;
	double *base = mem_array(NULL, rounds, sizeof(*base));
	double *new = mem_array(NULL, rounds, sizeof(*new));
	int rc;

	n = compare_rounds_values(c, row, side, base, new);
	rc = difference_of(base, n, new, n, DIFFERENCE_PAIRED, d);
	free(base);
	free(new);
	return rc;
}

static int
judge_difference(const struct compare *c, const struct compare_row *row,
    size_t side, struct difference *d)
{
	if (c->overall[side].within)
		return judge_pairs(c, row, side, d);

	double *base = mem_array(NULL, c->sides[0].nunits, sizeof(*base));
	double *new = mem_array(NULL, c->sides[side].nunits, sizeof(*new));
	size_t nbase = compare_values(&row->values[0], c->sides[0].nunits, base);
	size_t nnew = compare_values(&row->values[side], c->sides[side].nunits,
	    new);
	int rc = difference_of(base, nbase, new, nnew, DIFFERENCE_WELCH, d);

	free(base);
	free(new);
	return rc;
}

/* The smallest change that so many units would have found. */
static void
judge_power(const struct compare *c, const struct difference *d,
    struct compare_outcome *o)
{
	double sd = sqrt((d->sd[0] * d->sd[0] + d->sd[1] * d->sd[1]) / 2);
	size_t n = d->n[0] < d->n[1] ? d->n[0] : d->n[1];

	if (!isnan(d->sd_pairs)) {
		o->seen = exp(d->sd_pairs * difference_detectable_pairs(n,
		    c->alpha, JUDGE_POWER)) - 1;
		o->needed = difference_needed_pairs(log(1 + c->effect),
		    d->sd_pairs, c->alpha, JUDGE_POWER, JUDGE_UNITS_MAX);
		return;
	}
	o->seen = exp(sd * difference_detectable(n, c->alpha, JUDGE_POWER)) - 1;
	o->needed = difference_needed(log(1 + c->effect), sd, c->alpha,
	    JUDGE_POWER, JUDGE_UNITS_MAX);
}

static void
judge_numbers(const struct compare *c, const struct compare_row *row,
    size_t side, double confidence, struct compare_outcome *o)
{
	struct difference d;
	double half;

	o->change = row->values[side].mean / row->values[0].mean - 1;
	if (judge_difference(c, row, side, &d) != 0)
		return;
	/* Boots without a partner have no part in it. */
	if (c->overall[side].within) {
		o->rounds = d.n[0];
		o->change = exp(d.difference) - 1;
	}
	half = difference_half_width(&d, confidence);
	if (!isnan(half)) {
		o->low = exp(d.difference - half) - 1;
		o->high = exp(d.difference + half) - 1;
	}
	o->p_same = difference_equivalence_p(&d, log(1 - c->effect),
	    log(1 + c->effect));
	judge_power(c, &d, o);
}

static bool
judge_enough(const struct compare *c, const struct compare_row *row,
    size_t side)
{
	if (c->overall[side].within)
		return row->outcomes[side].rounds >= COMPARE_UNITS_MIN;
	return row->values[0].n >= COMPARE_UNITS_MIN &&
	    row->values[side].n >= COMPARE_UNITS_MIN;
}

static enum compare_verdict
judge_verdict(const struct compare *c, const struct compare_row *row,
    size_t side)
{
	const struct compare_outcome *o = &row->outcomes[side];
	const struct compare_value *base = &row->values[0];
	const struct compare_value *new = &row->values[side];

	if (new->failed > 0 && (base->failed == 0 || (new->n == 0 &&
	    !new->bad && (base->n > 0 || base->bad))))
		return COMPARE_FAILED;
	/* What is left without a value that has no ratio proves nothing. */
	if (base->bad || new->bad)
		return (base->n > 0 || base->bad) && (new->n > 0 || new->bad) ?
		    COMPARE_UNDECIDED : COMPARE_MISSING;
	if (base->n == 0 || new->n == 0)
		return COMPARE_MISSING;
	if (!judge_enough(c, row, side))
		return COMPARE_FEW;
	if (!isnan(o->p) && o->p <= c->alpha) {
		if (fabs(o->change) < c->effect)
			return COMPARE_SMALL;
		return (o->change < 0) == row->lower ? COMPARE_BETTER :
		    COMPARE_WORSE;
	}
	return o->p_same <= c->alpha ? COMPARE_SAME : COMPARE_UNDECIDED;
}

/* That of each point; Bonferroni's where they are to hold together. */
static double
judge_confidence(const struct compare *c)
{
	size_t k, side, points = 0;

	if (!c->family)
		return JUDGE_CONFIDENCE;
	for (k = 0; k < c->nrows; k++)
		for (side = 1; side < c->nsides; side++)
			points += c->rows[k].values[0].n > 1 &&
			    c->rows[k].values[side].n > 1;
	return 1 - (1 - JUDGE_CONFIDENCE) / (double)(points > 0 ? points : 1);
}

/* ---- all points ------------------------------------------------------------ */

/* May a point take part?  One with a value that has no ratio may not. */
static bool
judge_fine(const struct compare *c, const struct compare_row *row, size_t side)
{
	return judge_enough(c, row, side) && !row->values[0].bad &&
	    !row->values[side].bad;
}

/* Units of both sides below each other, a column for each point. */
static double *
judge_matrix(const struct compare *c, size_t side)
{
	size_t nbase = c->sides[0].nunits, nnew = c->sides[side].nunits;
	double *v = mem_array(NULL, (nbase + nnew) * c->nrows, sizeof(*v));
	size_t i, k;

	for (k = 0; k < c->nrows; k++) {
		const struct compare_row *row = &c->rows[k];
		bool fine = judge_fine(c, row, side);

		for (i = 0; i < nbase; i++)
			v[i * c->nrows + k] = fine ? row->values[0].log[i] :
			    NAN;
		for (i = 0; i < nnew; i++)
			v[(nbase + i) * c->nrows + k] = fine ?
			    row->values[side].log[i] : NAN;
	}
	return v;
}

/* Rounds below each other, a column for each point. */
static double *
judge_rounds(const struct compare *c, size_t side)
{
	const struct compare_overall *all = &c->overall[side];
	double *d = mem_array(NULL, all->rounds * c->nrows, sizeof(*d));
	size_t i, k;

	for (k = 0; k < c->nrows; k++) {
		const struct compare_row *row = &c->rows[k];
		bool fine = judge_fine(c, row, side);

		for (i = 0; i < all->rounds; i++)
			d[i * c->nrows + k] = fine ?
			    row->values[side].log[all->pairs[i][1]] -
			    row->values[0].log[all->pairs[i][0]] : NAN;
	}
	return d;
}

static int
judge_labels(const struct compare *c, size_t side, double *p,
    struct labelling *l)
{
	bool within = c->overall[side].within;
	double *v = within ? judge_rounds(c, side) : judge_matrix(c, side);
	int rc = within ?
	    blocks_max_t(v, c->overall[side].rounds, c->nrows, c->seed, p, l) :
	    labelling_max_t(v, c->sides[0].nunits, c->sides[side].nunits,
	    c->nrows, c->seed, p, l);

	free(v);
	return rc;
}

/* The p of every point of a side, adjusted over its points. */
static void
judge_side(struct compare *c, size_t side)
{
	struct labelling l;
	double *p;
	size_t k;

	if (c->sides[0].nunits < COMPARE_UNITS_MIN ||
	    c->sides[side].nunits < COMPARE_UNITS_MIN)
		return;
	p = mem_array(NULL, c->nrows, sizeof(*p));
	if (judge_labels(c, side, p, &l) == 0) {
		for (k = 0; k < c->nrows; k++)
			c->rows[k].outcomes[side].p = p[k];
		c->overall[side].tried = l.tried;
		c->overall[side].exact = l.exact;
		c->overall[side].smallest_p = l.smallest_p;
	}
	free(p);
}

/* Each side is one more chance of a false alarm at the same point. */
static void
judge_sides(struct compare *c, struct compare_row *row)
{
	double *p = mem_array(NULL, c->nsides, sizeof(*p));
	size_t side, n = 0;

	for (side = 1; side < c->nsides; side++)
		if (!isnan(row->outcomes[side].p))
			p[n++] = row->outcomes[side].p;
	adjust_holm(p, n);
	n = 0;
	for (side = 1; side < c->nsides; side++)
		if (!isnan(row->outcomes[side].p))
			row->outcomes[side].p = p[n++];
	free(p);
}

double
compare_smallest_p(const struct compare *c, size_t side)
{
	if (c->overall[side].tried == 0)
		return NAN;
	return fmin(c->overall[side].smallest_p * (double)(c->nsides - 1), 1);
}

size_t
compare_units_least(double alpha, size_t sides)
{
	size_t n = labelling_units(alpha / (double)(sides - 1));

	return n > 0 && n < COMPARE_UNITS_MIN ? COMPARE_UNITS_MIN : n;
}

/* ---- the whole of a side --------------------------------------------------- */

/*
 * The mean over the headlines that both sides have, in each unit that has all
 * of them, else NAN; a new array.
 */
static double *
judge_unit_means(const struct compare *c, size_t side, size_t of)
{
	double *means = mem_array(NULL, c->sides[of].nunits, sizeof(*means));
	size_t i, k, n;
	double sum;

	for (i = 0; i < c->sides[of].nunits; i++) {
		sum = 0;
		n = 0;
		for (k = 0; k < c->nrows && !isnan(sum); k++) {
			const struct compare_row *row = &c->rows[k];

			if (!row->headline || row->values[0].n == 0 ||
			    row->values[side].n == 0)
				continue;
			sum += (row->lower ? -1 : 1) * row->values[of].log[i];
			n++;
		}
		means[i] = n > 0 ? sum / (double)n : NAN;
	}
	return means;
}

static size_t
judge_points(const struct compare *c, size_t side)
{
	size_t k, n = 0;

	for (k = 0; k < c->nrows; k++)
		n += c->rows[k].headline && c->rows[k].values[0].n > 0 &&
		    c->rows[k].values[side].n > 0;
	return n;
}

/* The means of units are judged as a point is. */
static void
judge_overall(struct compare *c, size_t side)
{
	struct compare_value *values = mem_zalloc(c->nsides * sizeof(*values));
	const struct compare_row whole = { .values = values };
	struct compare_overall *all = &c->overall[side];
	struct difference d;
	double half;

	values[0].log = judge_unit_means(c, side, 0);
	values[side].log = judge_unit_means(c, side, side);
	all->points = judge_points(c, side);
	if (judge_difference(c, &whole, side, &d) == 0) {
		half = difference_half_width(&d, JUDGE_CONFIDENCE);
		all->change = exp(d.difference) - 1;
		all->low = exp(d.difference - half) - 1;
		all->high = exp(d.difference + half) - 1;
	}
	free(values[0].log);
	free(values[side].log);
	free(values);
}

void
compare_judge(struct compare *c)
{
	double confidence;
	size_t k, side;

	quiet_library();
	c->overall = mem_zalloc(c->nsides * sizeof(*c->overall));
	for (k = 0; k < c->nrows; k++)
		for (side = 0; side < c->nsides; side++)
			judge_summarize(&c->rows[k].values[side],
			    c->sides[side].nunits);
	confidence = judge_confidence(c);
	for (side = 1; side < c->nsides; side++) {
		c->overall[side].change = c->overall[side].low =
		    c->overall[side].high = NAN;
		compare_rounds_find(c, side);
		for (k = 0; k < c->nrows; k++) {
			c->rows[k].outcomes[side] = (struct compare_outcome){
				.change = NAN, .low = NAN, .high = NAN,
				.p = NAN, .p_same = NAN, .seen = NAN,
			};
			judge_numbers(c, &c->rows[k], side, confidence,
			    &c->rows[k].outcomes[side]);
		}
		judge_side(c, side);
		judge_overall(c, side);
	}
	for (k = 0; k < c->nrows; k++) {
		judge_sides(c, &c->rows[k]);
		for (side = 1; side < c->nsides; side++)
			c->rows[k].outcomes[side].verdict =
			    judge_verdict(c, &c->rows[k], side);
	}
}
