/* SPDX-License-Identifier: BSD-2-Clause */
/* Rounds of the probe into stalls of a phase. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "observe/stall.h"

#define MS UINT64_C(1000000)

static struct stall s;

static void
add(uint64_t due_ns, uint64_t woke_ns, uint64_t forked_ns, uint64_t read_ns)
{
	const struct probe_round r = { due_ns, woke_ns, forked_ns, read_ns,
	    false };

	stall_add(&s, &r);
}

/* The whole time counts, and each part by itself. */
static void
test_a_stall_is_from_due_to_done(void **state)
{
	(void)state;
	stall_begin(&s, 1000);
	add(2000, 2010, 2050, 2055);
	add(3000, 3050, 3060, 3061);
	assert_int_equal(s.rounds, 2);
	assert_int_equal(s.worst_ns, 61);
	assert_int_equal(s.wake_worst_ns, 50);
	assert_int_equal(s.fork_worst_ns, 40);
	assert_int_equal(s.read_worst_ns, 5);
	assert_int_equal(s.refused, 0);
}

/* One round over the end of a phase: each phase has its part of it. */
static void
test_a_stall_over_a_boundary_is_divided(void **state)
{
	(void)state;
	stall_begin(&s, 10000);
	s.close_ns = 13000;
	add(12000, 12500, 14900, 15000);
	assert_int_equal(s.rounds, 1);
	assert_int_equal(s.worst_ns, 1000);
	assert_int_equal(s.wake_worst_ns, 500);
	assert_int_equal(s.fork_worst_ns, 500);
	assert_int_equal(s.read_worst_ns, 0);

	stall_begin(&s, 13000);
	s.close_ns = 20000;
	add(12000, 12500, 14900, 15000);
	assert_int_equal(s.rounds, 1);
	assert_int_equal(s.worst_ns, 2000);
	assert_int_equal(s.wake_worst_ns, 0);
	assert_int_equal(s.fork_worst_ns, 1900);
	assert_int_equal(s.read_worst_ns, 100);
}

/* Longer than the phase: it is the whole phase. */
static void
test_a_stall_over_a_whole_phase(void **state)
{
	(void)state;
	stall_begin(&s, 500);
	s.close_ns = 700;
	add(100, 110, 900, 901);
	assert_int_equal(s.worst_ns, 200);
	assert_int_equal(s.fork_worst_ns, 200);
	assert_int_equal(s.wake_worst_ns, 0);
}

static void
test_rounds_outside_leave_no_trace(void **state)
{
	(void)state;
	stall_begin(&s, 1000);
	s.close_ns = 2000;
	add(900, 950, 990, 1000);
	add(2000, 2001, 2002, 2003);
	assert_int_equal(s.rounds, 0);
	assert_int_equal(s.worst_ns, 0);
	assert_int_equal(s.all.count, 0);
}

static void
test_refused_rounds_are_counted(void **state)
{
	struct probe_round r = { 2000, 2001, 2002, 2003, true };

	(void)state;
	stall_begin(&s, 1000);
	stall_add(&s, &r);
	r.due_ns = 10;
	r.read_ns = 20;
	stall_add(&s, &r);
	assert_int_equal(s.refused, 1);
	assert_int_equal(s.worst_ns, 3);
}

/* 980 short rounds, 20 long ones: the 990th of 1000 is long. */
static void
test_p99(void **state)
{
	uint64_t i, due;

	(void)state;
	stall_begin(&s, 0);
	for (i = 0; i < 1000; i++) {
		due = (i + 1) * 10 * MS;
		add(due, due + 1, due + 2, due + (i % 50 == 7 ? 1000 : 100));
	}
	assert_in_range(stall_p99(&s), 992, 1008);
	stall_begin(&s, 0);
	for (i = 0; i < 1000; i++) {
		due = (i + 1) * 10 * MS;
		add(due, due + 1, due + 2, due + (i % 250 == 7 ? 1000 : 100));
	}
	assert_int_equal(stall_p99(&s), 100);
}

