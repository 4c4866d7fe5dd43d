/* SPDX-License-Identifier: BSD-2-Clause */
/* The protocol's lines as the journal's, and the facts of a machine. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "os/os.h"
#include "record/fingerprint.h"
#include "record/journal_lines.h"

/* ---- a machine with three facts --------------------------------------- */

void
os_facts(os_fact_fn *fn, void *arg)
{
	fn(arg, "kernel.release", "6.18");
	fn(arg, "tunables.kernel.numa_balancing", "0");
}

void
os_facts_now(os_fact_fn *fn, void *arg)
{
	fn(arg, "env.load", "0.10");
	fn(arg, "uptime", "12");
}

/* ---- comparing -------------------------------------------------------- */

static void
expect_json(struct json_line *line, const char *text)
{
	char *got;

	assert_non_null(line);
	got = json_line_string(line);
	assert_string_equal(got, text);
	free(got);
	json_line_free(line);
}

static int
convert(const char *text, struct json_line **out, struct err *e)
{
	char *copy = strdup(text);
	struct protocol_line line;
	int status;

	assert_non_null(copy);
	assert_int_equal(protocol_parse(copy, &line, e), 0);
	status = journal_lines_make(&line, 7, 2, out, e);
	free(copy);
	return status;
}

static void
expect(const char *from, const char *json)
{
	struct json_line *line = NULL;
	struct err e = { 0 };

	assert_int_equal(convert(from, &line, &e), 0);
	assert_false(e.set);
	expect_json(line, json);
}

static void
expect_error(const char *from, const char *text)
{
	struct json_line *line = NULL;
	struct err e = { 0 };

	assert_int_equal(convert(from, &line, &e), -1);
	assert_null(line);
	assert_string_equal(e.text, text);
}

#define WHOSE "\"cell\":7,\"launch\":2"

