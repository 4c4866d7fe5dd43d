/* SPDX-License-Identifier: BSD-2-Clause */
/* Headlines of the kernel's log, and which lines are their reports. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <inttypes.h>
#include <string.h>

#include "observe/log_events.h"

static struct str told;
static struct log_events le;
static uint64_t now_us;

/* "class level[ @phase]: text{detail|detail}+more" */
static void
on_done(void *arg, const struct log_event *ev)
{
	size_t i;

	(void)arg;
	str_addf(&told, "%s %d", log_class_name(ev->class), ev->level);
	if (ev->phase[0] != '\0')
		str_addf(&told, " @%s", ev->phase);
	str_addf(&told, ": %s", str_text(&ev->text));
	if (ev->ndetail > 0)
		str_add(&told, "{");
	for (i = 0; i < ev->ndetail; i++)
		str_addf(&told, "%s%s", i > 0 ? "|" : "", ev->detail[i]);
	if (ev->ndetail > 0)
		str_add(&told, "}");
	if (ev->more > 0)
		str_addf(&told, "+%" PRIu64, ev->more);
	str_add(&told, "\n");
}

static int
setup(void **state)
{
	(void)state;
	memset(&le, 0, sizeof(le));
	le.done = on_done;
	now_us = 1000000;
	str_reset(&told);
	str_add(&told, "");
	return 0;
}

static void
line(int level, const char *text)
{
	now_us += 20;
	log_events_take(&le, level, now_us, now_us, text);
}

static void
expect(const char *want)
{
	log_events_close(&le);
	assert_string_equal(str_text(&told), want);
}

static void
test_a_warning_has_the_name_that_follows(void **state)
{
	(void)state;
	line(4, "------------[ cut here ]------------");
	line(4, "refcount_t: underflow; use-after-free.");
	line(4, "WARNING: CPU: 0 PID: 9 at lib/refcount.c:28 x+0x1/0x2");
	line(4, "Modules linked in:");
	line(4, "Call Trace:");
	line(4, " <TASK>");
	line(4, "---[ end trace 0000000000000000 ]---");
	line(6, "something else");
	line(4, "hrtimer: interrupt took 8406 ns");
	expect("warning 4: WARNING: CPU: 0 PID: 9 at lib/refcount.c:28 "
	    "x+0x1/0x2{------------[ cut here ]------------|refcount_t: "
	    "underflow; use-after-free.|Modules linked in:|Call Trace:| <TASK>|"
	    "---[ end trace 0000000000000000 ]---}\n"
	    "other 4: hrtimer: interrupt took 8406 ns\n");
}

static void
test_a_bug_and_its_oops_are_one(void **state)
{
	(void)state;
	line(1, "BUG: kernel NULL pointer dereference, address: 0008");
	line(1, "#PF: supervisor read access in kernel mode");
	line(4, "Oops: 0000 [#1] SMP");
	line(4, "RIP: 0010:foo+0x1/0x2");
	line(4, "---[ end trace 0 ]---");
	line(0, "Kernel panic - not syncing: Fatal exception");
	line(0, "---[ end Kernel panic - not syncing: Fatal exception ]---");
	expect("bug 1: BUG: kernel NULL pointer dereference, address: 0008{"
	    "#PF: supervisor read access in kernel mode|Oops: 0000 [#1] SMP|"
	    "RIP: 0010:foo+0x1/0x2|---[ end trace 0 ]---}\n"
	    "bug 0: Kernel panic - not syncing: Fatal exception{"
	    "---[ end Kernel panic - not syncing: Fatal exception ]---}\n");
}

static void
test_an_assertion_that_is_a_bug(void **state)
{
	(void)state;
	line(4, "------------[ cut here ]------------");
	line(2, "kernel BUG at mm/rmap.c:442!");
	line(4, "Oops: invalid opcode: 0000 [#1] SMP");
	line(4, "---[ end trace 0 ]---");
	expect("bug 2: kernel BUG at mm/rmap.c:442!{------------[ cut here ]"
	    "------------|Oops: invalid opcode: 0000 [#1] SMP|"
	    "---[ end trace 0 ]---}\n");
}

static void
test_a_cut_without_a_headline(void **state)
{
	(void)state;
	line(4, "------------[ cut here ]------------");
	line(4, "something is odd");
	expect("warning 4: something is odd{something is odd}\n");
}

/* The last line of an OOM report says who was killed. */
static void
test_out_of_memory_is_one_event_a_victim(void **state)
{
	(void)state;
	line(4, "cell invoked oom-killer: gfp_mask=0xcc0, order=0");
	line(4, "Call Trace:");
	line(6, "Tasks state (memory values in pages):");
	line(6, "oom-kill:constraint=CONSTRAINT_MEMCG,task=cell,pid=2,uid=0");
	line(3, "Memory cgroup out of memory: Killed process 2 (cell)");
	line(6, "oom_reaper: reaped process 2 (cell)");
	line(3, "Memory cgroup out of memory: Killed process 3 (cell)");
	expect("oom 3: Memory cgroup out of memory: Killed process 2 (cell){"
	    "cell invoked oom-killer: gfp_mask=0xcc0, order=0|Call Trace:|"
	    "Tasks state (memory values in pages):|"
	    "oom-kill:constraint=CONSTRAINT_MEMCG,task=cell,pid=2,uid=0}\n"
	    "oom 3: Memory cgroup out of memory: Killed process 3 (cell)\n");
}

