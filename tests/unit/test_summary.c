/* SPDX-License-Identifier: BSD-2-Clause */
/* Summaries against values worked out by hand. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "stats/summary.h"

static void
assert_close(double got, double wanted)
{
	if (!(fabs(got - wanted) <= 1e-12 * fabs(wanted)))
		fail_msg("%.17g is not %.17g", got, wanted);
}

static void
test_median(void **state)
{
	static const double v[] = { 5, 1, 9, 3, 7, -2 };
	double copy[6];

	(void)state;
	memcpy(copy, v, sizeof(v));
	assert_close(summary_median(copy, 1), 5);
	assert_close(summary_median(copy, 2), 3);
	assert_close(summary_median(copy, 3), 5);
	assert_close(summary_median(copy, 5), 5);
	assert_close(summary_median(copy, 6), 4);
	assert_memory_equal(copy, v, sizeof(v));
	copy[0] = copy[1] = 1.6e308;
	assert_close(summary_median(copy, 2), 1.6e308);
}

static void
test_mean_bounds(void **state)
{
	static const double v[] = { 4, -1, 2.5, 8 };

	(void)state;
	assert_close(summary_mean(v, 4), 3.375);
	assert_close(summary_mean(v, 1), 4);
	assert_close(summary_min(v, 4), -1);
	assert_close(summary_min(v, 1), 4);
	assert_close(summary_max(v, 4), 8);
	assert_close(summary_max(v, 3), 4);
}

static void
test_sd(void **state)
{
	/* Deviations 3, 1, 1, 1, 0, 0, 2, 4: squares 32, over 7. */
	static const double v[] = { 2, 4, 4, 4, 5, 5, 7, 9 };
	/* The same one, where a sum of squares has lost every deviation. */
	static const double far[] = { 1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16 };

	(void)state;
	assert_close(summary_sd(v, 8), sqrt(32.0 / 7.0));
	assert_close(summary_sd(far, 4), sqrt(30));
	assert_close(summary_sd(v + 1, 3), 0);
	assert_true(isnan(summary_sd(v, 1)));
	assert_true(isnan(summary_sd(v, 0)));
}

static void
test_fairness(void **state)
{
	static const double equal[] = { 0.1, 0.1, 0.1 };
	static const double one[] = { 0, 12, 0, 0 };
	static const double half[] = { 1, 3 };
	static const double zero[] = { 0, 0 };

	(void)state;
	assert_close(summary_fairness(equal, 3), 1);
	assert_true(summary_fairness(equal, 3) <= 1);
	assert_close(summary_fairness(one, 4), 0.25);
	assert_close(summary_fairness(half, 2), 0.8);
	assert_close(summary_fairness(half, 1), 1);
	assert_true(isnan(summary_fairness(zero, 2)));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_median),
		cmocka_unit_test(test_mean_bounds),
		cmocka_unit_test(test_sd),
		cmocka_unit_test(test_fairness),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
