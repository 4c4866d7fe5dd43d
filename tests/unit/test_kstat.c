/* SPDX-License-Identifier: BSD-2-Clause */
/* Differences between readings of named values, and of what processes used. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "observe/consumed.h"
#include "observe/kstat.h"

static void
put(struct kstat *k, const char *source, const char *name, uint64_t value)
{
	kstat_put(k, source, name, strlen(name), value);
}

/* All changes as one text, "a.b:1 c.d:-2". */
static const char *
changes(const struct kstat *k)
{
	static char text[4096];
	struct kstat_change c;
	size_t at = 0, len = 0;

	text[0] = '\0';
	while (kstat_next(k, &at, &c))
		len += (size_t)snprintf(text + len, sizeof(text) - len,
		    "%s%s.%s:%lld", len > 0 ? " " : "", c.source, c.name,
		    (long long)c.more);
	return text;
}

static const char *
sources(const struct kstat *k)
{
	static char text[4096];
	const char *source;
	size_t at = 0, len = 0;

	text[0] = '\0';
	while (kstat_next_source(k, &at, &source))
		len += (size_t)snprintf(text + len, sizeof(text) - len, "%s%s",
		    len > 0 ? " " : "", source);
	return text;
}

/* Up, down, not at all. */
static void
test_what_did_not_change_is_left_out(void **state)
{
	struct kstat k = { 0 };

	(void)state;
	assert_string_equal(changes(&k), "");
	kstat_begin(&k);
	put(&k, "vmstat", "pgfault", 10);
	put(&k, "vmstat", "nr_free_pages", 7);
	put(&k, "stat", "ctxt", 5);
	put(&k, "psi", "cpu_some_us", 1);
	assert_string_equal(changes(&k), "");
	assert_string_equal(sources(&k), "");
	kstat_begin(&k);
	put(&k, "vmstat", "pgfault", 12);
	put(&k, "vmstat", "nr_free_pages", 4);
	put(&k, "stat", "ctxt", 5);
	put(&k, "psi", "cpu_some_us", 2);
	assert_string_equal(changes(&k),
	    "vmstat.pgfault:2 vmstat.nr_free_pages:-3 psi.cpu_some_us:1");
	assert_string_equal(sources(&k), "vmstat stat psi");
	/* Only neighbours are compared. */
	kstat_begin(&k);
	put(&k, "vmstat", "pgfault", 12);
	put(&k, "vmstat", "nr_free_pages", 7);
	put(&k, "stat", "ctxt", 6);
	assert_string_equal(changes(&k), "vmstat.nr_free_pages:3 stat.ctxt:1");
	assert_string_equal(sources(&k), "vmstat stat");
	kstat_free(&k);
}

static void
test_all_64_bits(void **state)
{
	struct kstat k = { 0 };

	(void)state;
	kstat_begin(&k);
	put(&k, "s", "large", UINT64_C(18446744073709551600));
	put(&k, "s", "wraps", UINT64_MAX);
	put(&k, "s", "falls", UINT64_C(1) << 63);
	kstat_begin(&k);
	put(&k, "s", "large", UINT64_C(18446744073709551610));
	put(&k, "s", "wraps", 4);
	put(&k, "s", "falls", 0);
	assert_string_equal(changes(&k), "s.large:10 s.wraps:5 "
	    "s.falls:-9223372036854775808");
	kstat_free(&k);
}

/* The same name in two sources, and names that begin with others. */
static void
test_names_are_whole(void **state)
{
	struct kstat k = { 0 };
	int i;

	(void)state;
	for (i = 0; i < 2; i++) {
		kstat_begin(&k);
		put(&k, "a", "x", 1 + (uint64_t)i);
		put(&k, "b", "x", 1 + 2 * (uint64_t)i);
		put(&k, "b", "xx", 1 + 3 * (uint64_t)i);
		kstat_put(&k, "b", "xxx and more", 3, 1 + 4 * (uint64_t)i);
	}
	assert_string_equal(changes(&k), "a.x:1 b.x:2 b.xx:3 b.xxx:4");
	kstat_free(&k);
}

