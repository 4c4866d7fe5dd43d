/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The scalability law: curves made from known coefficients, one that was fitted
 * by R 4.2 (lm with the same weights), and data that are none.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "near.h"
#include "stats/usl.h"

static const double workers[] = { 1, 2, 4, 8, 16, 32 };

static void
make(double gamma, double alpha, double beta, double *rate)
{
	struct usl u = { .gamma = gamma, .alpha = alpha, .beta = beta };
	int i;

	for (i = 0; i < 6; i++)
		rate[i] = usl_rate(&u, workers[i]);
}

static void
test_exact(void **state)
{
	struct usl u;
	double rate[6];

	(void)state;
	make(1000, 0.05, 0.002, rate);
	assert_int_equal(usl_fit(workers, rate, 6, &u), USL_FITS);
	near_within(u.gamma, 1000, 1e-8);
	near_within(u.alpha, 0.05, 1e-8);
	near_within(u.beta, 0.002, 1e-8);
	near_within(u.peak, sqrt(0.95 / 0.002), 1e-8);
	assert_true(u.residual < 1e-9);
}

/* lm(N / X ~ I(N - 1) + I(N * (N - 1)), weights = (X / N)^2) */
static void
test_reference(void **state)
{
	static const double rate[] = { 100, 190, 340, 540, 690, 640 };
	struct usl u;

	(void)state;
	assert_int_equal(usl_fit(workers, rate, 6, &u), USL_FITS);
	near(u.gamma, 99.93433440942395);
	near(u.alpha, 0.04793362959195038);
	near(u.beta, 0.00252494396709139);
}

/* A perfect line has no end, and no coefficient is ever negative. */
static void
test_bounds(void **state)
{
	static const double bent[] = { 100, 200, 401, 803, 1610, 3225 };
	double rate[6];
	struct usl u;

	(void)state;
	make(100, 0, 0, rate);
	assert_int_equal(usl_fit(workers, rate, 6, &u), USL_FITS);
	assert_true(u.alpha >= 0 && u.alpha < 1e-12);
	assert_int_equal(usl_fit(workers, bent, 6, &u), USL_FITS);
	assert_true(u.alpha == 0 && u.beta == 0 && isinf(u.peak));
	make(100, 0.9, 0.5, rate);
	assert_int_equal(usl_fit(workers, rate, 6, &u), USL_FITS);
	near(u.peak, 1);
}

static void
test_no_fit(void **state)
{
	static const double twice[] = { 100, 206, 340, 540, 690, 640 };
	static const double wild[] = { 100, 150, 120, 300, 90, 500 };
	static const double zero[] = { 100, 150, 0, 300, 90, 500 };
	struct usl u;

	(void)state;
	assert_int_equal(usl_fit(workers, twice, 6, &u), USL_IS_SUPERLINEAR);
	assert_int_equal(usl_fit(workers, wild, 6, &u), USL_MISFIT);
	assert_int_equal(usl_fit(workers, zero, 6, &u), USL_BAD_VALUES);
	assert_int_equal(usl_fit(workers, twice, 5, &u), USL_FEW_POINTS);
	assert_string_equal(usl_why(USL_MISFIT),
	    "the law does not fit: residuals above 5%");
}

/* Without beta in closed form: 1 + (sqrt(2 (1 - alpha)) - 1) / alpha. */
static void
test_knee(void **state)
{
	struct usl u = { .gamma = 3, .alpha = 0.05 };

	(void)state;
	near(usl_knee(&u), 1 + (sqrt(1.9) - 1) / 0.05);
	u.alpha = 0.6;
	near(usl_knee(&u), 1);
	u.alpha = 0;
	assert_true(isinf(usl_knee(&u)));
	/* X = N / (1 + N (N - 1) / 100): the slope is 1/2 there. */
	u.beta = 0.01;
	near((1 - 0.01 * usl_knee(&u) * usl_knee(&u)) / pow(1 + 0.01 *
	    usl_knee(&u) * (usl_knee(&u) - 1), 2), 0.5);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_knee),
		cmocka_unit_test(test_exact),
		cmocka_unit_test(test_reference),
		cmocka_unit_test(test_bounds),
		cmocka_unit_test(test_no_fit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