static void
test_every_keyword(void **state)
{
	(void)state;
	expect("sample index=0 elapsed_ns=1000060123 ops=12,13",
	    "{\"type\":\"sample\"," WHOSE ",\"index\":0,"
	    "\"elapsed_ns\":1000060123,\"ops\":[12,13]}");
	expect("sample index=1 elapsed_ns=5 ops=12 aside_ns=4",
	    "{\"type\":\"sample\"," WHOSE ",\"index\":1,\"elapsed_ns\":5,"
	    "\"ops\":[12],\"aside_ns\":[4]}");
	expect("phase name=fork unit=child ops=1000 elapsed_ns=9 headline=1 "
	    "asked=900000 reached=812345 limit=memory%20budget",
	    "{\"type\":\"phase\"," WHOSE ",\"name\":\"fork\","
	    "\"unit\":\"child\",\"ops\":1000,\"elapsed_ns\":9,"
	    "\"headline\":true,\"asked\":900000,\"reached\":812345,"
	    "\"limit\":\"memory budget\"}");
	expect("curve worker=0 first=1 count=8 min_ns=5 mean_ns=6.5 max_ns=9",
	    "{\"type\":\"curve\"," WHOSE ",\"worker\":0,\"first\":1,"
	    "\"count\":8,\"min_ns\":5,\"mean_ns\":6.5,\"max_ns\":9}");
	expect("histogram count=3 sum_ns=30 max_ns=12 timing_cost_ns=20.5 "
	    "buckets=9:2,12:1",
	    "{\"type\":\"histogram\"," WHOSE ",\"count\":3,\"sum_ns\":30,"
	    "\"max_ns\":12,\"timing_cost_ns\":20.5,"
	    "\"buckets\":[[9,2],[12,1]]}");
	expect("gauge name=clear_bytes_per_s value=1e9",
	    "{\"type\":\"gauge\"," WHOSE ",\"name\":\"clear_bytes_per_s\","
	    "\"value\":1000000000.0}");
	expect("note text=not%20bound%0A", "{\"type\":\"note\"," WHOSE
	    ",\"text\":\"not bound\\n\"}");
	expect("stall index=0 phase=teardown rounds=3 refused=1 lost=2 "
	    "worst_ns=9 p99_ns=8 wake_worst_ns=7 fork_worst_ns=6 "
	    "read_worst_ns=5 step_ns=10000000 timeline=9,0,4",
	    "{\"type\":\"stall\"," WHOSE ",\"index\":0,"
	    "\"phase\":\"teardown\",\"rounds\":3,\"refused\":1,"
	    "\"lost\":2,\"worst_ns\":9,\"p99_ns\":8,"
	    "\"wake_worst_ns\":7,\"fork_worst_ns\":6,"
	    "\"read_worst_ns\":5,\"step_ns\":10000000,"
	    "\"timeline\":[9,0,4]}");
	expect("stall index=1 rounds=0 refused=0", "{\"type\":\"stall\","
	    WHOSE ",\"index\":1,\"rounds\":0,\"refused\":0}");
	expect("memory index=0 phase=build members=1000 page_tables_bytes=1 "
	    "kernel_stack_bytes=2 slab_bytes=3 slab_unreclaimable_bytes=4 "
	    "percpu_bytes=5 anonymous_bytes=6 swap_used_bytes=8 "
	    "available_bytes=7",
	    "{\"type\":\"memory\"," WHOSE ",\"index\":0,"
	    "\"phase\":\"build\",\"members\":1000,"
	    "\"page_tables_bytes\":1,\"kernel_stack_bytes\":2,"
	    "\"slab_bytes\":3,\"slab_unreclaimable_bytes\":4,"
	    "\"percpu_bytes\":5,\"anonymous_bytes\":6,"
	    "\"swap_used_bytes\":8,"
	    "\"available_bytes\":7}");
	expect("memory index=0 at=end slab_bytes=3",
	    "{\"type\":\"memory\"," WHOSE ",\"index\":0,"
	    "\"at\":\"end\",\"slab_bytes\":3}");
	expect("skew start_ns=1 stop_ns=2", "{\"type\":\"skew\"," WHOSE
	    ",\"start_ns\":1,\"stop_ns\":2}");
	expect("rusage user_ns=1 system_ns=2 minor_faults=3 major_faults=4 "
	    "voluntary=5 involuntary=6 unheard=7",
	    "{\"type\":\"rusage\"," WHOSE ",\"user_ns\":1,\"system_ns\":2,"
	    "\"minor_faults\":3,\"major_faults\":4,\"voluntary\":5,"
	    "\"involuntary\":6}");
	expect("end status=failed reason=EAGAIN errno=11",
	    "{\"type\":\"end\"," WHOSE ",\"status\":\"failed\","
	    "\"reason\":\"EAGAIN\",\"errno\":11}");
	expect("end status=ok", "{\"type\":\"end\"," WHOSE
	    ",\"status\":\"ok\"}");
}

