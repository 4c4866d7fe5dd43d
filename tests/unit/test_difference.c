/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Differences against R 4.2 (t.test, pt, qt) and ministat(1), which were given
 * the same numbers.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "near.h"
#include "stats/difference.h"

static const double base[] = { 5.12, 4.98, 5.31, 5.05, 5.22, 5.17 };
static const double new[] = { 5.44, 5.39, 5.58, 5.29, 5.61 };

/* t.test(new, base) */
static void
test_welch(void **state)
{
	struct difference d;

	(void)state;
	assert_int_equal(difference_of(base, 6, new, 5, DIFFERENCE_WELCH, &d),
	    0);
	near(d.t, 4.17152405406192273);
	near(d.df, 8.17116491131050537);
	near(d.p, 0.00297385881404596);
	near(d.difference - difference_half_width(&d, 0.95),
	    0.14389775927939386);
	near(d.difference + difference_half_width(&d, 0.95),
	    0.49676890738727247);
	assert_true(isnan(d.sd_pooled));
}

/* t.test(new, base, var.equal = TRUE, conf.level = 0.99) */
static void
test_pooled(void **state)
{
	struct difference d;

	(void)state;
	assert_int_equal(difference_of(base, 6, new, 5, DIFFERENCE_POOLED, &d),
	    0);
	near(d.t, 4.22103821295258896);
	near(d.df, 9);
	near(d.p, 0.00223601642698218);
	near(d.difference - difference_half_width(&d, 0.99),
	    0.07370428159225702);
	near(d.difference + difference_half_width(&d, 0.99),
	    0.56696238507440921);
}

/* t.test(x, base, paired = TRUE), x being new and one more */
static void
test_paired(void **state)
{
	static const double x[] = { 5.44, 5.39, 5.58, 5.29, 5.61, 5.50 };
	struct difference d;

	(void)state;
	assert_int_equal(difference_of(base, 6, x, 6, DIFFERENCE_PAIRED, &d),
	    0);
	near(d.t, 12.13674641314276);
	near(d.df, 5);
	near(d.p, 6.709818443764628e-05);
	near(d.sd_pairs, 6.592925501373907e-02);
	near(d.difference - difference_half_width(&d, 0.95),
	    0.2574781567434580);
	near(d.difference + difference_half_width(&d, 0.95),
	    0.3958551765898756);
	assert_true(isnan(d.sd_pooled));
	assert_int_equal(difference_of(base, 6, x, 5, DIFFERENCE_PAIRED, &d),
	    -1);
	assert_int_equal(difference_of(base, 6, x, 6, DIFFERENCE_WELCH, &d), 0);
	assert_true(isnan(d.sd_pairs));
}

/* (qt(.975, n - 1) + qt(.8, n - 1)) / sqrt(n) */
static void
test_pairs_needed(void **state)
{
	(void)state;
	near(difference_detectable_pairs(6, 0.05, 0.8), 1.42483781618598);
	near(difference_detectable_pairs(10, 0.05, 0.8), 0.9947137350096733);
	assert_true(isinf(difference_detectable_pairs(1, 0.05, 0.8)));
	assert_int_equal(difference_needed_pairs(1.42484, 1, 0.05, 0.8, 100), 6);
	assert_int_equal(difference_needed_pairs(2.849, 2, 0.05, 0.8, 100), 7);
	assert_int_equal(difference_needed_pairs(0.1, 1, 0.05, 0.8, 10), 0);
}

/* As ministat's table has it. */
static double
table_t(const struct difference *d)
{
	return round(difference_quantile(d, 0.95) * 1000) / 1000;
}

/* ministat of Debian 12: 0.320333 +/- 0.171663, 6.23015% +/- 3.33865%, s = 0.125328 */
static void
test_ministat(void **state)
{
	struct difference d;

	(void)state;
	assert_int_equal(difference_of(base, 6, new, 5, DIFFERENCE_POOLED, &d),
	    0);
	near_within(d.sd_pooled, 0.125328, 1e-5);
	near_within(table_t(&d), 2.262, 1e-12);
	near_within(table_t(&d) * d.se, 0.171663, 5e-6);
	near_within(100 * d.difference / d.mean[0], 6.23015, 5e-6);
	/* Of the version at hand, which divides the interval by the mean. */
	near_within(100 * table_t(&d) * d.se / d.mean[0], 3.33865, 5e-6);
}

