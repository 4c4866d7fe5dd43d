/* SPDX-License-Identifier: BSD-2-Clause */
/* How a boot ended: every way, in its whole sentence. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

/* Before cmocka, whose macros fail() and skip() are names of members here. */
#include "workload.h"

#include <cmocka.h>

#include "base/mem.h"
#include "boot/session_state.h"
#include "scratch_folder.h"

#define SECOND UINT64_C(1000000000)
/* As wait() has them. */
#define EXITED(n) ((n) << 8)

/* What is known at the end; what is not said is nothing. */
struct row {
	enum session_stage stage;
	enum session_killed killed;
	int status;
	const char *launch;		/* the 3rd of 16 */
	const char *log;		/* of the kernel */
	const char *said;		/* by the runner */
	bool log_is_stderr, again;
	uint64_t lost;			/* messages */
	const char *end;		/* what the guest said; "": ok */
	const char *protocol;
	/* The judgement. */
	enum campaign_state state;
	const char *how, *reason;
};

/* The log goes through the scanner, so that the two fit together. */
static void
read_log(struct session_state *s, const char *text)
{
	const char *path = scratch_text("log", text != NULL ? text : "");
	struct err e = { 0 };

	assert_int_equal(console_open(&s->console, path, &e), 0);
	assert_int_equal(console_look(&s->console), 0);
}

static void
check(const struct row *row)
{
	struct runner runner = { .log_is_stderr = row->log_is_stderr };
	struct runner_boot boot = { .log = scratch_in("log") };
	struct session session = {
		.runner = &runner, .boot = &boot,
		.said = scratch_text("said", row->said != NULL ? row->said : ""),
		.boot_timeout_ns = 90 * SECOND,
	};
	struct session_state s = {
		.session = &session, .stage = row->stage,
		.killed = row->killed, .again = row->again, .ended = { .status = row->status },
		.wire = { .lost = row->lost },
		.launch_text = mem_strdup(row->launch != NULL ? row->launch :
		    ""), .k = 3, .n = 16,
		.ok = row->end != NULL && row->end[0] == '\0',
		.why = mem_strdup(row->end != NULL ? row->end : ""),
	};
	struct session_end end = { 0 };

	arguments_add(&s.arguments, "/usr/bin/qemu");
	if (row->protocol != NULL)
		err_set(&s.protocol, "%s", row->protocol);
	read_log(&s, row->log);
	session_judge(&s, &end);
	assert_string_equal(end.reason, row->reason);
	assert_int_equal(end.state, row->state);
	if (row->how == NULL)
		assert_null(end.how);
	else
		assert_string_equal(end.how, row->how);
	if (row->state != CAMPAIGN_LOST)
		assert_int_equal(end.ntail, 0);
	session_end_free(&end);
	console_close(&s.console);
	arguments_free(&s.arguments);
	free(s.launch_text);
	free(s.why);
}

#define CHECK(rows)							\
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)	\
		check(&rows[i])

#define OOPS "[ 2.0] BUG: unable to handle page fault for address: 7\n"
#define PANIC "[ 2.1] Kernel panic - not syncing: Fatal exception\n"

static void
whoever_says_ok_has_a_result(void **state)
{
	static const struct row rows[] = {
		{ .stage = SESSION_OVER, .end = "", .log = "Linux\n",
		    .state = CAMPAIGN_RESULT, .reason = "" },
		/* A machine that cannot turn itself off is no loss. */
		{ .stage = SESSION_OVER, .end = "",
		    .killed = SESSION_KILLED_LATE, .status = 9,
		    .state = CAMPAIGN_RESULT, .reason = "" },
		{ .stage = SESSION_OVER, .end = "",
		    .log = "[ 1.0] WARNING: CPU: 0 PID: 1 at a.c:1 f\n",
		    .state = CAMPAIGN_RESULT,
		    .reason = "the kernel's log has 1 report, the first: "
		    "WARNING: CPU: 0 PID: 1 at a.c:1 f" },
		{ .stage = SESSION_OVER, .end = "", .log = OOPS OOPS,
		    .state = CAMPAIGN_RESULT,
		    .reason = "the kernel's log has 2 reports, the first: BUG: "
		    "unable to handle page fault for address: 7" },
	};

	(void)state;
	CHECK(rows);
}

static void
a_benchmark_may_fail(void **state)
{
	static const struct row rows[] = {
		{ .stage = SESSION_OVER, .end = "1 of 2 launches failed: x",
		    .state = CAMPAIGN_FAILED,
		    .reason = "1 of 2 launches failed: x" },
		{ .stage = SESSION_OVER, .state = CAMPAIGN_FAILED,
		    .reason = "no reason given" },
		{ .stage = SESSION_OVER, .end = "", .lost = 2,
		    .state = CAMPAIGN_FAILED,
		    .reason = "2 messages of the guest were lost or came "
		    "damaged: the record is not whole" },
		{ .stage = SESSION_OVER, .end = "", .lost = 1,
		    .state = CAMPAIGN_FAILED,
		    .reason = "1 message of the guest was lost or came "
		    "damaged: the record is not whole" },
		{ .stage = SESSION_IDLE, .protocol = "the guest speaks 'x'",
		    .killed = SESSION_KILLED_LATE, .log = PANIC,
		    .state = CAMPAIGN_FAILED, .reason = "the guest speaks 'x'" },
	};

	(void)state;
	CHECK(rows);
}