/* New ones have no difference yet; the others keep theirs in any order. */
static void
test_names_come_and_go(void **state)
{
	struct kstat k = { 0 };

	(void)state;
	kstat_begin(&k);
	put(&k, "s", "a", 1);
	put(&k, "s", "b", 2);
	put(&k, "s", "c", 3);
	kstat_begin(&k);
	put(&k, "s", "new", 100);
	put(&k, "s", "c", 13);
	put(&k, "s", "a", 21);
	assert_string_equal(changes(&k), "s.a:20 s.c:10");
	kstat_begin(&k);
	put(&k, "s", "new", 101);
	put(&k, "s", "b", 50);
	put(&k, "s", "c", 12);
	assert_string_equal(changes(&k), "s.c:-1 s.new:1");
	kstat_begin(&k);
	assert_string_equal(changes(&k), "");
	kstat_free(&k);
}

static void
test_absent_can_be_zero(void **state)
{
	struct kstat k = { .absent_is_zero = true };

	(void)state;
	kstat_begin(&k);
	put(&k, "slab", "goes", 4096);
	put(&k, "slab", "stays", 8192);
	assert_string_equal(changes(&k), "");
	kstat_begin(&k);
	put(&k, "slab", "stays", 8192);
	put(&k, "slab", "comes", 12288);
	assert_string_equal(changes(&k),
	    "slab.goes:-4096 slab.comes:12288");
	kstat_begin(&k);
	put(&k, "slab", "stays", 8192);
	put(&k, "slab", "comes", 12288);
	assert_string_equal(changes(&k), "");
	kstat_free(&k);
}

static void
test_a_name_that_comes_twice_is_added(void **state)
{
	struct kstat k = { 0 };
	uint64_t i;

	(void)state;
	for (i = 1; i <= 3; i++) {
		kstat_begin(&k);
		put(&k, "slab", "a", i);
		put(&k, "slab", "twice", 10 * i);
		put(&k, "slab", "twice", 100 * i);
		put(&k, "slab", "z", 2 * i);
	}
	assert_string_equal(changes(&k), "slab.a:1 slab.twice:110 slab.z:2");
	kstat_free(&k);
}

static void
test_too_long_or_too_many_are_left_out(void **state)
{
	char name[KSTAT_NAME_MAX + 1];
	struct kstat k = { 0 };
	struct kstat_change c;
	size_t at = 0, n = 0;
	uint64_t r;
	int i;

	(void)state;
	memset(name, 'x', sizeof(name));
	for (r = 0; r < 2; r++) {
		kstat_begin(&k);
		kstat_put(&k, "s", name, 0, r);
		kstat_put(&k, "s", name, KSTAT_NAME_MAX, r);
		kstat_put(&k, "s", name, KSTAT_NAME_MAX - 1, r);
		for (i = 0; i < KSTAT_ENTRIES_MAX + 10; i++) {
			char text[32];

			snprintf(text, sizeof(text), "n%d", i);
			put(&k, "s", text, r);
		}
	}
	while (kstat_next(&k, &at, &c)) {
		assert_int_equal(c.more, 1);
		n++;
	}
	assert_int_equal(n, KSTAT_ENTRIES_MAX);
	assert_int_equal(strlen(k.entries[0].name), KSTAT_NAME_MAX - 1);
	kstat_free(&k);
}

static void
test_the_largest_changes(void **state)
{
	static const int64_t more[] = { 5, -70, 0, 60, -1, 70, INT64_MIN, 2 };
	struct kstat_change top[4];
	struct kstat k = { 0 };
	char name[] = "a";
	size_t i;
	int r;

	(void)state;
	for (r = 0; r < 2; r++) {
		kstat_begin(&k);
		for (i = 0; i < sizeof(more) / sizeof(more[0]); i++) {
			name[0] = (char)('a' + i);
			put(&k, "s", name, 1000 + (r > 0 ?
			    (uint64_t)more[i] : 0));
		}
	}
	assert_int_equal(kstat_top(&k, top, 0), 0);
	assert_int_equal(kstat_top(&k, top, 1), 1);
	assert_string_equal(top[0].name, "g");
	assert_int_equal(kstat_top(&k, top, 4), 4);
	assert_string_equal(top[0].name, "g");
	assert_true(top[0].more == INT64_MIN);
	assert_string_equal(top[1].name, "b");
	assert_int_equal(top[1].more, -70);
	assert_string_equal(top[2].name, "f");
	assert_string_equal(top[3].name, "d");
	kstat_free(&k);
	assert_int_equal(kstat_top(&k, top, 4), 0);
}

/* ---- what processes used -------------------------------------------------- */

