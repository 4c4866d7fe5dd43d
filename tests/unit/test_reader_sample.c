/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The two ways of reading a sample: what the short one takes and what it
 * leaves, and that nobody can tell by the outcome which one it was.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "record/reader.h"
#include "record/reader_sample.h"

#define CELL 3
#define LAUNCH 4
#define WORKERS 2

#define OF "{\"type\":\"sample\",\"cell\":3,\"launch\":4"
#define PLAIN OF ",\"index\":1,\"elapsed_ns\":1000,\"ops\":[20,300]}"
#define ASIDE OF ",\"index\":1,\"elapsed_ns\":1000,\"ops\":[20,300],"	\
	"\"aside_ns\":[4,50]}"
#define REST(rest) OF ",\"index\":1,\"elapsed_ns\":" rest

/* ---- what the short way takes ----------------------------------------- */

/* An open launch; `before` is what each of its sums is at already. */
static void
open_launch(struct reader_open *o, uint64_t before)
{
	int i;

	memset(o, 0, sizeof(*o));
	reader_launch_begin(o, CELL, LAUNCH, WORKERS);
	o->sum.elapsed_ns = before;
	for (i = 0; i < WORKERS; i++)
		o->sum.ops[i] = o->sum.aside_ns[i] = before;
}

/* The text in memory of just its size, so that a sanitizer sees the end. */
static int
take(struct reader_open *o, const char *text, size_t len)
{
	char *copy = mem_zalloc(len);
	struct err e = { 0 };
	int status;

	memcpy(copy, text, len);
	status = reader_sample_text(o, copy, len, &e);
	assert_false(e.set);
	free(copy);
	return status;
}

static void
expect_untouched(const struct reader_open *o, uint64_t before)
{
	int i;

	assert_int_equal(o->sum.samples, 0);
	assert_int_equal(o->insight.nworks, 0);
	assert_true(o->sum.elapsed_ns == before);
	assert_true(o->aside);
	for (i = 0; i < WORKERS; i++) {
		assert_true(o->sum.ops[i] == before);
		assert_true(o->sum.aside_ns[i] == before);
	}
}

static void
expect_left_bytes(const char *text, size_t len, uint64_t before)
{
	struct reader_open o;

	open_launch(&o, before);
	assert_int_equal(take(&o, text, len), 0);
	expect_untouched(&o, before);
	reader_launch_free(&o);
}

static void
expect_left(const char *text)
{
	expect_left_bytes(text, strlen(text), 7);
}

static void
test_taken(void **state)
{
	struct reader_open o;

	(void)state;
	open_launch(&o, 7);
	assert_int_equal(take(&o, ASIDE, strlen(ASIDE)), 1);
	assert_int_equal(o.sum.samples, 1);
	assert_int_equal(o.sum.elapsed_ns, 1007);
	assert_int_equal(o.sum.ops[0], 27);
	assert_int_equal(o.sum.ops[1], 307);
	assert_int_equal(o.sum.aside_ns[0], 11);
	assert_int_equal(o.sum.aside_ns[1], 57);
	assert_true(o.aside);
	assert_int_equal(o.insight.nworks, 1);
	assert_int_equal(o.insight.works[0].index, 1);
	assert_int_equal(o.insight.works[0].ops, 320);
	assert_int_equal(o.insight.works[0].elapsed_ns, 1000);
	assert_int_equal(take(&o, PLAIN, strlen(PLAIN)), 1);
	assert_int_equal(o.sum.samples, 2);
	assert_int_equal(o.sum.ops[1], 607);
	assert_false(o.aside);
	reader_launch_free(&o);
}

