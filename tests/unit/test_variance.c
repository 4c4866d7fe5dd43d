/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Components of variance: an unbalanced example against R 4.2, small ones by
 * hand, and simulated data with known components.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/random.h"
#include "near.h"
#include "stats/variance.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* ---- a worked example ------------------------------------------------- */

static const struct variance_value example[] = {
	{ 1, 1, 1, 4.61 }, { 1, 1, 1, 4.63 }, { 1, 1, 1, 4.60 },
	{ 1, 1, 2, 4.70 }, { 1, 1, 2, 4.68 },
	{ 1, 2, 3, 4.52 }, { 1, 2, 3, 4.55 },
	{ 1, 2, 4, 4.43 },
	{ 1, 2, 5, 4.49 }, { 1, 2, 5, 4.51 }, { 1, 2, 5, 4.47 },
	{ 1, 3, 6, 4.81 }, { 1, 3, 6, 4.79 },
	{ 2, 4, 7, 5.02 }, { 2, 4, 7, 5.05 },
	{ 2, 4, 8, 5.11 },
	{ 2, 5, 9, 5.30 }, { 2, 5, 9, 5.27 }, { 2, 5, 9, 5.28 },
	{ 2, 5, 9, 5.33 },
	{ 2, 5, 10, 5.19 },
};

/*
 * Mean squares: anova(lm(I(y - 5) ~ factor(k) + factor(b) + factor(l))).  Components:
 * with Q the projections on kernels, boots, launches and values, each without
 * the one before, and V = ZZ' of each grouping, the factors are tr(QV) / df:
 *
 *	3.916667 boot + 2.288462 launch + sample = 0.0805632692
 *	                     1.8 launch + sample = 0.0054246667
 *	                                  sample = 0.0004242424
 *
 * and solve() gives the rest.
 */
static void
test_example(void **state)
{
	struct variance v;

	(void)state;
	variance_components(example, COUNT(example), &v);
	assert_int_equal(v.part[VARIANCE_BOOT].df, 3);
	assert_int_equal(v.part[VARIANCE_LAUNCH].df, 5);
	assert_int_equal(v.part[VARIANCE_SAMPLE].df, 11);
	near(v.part[VARIANCE_BOOT].mean_square, 0.080563269230769244);
	near(v.part[VARIANCE_LAUNCH].mean_square, 0.0054246666666666766);
	near(v.part[VARIANCE_SAMPLE].mean_square, 0.00042424242424244133);
	near(v.part[VARIANCE_BOOT].variance, 0.018837868042123364);
	near(v.part[VARIANCE_LAUNCH].variance, 0.0027780134680134658);
	near(v.part[VARIANCE_SAMPLE].variance, 0.00042424242424244003);
	assert_false(v.part[VARIANCE_BOOT].negative);
}

/*
 * Launches 1, 3 and 2, 4: means 2 and 3, so that launches have the mean square
 * 2 * (0.25 + 0.25) / 1 = 1 and samples 4 * 1 / 2 = 2: the estimate for launches
 * is (1 - 2) / 2.
 */
static void
test_negative(void **state)
{
	static const struct variance_value values[] = {
		{ 0, 0, 0, 1 }, { 0, 0, 0, 3 }, { 0, 0, 1, 2 }, { 0, 0, 1, 4 }
	};
	struct variance v;

	(void)state;
	variance_components(values, COUNT(values), &v);
	near(v.part[VARIANCE_SAMPLE].variance, 2);
	near(v.part[VARIANCE_LAUNCH].mean_square, 1);
	assert_true(v.part[VARIANCE_LAUNCH].variance == 0);
	assert_true(v.part[VARIANCE_LAUNCH].negative);
	assert_true(isnan(v.part[VARIANCE_BOOT].variance));
	assert_int_equal(v.part[VARIANCE_BOOT].df, 0);
}

/* What cannot be told apart is in the level above. */
static void
test_missing_levels(void **state)
{
	static const struct variance_value launches[] = {
		{ 0, 0, 0, 1 }, { 0, 0, 1, 2 }, { 0, 0, 2, 6 }
	};
	static const struct variance_value boots[] = {
		{ 0, 0, 0, 1 }, { 0, 1, 0, 2 }, { 0, 2, 0, 6 },
		{ 1, 7, 0, 100 }
	};
	struct variance v;

	(void)state;
	variance_components(launches, COUNT(launches), &v);
	assert_true(isnan(v.part[VARIANCE_SAMPLE].variance));
	near(v.part[VARIANCE_LAUNCH].variance, 7);
	assert_true(isnan(v.part[VARIANCE_BOOT].variance));
	near(variance_of_unit(&v, VARIANCE_LAUNCH, 1, 1), 7);

	/* A single boot of another kernel says nothing. */
	variance_components(boots, COUNT(boots), &v);
	assert_true(isnan(v.part[VARIANCE_SAMPLE].variance));
	assert_true(isnan(v.part[VARIANCE_LAUNCH].variance));
	near(v.part[VARIANCE_BOOT].variance, 7);
	assert_int_equal(v.part[VARIANCE_BOOT].df, 2);

	variance_components(launches, 1, &v);
	assert_true(isnan(v.part[VARIANCE_LAUNCH].variance));
	variance_components(launches, 0, &v);
	assert_true(isnan(v.part[VARIANCE_LAUNCH].variance));
}