#define UNKNOWN OS_USAGE_UNKNOWN

/* Ticks say how the exact time is divided; children have times of their own. */
static void
test_time_is_divided_by_ticks(void **state)
{
	const struct os_usage from = { 1000, 40, 60, 7, 8, 10, 1, UNKNOWN,
	    UNKNOWN };
	const struct os_usage to = { 2000, 44, 72, 17, 28, 110, 1, UNKNOWN,
	    UNKNOWN };
	struct os_usage used;

	(void)state;
	consumed_between(&from, &to, &used);
	assert_int_equal(used.user_ns, 250 + 10);
	assert_int_equal(used.system_ns, 750 + 20);
	assert_int_equal(used.minor_faults, 100);
	assert_int_equal(used.major_faults, 0);
	assert_true(used.voluntary == UNKNOWN && used.involuntary == UNKNOWN);
}

/* Three centuries; the division is good to one in a thousand millions. */
static void
test_long_times_are_divided(void **state)
{
	const uint64_t ns = UINT64_C(9000000000000000000);
	const struct os_usage from = { 0, 0, 0, 0, 0, 0, 0, 0, 0 };
	const struct os_usage to = { ns, ns / 3, ns / 3 * 2, 0, 0, 0, 0, 0, 0 };
	struct os_usage used;

	(void)state;
	consumed_between(&from, &to, &used);
	assert_in_range(used.user_ns, ns / 3 - ns / 1000000000,
	    ns / 3 + ns / 1000000000);
	assert_true(used.user_ns + used.system_ns == ns);
}

static void
test_no_tick_is_no_division(void **state)
{
	const struct os_usage from = { 1000, 40, 60, 0, 0, 0, 0, 0, 0 };
	struct os_usage to = from, used;

	(void)state;
	consumed_between(&from, &to, &used);
	assert_int_equal(used.user_ns, 0);
	assert_int_equal(used.system_ns, 0);
	to.run_ns++;
	consumed_between(&from, &to, &used);
	assert_true(used.user_ns == UNKNOWN && used.system_ns == UNKNOWN);
	assert_int_equal(used.minor_faults, 0);
}

static void
test_times_without_ticks_are_the_times(void **state)
{
	const struct os_usage from = { UNKNOWN, 40, 60, 1, 1, 0, 0, 5, 6 };
	const struct os_usage to = { UNKNOWN, 43, 65, 2, 3, 0, 0, 7, 9 };
	struct os_usage used;

	(void)state;
	consumed_between(&from, &to, &used);
	assert_int_equal(used.user_ns, 4);
	assert_int_equal(used.system_ns, 7);
	assert_int_equal(used.voluntary, 2);
	assert_int_equal(used.involuntary, 3);
}

/* What falls, or is not known of one process, is not known. */
static void
test_unknown_stays_unknown(void **state)
{
	const struct os_usage one = { 1, 2, 3, 4, 5, 6, 7, UNKNOWN, 9 };
	struct os_usage sum = { 0 }, used;

	(void)state;
	consumed_add(&sum, &one);
	consumed_add(&sum, &one);
	assert_int_equal(sum.run_ns, 2);
	assert_int_equal(sum.children_system_ns, 10);
	assert_int_equal(sum.major_faults, 14);
	assert_true(sum.voluntary == UNKNOWN);
	assert_int_equal(sum.involuntary, 18);
	consumed_between(&sum, &one, &used);
	assert_true(used.user_ns == UNKNOWN && used.minor_faults == UNKNOWN &&
	    used.voluntary == UNKNOWN);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_did_not_change_is_left_out),
		cmocka_unit_test(test_all_64_bits),
		cmocka_unit_test(test_names_are_whole),
		cmocka_unit_test(test_names_come_and_go),
		cmocka_unit_test(test_absent_can_be_zero),
		cmocka_unit_test(test_a_name_that_comes_twice_is_added),
		cmocka_unit_test(test_too_long_or_too_many_are_left_out),
		cmocka_unit_test(test_the_largest_changes),
		cmocka_unit_test(test_time_is_divided_by_ticks),
		cmocka_unit_test(test_long_times_are_divided),
		cmocka_unit_test(test_no_tick_is_no_division),
		cmocka_unit_test(test_times_without_ticks_are_the_times),
		cmocka_unit_test(test_unknown_stays_unknown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
