/* SPDX-License-Identifier: BSD-2-Clause */
/* Records, sound and hostile, and what the reader tells of them. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <inttypes.h>

#include "base/str.h"
#include "record/reader.h"
#include "scratch_file.h"

#define RUN "{\"type\":\"run\",\"schema\":\"vmstress-result/1\"}\n"
#define CELL_OF(id, workers) "{\"type\":\"cell\",\"cell\":" id		\
	",\"workload\":\"zfod\",\"version\":1,\"kind\":\"rate\","	\
	"\"unit\":\"fault\",\"workers\":" workers ",\"mode\":\"process\"," \
	"\"pin\":\"none\",\"launches\":3,\"samples\":2}\n"
#define CELL CELL_OF("0", "2")
#define LINE(type, launch, rest)					\
	"{\"type\":\"" type "\",\"cell\":0,\"launch\":" #launch rest "}\n"
#define LAUNCH(n) LINE("launch", n, "")
#define SAMPLE(n, elapsed, ops)						\
	LINE("sample", n, ",\"elapsed_ns\":" elapsed ",\"ops\":" ops)
#define END(n) LINE("end", n, ",\"status\":\"ok\"")

/* ---- writing down what is told ---------------------------------------- */

static int
log_run(void *arg, const struct reader_run *run)
{
	str_addf(arg, "run %s %s %s %" PRIu64 " %d\n",
	    run->label ? run->label : "-", run->name ? run->name : "-",
	    run->order ? run->order : "-", run->seed, run->ncells);
	return 0;
}

static int
log_fact(void *arg, const char *key, const char *value)
{
	str_addf(arg, "fact %s=%s\n", key, value);
	return 0;
}

static int
log_cell(void *arg, const struct reader_cell *c)
{
	size_t i;

	str_addf(arg, "cell %d %s/%d %s %s %d %s %s %d %d", c->id,
	    c->workload, c->version, c->kind, c->unit, c->workers, c->mode,
	    c->pin, c->launches, c->samples);
	str_addf(arg, " %" PRIu64 " %" PRIu64 " %" PRIu64 " %d %s %s",
	    c->interval_ns, c->warmup_ns, c->timeout_ns, c->latency,
	    c->net ? c->net : "-", c->plugin ? c->plugin : "-");
	for (i = 0; i < c->nparams; i++)
		str_addf(arg, " %s=%s", c->params[i].name, c->params[i].text);
	str_add(arg, "\n");
	return 0;
}

static int
log_launch(void *arg, const struct reader_launch *l)
{
	int i;

	str_addf(arg, "launch %d.%d %s", l->cell, l->launch, l->status);
	if (l->reason != NULL)
		str_addf(arg, " (%s)", l->reason);
	if (l->samples > 0)
		str_addf(arg, " %d samples %" PRIu64 " ns", l->samples,
		    l->elapsed_ns);
	for (i = 0; i < l->workers && l->samples > 0; i++)
		str_addf(arg, " ops %" PRIu64, l->ops[i]);
	for (i = 0; i < l->workers && l->aside_ns != NULL; i++)
		str_addf(arg, " aside %" PRIu64, l->aside_ns[i]);
	if (l->started_s >= 0)
		str_addf(arg, " started %" PRId64, l->started_s);
	if (l->op_bytes > 0)
		str_addf(arg, " bytes %" PRIu64, l->op_bytes);
	if (l->have_skew)
		str_addf(arg, " skew %" PRIu64 " %" PRIu64, l->start_skew_ns,
		    l->stop_skew_ns);
	if (l->have_cpu)
		str_addf(arg, " cpu %" PRIu64 " %" PRIu64 " of %" PRIu64,
		    l->user_ns, l->system_ns, l->wall_ns);
	if (l->latency != NULL)
		str_addf(arg, " latency %" PRIu64 " %" PRIu64 " %" PRIu64
		    " at 9: %" PRIu64 " cost %g", l->latency->count,
		    l->latency->sum_ns, l->latency->max_ns,
		    l->latency->bucket[9], l->timing_cost_ns);
	str_add(arg, "\n");
	return 0;
}

static int
log_note(void *arg, int cell, int launch, const char *text)
{
	str_addf(arg, "note %d.%d %s\n", cell, launch, text);
	return 0;
}

static int
log_gauge(void *arg, int cell, int launch, const char *name, double value)
{
	str_addf(arg, "gauge %d.%d %s=%g\n", cell, launch, name, value);
	return 0;
}

static int
log_phase(void *arg, int cell, int launch, const struct reader_phase *p)
{
	str_addf(arg, "phase %d.%d %s %s %" PRIu64 " %" PRIu64 "%s", cell,
	    launch, p->name, p->unit, p->ops, p->elapsed_ns,
	    p->headline ? " headline" : "");
	if (p->limit != NULL)
		str_addf(arg, " %" PRIu64 " of %" PRIu64 ": %s", p->reached,
		    p->asked, p->limit);
	str_add(arg, "\n");
	return 0;
}

static int
log_curve(void *arg, int cell, int launch, const struct reader_curve *c)
{
	str_addf(arg, "curve %d.%d %d %" PRIu64 "+%" PRIu64 " %" PRIu64 " %g %"
	    PRIu64 "\n", cell, launch, c->worker, c->first, c->count,
	    c->min_ns, c->mean_ns, c->max_ns);
	return 0;
}

