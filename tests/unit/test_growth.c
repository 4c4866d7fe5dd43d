/* SPDX-License-Identifier: BSD-2-Clause */
/* Exponents against R 4.2 (lm, confint). */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "near.h"
#include "stats/growth.h"

static const double size[] = { 1000, 2000, 5000, 10000, 20000, 50000 };
static const double cost[] = { 1.1, 2.3, 6.2, 13.5, 29.1, 80.3 };

/* lm(log(cost) ~ log(size)) */
static void
test_fit(void **state)
{
	struct growth g;

	(void)state;
	assert_int_equal(growth_fit(size, cost, 6, &g), 0);
	near(g.exponent, 1.09872906096773);
	near(log(g.factor), -7.51268808936310);
	near(g.se, 0.00469981587790792);
	near(g.residual, 0.0152724024173958);
	near(g.exponent - growth_half_width(&g, 0.95), 1.08568028017818);
}

static void
test_compare(void **state)
{
	double square[6];
	struct growth_difference d;
	struct growth g, same, steep;
	int i;

	(void)state;
	for (i = 0; i < 6; i++)
		square[i] = cost[i] * size[i] * (1 + 0.01 * (i % 2));
	assert_int_equal(growth_fit(size, cost, 6, &g), 0);
	assert_int_equal(growth_fit(size, square, 6, &steep), 0);
	growth_compare(&g, &steep, 0.95, &d);
	near_within(d.difference, 1, 0.01);
	assert_true(d.half_width > 0 && d.half_width < 0.1);
	assert_true(d.p < 1e-6);
	same = g;
	growth_compare(&g, &same, 0.95, &d);
	assert_true(d.difference == 0);
	near(d.p, 1);
	g.se = same.se = 0;
	growth_compare(&g, &same, 0.95, &d);
	assert_true(isnan(d.p) && isnan(d.half_width));
}

static void
test_refused(void **state)
{
	static const double bad[] = { 1, 0, 2 }, alike[] = { 7, 7, 7 };
	struct growth g;

	(void)state;
	assert_int_equal(growth_fit(size, cost, 2, &g), -1);
	assert_int_equal(growth_fit(size, bad, 3, &g), -1);
	assert_int_equal(growth_fit(alike, cost, 3, &g), -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fit),
		cmocka_unit_test(test_compare),
		cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
