/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Step-down maxT: against R 4.2 (all 70 labellings by combn()), and what must
 * hold for any data.
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
#include "stats/labelling.h"

static const double sweep[] = {
	10.0, 20.1, 30.3,	10.2, 20.4, 29.9,
	9.9, 19.8, 30.1,	10.1, 20.0, 30.4,
	10.9, 20.2, 30.2,	11.1, 20.5, 30.6,
	10.8, 20.3, 30.0,	11.0, 20.9, 30.5,
};

static void
test_exact(void **state)
{
	static const double wanted[] = {
		0.0285714285714286, 0.2285714285714286, 0.4857142857142857
	};
	struct labelling l;
	double p[3];
	int i;

	(void)state;
	assert_int_equal(labelling_max_t(sweep, 4, 4, 3, 1, p, &l), 0);
	assert_true(l.exact);
	assert_int_equal(l.tried, 70);
	near(l.smallest_p, 2.0 / 70);
	for (i = 0; i < 3; i++)
		near(p[i], wanted[i]);
}

/* 1/10 for 3, 2/252 for 5 a side. */
static void
test_smallest_p(void **state)
{
	double v[20], p[2];
	struct labelling l;
	int i;

	(void)state;
	for (i = 0; i < 20; i++)
		v[i] = i < 10 ? i : 100 + i;
	assert_int_equal(labelling_max_t(v, 3, 3, 2, 1, p, &l), 0);
	near(l.smallest_p, 0.1);
	assert_int_equal(labelling_max_t(v, 5, 5, 2, 1, p, &l), 0);
	near(l.smallest_p, 2.0 / 252);
	near(p[0], 2.0 / 252);
}

/* Too many to try: drawn, the same with the same seed. */
static void
test_drawn(void **state)
{
	struct random r = { 7 };
	struct labelling l;
	double v[24], p[1], again[1], other[1];
	int i;

	(void)state;
	for (i = 0; i < 24; i++)
		v[i] = (double)random_below(&r, 1000) + (i < 12 ? 0 : 300);
	assert_int_equal(labelling_max_t(v, 12, 12, 1, 5, p, &l), 0);
	assert_false(l.exact);
	assert_int_equal(l.tried, LABELLING_MAX);
	assert_int_equal(labelling_max_t(v, 12, 12, 1, 5, again, &l), 0);
	assert_true(p[0] == again[0]);
	assert_int_equal(labelling_max_t(v, 12, 12, 1, 6, other, &l), 0);
	assert_true(p[0] > 0 && p[0] < 0.2);
	assert_true(fabs(p[0] - other[0]) < 0.02);
}

/* A point with hardly any variation by chance does not win by that. */
static void
test_floor(void **state)
{
	double v[8 * 5], p[5];
	struct random r = { 3 };
	struct labelling l;
	int i, k;

	(void)state;
	for (i = 0; i < 8; i++)
		for (k = 0; k < 5; k++)
			v[i * 5 + k] = 100 + (double)random_below(&r, 1000) / 100;
	for (i = 0; i < 8; i++)
		v[i * 5] = 100 + (i < 4 ? 0 : 1e-6);
	assert_int_equal(labelling_max_t(v, 4, 4, 5, 1, p, &l), 0);
	assert_true(p[0] > 0.5);
}

/* Points that are the same data are no more evidence than one of them. */
static void
test_copies(void **state)
{
	double v[8 * 3], one[8], p[3], alone[1];
	struct labelling l;
	int i;

	(void)state;
	for (i = 0; i < 8; i++)
		v[i * 3] = v[i * 3 + 1] = v[i * 3 + 2] = one[i] = sweep[i * 3 + 1];
	assert_int_equal(labelling_max_t(v, 4, 4, 3, 1, p, &l), 0);
	assert_int_equal(labelling_max_t(one, 4, 4, 1, 1, alone, &l), 0);
	for (i = 0; i < 3; i++)
		near(p[i], alone[0]);
}

/* What is missing is left out; a side with one value left says nothing. */
static void
test_missing(void **state)
{
	double v[10 * 2], p[2], whole[8 * 2], wanted[2];
	struct labelling l;
	int i;

	(void)state;
	for (i = 0; i < 8; i++) {
		whole[i * 2] = v[(i + i / 4) * 2] = sweep[i * 3];
		whole[i * 2 + 1] = v[(i + i / 4) * 2 + 1] = NAN;
	}
	v[4 * 2] = v[9 * 2] = NAN;
	v[1] = v[3] = v[4 * 2 + 1] = 1;
	v[9 * 2 + 1] = 5;
	assert_int_equal(labelling_max_t(whole, 4, 4, 2, 1, wanted, &l), 0);
	near(wanted[0], 2.0 / 70);
	assert_true(isnan(wanted[1]));
	assert_int_equal(labelling_max_t(v, 5, 5, 2, 1, p, &l), 0);
	/* The unit without a value is a unit: there are more labellings. */
	assert_true(p[0] > 0 && p[0] < 0.05);
	assert_true(isnan(p[1]));
}

static void
test_no_difference(void **state)
{
	static const double same[] = { 5, 5, 5, 5, 5, 5, 5, 5 };
	struct labelling l;
	double p[1];

	(void)state;
	assert_int_equal(labelling_max_t(same, 4, 4, 1, 1, p, &l), 0);
	near(p[0], 1);
}

/* Neither side varies, and they differ: no surer than any other difference. */
static void
test_no_variance(void **state)
{
	const double v[8] = { 1, 1, 1, 1, 2, 2, 2, 2 };
	struct labelling l;
	double p;

	(void)state;
	assert_int_equal(labelling_max_t(v, 4, 4, 1, 1, &p, &l), 0);
	near(p, 2.0 / 70);
}

static void
test_refused(void **state)
{
	static const double bad[] = { 1, 2, 3, INFINITY };
	struct labelling l;
	double p[1];

	(void)state;
	assert_int_equal(labelling_max_t(bad, 2, 2, 1, 1, p, &l), -1);
	assert_int_equal(labelling_max_t(sweep, 1, 4, 1, 1, p, &l), -1);
	assert_int_equal(labelling_max_t(sweep, 4, 4, 0, 1, p, &l), -1);
}

/* Two of 6, 20, 70, 252, ... 12870; of more there are never more than drawn. */
static void
test_units(void **state)
{
	(void)state;
	assert_int_equal(labelling_units(0.5), 2);
	assert_int_equal(labelling_units(0.1), 3);
	assert_int_equal(labelling_units(0.05), 4);
	assert_int_equal(labelling_units(0.025), 5);
	assert_int_equal(labelling_units(0.01), 5);
	assert_int_equal(labelling_units(2.0 / 12870), 8);
	assert_int_equal(labelling_units(0.0001), 9);
	assert_int_equal(labelling_units(0.00001), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_exact),
		cmocka_unit_test(test_smallest_p),
		cmocka_unit_test(test_drawn),
		cmocka_unit_test(test_floor),
		cmocka_unit_test(test_copies),
		cmocka_unit_test(test_missing),
		cmocka_unit_test(test_no_difference),
		cmocka_unit_test(test_no_variance),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_units),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
