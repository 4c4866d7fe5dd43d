/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Counters, statistics and profiles of a record, checked against arithmetic
 * done by hand, and stacks as folded lines and as a picture.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "present/folded.h"
#include "present/insight_figures.h"
#include "present/insight_print.h"
#include "present/profile_functions.h"
#include "scratch_file.h"

#define RUN "{\"type\":\"run\",\"schema\":\"vmstress-result/1\"}\n"
#define CELL_OF(id)							\
	"{\"type\":\"cell\",\"cell\":" #id ",\"workload\":\"zfod\","	\
	"\"version\":1,\"kind\":\"rate\",\"unit\":\"fault\","		\
	"\"params\":{\"size\":\"4M\"},\"workers\":2,"			\
	"\"mode\":\"process\",\"pin\":\"none\",\"launches\":4,"		\
	"\"samples\":2}\n"
#define CELL CELL_OF(0)
#define LINE(type, launch, rest)					\
	"{\"type\":\"" type "\",\"cell\":0,\"launch\":" #launch rest "}\n"
#define LAUNCH(n) LINE("launch", n, "")
#define END(n) LINE("end", n, ",\"status\":\"ok\"")
#define SAMPLE(n, index, elapsed, ops)					\
	LINE("sample", n, ",\"index\":" #index ",\"elapsed_ns\":" #elapsed \
	",\"ops\":" ops)
