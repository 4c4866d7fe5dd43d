/* SPDX-License-Identifier: BSD-2-Clause */
/* Which limit it was, told from tables of limits. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "os/refusal.h"

static const struct os_limit *table;

static void
limits_of_table(os_limit_fn *fn, void *arg)
{
	const struct os_limit *l;

	for (l = table; l->name != NULL; l++)
		fn(arg, l);
}

static void
explains(const struct os_limit *limits, const char *call, int errnum,
    const char *wanted)
{
	char text[256];

	table = limits;
	refusal_explain(text, sizeof(text), call, errnum, limits_of_table);
	assert_string_equal(text, wanted);
}

/* "CALL: the text of the error" and what comes after it. */
static void
explains_not(const struct os_limit *limits, const char *call, int errnum,
    const char *after)
{
	char wanted[256];

	snprintf(wanted, sizeof(wanted), "%s: %s%s", call, strerror(errnum),
	    after);
	explains(limits, call, errnum, wanted);
}

#define ROW(n, c, v, u) { .name = n, .counts = c, .value = v, .used = u }
#define NONE UINT64_MAX

static void
the_limit_that_is_used_up_is_named(void **state)
{
	static const struct os_limit limits[] = {
		ROW("RLIMIT_NPROC", OS_COUNTS_TASKS, NONE, 0),
		ROW("RLIMIT_NOFILE", OS_COUNTS_FDS, 256, 0),
		ROW("kernel.pid_max", OS_COUNTS_TASKS, 32768, 612),
		ROW("fs.nr_open", OS_COUNTS_FDS, 1048576, 0),
		ROW("cgroup pids.max", OS_COUNTS_TASKS, 500, 500),
		ROW("cgroup pids.max", OS_COUNTS_TASKS, 4000, 611),
		{ 0 }
	};

	(void)state;
	explains(limits, "fork", EAGAIN,
	    "fork: cgroup pids.max is 500 (500 in use)");
	explains(limits, "clone", EAGAIN,
	    "clone: cgroup pids.max is 500 (500 in use)");
	explains(limits, "pipe", EMFILE, "pipe: RLIMIT_NOFILE is 256");
}

static void
numbers_that_a_system_keeps_back_count_as_used(void **state)
{
	static const struct os_limit limits[] = {
		ROW("kernel.pid_max", OS_COUNTS_TASKS, 32768, 32469),
		ROW("kernel.threads-max", OS_COUNTS_TASKS, 192731, 32469),
		{ 0 }
	};

	(void)state;
	explains(limits, "fork", EAGAIN,
	    "fork: kernel.pid_max is 32768 (32469 in use)");
}

static void
the_nearest_of_several_is_named(void **state)
{
	static const struct os_limit limits[] = {
		ROW("kernel.pid_max", OS_COUNTS_TASKS, 4096, 4010),
		ROW("cgroup pids.max", OS_COUNTS_TASKS, 4000, 3999),
		ROW("kernel.threads-max", OS_COUNTS_TASKS, 4050, 4010),
		{ 0 }
	};

	(void)state;
	explains(limits, "fork", EAGAIN,
	    "fork: cgroup pids.max is 4000 (3999 in use)");
}

/* More in use than allowed is what a limit that was lowered looks like. */
static void
a_limit_that_is_exceeded_is_used_up(void **state)
{
	static const struct os_limit limits[] = {
		ROW("fs.file-max", OS_COUNTS_FILES, 1000, 1300),
		ROW("fs.pipe-user-pages-hard", OS_COUNTS_PIPE_PAGES, 64, 0),
		{ 0 }
	};

	(void)state;
	explains(limits, "open", ENFILE,
	    "open: fs.file-max is 1000 (1300 in use)");
}