static int
log_stall(void *arg, int cell, int launch, const struct reader_stall *s)
{
	str_addf(arg, "stall %d.%d %s %" PRIu64 " %" PRIu64 " %" PRIu64 " %"
	    PRIu64 "\n", cell, launch, s->phase ? s->phase : "-", s->rounds,
	    s->refused, s->worst_ns, s->p99_ns);
	return 0;
}

static int
log_memory(void *arg, int cell, int launch, const struct reader_memory *m)
{
	int i;

	str_addf(arg, "memory %d.%d %s %" PRIu64, cell, launch, m->at != NULL ? m->at : m->phase,
	    m->members);
	for (i = 0; i < READER_SPENT; i++)
		if (m->bytes[i] == UINT64_MAX)
			str_add(arg, " -");
		else
			str_addf(arg, " %" PRIu64, m->bytes[i]);
	str_add(arg, "\n");
	return 0;
}

static int
read_bytes(const char *bytes, size_t len, struct str *log, struct err *e)
{
	const struct reader_handler h = {
		.run = log_run, .fact = log_fact, .cell = log_cell,
		.launch = log_launch, .note = log_note, .gauge = log_gauge,
		.phase = log_phase, .curve = log_curve, .stall = log_stall,
		.memory = log_memory, .arg = log,
	};
	FILE *in = len > 0 ? fmemopen((void *)(uintptr_t)bytes, len, "r") :
	    fopen("/dev/null", "r");
	int status;

	assert_non_null(in);
	status = reader_stream(in, "x.jsonl", &h, e);
	fclose(in);
	return status;
}

static void
expect(const char *record, const char *told)
{
	struct str log = { 0 };
	struct err e = { 0 };
	int status = read_bytes(record, strlen(record), &log, &e);

	assert_string_equal(e.text, "");
	assert_int_equal(status, 0);
	assert_string_equal(str_text(&log), told);
	str_free(&log);
}

static void
expect_error_bytes(const char *record, size_t len, const char *text)
{
	struct str log = { 0 };
	struct err e = { 0 };

	assert_int_equal(read_bytes(record, len, &log, &e), -1);
	assert_string_equal(e.text, text);
	str_free(&log);
}

static void
expect_error(const char *record, const char *text)
{
	expect_error_bytes(record, strlen(record), text);
}

#define FOREIGN "not a vmstress record: it does not begin as what `vmstress run " \
	"--output` writes"

/* What is told before the launches of RUN CELL. */
#define TOLD "run - - - 0 -1\n"						\
	"cell 0 zfod/1 rate fault 2 process none 3 2 0 0 0 0 - -\n"

/* ---- sound records ---------------------------------------------------- */

static void
test_header(void **state)
{
	(void)state;
	expect(RUN, "run - - - 0 -1\n");
	expect("{\"type\":\"run\",\"schema\":\"vmstress-result/1\","
	    "\"label\":\"6.18\",\"name\":\"quick\",\"order\":\"random\","
	    "\"seed\":42,\"cells\":3,\"future\":[1],"
	    "\"tool\":{\"version\":\"0.1\"},"
	    "\"kernel\":{\"release\":\"6.18\",\"tainted\":0}}\n",
	    "run 6.18 quick random 42 3\nfact tool.version=0.1\n"
	    "fact kernel.release=6.18\n");
	expect("{\"type\":\"run\",\"schema\":\"vmstress-result/1\","
	    "\"label\":null,\"seed\":\"18446744073709551615\"}\n",
	    "run - - - 18446744073709551615 -1\n");
}

static void
test_cell(void **state)
{
	(void)state;
	expect(RUN "{\"type\":\"cell\",\"cell\":5,\"workload\":\"fork\","
	    "\"version\":2,\"kind\":\"phases\",\"unit\":\"child\","
	    "\"net\":\"fork-only\",\"params\":{\"pages\":\"1k\","
	    "\"how\":\"vfork\"},\"workers\":4,\"mode\":\"thread\","
	    "\"pin\":\"list:0,2\",\"launches\":5,\"samples\":0,"
	    "\"interval_ns\":7,\"warmup_ns\":8,\"timeout_ns\":9,"
	    "\"latency\":true,\"plugin\":\"/x.so\"}\n",
	    "run - - - 0 -1\ncell 5 fork/2 phases child 4 thread list:0,2 5 0 "
	    "7 8 9 1 fork-only /x.so pages=1k how=vfork\n");
}

static void
test_samples_add_up(void **state)
{
	(void)state;
	expect(RUN CELL LINE("launch", 0, ",\"op_bytes\":4096")
	    SAMPLE(0, "1000", "[1,20]") SAMPLE(0, "1001", "[300,4000]")
	    LINE("skew", 0, ",\"start_ns\":5,\"stop_ns\":6")
	    LINE("rusage", 0, ",\"user_ns\":7,\"system_ns\":8,\"wall_ns\":9")
	    END(0),
	    TOLD "launch 0.0 ok 2 samples 2001 ns ops 301 ops 4020 bytes 4096 "
	    "skew 5 6 cpu 7 8 of 9\n");
}