static void
expect_bins(const uint64_t *wanted, unsigned n)
{
	unsigned i;

	for (i = 0; i < n; i++)
		if (s.bin[i] != wanted[i])
			fail_msg("bin %u is %llu", i,
			    (unsigned long long)s.bin[i]);
}

/* A stall is seen in all bins in which it went on. */
static void
test_timeline(void **state)
{
	const uint64_t wanted[] = { 100, 25 * MS, 25 * MS, 25 * MS, 0 };

	(void)state;
	stall_begin(&s, 5 * MS);
	add(6 * MS, 6 * MS + 50, 6 * MS + 60, 6 * MS + 100);
	add(16 * MS, 16 * MS + 50, 16 * MS + 60, 16 * MS + 80);
	add(20 * MS, 44 * MS, 45 * MS, 45 * MS);
	expect_bins(wanted, 5);
	assert_int_equal(s.step_ns, 10 * MS);
	s.close_ns = 46 * MS;
	assert_int_equal(stall_bins(&s), 5);
	s.close_ns = 45 * MS;
	assert_int_equal(stall_bins(&s), 4);
}

/* Full bins are joined in pairs, of which the worse one counts. */
static void
test_timeline_doubles(void **state)
{
	const uint64_t wanted[] = { 2, 4, 6, 8 };
	uint64_t i, due;

	(void)state;
	stall_begin(&s, 0);
	for (i = 0; i < STALL_BINS; i++) {
		due = i * 10 * MS + 1;
		add(due, due, due, due + i + 1);
	}
	assert_int_equal(s.step_ns, 10 * MS);
	assert_int_equal(s.bin[STALL_BINS - 1], STALL_BINS);
	due = STALL_BINS * 10 * MS;
	add(due, due, due, due + 9);
	assert_int_equal(s.step_ns, 20 * MS);
	expect_bins(wanted, 4);
	assert_int_equal(s.bin[STALL_BINS / 2 - 1], STALL_BINS);
	assert_int_equal(s.bin[STALL_BINS / 2], 9);
	assert_int_equal(s.bin[STALL_BINS / 2 + 1], 0);
	s.close_ns = due + 10;
	assert_int_equal(stall_bins(&s), STALL_BINS / 2 + 1);
}

/* A day in one phase, and one stall of an hour: still the same memory. */
static void
test_timeline_of_a_day(void **state)
{
	const uint64_t hour = UINT64_C(3600000) * MS;

	(void)state;
	stall_begin(&s, 1);
	add(MS, MS, MS, MS + 5);
	add(22 * hour, 22 * hour, 22 * hour, 23 * hour);
	s.close_ns = 24 * hour;
	assert_true(stall_bins(&s) > STALL_BINS / 2);
	assert_true(stall_bins(&s) <= STALL_BINS);
	assert_int_equal(s.bin[0], 5);
	assert_int_equal(s.bin[(22 * hour + hour / 2) / s.step_ns], hour);
	assert_int_equal(s.bin[(23 * hour + hour / 2) / s.step_ns], 0);
	assert_int_equal(s.worst_ns, hour);
	assert_in_range(stall_p99(&s), hour - hour / 100, hour);
}

/* Nothing of the phase before is left. */
static void
test_begin_again(void **state)
{
	(void)state;
	stall_begin(&s, 0);
	add(5000 * MS, 5001 * MS, 5002 * MS, 9000 * MS);
	stall_begin(&s, 100);
	assert_int_equal(s.worst_ns, 0);
	assert_int_equal(s.rounds, 0);
	assert_int_equal(s.step_ns, 10 * MS);
	assert_int_equal(s.all.count, 0);
	assert_int_equal(s.bin[7], 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_stall_is_from_due_to_done),
		cmocka_unit_test(test_a_stall_over_a_boundary_is_divided),
		cmocka_unit_test(test_a_stall_over_a_whole_phase),
		cmocka_unit_test(test_rounds_outside_leave_no_trace),
		cmocka_unit_test(test_refused_rounds_are_counted),
		cmocka_unit_test(test_p99),
		cmocka_unit_test(test_timeline),
		cmocka_unit_test(test_timeline_doubles),
		cmocka_unit_test(test_timeline_of_a_day),
		cmocka_unit_test(test_begin_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
