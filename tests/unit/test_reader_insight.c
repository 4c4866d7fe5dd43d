/* SPDX-License-Identifier: BSD-2-Clause */
/* Counters, statistics, profiles: what the reader tells, and what it refuses. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/str.h"
#include "record/reader.h"

#define RUN "{\"type\":\"run\",\"schema\":\"vmstress-result/1\"}\n"
#define CELL "{\"type\":\"cell\",\"cell\":0,\"workload\":\"zfod\","	\
	"\"version\":1,\"kind\":\"rate\",\"unit\":\"fault\","		\
	"\"workers\":2,\"mode\":\"process\",\"pin\":\"none\","		\
	"\"launches\":3,\"samples\":2}\n"
#define LINE(type, rest)						\
	"{\"type\":\"" type "\",\"cell\":0,\"launch\":0" rest "}\n"
#define BEGIN RUN CELL LINE("launch", "")
#define END LINE("end", ",\"status\":\"ok\"")
#define COUNTER(rest) LINE("counter", ",\"name\":\"cycles:k\"" rest)
#define STACK(rest) LINE("stack", ",\"count\":3" rest)

/* ---- writing down what is told ---------------------------------------- */

static void
log_work(struct str *log, const char *what, const struct reader_work *w)
{
	str_addf(log, "%s %s.%" PRIu64 " (%" PRIu64 " in %" PRIu64 ")", what,
	    w->phase != NULL ? w->phase : "-", w->index, w->ops,
	    w->elapsed_ns);
}

static int
log_launch(void *arg, const struct reader_launch *l)
{
	str_addf(arg, "launch %s%s%s%s\n", l->status,
	    l->counts_only ? " counts only" : "",
	    l->count_mode != NULL ? " " : "",
	    l->count_mode != NULL ? l->count_mode : "");
	return 0;
}

static int
log_counter(void *arg, int cell, int launch, const struct reader_counter *c)
{
	size_t i;

	assert_int_equal(cell, 0);
	assert_int_equal(launch, 0);
	log_work(arg, "counter", &c->work);
	str_addf(arg, " %s %s", c->name, c->status);
	if (c->counted)
		str_addf(arg, " %" PRIu64 " %" PRIu64 "/%" PRIu64, c->value,
		    c->running_ns, c->enabled_ns);
	if (c->reason != NULL)
		str_addf(arg, " '%s'", c->reason);
	for (i = 0; i < c->neach; i++)
		str_addf(arg, " %s%" PRIu64, c->of_cpus ? "cpu " : "each ",
		    c->each[i]);
	str_add(arg, "\n");
	return 0;
}

static void
log_deltas(struct str *log, const char *what, const struct reader_deltas *d)
{
	size_t i;

	log_work(log, what, &d->work);
	str_addf(log, " %" PRIu64, d->elapsed_ns);
	for (i = 0; i < d->nsources; i++)
		str_addf(log, " <%s>", d->sources[i]);
	for (i = 0; i < d->ndeltas; i++)
		str_addf(log, " %s%+" PRId64, d->names[i], d->deltas[i]);
	str_add(log, "\n");
}

static int
log_kstat(void *arg, int cell, int launch, const struct reader_deltas *d)
{
	(void)cell;
	(void)launch;
	log_deltas(arg, "kstat", d);
	return 0;
}

static int
log_slab(void *arg, int cell, int launch, const struct reader_deltas *d)
{
	(void)cell;
	(void)launch;
	log_deltas(arg, "slab", d);
	return 0;
}

static int
log_usage(void *arg, int cell, int launch, const struct reader_usage *u)
{
	int i;

	(void)cell;
	(void)launch;
	log_work(arg, "usage", &u->work);
	str_addf(arg, " %" PRIu64, u->elapsed_ns);
	for (i = 0; i < READER_USED; i++)
		if (u->used[i] == UINT64_MAX)
			str_add(arg, " -");
		else
			str_addf(arg, " %" PRIu64, u->used[i]);
	str_add(arg, "\n");
	return 0;
}