static void
test_started(void **state)
{
	(void)state;
	/* date -u -d 2026-11-20T10:20:30Z +%s */
	expect(RUN CELL LINE("launch", 0,
	    ",\"started\":\"2026-11-20T10:20:30Z\"") END(0),
	    TOLD "launch 0.0 ok started 1795170030\n");
	expect(RUN CELL LINE("launch", 0, ",\"started\":\"yesterday\"") END(0)
	    LINE("launch", 1, ",\"started\":7") END(1),
	    TOLD "launch 0.0 ok\nlaunch 0.1 ok\n");
}

/* Time set aside counts only if every sample knows it. */
static void
test_aside(void **state)
{
	(void)state;
	expect(RUN CELL LAUNCH(0)
	    LINE("sample", 0, ",\"elapsed_ns\":10,\"ops\":[1,2],"
	    "\"aside_ns\":[3,4]")
	    LINE("sample", 0, ",\"elapsed_ns\":10,\"ops\":[1,2],"
	    "\"aside_ns\":[30,40]") END(0),
	    TOLD "launch 0.0 ok 2 samples 20 ns ops 2 ops 4 aside 33 aside "
	    "44\n");
	expect(RUN CELL LAUNCH(0)
	    LINE("sample", 0, ",\"elapsed_ns\":10,\"ops\":[1,2],"
	    "\"aside_ns\":[3,4]") SAMPLE(0, "10", "[1,2]") END(0),
	    TOLD "launch 0.0 ok 2 samples 20 ns ops 2 ops 4\n");
}

/* Two histograms merge; one without operations was not measured. */
static void
test_histogram(void **state)
{
	(void)state;
	expect(RUN CELL LAUNCH(0)
	    LINE("histogram", 0, ",\"count\":3,\"sum_ns\":30,\"max_ns\":12,"
	    "\"timing_cost_ns\":20.5,\"buckets\":[[9,2],[12,1]]")
	    LINE("histogram", 0, ",\"count\":1,\"sum_ns\":9,\"max_ns\":9,"
	    "\"buckets\":[[9,1]]") END(0)
	    LAUNCH(1) LINE("histogram", 1, ",\"count\":0,\"sum_ns\":0,"
	    "\"max_ns\":0,\"buckets\":[]") END(1)
	    LAUNCH(2) LINE("histogram", 2, ",\"count\":1,\"sum_ns\":9,"
	    "\"max_ns\":9,\"buckets\":[[9,1]]") END(2),
	    TOLD "launch 0.0 ok latency 4 39 12 at 9: 3 cost 20.5\n"
	    "launch 0.1 ok\nlaunch 0.2 ok latency 1 9 9 at 9: 1 cost 0\n");
}

/* The launch is told first, then what waited for its end. */
static void
test_pending_lines(void **state)
{
	(void)state;
	expect(RUN "{\"type\":\"note\",\"text\":\"no binding\"}\n" CELL
	    LAUNCH(1) LINE("note", 1, ",\"text\":\"hello\"")
	    LINE("phase", 1, ",\"name\":\"fork\",\"unit\":\"child\",\"ops\":9,"
	    "\"elapsed_ns\":7,\"headline\":true,\"asked\":9,\"reached\":3,"
	    "\"limit\":\"memory\"")
	    LINE("phase", 1, ",\"name\":\"exit\",\"unit\":\"child\",\"ops\":3,"
	    "\"elapsed_ns\":2")
	    LINE("gauge", 1, ",\"name\":\"g\",\"value\":1.5")
	    LINE("gauge", 1, ",\"name\":\"n\",\"value\":null")
	    LINE("curve", 1, ",\"worker\":1,\"first\":1,\"count\":8,"
	    "\"min_ns\":1,\"mean_ns\":2.5,\"max_ns\":9") END(1),
	    "run - - - 0 -1\nnote -1.-1 no binding\n"
	    "cell 0 zfod/1 rate fault 2 process none 3 2 0 0 0 0 - -\n"
	    "launch 0.1 ok\nnote 0.1 hello\n"
	    "phase 0.1 fork child 9 7 headline 3 of 9: memory\n"
	    "phase 0.1 exit child 3 2\ngauge 0.1 g=1.5\ngauge 0.1 n=nan\n"
	    "curve 0.1 1 1+8 1 2.5 9\n");
}

/* What the probe saw, and what the kernel spent, as far as it is known. */
static void
test_effects(void **state)
{
	(void)state;
	expect(RUN CELL LAUNCH(0)
	    LINE("memory", 0, ",\"index\":0,\"at\":\"start\","
	    "\"page_tables_bytes\":1,\"kernel_stack_bytes\":2,"
	    "\"slab_bytes\":3,\"anonymous_bytes\":4,\"percpu_bytes\":5")
	    LINE("stall", 0, ",\"index\":0,\"phase\":\"teardown\","
	    "\"rounds\":7,\"refused\":1,\"worst_ns\":9,\"p99_ns\":8,"
	    "\"timeline\":[9,8]")
	    LINE("stall", 0, ",\"rounds\":0")
	    LINE("memory", 0, ",\"phase\":\"build\",\"members\":1000,"
	    "\"slab_bytes\":3") END(0),
	    TOLD "launch 0.0 ok\nmemory 0.0 start 0 1 2 3 4\n"
	    "stall 0.0 teardown 7 1 9 8\nstall 0.0 - 0 0 0 0\n"
	    "memory 0.0 build 1000 - - 3 -\n");
}

