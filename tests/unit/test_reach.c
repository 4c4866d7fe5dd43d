/* SPDX-License-Identifier: BSD-2-Clause */
/* What stops a cell, and how far its population gets, on made-up systems. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/budget.h"
#include "run/reach.h"

#define GIB (1ull << 30)
#define NONE UINT64_MAX
#define ROW(n, c, v, u) { .name = n, .counts = c, .value = v, .used = u }

static const struct os_limit *table;

static void
limits_of_table(os_limit_fn *fn, void *arg)
{
	const struct os_limit *l;

	for (l = table; l->name != NULL; l++)
		fn(arg, l);
}

static void
find(struct reach *r, const struct os_limit *limits,
    const struct reach_need *need, uint64_t available)
{
	table = limits;
	reach_find(r, need, limits_of_table, available);
}

/* 1000 members of 1 MiB and a pipe each, 2 tasks beside them. */
static const struct reach_need thousand = {
	.population = 1000, .tasks = 1000, .pipes = 1000,
	.memory_bytes = 1000ull << 20
};

static void
nothing_stops_what_fits(void **state)
{
	static const struct os_limit limits[] = {
		ROW("kernel.pid_max", OS_COUNTS_TASKS, 32768, 90),
		ROW("RLIMIT_NPROC", OS_COUNTS_TASKS, NONE, 0),
		ROW("fs.file-max", OS_COUNTS_FILES, 2000 + 16 + 50, 50),
		ROW("exact", OS_COUNTS_TASKS, 1003 + 90, 90),
		{ 0 }
	};
	struct reach r;

	(void)state;
	find(&r, limits, &thousand, 4 * GIB);
	assert_int_equal(r.members, 1000);
	assert_int_equal(r.nstops, 0);
	assert_int_equal(reach_hard(&r), 0);
	reach_free(&r);
}

static void
the_lowest_limit_decides_and_all_are_told_in_order(void **state)
{
	static const struct os_limit limits[] = {
		ROW("threads-max", OS_COUNTS_TASKS, 900, 97),
		ROW("fs.file-max", OS_COUNTS_FILES, 1516, 300),
		{ .name = "pids.max", .counts = OS_COUNTS_TASKS, .value = 503,
		  .used = 100, .lift = "echo %llu" },
		ROW("pid_max", OS_COUNTS_TASKS, 32768, 97),
		{ 0 }
	};
	struct reach r;

	(void)state;
	find(&r, limits, &thousand, 4 * GIB);
	assert_int_equal(r.members, 400);
	assert_int_equal(r.nstops, 3);
	assert_int_equal(reach_hard(&r), 3);
	assert_string_equal(r.stops[0].name, "pids.max");
	assert_int_equal(r.stops[0].members, 400);
	assert_int_equal(r.stops[0].needed, 1003);
	assert_int_equal(r.stops[0].value, 503);
	assert_int_equal(r.stops[0].used, 100);
	assert_string_equal(r.stops[0].lift, "echo %llu");
	assert_string_equal(r.stops[1].name, "fs.file-max");
	assert_int_equal(r.stops[1].members, 600);
	assert_string_equal(r.stops[2].name, "threads-max");
	assert_int_equal(r.stops[2].members, 800);
	assert_null(r.stops[2].lift);
	reach_free(&r);
}

static void
what_is_enough_leaves_room_for_others(void **state)
{
	static const struct os_limit limits[] = {
		ROW("pid_max", OS_COUNTS_TASKS, 600, 100),
		ROW("cgroup memory.max", OS_COUNTS_MEMORY, GIB / 2, GIB / 4),
		{ 0 }
	};
	struct reach r;

	(void)state;
	find(&r, limits, &thousand, 0);
	assert_int_equal(r.nstops, 2);
	assert_string_equal(r.stops[0].name, "cgroup memory.max");
	assert_int_equal(r.stops[0].members, 256);
	/* Nobody lifts that but by hand. */
	assert_int_equal(r.stops[0].enough, GIB / 4 + (1000ull << 20));
	assert_true(r.stops[1].enough >= 100 + 1003 + 300);
	reach_free(&r);
}

