/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How often a comparison is wrong: made-up boots with a known truth, judged as
 * `vmstress compare` judges them.
 *
 *	simulate [FAMILIES [SEED]]
 *
 * A family is two kernels of B boots at 24 points.  The logarithm of a value is
 * the sum of an effect of the boot, which all its points share, of noise of
 * each point with heavy tails (Student's t of 3 degrees of freedom, scaled to
 * a standard deviation of 1%), and, where it says so, of a drift over the
 * boots, which alternate between the kernels.  Printed with the interval of
 * Wilson at 95%.
 *
 * In rounds both kernels share an effect of the round, in units of the
 * deviation of a boot; judged with labels that are permuted at will, within
 * rounds, and by the rule of compare, which chooses.
 */
#include "config.h"

#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "stats/blocks.h"
#include "stats/difference.h"
#include "stats/labelling.h"
#include "stats/quiet.h"

#define POINTS 24
#define NOISE 0.01
#define ALPHA 0.05
#define EFFECT 0.02

struct world {
	const char *name;
	double boot;		/* standard deviation of the shared effect */
	double drift;		/* from the first boot to the last */
};

static const struct world worlds[] = {
	{ "noise alone", 0, 0 },
	{ "boot effects of 2%", 0.02, 0 },
	{ "boot effects and a drift of 3%", 0.02, 0.03 },
};

static gsl_rng *rng;

/* v[unit][point]: B boots of the base, then B of the new kernel. */
static void
make(const struct world *w, size_t boots, double change, double *v)
{
	double scale = NOISE / sqrt(3.0), shared;
	size_t unit, point, when;

	for (unit = 0; unit < 2 * boots; unit++) {
		when = unit < boots ? 2 * unit : 2 * (unit - boots) + 1;
		shared = gsl_ran_gaussian(rng, w->boot) + w->drift *
		    (double)when / (double)(2 * boots - 1);
		for (point = 0; point < POINTS; point++)
			v[unit * POINTS + point] = shared +
			    scale * gsl_ran_tdist(rng, 3) +
			    (unit < boots ? 0 : change);
	}
}

static void
report(const char *what, size_t hits, size_t n)
{
	double b = (double)n, share = (double)hits / b, z = 1.959964;
	double middle = (share + z * z / (2 * b)) / (1 + z * z / b);
	double half = z / (1 + z * z / b) *
	    sqrt(share * (1 - share) / b + z * z / (4 * b * b));

	printf("  %-44s %5.2f%%  [%5.2f, %5.2f]\n", what, 100 * share,
	    100 * (middle - half), 100 * (middle + half));
}

/* Families with at least one mark, where there is nothing to be found. */
static void
false_alarms(size_t families, size_t boots)
{
	double *v = mem_array(NULL, 2 * boots * POINTS, sizeof(*v));
	double p[POINTS];
	struct labelling l;
	size_t w, k, i, hits;
	bool marked;

	printf("families of %d points with a false mark, %zu boots a side, of "
	    "%zu (at most 5%%)\n", POINTS, boots, families);
	for (w = 0; w < sizeof(worlds) / sizeof(worlds[0]); w++) {
		for (hits = k = 0; k < families; k++) {
			make(&worlds[w], boots, 0, v);
			labelling_max_t(v, boots, boots, POINTS, k, p, &l);
			marked = false;
			for (i = 0; i < POINTS; i++)
				marked |= p[i] <= ALPHA;
			hits += marked;
		}
		report(worlds[w].name, hits, families);
	}
	free(v);
}

/* One point, normal, a change that should be found in 80%. */
static void
power(size_t families, size_t boots)
{
	double v[64], p[1], change;
	struct labelling l;
	size_t k, i, found = 0, marked = 0;
	struct difference d;
	char what[64];

	change = NOISE * difference_detectable(boots, ALPHA, 0.8);
	for (k = 0; k < families; k++) {
		for (i = 0; i < 2 * boots; i++)
			v[i] = gsl_ran_gaussian(rng, NOISE) +
			    (i < boots ? 0 : change);
		difference_of(v, boots, v + boots, boots, DIFFERENCE_POOLED,
		    &d);
		found += d.p <= ALPHA;
		labelling_max_t(v, boots, boots, 1, k, p, &l);
		marked += p[0] <= ALPHA;
	}
	snprintf(what, sizeof(what), "%zu boots, %.1f deviations: t-test", boots,
	    change / NOISE);
	report(what, found, families);
	report("  the same by labellings", marked, families);
}

/* The true change is what just matters: who says "the same" is wrong. */
static void
equivalence(size_t families, size_t boots)
{
	double v[64], change = log(1 + EFFECT);
	struct difference d;
	size_t k, i, wrong = 0, right = 0;
	char what[64];

	for (k = 0; k < families; k++) {
		for (i = 0; i < 2 * boots; i++)
			v[i] = gsl_ran_gaussian(rng, NOISE) +
			    (i < boots ? 0 : change);
		difference_of(v, boots, v + boots, boots, DIFFERENCE_WELCH, &d);
		wrong += difference_equivalence_p(&d, log(1 - EFFECT),
		    log(1 + EFFECT)) <= ALPHA;
		for (i = boots; i < 2 * boots; i++)
			v[i] -= change;
		difference_of(v, boots, v + boots, boots, DIFFERENCE_WELCH, &d);
		right += difference_equivalence_p(&d, log(1 - EFFECT),
		    log(1 + EFFECT)) <= ALPHA;
	}
	snprintf(what, sizeof(what), "%zu boots: wrongly the same (at most 5%%)",
	    boots);
	report(what, wrong, families);
	report("  rightly the same", right, families);
}

