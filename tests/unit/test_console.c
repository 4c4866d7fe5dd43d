/* SPDX-License-Identifier: BSD-2-Clause */
/* Logs of kernels that grow, and what is found in them. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "boot/console.h"
#include "scratch_file.h"

static struct console console;

static int
setup(void **state)
{
	struct err e = { 0 };

	(void)state;
	scratch_begin();
	scratch_put("", 0);
	return console_open(&console, scratch_path, &e);
}

static int
teardown(void **state)
{
	(void)state;
	console_close(&console);
	scratch_end();
	return 0;
}

/* More of the log, and it is looked at. */
static void
grow_by(const char *bytes, size_t len)
{
	FILE *f = fopen(scratch_path, "a");

	assert_non_null(f);
	assert_int_equal(fwrite(bytes, 1, len, f), len);
	assert_int_equal(fclose(f), 0);
	assert_int_equal(console_look(&console), 0);
}

static void
grow(const char *text)
{
	grow_by(text, strlen(text));
}

/* The tail, its lines parted by '|'. */
static void
tail_is(const char *want)
{
	size_t i, n = 99;
	char **tail = console_tail(&console, &n), text[4096] = "";

	for (i = 0; i < n; i++) {
		snprintf(text + strlen(text), sizeof(text) - strlen(text),
		    "%s%s", i > 0 ? "|" : "", tail[i]);
		free(tail[i]);
	}
	free(tail);
	assert_string_equal(text, want);
}

static void
nothing_has_come(void **state)
{
	(void)state;
	assert_int_equal(console_look(&console), 0);
	assert_int_equal(console.bytes, 0);
	assert_null(console_last(&console));
	tail_is("");
}

static void
a_log_that_is_not_there_is_an_error(void **state)
{
	struct console c;
	struct err e = { 0 };

	(void)state;
	assert_int_equal(console_open(&c, "/nowhere/log", &e), -1);
	assert_string_equal(e.text, "/nowhere/log: cannot follow the log: "
	    "No such file or directory");
	console_close(&c);
}

static void
it_is_followed_while_it_grows(void **state)
{
	(void)state;
	grow("one\ntw");
	assert_string_equal(console_last(&console), "one");
	tail_is("one|tw");
	grow("o\nthree\n");
	assert_string_equal(console_last(&console), "three");
	tail_is("one|two|three");
	assert_int_equal(console.bytes, 14);
}

/* What is torn is put together before it is looked at. */
static void
a_panic_that_comes_byte_by_byte(void **state)
{
	static const char text[] =
	    "[    1.234567] Kernel panic - not syncing: VFS: no root\n";
	size_t i;

	(void)state;
	for (i = 0; i + 1 < sizeof(text); i++) {
		assert_null(console.panic);
		grow_by(text + i, 1);
	}
	assert_string_equal(console.panic, "VFS: no root");
}

static void
the_first_panic_counts(void **state)
{
	(void)state;
	grow("[    1.0] Kernel panic - not syncing: one\n"
	    "[    1.1] CPU: 0 PID: 1 Comm: init\n"
	    "[    1.2] ---[ end Kernel panic - not syncing: one ]---\n"
	    "[    1.3] Kernel panic - not syncing: two\n");
	assert_string_equal(console.panic, "one");
	assert_null(console.oops);
	assert_int_equal(console.warnings, 0);
}

static void
a_panic_without_a_reason(void **state)
{
	(void)state;
	grow("Kernel panic - not syncing:  \n");
	assert_string_equal(console.panic, "no reason given");
}

static void
an_oops_comes_before_the_panic(void **state)
{
	(void)state;
	grow("[    2.1] BUG: kernel NULL pointer dereference, address: 0\n"
	    "[    2.2] #PF: supervisor read access in kernel mode\n"
	    "[    2.3] Oops: 0000 [#1] PREEMPT SMP\n"
	    "[    2.4] Kernel panic - not syncing: Fatal exception\n");
	assert_string_equal(console.oops,
	    "BUG: kernel NULL pointer dereference, address: 0");
	assert_string_equal(console.panic, "Fatal exception");
}

static void
of_what_keeps_it_busy_the_last_counts(void **state)
{
	(void)state;
	grow("watchdog: BUG: soft lockup - CPU#1 stuck for 26s! [a:1]\n");
	assert_string_equal(console.stuck,
	    "watchdog: BUG: soft lockup - CPU#1 stuck for 26s! [a:1]");
	grow("rcu: INFO: rcu_preempt detected stalls on CPUs/tasks:\n");
	assert_string_equal(console.stuck,
	    "rcu: INFO: rcu_preempt detected stalls on CPUs/tasks:");
	grow("[ 244.0] INFO: task b:77 blocked for more than 120 seconds.\n");
	assert_string_equal(console.stuck,
	    "INFO: task b:77 blocked for more than 120 seconds.");
	assert_null(console.panic);
	assert_null(console.oops);
}