/*
 * The munmap study of 2018: five values before; of those after only number,
 * mean and deviation are known, so any five with these stand for them.
 */
static void
test_munmap_study(void **state)
{
	static const double before[] = {
		1005918, 1006319, 1009119, 1013143, 1009155
	};
	/* 0, 0, 0, a, -a has the deviation a / sqrt(2). */
	double a = 2039.8783 * sqrt(2);
	const double after[] = {
		3550909, 3550909, 3550909, 3550909 + a, 3550909 - a
	};
	struct difference d;

	(void)state;
	assert_int_equal(difference_of(before, 5, after, 5, DIFFERENCE_POOLED,
	    &d), 0);
	near_within(d.mean[0], 1008730.8, 1e-9);
	near_within(d.sd[0], 2895.1156, 1e-7);
	near_within(d.sd[1], 2039.8783, 1e-9);
	near_within(d.sd_pooled, 2504.28, 2e-6);
	near_within(d.difference, 2.54218e6, 5e-6);
	near_within(table_t(&d) * d.se, 3652.34, 5e-6);
	near_within(100 * d.difference / d.mean[0], 252.018, 5e-6);
	near_within(100 * difference_ratio_half_width(&d, table_t(&d)), 1.06257,
	    5e-6);
}

/* max(pt((m - 0.1) / se, df, lower = FALSE), pt((m - 0.5) / se, df)) */
static void
test_equivalence(void **state)
{
	struct difference d;

	(void)state;
	assert_int_equal(difference_of(base, 6, new, 5, DIFFERENCE_WELCH, &d),
	    0);
	near(difference_equivalence_p(&d, 0.1, 0.5), 0.0233970762751491);
	/* The p is alpha where the interval at 1 - 2 alpha touches the bound. */
	near_within(difference_equivalence_p(&d,
	    d.difference - difference_half_width(&d, 0.9), 9), 0.05, 1e-9);
}

static void
test_no_variance(void **state)
{
	static const double same[] = { 3, 3, 3 }, other[] = { 4, 4 };
	struct difference d;

	(void)state;
	assert_int_equal(difference_of(same, 3, other, 2, DIFFERENCE_WELCH,
	    &d), 0);
	assert_true(isnan(d.t) && isnan(d.p));
	assert_true(isnan(difference_half_width(&d, 0.95)));
	assert_true(isnan(difference_ratio_half_width(&d, 2)));
	near(d.difference, 1);
	assert_true(difference_equivalence_p(&d, -2, 2) == 0);
	assert_true(difference_equivalence_p(&d, -0.5, 0.5) == 1);
}

static void
test_refused(void **state)
{
	static const double bad[] = { 1, NAN }, fine[] = { 1, 2 };
	static const double endless[] = { 1, INFINITY };
	struct difference d;

	(void)state;
	assert_int_equal(difference_of(fine, 1, fine, 2, DIFFERENCE_WELCH,
	    &d), -1);
	assert_int_equal(difference_of(fine, 2, bad, 2, DIFFERENCE_WELCH, &d),
	    -1);
	assert_int_equal(difference_of(endless, 2, fine, 2, DIFFERENCE_POOLED,
	    &d), -1);
}

/* sqrt(2 / n) * (qt(0.975, 2n - 2) + qt(0.8, 2n - 2)) */
static void
test_detectable(void **state)
{
	(void)state;
	near(difference_detectable(3, 0.05, 0.8), 3.03525229561415);
	near(difference_detectable(5, 0.05, 0.8), 2.02062816508091);
	near(difference_detectable(6, 0.05, 0.8), 1.79394083993307);
	near(difference_detectable(8, 0.05, 0.8), 1.50642073473761);
	near(difference_detectable(10, 0.05, 0.8), 1.32508078378888);
	assert_true(isinf(difference_detectable(1, 0.05, 0.8)));
	assert_int_equal(difference_needed(1.8, 1, 0.05, 0.8, 100), 6);
	assert_int_equal(difference_needed(0.018, 0.01, 0.05, 0.8, 100), 6);
	assert_int_equal(difference_needed(0.001, 1, 0.05, 0.8, 100), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_welch),
		cmocka_unit_test(test_pooled),
		cmocka_unit_test(test_paired),
		cmocka_unit_test(test_pairs_needed),
		cmocka_unit_test(test_ministat),
		cmocka_unit_test(test_munmap_study),
		cmocka_unit_test(test_equivalence),
		cmocka_unit_test(test_no_variance),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_detectable),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
