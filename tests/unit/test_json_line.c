/* SPDX-License-Identifier: BSD-2-Clause */
/* JSON objects as one line: every type, and what JSON cannot hold. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "record/json_line.h"

/* Compare and free the line. */
static void
expect(struct json_line *j, const char *text)
{
	char *line = json_line_string(j);

	assert_string_equal(line, text);
	free(line);
	json_line_free(j);
}

static void
test_scalars(void **state)
{
	struct json_line *j = json_line_new();

	(void)state;
	json_line_text(j, "type", "cell");
	json_line_text(j, "label", NULL);
	json_line_int(j, "delta", -3);
	json_line_u64(j, "seed", 42);
	json_line_real(j, "cost", 0.5);
	json_line_bool(j, "latency", true);
	json_line_bool(j, "static", false);
	json_line_null(j, "reason");
	expect(j, "{\"type\":\"cell\",\"label\":null,\"delta\":-3,\"seed\":42,"
	    "\"cost\":0.5,\"latency\":true,\"static\":false,\"reason\":null}");
}

static void
test_empty(void **state)
{
	(void)state;
	expect(json_line_new(), "{}");
	json_line_free(NULL);
}

/* The same key twice is the later value in the earlier place. */
static void
test_replaces(void **state)
{
	struct json_line *j = json_line_new();

	(void)state;
	json_line_int(j, "a", 1);
	json_line_int(j, "b", 2);
	json_line_int(j, "a", 3);
	expect(j, "{\"a\":3,\"b\":2}");
}

static void
test_integer_limits(void **state)
{
	struct json_line *j = json_line_new();

	(void)state;
	json_line_int(j, "low", INT64_MIN);
	json_line_int(j, "high", INT64_MAX);
	json_line_u64(j, "last", INT64_MAX);
	json_line_u64(j, "over", (uint64_t)INT64_MAX + 1);
	json_line_u64(j, "most", UINT64_MAX);
	expect(j, "{\"low\":-9223372036854775808,\"high\":9223372036854775807,"
	    "\"last\":9223372036854775807,\"over\":\"9223372036854775808\","
	    "\"most\":\"18446744073709551615\"}");
}

static void
test_not_finite_is_null(void **state)
{
	struct json_line *j = json_line_new();

	(void)state;
	json_line_real(j, "nan", NAN);
	json_line_real(j, "inf", INFINITY);
	json_line_real(j, "minus", -INFINITY);
	json_line_real(j, "tenth", 0.1);
	expect(j, "{\"nan\":null,\"inf\":null,\"minus\":null,"
	    "\"tenth\":0.10000000000000001}");
}

static void
test_arrays(void **state)
{
	struct json_line *j = json_line_new();
	const uint64_t ops[] = { 1, 0, UINT64_MAX };
	const int cpus[] = { 3, -1 };

	(void)state;
	json_line_u64s(j, "ops", ops, 3);
	json_line_ints(j, "cpus", cpus, 2);
	json_line_u64s(j, "none", NULL, 0);
	json_line_list(j, "notes");
	json_line_append_text(j, "notes", "a");
	json_line_append_text(j, "notes", "b");
	json_line_u64_pair(j, "buckets", 7, 100);
	json_line_u64_pair(j, "buckets", 9, 1);
	expect(j, "{\"ops\":[1,0,\"18446744073709551615\"],\"cpus\":[3,-1],"
	    "\"none\":[],\"notes\":[\"a\",\"b\"],"
	    "\"buckets\":[[7,100],[9,1]]}");
}

static void
test_facts_make_sections(void **state)
{
	struct json_line *j = json_line_new();

	(void)state;
	json_line_fact(j, "kernel", "release", "6.18");
	json_line_fact(j, "machine", "cpus_online", "2");
	json_line_fact(j, "kernel", "version", NULL);
	json_line_int(j, "limits", 1);
	json_line_fact(j, "limits", "pid_max", "32768");
	expect(j, "{\"kernel\":{\"release\":\"6.18\",\"version\":null},"
	    "\"machine\":{\"cpus_online\":\"2\"},"
	    "\"limits\":{\"pid_max\":\"32768\"}}");
}

static void
test_children(void **state)
{
	struct json_line *j = json_line_new(), *child;

	(void)state;
	child = json_line_new();
	json_line_text(child, "size", "4M");
	json_line_object(j, "params", child);
	child = json_line_new();
	json_line_int(child, "n", 1);
	json_line_append(j, "rows", child);
	json_line_append(j, "rows", json_line_new());
	expect(j, "{\"params\":{\"size\":\"4M\"},\"rows\":[{\"n\":1},{}]}");
}

/* What is there already is not overwritten: a fact cannot fake the schema. */
static void
test_merge(void **state)
{
	struct json_line *j = json_line_new(), *from = json_line_new();

	(void)state;
	json_line_text(j, "schema", "real");
	json_line_fact(from, "kernel", "release", "6.18");
	json_line_text(from, "schema", "fake");
	json_line_merge(j, from);
	json_line_merge(j, NULL);
	expect(j, "{\"schema\":\"real\",\"kernel\":{\"release\":\"6.18\"}}");
}

/* Bad bytes one by one; the good text around them stays. */
static void
test_bad_utf8_is_replaced(void **state)
{
	struct json_line *j = json_line_new();

	(void)state;
	json_line_text(j, "good", "gr\xc3\xbc\xc3\x9f");
	json_line_text(j, "bad", "a\xff" "b\xc3");
	json_line_text(j, "surrogate", "\xed\xa0\x80");
	json_line_text(j, "\xfe", "key");
	json_line_fact(j, "s", "\xfe", "\xfe");
	expect(j, "{\"good\":\"gr\xc3\xbc\xc3\x9f\","
	    "\"bad\":\"a\xef\xbf\xbd" "b\xef\xbf\xbd\","
	    "\"surrogate\":\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\","
	    "\"\xef\xbf\xbd\":\"key\","
	    "\"s\":{\"\xef\xbf\xbd\":\"\xef\xbf\xbd\"}}");
}

/* A line is one line whatever the text. */
static void
test_controls_are_escaped(void **state)
{
	struct json_line *j = json_line_new();

	(void)state;
	json_line_text(j, "text", "a\nb\r\t\x1b[31m\"\\");
	expect(j, "{\"text\":\"a\\nb\\r\\t\\u001B[31m\\\"\\\\\"}");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_scalars),
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_replaces),
		cmocka_unit_test(test_integer_limits),
		cmocka_unit_test(test_not_finite_is_null),
		cmocka_unit_test(test_arrays),
		cmocka_unit_test(test_facts_make_sections),
		cmocka_unit_test(test_children),
		cmocka_unit_test(test_merge),
		cmocka_unit_test(test_bad_utf8_is_replaced),
		cmocka_unit_test(test_controls_are_escaped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