static int
log_profile(void *arg, int cell, int launch, const struct reader_profile *p)
{
	(void)cell;
	(void)launch;
	log_work(arg, "profile", &p->work);
	str_addf(arg, " %s %s %s", p->name, p->status,
	    p->scope != NULL ? p->scope : "-");
	if (p->sampled)
		str_addf(arg, " %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64
		    " at %" PRIu64, p->samples, p->kernel, p->user, p->lost,
		    p->rate_hz);
	if (p->reason != NULL)
		str_addf(arg, " '%s'", p->reason);
	str_add(arg, "\n");
	return 0;
}

static int
log_stack(void *arg, int cell, int launch, const struct reader_stack *s)
{
	size_t i;

	(void)cell;
	(void)launch;
	log_work(arg, "stack", &s->work);
	str_addf(arg, " %" PRIu64, s->count);
	for (i = 0; i < s->nframes; i++)
		str_addf(arg, " %s", s->frames[i]);
	str_add(arg, "\n");
	return 0;
}

static int
read_record(const char *record, const struct reader_handler *h, struct err *e)
{
	FILE *in = fmemopen((void *)(uintptr_t)record, strlen(record), "r");
	int status;

	assert_non_null(in);
	status = reader_stream(in, "x.jsonl", h, e);
	fclose(in);
	return status;
}

static int
read_log(const char *record, struct str *log, struct err *e)
{
	const struct reader_handler h = {
		.launch = log_launch, .counter = log_counter,
		.kstat = log_kstat, .slab = log_slab, .usage = log_usage,
		.profile = log_profile, .stack = log_stack, .arg = log,
	};

	return read_record(record, &h, e);
}

static void
expect(const char *record, const char *told)
{
	struct str log = { 0 };
	struct err e = { 0 };

	read_log(record, &log, &e);
	assert_string_equal(e.text, "");
	assert_string_equal(str_text(&log), told);
	str_free(&log);
}

static void
expect_error(const char *line, const char *text)
{
	char *record = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&record, &len);
	struct str log = { 0 };
	struct err e = { 0 };

	assert_non_null(out);
	fprintf(out, "%s%s%s", BEGIN, line, END);
	assert_int_equal(fclose(out), 0);
	assert_int_equal(read_log(record, &log, &e), -1);
	assert_string_equal(e.text, text);
	assert_string_equal(str_text(&log), "");
	free(record);
	str_free(&log);
}

/* ---- sound records ---------------------------------------------------- */

/* Each line knows the work of its own sample, in whatever order they stand. */
static void
test_samples(void **state)
{
	(void)state;
	expect(BEGIN
	    COUNTER(",\"index\":1,\"status\":\"scaled\",\"value\":8,\"raw\":4,"
	    "\"enabled_ns\":20,\"running_ns\":10,\"each\":[3,5]")
	    LINE("sample", ",\"index\":0,\"elapsed_ns\":10,\"ops\":[1,2]")
	    LINE("sample", ",\"index\":1,\"elapsed_ns\":11,\"ops\":[30,40]")
	    COUNTER(",\"index\":0,\"status\":\"ok\",\"value\":6,"
	    "\"each\":[6],\"cpus\":[3]")
	    COUNTER(",\"index\":2,\"status\":\"ok\",\"value\":6")
	    COUNTER(",\"status\":\"not_permitted\",\"value\":null,"
	    "\"reason\":\"no\"")
	    LINE("kstat", ",\"index\":1,\"elapsed_ns\":12,"
	    "\"sources\":[\"stat\",\"vmstat\"],"
	    "\"values\":{\"stat.ctxt\":-3,\"vmstat.pgfault\":12}")
	    LINE("slab", ",\"index\":0,\"values\":{}")
	    LINE("usage", ",\"index\":0,\"elapsed_ns\":7,\"user_ns\":1,"
	    "\"minor_faults\":0")
	    END,
	    "launch ok\n"
	    "counter -.1 (70 in 11) cycles:k scaled 8 10/20 each 3 each 5\n"
	    "counter -.0 (3 in 10) cycles:k ok 6 0/0 cpu 6\n"
	    "counter -.2 (0 in 0) cycles:k ok 6 0/0\n"
	    "counter -.0 (3 in 10) cycles:k not_permitted 'no'\n"
	    "kstat -.1 (70 in 11) 12 <stat> <vmstat> stat.ctxt-3 "
	    "vmstat.pgfault+12\n"
	    "slab -.0 (3 in 10) 0\n"
	    "usage -.0 (3 in 10) 7 1 - 0 - - -\n");
}