static void
interrupted_is_no_judgement(void **state)
{
	static const struct row rows[] = {
		{ .stage = SESSION_LAUNCH, .launch = "zfod",
		    .killed = SESSION_KILLED_INTERRUPT, .status = 9,
		    .state = CAMPAIGN_INTERRUPTED, .reason = "" },
		{ .stage = SESSION_BOOTING, .log = OOPS PANIC,
		    .killed = SESSION_KILLED_INTERRUPT, .status = 9,
		    .state = CAMPAIGN_INTERRUPTED, .reason = "" },
	};

	(void)state;
	CHECK(rows);
}

/* However it was ended then: reset, killed, or by its runner. */
static void
a_panic_is_lost_with_its_place(void **state)
{
	static const struct row rows[] = {
		{ .stage = SESSION_BOOTING,
		    .log = "[ 1.0] Kernel panic - not syncing: VFS: no root\n",
		    .state = CAMPAIGN_LOST, .how = "panic",
		    .reason = "kernel panic while booting: VFS: no root" },
		{ .stage = SESSION_LAUNCH, .launch = "fork x2, launch 1/3",
		    .log = PANIC, .killed = SESSION_KILLED_LATE, .status = 9,
		    .state = CAMPAIGN_LOST, .how = "panic",
		    .reason = "kernel panic in fork x2, launch 1/3 (3 of 16): "
		    "Fatal exception" },
		{ .stage = SESSION_IDLE, .log = PANIC, .status = EXITED(1),
		    .state = CAMPAIGN_LOST, .how = "panic",
		    .reason = "kernel panic between launches: "
		    "Fatal exception" },
		/* The guest had said ok: the kernel died all the same. */
		{ .stage = SESSION_OVER, .end = "", .log = PANIC,
		    .state = CAMPAIGN_LOST, .how = "panic",
		    .reason = "kernel panic while turning itself off: "
		    "Fatal exception" },
		{ .stage = SESSION_LAUNCH, .launch = "fork x1",
		    .log = OOPS PANIC, .killed = SESSION_KILLED_FLOOD,
		    .state = CAMPAIGN_LOST, .how = "oops",
		    .reason = "kernel panic in fork x1 (3 of 16): Fatal "
		    "exception; before it: BUG: unable to handle page fault "
		    "for address: 7" },
	};

	(void)state;
	CHECK(rows);
}

static void
a_kernel_may_be_silent(void **state)
{
	static const struct row rows[] = {
		{ .stage = SESSION_BOOTING, .killed = SESSION_KILLED_LATE,
		    .status = 9, .state = CAMPAIGN_LOST, .how = "silent",
		    .reason = "the kernel printed nothing within 1 min 30 s: has "
		    "it a console on the serial line "
		    "(CONFIG_SERIAL_8250_CONSOLE), and does it boot at all?" },
	};

	(void)state;
	CHECK(rows);
}

static void
a_machine_may_hang(void **state)
{
	static const struct row rows[] = {
		{ .stage = SESSION_BOOTING, .killed = SESSION_KILLED_LATE,
		    .status = 9, .log = "[ 0.1] one\n[ 0.2] two\n",
		    .state = CAMPAIGN_LOST, .how = "hang",
		    .reason = "the guest did not start within 1 min 30 s; the last "
		    "line of its log: [ 0.2] two" },
		/* It printed something, though no line. */
		{ .stage = SESSION_BOOTING, .killed = SESSION_KILLED_LATE,
		    .status = 9, .log = "\n", .state = CAMPAIGN_LOST,
		    .how = "hang",
		    .reason = "the guest did not start within 1 min 30 s" },
		{ .stage = SESSION_LAUNCH, .killed = SESSION_KILLED_LATE,
		    .status = 9, .launch = "futex x4",
		    .log = "watchdog: BUG: soft lockup - CPU#0 stuck for 26s!\n"
		    "Modules linked in:\n", .state = CAMPAIGN_LOST,
		    .how = "hang",
		    .reason = "the machine hangs in futex x4 (3 of 16): "
		    "watchdog: BUG: soft lockup - CPU#0 stuck for 26s!" },
		{ .stage = SESSION_IDLE, .killed = SESSION_KILLED_LATE,
		    .status = 9, .state = CAMPAIGN_LOST, .how = "hang",
		    .reason = "the machine hangs between launches" },
	};

	(void)state;
	CHECK(rows);
}

static void
a_log_may_have_no_end(void **state)
{
	static const struct row rows[] = {
		{ .stage = SESSION_LAUNCH, .killed = SESSION_KILLED_FLOOD,
		    .status = 9, .launch = "futex x4", .log = "again\n",
		    .state = CAMPAIGN_LOST, .how = "flood",
		    .reason = "the kernel's log went beyond 64 MiB in futex x4 "
		    "(3 of 16)" },
		{ .stage = SESSION_BOOTING, .killed = SESSION_KILLED_FLOOD,
		    .status = 9, .log = "again\n", .state = CAMPAIGN_LOST,
		    .how = "flood",
		    .reason = "the kernel's log went beyond 64 MiB while "
		    "booting" },
	};

	(void)state;
	CHECK(rows);
}