/* Old kernels say it in two lines. */
static void
test_old_words_for_a_victim(void **state)
{
	(void)state;
	line(4, "cell invoked oom-killer: gfp_mask=0xcc0, order=0");
	line(3, "Out of memory: Kill process 2 (cell) score 900 or sacrifice "
	    "child");
	line(3, "Killed process 2 (cell) total-vm:1kB");
	expect("oom 3: Killed process 2 (cell) total-vm:1kB{cell invoked "
	    "oom-killer: gfp_mask=0xcc0, order=0|Out of memory: Kill process 2 "
	    "(cell) score 900 or sacrifice child}\n");
}

static void
test_another_headline_begins_another(void **state)
{
	(void)state;
	line(4, "======================================================");
	line(4, "WARNING: possible circular locking dependency detected");
	line(4, "6.18.0 #1 Not tainted");
	line(4, "------------------------------------------------------");
	line(0, "watchdog: BUG: soft lockup - CPU#1 stuck for 22s! [a:1]");
	line(4, "CPU: 1 PID: 1");
	expect("lockdep 4: WARNING: possible circular locking dependency "
	    "detected{6.18.0 #1 Not tainted|"
	    "------------------------------------------------------}\n"
	    "soft-lockup 0: watchdog: BUG: soft lockup - CPU#1 stuck for 22s! "
	    "[a:1]{CPU: 1 PID: 1}\n");
}

static void
test_a_pause_ends_a_report(void **state)
{
	(void)state;
	line(3, "INFO: task a:1 blocked for more than 120 seconds.");
	line(3, "      Not tainted 6.18.0 #1");
	now_us += LOG_EVENTS_GAP_US + 1;
	line(6, "a line of somebody else");
	line(4, "a warning of somebody else");
	expect("hung-task 3: INFO: task a:1 blocked for more than 120 "
	    "seconds.{      Not tainted 6.18.0 #1}\n"
	    "other 4: a warning of somebody else\n");
}

static void
test_suppressed_lines_do_not_end_a_report(void **state)
{
	(void)state;
	line(3, "rcu: INFO: rcu_preempt self-detected stall on CPU");
	line(4, "foo: 3 callbacks suppressed");
	line(4, "Call Trace:");
	expect("rcu-stall 3: rcu: INFO: rcu_preempt self-detected stall on "
	    "CPU{foo: 3 callbacks suppressed|Call Trace:}\n");
}

static void
test_long_reports_are_counted(void **state)
{
	const char *end;
	int i;

	(void)state;
	line(3, "BUG: KASAN: out of bounds");
	for (i = 0; i < LOG_EVENTS_DETAIL + 7; i++)
		line(4, "x");
	log_events_close(&le);
	end = strrchr(str_text(&told), '}');
	assert_non_null(end);
	assert_string_equal(end, "}+7\n");

	/* The name of an OOM event is in front, however long its list was. */
	setup(NULL);
	line(4, "cell invoked oom-killer: order=0");
	for (i = 0; i < LOG_EVENTS_DETAIL; i++)
		line(6, "x");
	line(3, "Out of memory: Killed process 2 (cell)");
	log_events_close(&le);
	assert_int_equal(strncmp(str_text(&told), "oom 3: Out of memory: "
	    "Killed process 2 (cell){cell invoked oom-killer: order=0|x|", 75),
	    0);
	end = strrchr(str_text(&told), '}');
	assert_string_equal(end, "}+1\n");
}

/* The phase is that of the headline. */
static void
test_phases(void **state)
{
	(void)state;
	memcpy(le.phase, "build", sizeof("build"));
	line(3, "INFO: task a:1 blocked for more than 120 seconds.");
	memcpy(le.phase, "teardown", sizeof("teardown"));
	line(4, "Call Trace:");
	expect("hung-task 3 @build: INFO: task a:1 blocked for more than 120 "
	    "seconds.{Call Trace:}\n");
}

static void
test_a_record_may_have_lines(void **state)
{
	(void)state;
	line(4, "\nWARNING: suspicious RCU usage\n\nsecond\n");
	expect("lockdep 4: WARNING: suspicious RCU usage{second}\n");
}

static int
end(void **state)
{
	(void)state;
	str_free(&told);
	return 0;
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup(f, setup)
	const struct CMUnitTest tests[] = {
		TEST(test_a_warning_has_the_name_that_follows),
		TEST(test_a_bug_and_its_oops_are_one),
		TEST(test_an_assertion_that_is_a_bug),
		TEST(test_a_cut_without_a_headline),
		TEST(test_out_of_memory_is_one_event_a_victim),
		TEST(test_old_words_for_a_victim),
		TEST(test_another_headline_begins_another),
		TEST(test_a_pause_ends_a_report),
		TEST(test_suppressed_lines_do_not_end_a_report),
		TEST(test_long_reports_are_counted),
		TEST(test_phases),
		TEST(test_a_record_may_have_lines),
	};

	return cmocka_run_group_tests(tests, NULL, end);
}
