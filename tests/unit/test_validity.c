/* SPDX-License-Identifier: BSD-2-Clause */
/* The rules by which a launch is judged, each just below and above its limit. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "record/validity.h"

static struct validity v;

static void
begin_with(int workers, int ncpus, bool swap_is_fine)
{
	struct protocol_launch l = { .workers = workers };

	validity_free(&v);
	validity_begin(&v, &l, ncpus, swap_is_fine);
}

static int
setup(void **state)
{
	(void)state;
	begin_with(1, 2, false);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	validity_free(&v);
	return 0;
}

static void
line(const char *text)
{
	struct protocol_line l;
	struct err e = { 0 };
	char copy[1024];

	snprintf(copy, sizeof(copy), "%s", text);
	assert_int_equal(protocol_parse(copy, &l, &e), 0);
	validity_line(&v, &l);
}

static char *
judged(void)
{
	struct json_line *j = validity_judge(&v, 3, 1);
	char *text;

	assert_non_null(j);
	text = json_line_string(j);
	json_line_free(j);
	return text;
}

/* Part of the line that comes out. */
static void
expect(const char *part)
{
	char *text = judged();

	if (strstr(text, part) == NULL)
		fail_msg("no %s in %s", part, text);
	free(text);
}

static void
expect_no(const char *part)
{
	char *text = judged();

	if (strstr(text, part) != NULL)
		fail_msg("%s in %s", part, text);
	free(text);
}

static void
expect_valid(void)
{
	expect("\"valid\":true,\"rules\":[],\"reasons\":[]");
}

/* This rule, and no other. */
static void
expect_rule(const char *rule)
{
	char part[80];

	snprintf(part, sizeof(part), "\"valid\":false,\"rules\":[\"%s\"],", rule);
	expect(part);
}

#define SECOND "1000000000"
#define SAMPLE "sample index=0 elapsed_ns=" SECOND " ops=5000"

static void
test_nothing_measured_is_not_judged(void **state)
{
	(void)state;
	assert_null(validity_judge(&v, 0, 0));
	line("describe clock_step_ns=1");
	line("kstat index=0 elapsed_ns=" SECOND " sources=stat values=");
	assert_null(validity_judge(&v, 0, 0));
}

static void
test_what_is_not_known_is_not_there(void **state)
{
	(void)state;
	line(SAMPLE);
	expect("{\"type\":\"validity\",\"cell\":3,\"launch\":1,\"valid\":true,"
	    "\"rules\":[],\"reasons\":[],\"ops_min\":5000.0,"
	    "\"shortest_ns\":1000000000}");
}

static void
test_steal(void **state)
{
	(void)state;
	line(SAMPLE);
	line("kstat index=0 elapsed_ns=5000000000 sources=vmstat,stat "
	    "values=stat.user_ns:4000000000,stat.idle_ns:5900000000,"
	    "stat.steal_ns:100000000");
	expect_valid();
	expect("\"steal_share\":0.01,");

	setup(NULL);
	line(SAMPLE);
	line("kstat index=0 elapsed_ns=5000000000 sources=vmstat,stat "
	    "values=stat.user_ns:4000000000,stat.idle_ns:5890000000,"
	    "stat.steal_ns:110000000");
	expect_rule("steal");
	expect("steal 1.1% of CPU time (limit 1%)");
}

/* A few ticks are no proof, however short the time was. */
static void
test_steal_of_a_few_ticks(void **state)
{
	(void)state;
	line(SAMPLE);
	line("kstat index=0 elapsed_ns=100000000 sources=stat "
	    "values=stat.user_ns:150000000,stat.steal_ns:50000000");
	expect_valid();
	expect("\"steal_share\":0.25");
	line("kstat index=1 elapsed_ns=100000000 sources=stat "
	    "values=stat.user_ns:190000000,stat.steal_ns:10000000");
	expect_rule("steal");
}

/* A source that is named and says nothing has not changed. */
static void
test_no_steal_is_known_and_no_source_is_not(void **state)
{
	(void)state;
	line(SAMPLE);
	line("kstat index=0 elapsed_ns=" SECOND " sources=vmstat values=");
	expect_no("steal_share");
	line("kstat index=1 elapsed_ns=" SECOND " sources=stat "
	    "values=stat.idle_ns:2000000000");
	expect("\"steal_share\":0.0,");
}

/* The workers used 0.9 s of the second, others what is more than that. */
static void
load(const char *system_ns)
{
	char text[200];

	line("usage index=0 user_ns=400000000 system_ns=500000000");
	snprintf(text, sizeof(text), "kstat index=0 elapsed_ns=" SECOND
	    " sources=stat values=stat.user_ns:400000000,stat.system_ns:%s,"
	    "stat.idle_ns:1000000000", system_ns);
	line(text);
}