static void
test_statuses(void **state)
{
	(void)state;
	expect(RUN CELL LAUNCH(0)
	    LINE("end", 0, ",\"status\":\"failed\",\"reason\":\"EAGAIN\","
	    "\"errno\":11") LAUNCH(1)
	    LINE("end", 1, ",\"status\":\"skipped\",\"reason\":\"no swap\"")
	    LAUNCH(2) LINE("end", 2, ",\"status\":\"interrupted\""),
	    TOLD "launch 0.0 failed (EAGAIN)\nlaunch 0.1 skipped (no swap)\n"
	    "launch 0.2 interrupted\n");
	/* A launch that could not even begin has only an end. */
	expect(RUN CELL LAUNCH(0) SAMPLE(0, "1", "[1,1]")
	    LINE("end", 1, ",\"status\":\"failed\""),
	    TOLD "launch 0.1 failed\n");
}

static void
test_unknown_lines_and_fields(void **state)
{
	(void)state;
	expect(RUN "{\"type\":\"future\",\"x\":{\"y\":[]}}\n" CELL
	    "{\"type\":\"counters\",\"cell\":99}\n"
	    LINE("launch", 0, ",\"future\":1") END(0),
	    TOLD "launch 0.0 ok\n");
}

/* ---- crashes ---------------------------------------------------------- */

static void
test_torn_last_line(void **state)
{
	(void)state;
	expect(RUN CELL "{\"type\":\"laun", TOLD);
	expect(RUN CELL LAUNCH(0) "{\"type\":\"end\",\"cell\":0,\"launch\":0,"
	    "\"status\":\"ok\"}", TOLD);
}

static int
count_torn(void *arg, unsigned long line)
{
	*(unsigned long *)arg += line;
	return 0;
}

/* Told once and with its number, and not when there is none. */
static void
test_torn_is_told(void **state)
{
	static const char *const records[] = { RUN CELL, RUN CELL "{" };
	unsigned long line = 0;
	const struct reader_handler h = { .torn = count_torn, .arg = &line };
	struct err e = { 0 };
	size_t i;
	FILE *in;

	(void)state;
	for (i = 0; i < 2; i++) {
		in = fmemopen((void *)(uintptr_t)records[i],
		    strlen(records[i]), "r");
		assert_non_null(in);
		assert_int_equal(reader_stream(in, "x.jsonl", &h, &e), 0);
		fclose(in);
		assert_int_equal(line, i == 0 ? 0 : 3);
	}
}

static void
test_launch_without_end(void **state)
{
	(void)state;
	expect(RUN CELL LAUNCH(0) SAMPLE(0, "10", "[1,2]")
	    LINE("note", 0, ",\"text\":\"lost\""), TOLD);
	expect(RUN CELL LAUNCH(0) SAMPLE(0, "10", "[1,2]")
	    LINE("note", 0, ",\"text\":\"lost\"") LAUNCH(1) END(1),
	    TOLD "launch 0.1 ok\n");
}

/* Nothing of the first try is left: sums, notes, aside, skew, latency. */
static void
test_launch_begun_again(void **state)
{
	(void)state;
	expect(RUN CELL LINE("launch", 0, ",\"op_bytes\":1")
	    SAMPLE(0, "10", "[1,2]") LINE("note", 0, ",\"text\":\"lost\"")
	    LINE("histogram", 0, ",\"count\":1,\"sum_ns\":9,\"max_ns\":9,"
	    "\"buckets\":[[9,1]]")
	    LINE("skew", 0, ",\"start_ns\":5,\"stop_ns\":6") LAUNCH(0)
	    LINE("sample", 0, ",\"elapsed_ns\":5,\"ops\":[7,8],"
	    "\"aside_ns\":[1,2]") END(0),
	    TOLD "launch 0.0 ok 1 samples 5 ns ops 7 ops 8 aside 1 aside "
	    "2\n");
}

static void
test_launch_done_again(void **state)
{
	(void)state;
	expect(RUN CELL LAUNCH(0) LINE("end", 0,
	    ",\"status\":\"interrupted\"") LAUNCH(0) SAMPLE(0, "10", "[1,2]")
	    END(0),
	    TOLD "launch 0.0 interrupted\n"
	    "launch 0.0 ok 1 samples 10 ns ops 1 ops 2\n");
}

/* ---- no records ------------------------------------------------------- */

static void
test_no_record(void **state)
{
	static const char nuls[16];

	(void)state;
	expect_error("", "x.jsonl: no vmstress record: empty file");
	expect_error("{\"type\":\"run\"",
	    "x.jsonl: no vmstress record: the first line has no end");
	expect_error_bytes(nuls, sizeof(nuls),
	    "x.jsonl: no vmstress record: the first line has no end");
	expect_error("\n", "x.jsonl:1: " FOREIGN);
	expect_error("hello\n", "x.jsonl:1: " FOREIGN);
	expect_error("\x7f" "ELF\x02\x01\n\n", "x.jsonl:1: " FOREIGN);
	expect_error("[]\n", "x.jsonl:1: " FOREIGN);
	expect_error("{}\n", "x.jsonl:1: " FOREIGN);
	expect_error(CELL, "x.jsonl:1: " FOREIGN);
	expect_error("{\"type\":\"run\"}\n", "x.jsonl:1: " FOREIGN);
	expect_error("{\"type\":\"run\",\"schema\":1}\n",
	    "x.jsonl:1: " FOREIGN);
	expect_error("{\"type\":\"run\",\"schema\":\"other/1\"}\n",
	    "x.jsonl:1: " FOREIGN);
}

