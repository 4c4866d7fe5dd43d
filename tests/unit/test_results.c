/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The numbers behind `show`, checked against arithmetic done by hand, and the
 * three forms they are printed in, byte by byte.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>

#include "base/str.h"
#include "present/results.h"
#include "scratch_file.h"

#ifndef TEST_SRCDIR
#define TEST_SRCDIR "."
#endif

#define RUN "{\"type\":\"run\",\"schema\":\"vmstress-result/1\"}\n"
#define CELL_OF(id, kind, size, rest)					\
	"{\"type\":\"cell\",\"cell\":" #id ",\"workload\":\"zfod\","	\
	"\"version\":1,\"kind\":\"" kind "\",\"unit\":\"fault\","	\
	"\"params\":{\"size\":\"" size "\",\"thp\":\"off\"},"		\
	"\"launches\":2,\"samples\":3,\"interval_ns\":500000000,"	\
	"\"mode\":\"process\"," rest "}\n"
#define NORMAL "\"workers\":1,\"pin\":\"none\""
#define CELL(kind) CELL_OF(0, kind, "4M", NORMAL)
#define LINE_OF(type, cell, launch, rest)				\
	"{\"type\":\"" type "\",\"cell\":" #cell ",\"launch\":" #launch	\
	rest "}\n"
