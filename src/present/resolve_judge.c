/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How many units the rows need, and what that costs; see resolve_judge.h.
 *
 * What is repeated below a unit, samples in a launch and launches in a boot, is
 * repeated as often as is worth its cost (variance_optimum), but not much more
 * often than in the records: nobody has measured how it goes on.
 */
#include "config.h"

#include "present/resolve_judge.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "present/compare.h"
#include "stats/difference.h"

/* Times as many as there are, or this many. */
#define JUDGE_STRETCH 4
#define JUDGE_REPEATS 10

/* With fewer samples nobody sees whether they drift. */
#define JUDGE_SAMPLES_MIN 3

/* Points that are few enough to leave out: of so many one, but not more. */
#define JUDGE_NOISY_OF 4
#define JUDGE_NOISY_MAX 5

/* Leaving points out must save this part of the units to be worth a word. */
#define JUDGE_SAVES 0.2

static enum variance_level
judge_level(const struct resolve *r)
{
	return r->boots ? VARIANCE_BOOT : VARIANCE_LAUNCH;
}

size_t
resolve_judge_per_boot(const struct resolve_row *row)
{
	double each = (double)row->launches / (double)row->boots;

	return row->boots == 0 || each < 1 ? 1 : (size_t)lround(each);
}

size_t
resolve_judge_per_launch(const struct resolve *r, const struct resolve_row *row)
{
	return r->points[row->point].samples;
}

/* ---- one row ------------------------------------------------------------ */

static double
judge_sd(const struct resolve *r, const struct resolve_row *row,
    size_t per_boot, size_t per_launch)
{
	if (per_launch == 0)
		per_launch = resolve_judge_per_launch(r, row);
	if (per_boot == 0)
		per_boot = resolve_judge_per_boot(row);
	return sqrt(variance_of_unit(&row->variance, judge_level(r), per_boot,
	    per_launch));
}

static enum resolve_why
judge_why(const struct resolve *r, const struct resolve_row *row)
{
	if (row->why != RESOLVE_FINE)
		return row->why;
	if (row->variance.part[judge_level(r)].df == 0)
		return r->boots ? RESOLVE_ONE_BOOT : RESOLVE_ONE_LAUNCH;
	return judge_sd(r, row, 0, 0) > 0 ? RESOLVE_FINE : RESOLVE_NO_SPREAD;
}

size_t
resolve_units_min(const struct resolve *r)
{
	size_t n = compare_units_least(r->alpha, 2);

	return n > 0 ? n : COMPARE_UNITS_MIN;
}

static size_t
judge_needed(const struct resolve *r, double sd)
{
	size_t n = difference_needed(log(1 + r->effect), sd, r->alpha,
	    r->power, RESOLVE_UNITS_MAX);

	return n > 0 && n < resolve_units_min(r) ? resolve_units_min(r) : n;
}

static size_t
judge_most(size_t there)
{
	return there * JUDGE_STRETCH > JUDGE_REPEATS ? there * JUDGE_STRETCH :
	    JUDGE_REPEATS;
}

/*
 * Samples of a launch; 0: they are no level of their own.  What costs nothing
 * as far as is known stays as it is.
 */
static size_t
judge_samples(const struct resolve *r, const struct resolve_row *row,
    double launch_ns, double sample_ns)
{
	size_t there = resolve_judge_per_launch(r, row), n;

	if (isnan(row->variance.part[VARIANCE_SAMPLE].variance))
		return 0;
	if (!(launch_ns > 0) || !(sample_ns > 0))
		return there;
	n = variance_optimum(launch_ns, sample_ns,
	    row->variance.part[VARIANCE_LAUNCH].variance,
	    row->variance.part[VARIANCE_SAMPLE].variance, judge_most(there));
	if (n == 0)
		return there;
	return n < JUDGE_SAMPLES_MIN ? JUDGE_SAMPLES_MIN : n;
}

/* Launches of a boot; 0: the unit is a launch. */
static size_t
judge_launches(const struct resolve *r, const struct resolve_row *row,
    double launch_ns)
{
	size_t there = resolve_judge_per_boot(row), n;

	if (!r->boots)
		return 0;
	if (!(r->boot_ns > 0) || !(launch_ns > 0))
		return there;
	n = variance_optimum(r->boot_ns, launch_ns,
	    row->variance.part[VARIANCE_BOOT].variance,
	    row->variance.part[VARIANCE_LAUNCH].variance, judge_most(there));
	return n == 0 ? there : n;
}

/* Of a point with so many samples; 0: as many as there are. */
static double
judge_launch_ns(const struct resolve_point *p, size_t per_launch)
{
	return p->launch_ns + p->sample_ns *
	    (double)(per_launch > 0 ? per_launch : p->samples);
}

/* Of units of both kernels; a boot has all the launches. */
static double
judge_time(const struct resolve *r, size_t needed, size_t per_boot,
    double launches_ns)
{
	double unit_ns = launches_ns;

	/* A launch of no time at all is one that no record tells of. */
	if (needed == 0 || !(launches_ns > 0))
		return NAN;
	if (r->boots)
		unit_ns = r->boot_ns + (double)per_boot * launches_ns;
	return 2 * (double)needed * unit_ns;
}

static void
judge_row(const struct resolve *r, struct resolve_row *row)
{
	const struct resolve_point *p = &r->points[row->point];

	row->sd = row->time_ns = NAN;
	row->why = judge_why(r, row);
	if (row->why != RESOLVE_FINE)
		return;
	row->per_launch = judge_samples(r, row, p->launch_ns, p->sample_ns);
	row->per_boot = judge_launches(r, row, p->launch_ns);
	row->sd = judge_sd(r, row, row->per_boot, row->per_launch);
	row->needed = judge_needed(r, row->sd);
	row->time_ns = judge_time(r, row->needed, row->per_boot,
	    judge_launch_ns(p, row->per_launch));
}