/* What observers saw. */
static void
test_insight(void **state)
{
	(void)state;
	expect("counter index=0 phase=teardown name=cycles:k status=scaled "
	    "value=1234 raw=617 enabled_ns=20 running_ns=10 each=617,617",
	    "{\"type\":\"counter\"," WHOSE ",\"index\":0,"
	    "\"phase\":\"teardown\",\"name\":\"cycles:k\","
	    "\"status\":\"scaled\",\"value\":1234,\"raw\":617,"
	    "\"enabled_ns\":20,\"running_ns\":10,\"each\":[617,617]}");
	expect("counter index=3 name=a status=ok value=5 raw=5 enabled_ns=2 "
	    "running_ns=2 each=2,3 cpus=0,8",
	    "{\"type\":\"counter\"," WHOSE ",\"index\":3,\"name\":\"a\","
	    "\"status\":\"ok\",\"value\":5,\"raw\":5,\"enabled_ns\":2,"
	    "\"running_ns\":2,\"each\":[2,3],\"cpus\":[0,8]}");
	expect("counter index=0 name=b status=not_permitted errno=13 "
	    "reason=ask%20root",
	    "{\"type\":\"counter\"," WHOSE ",\"index\":0,\"name\":\"b\","
	    "\"status\":\"not_permitted\",\"value\":null,\"errno\":13,"
	    "\"reason\":\"ask root\"}");
	expect("kstat index=0 phase=fork elapsed_ns=9 sources=vmstat,stat "
	    "values=vmstat.pgfault:12345,stat.ctxt:-3",
	    "{\"type\":\"kstat\"," WHOSE ",\"index\":0,"
	    "\"phase\":\"fork\",\"elapsed_ns\":9,"
	    "\"sources\":[\"vmstat\",\"stat\"],"
	    "\"values\":{\"vmstat.pgfault\":12345,\"stat.ctxt\":-3}}");
	expect("kstat index=0 elapsed_ns=9 sources= values=",
	    "{\"type\":\"kstat\"," WHOSE ",\"index\":0,\"elapsed_ns\":9,"
	    "\"sources\":[],\"values\":{}}");
	expect("slab index=0 values=a:b:40960,task_struct:-9223372036854775808",
	    "{\"type\":\"slab\"," WHOSE ",\"index\":0,"
	    "\"values\":{\"a:b\":40960,"
	    "\"task_struct\":-9223372036854775808}}");
	expect("usage index=1 elapsed_ns=9 user_ns=1 system_ns=2 minor_faults=3 "
	    "major_faults=4 voluntary=5 involuntary=6",
	    "{\"type\":\"usage\"," WHOSE ",\"index\":1,"
	    "\"elapsed_ns\":9,\"user_ns\":1,"
	    "\"system_ns\":2,\"minor_faults\":3,\"major_faults\":4,"
	    "\"voluntary\":5,\"involuntary\":6}");
	expect("profile index=0 phase=fork name=cpu-clock rate_hz=997 "
	    "scope=cgroup status=ok samples=10 kernel=7 user=3 lost=1",
	    "{\"type\":\"profile\"," WHOSE ",\"index\":0,"
	    "\"phase\":\"fork\",\"name\":\"cpu-clock\",\"rate_hz\":997,"
	    "\"scope\":\"cgroup\",\"status\":\"ok\",\"samples\":10,"
	    "\"kernel\":7,\"user\":3,\"lost\":1}");
	expect("profile index=0 name=cycles status=not_supported reason=none",
	    "{\"type\":\"profile\"," WHOSE ",\"index\":0,"
	    "\"name\":\"cycles\",\"status\":\"not_supported\","
	    "\"samples\":null,\"reason\":\"none\"}");
	expect("stack index=0 count=12 frames=vmstress-cell:main;do_exit",
	    "{\"type\":\"stack\"," WHOSE ",\"index\":0,\"count\":12,"
	    "\"frames\":[\"vmstress-cell:main\",\"do_exit\"]}");
}

static void
test_bad_insight(void **state)
{
	(void)state;
	expect_error("counter index=0 name=a", "line 'counter': 'status' is "
	    "missing");
	expect_error("stack index=0 count=1", "line 'stack': 'frames' is "
	    "missing");
	expect_error("slab index=0 values=a", "line 'slab': 'values' is not a "
	    "list of names with numbers");
	expect_error("slab index=0 values=:1", "line 'slab': 'values' is not a "
	    "list of names with numbers");
	expect_error("slab index=0 values=a:", "line 'slab': 'values' is not a "
	    "list of names with numbers");
	expect_error("slab index=0 values=a:1,,b:2", "line 'slab': 'values' is "
	    "not a list of names with numbers");
	expect_error("slab index=0 values=a:%201", "line 'slab': 'values' is "
	    "not a list of names with numbers");
	expect_error("slab index=0 values=a:9223372036854775808",
	    "line 'slab': 'values' is not a list of names with numbers");
}

static void
test_unknown_keywords_give_no_line(void **state)
{
	struct json_line *line = NULL;
	struct err e = { 0 };

	(void)state;
	assert_int_equal(convert("future thing=1", &line, &e), 0);
	assert_null(line);
	assert_int_equal(convert("describe unit=fault", &line, &e), 0);
	assert_null(line);
	assert_int_equal(convert("step index=0 phase=fork", &line, &e), 0);
	assert_null(line);
	assert_false(e.set);
}

static void
test_bad_fields(void **state)
{
	(void)state;
	expect_error("stall index=0 refused=0",
	    "line 'stall': 'rounds' is missing");
	expect_error("sample index=0 elapsed_ns=5",
	    "line 'sample': 'ops' is missing");
	expect_error("histogram count=1 sum_ns=1 max_ns=1",
	    "line 'histogram': 'buckets' is missing");
	expect_error("histogram count=1 sum_ns=1 max_ns=1 buckets=1",
	    "line 'histogram': 'buckets' is not a list of pairs");
	expect_error("histogram count=1 sum_ns=1 max_ns=1 buckets=1:2,",
	    "line 'histogram': 'buckets' is not a list of pairs");
	expect_error("histogram count=1 sum_ns=1 max_ns=1 buckets=1:-2",
	    "line 'histogram': 'buckets' is not a list of pairs");
	expect_error("histogram count=1 sum_ns=1 max_ns=1 "
	    "buckets=1:99999999999999999999",
	    "line 'histogram': 'buckets' is not a list of pairs");
}