static void
test_unit(void **state)
{
	struct variance v = { .part = {
		{ .variance = 4 }, { .variance = 6 }, { .variance = 10 }
	} };

	(void)state;
	near(variance_of_unit(&v, VARIANCE_SAMPLE, 3, 5), 10);
	near(variance_of_unit(&v, VARIANCE_LAUNCH, 3, 5), 8);
	near(variance_of_unit(&v, VARIANCE_BOOT, 4, 5), 6);
	v.part[VARIANCE_SAMPLE].variance = NAN;
	near(variance_of_unit(&v, VARIANCE_BOOT, 2, 5), 7);
}

/* ---- what is worth its cost ------------------------------------------- */

static void
test_optimum(void **state)
{
	(void)state;
	assert_int_equal(variance_optimum(100, 1, 1, 4, 1000), 20);
	/* sqrt(30 / 1 * 1 / 2) is 3.87 */
	assert_int_equal(variance_optimum(30, 1, 2, 1, 1000), 4);
	assert_int_equal(variance_optimum(30, 1, 2, 1, 3), 3);
	assert_int_equal(variance_optimum(1, 100, 1, 1, 1000), 1);
	assert_int_equal(variance_optimum(1, 1, 0, 1, 50), 50);
	assert_int_equal(variance_optimum(1, 1, 1, 0, 50), 1);
	assert_int_equal(variance_optimum(1, 0, 1, 1, 50), 50);
	assert_int_equal(variance_optimum(0, 1, 1, 1, 50), 1);
	assert_int_equal(variance_optimum(NAN, 1, 1, 1, 50), 0);
	assert_int_equal(variance_optimum(1, 1, NAN, 1, 50), 0);
}

/* No other count has less variance for the same time. */
static void
test_optimum_is_best(void **state)
{
	const double upper = 40, lower = 2.5, var_upper = 0.7, var_lower = 3;
	size_t best = variance_optimum(upper, lower, var_upper, var_lower,
	    1000), n;
	double least = INFINITY, price;
	size_t found = 0;

	(void)state;
	for (n = 1; n < 1000; n++) {
		price = (var_upper + var_lower / (double)n) *
		    (upper + lower * (double)n);
		if (price < least) {
			least = price;
			found = n;
		}
	}
	/* The square root is 8.28, and it is rounded up. */
	assert_int_equal(found, 8);
	assert_int_equal(best, 9);
}

/* ---- simulated data --------------------------------------------------- */

enum { BOOTS = 6, LAUNCHES = 5, SAMPLES = 8, REPEATS = 400 };

static double
uniform(struct random *r)
{
	return ((double)(random_next(r) >> 11) + 0.5) / 9007199254740992.0;
}

/* Box and Muller 1958. */
static double
normal(struct random *r, double sd)
{
	double radius = sqrt(-2 * log(uniform(r)));

	return sd * radius * cos(6.28318530717958648 * uniform(r));
}

/* Two kernels far apart; some launches have fewer samples, some boots fewer
 * launches. */
static size_t
simulate(struct random *r, const double *sd, struct variance_value *v)
{
	size_t n = 0, boot, launch, sample, launches, samples;
	double boots, launched;

	for (boot = 0; boot < 2 * BOOTS; boot++) {
		boots = normal(r, sd[VARIANCE_BOOT]) + (boot < BOOTS ? 3 : 7);
		launches = boot % 3 == 0 ? 2 : LAUNCHES;
		for (launch = 0; launch < launches; launch++) {
			launched = boots + normal(r, sd[VARIANCE_LAUNCH]);
			samples = launch % 2 == 0 ? SAMPLES : 3;
			for (sample = 0; sample < samples; sample++)
				v[n++] = (struct variance_value) {
					boot / BOOTS, boot, launch, launched +
					normal(r, sd[VARIANCE_SAMPLE])
				};
		}
	}
	return n;
}

/*
 * The mean of many estimates is as far from the truth as their standard error
 * lets it be: 3 of these, with a seed that does not change.
 */
static void
test_simulated(void **state)
{
	static const double sd[VARIANCE_LEVELS] = { 0.05, 0.03, 0.02 };
	static struct variance_value values[2 * BOOTS * LAUNCHES * SAMPLES];
	double sum[VARIANCE_LEVELS] = { 0 }, squares[VARIANCE_LEVELS] = { 0 };
	struct random r = { 20261127 };
	struct variance v;
	double x, mean, error;
	int i, level;

	(void)state;
	for (i = 0; i < REPEATS; i++) {
		variance_components(values, simulate(&r, sd, values), &v);
		for (level = 0; level < VARIANCE_LEVELS; level++) {
			x = v.part[level].variance;
			sum[level] += x;
			squares[level] += x * x;
		}
	}
	for (level = 0; level < VARIANCE_LEVELS; level++) {
		mean = sum[level] / REPEATS;
		error = sqrt((squares[level] / REPEATS - mean * mean) /
		    (REPEATS - 1));
		if (fabs(mean - sd[level] * sd[level]) > 3 * error)
			fail_msg("level %d: %g with error %g, not %g", level,
			    mean, error, sd[level] * sd[level]);
		/* It is worth something: the error is a small part. */
		assert_true(error < 0.05 * mean);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_example),
		cmocka_unit_test(test_negative),
		cmocka_unit_test(test_missing_levels),
		cmocka_unit_test(test_unit),
		cmocka_unit_test(test_optimum),
		cmocka_unit_test(test_optimum_is_best),
		cmocka_unit_test(test_simulated),
	};

	return cmocka_run_group_tests_name("variance", tests, NULL, NULL);
}
