/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Labels permuted within blocks: against R 4.2 (all 64 choices of signs, all 120
 * pairings), what must hold for any data, and how often the choice between these
 * labellings and all of them is wrong and right, with made-up boots.
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
#include "stats/blocks.h"

static const double differences[] = {
	0.8, 0.1, NAN,		1.2, -0.2, 0.3,		0.5, 0.4, 0.1,
	1.1, -0.1, 0.2,		0.9, 0.3, -0.4,		0.7, 0.2, 0.6,
};

static void
test_signs(void **state)
{
	static const double wanted[] = { 0.03125, 0.5625, 0.5625 };
	struct labelling l;
	double p[3];
	int i;

	(void)state;
	assert_int_equal(blocks_max_t(differences, 6, 3, 1, p, &l), 0);
	assert_true(l.exact);
	assert_int_equal(l.tried, 64);
	near(l.smallest_p, 2.0 / 64);
	for (i = 0; i < 3; i++)
		near(p[i], wanted[i]);
}

/* More than 2^14: drawn, the same with the same seed. */
static void
test_signs_drawn(void **state)
{
	double d[15], p, again, other;
	struct random r = { 7 };
	struct labelling l;
	int i;

	(void)state;
	for (i = 0; i < 15; i++)
		d[i] = (double)random_below(&r, 1000) - 350;
	assert_int_equal(blocks_max_t(d, 14, 1, 5, &p, &l), 0);
	assert_true(l.exact);
	assert_int_equal(l.tried, 16384);
	assert_int_equal(blocks_max_t(d, 15, 1, 5, &p, &l), 0);
	assert_false(l.exact);
	assert_int_equal(l.tried, LABELLING_MAX);
	near(l.smallest_p, 1.0 / LABELLING_MAX);
	assert_int_equal(blocks_max_t(d, 15, 1, 5, &again, &l), 0);
	assert_int_equal(blocks_max_t(d, 15, 1, 6, &other, &l), 0);
	assert_true(p == again);
	assert_true(p > 0 && p < 0.3);
	assert_true(fabs(p - other) < 0.02);
}

/* Every block agrees: the smallest p, also when nothing varies. */
static void
test_signs_agree(void **state)
{
	static const double same[] = { 2, 2, 2, 2, 2, 2 };
	static const double none[] = { 0, 0, 0, 0, 0, 0 };
	struct labelling l;
	double p;

	(void)state;
	assert_int_equal(blocks_max_t(same, 6, 1, 1, &p, &l), 0);
	near(p, 2.0 / 64);
	assert_int_equal(blocks_max_t(none, 6, 1, 1, &p, &l), 0);
	near(p, 1);
}

static void
test_signs_refused(void **state)
{
	static const double bad[] = { 1, INFINITY, 2 };
	static const double few[] = { 1, NAN, 2, NAN, 1.5, 3 };
	struct labelling l;
	double p[2];

	(void)state;
	assert_int_equal(blocks_max_t(bad, 3, 1, 1, p, &l), -1);
	assert_int_equal(blocks_max_t(bad, 1, 1, 1, p, &l), -1);
	assert_int_equal(blocks_max_t(bad, 3, 0, 1, p, &l), -1);
	/* One difference of a point says nothing, nor does it disturb others. */
	assert_int_equal(blocks_max_t(few, 3, 2, 1, p, &l), 0);
	near(p[0], 2.0 / 8);
	assert_true(isnan(p[1]));
}

static void
test_least(void **state)
{
	(void)state;
	assert_int_equal(blocks_least(0.05), 6);
	assert_int_equal(blocks_least(0.025), 7);
	assert_int_equal(blocks_least(2.0 / 16384), 14);
	assert_int_equal(blocks_least(1.0 / LABELLING_MAX), 15);
	assert_int_equal(blocks_least(0.00001), 0);
}

static const double first[] = {
	1.0, 5.2,	2.1, 5.0,	2.9, 5.9,	4.2, 6.1,	5.1, NAN,
};
static const double second[] = {
	1.5, 7.1,	1.9, 7.0,	3.5, 7.7,	3.1, 7.9,	5.6, 7.4,
};

/* The kernels may differ as they like, and be in other units. */
static void
test_pairings(void **state)
{
	double other[10], p;
	int i;

	(void)state;
	p = blocks_alike_p(first, second, 5, 2, 1);
	near(p, 1.0 / 120);
	for (i = 0; i < 10; i++)
		other[i] = 3 * second[i] + (i % 2 == 0 ? -40 : 7);
	near(blocks_alike_p(first, other, 5, 2, 1), p);
	/* As much alike as can be, the other way round. */
	for (i = 0; i < 10; i++)
		other[i] = -second[i];
	assert_true(blocks_alike_p(first, other, 5, 2, 1) > 0.9);
}