static void
what_is_not_used_up_is_not_blamed(void **state)
{
	static const struct os_limit limits[] = {
		ROW("RLIMIT_NPROC", OS_COUNTS_TASKS, 96365, 0),
		ROW("kernel.pid_max", OS_COUNTS_TASKS, 32768, 600),
		ROW("vm.max_map_count", OS_COUNTS_MAPPINGS, 65530, 20),
		ROW("vm.overcommit_memory", OS_COUNTS_MEMORY, 1ull << 34, 0),
		{ 0 }
	};
	static const struct os_limit exempt[] = {
		ROW("RLIMIT_NPROC", OS_COUNTS_TASKS, NONE, 0),
		{ 0 }
	};
	static const struct os_limit counted[] = {
		ROW("RLIMIT_NPROC", OS_COUNTS_TASKS, 96365, 100),
		{ 0 }
	};

	(void)state;
	explains_not(limits, "fork", EAGAIN, " (RLIMIT_NPROC is 96365)");
	explains_not(exempt, "fork", EAGAIN, "");
	explains_not(counted, "fork", EAGAIN, "");
	explains_not(limits, "fork", ENOMEM, "");
	explains_not(limits, "mmap", ENOMEM, "");
	explains_not(limits, "fork", EINTR, "");
}

static void
the_kind_follows_from_the_error_and_the_call(void **state)
{
	static const struct os_limit limits[] = {
		ROW("kernel.pid_max", OS_COUNTS_TASKS, 1000, 1000),
		ROW("vm.max_map_count", OS_COUNTS_MAPPINGS, 65530, 65531),
		ROW("cgroup memory.max", OS_COUNTS_MEMORY, 512 << 20,
		    511 << 20),
		ROW("RLIMIT_MEMLOCK", OS_COUNTS_LOCKED, 65536, 0),
		{ 0 }
	};

	(void)state;
	explains(limits, "fork", EAGAIN,
	    "fork: kernel.pid_max is 1000 (1000 in use)");
	explains(limits, "mmap", ENOMEM,
	    "mmap: vm.max_map_count is 65530 (65531 in use)");
	explains(limits, "fork", ENOMEM,
	    "fork: cgroup memory.max is 512 MiB (511 MiB in use)");
	explains(limits, "mmap", EAGAIN, "mmap: RLIMIT_MEMLOCK is 64.0 KiB");
}

static void
pipes_have_limits_of_their_own(void **state)
{
	static const struct os_limit limits[] = {
		ROW("fs.file-max", OS_COUNTS_FILES, 2466183, 1200),
		{ .name = "fs.pipe-user-pages-soft", .soft = true,
		  .counts = OS_COUNTS_PIPE_PAGES, .value = 16384 },
		ROW("fs.pipe-user-pages-hard", OS_COUNTS_PIPE_PAGES, 20000, 0),
		{ 0 }
	};

	(void)state;
	explains(limits, "pipe", ENFILE,
	    "pipe: fs.pipe-user-pages-hard is 20000");
	explains(limits, "fcntl", EPERM,
	    "fcntl: fs.pipe-user-pages-soft is 16384");
}

static void
a_long_name_is_cut_not_overrun(void **state)
{
	static const struct os_limit limits[] = {
		ROW("RLIMIT_NOFILE", OS_COUNTS_FDS, 256, 0),
		{ 0 }
	};
	char text[20] = "";

	(void)state;
	table = limits;
	refusal_explain(text, 16, "pipe", EMFILE, limits_of_table);
	assert_string_equal(text, "pipe: RLIMIT_NO");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_limit_that_is_used_up_is_named),
		cmocka_unit_test(numbers_that_a_system_keeps_back_count_as_used),
		cmocka_unit_test(the_nearest_of_several_is_named),
		cmocka_unit_test(a_limit_that_is_exceeded_is_used_up),
		cmocka_unit_test(what_is_not_used_up_is_not_blamed),
		cmocka_unit_test(the_kind_follows_from_the_error_and_the_call),
		cmocka_unit_test(pipes_have_limits_of_their_own),
		cmocka_unit_test(a_long_name_is_cut_not_overrun),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