static void
test_load_of_others(void **state)
{
	(void)state;
	line(SAMPLE);
	load("550000000");
	expect_valid();
	expect("\"others_cpus\":0.05");

	setup(NULL);
	line(SAMPLE);
	load("560000000");
	expect_rule("load");
	expect("others used 0.06 CPUs beside 1 worker (limit 0.05)");

	/* What the kernel's threads did they did for the workers. */
	setup(NULL);
	line(SAMPLE);
	load("560000000");
	validity_kernel_threads(&v, 20000000);
	expect_valid();
	expect("\"kernel_threads_cpus\":0.02");
	expect("\"others_cpus\":0.04");
	setup(NULL);
	line(SAMPLE);
	load("600000000");
	validity_kernel_threads(&v, 20000000);
	expect_rule("load");
	expect("others used 0.08 CPUs beside 1 worker (limit 0.05)");

	/* Less than the workers: the two have different clocks. */
	setup(NULL);
	line(SAMPLE);
	load("400000000");
	expect_valid();
	expect("\"others_cpus\":0.0");
}

static void
test_load_is_not_told_apart(void **state)
{
	(void)state;
	/* The workers have no use of their own in the record. */
	line(SAMPLE);
	line("kstat index=0 elapsed_ns=" SECOND " sources=stat "
	    "values=stat.user_ns:900000000");
	expect_no("others_cpus");

	/* Or tasks that are not workers. */
	setup(NULL);
	line("describe tasks=10 clock_step_ns=1");
	line(SAMPLE);
	load("900000000");
	expect_no("others_cpus");

	/* Or there are too many of them: a number, and no verdict. */
	begin_with(3, 2, false);
	line("sample index=0 elapsed_ns=" SECOND " ops=500,500,500");
	load("900000000");
	expect("\"others_cpus\":0.4");
	expect_valid();

	/* A phase of a population has children that are not counted yet. */
	setup(NULL);
	line("phase name=a unit=b ops=3 elapsed_ns=" SECOND);
	load("900000000");
	expect_no("others_cpus");
}

static void
test_swap(void **state)
{
	const char *one = "kstat index=0 elapsed_ns=1 sources=vmstat "
	    "values=vmstat.pgfault:9,vmstat.pswpout:1";

	(void)state;
	line(SAMPLE);
	line("kstat index=0 elapsed_ns=1 sources=vmstat values=vmstat.pgfault:9");
	expect_valid();
	expect("\"swap_in_pages\":0,\"swap_out_pages\":0");
	line(one);
	expect_rule("swap");
	expect("0 pages swapped in and 1 out");

	begin_with(1, 2, true);
	line(SAMPLE);
	line(one);
	expect_valid();
	expect("\"swap_out_pages\":1");

	setup(NULL);
	line("phase name=rmap unit=page ops=3 elapsed_ns=" SECOND);
	line("kstat index=0 phase=rmap elapsed_ns=1 sources=vmstat "
	    "values=vmstat.pswpin:5");
	expect_valid();
}

static void
test_settings(void **state)
{
	(void)state;
	line(SAMPLE);
	validity_throttles(&v, 0);
	expect_valid();
	expect("\"throttle_events\":0");
	validity_throttles(&v, 2);
	expect_rule("throttle");
	expect("the processor was throttled 2 times");

	setup(NULL);
	line(SAMPLE);
	validity_changed(&v, VALIDITY_GOVERNOR, "performance", "powersave");
	expect_rule("governor");
	expect("the frequency governor changed from performance to powersave");

	setup(NULL);
	line(SAMPLE);
	validity_changed(&v, VALIDITY_CLOCKSOURCE, "tsc", "hpet");
	expect_rule("clocksource");

	setup(NULL);
	line(SAMPLE);
	validity_changed(&v, VALIDITY_FREQUENCY, "3000000", "800000");
	expect_rule("frequency");
}

static void
test_time_of_day(void **state)
{
	const uint64_t minute_ns = 60000000000ull, hour_ns = 60 * minute_ns;

	(void)state;
	line(SAMPLE);
	validity_step(&v, -100000000, minute_ns);
	expect_valid();
	validity_step(&v, -100000001, minute_ns);
	expect_rule("clock");
	expect("set by -0.100 s");
	/* In an hour it may be corrected by more than that. */
	validity_step(&v, 1800000000, hour_ns);
	expect_valid();
	validity_step(&v, 1800000001, hour_ns);
	expect_rule("clock");
}

static void
test_log(void **state)
{
	(void)state;
	line(SAMPLE);
	validity_log(&v, "other");
	validity_log(&v, "limit");
	validity_log(&v, "throttled");
	validity_log(&v, "memory");
	expect_valid();
	validity_log(&v, "oom");
	validity_log(&v, "warning");
	validity_log(&v, "oom");
	expect_rule("log");
	expect("in the kernel's log: oom (2), warning (1)");
}

static void
test_each_grave_class(void **state)
{
	static const char *const grave[] = {
		"warning", "bug", "lockdep", "soft-lockup", "rcu-stall",
		"hung-task", "oom"
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(grave) / sizeof(grave[0]); i++) {
		setup(NULL);
		line(SAMPLE);
		validity_log(&v, grave[i]);
		expect_rule("log");
	}
}