static void
test_pairings_drawn(void **state)
{
	double a[16], b[16], p;
	struct random r = { 11 };
	int i;

	(void)state;
	for (i = 0; i < 16; i++) {
		a[i] = (double)random_below(&r, 1000);
		b[i] = a[i] / 4 + (double)random_below(&r, 1000);
	}
	p = blocks_alike_p(a, b, 16, 1, 3);
	assert_true(p == blocks_alike_p(a, b, 16, 1, 3));
	assert_true(fabs(p - blocks_alike_p(a, b, 16, 1, 4)) < 0.02);
	for (i = 0; i < 16; i++)
		b[i] = a[i];
	near(blocks_alike_p(a, b, 16, 1, 3), 1.0 / LABELLING_MAX);
}

/* What does not vary cannot be alike; nor does rounding count as variation. */
static void
test_pairings_none(void **state)
{
	static const double flat[] = { 0.1, 0.1, 0.1, 0.1 };
	static const double missing[] = { NAN, NAN, NAN, NAN };

	(void)state;
	assert_true(isnan(blocks_alike_p(flat, first, 4, 1, 1)));
	assert_true(isnan(blocks_alike_p(first, flat, 4, 1, 1)));
	assert_true(isnan(blocks_alike_p(first, missing, 4, 1, 1)));
	assert_true(isnan(blocks_alike_p(first, second, 1, 1, 1)));
}

/* ---- made-up boots ------------------------------------------------------------ */

#define ROUNDS 6
#define POINTS 3
#define FAMILIES 300

/* Nearly normal, deviation 1. */
static double
noise(struct random *r)
{
	double sum = -6;
	int i;

	for (i = 0; i < 12; i++)
		sum += (double)random_below(r, 1 << 20) / (1 << 20);
	return sum;
}

struct hits {
	int freely, within, chosen, clear;
};

static int
marked(const double *p)
{
	int i;

	for (i = 0; i < POINTS; i++)
		if (p[i] <= 0.05)
			return 1;
	return 0;
}

static void
judge(const double *v, uint64_t seed, struct hits *h)
{
	const double *new = v + ROUNDS * POINTS;
	double d[ROUNDS * POINTS], p[POINTS];
	struct labelling l;
	int i, freely, within, clear;

	for (i = 0; i < ROUNDS * POINTS; i++)
		d[i] = new[i] - v[i];
	labelling_max_t(v, ROUNDS, ROUNDS, POINTS, seed, p, &l);
	freely = marked(p);
	blocks_max_t(d, ROUNDS, POINTS, seed, p, &l);
	within = marked(p);
	clear = blocks_alike_p(v, new, ROUNDS, POINTS, seed) < 0.01;
	h->freely += freely;
	h->within += within;
	h->chosen += clear ? within : freely;
	h->clear += clear;
}

/* Boots with noise that all points share and noise of each point. */
static struct hits
families(double round_effect, double change)
{
	struct random r = { 2024 };
	double v[2][ROUNDS][POINTS], both, boot;
	struct hits h = { 0, 0, 0, 0 };
	int k, i, side, point;

	for (k = 0; k < FAMILIES; k++) {
		for (i = 0; i < ROUNDS; i++) {
			both = round_effect * noise(&r);
			for (side = 0; side < 2; side++) {
				boot = both + noise(&r) + side * change;
				for (point = 0; point < POINTS; point++)
					v[side][i][point] = boot + noise(&r);
			}
		}
		judge(&v[0][0][0], (uint64_t)k, &h);
	}
	return h;
}

/*
 * With these seeds, always the same: of 300, 15 are 5%, and 26 would come
 * once in 200 times.
 */
static void
test_no_false_alarms(void **state)
{
	static const double effects[] = { 0, 1, 5 };
	struct hits h;
	int i;

	(void)state;
	for (i = 0; i < 3; i++) {
		h = families(effects[i], 0);
		assert_in_range(h.chosen, 0, 25);
		assert_in_range(h.within, 1, 25);
	}
	/* Boots that share noise over their points are no rounds. */
	h = families(0, 0);
	assert_in_range(h.clear, 0, 9);
}

static void
test_power(void **state)
{
	struct hits h = families(5, 3);

	(void)state;
	assert_true(h.clear > FAMILIES / 2);
	assert_true(h.chosen > 2 * h.freely);
	/* How much kernels differ has no say in the choice. */
	assert_int_equal(h.clear, families(5, 0).clear);
	/* Where rounds are alike, nothing is lost. */
	h = families(0, 3);
	assert_true(h.freely > FAMILIES / 2);
	assert_true(h.chosen >= h.freely - 3);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_signs),
		cmocka_unit_test(test_signs_drawn),
		cmocka_unit_test(test_signs_agree),
		cmocka_unit_test(test_signs_refused),
		cmocka_unit_test(test_least),
		cmocka_unit_test(test_pairings),
		cmocka_unit_test(test_pairings_drawn),
		cmocka_unit_test(test_pairings_none),
		cmocka_unit_test(test_no_false_alarms),
		cmocka_unit_test(test_power),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