static void
test_schemas(void **state)
{
	(void)state;
	expect_error("{\"type\":\"run\",\"schema\":\"vmstress-result/2\"}\n",
	    "x.jsonl:1: vmstress-result/2 is newer than this program: a newer "
	    "vmstress reads it");
	expect_error("{\"type\":\"run\",\"schema\":\"vmstress-result/\"}\n",
	    "x.jsonl:1: not a vmstress record: its schema has no version");
	expect_error("{\"type\":\"run\",\"schema\":\"vmstress-result/-1\"}\n",
	    "x.jsonl:1: not a vmstress record: its schema has no version");
	expect_error("{\"type\":\"run\",\"schema\":\"vmstress-result/1x\"}\n",
	    "x.jsonl:1: not a vmstress record: its schema has no version");
	expect_error("{\"type\":\"run\",\"schema\":\"vmstress-result/0\"}\n",
	    "x.jsonl:1: not a vmstress record: its schema has no version");
}

/* ---- hostile records -------------------------------------------------- */

/* Where exactly in the line is the library's to say. */
static void
expect_not_json(const char *record, size_t len)
{
	static const char text[] = "x.jsonl:2: not JSON (column ";
	static const char then[] = "): the file is damaged here";
	struct str log = { 0 };
	struct err e = { 0 };

	assert_int_equal(read_bytes(record, len, &log, &e), -1);
	assert_memory_equal(e.text, text, strlen(text));
	assert_non_null(strstr(e.text, then));
	assert_string_equal(str_text(&log), "run - - - 0 -1\n");
	str_free(&log);
}

static void
test_lines_that_are_not_json(void **state)
{
	static const char *const lines[] = {
		"{", "", "hello", "{\"a\":NaN}", "{\"a\":1e999}",
		"{\"a\":\"\xff\"}", "{\"a\":\"\\u0000\"}", "{} {}",
		"{\"cell\":99999999999999999999}", "\x1b[31m",
	};
	char record[256];
	size_t i;
	int n;

	(void)state;
	for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		n = snprintf(record, sizeof(record), "%s%s\n%s", RUN,
		    lines[i], CELL);
		expect_not_json(record, (size_t)n);
	}
	expect_not_json(RUN "\0\n", strlen(RUN) + 2);
	expect_error(RUN "[1]\n", "x.jsonl:2: not a JSON object");
}

static void
test_deep_nesting(void **state)
{
	size_t at = strlen(RUN), depth = 100000;
	char *text = malloc(at + depth + 2);

	(void)state;
	assert_non_null(text);
	memcpy(text, RUN, at);
	memset(text + at, '[', depth);
	memcpy(text + at + depth, "\n", 2);
	expect_not_json(text, at + depth + 1);
	free(text);
}

/* A record is read through blocks; lines are longer than they are. */
static void
test_long_lines(void **state)
{
	size_t at = strlen(RUN), len = 300000;
	char *text = malloc(at + len + 64);
	struct str log = { 0 };
	struct err e = { 0 };
	int n;

	(void)state;
	assert_non_null(text);
	n = sprintf(text, "%s{\"type\":\"note\",\"text\":\"", RUN);
	memset(text + n, 'x', len);
	strcpy(text + n + len, "\"}\n");
	assert_int_equal(read_bytes(text, strlen(text), &log, &e), 0);
	assert_int_equal(log.len, strlen("run - - - 0 -1\nnote -1.-1 \n") +
	    len);
	str_free(&log);
	free(text);
}

static void
test_endless_line(void **state)
{
	size_t len = ((size_t)64 << 20) + 65536;
	char *text = malloc(len + 1);

	(void)state;
	assert_non_null(text);
	memset(text, 'x', len);
	memcpy(text, RUN, strlen(RUN));
	text[len] = '\0';
	expect_error(text, "x.jsonl: line 2 is longer than 64 MiB");
	free(text);
}

static void
test_bad_headers(void **state)
{
	(void)state;
#define HEADER(rest) "{\"type\":\"run\",\"schema\":\"vmstress-result/1\"," \
	rest "}\n"
	expect_error(HEADER("\"label\":1"),
	    "x.jsonl:1: run: 'label' is not text");
	expect_error(HEADER("\"seed\":-1"),
	    "x.jsonl:1: run: 'seed' is not a whole number of 0 or more");
	expect_error(HEADER("\"seed\":1.5"),
	    "x.jsonl:1: run: 'seed' is not a whole number of 0 or more");
	expect_error(HEADER("\"seed\":\"18446744073709551616\""),
	    "x.jsonl:1: run: 'seed' is not a whole number of 0 or more");
	expect_error(HEADER("\"seed\":\"4 2\""),
	    "x.jsonl:1: run: 'seed' is not a whole number of 0 or more");
	expect_error(HEADER("\"seed\":\"\""),
	    "x.jsonl:1: run: 'seed' is not a whole number of 0 or more");
	expect_error(HEADER("\"cells\":1048577"),
	    "x.jsonl:1: run: 'cells' is 1048577, not between 0 and 1048576");
	expect_error(RUN RUN, "x.jsonl:2: run: a second header: this is more "
	    "than one record, and each needs a file of its own");
	expect_error(RUN "{\"a\":1}\n", "x.jsonl:2: 'type' is missing");
	expect_error(RUN "{\"type\":7}\n", "x.jsonl:2: 'type' is not text");
}