#define LINE(type, launch, rest) LINE_OF(type, 0, launch, rest)
#define LAUNCH(n) LINE("launch", n, "")
#define END(n) LINE("end", n, ",\"status\":\"ok\"")
#define PHASE(launch, name, ops, elapsed, rest)				\
	LINE("phase", launch, ",\"name\":\"" name "\","			\
	"\"unit\":\"child\",\"ops\":" #ops ",\"elapsed_ns\":" #elapsed rest)
/* n operations of 100 ns */
#define HISTOGRAM(launch, n)						\
	LINE("histogram", launch, ",\"count\":" #n ",\"sum_ns\":0,"	\
	"\"max_ns\":100,\"buckets\":[[100," #n "]]")

static struct results results;

static int
setup(void **state)
{
	(void)state;
	scratch_begin();
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	results_free(&results);
	scratch_end();
	return 0;
}

/* Read a record and expect so many rows. */
static void
read_rows(const char *record, size_t nrows)
{
	struct err e = { 0 };

	results_free(&results);
	scratch_put(record, strlen(record));
	assert_int_equal(results_read(&results, scratch_path, &e), 0);
	assert_false(e.set);
	assert_int_equal(results.nrows, nrows);
}

static void
expect_near(double got, double wanted)
{
	assert_false(isnan(got));
	assert_true(fabs(got - wanted) <= 1e-12 * fabs(wanted));
}

static void
expect_metric(size_t row, const char *metric, const char *unit,
    const char *better, double median)
{
	assert_string_equal(results.rows[row].metric, metric);
	assert_string_equal(results.rows[row].unit, unit);
	assert_string_equal(results.rows[row].better, better);
	if (isnan(median))
		assert_true(isnan(results.rows[row].median));
	else
		expect_near(results.rows[row].median, median);
}

/* The heading, the table and the sentences of the text form. */
static void
expect_text(bool wide, int width, const char *wanted)
{
	char *got = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&got, &len);
	char *body;

	assert_non_null(out);
	results_print_text(&results, out, wide, width);
	assert_int_equal(fclose(out), 0);
	/* The first line is the name of the file, which is a new one. */
	body = strchr(got, '\n');
	assert_non_null(body);
	assert_string_equal(body + 1, wanted);
	free(got);
}

/* ---- a record calculated by hand -------------------------------------- */

static void
read_fixture(void)
{
	const char *srcdir = getenv("srcdir");
	struct err e = { 0 };

	assert_int_equal(chdir(srcdir != NULL ? srcdir : TEST_SRCDIR), 0);
	results_free(&results);
	assert_int_equal(results_read(&results,
	    "tests/fixtures/two-cells.jsonl", &e), 0);
	assert_false(e.set);
}

/*
 * Cell 0: three launches of two samples of 1 s by two workers.
 *
 *	ops of 2 s	rates		cell	Jain's index
 *	2000 6000	1000 3000	4000	4000^2 / 2 (1e6 + 9e6) = 0.8
 *	4000 6000	2000 3000	5000	5000^2 / 2 (4e6 + 9e6) = 25/26
 *	6000 6000	3000 3000	6000	1
 *
 * Median 5000, mean 5000, deviation 1000, so CV 0.2.  Worker 0 set 1 s of 2 s
 * aside and worker 1 half a second, so net rates are 2000 / 1 + 6000 / 1.5 =
 * 6000, 8000, 10000: median and mean 8000, deviation 2000, CV 0.25.
 *
 * Cell 1: one launch that counts, 500 and 700 operations in 1 s each.
 */
static void
test_numbers_by_hand(void **state)
{
	const struct results_row *row;

	(void)state;
	read_fixture();
	assert_int_equal(results.nrows, 6);
	row = &results.rows[0];
	expect_metric(0, "fault/s", "fault/s", "higher", 5000);
	assert_true(row->headline);
	expect_near(row->low, 4000);
	expect_near(row->high, 6000);
	expect_near(row->cv, 0.2);
	assert_int_equal(row->launches, 3);
	expect_near(row->worker_min, 2000);
	expect_near(row->worker_max, 3000);
	expect_near(row->fairness, 25.0 / 26.0);
	expect_near(row->bytes_per_s, 5000 * 4096.0);
	expect_near(row->start_skew_ns, 2000);
	expect_near(row->stop_skew_ns, 5000);
	expect_near(row->user_cpus, 0.5);	/* 1 s in 2 s */
	expect_near(row->system_cpus, 1.5);
	expect_near(row->timing_cost_ns, 21);
	expect_metric(1, "fault-only/s", "fault/s", "higher", 8000);
	assert_false(results.rows[1].headline);
	expect_near(results.rows[1].cv, 0.25);
	assert_true(isnan(results.rows[1].worker_min));

	/* 90 operations of 100, 120, 110 ns and ten that take 100 ns more. */
	expect_near(row->p50_ns, 110);
	expect_near(row->p90_ns, 110);
	assert_true(isnan(row->p99_ns));
	assert_true(isnan(row->p999_ns));
	expect_near(row->max_ns, 210);
	expect_metric(2, "p50_ns", "ns", "lower", 110);
	expect_metric(3, "p90_ns", "ns", "lower", 110);
	expect_metric(4, "max_ns", "ns", "lower", 210);
	assert_true(results.rows[4].quantile);
	expect_near(results.rows[4].low, 200);
	expect_near(results.rows[4].high, 220);

	row = &results.rows[5];
	expect_metric(5, "fault/s", "fault/s", "higher", 600);
	assert_true(isnan(row->cv));
	assert_int_equal(row->launches, 1);
	assert_int_equal(row->failed, 1);
	assert_int_equal(row->interrupted, 1);
	assert_int_equal(row->planned, 3);
	assert_string_equal(row->reason, "mmap, 64M: Cannot allocate memory");
	assert_string_equal(results_status(row), "failed");
	assert_string_equal(results_status(&results.rows[0]), "ok");
}

static void
test_names(void **state)
{
	(void)state;
	read_fixture();
	assert_string_equal(results.label, "6.18-rc3");
	assert_string_equal(results.name, "two-cells");
	assert_string_equal(results.kernel, "Linux 6.18.0-rc3");
	assert_string_equal(results.machine, "Test CPU, 2 CPUs");
	assert_string_equal(results.method, "3 launches x 2 samples x 1s");
	assert_string_equal(results.rows[0].workload, "zfod/1");
	assert_string_equal(results.rows[0].params, "size=4M thp=off");
	assert_string_equal(results.rows[0].params_short, "size=4M");
	assert_int_equal(results.nnotes, 1);
	assert_string_equal(results.notes[0], "transparent huge pages cannot "
	    "be set here (cell 1)");
}

typedef void print_fn(FILE *out);

static void
print_text(FILE *out)
{
	results_print_text(&results, out, false, 0);
}

static void
print_csv(FILE *out)
{
	results_print_csv(&results, 1, out);
}

static void
print_json(FILE *out)
{
	results_print_json(&results, 1, out);
}

static void
expect_output(print_fn *print, const char *path)
{
	char *got = NULL, *wanted = scratch_get(path);
	size_t len = 0;
	FILE *out = open_memstream(&got, &len);

	assert_non_null(out);
	print(out);
	assert_int_equal(fclose(out), 0);
	assert_string_equal(got, wanted);
	free(got);
	free(wanted);
}

static void
test_expected_output(void **state)
{
	(void)state;
	read_fixture();
	expect_output(print_text, "tests/expected/show-two-cells.txt");
	expect_output(print_csv, "tests/expected/show-two-cells.csv");
	expect_output(print_json, "tests/expected/show-two-cells.json");
}

/* ---- kinds ------------------------------------------------------------ */

/*
 * fork: 100 in 1 s, then 100 + 200 in 1 + 1 s (a phase that was repeated), so
 * 100/s and 150/s.  exit: 50 in 0.5 s, 100/s in both launches.
 */
static void
test_phases(void **state)
{
	(void)state;
	read_rows(RUN CELL("phases")
	    LAUNCH(0) PHASE(0, "fork", 100, 1000000000, "")
	    PHASE(0, "exit", 50, 500000000, ",\"headline\":true") END(0)
	    LAUNCH(1) PHASE(1, "fork", 100, 1000000000, "")
	    PHASE(1, "fork", 200, 1000000000, "")
	    PHASE(1, "exit", 50, 500000000, ",\"headline\":true") END(1), 2);
	expect_metric(0, "fork child/s", "child/s", "higher", 125);
	assert_false(results.rows[0].headline);
	expect_near(results.rows[0].low, 100);
	expect_near(results.rows[0].high, 150);
	expect_metric(1, "exit child/s", "child/s", "higher", 100);
	assert_true(results.rows[1].headline);
	assert_true(isnan(results.rows[0].worker_min));
	assert_true(isnan(results.rows[0].fairness));
	assert_string_equal(results.method, "2 launches");
}

/* What the workload recorded by itself stands beside its headline. */
static void
test_latency_of_phases(void **state)
{
	(void)state;
	read_rows(RUN CELL("phases") LAUNCH(0) HISTOGRAM(0, 100)
	    PHASE(0, "start", 100, 1000000000, "")
	    PHASE(0, "wake", 50, 500000000, ",\"headline\":true") END(0), 5);
	expect_metric(0, "start child/s", "child/s", "higher", 100);
	assert_true(isnan(results.rows[0].p50_ns));
	expect_metric(1, "wake child/s", "child/s", "higher", 100);
	expect_near(results.rows[1].p50_ns, 100);
	expect_near(results.rows[1].max_ns, 100);
	expect_metric(2, "p50_ns", "ns", "lower", 100);
	assert_false(results.rows[2].headline);
}

/* A partial population is a result, and the smallest one is told. */
static void
test_partial_population(void **state)
{
	(void)state;
	read_rows(RUN CELL("phases")
	    LAUNCH(0) PHASE(0, "build", 900, 1000000000,
	    ",\"asked\":2000,\"reached\":900,\"limit\":\"pids.max\"") END(0)
	    LAUNCH(1) PHASE(1, "build", 800, 1000000000,
	    ",\"asked\":2000,\"reached\":800,\"limit\":\"memory\"") END(1), 1);
	expect_metric(0, "build child/s", "child/s", "higher", 850);
	assert_true(results.rows[0].headline);
	assert_string_equal(results_status(&results.rows[0]), "ok");
	assert_int_equal(results.nnotes, 1);
	assert_string_equal(results.notes[0],
	    "build reached only 800 of 2000: memory (cell 0)");
}

/*
 * Two bins: 1 step of 10 ns, 3 steps of 30 ns: 100 ns in 4 steps.  The second
 * launch has two workers' worth of the last bin: 20 and 40 ns of equal count.
 */
static void
test_curve(void **state)
{
#define BIN(launch, worker, first, count, mean)				\
	LINE("curve", launch, ",\"worker\":" #worker ",\"first\":" #first \
	",\"count\":" #count ",\"min_ns\":0,\"mean_ns\":" #mean		\
	",\"max_ns\":99")
	(void)state;
	read_rows(RUN CELL_OF(0, "curve", "4M",
	    "\"workers\":2,\"pin\":\"none\"")
	    LAUNCH(0) BIN(0, 0, 0, 1, 10) BIN(0, 0, 1, 3, 30) END(0)
	    LAUNCH(1) BIN(1, 0, 1, 3, 20) BIN(1, 1, 0, 2, 90)
	    BIN(1, 1, 1, 3, 40) END(1), 2);
	expect_metric(0, "ns/fault", "ns/fault", "lower", (25 + 45) / 2.0);
	expect_metric(1, "last ns/fault", "ns/fault", "lower", 30);
	assert_true(results.rows[0].headline);
}

/* ---- percentiles ------------------------------------------------------ */

/* Ten beyond: 20 operations for the median, 10,000 for the 99.9th. */
static void
test_quantiles_need_a_tail(void **state)
{
	(void)state;
	read_rows(RUN CELL("rate") LAUNCH(0) HISTOGRAM(0, 19) END(0), 2);
	expect_metric(0, "fault/s", "fault/s", "higher", NAN);
	expect_metric(1, "max_ns", "ns", "lower", 100);
	read_rows(RUN CELL("rate") LAUNCH(0) HISTOGRAM(0, 20) END(0), 3);
	expect_metric(1, "p50_ns", "ns", "lower", 100);
	read_rows(RUN CELL("rate") LAUNCH(0) HISTOGRAM(0, 99) END(0), 3);
	read_rows(RUN CELL("rate") LAUNCH(0) HISTOGRAM(0, 100) END(0), 4);
	expect_metric(2, "p90_ns", "ns", "lower", 100);
	read_rows(RUN CELL("rate") LAUNCH(0) HISTOGRAM(0, 999) END(0), 4);
	read_rows(RUN CELL("rate") LAUNCH(0) HISTOGRAM(0, 1000) END(0), 5);
	expect_metric(3, "p99_ns", "ns", "lower", 100);
	read_rows(RUN CELL("rate") LAUNCH(0) HISTOGRAM(0, 9999) END(0), 5);
	read_rows(RUN CELL("rate") LAUNCH(0) HISTOGRAM(0, 10000) END(0), 6);
	expect_metric(4, "p999_ns", "ns", "lower", 100);
}

/* In every launch that counts; a failed one does not. */
static void
test_quantiles_need_every_launch(void **state)
{
	(void)state;
	read_rows(RUN CELL("rate") LAUNCH(0) HISTOGRAM(0, 100) END(0)
	    LAUNCH(1) HISTOGRAM(1, 20) END(1), 3);
	expect_metric(1, "p50_ns", "ns", "lower", 100);
	expect_metric(2, "max_ns", "ns", "lower", 100);
	assert_true(isnan(results.rows[0].p90_ns));
	read_rows(RUN CELL("rate") LAUNCH(0) HISTOGRAM(0, 100) END(0)
	    LAUNCH(1) HISTOGRAM(1, 20)
	    LINE("end", 1, ",\"status\":\"failed\""), 4);
	expect_metric(2, "p90_ns", "ns", "lower", 100);
}

/* ---- the rest of the system -------------------------------------------- */

#define STALL(launch, phase, rounds, worst)				\
	LINE("stall", launch, ",\"phase\":\"" phase "\",\"rounds\":"	\
	#rounds ",\"worst_ns\":" #worst ",\"p99_ns\":5")
/* Four parts that add up to the sum of what is given. */
#define SPENT(launch, when, members, tables, stacks, slab, anonymous)	\
	LINE("memory", launch, "," when members				\
	",\"page_tables_bytes\":" #tables ",\"kernel_stack_bytes\":"	\
	#stacks ",\"slab_bytes\":" #slab ",\"anonymous_bytes\":"	\
	#anonymous)
#define MEMORY(launch, phase, ...)					\
	SPENT(launch, "\"phase\":\"" phase "\"", __VA_ARGS__)
#define MOMENT(launch, at, ...)						\
	SPENT(launch, "\"at\":\"" at "\"", __VA_ARGS__)
#define TEN ",\"members\":10"

/*
 * After the build 40 + 160 + 200 + 0 bytes more than at the start for ten
 * members, after the use 10 more: 41 bytes a member at most.  At the end 3 and
 * 4 bytes more than before the workers, 2 less, and as many.
 */
#define EFFECTS(n)							\
	LAUNCH(n) MOMENT(n, "setup", "", 10, 20, 30, 40)		\
	MOMENT(n, "start", "", 100, 200, 300, 400)			\
	PHASE(n, "build", 10, 1000000000, "")				\
	STALL(n, "build", 3, 7000)					\
	MEMORY(n, "build", TEN, 140, 360, 500, 400)			\
	PHASE(n, "end", 10, 500000000, ",\"headline\":true")		\
	STALL(n, "end", 1000, 1500000000)				\
	MEMORY(n, "end of it", TEN, 150, 360, 500, 400)			\
	MOMENT(n, "end", "", 13, 24, 28, 40) END(n)

static void
test_effects(void **state)
{
	size_t i;

	(void)state;
	read_rows(RUN CELL("phases") EFFECTS(0) EFFECTS(1), 19);
	expect_metric(0, "build child/s", "child/s", "higher", 10);
	expect_metric(1, "end child/s", "child/s", "higher", 20);
	expect_metric(2, "build stall_worst_ns", "ns", "lower", 7000);
	expect_metric(3, "memory bytes/member", "bytes/member", "lower", 41);
	expect_metric(4, "end stall_worst_ns", "ns", "lower", 1.5e9);
	/* Ten rounds lie beyond it, as with other percentiles. */
	expect_metric(5, "end stall_p99_ns", "ns", "lower", 5);
	assert_false(results.rows[0].detail || results.rows[1].detail);
	assert_true(results.rows[2].detail);
	assert_false(results.rows[3].detail || results.rows[4].detail);
	assert_true(results.rows[5].detail);
	assert_true(results.rows[1].headline);
	for (i = 2; i < 19; i++)
		assert_false(results.rows[i].headline);
	for (i = 6; i < 19; i++) {
		assert_true(results.rows[i].gauge);
		assert_null(results.rows[i].better);
	}
	assert_string_equal(results.rows[7].metric,
	    "build kernel_stack_bytes/member");
	expect_near(results.rows[7].median, 16);
	assert_string_equal(results.rows[10].metric,
	    "end of it page_tables_bytes/member");
	expect_near(results.rows[10].median, 5);
	assert_string_equal(results.rows[14].metric, "not_returned_bytes");
	assert_string_equal(results.rows[14].unit, "bytes");
	expect_near(results.rows[14].median, 5);
	assert_string_equal(results.rows[17].metric,
	    "not_returned slab_bytes");
	expect_near(results.rows[17].median, -2);
}

/* In text stalls are times and memory is bytes; the rest is in the wide one. */
static void
test_effects_in_text(void **state)
{
	(void)state;
	read_rows(RUN CELL("phases") EFFECTS(0) EFFECTS(1), 19);
	expect_text(false, 0,
	    "2 launches, process mode, pin none\n"
	    "size=4M thp=off\n"
	    "\n"
	    "workload  workers  metric               median    cv  launches\n"
	    "zfod/1          1  build child/s         10.00  0.0%       2/2\n"
	    "                   end child/s           20.00  0.0%       2/2\n"
	    "                   memory bytes/member    41 B  0.0%       2/2\n"
	    "                   end stall_worst_ns   1.50 s  0.0%       2/2\n");
}

/* Of phases that are repeated the worst stall counts, and the most memory. */
static void
test_effects_of_repeats(void **state)
{
	(void)state;
	read_rows(RUN CELL("phases")
	    LAUNCH(0) MOMENT(0, "start", "", 0, 0, 0, 0)
	    PHASE(0, "build", 10, 1000000000, "") STALL(0, "build", 3, 7000)
	    MEMORY(0, "build", TEN, 100, 0, 0, 0)
	    MOMENT(0, "start", "", 50, 0, 0, 0)
	    PHASE(0, "build", 10, 1000000000, "") STALL(0, "build", 3, 9000)
	    MEMORY(0, "build", TEN, 170, 0, 0, 0)
	    PHASE(0, "build", 10, 1000000000, "") STALL(0, "build", 3, 8000)
	    END(0), 7);
	expect_metric(1, "build stall_worst_ns", "ns", "lower", 9000);
	expect_metric(2, "memory bytes/member", "bytes/member", "lower", 12);
}

/* Nothing is made up: neither a time without a round nor a missing part. */
static void
test_effects_not_known(void **state)
{
	(void)state;
	read_rows(RUN CELL("phases") LAUNCH(0)
	    PHASE(0, "build", 10, 1000000000, "")
	    LINE("stall", 0, ",\"phase\":\"build\",\"rounds\":0")
	    MEMORY(0, "build", TEN, 1, 2, 3, 4) END(0), 1);
	read_rows(RUN CELL("phases") LAUNCH(0)
	    LINE("memory", 0, ",\"at\":\"start\",\"slab_bytes\":10")
	    PHASE(0, "build", 10, 1000000000, "")
	    MEMORY(0, "build", TEN, 1, 2, 30, 4) END(0), 2);
	assert_string_equal(results.rows[1].metric, "build slab_bytes/member");
	expect_near(results.rows[1].median, 2);
	/* Without members there is nothing to divide by. */
	read_rows(RUN CELL("phases") LAUNCH(0)
	    MOMENT(0, "start", "", 1, 2, 3, 4)
	    PHASE(0, "build", 10, 1000000000, "")
	    MEMORY(0, "build", "", 2, 3, 4, 5) END(0), 1);
	/* Readings of one launch are not those of the next. */
	read_rows(RUN CELL("phases") EFFECTS(0) LAUNCH(1)
	    PHASE(1, "build", 10, 1000000000, "")
	    MEMORY(1, "build", TEN, 9, 9, 9, 9)
	    MOMENT(1, "end", "", 9, 9, 9, 9) END(1), 19);
	assert_int_equal(results.rows[0].launches, 2);
	assert_int_equal(results.rows[3].launches, 1);
	assert_int_equal(results.rows[14].launches, 1);
	/* A launch that failed does not count. */
	read_rows(RUN CELL("phases") LAUNCH(0) STALL(0, "build", 3, 7)
	    MOMENT(0, "start", "", 1, 2, 3, 4)
	    MEMORY(0, "build", TEN, 2, 3, 4, 5)
	    LINE("end", 0, ",\"status\":\"failed\""), 1);
}

/* Of a rate it is about the measured part. */
static void
test_effects_of_a_rate(void **state)
{
	(void)state;
	read_rows(RUN CELL("rate") LAUNCH(0) LINE("sample", 0,
	    ",\"elapsed_ns\":1000000000,\"ops\":[5]")
	    LINE("stall", 0, ",\"rounds\":9,\"worst_ns\":80,"
	    "\"p99_ns\":70") END(0), 2);
	expect_metric(1, "stall_worst_ns", "ns", "lower", 80);
	assert_false(results.rows[1].detail);
}

static void
test_too_many_effects(void **state)
{
	struct str record = { 0 };
	struct err e = { 0 };
	int i;

	(void)state;
	str_add(&record, RUN CELL("phases") LAUNCH(0));
	for (i = 0; i <= 1024; i++)
		str_addf(&record, "{\"type\":\"stall\",\"cell\":0,"
		    "\"launch\":0,\"phase\":\"%d\",\"rounds\":1,"
		    "\"worst_ns\":1,\"p99_ns\":1}\n", i);
	str_add(&record, END(0));
	scratch_put(str_text(&record), record.len);
	str_free(&record);
	assert_int_equal(results_read(&results, scratch_path, &e), -1);
	assert_string_equal(e.text + strlen(scratch_path), ":1029: end: cell "
	    "0 has more than 1024 different figures of stalls and memory");
}

/* ---- what is not measured --------------------------------------------- */

static void
test_nothing_measured(void **state)
{
	(void)state;
	read_rows(RUN CELL("rate"), 1);
	expect_metric(0, "fault/s", "fault/s", "higher", NAN);
	assert_true(isnan(results.rows[0].low));
	assert_true(isnan(results.rows[0].cv));
	assert_true(isnan(results.rows[0].bytes_per_s));
	assert_true(results.rows[0].headline);
	assert_int_equal(results.rows[0].launches, 0);
	assert_string_equal(results_status(&results.rows[0]), "missing");
	assert_null(results.kernel);
	assert_null(results.machine);
	assert_null(results.label);
	read_rows(RUN CELL("curve"), 1);
	expect_metric(0, "ns/fault", "ns/fault", "lower", NAN);
	read_rows(RUN, 0);
	assert_null(results.method);
	expect_text(false, 0, "\nno cells\n");
}

/* No time is no rate, rather than an infinite one. */
static void
test_no_time(void **state)
{
	(void)state;
	read_rows(RUN CELL("rate") LAUNCH(0)
	    LINE("sample", 0, ",\"elapsed_ns\":0,\"ops\":[5]") END(0), 1);
	expect_metric(0, "fault/s", "fault/s", "higher", NAN);
	read_rows(RUN CELL("phases") LAUNCH(0) PHASE(0, "fork", 5, 0, "")
	    END(0), 1);
	expect_metric(0, "fault/s", "fault/s", "higher", NAN);
}

/* All of the time was set aside: no net rate, but the rate is there. */
static void
test_no_net_time(void **state)
{
	(void)state;
	read_rows(RUN CELL_OF(0, "rate", "4M", NORMAL ",\"net\":\"only\"")
	    LAUNCH(0) LINE("sample", 0, ",\"elapsed_ns\":1000000000,"
	    "\"ops\":[5],\"aside_ns\":[1000000000]") END(0), 1);
	expect_metric(0, "fault/s", "fault/s", "higher", 5);
}

static void
test_launch_done_again(void **state)
{
#define ONE_SAMPLE(launch, ops) LINE("sample", launch,			\
	",\"elapsed_ns\":1000000000,\"ops\":[" #ops "]")
	(void)state;
	read_rows(RUN CELL("rate")
	    LAUNCH(1) ONE_SAMPLE(1, 7) END(1)
	    LAUNCH(0) ONE_SAMPLE(0, 1)
	    LINE("end", 0, ",\"status\":\"interrupted\",\"reason\":\"x\"")
	    LAUNCH(0) ONE_SAMPLE(0, 9) END(0), 1);
	expect_metric(0, "fault/s", "fault/s", "higher", 8);
	assert_int_equal(results.rows[0].launches, 2);
	assert_int_equal(results.rows[0].interrupted, 0);
	assert_null(results.rows[0].reason);
	assert_string_equal(results_status(&results.rows[0]), "ok");
}

/* In tenths of a second. */
#define RUSAGE(launch, user, system)					\
	LINE("rusage", launch, ",\"user_ns\":" #user "00000000,"	\
	"\"system_ns\":" #system "00000000")

/* The median over launches, 0.1, 0.5 and none: who did not work has no share. */
static void
test_system_share(void **state)
{
	(void)state;
	read_rows(RUN CELL("rate")
	    LAUNCH(0) ONE_SAMPLE(0, 1) RUSAGE(0, 9, 1) END(0)
	    LAUNCH(1) ONE_SAMPLE(1, 1) RUSAGE(1, 3, 3) END(1), 1);
	expect_near(results.rows[0].system_share, 0.3);
	read_rows(RUN CELL("rate")
	    LAUNCH(0) ONE_SAMPLE(0, 1) LINE("rusage", 0,
	    ",\"user_ns\":0,\"system_ns\":40000000") END(0), 1);
	assert_true(isnan(results.rows[0].system_share));
}

/* A launch whose counting costs time is no result, and none is missing. */
static void
test_counts_only(void **state)
{
	(void)state;
	read_rows(RUN CELL("rate")
	    LAUNCH(0) ONE_SAMPLE(0, 8) END(0) LAUNCH(1) ONE_SAMPLE(1, 8) END(1)
	    LINE("launch", 2, ",\"times\":false") ONE_SAMPLE(2, 2)
	    RUSAGE(2, 1, 1) PHASE(2, "fork", 5, 7, "")
	    LINE("gauge", 2, ",\"name\":\"g\",\"value\":1") END(2), 1);
	expect_metric(0, "fault/s", "fault/s", "higher", 8);
	assert_int_equal(results.rows[0].launches, 2);
	assert_int_equal(results.rows[0].planned, 2);
	assert_true(isnan(results.rows[0].system_share));
	assert_string_equal(results_status(&results.rows[0]), "ok");
	/* One that failed is told. */
	read_rows(RUN CELL("rate")
	    LAUNCH(0) ONE_SAMPLE(0, 8) END(0)
	    LINE("launch", 1, ",\"times\":false")
	    LINE("end", 1, ",\"status\":\"failed\",\"reason\":\"x\""), 1);
	assert_int_equal(results.rows[0].failed, 1);
	assert_string_equal(results.rows[0].reason, "x");
}

static void
test_statuses(void **state)
{
	(void)state;
	read_rows(RUN CELL("rate") LAUNCH(0) ONE_SAMPLE(0, 1) END(0), 1);
	assert_string_equal(results_status(&results.rows[0]), "missing");
	read_rows(RUN CELL("rate") LAUNCH(0) ONE_SAMPLE(0, 1) END(0)
	    LINE("end", 1, ",\"status\":\"skipped\""), 1);
	assert_string_equal(results_status(&results.rows[0]), "skipped");
	read_rows(RUN CELL("rate") LAUNCH(0) ONE_SAMPLE(0, 1) END(0)
	    LINE("end", 1, ",\"status\":\"interrupted\""), 1);
	assert_string_equal(results_status(&results.rows[0]), "interrupted");
}

static void
test_errors(void **state)
{
	char text[256];
	struct err e = { 0 };

	(void)state;
	scratch_put(RUN "[1]\n", strlen(RUN) + 4);
	assert_int_equal(results_read(&results, scratch_path, &e), -1);
	snprintf(text, sizeof(text), "%s:2: not a JSON object",
	    scratch_path);
	assert_string_equal(e.text, text);
	assert_int_equal(results.nrows, 0);
}

static void
test_too_many_phases(void **state)
{
	struct str record = { 0 };
	struct err e = { 0 };
	int i;

	(void)state;
	str_add(&record, RUN CELL("phases") LAUNCH(0));
	for (i = 0; i <= 256; i++)
		str_addf(&record, "{\"type\":\"phase\",\"cell\":0,"
		    "\"launch\":0,\"name\":\"%d\",\"unit\":\"x\",\"ops\":1,"
		    "\"elapsed_ns\":1}\n", i);
	str_add(&record, END(0));
	scratch_put(str_text(&record), record.len);
	str_free(&record);
	assert_int_equal(results_read(&results, scratch_path, &e), -1);
	assert_string_equal(e.text + strlen(scratch_path),
	    ":261: end: cell 0 has more than 256 different phases");
}

/* ---- notes ------------------------------------------------------------ */

static void
test_notes_name_their_cells(void **state)
{
#define CELLS(id) CELL_OF(id, "rate", "4M", NORMAL)
#define NOTED(cell, text) LINE_OF("launch", cell, 0, "")		\
	LINE_OF("note", cell, 0, ",\"text\":\"" text "\"")		\
	LINE_OF("end", cell, 0, ",\"status\":\"ok\"")
	(void)state;
	read_rows(RUN CELLS(0) CELLS(1) CELLS(2) CELLS(3) CELLS(4)
	    "{\"type\":\"note\",\"text\":\"whole\"}\n"
	    NOTED(4, "a") NOTED(1, "a") NOTED(1, "a") NOTED(2, "a")
	    NOTED(0, "a") NOTED(3, "b"), 5);
	assert_int_equal(results.nnotes, 3);
	assert_string_equal(results.notes[0], "whole");
	assert_string_equal(results.notes[1], "a (cells 0-2, 4)");
	assert_string_equal(results.notes[2], "b (cell 3)");
}

/* ---- text ------------------------------------------------------------- */

static void
test_text_of_failures(void **state)
{
	(void)state;
	read_rows(RUN CELL("rate")
	    CELL_OF(1, "rate", "8M", "\"workers\":2,\"pin\":\"cores\"")
	    CELL_OF(2, "rate", "16M", NORMAL)
	    LAUNCH(0) ONE_SAMPLE(0, 1000) END(0)
	    LINE("end", 1, ",\"status\":\"ok\"")
	    LINE_OF("end", 1, 0, ",\"status\":\"skipped\","
	    "\"reason\":\"only 1 CPU\\u001b\"")
	    LINE_OF("end", 1, 1, ",\"status\":\"skipped\"")
	    LINE_OF("end", 2, 0, ",\"status\":\"failed\","
	    "\"reason\":\"timed out after 60 s\""), 3);
	expect_text(false, 0,
	    "2 launches x 3 samples x 500ms, process mode\n"
	    "thp=off\n"
	    "\n"
	    "cell  workload  params    workers  pin    metric   median  "
	    "launches\n"
	    "   0  zfod/1    size=4M         1  none   fault/s  1.000k       "
	    "1/2\n"
	    "   1  zfod/1    size=8M         2  cores  fault/s  "
	    "unsupported: only 1 CPU\\x1b\n"
	    "   2  zfod/1    size=16M        1  none   fault/s  failed\n"
	    "\n"
	    "cell 0: of 2 launches, 1 gave no number\n"
	    "cell 2: of 2 launches, 1 failed, 1 gave no number: timed out "
	    "after 60 s\n");
}

/* Nothing is wrong: no sentences, and no column to name cells by. */
static void
test_text_of_success(void **state)
{
	(void)state;
	read_rows(RUN CELL("rate") LAUNCH(0) ONE_SAMPLE(0, 1000) END(0)
	    LAUNCH(1) ONE_SAMPLE(1, 1000) END(1), 1);
	expect_text(false, 0,
	    "2 launches x 3 samples x 500ms, process mode, pin none\n"
	    "size=4M thp=off\n"
	    "\n"
	    "workload  workers  metric   median    cv  launches\n"
	    "zfod/1          1  fault/s  1.000k  0.0%       2/2\n");
	expect_text(true, 10,
	    "2 launches x 3 samples x 500ms, process mode, pin none\n"
	    "size=4M thp=off\n"
	    "\n"
	    "cell  workload  mode     workers  pin   metric   median     low  "
	    "  high    cv  launches\n"
	    "   0  zfod/1    process        1  none  fault/s  1.000k  1.000k  "
	    "1.000k  0.0%       2/2\n");
}

static void
test_text_that_must_fit(void **state)
{
	(void)state;
	read_rows(RUN CELL("rate") LAUNCH(0) ONE_SAMPLE(0, 1000)
	    HISTOGRAM(0, 10000) END(0)
	    LAUNCH(1) ONE_SAMPLE(1, 1000) HISTOGRAM(1, 10000) END(1), 6);
	expect_text(false, 76,
	    "2 launches x 3 samples x 500ms, process mode, pin none\n"
	    "size=4M thp=off\n"
	    "\n"
	    "workload  workers  metric   median    cv     p50     p99     max"
	    "  launches\n"
	    "zfod/1          1  fault/s  1.000k  0.0%  100 ns  100 ns  100 ns"
	    "       2/2\n"
	    "not shown for lack of width: p90, p99.9 (see --wide)\n");
	expect_text(false, 1,
	    "2 launches x 3 samples x 500ms, process mode, pin none\n"
	    "size=4M thp=off\n"
	    "\n"
	    "workload  workers  metric   median  launches\n"
	    "zfod/1          1  fault/s  1.000k       2/2\n"
	    "not shown for lack of width: p90, p99.9, max, p50, p99, cv (see "
	    "--wide)\n");
}

/* ---- data ------------------------------------------------------------- */

/* The columns that scripts may count on. */
static void
test_csv_header(void **state)
{
	static const char promised[] = "workload,params,mode,workers,pin,"
	    "metric,unit,better,median,low,high,launches,status,";
	char *got = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&got, &len);

	(void)state;
	assert_non_null(out);
	results_print_csv(NULL, 0, out);
	assert_int_equal(fclose(out), 0);
	assert_memory_equal(got, promised, strlen(promised));
	assert_ptr_equal(strchr(got, '\n'), got + len - 1);
	free(got);
}

/* Quotes, commas, newlines and escapes; nothing is 0 that is not known. */
static void
test_csv_quoting(void **state)
{
	static const char wanted[] = "zfod/1,\"size=a\"\"b,c\\x0a\\x1b thp=off"
	    "\",process,1,none,fault/s,fault/s,higher,,,,0,missing,,,,,,,,,,,,"
	    "true,2,0,0,0,,0,,/";
	char *got = NULL, *row;
	size_t len = 0;
	FILE *out;

	(void)state;
	read_rows(RUN CELL_OF(0, "rate", "a\\\"b,c\\n\\u001b", NORMAL), 1);
	out = open_memstream(&got, &len);
	assert_non_null(out);
	results_print_csv(&results, 1, out);
	assert_int_equal(fclose(out), 0);
	row = strchr(got, '\n') + 1;
	assert_memory_equal(row, wanted, strlen(wanted));
	free(got);
}

static void
test_json_of_several(void **state)
{
	struct results both[2];
	char *got = NULL, *nul;
	size_t len = 0;
	FILE *out;

	(void)state;
	read_rows(RUN, 0);
	both[0] = both[1] = results;
	both[0].file = both[1].file = (char *)"x";
	out = open_memstream(&got, &len);
	assert_non_null(out);
	results_print_json(both, 2, out);
	results_print_json(both, 0, out);
	assert_int_equal(fclose(out), 0);
	nul = strstr(got, ",\n");
	assert_non_null(nul);
	assert_string_equal(got, "[{\"file\":\"x\",\"label\":null,"
	    "\"name\":null,\"kernel\":null,\"machine\":null,\"method\":null,"
	    "\"rows\":[],\"notes\":[]},\n{\"file\":\"x\",\"label\":null,"
	    "\"name\":null,\"kernel\":null,\"machine\":null,\"method\":null,"
	    "\"rows\":[],\"notes\":[]}]\n[]\n");
	free(got);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define SCRATCH(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
		SCRATCH(test_numbers_by_hand),
		SCRATCH(test_names),
		SCRATCH(test_expected_output),
		SCRATCH(test_phases),
		SCRATCH(test_latency_of_phases),
		SCRATCH(test_partial_population),
		SCRATCH(test_curve),
		SCRATCH(test_quantiles_need_a_tail),
		SCRATCH(test_quantiles_need_every_launch),
		SCRATCH(test_effects),
		SCRATCH(test_effects_in_text),
		SCRATCH(test_effects_of_repeats),
		SCRATCH(test_effects_not_known),
		SCRATCH(test_effects_of_a_rate),
		SCRATCH(test_too_many_effects),
		SCRATCH(test_nothing_measured),
		SCRATCH(test_no_time),
		SCRATCH(test_no_net_time),
		SCRATCH(test_launch_done_again),
		SCRATCH(test_system_share),
		SCRATCH(test_counts_only),
		SCRATCH(test_statuses),
		SCRATCH(test_errors),
		SCRATCH(test_too_many_phases),
		SCRATCH(test_notes_name_their_cells),
		SCRATCH(test_text_of_failures),
		SCRATCH(test_text_of_success),
		SCRATCH(test_text_that_must_fit),
		SCRATCH(test_csv_header),
		SCRATCH(test_csv_quoting),
		SCRATCH(test_json_of_several),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