static void
a_machine_may_go_off_by_itself(void **state)
{
	static const struct row rows[] = {
		{ .stage = SESSION_BOOTING, .said = "not of interest\n",
		    .state = CAMPAIGN_LOST, .how = "reset",
		    .reason = "the machine went off by itself while booting, "
		    "as after a triple fault, without a word" },
		{ .stage = SESSION_LAUNCH, .launch = "fork x1", .log = "x\n",
		    .state = CAMPAIGN_LOST, .how = "reset",
		    .reason = "the machine went off by itself in fork x1 (3 of "
		    "16), as after a triple fault, without a word" },
		{ .stage = SESSION_LAUNCH, .launch = "fork x1", .again = true,
		    .killed = SESSION_KILLED_USELESS, .status = 9,
		    .state = CAMPAIGN_LOST, .how = "reset",
		    .reason = "the machine was reset in fork x1 (3 of 16), and "
		    "began anew" },
		/* Instead of turning itself off. */
		{ .stage = SESSION_OVER, .end = "", .again = true,
		    .killed = SESSION_KILLED_USELESS, .status = 9,
		    .state = CAMPAIGN_RESULT, .reason = "" },
	};

	(void)state;
	CHECK(rows);
}

static void
a_runner_may_fail(void **state)
{
	static const struct row rows[] = {
		{ .stage = SESSION_BOOTING, .status = EXITED(1),
		    .said = "one\nqemu: -m: no \x1b[1m\r\n  \n",
		    .log = "not this\n", .state = CAMPAIGN_LOST,
		    .how = "runner",
		    .reason = "/usr/bin/qemu ended with status 1 while booting:"
		    " qemu: -m: no \\x1b[1m" },
		{ .stage = SESSION_LAUNCH, .launch = "fork x1", .status = 11,
		    .state = CAMPAIGN_LOST, .how = "runner",
		    .reason = "/usr/bin/qemu was killed by signal 11 "
		    "(Segmentation fault) in fork x1 (3 of 16)" },
		/* The runner's standard error is the log. */
		{ .stage = SESSION_BOOTING, .status = EXITED(2),
		    .log_is_stderr = true, .said = "not this\n",
		    .log = "no memory\n", .state = CAMPAIGN_LOST,
		    .how = "runner",
		    .reason = "/usr/bin/qemu ended with status 2 while booting:"
		    " no memory" },
	};

	(void)state;
	CHECK(rows);
}

static void
the_file_of_what_it_said_may_be_missing(void **state)
{
	struct runner runner = { .log_is_stderr = false };
	struct runner_boot boot = { .log = "/nowhere/log" };
	struct session session = {
		.runner = &runner, .boot = &boot, .said = "/nowhere/said",
	};
	struct session_state s = { .session = &session,
	    .ended = { .status = EXITED(1) } };
	struct session_end end = { 0 };

	(void)state;
	arguments_add(&s.arguments, "q");
	session_judge(&s, &end);
	assert_string_equal(end.reason, "q ended with status 1 while booting");
	assert_int_equal(end.ntail, 0);
	session_end_free(&end);
	arguments_free(&s.arguments);
}

/* The end of the log stays with what was lost, and a reason has a limit. */
static void
the_tail_and_a_long_reason(void **state)
{
	char log[9000] = "one\nKernel panic - not syncing: ";
	struct session session = { .boot_timeout_ns = SECOND };
	struct session_state s = { .session = &session };
	struct session_end end = { 0 };
	size_t len = strlen(log);

	(void)state;
	memset(log + len, '\x01', 2000);
	strcpy(log + len + 2000, "\nlast");
	read_log(&s, log);
	session_judge(&s, &end);
	assert_int_equal(end.state, CAMPAIGN_LOST);
	assert_int_equal(strlen(end.reason), ERR_MAX - 1);
	assert_int_equal(end.ntail, 3);
	assert_string_equal(end.tail[0], "one");
	assert_string_equal(end.tail[2], "last");
	session_end_free(&end);
	assert_null(end.tail);
	console_close(&s.console);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whoever_says_ok_has_a_result),
		cmocka_unit_test(a_benchmark_may_fail),
		cmocka_unit_test(interrupted_is_no_judgement),
		cmocka_unit_test(a_panic_is_lost_with_its_place),
		cmocka_unit_test(a_kernel_may_be_silent),
		cmocka_unit_test(a_machine_may_hang),
		cmocka_unit_test(a_log_may_have_no_end),
		cmocka_unit_test(a_machine_may_go_off_by_itself),
		cmocka_unit_test(a_runner_may_fail),
		cmocka_unit_test(the_file_of_what_it_said_may_be_missing),
		cmocka_unit_test(the_tail_and_a_long_reason),
	};

	return cmocka_run_group_tests(tests, scratch_folder_setup,
	    scratch_folder_teardown);
}
