/* SPDX-License-Identifier: BSD-2-Clause */
/* The sequence that every machine and every version must repeat. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/random.h"

/* The published first values of splitmix64 for the seed 1234567. */
static void
test_sequence(void **state)
{
	static const uint64_t published[] = {
		UINT64_C(6457827717110365317), UINT64_C(3203168211198807973),
		UINT64_C(9817491932198370423), UINT64_C(4593380528125082431),
		UINT64_C(16408922859458223821)
	};
	struct random r = { 1234567 };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(published) / sizeof(published[0]); i++)
		assert_true(random_next(&r) == published[i]);
}

static void
test_seeds_differ(void **state)
{
	struct random a = { 0 }, b = { 1 };

	(void)state;
	assert_true(random_next(&a) != random_next(&b));
}

/* Every value of a small range comes about equally often. */
static void
test_below(void **state)
{
	unsigned seen[7] = { 0 };
	struct random r = { 99 };
	uint64_t value;
	int i;

	(void)state;
	for (i = 0; i < 70000; i++) {
		value = random_below(&r, 7);
		assert_true(value < 7);
		seen[value]++;
	}
	/* Six standard deviations of a binomial count are 556. */
	for (i = 0; i < 7; i++)
		assert_in_range(seen[i], 10000 - 556, 10000 + 556);
	assert_int_equal(random_below(&r, 1), 0);
}

/*
 * With n = 3 * 2^62 a plain remainder would give the lowest third twice as
 * often as each of the others.
 */
static void
test_below_has_no_bias(void **state)
{
	const uint64_t third = UINT64_C(1) << 62;
	unsigned low = 0;
	struct random r = { 5 };
	int i;

	(void)state;
	for (i = 0; i < 30000; i++)
		if (random_below(&r, 3 * third) < third)
			low++;
	assert_in_range(low, 10000 - 490, 10000 + 490);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sequence),
		cmocka_unit_test(test_seeds_differ),
		cmocka_unit_test(test_below),
		cmocka_unit_test(test_below_has_no_bias),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