static void
test_left(void **state)
{
	size_t len;

	(void)state;
	expect_left("");
	expect_left("{}");
	expect_left("sample");
	expect_left(PLAIN " ");
	expect_left(PLAIN "}");
	expect_left(REST("1,\"ops\":[1,2],\"more\":1}"));
	expect_left(REST("1,\"ops\":[1,2],\"ops\":[1,2]}"));
	expect_left("{\"type\":\"sample\",\"cell\":4,\"launch\":3,\"index\":1,"
	    "\"elapsed_ns\":1,\"ops\":[1,2]}");
	for (len = 0; len < strlen(ASIDE); len++)
		expect_left_bytes(ASIDE, len, 7);
	expect_left_bytes(PLAIN, sizeof(PLAIN), 7);	/* and a NUL byte */
}

static void
test_does_not_fit(void **state)
{
	struct reader_open o;

	(void)state;
	expect_left_bytes(ASIDE, strlen(ASIDE), UINT64_MAX);
	open_launch(&o, 0);
	o.sum.ops[1] = UINT64_MAX - 299;
	assert_int_equal(take(&o, PLAIN, strlen(PLAIN)), 0);
	assert_int_equal(o.sum.ops[0], 0);
	o.sum.ops[1]--;
	o.sum.aside_ns[1] = UINT64_MAX - 49;
	assert_int_equal(take(&o, ASIDE, strlen(ASIDE)), 0);
	assert_int_equal(o.sum.ops[0], 0);
	assert_int_equal(take(&o, PLAIN, strlen(PLAIN)), 1);
	assert_true(o.sum.ops[1] == UINT64_MAX);
	o.sum.ops[1] = 0;
	o.sum.elapsed_ns = UINT64_MAX - 999;
	assert_int_equal(take(&o, PLAIN, strlen(PLAIN)), 0);
	o.sum.elapsed_ns--;
	assert_int_equal(take(&o, PLAIN, strlen(PLAIN)), 1);
	o.sum.elapsed_ns = 0;
	o.sum.samples = READER_SAMPLES_MAX;
	assert_int_equal(take(&o, PLAIN, strlen(PLAIN)), 0);
	reader_launch_free(&o);
}

static void
test_no_launch(void **state)
{
	struct reader_open o = { 0 };

	(void)state;
	assert_int_equal(take(&o, PLAIN, strlen(PLAIN)), 0);
	assert_int_equal(take(&o, "", 0), 0);
}

/* ---- both ways -------------------------------------------------------- */

static int
log_launch(void *arg, const struct reader_launch *l)
{
	int i;

	str_addf(arg, "%d.%d %d samples, %" PRIu64 " ns", l->cell, l->launch,
	    l->samples, l->elapsed_ns);
	for (i = 0; i < l->workers; i++)
		str_addf(arg, " %" PRIu64 " %" PRIu64, l->ops[i],
		    l->aside_ns != NULL ? l->aside_ns[i] : 0);
	str_addf(arg, "%s\n", l->aside_ns != NULL ? " aside" : "");
	return 0;
}

static int
log_usage(void *arg, int cell, int launch, const struct reader_usage *u)
{
	str_addf(arg, "work %d.%d %" PRIu64 " %d %" PRIu64 " %" PRIu64 "\n",
	    cell, launch, u->work.index, u->work.known, u->work.ops,
	    u->work.elapsed_ns);
	return 0;
}

/* Where a text is no JSON depends on the way that we choose below. */
static void
log_error(struct str *log, const char *text)
{
	const char *column = strstr(text, "(column ");

	str_addn(log, text, column != NULL ? (size_t)(column - text) :
	    strlen(text));
}

