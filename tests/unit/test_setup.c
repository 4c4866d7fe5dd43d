/* SPDX-License-Identifier: BSD-2-Clause */
/* Which limits are raised, and lists of changes that are put back. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

/* Before cmocka, whose macros fail() and skip() are names of members here. */
#include "workload.h"

#include <cmocka.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/registry.h"
#include "os/os.h"
#include "run/setup.h"
#include "run/undo.h"

/* No workload is looked up here. */
const struct registry_row registry_builtin[] = { { NULL, NULL } };

#define ROW(n, c, v) { .name = n, .counts = c, .value = v, .lift = "x %llu" }

static const struct os_limit limits[] = {
	ROW("RLIMIT_NOFILE", OS_COUNTS_FDS, 256),
	ROW("fs.nr_open", OS_COUNTS_FDS, 1040),
	ROW("kernel.pid_max", OS_COUNTS_TASKS, 32768),
	ROW("cgroup pids.max", OS_COUNTS_TASKS, 500),
	{ 0 }
};

static void
limits_of_table(os_limit_fn *fn, void *arg)
{
	const struct os_limit *l;

	for (l = limits; l->name != NULL; l++)
		fn(arg, l);
}

static bool
is_linux(void)
{
	return os_limit_scope("fs.nr_open") == OS_SCOPE_SYSTEM;
}

static void
collect(struct setup *s, const struct reach_need *need)
{
	struct reach r;

	reach_find(&r, need, limits_of_table, 0);
	setup_collect(s, &r, 1, limits_of_table);
	reach_free(&r);
}

static void
what_is_raised_does_not_meet_the_next_limit(void **state)
{
	struct setup s = { .state_fd = -1 };

	(void)state;
	if (!is_linux())
		skip();
	/* 1016 descriptors: nr_open is no obstacle, but what is enough is. */
	collect(&s, &(struct reach_need){ .tasks = 1, .fds = 1000 });
	assert_int_equal(s.nraises, 2);
	assert_string_equal(s.raises[0].name, "fs.nr_open");
	assert_string_equal(s.raises[1].name, "RLIMIT_NOFILE");
	assert_int_equal(s.raises[0].value, s.raises[1].value);
	assert_true(s.raises[0].value > 1040);
	setup_end(&s);
}

static void
a_groups_limit_is_not_ours(void **state)
{
	struct setup s = { .state_fd = -1 };

	(void)state;
	collect(&s, &(struct reach_need){ .population = 900, .tasks = 900 });
	assert_int_equal(s.nraises, 0);
	setup_end(&s);
	collect(&s, &(struct reach_need){ .population = 90000,
	    .tasks = 90000 });
	if (is_linux()) {
		assert_int_equal(s.nraises, 1);
		assert_string_equal(s.raises[0].name, "kernel.pid_max");
	}
	setup_end(&s);
}

/* ---- lists ------------------------------------------------------------- */

struct said {
	int count;
	char text[512];
};

static void
say(void *arg, const char *text)
{
	struct said *s = arg;

	s->count++;
	snprintf(s->text, sizeof(s->text), "%s", text);
}

static char path[] = "test_setup.XXXXXX";

static void
list_of(const char *text)
{
	int fd;

	strcpy(path, "test_setup.XXXXXX");
	fd = mkstemp(path);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
}

static void
only_what_we_write_is_believed(void **state)
{
	struct undo u;
	struct said said = { 0 };

	(void)state;
	list_of("limit kernel.pid_max x 5\n"
	    "limit no.such.limit 1 2\n"
	    "limit RLIMIT_NOFILE 1 2\n"
	    "limit vm.overcommit_memory 0 1\n"
	    "rm -rf /\n"
	    "\n"
	    "limit kernel.pid_max 32768 40000");
	assert_int_equal(undo_open(&u, path), 0);
	assert_int_equal(u.nsteps, 0);
	undo_all(&u, true, say, &said);
	assert_int_equal(said.count, 0);
	assert_int_not_equal(access(path, F_OK), 0);
}

static void
nothing_but_our_kind_of_device_is_touched(void **state)
{
	struct undo u;
	struct said said = { 0 };

	(void)state;
	list_of("swap /dev/zram0/../sda 1\n");
	assert_int_equal(undo_open(&u, path), 0);
	assert_int_equal(u.nsteps, 1);
	undo_all(&u, true, say, &said);
	assert_int_equal(said.count, 1);
	assert_non_null(strstr(said.text,
	    "cannot end the swap on /dev/zram0/../sda: "));
}

static void
a_value_of_somebody_else_is_left_alone(void **state)
{
	struct said said = { 0 };
	char text[128], wanted[256];
	struct undo u;
	uint64_t now;

	(void)state;
	if (!is_linux())
		skip();
	assert_int_equal(os_limit_get("fs.nr_open", &now), 0);
	/* The first one is as it was, so there is nothing to do or say. */
	snprintf(text, sizeof(text), "limit fs.nr_open %" PRIu64 " 77\n"
	    "limit fs.nr_open 5 %" PRIu64 "\n", now, now + 1);
	list_of(text);
	assert_int_equal(undo_open(&u, path), 0);
	assert_int_equal(u.nsteps, 2);
	undo_all(&u, true, say, &said);
	assert_int_equal(said.count, 1);
	snprintf(wanted, sizeof(wanted), "fs.nr_open is %" PRIu64 " now, which "
	    "is not from this run: it is left alone (it was 5)", now);
	assert_string_equal(said.text, wanted);
}

static void
a_limit_is_never_lowered(void **state)
{
	struct undo u;
	uint64_t now, old;

	(void)state;
	assert_int_equal(undo_open(&u, NULL), 0);
	assert_int_equal(os_limit_get("RLIMIT_NOFILE", &now), 0);
	assert_int_equal(undo_raise(&u, "RLIMIT_NOFILE", 10, &old), 0);
	assert_int_equal(old, now);
	assert_int_equal(os_limit_get("RLIMIT_NOFILE", &old), 0);
	assert_int_equal(old, now);
	assert_int_equal(undo_raise(&u, "cgroup pids.max", 1000, &old), -1);
	assert_int_equal(u.nsteps, 0);
	undo_all(&u, true, say, NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_raised_does_not_meet_the_next_limit),
		cmocka_unit_test(a_groups_limit_is_not_ours),
		cmocka_unit_test(only_what_we_write_is_believed),
		cmocka_unit_test(nothing_but_our_kind_of_device_is_touched),
		cmocka_unit_test(a_value_of_somebody_else_is_left_alone),
		cmocka_unit_test(a_limit_is_never_lowered),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
