/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is odd about a few values, against R 4.2: mad(constant = 1), kmeans(),
 * cor.test(method = "spearman"), and, for ties, all orders tried with
 * cor(rank, rank), which cor.test does not do.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/random.h"
#include "near.h"
#include "stats/quiet.h"
#include "stats/shape.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const double order[] = {
	1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12
};

/* ---- outliers -------------------------------------------------------------- */

/* 0.6745 * (a - median(a)) / mad(a, constant = 1) */
static void
test_outlier(void **state)
{
	static const double a[] = { 10.1, 9.9, 10.0, 10.2, 9.8, 12.5, 10.05 };
	struct shape_outlier found[COUNT(a)];
	double low[COUNT(a)];
	size_t i;

	(void)state;
	assert_int_equal(shape_outliers(a, COUNT(a), found), 1);
	assert_int_equal(found[0].at, 5);
	near(found[0].z, 11.0168333333334);
	for (i = 0; i < COUNT(a); i++)
		low[i] = -a[i];
	assert_int_equal(shape_outliers(low, COUNT(a), found), 1);
	near(found[0].z, -11.0168333333334);
	/* The largest of the others has 1.1: without the one there is none. */
	low[5] = -10;
	assert_int_equal(shape_outliers(low, COUNT(a), found), 0);
}

static void
test_no_outlier(void **state)
{
	static const double even[] = { 1, 2, 3, 4, 5, 6, 7, 8 };
	static const double few[] = { 1, 1.001, 99 };
	struct shape_outlier found[COUNT(even)];

	(void)state;
	assert_int_equal(shape_outliers(even, COUNT(even), found), 0);
	assert_int_equal(shape_outliers(few, COUNT(few), found), 0);
	assert_int_equal(shape_outliers(NULL, 0, found), 0);
}

/* (x - median) / (1.253314 * mean(abs(x - median))) */
static void
test_mad_zero(void **state)
{
	static const double one[] = { 5, 5, 5, 5, 5, 9 };
	static const double all[] = { 5, 5, 5, 5, 5, 5 };
	static const double two[] = { 5, 5, 5, 5, 9, 9 };
	struct shape_outlier found[COUNT(one)];

	(void)state;
	assert_int_equal(shape_outliers(one, COUNT(one), found), 1);
	assert_int_equal(found[0].at, 5);
	near(found[0].z, 4.78730788932382);
	near(found[0].noise, 3.5);
	assert_int_equal(shape_outliers(one + 1, 5, found), 1);
	near(found[0].z, 3.98942324110319);
	assert_int_equal(shape_outliers(all, COUNT(all), found), 0);
	assert_int_equal(shape_outliers(two, COUNT(two), found), 0);
}

/* ---- groups ---------------------------------------------------------------- */

/* kmeans(g, c(1, 1.2)): centers, and sqrt(tot.withinss / (6 - 2)) */
static void
test_groups(void **state)
{
	static const double g[] = { 1.02, 1.20, 1.01, 1.21, 1.03, 1.19 };
	struct shape_groups got;

	(void)state;
	assert_true(shape_groups(g, COUNT(g), &got));
	assert_int_equal(got.n[0], 3);
	assert_int_equal(got.n[1], 3);
	near(got.mean[0], 1.02);
	near(got.mean[1], 1.20);
	near(got.gap, 0.16);
	near(got.sd, 0.01);
	near(got.ratio, 16);
}

static void
test_uneven_groups(void **state)
{
	static const double g[] = { 7, 1, 7.2, 1.1, 0.9, 1.05, 0.95, 1 };
	static const double equal[] = { 4, 4, 5, 5 };
	struct shape_groups got;

	(void)state;
	assert_true(shape_groups(g, COUNT(g), &got));
	assert_int_equal(got.n[0], 6);
	assert_int_equal(got.n[1], 2);
	near(got.gap, 5.9);
	assert_true(shape_groups(equal, COUNT(equal), &got));
	assert_true(isinf(got.ratio));
	near(got.mean[1], 5);
}

static void
test_no_groups(void **state)
{
	static const double even[] = { 1, 2, 3, 4, 5, 6, 7, 8 };
	/* One alone is no group. */
	static const double one[] = { 1, 2, 3, 4, 5, 60 };
	static const double all[] = { 3, 3, 3, 3, 3 };
	struct shape_groups got;

	(void)state;
	assert_false(shape_groups(even, COUNT(even), &got));
	assert_false(shape_groups(one, COUNT(one), &got));
	assert_false(shape_groups(all, COUNT(all), &got));
	assert_false(shape_groups(even, 3, &got));
}

/* ---- what noise gives ------------------------------------------------------ */

/* Box and Muller 1958. */
static double
normal(struct random *r)
{
	double u = ((double)(random_next(r) >> 11) + 1) / 9007199254740993.0;
	double v = (double)(random_next(r) >> 11) / 9007199254740992.0;

	return sqrt(-2 * log(u)) * cos(2 * 3.14159265358979323846 * v);
}