/* The whole record of one launch with this line in it. */
static void
tell(const char *first, const char *line, size_t len, struct str *log)
{
	struct reader_handler h = {
		.launch = log_launch, .usage = log_usage, .arg = log
	};
	struct str record = { 0 };
	struct err e = { 0 };
	FILE *in;
	int i;

	str_add(&record, "{\"type\":\"run\",\"schema\":\"vmstress-result/1\"}\n"
	    "{\"type\":\"cell\",\"cell\":3,\"workload\":\"zfod\",\"version\":1,"
	    "\"kind\":\"rate\",\"unit\":\"fault\",\"workers\":2,\"mode\":"
	    "\"process\",\"pin\":\"none\",\"launches\":9,\"samples\":2}\n"
	    "{\"type\":\"launch\",\"cell\":3,\"launch\":4}\n");
	str_add(&record, first);
	str_addn(&record, line, len);
	for (i = 0; i < 3; i++)
		str_addf(&record, "\n{\"type\":\"usage\",\"cell\":3,\"launch\":"
		    "4,\"index\":%d}", i);
	str_add(&record, "\n{\"type\":\"end\",\"cell\":3,\"launch\":4,"
	    "\"status\":\"ok\"}\n");
	in = fmemopen(record.s, record.len, "r");
	assert_non_null(in);
	str_addf(log, "status %d\n", reader_stream(in, "x", &h, &e));
	fclose(in);
	log_error(log, e.text);
	str_free(&record);
}

/*
 * A blank after its first byte makes no difference to what a line means, but
 * the short way leaves the line.
 */
static void
expect_same_bytes(const char *first, const char *line, size_t len)
{
	struct str as_it_is = { 0 }, blank = { 0 }, other = { 0 };

	tell(first, line, len, &as_it_is);
	str_addn(&other, line, len > 0 ? 1 : 0);
	str_add(&other, " ");
	str_addn(&other, line + (len > 0 ? 1 : 0), len > 0 ? len - 1 : 0);
	tell(first, other.s, other.len, &blank);
	assert_string_equal(str_text(&as_it_is), str_text(&blank));
	str_free(&as_it_is);
	str_free(&blank);
	str_free(&other);
}

/* With nothing before, with a sample, and with one that fills the sums. */
static void
expect_same(const char *line)
{
	static const char *const firsts[] = {
		"", OF ",\"index\":0,\"elapsed_ns\":5,\"ops\":[1,2],"
		"\"aside_ns\":[3,4]}\n",
		OF ",\"index\":0,\"elapsed_ns\":\"18446744073709551000\","
		"\"ops\":[0,\"18446744073709551615\"],\"aside_ns\":[0,"
		"9223372036854775807]}\n",
	};
	size_t i;

	for (i = 0; i < sizeof(firsts) / sizeof(firsts[0]); i++)
		expect_same_bytes(firsts[i], line, strlen(line));
}