/* ---- rounds ------------------------------------------------------------------ */

enum way { FREE, WITHIN, CHOSEN, CLEAR, WAYS };

/* p < 0.01: compare_rounds.c */
#define CLEAR_P 0.01

/* v as above; the units of a round have the same index on both sides. */
static void
make_rounds(double effect, size_t boots, size_t points, double change, double *v)
{
	double boot[2] = { 0 }, shared, scale = NOISE / sqrt(3.0);
	size_t i, side, point;

	for (i = 0; i < boots; i++) {
		shared = gsl_ran_gaussian(rng, effect * NOISE);
		for (side = 0; side < 2; side++) {
			boot[side] = shared + gsl_ran_gaussian(rng, NOISE);
			for (point = 0; point < points; point++)
				v[(side * boots + i) * points + point] =
				    boot[side] + (points > 1 ? scale *
				    gsl_ran_tdist(rng, 3) : 0) +
				    (side > 0 ? change : 0);
		}
	}
}

static bool
any_marked(const double *p, size_t points)
{
	size_t i;

	for (i = 0; i < points; i++)
		if (p[i] <= ALPHA)
			return true;
	return false;
}

static void
judge_rounds(const double *v, size_t boots, size_t points, uint64_t seed,
    bool *marked)
{
	double *d = mem_array(NULL, boots * points, sizeof(*d)), p[POINTS];
	const double *new = v + boots * points;
	struct labelling l;
	size_t i;

	for (i = 0; i < boots * points; i++)
		d[i] = new[i] - v[i];
	labelling_max_t(v, boots, boots, points, seed, p, &l);
	marked[FREE] = any_marked(p, points);
	blocks_max_t(d, boots, points, seed, p, &l);
	marked[WITHIN] = any_marked(p, points);
	marked[CLEAR] = blocks_alike_p(v, new, boots, points, seed) < CLEAR_P;
	marked[CHOSEN] = marked[CLEAR] ? marked[WITHIN] : marked[FREE];
	free(d);
}

static void
rounds(size_t families, size_t boots, size_t points)
{
	static const double effects[] = { 0, 0.5, 1, 2, 4 };
	double *v = mem_array(NULL, 2 * boots * points, sizeof(*v));
	double change = NOISE * difference_detectable(boots, ALPHA, 0.8);
	size_t e, k, way, hits[2][WAYS];
	bool marked[WAYS], found;

	printf("%zu rounds, %zu points: share of families with a mark, of %zu\n"
	    "  effect  nothing to find: free  within chosen   power: free  "
	    "within chosen   clear\n", boots, points, families);
	for (e = 0; e < sizeof(effects) / sizeof(effects[0]); e++) {
		for (way = 0; way < WAYS; way++)
			hits[0][way] = hits[1][way] = 0;
		for (k = 0; k < 2 * families; k++) {
			found = k >= families;
			make_rounds(effects[e], boots, points, found ? change :
			    0, v);
			judge_rounds(v, boots, points, k, marked);
			for (way = 0; way < WAYS; way++)
				hits[found][way] += marked[way];
		}
		printf("  %6.1f  %21.2f%% %6.2f%% %5.2f%% %11.1f%% %6.1f%% "
		    "%5.1f%% %6.1f%%\n", effects[e],
		    100.0 * (double)hits[0][FREE] / (double)families,
		    100.0 * (double)hits[0][WITHIN] / (double)families,
		    100.0 * (double)hits[0][CHOSEN] / (double)families,
		    100.0 * (double)hits[1][FREE] / (double)families,
		    100.0 * (double)hits[1][WITHIN] / (double)families,
		    100.0 * (double)hits[1][CHOSEN] / (double)families,
		    100.0 * (double)(hits[0][CLEAR] + hits[1][CLEAR]) /
		    (double)(2 * families));
	}
	free(v);
}

int
main(int argc, char **argv)
{
	size_t families = argc > 1 ? strtoul(argv[1], NULL, 10) : 1000;
	unsigned long seed = argc > 2 ? strtoul(argv[2], NULL, 10) : 1;
	static const size_t boots[] = { 4, 6, 8, 10 };
	size_t i;

	if (families == 0) {
		fprintf(stderr, "usage: simulate [FAMILIES [SEED]]\n");
		return 2;
	}
	quiet_library();
	rng = gsl_rng_alloc(gsl_rng_mt19937);
	gsl_rng_set(rng, seed);
	for (i = 0; i < 2; i++)
		false_alarms(families, boots[i]);
	printf("power: a change that 80%% should find, of %zu\n", families);
	for (i = 0; i < 3; i++)
		power(families, boots[i]);
	printf("equivalence within 2%%, noise of 1%%, of %zu\n", families);
	for (i = 0; i < 4; i++)
		equivalence(families, boots[i]);
	for (i = 1; i < 3; i++) {
		rounds(families, boots[i], 1);
		rounds(families, boots[i], POINTS);
	}
	gsl_rng_free(rng);
	return 0;
}