/* ---- one plan for several ----------------------------------------------- */

/* Costs of the points that have a row in the plan, each of them once. */
struct judge_costs {
	double launch_ns, sample_ns;
};

static bool
judge_in(const struct resolve *r, size_t row, const bool *out)
{
	return r->rows[row].why == RESOLVE_FINE && !out[row];
}

static bool
judge_first_of_point(const struct resolve *r, size_t row, const bool *out)
{
	size_t i = row;

	/* Rows of a point are neighbours. */
	while (i > 0 && r->rows[i - 1].point == r->rows[row].point)
		if (judge_in(r, --i, out))
			return false;
	return true;
}

static void
judge_decisive(const struct resolve *r, const bool *out,
    struct resolve_plan *plan, struct judge_costs *costs)
{
	size_t i;

	for (i = 0; i < r->nrows; i++) {
		const struct resolve_point *p = &r->points[r->rows[i].point];

		if (!judge_in(r, i, out))
			continue;
		if (plan->points == 0 ||
		    r->rows[i].sd > r->rows[plan->decisive].sd)
			plan->decisive = i;
		plan->points++;
		if (!judge_first_of_point(r, i, out))
			continue;
		costs->launch_ns += p->launch_ns;
		costs->sample_ns += p->sample_ns;
	}
}

/*
 * All points go through the same boots, rounds and settings: those that are
 * best for the point with the most spread, as it decides how many are needed,
 * at the cost of all.
 */
static void
judge_plan(struct resolve *r, const bool *out, struct resolve_plan *plan,
    bool whole)
{
	struct judge_costs costs = { 0, 0 };
	double sd, most = 0, launches_ns = 0;
	size_t i, needed;

	memset(plan, 0, sizeof(*plan));
	judge_decisive(r, out, plan, &costs);
	if (plan->points == 0)
		return;
	plan->per_launch = judge_samples(r, &r->rows[plan->decisive],
	    costs.launch_ns, costs.sample_ns);
	plan->per_boot = judge_launches(r, &r->rows[plan->decisive],
	    costs.launch_ns);
	for (i = 0; i < r->nrows; i++) {
		struct resolve_row *row = &r->rows[i];

		if (!judge_in(r, i, out))
			continue;
		sd = judge_sd(r, row, plan->per_boot, plan->per_launch);
		most = fmax(most, sd);
		needed = judge_needed(r, sd);
		plan->beyond += needed == 0;
		plan->needed = needed > plan->needed ? needed : plan->needed;
		if (whole)
			row->needed_in_all = needed;
		if (judge_first_of_point(r, i, out))
			launches_ns += judge_launch_ns(&r->points[row->point],
			    plan->per_launch);
	}
	if (plan->beyond > 0)
		plan->needed = 0;
	plan->seen = exp(most * difference_detectable(RESOLVE_UNITS_MAX,
	    r->alpha, r->power)) - 1;
	plan->time_ns = judge_time(r, plan->needed, plan->per_boot,
	    launches_ns);
}

/* ---- what a few points cost --------------------------------------------- */

struct judge_spread {
	size_t row;
	double sd;
};

static int
judge_by_spread(const void *a, const void *b)
{
	const struct judge_spread *x = a, *y = b;

	if (x->sd != y->sd)
		return x->sd > y->sd ? -1 : 1;
	return (x->row > y->row) - (x->row < y->row);
}

/* Where is the greatest step down among the first? */
static size_t
judge_step(const struct judge_spread *s, size_t n)
{
	size_t most = n / JUDGE_NOISY_OF, i, best = 1;

	if (most > JUDGE_NOISY_MAX)
		most = JUDGE_NOISY_MAX;
	for (i = 2; i <= most; i++)
		if (s[i - 1].sd * s[best].sd > s[best - 1].sd * s[i].sd)
			best = i;
	return best;
}

static bool
judge_saves(const struct resolve *r)
{
	if (r->rest.needed == 0)
		return false;
	return r->plan.needed == 0 || (double)r->rest.needed <=
	    (1 - JUDGE_SAVES) * (double)r->plan.needed;
}

static void
judge_noisy(struct resolve *r, bool *out)
{
	struct judge_spread *s = mem_array(NULL, r->nrows, sizeof(*s));
	size_t i, n = 0;

	for (i = 0; i < r->nrows; i++)
		if (judge_in(r, i, out))
			s[n++] = (struct judge_spread) { i, judge_sd(r,
			    &r->rows[i], r->plan.per_boot,
			    r->plan.per_launch) };
	if (n > 1) {
		qsort(s, n, sizeof(*s), judge_by_spread);
		r->nnoisy = judge_step(s, n);
		r->noisy = mem_array(NULL, r->nnoisy, sizeof(*r->noisy));
		for (i = 0; i < r->nnoisy; i++) {
			r->noisy[i] = s[i].row;
			out[s[i].row] = true;
		}
		judge_plan(r, out, &r->rest, false);
		if (!judge_saves(r))
			memset(&r->rest, 0, sizeof(r->rest));
	}
	free(s);
}

void
resolve_judge(struct resolve *r)
{
	bool *out = mem_zalloc(r->nrows * sizeof(*out));
	size_t i;

	for (i = 0; i < r->nrows; i++)
		judge_row(r, &r->rows[i]);
	judge_plan(r, out, &r->plan, true);
	judge_noisy(r, out);
	free(out);
}
