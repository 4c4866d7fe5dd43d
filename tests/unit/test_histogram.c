/* SPDX-License-Identifier: BSD-2-Clause */
/* The histogram's layout, which records depend on, and its quantiles. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "observe/histogram.h"

#define LIMIT (UINT64_C(1) << HISTOGRAM_MAX_BITS)

/* These numbers are in people's records: never change them. */
static void
test_layout(void **state)
{
	(void)state;
	assert_int_equal(HISTOGRAM_BUCKETS, 4736);
	assert_int_equal(histogram_bucket(0), 0);
	assert_int_equal(histogram_bucket(127), 127);
	assert_int_equal(histogram_bucket(128), 128);
	assert_int_equal(histogram_bucket(255), 255);
	assert_int_equal(histogram_bucket(256), 256);
	assert_int_equal(histogram_bucket(257), 256);
	assert_int_equal(histogram_bucket(258), 257);
	assert_int_equal(histogram_bucket(511), 383);
	assert_int_equal(histogram_bucket(512), 384);
	assert_int_equal(histogram_bucket(1000000), 1780);
	assert_int_equal(histogram_bucket(LIMIT - 1), 4735);
	assert_int_equal(histogram_bucket(LIMIT), 4735);
	assert_int_equal(histogram_bucket(UINT64_MAX), 4735);
	assert_int_equal(histogram_low(1780), 999424);
}

/* The buckets are without a gap, and each holds its first and last value. */
static void
test_every_bucket(void **state)
{
	uint64_t low, next;
	unsigned i;

	(void)state;
	assert_int_equal(histogram_low(0), 0);
	for (i = 0; i < HISTOGRAM_BUCKETS; i++) {
		low = histogram_low(i);
		next = i + 1 < HISTOGRAM_BUCKETS ? histogram_low(i + 1) : LIMIT;
		assert_true(next > low);
		assert_int_equal(histogram_bucket(low), i);
		assert_int_equal(histogram_bucket(next - 1), i);
		assert_true(i < 256 ? next - low == 1 :
		    (next - low) * 128 <= low);
	}
}

static void
test_random_values(void **state)
{
	struct random r = { 3 };
	struct histogram *h;
	uint64_t ns, got, off;
	int i;

	(void)state;
	h = calloc(1, sizeof(*h));
	assert_non_null(h);
	for (i = 0; i < 20000; i++) {
		ns = (random_next(&r) % LIMIT) >> random_below(&r, 43);
		assert_true(histogram_low(histogram_bucket(ns)) <= ns);
		/* Two values, so that max_ns does not give it away. */
		h->count = 1;
		h->max_ns = UINT64_MAX;
		h->bucket[histogram_bucket(ns)] = 1;
		got = histogram_quantile(h, 0.5);
		off = got > ns ? got - ns : ns - got;
		assert_true(off * 100 <= ns);
		h->bucket[histogram_bucket(ns)] = 0;
	}
	free(h);
}

static void
test_add_merge(void **state)
{
	struct histogram *a, *b;

	(void)state;
	a = calloc(2, sizeof(*a));
	assert_non_null(a);
	b = a + 1;
	histogram_add(a, 10);
	histogram_add(a, 10);
	histogram_add(b, 5000000);
	histogram_add(b, UINT64_C(1) << 50);
	histogram_add(b, 10);
	histogram_merge(a, b);
	assert_int_equal(a->count, 5);
	assert_true(a->sum_ns == 5000030 + (UINT64_C(1) << 50));
	assert_true(a->max_ns == UINT64_C(1) << 50);
	assert_int_equal(a->bucket[10], 3);
	assert_int_equal(a->bucket[histogram_bucket(5000000)], 1);
	assert_int_equal(a->bucket[HISTOGRAM_BUCKETS - 1], 1);
	assert_int_equal(b->count, 3);
	/* The other way round: a smaller maximum changes nothing. */
	memset(b, 0, sizeof(*b));
	histogram_add(b, 7);
	histogram_merge(a, b);
	assert_true(a->max_ns == UINT64_C(1) << 50);
	free(a);
}