static void
test_operations(void **state)
{
	(void)state;
	begin_with(2, 2, false);
	line("sample index=0 elapsed_ns=" SECOND " ops=9000,9000");
	line("sample index=1 elapsed_ns=" SECOND " ops=150,50");
	expect_valid();
	line("sample index=2 elapsed_ns=" SECOND " ops=150,49");
	expect_rule("operations");
	expect("99.5 operations of a worker in a sample (limit 100)");

	/* A phase may well have one operation. */
	setup(NULL);
	line("phase name=exit unit=process ops=1 elapsed_ns=" SECOND);
	expect_valid();
	expect_no("ops_min");
}

static void
test_resolution(void **state)
{
	(void)state;
	line("describe clock_step_ns=1000");
	line("phase name=a unit=b ops=1 elapsed_ns=1000000");
	expect_valid();
	line("phase name=b unit=b ops=1 elapsed_ns=999999");
	expect_rule("resolution");
	expect("999999 ns measured with a clock of 1000 ns (limit 1000 steps)");
}

static void
test_start_skew(void **state)
{
	(void)state;
	begin_with(2, 2, false);
	line("phase name=a unit=b ops=1 elapsed_ns=" SECOND);
	line("skew start_ns=50000000 stop_ns=0");
	expect_valid();
	expect("\"start_skew_share\":0.05");
	line("skew start_ns=51000000 stop_ns=0");
	expect_rule("skew");

	/* They have to take turns. */
	begin_with(3, 2, false);
	line("phase name=a unit=b ops=1 elapsed_ns=" SECOND);
	line("skew start_ns=51000000 stop_ns=0");
	expect_valid();

	/* Measured long after. */
	begin_with(2, 2, false);
	line("sample index=0 elapsed_ns=" SECOND " ops=500,500");
	line("skew start_ns=51000000 stop_ns=0");
	expect_valid();
	expect("\"start_skew_share\":0.05");
}

static void
rates(const int *ops, int n)
{
	char text[100];
	int i;

	setup(NULL);
	for (i = 0; i < n; i++) {
		snprintf(text, sizeof(text), "sample index=%d elapsed_ns="
		    SECOND " ops=%d", i, ops[i]);
		line(text);
	}
}

static void
test_drift(void **state)
{
	static const int slower[] = { 1000, 980, 950, 899 };
	static const int faster[] = { 1000, 1030, 1050, 1101, 1102 };
	static const int little[] = { 1000, 980, 950, 901 };
	static const int noisy[] = { 1000, 700, 710, 650, 640 };
	static const int equal[] = { 1000, 900, 900, 800 };

	(void)state;
	rates(slower, 4);
	expect_rule("drift");
	expect("4 samples in a row are slower, -10.1% over all (limit 10%)");
	expect_no("drift_rank");
	rates(faster, 5);
	expect_rule("drift");
	expect("\"drift_rank\":1.0");
	rates(little, 4);
	expect_valid();
	rates(noisy, 5);
	expect_valid();
	expect("\"drift\":-0.3");
	expect("\"drift_rank\":-0.8");
	rates(equal, 4);
	expect_valid();
	rates(slower, 3);
	expect_valid();
	rates(slower, 1);
	expect_no("drift");
}

static void
test_all_reasons_are_told(void **state)
{
	(void)state;
	line("sample index=0 elapsed_ns=" SECOND " ops=1");
	validity_log(&v, "bug");
	validity_throttles(&v, 1);
	expect("\"valid\":false,\"rules\":[\"throttle\",\"log\",\"operations\"],"
	    "\"reasons\":[\"the processor was throttled 1 time\",");
}

/* Output over a serial line may be anything. */
static void
test_odd_lines_do_no_harm(void **state)
{
	(void)state;
	line("sample");
	line("sample elapsed_ns=0 ops=1");
	line("sample elapsed_ns=x ops=1");
	line("phase");
	line("kstat sources=stat values=stat.user_ns");
	line("kstat elapsed_ns=1 sources=stat values=stat.user_ns:x,,:,stat.:1");
	line("kstat elapsed_ns=1");
	line("usage user_ns=1");
	line("skew start_ns=x");
	assert_null(validity_judge(&v, 0, 0));
	line(SAMPLE);
	expect_valid();
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_nothing_measured_is_not_judged),
		TEST(test_what_is_not_known_is_not_there),
		TEST(test_steal),
		TEST(test_steal_of_a_few_ticks),
		TEST(test_no_steal_is_known_and_no_source_is_not),
		TEST(test_load_of_others),
		TEST(test_load_is_not_told_apart),
		TEST(test_swap),
		TEST(test_settings),
		TEST(test_time_of_day),
		TEST(test_log),
		TEST(test_each_grave_class),
		TEST(test_operations),
		TEST(test_resolution),
		TEST(test_start_skew),
		TEST(test_drift),
		TEST(test_all_reasons_are_told),
		TEST(test_odd_lines_do_no_harm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
