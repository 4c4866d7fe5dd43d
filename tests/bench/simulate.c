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
 */
#include "config.h"

#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
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
	gsl_rng_free(rng);
	return 0;
}
