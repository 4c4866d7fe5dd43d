/* SPDX-License-Identifier: BSD-2-Clause */
/* Programs of others: what they say, how they end, and that they end. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "boot/command.h"
#include "os/os.h"
#include "run/interrupt.h"

#define SECOND 1000000000ull

static int
shell(const char *script, uint64_t timeout_ns, struct str *output,
    struct err *e)
{
	char *argv[] = { "sh", "-c", (char *)script, NULL };

	return command_run(argv, NULL, timeout_ns, output, e);
}

static void
fails(const char *script, uint64_t timeout_ns, const char *text)
{
	struct err e = { 0 };

	assert_int_equal(shell(script, timeout_ns, NULL, &e), -1);
	assert_string_equal(e.text, text);
}

static void
output_is_kept_and_errors_are_not_in_it(void **state)
{
	struct str out = { 0 };
	struct err e = { 0 };

	(void)state;
	assert_int_equal(shell("echo one; echo two >&2; printf three", 0, &out,
	    &e), 0);
	assert_string_equal(str_text(&out), "one\nthree");
	/* What was there before is not. */
	assert_int_equal(shell(":", 0, &out, &e), 0);
	assert_string_equal(str_text(&out), "");
	assert_false(e.set);
	str_free(&out);
}

static void
standard_input_is_empty(void **state)
{
	struct str out = { 0 };
	struct err e = { 0 };

	(void)state;
	assert_int_equal(shell("cat; echo end", 10 * SECOND, &out, &e), 0);
	assert_string_equal(str_text(&out), "end\n");
	str_free(&out);
}

static void
it_runs_in_a_folder_and_speaks_english(void **state)
{
	char *argv[] = { "sh", "-c", "pwd; echo $LC_ALL \"$1\"", "sh", "a  b",
	    NULL };
	struct str out = { 0 };
	struct err e = { 0 };

	(void)state;
	setenv("LC_ALL", "xx_XX", 1);
	assert_int_equal(command_run(argv, "/", 0, &out, &e), 0);
	assert_string_equal(str_text(&out), "/\nC a  b\n");
	unsetenv("LC_ALL");
	str_free(&out);
}

static void
a_folder_that_is_not_there_is_an_error(void **state)
{
	char *argv[] = { "true", NULL };
	struct err e = { 0 };

	(void)state;
	assert_int_equal(command_run(argv, "/nowhere", 0, NULL, &e), -1);
	assert_non_null(strstr(e.text, "true ended with status "));
	assert_non_null(strstr(e.text, "/nowhere"));
}

static void
a_failure_is_told_with_the_last_lines(void **state)
{
	(void)state;
	fails("exit 3", 0, "sh ended with status 3");
	fails("echo out; echo 'E: no such' >&2; exit 100", 0,
	    "sh ended with status 100: E: no such");
	fails("printf 'a\\nb\\n\\nc\\r\\nd\\ne\\n\\n' >&2; exit 1", 0,
	    "sh ended with status 1: c; d; e");
	fails("printf 'bell \\a\\n' >&2; exit 1", 0,
	    "sh ended with status 1: bell \\x07");
	fails("kill -TERM $$", 0, "sh killed by signal 15 (Terminated)");
}

static void
of_many_errors_the_end_is_told(void **state)
{
	struct err e = { 0 };

	(void)state;
	assert_int_equal(shell("i=0; while [ $i -lt 2000 ]; do echo line $i; "
	    "i=$((i + 1)); done >&2; exit 1", 0, NULL, &e), -1);
	assert_string_equal(e.text, "sh ended with status 1: line 1996; "
	    "line 1997; line 1998; line 1999");
}

static void
output_has_a_limit(void **state)
{
	struct str out = { 0 };
	struct err e = { 0 };

	(void)state;
	assert_int_equal(shell("head -c 9000000 /dev/zero", 0, &out, &e), 0);
	assert_int_equal(out.len, 4 << 20);
	str_free(&out);
}