/* As merging, and what was handed in is not handed in again. */
static void
test_hand_in(void **state)
{
	struct histogram *a, *b;
	unsigned i;

	(void)state;
	a = calloc(2, sizeof(*a));
	assert_non_null(a);
	b = a + 1;
	histogram_hand_in(a, b);
	assert_int_equal(a->count, 0);
	histogram_add(b, 10);
	histogram_add(b, 10);
	histogram_add(b, UINT64_C(1) << 50);
	histogram_hand_in(a, b);
	histogram_hand_in(a, b);
	assert_int_equal(a->count, 3);
	assert_true(a->sum_ns == 20 + (UINT64_C(1) << 50));
	assert_true(a->max_ns == UINT64_C(1) << 50);
	assert_int_equal(a->bucket[10], 2);
	assert_int_equal(a->bucket[HISTOGRAM_BUCKETS - 1], 1);
	/* It is as good as new. */
	for (i = 0; i < HISTOGRAM_BUCKETS; i++)
		assert_int_equal(b->bucket[i], 0);
	assert_int_equal(b->count + b->sum_ns + b->max_ns, 0);
	histogram_add(b, 7);
	histogram_hand_in(a, b);
	assert_int_equal(a->count, 4);
	assert_int_equal(a->bucket[7], 1);
	assert_true(a->max_ns == UINT64_C(1) << 50);
	free(a);
}

/* 1 to 100, each once: the q-th percent is q itself. */
static void
test_quantiles_exact(void **state)
{
	struct histogram *h;
	uint64_t i;

	(void)state;
	h = calloc(1, sizeof(*h));
	assert_non_null(h);
	for (i = 1; i <= 100; i++)
		histogram_add(h, i);
	for (i = 1; i <= 100; i++)
		assert_int_equal(histogram_quantile(h, (double)i / 100), i);
	assert_int_equal(histogram_quantile(h, 0), 1);
	assert_int_equal(histogram_quantile(h, 0.001), 1);
	assert_int_equal(histogram_quantile(h, 0.015), 2);
	assert_int_equal(histogram_quantile(h, 0.999), 100);
	assert_int_equal(histogram_quantile(h, 1), 100);
	assert_int_equal(histogram_quantile(h, 2), 100);
	assert_int_equal(histogram_quantile(h, -1), 1);
	assert_int_equal(histogram_quantile(h, NAN), 1);
	free(h);
}

static void
test_quantile_below_max(void **state)
{
	struct histogram *h;

	(void)state;
	h = calloc(1, sizeof(*h));
	assert_non_null(h);
	histogram_add(h, 1000000);
	assert_int_equal(histogram_low(histogram_bucket(1000000)), 999424);
	/* The bucket's middle is 1001471, beyond the largest value. */
	assert_int_equal(histogram_quantile(h, 0.5), 1000000);
	histogram_add(h, 2000000);
	assert_int_equal(histogram_quantile(h, 0.5), 1001471);
	free(h);
}

static int
compare(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* Against the sorted values themselves. */
static void
test_quantiles_of_many(void **state)
{
	static const double q[] = { 0.01, 0.1, 0.5, 0.9, 0.99, 0.999, 0.9999 };
	enum { COUNT = 50000 };
	static uint64_t v[COUNT];
	struct random r = { 4 };
	struct histogram *h;
	uint64_t exact, got;
	size_t i;

	(void)state;
	h = calloc(1, sizeof(*h));
	assert_non_null(h);
	for (i = 0; i < COUNT; i++) {
		v[i] = 300 + (random_next(&r) >> (24 + random_below(&r, 30)));
		histogram_add(h, v[i]);
	}
	qsort(v, COUNT, sizeof(v[0]), compare);
	assert_true(h->max_ns == v[COUNT - 1]);
	for (i = 0; i < sizeof(q) / sizeof(q[0]); i++) {
		exact = v[(size_t)ceil(q[i] * COUNT - 1e-6) - 1];
		got = histogram_quantile(h, q[i]);
		assert_true(fabs((double)got - (double)exact) <=
		    0.01 * (double)exact);
	}
	free(h);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_layout),
		cmocka_unit_test(test_every_bucket),
		cmocka_unit_test(test_random_values),
		cmocka_unit_test(test_add_merge),
		cmocka_unit_test(test_hand_in),
		cmocka_unit_test(test_quantiles_exact),
		cmocka_unit_test(test_quantile_below_max),
		cmocka_unit_test(test_quantiles_of_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
