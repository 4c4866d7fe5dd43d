/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The way to count that is chosen, with a real guardian and a real control
 * group where there can be one, and that nothing of it is left.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

/* Before cmocka, whose macros fail() and skip() are names of members here. */
#include "workload.h"

#include <cmocka.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/registry.h"
#include "os/group.h"
#include "os/os.h"
#include "run/counting.h"
#include "run/guard.h"

/* No workload is looked up here. */
const struct registry_row registry_builtin[] = { { NULL, NULL } };

static struct guard g = { .fd = -1 };
static struct counting c;

static int
start(void **state)
{
	const char *dir = getenv("top_builddir");
	struct err e = { 0 };
	char path[4096];

	(void)state;
	snprintf(path, sizeof(path), "%s/vmstress-guardian",
	    dir != NULL ? dir : ".");
	if (guard_start(&g, path, &e) == 0)
		return 0;
	print_error("%s\n", e.text);
	return -1;
}

static int
stop(void **state)
{
	(void)state;
	guard_stop(&g);
	counting_free(&c);
	return 0;
}

/* What auto passes over is not possible, and what it takes is. */
static void
test_auto_is_the_first(void **state)
{
	enum plan_count best, m;
	struct err e = { 0 };

	(void)state;
	assert_int_equal(counting_choose(&c, &g, PLAN_COUNT_AUTO, &e), 0);
	best = c.mode;
	assert_true(best <= PLAN_COUNT_NONE);
	assert_int_equal(c.why.len == 0, best == PLAN_COUNT_CGROUP);
	assert_int_equal(c.group != NULL, best == PLAN_COUNT_CGROUP);
	for (m = PLAN_COUNT_CGROUP; m < best; m++)
		assert_non_null(strstr(str_text(&c.why), plan_count_words[m]));
	counting_free(&c);
	for (m = PLAN_COUNT_CGROUP; m <= best; m++) {
		err_clear(&e);
		assert_int_equal(counting_choose(&c, &g, m, &e),
		    m < best ? -1 : 0);
		assert_int_equal(e.set, m < best);
		counting_free(&c);
	}
}

static void
test_into_a_launch(void **state)
{
	struct protocol_launch l;
	struct err e = { 0 };

	(void)state;
	memset(&l, 0, sizeof(l));
	c.mode = PLAN_COUNT_TASK;
	counting_put(&c, &l);
	assert_null(l.count_mode);	/* nothing to count */
	protocol_add_event(&l)->name = strdup("x");
	counting_put(&c, &l);
	assert_string_equal(l.count_mode, "task");
	assert_null(l.count_group);
	protocol_launch_free(&l);
	protocol_add_event(&l)->name = strdup("x");
	assert_int_equal(counting_choose(&c, &g, PLAN_COUNT_NONE, &e), 0);
	counting_put(&c, &l);
	assert_null(l.count_mode);
	protocol_launch_free(&l);
}

/* Text of a small file. */
static const char *text_of(const char *fmt, ...)
    __attribute__((format(printf, 1, 2)));

static const char *
text_of(const char *fmt, ...)
{
	static char text[4096];
	char path[4096];
	size_t n = 0;
	va_list ap;
	FILE *f;

	va_start(ap, fmt);
	vsnprintf(path, sizeof(path), fmt, ap);
	va_end(ap);
	f = fopen(path, "r");
	if (f != NULL) {
		n = fread(text, 1, sizeof(text) - 1, f);
		fclose(f);
	}
	text[n] = '\0';
	return text;
}

/* Or the test is not for this machine. */
static void
need_group(void)
{
	struct err e = { 0 };

	if (counting_choose(&c, &g, PLAN_COUNT_CGROUP, &e) != 0) {
		print_message("%s\n", e.text);
		skip();
	}
	assert_int_equal(access(c.group, F_OK), 0);
}

static bool
cell_is_in_group(void)
{
	struct guard_ended ended;
	struct err e = { 0 };
	char pid[32], *at;
	int in[2], n, k;
	bool is_in;

	assert_int_equal(os_pipe(in), 0);
	snprintf(pid, sizeof(pid), "%ld", (long)guard_launch(&g, "/bin/cat",
	    "-", in[0], STDERR_FILENO, STDERR_FILENO, &e));
	assert_false(e.set);
	/* It moves before it becomes the program, which may take a while. */
	for (k = 0; k < 500; k++) {
		if (strcmp(text_of("/proc/%s/comm", pid), "cat\n") == 0)
			break;
		os_sleep_until(os_now_ns() + 10000000);
	}
	at = strstr(text_of("%s/cgroup.procs", c.group), pid);
	is_in = at != NULL;
	close(in[0]);
	close(in[1]);
	for (k = 0; k < 500 && (n = guard_read(&g, &ended)) == 0; k++)
		os_sleep_until(os_now_ns() + 10000000);
	assert_int_equal(n, 1);
	return is_in;
}

static void
test_cells_are_in_the_group(void **state)
{
	struct err e = { 0 };
	char *path;

	(void)state;
	need_group();
	assert_true(cell_is_in_group());
	assert_int_equal(counting_again(&c, &g, &e), 0);
	assert_true(cell_is_in_group());
	path = strdup(c.group);
	/* And in none when that is asked for. */
	assert_int_equal(guard_group(&g, NULL, &e), 0);
	assert_int_equal(access(path, F_OK), -1);
	assert_false(cell_is_in_group());
	free(path);
}

static void
test_group_ends_with_the_guardian(void **state)
{
	(void)state;
	need_group();
	guard_stop(&g);
	assert_int_equal(access(c.group, F_OK), -1);
}

static void
test_group_of_a_killed_guardian(void **state)
{
	(void)state;
	need_group();
	kill(g.pid, SIGKILL);
	guard_stop(&g);
	assert_int_equal(access(c.group, F_OK), -1);
}

/* What a run has left of which nobody is alive. */
static void
test_orphans_are_removed(void **state)
{
	struct err e = { 0 };
	char path[4096];
	pid_t pid;

	(void)state;
	need_group();
	pid = fork();
	if (pid == 0)
		_exit(0);
	assert_int_equal(os_group_path(pid, path, sizeof(path)), 0);
	assert_int_equal(os_group_make(path), 0);
	/* Its owner has not been reaped: it is still somebody. */
	assert_int_equal(counting_again(&c, &g, &e), 0);
	assert_int_equal(access(path, F_OK), 0);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	assert_int_equal(counting_again(&c, &g, &e), 0);
	assert_int_equal(access(path, F_OK), -1);
}

static void
test_not_any_path(void **state)
{
	struct err e = { 0 };

	(void)state;
	assert_int_equal(guard_group(&g, "/nonexistent/vmstress-1", &e), -1);
	assert_int_not_equal(e.num, 0);
	assert_string_equal(g.group, "");
	/* Nothing but a group of ours is ever made or removed. */
	err_clear(&e);
	assert_int_equal(guard_group(&g, "/tmp", &e), -1);
	assert_int_equal(os_group_remove("/tmp/vmstress.no", 0), -1);
	assert_true(errno == EINVAL || errno == ENOTSUP);
	assert_int_equal(os_group_make("/tmp/vmstress.no"), -1);
	assert_true(errno == EINVAL || errno == ENOTSUP);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, start, stop)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_auto_is_the_first),
		TEST(test_into_a_launch),
		TEST(test_cells_are_in_the_group),
		TEST(test_group_ends_with_the_guardian),
		TEST(test_group_of_a_killed_guardian),
		TEST(test_orphans_are_removed),
		TEST(test_not_any_path),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