static void
who_takes_too_long_is_killed(void **state)
{
	uint64_t start = os_now_ns();

	(void)state;
	fails("sleep 60", SECOND, "sh: killed, not ready after 1 s");
	fails("sleep 60 & wait", SECOND, "sh: killed, not ready after 1 s");
	fails("exec >&- 2>&-; exec sleep 60", SECOND,
	    "sh: killed, not ready after 1 s");
	fails("exec yes", SECOND, "sh: killed, not ready after 1 s");
	assert_true(os_now_ns() - start < 500 * SECOND);
}

/* The end of a pipe is told when nobody is left who could write to it. */
static void
what_it_has_started_is_killed_with_it(void **state)
{
	struct pollfd p = { .events = POLLIN };
	int fds[2];
	char c;

	(void)state;
	assert_int_equal(pipe(fds), 0);
	fails("sleep 60 & wait", SECOND, "sh: killed, not ready after 1 s");
	close(fds[1]);
	p.fd = fds[0];
	assert_int_equal(poll(&p, 1, 100000), 1);
	assert_int_equal(read(fds[0], &c, 1), 0);
	close(fds[0]);
}

static void
an_interrupt_ends_it(void **state)
{
	(void)state;
	/* Who runs the tests may ignore it, and what is ignored stays so. */
	signal(SIGINT, SIG_DFL);
	interrupt_catch();
	fails("kill -INT $PPID; sleep 60", 0, "sh: interrupted");
	/* One that came before is none. */
	fails("exit 3", 0, "sh ended with status 3");
}

static void
what_is_left_behind_is_not_waited_for(void **state)
{
	struct str out = { 0 };
	struct err e = { 0 };

	(void)state;
	assert_int_equal(shell("sleep 60 & echo $!", 500 * SECOND, &out, &e),
	    0);
	assert_true(atoi(str_text(&out)) > 1);
	kill(atoi(str_text(&out)), SIGKILL);
	str_free(&out);
}

static void
a_program_that_is_not_there_is_named(void **state)
{
	char *argv[] = { "no-such-program", NULL };
	struct err e = { 0 };

	(void)state;
	assert_int_equal(command_run(argv, NULL, 0, NULL, &e), -1);
	assert_string_equal(e.text,
	    "no-such-program: there is no such program here");
}

static void
programs_are_found_as_a_shell_finds_them(void **state)
{
	char *old = strdup(getenv("PATH")), *path;

	(void)state;
	path = command_find("/bin/sh");
	assert_string_equal(path, "/bin/sh");
	free(path);
	assert_null(command_find(""));
	assert_null(command_find("/bin"));
	assert_null(command_find("/etc/passwd"));
	assert_null(command_find("no-such-program"));
	setenv("PATH", "/nowhere:/bin", 1);
	path = command_find("sh");
	assert_string_equal(path, "/bin/sh");
	free(path);
	setenv("PATH", "/nowhere", 1);
	assert_null(command_find("sh"));
	setenv("PATH", old, 1);
	free(old);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(output_is_kept_and_errors_are_not_in_it),
		cmocka_unit_test(standard_input_is_empty),
		cmocka_unit_test(it_runs_in_a_folder_and_speaks_english),
		cmocka_unit_test(a_folder_that_is_not_there_is_an_error),
		cmocka_unit_test(a_failure_is_told_with_the_last_lines),
		cmocka_unit_test(of_many_errors_the_end_is_told),
		cmocka_unit_test(output_has_a_limit),
		cmocka_unit_test(who_takes_too_long_is_killed),
		cmocka_unit_test(what_it_has_started_is_killed_with_it),
		cmocka_unit_test(an_interrupt_ends_it),
		cmocka_unit_test(what_is_left_behind_is_not_waited_for),
		cmocka_unit_test(a_program_that_is_not_there_is_named),
		cmocka_unit_test(programs_are_found_as_a_shell_finds_them),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
