/* SPDX-License-Identifier: BSD-2-Clause */
/* Rounds of kernels: everybody once, always the same, and not always first. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "boot/rounds.h"

#define KERNELS 7

/* Is every kernel in it once? */
static bool
is_whole(const int *order, int n)
{
	bool seen[KERNELS] = { false };
	int i;

	for (i = 0; i < n; i++) {
		if (order[i] < 0 || order[i] >= n || seen[order[i]])
			return false;
		seen[order[i]] = true;
	}
	return true;
}

static void
orders_have_names(void **state)
{
	static const char *const names[] = { "random", "abba", "listed" };
	enum rounds_order order;
	struct err e = { 0 };
	size_t i;

	(void)state;
	for (i = 0; i < 3; i++) {
		assert_int_equal(rounds_order_read(names[i], &order, &e), 0);
		assert_string_equal(rounds_order_name(order), names[i]);
	}
	assert_int_equal(rounds_order_read("ABBA", &order, &e), -1);
	assert_string_equal(e.text, "'ABBA' is not an order of kernels: there "
	    "is random, abba and listed");
	err_clear(&e);
	assert_int_equal(rounds_order_read("", &order, &e), -1);
	assert_string_equal(e.text, "'' is not an order of kernels: there is "
	    "random, abba and listed");
}

static void
every_kernel_boots_once_in_a_round(void **state)
{
	int order[KERNELS], how, n, round;

	(void)state;
	for (how = ROUNDS_RANDOM; how <= ROUNDS_LISTED; how++)
		for (n = 1; n <= KERNELS; n++)
			for (round = 1; round <= 50; round++) {
				memset(order, -1, sizeof(order));
				rounds_kernels((enum rounds_order)how, 42,
				    round, n, order);
				assert_true(is_whole(order, n));
			}
}

/* Resuming hangs on it: the numbers are a contract between two versions. */
static void
the_same_seed_gives_the_same_order_for_good(void **state)
{
	static const int first[] = { 4, 0, 2, 1, 6, 3, 5 };
	static const int second[] = { 6, 2, 0, 3, 4, 5, 1 };
	int order[KERNELS];

	(void)state;
	rounds_kernels(ROUNDS_RANDOM, 42, 1, KERNELS, order);
	assert_memory_equal(order, first, sizeof(first));
	rounds_kernels(ROUNDS_RANDOM, 42, 2, KERNELS, order);
	assert_memory_equal(order, second, sizeof(second));
	rounds_kernels(ROUNDS_RANDOM, 42, 1, KERNELS, order);
	assert_memory_equal(order, first, sizeof(first));
	assert_int_equal(rounds_seed(42, 1), 0x8ef35117);
	assert_int_equal(rounds_seed(42, 2), 0x1a1a3b0f);
}

static void
another_seed_or_round_gives_another_order(void **state)
{
	int a[KERNELS], b[KERNELS], i, seeds = 0, rounds = 0;

	(void)state;
	for (i = 1; i <= 100; i++) {
		rounds_kernels(ROUNDS_RANDOM, (uint64_t)i, 1, KERNELS, a);
		rounds_kernels(ROUNDS_RANDOM, (uint64_t)i + 1, 1, KERNELS, b);
		seeds += memcmp(a, b, sizeof(a)) != 0;
		rounds_kernels(ROUNDS_RANDOM, (uint64_t)i, 2, KERNELS, b);
		rounds += memcmp(a, b, sizeof(a)) != 0;
	}
	/* One in 5040 is the same by chance. */
	assert_true(seeds >= 98);
	assert_true(rounds >= 98);
}

/* Neighbouring seeds must not be neighbouring rounds of one sequence. */
static void
rounds_of_seeds_are_not_shifted_against_each_other(void **state)
{
	int a[KERNELS], b[KERNELS], i, same = 0;

	(void)state;
	for (i = 1; i <= 100; i++) {
		rounds_kernels(ROUNDS_RANDOM, 7, i + 1, KERNELS, a);
		rounds_kernels(ROUNDS_RANDOM, 8, i, KERNELS, b);
		same += memcmp(a, b, sizeof(a)) == 0;
	}
	assert_true(same <= 2);
}

/* 700 rounds: 100 in every place for everybody, give or take. */
static void
every_kernel_is_in_every_place_as_often(void **state)
{
	int count[KERNELS][KERNELS] = { { 0 } }, order[KERNELS], i, round;

	(void)state;
	for (round = 1; round <= 100 * KERNELS; round++) {
		rounds_kernels(ROUNDS_RANDOM, 1, round, KERNELS, order);
		for (i = 0; i < KERNELS; i++)
			count[order[i]][i]++;
	}
	for (i = 0; i < KERNELS * KERNELS; i++)
		assert_in_range(count[i / KERNELS][i % KERNELS], 60, 140);
}

static void
abba_turns_round(void **state)
{
	int order[3], round;

	(void)state;
	for (round = 1; round <= 4; round++) {
		rounds_kernels(ROUNDS_ABBA, 9, round, 3, order);
		assert_int_equal(order[0], round % 2 == 1 ? 0 : 2);
		assert_int_equal(order[1], 1);
		assert_int_equal(order[2], round % 2 == 1 ? 2 : 0);
	}
}

static void
listed_is_as_given(void **state)
{
	int order[3], round;

	(void)state;
	for (round = 1; round <= 4; round++) {
		rounds_kernels(ROUNDS_LISTED, 9, round, 3, order);
		assert_int_equal(order[0], 0);
		assert_int_equal(order[1], 1);
		assert_int_equal(order[2], 2);
	}
}

static void
every_round_has_a_seed_of_its_own(void **state)
{
	uint64_t seeds[100];
	int i, j;

	(void)state;
	for (i = 0; i < 100; i++) {
		seeds[i] = rounds_seed(5, i + 1);
		assert_true(seeds[i] <= UINT32_MAX);
		assert_true(seeds[i] == rounds_seed(5, i + 1));
		for (j = 0; j < i; j++)
			assert_true(seeds[j] != seeds[i]);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(orders_have_names),
		cmocka_unit_test(every_kernel_boots_once_in_a_round),
		cmocka_unit_test(the_same_seed_gives_the_same_order_for_good),
		cmocka_unit_test(another_seed_or_round_gives_another_order),
		cmocka_unit_test(rounds_of_seeds_are_not_shifted_against_each_other),
		cmocka_unit_test(every_kernel_is_in_every_place_as_often),
		cmocka_unit_test(abba_turns_round),
		cmocka_unit_test(listed_is_as_given),
		cmocka_unit_test(every_round_has_a_seed_of_its_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