static void
test_bad_cells(void **state)
{
	(void)state;
	expect_error(RUN CELL CELL, "x.jsonl:3: cell: cell 0 is described "
	    "twice");
	expect_error(RUN CELL_OF("-1", "1"), "x.jsonl:2: cell: 'cell' is not a "
	    "whole number of 0 or more");
	expect_error(RUN CELL_OF("1048576", "1"), "x.jsonl:2: cell: 'cell' is "
	    "1048576, not between 0 and 1048575");
	expect_error(RUN CELL_OF("0", "0"), "x.jsonl:2: cell: 'workers' is "
	    "0, not between 1 and 65536");
	expect_error(RUN CELL_OF("0", "65537"), "x.jsonl:2: cell: 'workers' is "
	    "65537, not between 1 and 65536");
	expect_error(RUN CELL_OF("0", "\"2x\""), "x.jsonl:2: cell: "
	    "'workers' is not a whole number of 0 or more");
	expect_error(RUN "{\"type\":\"cell\"}\n",
	    "x.jsonl:2: cell: 'cell' is missing");
#define CELL_BUT(kind, mode, params)					\
	"{\"type\":\"cell\",\"cell\":0,\"workload\":\"zfod\","		\
	"\"version\":1,\"kind\":" kind ",\"unit\":\"fault\",\"params\":" \
	params ",\"workers\":2,\"mode\":" mode ",\"pin\":\"none\","	\
	"\"launches\":3,\"samples\":2}\n"
	expect_error(RUN CELL_BUT("\"\\u001b[31m\"", "\"thread\"", "{}"),
	    "x.jsonl:2: cell: 'kind' has the unknown value '\\x1b[31m'");
	expect_error(RUN CELL_BUT("\"rate\"", "\"fibre\"", "{}"),
	    "x.jsonl:2: cell: 'mode' has the unknown value 'fibre'");
	expect_error(RUN CELL_BUT("\"rate\"", "\"thread\"", "[]"),
	    "x.jsonl:2: cell: 'params' is not an object");
	expect_error(RUN CELL_BUT("\"rate\"", "\"thread\"", "{\"a\":1}"),
	    "x.jsonl:2: cell: 'params' holds something that is not text");
}

static void
test_lines_of_unknown_launches(void **state)
{
	(void)state;
	expect_error(RUN LAUNCH(0), "x.jsonl:2: launch: cell 0 is not "
	    "described before");
	expect_error(RUN CELL "{\"type\":\"launch\",\"cell\":70,"
	    "\"launch\":0}\n", "x.jsonl:3: launch: cell 70 is not described "
	    "before");
	expect_error(RUN CELL "{\"type\":\"end\",\"cell\":1}\n",
	    "x.jsonl:3: end: cell 1 is not described before");
	expect_error(RUN CELL LAUNCH(4), "x.jsonl:3: launch: 'launch' is 4, "
	    "not between 0 and 3");
	expect_error(RUN CELL SAMPLE(0, "1", "[1,2]"), "x.jsonl:3: sample: "
	    "launch 0 of cell 0 has not begun");
	expect_error(RUN CELL LAUNCH(0) SAMPLE(1, "1", "[1,2]"),
	    "x.jsonl:4: sample: launch 1 of cell 0 has not begun");
	expect_error(RUN CELL LAUNCH(0) END(0) SAMPLE(0, "1", "[1,2]"),
	    "x.jsonl:5: sample: launch 0 of cell 0 has not begun");
}

/* Everything inside an open launch; the error is of line 4. */
static void
expect_bad_line(const char *line, const char *text)
{
	struct str record = { 0 };

	str_addf(&record, "%s%s%s%s", RUN, CELL, LAUNCH(0), line);
	expect_error(str_text(&record), text);
	str_free(&record);
}