#define COUNTER(n, index, name, rest)					\
	LINE("counter", n, ",\"index\":" #index ",\"name\":\"" name "\"," rest)
#define VALUE(value) "\"status\":\"ok\",\"value\":" #value
#define KSTAT(n, index, rest)						\
	LINE("kstat", n, ",\"index\":" #index ",\"elapsed_ns\":2000000000," \
	rest)
#define STACK(n, count, frames)						\
	LINE("stack", n, ",\"index\":0,\"count\":" #count ",\"frames\":" frames)
#define PROFILE(n, rest)						\
	LINE("profile", n, ",\"index\":0,\"name\":\"cpu-clock\"," rest)

#define ALL (INSIGHT_COUNTERS | INSIGHT_STATISTICS | INSIGHT_PROFILE)

static struct insight in;

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
	insight_free(&in);
	scratch_end();
	return 0;
}

static void
read_record(const char *record)
{
	struct err e = { 0 };

	insight_free(&in);
	scratch_put(record, strlen(record));
	insight_read(&in, scratch_path, ALL, &e);
	assert_string_equal(e.text, "");
}

static void
expect_near(double got, double wanted)
{
	if (isnan(wanted)) {
		assert_true(isnan(got));
		return;
	}
	assert_false(isnan(got));
	assert_true(fabs(got - wanted) <= 1e-12 * fabs(wanted));
}

static struct insight_figures
figures_of(enum insight_kind kind, const char *name)
{
	const struct insight_part *p = &in.cells[0].parts[0];
	const struct insight_item *item = insight_item(p, kind, name);
	struct insight_figures f;

	assert_non_null(item);
	insight_figures(p, item, &f);
	return f;
}

static void
expect(enum insight_kind kind, const char *name, double per_op, double per_s,
    double total)
{
	struct insight_figures f = figures_of(kind, name);

	expect_near(f.per_op, per_op);
	expect_near(f.per_s, per_s);
	expect_near(f.total, total);
}

/* ---- counters --------------------------------------------------------- */

/*
 * Launch 0: 60 + 40 in 1 s + 1 s of 4 + 6 operations: 10 each, 50 a second.
 * Launch 1: 90 in 1 s of 6 operations: 15 each.  Median 12.5 and 70, total 95,
 * deviation of 10 and 15: 3.5355, over 12.5.
 */
static void
test_counters(void **state)
{
	struct insight_figures f;

	(void)state;
	read_record(RUN CELL
	    LAUNCH(0) SAMPLE(0, 0, 1000000000, "[2,2]")
	    SAMPLE(0, 1, 1000000000, "[3,3]")
	    COUNTER(0, 0, "a", VALUE(60)) COUNTER(0, 1, "a", VALUE(40)) END(0)
	    LAUNCH(1) SAMPLE(1, 0, 1000000000, "[3,3]")
	    COUNTER(1, 0, "a", VALUE(90)) END(1)
	    LAUNCH(2) SAMPLE(2, 0, 1000000000, "[3,3]")
	    COUNTER(2, 0, "a", VALUE(900))
	    LINE("end", 2, ",\"status\":\"failed\""));
	expect(INSIGHT_COUNTER, "a", 12.5, 70, 95);
	f = figures_of(INSIGHT_COUNTER, "a");
	expect_near(f.cv, sqrt(12.5) / 12.5);
	assert_int_equal(f.launches, 2);
	assert_true(isnan(f.running));
	assert_true(isnan(f.least));
}

/* Half of the time; the same event twice, of two PMUs, is of one work. */
static void
test_scaled_and_hybrid(void **state)
{
	struct insight_figures f;

	(void)state;
	read_record(RUN CELL
	    LAUNCH(0) SAMPLE(0, 0, 1000000000, "[2,3]")
	    COUNTER(0, 0, "a", "\"status\":\"scaled\",\"value\":20,"
	    "\"raw\":10,\"enabled_ns\":40,\"running_ns\":20")
	    COUNTER(0, 0, "b", VALUE(6)) COUNTER(0, 0, "b", VALUE(4)) END(0));
	f = figures_of(INSIGHT_COUNTER, "a");
	expect_near(f.running, 0.5);
	expect(INSIGHT_COUNTER, "b", 2, 10, 10);
}

/* Workers: 1 + 2 and 5 + 1 over the samples of the launch. */
static void
test_each(void **state)
{
	struct insight_figures f;

	(void)state;
	read_record(RUN CELL
	    LAUNCH(0) SAMPLE(0, 0, 1, "[1,1]") SAMPLE(0, 1, 1, "[1,1]")
	    COUNTER(0, 0, "a", VALUE(6) ",\"each\":[1,5]")
	    COUNTER(0, 1, "a", VALUE(3) ",\"each\":[2,1]") END(0));
	f = figures_of(INSIGHT_COUNTER, "a");
	expect_near(f.least, 3);
	expect_near(f.most, 6);
}

/* No value is not 0, and a work that is not known gives no quotient. */
static void
test_not_counted(void **state)
{
	const struct insight_item *item;

	(void)state;
	read_record(RUN CELL
	    LAUNCH(0) SAMPLE(0, 0, 1, "[1,1]")
	    COUNTER(0, 0, "a", "\"status\":\"not_supported\",\"value\":null,"
	    "\"reason\":\"no PMU\"")
	    COUNTER(0, 7, "b", VALUE(5)) END(0));
	item = insight_item(&in.cells[0].parts[0], INSIGHT_COUNTER, "a");
	assert_string_equal(item->status, "not_supported");
	assert_string_equal(item->reason, "no PMU");
	assert_int_equal(item->nvalues, 0);
	assert_null(insight_item(&in.cells[0].parts[0], INSIGHT_KSTAT, "a"));
	expect(INSIGHT_COUNTER, "b", NAN, NAN, 5);
	/* A sample in which nothing was done is one. */
	read_record(RUN CELL LAUNCH(0) SAMPLE(0, 0, 500000000, "[0,0]")
	    SAMPLE(0, 1, 500000000, "[1,1]") COUNTER(0, 0, "a", VALUE(5))
	    COUNTER(0, 1, "a", VALUE(3)) END(0));
	expect(INSIGHT_COUNTER, "a", 4, 8, 8);
}

/* Counting that costs time gives numbers per operation and no rates. */
static void
test_counts_only(void **state)
{
	(void)state;
	read_record(RUN CELL
	    LINE("launch", 0, ",\"times\":false,\"count_mode\":\"task\"")
	    SAMPLE(0, 0, 1000000000, "[1,1]") COUNTER(0, 0, "a", VALUE(6))
	    END(0));
	expect(INSIGHT_COUNTER, "a", 3, NAN, 6);
	assert_int_equal(in.cells[0].launches, 1);
	assert_int_equal(in.cells[0].counted_only, 1);
	assert_string_equal(in.cells[0].mode, "task");
}

/* The last of several tries counts. */
static void
test_done_again(void **state)
{
	(void)state;
	read_record(RUN CELL
	    LAUNCH(0) SAMPLE(0, 0, 1, "[1,1]") COUNTER(0, 0, "a", VALUE(6))
	    STACK(0, 5, "[\"x\"]") END(0)
	    LAUNCH(1) SAMPLE(1, 0, 1, "[1,1]") COUNTER(1, 0, "a", VALUE(8))
	    END(1)
	    LAUNCH(0) SAMPLE(0, 0, 1, "[1,1]") COUNTER(0, 0, "a", VALUE(10))
	    END(0));
	expect_near(figures_of(INSIGHT_COUNTER, "a").per_op, 4.5);
	assert_int_equal(in.cells[0].launches, 2);
	expect_near(insight_sum(insight_item(&in.cells[0].parts[0],
	    INSIGHT_STACK, "x")), 0);
}

/* ---- statistics ------------------------------------------------------- */

/*
 * What a source does not list has not changed: 8 context switches in one of
 * two samples are 8 of the 4 + 4 operations of both, and 0 in a launch without
 * any.  Seconds are those of the line.
 */
static void
test_statistics(void **state)
{
	(void)state;
	read_record(RUN CELL
	    LAUNCH(0) SAMPLE(0, 0, 1, "[2,2]") SAMPLE(0, 1, 1, "[2,2]")
	    KSTAT(0, 0, "\"sources\":[\"stat\"],\"values\":{\"stat.ctxt\":8}")
	    KSTAT(0, 1, "\"sources\":[\"stat\"],\"values\":{}") END(0)
	    LAUNCH(1) SAMPLE(1, 0, 1, "[2,2]")
	    KSTAT(1, 0, "\"sources\":[\"stat\"],\"values\":{}")
	    LINE("slab", 1, ",\"index\":0,\"values\":{\"filp\":-4096}")
	    LINE("usage", 1, ",\"index\":0,\"user_ns\":12,"
	    "\"elapsed_ns\":2") END(1)
	    LAUNCH(2) SAMPLE(2, 0, 1, "[2,2]")
	    KSTAT(2, 0, "\"sources\":[\"vmstat\"],\"values\":{}") END(2));
	expect(INSIGHT_KSTAT, "stat.ctxt", 0.5, 1, 4);
	assert_int_equal(figures_of(INSIGHT_KSTAT, "stat.ctxt").launches, 2);
	expect(INSIGHT_SLAB, "filp", -1024, -4096e9, -4096);
	expect(INSIGHT_USAGE, "usage.user_ns", 3, 6e9, 12);
}

/* Well-known ones first, then by size, then memory; not what did not move. */
static void
test_order(void **state)
{
	static const char *const wanted[] = {
		"usage.user_ns", "vmstat.pgfault", "vmstat.big", "vmstat.small",
		"filp"
	};
	const struct insight_item **items;
	size_t i, n;

	(void)state;
	read_record(RUN CELL LAUNCH(0) SAMPLE(0, 0, 1, "[2,2]")
	    LINE("slab", 0, ",\"index\":0,\"values\":{\"filp\":4096}")
	    KSTAT(0, 0, "\"sources\":[\"vmstat\"],\"values\":{"
	    "\"vmstat.small\":1,\"vmstat.none\":0,\"vmstat.big\":-200,"
	    "\"vmstat.pgfault\":9}")
	    LINE("usage", 0, ",\"index\":0,\"user_ns\":12,"
	    "\"major_faults\":0") END(0));
	n = insight_statistics(&in.cells[0].parts[0], &items);
	assert_int_equal(n, 5);
	for (i = 0; i < n; i++)
		assert_string_equal(items[i]->name, wanted[i]);
	free(items);
}

static void
expect_number(const char *name, enum insight_kind kind, double value,
    const char *wanted)
{
	const struct insight_item item = { .kind = kind, .name = name };
	struct str b = { 0 };

	insight_number(&b, &item, value);
	assert_string_equal(str_text(&b), wanted);
	str_free(&b);
}

static void
test_numbers(void **state)
{
	(void)state;
	expect_number("stat.user_ns", INSIGHT_KSTAT, 1500, "1.50 us");
	expect_number("psi.cpu_some_us", INSIGHT_KSTAT, -1500, "-1.50 ms");
	expect_number("swap.used_bytes", INSIGHT_KSTAT, 4096, "4.00 KiB");
	expect_number("filp", INSIGHT_SLAB, -4096, "-4.00 KiB");
	expect_number("x_ns", INSIGHT_COUNTER, 1500, "1.500k");
	expect_number("cpu-clock:u", INSIGHT_COUNTER, 1500, "1.50 us");
	expect_number("perf::TASK-CLOCK", INSIGHT_COUNTER, 1500, "1.50 us");
	expect_number("cpu-clocks", INSIGHT_COUNTER, 1500, "1.500k");
	expect_number("stat.ctxt", INSIGHT_KSTAT, 0.000012345, "1.23e-05");
	expect_number("stat.ctxt", INSIGHT_KSTAT, 0, "0");
	expect_number("stat.ctxt", INSIGHT_KSTAT, NAN, "");
}

/* ---- profiles --------------------------------------------------------- */

#define THREE_STACKS							\
	STACK(0, 6, "[\"p:main\",\"a\",\"b\"]")				\
	STACK(0, 3, "[\"p:main\",\"a\",\"a\"]")				\
	STACK(0, 1, "[\"p:main\"]")

/* 10 samples with stacks of 12; a function in itself counts once. */
static void
test_functions(void **state)
{
	struct profile_functions f;

	(void)state;
	read_record(RUN CELL LAUNCH(0) SAMPLE(0, 0, 1, "[2,2]")
	    PROFILE(0, "\"status\":\"ok\",\"rate_hz\":997,\"samples\":12,"
	    "\"kernel\":11,\"user\":1,\"lost\":2") THREE_STACKS END(0));
	profile_functions(&in.cells[0].parts[0], &f);
	assert_int_equal(f.count, 3);
	assert_string_equal(f.list[0].name, "b");
	expect_near(f.list[0].self, 6);
	expect_near(f.list[0].total, 6);
	assert_string_equal(f.list[1].name, "a");
	expect_near(f.list[1].self, 3);
	expect_near(f.list[1].total, 9);
	assert_string_equal(f.list[2].name, "p:main");
	expect_near(f.list[2].self, 1);
	expect_near(f.list[2].total, 10);
	expect_near(f.samples, 12);
	expect_near(f.lost, 2);
	assert_int_equal(f.launches, 1);
	profile_functions_free(&f);
	assert_true(profile_is_kernel("do_exit"));
	assert_false(profile_is_kernel("bash:[user]"));
}

/* What one of the printers of stacks writes; free it. */
static char *
print_stacks(void (*print)(const struct folded *f, FILE *out), int cell,
    const char *phase)
{
	struct folded f;
	struct err e = { 0 };
	char *got = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&got, &len);

	assert_non_null(out);
	folded_collect(&f, &in, cell, phase, &e);
	assert_string_equal(e.text, "");
	print(&f, out);
	folded_free(&f);
	assert_int_equal(fclose(out), 0);
	return got;
}