/* Numbers are the protocol's to judge; here it counts that they are judged. */
static void
test_bad_numbers(void **state)
{
	static const char *const lines[] = {
		"sample index=0 elapsed_ns=-5 ops=1",
		"sample index=0 elapsed_ns=5 ops=1,x",
		"gauge name=a value=fast",
		"skew start_ns=1.5 stop_ns=2",
	};
	struct json_line *line;
	struct err e;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		memset(&e, 0, sizeof(e));
		line = NULL;
		assert_int_equal(convert(lines[i], &line, &e), -1);
		assert_true(e.set);
		assert_memory_equal(e.text, "line '", 6);
		assert_null(line);
	}
}

static void
test_launch_line(void **state)
{
	char text[] = "describe unit=fault kind=rate op_bytes=4096 static=1 "
	    "mappings=12 clock=CLOCK_MONOTONIC_RAW clock_cost_ns=24.5 "
	    "clock_step_ns=1 page_bytes=4096";
	char bad[] = "describe static=1 mappings=many", mode[] = "task";
	int cpus[] = { 0, 1 }, partners[] = { 1, -1 };
	struct protocol_launch l = { .cell = 7, .launch = 2, .workers = 2,
	    .member_bytes = 71680, .cpus = cpus, .partners = partners };
	struct protocol_line line;
	struct json_line *out;
	struct err e = { 0 };

	(void)state;
	assert_int_equal(protocol_parse(text, &line, &e), 0);
	assert_int_equal(journal_lines_launch(&l, "2025-01-02T03:04:05Z",
	    &line, &out, &e), 0);
	expect_json(out, "{\"type\":\"launch\"," WHOSE
	    ",\"started\":\"2025-01-02T03:04:05Z\",\"cpus\":[0,1],"
	    "\"partners\":[1,-1],\"member_bytes\":71680,\"op_bytes\":4096,\"static\":true,"
	    "\"mappings\":12,\"clock\":\"CLOCK_MONOTONIC_RAW\","
	    "\"clock_cost_ns\":24.5,\"clock_step_ns\":1,"
	    "\"page_bytes\":4096}");
	l.cpus = l.partners = NULL;
	l.member_bytes = 0;
	assert_int_equal(journal_lines_launch(&l, NULL, NULL, &out, &e), 0);
	expect_json(out, "{\"type\":\"launch\"," WHOSE "}");
	l.counts_only = l.statistics = true;
	l.count_mode = mode;
	assert_int_equal(journal_lines_launch(&l, NULL, NULL, &out, &e), 0);
	expect_json(out, "{\"type\":\"launch\"," WHOSE ",\"times\":false,"
	    "\"count_mode\":\"task\",\"statistics\":true}");
	assert_int_equal(protocol_parse(bad, &line, &e), 0);
	assert_int_equal(journal_lines_launch(&l, NULL, &line, &out, &e), -1);
	assert_null(out);
	assert_memory_equal(e.text, "line 'describe': ", 17);
}

static void
test_fingerprint(void **state)
{
	(void)state;
	expect_json(fingerprint_read(), "{\"kernel\":{\"release\":\"6.18\"},"
	    "\"machine\":{},\"tunables\":{\"kernel.numa_balancing\":\"0\"},"
	    "\"limits\":{},\"vm\":{},\"ids\":{},"
	    "\"env\":{\"load\":\"0.10\",\"uptime\":\"12\"}}");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_keyword),
		cmocka_unit_test(test_insight),
		cmocka_unit_test(test_bad_insight),
		cmocka_unit_test(test_unknown_keywords_give_no_line),
		cmocka_unit_test(test_bad_fields),
		cmocka_unit_test(test_bad_numbers),
		cmocka_unit_test(test_launch_line),
		cmocka_unit_test(test_fingerprint),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