static void
test_bad_samples(void **state)
{
	(void)state;
	expect_bad_line(SAMPLE(0, "1", "[1]"),
	    "x.jsonl:4: sample: 'ops' has 1 numbers for 2 workers");
	expect_bad_line(SAMPLE(0, "1", "[1,2,3]"),
	    "x.jsonl:4: sample: 'ops' has 3 numbers for 2 workers");
	expect_bad_line(SAMPLE(0, "1", "[1,-2]"), "x.jsonl:4: sample: 'ops' "
	    "holds something that is not a whole number of 0 or more");
	expect_bad_line(SAMPLE(0, "1", "[1,null]"), "x.jsonl:4: sample: 'ops' "
	    "holds something that is not a whole number of 0 or more");
	expect_bad_line(SAMPLE(0, "1", "12"),
	    "x.jsonl:4: sample: 'ops' is not an array");
	expect_bad_line(LINE("sample", 0, ",\"elapsed_ns\":1"),
	    "x.jsonl:4: sample: 'ops' is missing");
	expect_bad_line(LINE("sample", 0, ",\"ops\":[1,2]"),
	    "x.jsonl:4: sample: 'elapsed_ns' is missing");
	expect_bad_line(SAMPLE(0, "-1", "[1,2]"), "x.jsonl:4: sample: "
	    "'elapsed_ns' is not a whole number of 0 or more");
	expect_bad_line(LINE("sample", 0, ",\"elapsed_ns\":1,\"ops\":[1,2],"
	    "\"aside_ns\":[1]"),
	    "x.jsonl:4: sample: 'aside_ns' has 1 numbers for 2 workers");
	expect_error(RUN CELL LAUNCH(0)
	    SAMPLE(0, "1", "[1,\"18446744073709551615\"]")
	    SAMPLE(0, "1", "[1,1]"), "x.jsonl:5: sample: 'ops' adds up to more "
	    "than 64 bits hold");
	expect_error(RUN CELL LAUNCH(0)
	    SAMPLE(0, "\"18446744073709551615\"", "[1,1]")
	    SAMPLE(0, "1", "[1,1]"), "x.jsonl:5: sample: 'elapsed_ns' adds up "
	    "to more than 64 bits hold");
}

static void
test_bad_effects(void **state)
{
	(void)state;
	expect_bad_line(LINE("stall", 0, ""),
	    "x.jsonl:4: stall: 'rounds' is missing");
	expect_bad_line(LINE("stall", 0, ",\"rounds\":1"),
	    "x.jsonl:4: stall: 'worst_ns' is missing");
	expect_bad_line(LINE("stall", 0, ",\"rounds\":1,\"worst_ns\":2"),
	    "x.jsonl:4: stall: 'p99_ns' is missing");
	expect_bad_line(LINE("stall", 0, ",\"rounds\":0,\"phase\":4"),
	    "x.jsonl:4: stall: 'phase' is not text");
	expect_bad_line(LINE("memory", 0, ",\"members\":1"),
	    "x.jsonl:4: memory: field 'at' or 'phase', one "
	    "of them, is required");
	expect_bad_line(LINE("memory", 0, ",\"at\":\"end\","
	    "\"slab_bytes\":-1"), "x.jsonl:4: memory: 'slab_bytes' is not a "
	    "whole number of 0 or more");
}

static void
test_bad_histograms(void **state)
{
	(void)state;
#define HISTOGRAM(count, buckets) LINE("histogram", 0, ",\"count\":" #count \
	",\"sum_ns\":1,\"max_ns\":1,\"buckets\":" buckets)
	expect_bad_line(HISTOGRAM(2, "[[1,1]]"),
	    "x.jsonl:4: histogram: 'buckets' does not add up to 'count'");
	expect_bad_line(HISTOGRAM(1, "[[4736,1]]"),
	    "x.jsonl:4: histogram: 'buckets' has an index above 4735");
	expect_bad_line(HISTOGRAM(1, "[[1]]"), "x.jsonl:4: histogram: "
	    "'buckets' holds something that is not [index, count]");
	expect_bad_line(HISTOGRAM(1, "[1]"), "x.jsonl:4: histogram: "
	    "'buckets' holds something that is not [index, count]");
	expect_bad_line(HISTOGRAM(1, "[[1,-1]]"), "x.jsonl:4: histogram: "
	    "'buckets' holds something that is not [index, count]");
	expect_bad_line(HISTOGRAM(1, "{}"),
	    "x.jsonl:4: histogram: 'buckets' is missing or no array");
	expect_bad_line(HISTOGRAM(1, "[[1,\"18446744073709551615\"],[1,2]]"),
	    "x.jsonl:4: histogram: 'buckets' adds up to more than 64 bits "
	    "hold");
}

static void
test_other_bad_lines(void **state)
{
	(void)state;
	expect_bad_line(LINE("end", 0, ""),
	    "x.jsonl:4: end: 'status' is missing");
	expect_bad_line(LINE("end", 0, ",\"status\":\"great\""),
	    "x.jsonl:4: end: 'status' has the unknown value 'great'");
	expect_bad_line(LINE("end", 0, ",\"status\":\"ok\",\"reason\":[]"),
	    "x.jsonl:4: end: 'reason' is not text");
	expect_bad_line(LINE("note", 0, ""),
	    "x.jsonl:4: note: 'text' is missing");
	expect_bad_line("{\"type\":\"note\"}\n",
	    "x.jsonl:4: note: 'text' is missing");
	expect_bad_line(LINE("gauge", 0, ",\"name\":\"g\",\"value\":\"1\""),
	    "x.jsonl:4: gauge: 'value' is not a number");
	expect_bad_line(LINE("skew", 0, ",\"start_ns\":1"),
	    "x.jsonl:4: skew: 'stop_ns' is missing");
	expect_bad_line(LINE("rusage", 0, ",\"user_ns\":1"),
	    "x.jsonl:4: rusage: 'system_ns' is missing");
	expect_bad_line(LINE("phase", 0, ",\"name\":\"a\",\"unit\":\"b\","
	    "\"ops\":1,\"elapsed_ns\":1,\"headline\":1"),
	    "x.jsonl:4: phase: 'headline' is neither true nor false");
	expect_bad_line(LINE("phase", 0, ",\"name\":\"a\",\"unit\":\"b\","
	    "\"ops\":1,\"elapsed_ns\":1,\"limit\":\"x\""),
	    "x.jsonl:4: phase: 'asked' is missing");
	expect_bad_line(LINE("curve", 0, ",\"worker\":1,\"first\":1,"
	    "\"count\":1,\"min_ns\":1,\"max_ns\":1,\"mean_ns\":-5"),
	    "x.jsonl:4: curve: 'mean_ns' is -5, which is no time");
	expect_bad_line(LINE("curve", 0, ",\"worker\":1,\"first\":1,"
	    "\"count\":1,\"min_ns\":1,\"max_ns\":1,\"mean_ns\":1e308"),
	    "x.jsonl:4: curve: 'mean_ns' is 1e+308, which is no time");
	expect_bad_line(LINE("curve", 0, ",\"worker\":2,\"first\":1,"
	    "\"count\":8,\"min_ns\":1,\"mean_ns\":2.5,\"max_ns\":9"),
	    "x.jsonl:4: curve: 'worker' is 2, not between 0 and 1");
}