#define PHASE(index, name, ops)						\
	LINE("phase", ",\"index\":" #index ",\"name\":\"" name "\","	\
	"\"unit\":\"child\",\"ops\":" #ops ",\"elapsed_ns\":7")

/* A phase that was done twice in one repetition is one work. */
static void
test_phases(void **state)
{
	(void)state;
	expect(BEGIN PHASE(0, "fork", 5) PHASE(0, "exit", 4)
	    PHASE(1, "fork", 50) PHASE(1, "fork", 500)
	    LINE("profile", ",\"index\":0,\"phase\":\"exit\","
	    "\"name\":\"cpu-clock\",\"rate_hz\":997,\"scope\":\"cgroup\","
	    "\"status\":\"ok\",\"samples\":10,\"kernel\":7,\"user\":3,"
	    "\"lost\":1")
	    LINE("profile", ",\"name\":\"cycles\","
	    "\"status\":\"not_supported\",\"samples\":null,"
	    "\"reason\":\"none\"")
	    STACK(",\"index\":1,\"phase\":\"fork\","
	    "\"frames\":[\"a:b\",\"c\"]")
	    STACK(",\"index\":1,\"phase\":\"other\",\"frames\":[\"a\"]")
	    END,
	    "launch ok\n"
	    "profile exit.0 (4 in 7) cpu-clock ok cgroup 10 7 3 1 at 997\n"
	    "profile -.0 (0 in 0) cycles not_supported - 'none'\n"
	    "stack fork.1 (550 in 14) 3 a:b c\n"
	    "stack other.1 (0 in 0) 3 a\n");
}

static void
test_curve(void **state)
{
	(void)state;
	expect(BEGIN
	    LINE("curve", ",\"worker\":0,\"first\":1,\"count\":8,"
	    "\"min_ns\":1,\"mean_ns\":2,\"max_ns\":3")
	    LINE("curve", ",\"worker\":1,\"first\":9,\"count\":4,"
	    "\"min_ns\":1,\"mean_ns\":2,\"max_ns\":3")
	    COUNTER(",\"index\":0,\"status\":\"ok\",\"value\":24") END,
	    "launch ok\ncounter -.0 (12 in 0) cycles:k ok 24 0/0\n");
}

static void
test_counts_only(void **state)
{
	(void)state;
	expect(RUN CELL LINE("launch", ",\"times\":false,"
	    "\"count_mode\":\"task\"") END, "launch ok counts only task\n");
	expect(RUN CELL LINE("launch", ",\"times\":true") END
	    LINE("launch", "") END, "launch ok\nlaunch ok\n");
}

/* Lines of a launch without an end, or of one begun again, do not count. */
static void
test_dropped(void **state)
{
	(void)state;
	expect(BEGIN COUNTER(",\"status\":\"ok\",\"value\":1")
	    LINE("launch", "") COUNTER(",\"status\":\"ok\",\"value\":2") END
	    LINE("launch", "") COUNTER(",\"status\":\"ok\",\"value\":3"),
	    "launch ok\ncounter -.0 (0 in 0) cycles:k ok 2 0/0\n");
}

/* Who does not ask is not told, and lines of no use to him do no harm. */
static void
test_not_asked(void **state)
{
	const struct reader_handler h = { 0 };
	struct err e = { 0 };

	(void)state;
	assert_int_equal(read_record(BEGIN COUNTER("") STACK("") END, &h, &e),
	    0);
}

/* ---- hostile records -------------------------------------------------- */

static void
test_bad_counters(void **state)
{
	(void)state;
	expect_error(COUNTER(""), "x.jsonl:4: counter: 'status' is missing");
	expect_error(LINE("counter", ",\"name\":1"),
	    "x.jsonl:4: counter: 'name' is not text");
	expect_error(COUNTER(",\"status\":\"ok\",\"value\":-1"),
	    "x.jsonl:4: counter: 'value' is not a whole number of 0 or more");
	expect_error(COUNTER(",\"status\":\"ok\",\"each\":[1]"),
	    "x.jsonl:4: counter: 'each' has 1 numbers for 2 workers");
	expect_error(COUNTER(",\"status\":\"ok\",\"each\":[1,2],"
	    "\"cpus\":[1,2,3]"),
	    "x.jsonl:4: counter: 'each' has 2 numbers for 3 CPUs");
	expect_error(COUNTER(",\"status\":\"ok\",\"each\":{}"),
	    "x.jsonl:4: counter: 'each' is not an array");
	expect_error(COUNTER(",\"status\":\"ok\",\"each\":[1,\"x\"]"),
	    "x.jsonl:4: counter: 'each' holds something that is not a whole "
	    "number of 0 or more");
	expect_error(COUNTER(",\"status\":\"ok\",\"phase\":[]"),
	    "x.jsonl:4: counter: 'phase' is not text");
	expect_error(LINE("launch", ",\"times\":0"),
	    "x.jsonl:4: launch: 'times' is neither true nor false");
}

static void
test_bad_deltas(void **state)
{
	(void)state;
	expect_error(LINE("kstat", ""),
	    "x.jsonl:4: kstat: 'values' is missing or no object");
	expect_error(LINE("slab", ",\"values\":[1]"),
	    "x.jsonl:4: slab: 'values' is missing or no object");
	expect_error(LINE("kstat", ",\"values\":{\"a\":1.5}"),
	    "x.jsonl:4: kstat: 'values' holds something that is not a whole "
	    "number");
	expect_error(LINE("kstat", ",\"sources\":\"stat\",\"values\":{}"),
	    "x.jsonl:4: kstat: 'sources' is not an array");
	expect_error(LINE("kstat", ",\"sources\":[\"a\",null],\"values\":{}"),
	    "x.jsonl:4: kstat: 'sources' holds something that is not text");
	expect_error(LINE("usage", ",\"user_ns\":\"1s\""),
	    "x.jsonl:4: usage: 'user_ns' is not a whole number of 0 or more");
}

static void
test_bad_profiles(void **state)
{
	(void)state;
	expect_error(LINE("profile", ",\"name\":\"a\""),
	    "x.jsonl:4: profile: 'status' is missing");
	expect_error(STACK(""),
	    "x.jsonl:4: stack: 'frames' is missing or empty");
	expect_error(STACK(",\"frames\":[]"),
	    "x.jsonl:4: stack: 'frames' is missing or empty");
	expect_error(STACK(",\"frames\":[\"a\",1]"),
	    "x.jsonl:4: stack: 'frames' holds something that is not text");
	expect_error(LINE("stack", ",\"frames\":[\"a\"]"),
	    "x.jsonl:4: stack: 'count' is missing");
}

/* Lines of a launch that never ends are kept up to a bound. */
static void
test_too_much(void **state)
{
	const struct reader_handler h = { .stack = log_stack };
	struct err e = { 0 };
	char *record = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&record, &len);
	int i, k;

	(void)state;
	assert_non_null(out);
	fputs(BEGIN, out);
	for (i = 0; i < 70; i++) {
		fputs("{\"type\":\"stack\",\"cell\":0,\"launch\":0,\"count\":1,"
		    "\"frames\":[\"", out);
		for (k = 0; k < 1 << 20; k++)
			putc('a', out);
		fputs("\"]}\n", out);
	}
	assert_int_equal(fclose(out), 0);
	assert_int_equal(read_record(record, &h, &e), -1);
	assert_string_equal(e.text, "x.jsonl:67: stack: one launch has more "
	    "than 64 MiB of phases, curves, counters, stacks, notes and the "
	    "like");
	free(record);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_samples),
		cmocka_unit_test(test_phases),
		cmocka_unit_test(test_curve),
		cmocka_unit_test(test_counts_only),
		cmocka_unit_test(test_dropped),
		cmocka_unit_test(test_not_asked),
		cmocka_unit_test(test_bad_counters),
		cmocka_unit_test(test_bad_deltas),
		cmocka_unit_test(test_bad_profiles),
		cmocka_unit_test(test_too_much),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