/* Shares of sets that are beyond noise: outliers, groups. */
static void
beyond(size_t n, double share[2])
{
	enum { SETS = 20000, MOST = 64 };
	struct shape_outlier found[MOST];
	struct random r = { 7 + n };
	struct shape_groups g;
	double v[MOST];
	size_t set, i, count, outliers = 0, groups = 0;

	for (set = 0; set < SETS; set++) {
		bool far = false;

		for (i = 0; i < n; i++)
			v[i] = normal(&r);
		count = shape_outliers(v, n, found);
		for (i = 0; i < count; i++)
			far |= fabs(found[i].z) > found[i].noise;
		outliers += far;
		groups += shape_groups(v, n, &g) && g.ratio > g.noise;
	}
	share[0] = (double)outliers / SETS;
	share[1] = (double)groups / SETS;
}

/* One in a hundred, where the criterion itself is not stricter. */
static void
test_noise(void **state)
{
	static const size_t sizes[] = { 4, 5, 6, 7, 9, 12, 15, 20, 60 };
	double share[2];
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(sizes); i++) {
		beyond(sizes[i], share);
		assert_true(share[0] < 0.013 && share[1] < 0.013);
		assert_true(share[0] > (sizes[i] <= 20 ? 0.007 : 0.001));
		assert_true(share[1] > 0.007 || sizes[i] > 12);
	}
}

/* ---- drift ------------------------------------------------------------------ */

static void
drift(const double *v, size_t n, bool exact, double rho, double p)
{
	struct shape_drift d;

	assert_int_equal(shape_drift(order, v, n, &d), 0);
	near(d.rho, rho);
	near(d.p, p);
	assert_true(d.exact == exact);
}

/* cor.test(1:n, v, method = "spearman", exact = TRUE) */
static void
test_drift_exact(void **state)
{
	static const double six[] = { 2.1, 2.0, 2.4, 2.3, 2.9, 3.0 };
	static const double eight[] = { 3, 1, 4, 1.5, 9, 2.6, 5, 3.5 };
	static const double nine[] = {
		9.1, 8.7, 8.9, 8.2, 8.4, 7.9, 7.5, 7.7, 7.1
	};

	(void)state;
	drift(six, 6, true, 0.885714285714286, 0.0333333333333333);
	drift(eight, 8, true, 0.404761904761905, 0.326835317460317);
	drift(nine, 9, true, -0.95, 0.000352733686067019);
	/* Two of all orders. */
	drift(order, 5, true, 1, 2.0 / 120);
}

/* r <- apply(all orders, 1, cor with rank(v)); mean(abs(r) >= abs(rho)) */
static void
test_drift_ties(void **state)
{
	static const double rises[] = { 1, 2, 2, 3, 3, 3, 4 };
	static const double none[] = { 5, 1, 5, 2, 5, 3, 3 };

	(void)state;
	drift(rises, 7, true, 0.954313515420528, 0.00476190476190476);
	drift(none, 7, true, -0.09356014857064, 0.847619047619048);
}

/* cor.test(1:12, v, method = "spearman", exact = FALSE) */
static void
test_drift_many(void **state)
{
	static const double rises[] = {
		1.2, 1.5, 1.1, 1.9, 2.2, 1.8, 2.6, 2.4, 3.1, 2.9, 3.3, 2.7
	};
	static const double ties[] = { 4, 4, 3, 5, 2, 2, 3, 1, 1, 2, 0, 1 };

	(void)state;
	drift(rises, 12, false, 0.902097902097902, 5.9978574465377e-05);
	drift(ties, 12, false, -0.84354991969133, 0.000564147641099532);
	/* Nothing is impossible: 2 / 12!. */
	drift(order, 12, false, 1, 2 / 479001600.0);
}

static void
test_drift_refused(void **state)
{
	static const double all[] = { 3, 3, 3, 3 };
	struct shape_drift d;

	(void)state;
	assert_int_equal(shape_drift(order, order, 2, &d), -1);
	assert_int_equal(shape_drift(order, all, 4, &d), -1);
	assert_int_equal(shape_drift(all, order, 4, &d), -1);
	assert_int_equal(shape_drift(order, order, 0, &d), -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_outlier),
		cmocka_unit_test(test_no_outlier),
		cmocka_unit_test(test_mad_zero),
		cmocka_unit_test(test_groups),
		cmocka_unit_test(test_uneven_groups),
		cmocka_unit_test(test_no_groups),
		cmocka_unit_test(test_noise),
		cmocka_unit_test(test_drift_exact),
		cmocka_unit_test(test_drift_ties),
		cmocka_unit_test(test_drift_many),
		cmocka_unit_test(test_drift_refused),
	};

	quiet_library();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