/* ---- the caller's side ------------------------------------------------ */

static int
refuse(void *arg, const struct reader_launch *l)
{
	return err_set(arg, "launch %d is not wanted", l->launch);
}

static void
test_handler_that_refuses(void **state)
{
	struct err e = { 0 };
	const struct reader_handler h = { .launch = refuse, .arg = &e };
	const char *record = RUN CELL LAUNCH(1) END(1) "not JSON\n";
	FILE *in = fmemopen((void *)(uintptr_t)record, strlen(record), "r");

	(void)state;
	assert_non_null(in);
	assert_int_equal(reader_stream(in, "x.jsonl", &h, &e), -1);
	assert_string_equal(e.text, "x.jsonl:4: end: launch 1 is not wanted");
	fclose(in);
}

static void
test_handler_of_nothing(void **state)
{
	const struct reader_handler h = { .arg = NULL };
	const char *record = RUN CELL LAUNCH(1)
	    LINE("note", 1, ",\"text\":\"x\"") END(1);
	struct err e = { 0 };
	FILE *in = fmemopen((void *)(uintptr_t)record, strlen(record), "r");

	(void)state;
	assert_non_null(in);
	assert_int_equal(reader_stream(in, "x.jsonl", &h, &e), 0);
	fclose(in);
}

static void
test_files(void **state)
{
	const struct reader_handler h = { .arg = NULL };
	char text[256];
	struct err e = { 0 };

	(void)state;
	scratch_begin();
	assert_int_equal(reader_run(scratch_path, &h, &e), -1);
	snprintf(text, sizeof(text), "%s: cannot open the record: No such "
	    "file or directory", scratch_path);
	assert_string_equal(e.text, text);
	err_clear(&e);
	assert_int_equal(reader_run(scratch_dir, &h, &e), -1);
	snprintf(text, sizeof(text), "%s: cannot read: Is a directory",
	    scratch_dir);
	assert_string_equal(e.text, text);
	err_clear(&e);
	scratch_put(RUN "{", strlen(RUN) + 1);
	assert_int_equal(reader_run(scratch_path, &h, &e), 0);
	scratch_put(RUN "[]\n", strlen(RUN) + 3);
	assert_int_equal(reader_run(scratch_path, &h, &e), -1);
	snprintf(text, sizeof(text), "%s:2: not a JSON object", scratch_path);
	assert_string_equal(e.text, text);
	scratch_end();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_header),
		cmocka_unit_test(test_cell),
		cmocka_unit_test(test_samples_add_up),
		cmocka_unit_test(test_started),
		cmocka_unit_test(test_aside),
		cmocka_unit_test(test_histogram),
		cmocka_unit_test(test_pending_lines),
		cmocka_unit_test(test_effects),
		cmocka_unit_test(test_statuses),
		cmocka_unit_test(test_unknown_lines_and_fields),
		cmocka_unit_test(test_torn_last_line),
		cmocka_unit_test(test_torn_is_told),
		cmocka_unit_test(test_launch_without_end),
		cmocka_unit_test(test_launch_begun_again),
		cmocka_unit_test(test_launch_done_again),
		cmocka_unit_test(test_no_record),
		cmocka_unit_test(test_schemas),
		cmocka_unit_test(test_lines_that_are_not_json),
		cmocka_unit_test(test_deep_nesting),
		cmocka_unit_test(test_long_lines),
		cmocka_unit_test(test_endless_line),
		cmocka_unit_test(test_bad_headers),
		cmocka_unit_test(test_bad_cells),
		cmocka_unit_test(test_lines_of_unknown_launches),
		cmocka_unit_test(test_bad_samples),
		cmocka_unit_test(test_bad_effects),
		cmocka_unit_test(test_bad_histograms),
		cmocka_unit_test(test_other_bad_lines),
		cmocka_unit_test(test_handler_that_refuses),
		cmocka_unit_test(test_handler_of_nothing),
		cmocka_unit_test(test_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