static void
test_same_outcome(void **state)
{
	static const char *const lines[] = {
		PLAIN, ASIDE, "", "{}", "[]", "7",
		REST("0,\"ops\":[0,0]}"),
		/* Numbers of every kind. */
		REST("999999999999999999,\"ops\":[1,2]}"),
		REST("1000000000000000000,\"ops\":[1,2]}"),
		REST("9223372036854775807,\"ops\":[1,2]}"),
		REST("9223372036854775808,\"ops\":[1,2]}"),
		REST("\"18446744073709551615\",\"ops\":[1,2]}"),
		REST("\"18446744073709551616\",\"ops\":[1,2]}"),
		REST("99999999999999999999999999,\"ops\":[1,2]}"),
		REST("-1,\"ops\":[1,2]}"), REST("-0,\"ops\":[1,2]}"),
		REST("00,\"ops\":[1,2]}"), REST("01,\"ops\":[1,2]}"),
		REST("1.0,\"ops\":[1,2]}"), REST("1e3,\"ops\":[1,2]}"),
		REST("1e999,\"ops\":[1,2]}"), REST("+1,\"ops\":[1,2]}"),
		REST("NaN,\"ops\":[1,2]}"), REST("null,\"ops\":[1,2]}"),
		REST("true,\"ops\":[1,2]}"), REST("[1],\"ops\":[1,2]}"),
		REST("1,\"ops\":[1.5,2]}"), REST("1,\"ops\":[-1,2]}"),
		REST("1,\"ops\":[\"1\",2]}"), REST("1,\"ops\":[01,2]}"),
		REST("1,\"ops\":[1,2e1]}"), REST("1,\"ops\":[null,2]}"),
		REST("1,\"ops\":[9223372036854775807,1]}"),
		REST("1,\"ops\":[9223372036854775808,1]}"),
		/* Lists of another length or kind. */
		REST("1,\"ops\":[]}"), REST("1,\"ops\":[1]}"),
		REST("1,\"ops\":[1,2,3]}"), REST("1,\"ops\":[1,]}"),
		REST("1,\"ops\":[1,,2]}"), REST("1,\"ops\":7}"),
		REST("1,\"ops\":null}"), REST("1,\"ops\":{\"a\":1}}"),
		REST("1,\"ops\":[[1,2]]}"),
		REST("1,\"ops\":[1,2],\"aside_ns\":[1]}"),
		REST("1,\"ops\":[1,2],\"aside_ns\":null}"),
		REST("1,\"ops\":[1,2],\"aside_ns\":[1,-2]}"),
		REST("1,\"ops\":[1,2],\"aside_ns\":[1,"
		    "9223372036854775807]}"),
		/* Fields in another order, missing, twice, unknown, escaped. */
		"{\"cell\":3,\"type\":\"sample\",\"launch\":4,\"index\":1,"
		"\"elapsed_ns\":1,\"ops\":[1,2]}",
		OF ",\"elapsed_ns\":1,\"index\":1,\"ops\":[1,2]}",
		OF ",\"elapsed_ns\":1,\"ops\":[1,2]}",
		OF ",\"index\":1,\"ops\":[1,2]}",
		OF ",\"index\":1,\"elapsed_ns\":1}", OF "}",
		REST("1,\"ops\":[1,2],\"ops\":[3,4]}"),
		REST("1,\"elapsed_ns\":2,\"ops\":[1,2]}"),
		REST("1,\"ops\":[1,2],\"cell\":4}"),
		REST("1,\"ops\":[1,2],\"more\":{\"a\":[1,2]}}"),
		"{\"type\":\"s\\u0061mple\",\"cell\":3,\"launch\":4,\"index\":"
		"1,\"elapsed_ns\":1,\"ops\":[1,2]}",
		"{\"type\":\"sample\",\"c\\u0065ll\":3,\"launch\":4,\"index\":"
		"1,\"elapsed_ns\":1,\"ops\":[1,2]}",
		/* Of another cell or launch. */
		"{\"type\":\"sample\",\"cell\":0,\"launch\":4,\"index\":1,"
		"\"elapsed_ns\":1,\"ops\":[1,2]}",
		"{\"type\":\"sample\",\"cell\":3,\"launch\":5,\"index\":1,"
		"\"elapsed_ns\":1,\"ops\":[1,2]}",
		"{\"type\":\"sample\",\"cell\":4294967299,\"launch\":4,"
		"\"index\":1,\"elapsed_ns\":1,\"ops\":[1,2]}",
		/* Blanks, and what comes after. */
		PLAIN " ", PLAIN "\r", PLAIN "x", PLAIN PLAIN, "\t" PLAIN,
		OF " ,\"index\":1,\"elapsed_ns\":1,\"ops\":[1, 2]}",
		"\xef\xbb\xbf" PLAIN, PLAIN "\xff",
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		expect_same(lines[i]);
}

/* Cut off anywhere, and any byte of it another one. */
static void
test_same_outcome_of_damage(void **state)
{
	static const char bytes[] = "019-+.eE\"\\[]{},: \rax\x80";
	char line[] = ASIDE;
	size_t i, k, len = strlen(line);

	(void)state;
	for (i = 0; i < len; i++)
		expect_same_bytes("", line, i);
	for (i = 0; i < len; i++) {
		for (k = 0; k < sizeof(bytes); k++) {	/* NUL, too */
			line[i] = bytes[k];
			expect_same_bytes("", line, len);
		}
		line[i] = ASIDE[i];
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_taken),
		cmocka_unit_test(test_left),
		cmocka_unit_test(test_does_not_fit),
		cmocka_unit_test(test_no_launch),
		cmocka_unit_test(test_same_outcome),
		cmocka_unit_test(test_same_outcome_of_damage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