static void
warnings_are_counted_and_the_first_is_kept(void **state)
{
	(void)state;
	grow("[    3.0] ------------[ cut here ]------------\n"
	    "[    3.0] WARNING: CPU: 0 PID: 1 at mm/a.c:7 f+0x1/0x2\n"
	    "[    3.1] Modules linked in:\n"
	    "[    4.0] ------------[ cut here ]------------\n"
	    "[    4.0] WARNING: CPU: 1 PID: 2 at mm/b.c:8 g+0x1/0x2\n");
	assert_int_equal(console.warnings, 2);
	assert_string_equal(console.warning,
	    "WARNING: CPU: 0 PID: 1 at mm/a.c:7 f+0x1/0x2");
	assert_null(console.oops);
	grow("BUG: Bad page state in process c  pfn:1\n");
	assert_int_equal(console.warnings, 3);
	assert_string_equal(console.oops,
	    "BUG: Bad page state in process c  pfn:1");
}

static void
ordinary_lines_are_no_news(void **state)
{
	(void)state;
	grow("[    0.0] Linux version 6.1.0\n"
	    "[    0.1] Warning: unable to open an initial console.\n"
	    "debug: kernel panic is not meant here\n"
	    "Kernel command line: panic=-1 oops=panic\n");
	assert_null(console.panic);
	assert_null(console.oops);
	assert_null(console.stuck);
	assert_null(console.warning);
	assert_int_equal(console.warnings, 0);
}

static void
twenty_lines_are_kept(void **state)
{
	char line[16];
	int i;

	(void)state;
	for (i = 1; i <= 45; i++) {
		snprintf(line, sizeof(line), "%d\n", i);
		grow(line);
	}
	tail_is("26|27|28|29|30|31|32|33|34|35|36|37|38|39|40|41|42|43|44|45");
	grow("it died in this");
	tail_is("26|27|28|29|30|31|32|33|34|35|36|37|38|39|40|41|42|43|44|45|"
	    "it died in this");
	assert_string_equal(console_last(&console), "45");
}

static void
empty_lines_are_not_kept(void **state)
{
	(void)state;
	grow("one\r\n\r\n\n   \ntwo\r\n");
	tail_is("one|two");
}

static void
no_byte_drives_a_terminal(void **state)
{
	static const char bytes[] = "a\0b\x1b[31m\xff\\c\tend\n\x07";

	(void)state;
	grow_by(bytes, sizeof(bytes) - 1);
	tail_is("ab\\x1b[31m\\xff\\x5cc\\x09end|\\x07");
	assert_string_equal(console_last(&console),
	    "ab\\x1b[31m\\xff\\x5cc\\x09end");
	grow("\nKernel panic - not syncing: \x1b]0;x\x07\n");
	assert_string_equal(console.panic, "\\x1b]0;x\\x07");
}

static void
a_long_line_is_cut(void **state)
{
	char text[5000];

	(void)state;
	memset(text, 'x', sizeof(text));
	grow_by(text, sizeof(text));
	grow("\nshort\n");
	assert_int_equal(console.lines, 2);
	assert_int_equal(strlen(console.tail[0]), 1000);
	assert_string_equal(console_last(&console), "short");
	assert_int_equal(console.bytes, 5007);
}

/* The file is a hole, which takes no disk. */
static void
a_log_without_end_is_seen(void **state)
{
	(void)state;
	assert_int_equal(truncate(scratch_path, CONSOLE_BYTES_MAX), 0);
	assert_int_equal(console_look(&console), 0);
	assert_int_equal(truncate(scratch_path, CONSOLE_BYTES_MAX + 1), 0);
	assert_int_equal(console_look(&console), -1);
	assert_int_equal(console_look(&console), -1);
	/* However long it is, it is not read further. */
	assert_int_equal(truncate(scratch_path, CONSOLE_BYTES_MAX * 16), 0);
	assert_int_equal(console_look(&console), -1);
	assert_true(console.bytes <= CONSOLE_BYTES_MAX + 65536);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(nothing_has_come),
		TEST(a_log_that_is_not_there_is_an_error),
		TEST(it_is_followed_while_it_grows),
		TEST(a_panic_that_comes_byte_by_byte),
		TEST(the_first_panic_counts),
		TEST(a_panic_without_a_reason),
		TEST(an_oops_comes_before_the_panic),
		TEST(of_what_keeps_it_busy_the_last_counts),
		TEST(warnings_are_counted_and_the_first_is_kept),
		TEST(ordinary_lines_are_no_news),
		TEST(twenty_lines_are_kept),
		TEST(empty_lines_are_not_kept),
		TEST(no_byte_drives_a_terminal),
		TEST(a_long_line_is_cut),
		TEST(a_log_without_end_is_seen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