static void
memory_leaves_the_reserve_of_the_budget(void **state)
{
	static const struct os_limit none[] = { { 0 } };
	struct reach r;

	(void)state;
	assert_int_equal(budget_reserve(100 * GIB), 10 * GIB);
	assert_int_equal(budget_reserve(4 * GIB), GIB);
	assert_int_equal(budget_reserve(GIB), GIB / 2);
	find(&r, none, &thousand, GIB);
	assert_int_equal(r.nstops, 1);
	assert_string_equal(r.stops[0].name, "memory budget");
	assert_int_equal(r.members, 512);
	reach_free(&r);
	/* One that is not about a population may have it all. */
	find(&r, none, &(struct reach_need){ .tasks = 1, .memory_bytes = GIB },
	    GIB);
	assert_int_equal(r.nstops, 0);
	reach_free(&r);
	/* What is not known stops nothing. */
	find(&r, none, &thousand, 0);
	assert_int_equal(r.nstops, 0);
	assert_int_equal(r.members, 1000);
	reach_free(&r);
}

static void
a_limit_that_is_used_up_leaves_none(void **state)
{
	static const struct os_limit limits[] = {
		ROW("pid_max", OS_COUNTS_TASKS, 100, 300),
		ROW("fs.file-max", OS_COUNTS_FILES, 305, 300),
		{ 0 }
	};
	struct reach r;

	(void)state;
	find(&r, limits, &thousand, 0);
	assert_int_equal(r.members, 0);
	assert_int_equal(r.nstops, 2);
	reach_free(&r);
}

static void
soft_limits_are_told_and_stop_nothing(void **state)
{
	static const struct os_limit limits[] = {
		{ .name = "soft", .counts = OS_COUNTS_PIPE_PAGES,
		  .value = 1600, .soft = true },
		ROW("hard", OS_COUNTS_PIPE_PAGES, NONE, 0),
		{ 0 }
	};
	struct reach r;

	(void)state;
	find(&r, limits, &thousand, 0);
	assert_int_equal(r.members, 1000);
	assert_int_equal(r.nstops, 1);
	assert_int_equal(reach_hard(&r), 0);
	assert_int_equal(r.stops[0].needed, 16000);
	reach_free(&r);
}

static void
every_need_has_its_limit(void **state)
{
	static const struct os_limit limits[] = {
		ROW("nofile", OS_COUNTS_FDS, 200, 0),
		ROW("file-max", OS_COUNTS_FILES, 200, 0),
		ROW("mappings", OS_COUNTS_MAPPINGS, 200, 0),
		ROW("hard", OS_COUNTS_PIPE_PAGES, 200, 0),
		ROW("mapping", OS_COUNTS_MAPPING_BYTES, 200, 0),
		ROW("locked", OS_COUNTS_LOCKED, 0, 0),
		{ 0 }
	};
	static const struct {
		struct reach_need need;
		const char *stops;
	} rows[] = {
		{ { .tasks = 1 }, "" },
		{ { .fds = 500 }, "file-max nofile " },
		{ { .pipes = 100 }, "file-max hard " },
		{ { .mappings = 200 }, "mappings " },
		{ { .memory_bytes = 300 }, "mapping " },
		{ { .population = 5, .memory_bytes = 300 }, "" },
	};
	struct reach r;
	char names[64];
	size_t i, k;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		find(&r, limits, &rows[i].need, 0);
		names[0] = '\0';
		for (k = 0; k < r.nstops; k++) {
			strcat(names, r.stops[k].name);
			strcat(names, " ");
		}
		assert_string_equal(names, rows[i].stops);
		reach_free(&r);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_stops_what_fits),
		cmocka_unit_test(the_lowest_limit_decides_and_all_are_told_in_order),
		cmocka_unit_test(what_is_enough_leaves_room_for_others),
		cmocka_unit_test(memory_leaves_the_reserve_of_the_budget),
		cmocka_unit_test(a_limit_that_is_used_up_leaves_none),
		cmocka_unit_test(soft_limits_are_told_and_stop_nothing),
		cmocka_unit_test(every_need_has_its_limit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