static void
expect_folded(int cell, const char *phase, const char *wanted)
{
	char *got = print_stacks(folded_print, cell, phase);

	assert_string_equal(got, wanted);
	free(got);
}

/* Semicolons and newlines of a frame are not those of the format. */
static void
test_folded(void **state)
{
	(void)state;
	read_record(RUN CELL LAUNCH(0)
	    STACK(0, 2, "[\"p:main\",\"a;b\",\"c\\nd\"]")
	    STACK(0, 3, "[\"p:main\"]") STACK(0, 0, "[\"zero\"]")
	    STACK(0, 4, "[\"\"]") END(0));
	expect_folded(-1, NULL, "[unknown]_[k] 4\np:main 3\n"
	    "p:main;a,b_[k];c\\x0ad_[k] 2\n");
}

#define PHASE_STACK(phase, count)					\
	LINE("phase", 0, ",\"index\":0,\"name\":\"" phase "\","		\
	"\"unit\":\"child\",\"ops\":1,\"elapsed_ns\":1")		\
	LINE("stack", 0, ",\"index\":0,\"phase\":\"" phase		\
	"\",\"count\":" #count ",\"frames\":[\"a\"]")

static void
test_folded_parts(void **state)
{
	static const char other[] =
	    "{\"type\":\"launch\",\"cell\":1,\"launch\":0}\n"
	    "{\"type\":\"stack\",\"cell\":1,\"launch\":0,\"count\":9,"
	    "\"frames\":[\"b\"]}\n"
	    "{\"type\":\"end\",\"cell\":1,\"launch\":0,\"status\":\"ok\"}\n";
	struct str record = { 0 };

	(void)state;
	str_addf(&record, "%s%s", RUN CELL CELL_OF(1) LAUNCH(0)
	    PHASE_STACK("fork", 2) PHASE_STACK("exit", 3) END(0), other);
	read_record(str_text(&record));
	str_free(&record);
	expect_folded(0, NULL, "exit;a_[k] 3\nfork;a_[k] 2\n");
	expect_folded(0, "fork", "a_[k] 2\n");
	expect_folded(1, NULL, "b_[k] 9\n");
	expect_folded(-1, NULL,
	    "cell 0: zfod/1 size=4M;exit;a_[k] 3\n"
	    "cell 0: zfod/1 size=4M;fork;a_[k] 2\n"
	    "cell 1: zfod/1 size=4M;[measured part];b_[k] 9\n");
	expect_folded(-1, "exit", "a_[k] 3\n");
}

static void
expect_no_stacks(int cell, const char *phase, const char *text)
{
	struct folded f;
	struct err e = { 0 };

	assert_int_equal(folded_collect(&f, &in, cell, phase, &e), -1);
	assert_string_equal(e.text, text);
	folded_free(&f);
}

static void
test_no_stacks(void **state)
{
	(void)state;
	read_record(RUN CELL CELL_OF(1) LAUNCH(0)
	    PROFILE(0, "\"status\":\"not_permitted\",\"samples\":null,"
	    "\"reason\":\"ask root\"") END(0));
	expect_no_stacks(-1, NULL, "no stacks were sampled: ask root");
	expect_no_stacks(1, NULL, "there is no profile in this part of the "
	    "record (run with --profile)");
	expect_no_stacks(2, NULL, "there is no cell 2 in the record");
	expect_no_stacks(0, "x", "there is no phase 'x' in this cell");
	read_record(RUN);
	expect_no_stacks(-1, NULL, "there is no profile in the record (run "
	    "with --profile)");
}

static size_t
count_of(const char *text, const char *what)
{
	size_t n = 0;

	while ((text = strstr(text, what)) != NULL) {
		n++;
		text += strlen(what);
	}
	return n;
}

/*
 * A frame is one box however many stacks have it, also when a longer name
 * sorts between them; what XML gives a meaning is escaped.
 */
static void
test_flame(void **state)
{
	char *got;

	(void)state;
	read_record(RUN CELL LAUNCH(0) STACK(0, 1, "[\"a\"]")
	    STACK(0, 2, "[\"a b\"]") STACK(0, 4, "[\"a\",\"x\"]")
	    STACK(0, 1, "[\"a\",\"<&\\\">\\u0001\\uffff\"]") END(0));
	got = print_stacks(flame_print, -1, NULL);
	assert_int_equal(count_of(got, "<g class=\"f\">"), 5);
	assert_non_null(strstr(got, "<title>all (8 samples, 100.00%)</title>"));
	assert_non_null(strstr(got, "<title>a (6 samples, 75.00%)</title>"));
	assert_non_null(strstr(got, "<title>a b (2 samples, 25.00%)</title>"));
	assert_non_null(strstr(got, "<title>x (4 samples, 50.00%)</title>"));
	assert_non_null(strstr(got,
	    "<title>&lt;&amp;&quot;&gt;\\x01 (1 samples, 12.50%)</title>"));
	assert_int_equal(count_of(got, "\xef\xbf\xbf"), 0);
	free(got);
}

/* A stack of thousands of frames is cut, one of no samples is a picture. */
static void
test_flame_limits(void **state)
{
	struct str record = { 0 };
	char *got;
	int i;

	(void)state;
	str_add(&record, RUN CELL LAUNCH(0));
	str_add(&record, "{\"type\":\"stack\",\"cell\":0,\"launch\":0,"
	    "\"count\":1,\"frames\":[\"a\"");
	for (i = 0; i < 5000; i++)
		str_add(&record, ",\"a\"");
	str_add(&record, "]}\n" END(0));
	read_record(str_text(&record));
	str_free(&record);
	got = print_stacks(flame_print, -1, NULL);
	assert_int_equal(count_of(got, "<g class=\"f\">"), 201);
	free(got);
	read_record(RUN CELL LAUNCH(0) STACK(0, 0, "[\"a\"]") END(0));
	got = print_stacks(flame_print, -1, NULL);
	assert_int_equal(count_of(got, "<g class=\"f\">"), 0);
	free(got);
}

/* ---- bounds and nothing ----------------------------------------------- */

static void
test_too_many_phases(void **state)
{
	struct str record = { 0 };
	struct err e = { 0 };
	int i;

	(void)state;
	str_add(&record, RUN CELL LAUNCH(0));
	for (i = 0; i <= 512; i++)
		str_addf(&record, "{\"type\":\"usage\",\"cell\":0,"
		    "\"launch\":0,\"phase\":\"%d\",\"user_ns\":1}\n", i);
	str_add(&record, END(0));
	scratch_put(str_text(&record), record.len);
	str_free(&record);
	assert_int_equal(insight_read(&in, scratch_path, ALL, &e), -1);
	assert_string_equal(e.text + strlen(scratch_path), ":517: end: cell 0 "
	    "has more than 512 different phases");
}

static void
test_nothing(void **state)
{
	char *got = NULL, *body;
	size_t len = 0;
	FILE *out = open_memstream(&got, &len);

	(void)state;
	assert_non_null(out);
	read_record(RUN CELL LAUNCH(0) SAMPLE(0, 0, 1, "[2,2]") END(0));
	insight_print_text(&in, ALL, out, false);
	assert_int_equal(fclose(out), 0);
	body = strchr(got, '\n');
	assert_non_null(body);
	assert_string_equal(body, "\n\nno events were counted in this record\n"
	    "\nno statistics of the kernel in this record\n"
	    "\nno profile in this record\n");
	free(got);
}

#define SCRATCH(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		SCRATCH(test_counters),
		SCRATCH(test_scaled_and_hybrid),
		SCRATCH(test_each),
		SCRATCH(test_not_counted),
		SCRATCH(test_counts_only),
		SCRATCH(test_done_again),
		SCRATCH(test_statistics),
		SCRATCH(test_order),
		cmocka_unit_test(test_numbers),
		SCRATCH(test_functions),
		SCRATCH(test_folded),
		SCRATCH(test_folded_parts),
		SCRATCH(test_no_stacks),
		SCRATCH(test_flame),
		SCRATCH(test_flame_limits),
		SCRATCH(test_too_many_phases),
		SCRATCH(test_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
