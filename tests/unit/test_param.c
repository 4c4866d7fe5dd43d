/* SPDX-License-Identifier: BSD-2-Clause */
/* Parameters: text in, text out, and every sentence about a wrong one. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <string.h>

/* Before cmocka.h, whose macros fail and skip are names in workload.h. */
#include "base/param.h"

#include <cmocka.h>

struct all {
	int64_t step;
	uint64_t count;
	uint64_t size;
	uint64_t pause_ns;
	double share;
	bool touch;
	int sharing;
	const char *path;
};

static const char *const sharings[] = { "private", "shared", NULL };

static const struct vms_param rows[] = {
	{ "step", VMS_INT, offsetof(struct all, step), "-1", "-10", "10",
	    NULL, "how far" },
	{ "count", VMS_COUNT, offsetof(struct all, count), "2k", "1", "1M",
	    NULL, "how many" },
	{ "size", VMS_SIZE, offsetof(struct all, size), "128M", "4K", "1T",
	    NULL, "how big" },
	{ "pause", VMS_TIME, offsetof(struct all, pause_ns), "5ms", NULL,
	    "1m", NULL, "how long" },
	{ "share", VMS_PERCENT, offsetof(struct all, share), "50%", "0%",
	    NULL, NULL, "how much" },
	{ "touch", VMS_BOOL, offsetof(struct all, touch), "yes", NULL, NULL,
	    NULL, "write to it" },
	{ "sharing", VMS_CHOICE, offsetof(struct all, sharing), "shared",
	    NULL, NULL, sharings, "whose it is" },
	{ "path", VMS_STRING, offsetof(struct all, path), "", "a", "b", NULL,
	    "where" },
	VMS_PARAMS_END
};

static void
test_find_count(void **state)
{
	(void)state;
	assert_ptr_equal(param_find(rows, "size"), &rows[2]);
	assert_null(param_find(rows, "sizes"));
	assert_null(param_find(NULL, "size"));
	assert_int_equal(param_count(rows), 8);
	assert_int_equal(param_count(rows + 8), 0);
	assert_int_equal(param_count(NULL), 0);
}

static void
test_defaults(void **state)
{
	struct err e = { 0 };
	struct all p;

	(void)state;
	memset(&p, 0x5a, sizeof(p));
	assert_int_equal(param_defaults(rows, &p, &e), 0);
	assert_int_equal(p.step, -1);
	assert_int_equal(p.count, 2000);
	assert_int_equal(p.size, 134217728);
	assert_int_equal(p.pause_ns, 5000000);
	assert_true(p.share == 0.5);
	assert_true(p.touch);
	assert_int_equal(p.sharing, 1);
	assert_string_equal(p.path, "");
	assert_int_equal(param_defaults(NULL, NULL, &e), 0);
}

static void
test_bad_default(void **state)
{
	static const struct vms_param bad[] = {
		{ "size", VMS_SIZE, offsetof(struct all, size), "12q", NULL,
		    NULL, NULL, "how big" },
		VMS_PARAMS_END
	};
	struct err e = { 0 };
	struct all p = { 0 };

	(void)state;
	assert_int_equal(param_defaults(bad, &p, &e), -1);
	assert_string_equal(e.text, "parameter 'size': default: '12q' is not "
	    "a size (try 64M)");
}

/* What is set comes back in its canonical spelling. */
static void
test_set_put(void **state)
{
	static const struct {
		const char *name, *text, *canonical;
	} good[] = {
		{ "step", "-10", "-10" }, { "step", "007", "7" },
		{ "count", "1000", "1k" }, { "count", "1", "1" },
		{ "count", "1000k", "1M" }, { "size", "4096", "4K" },
		{ "size", "0.5G", "512M" }, { "size", "1T", "1T" },
		{ "pause", "0s", "0s" }, { "pause", "60s", "1m" },
		{ "pause", "1500ms", "1500ms" }, { "share", "0%", "0%" },
		{ "share", "12.50%", "12.5%" }, { "share", "300%", "300%" },
		{ "touch", "true", "true" }, { "touch", "yes", "true" },
		{ "touch", "on", "true" }, { "touch", "false", "false" },
		{ "touch", "no", "false" }, { "touch", "off", "false" },
		{ "sharing", "private", "private" },
		{ "sharing", "shared", "shared" }, { "path", "", "" },
		{ "path", "/a b", "/a b" },
	};
	const struct vms_param *row;
	struct err e = { 0 };
	struct str b = { 0 };
	struct all p;
	size_t i;

	(void)state;
	memset(&p, 0x5a, sizeof(p));
	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		row = param_find(rows, good[i].name);
		assert_non_null(row);
		assert_int_equal(param_set(row, &p, good[i].text, &e), 0);
		str_reset(&b);
		param_put(row, &p, &b);
		assert_string_equal(str_text(&b), good[i].canonical);
	}
	assert_false(e.set);
	str_free(&b);
}

/* One field is written, and nothing beside it. */
static void
test_set_stays_inside(void **state)
{
	struct all p, before;
	struct err e = { 0 };

	(void)state;
	memset(&p, 0x5a, sizeof(p));
	before = p;
	assert_int_equal(param_set(param_find(rows, "touch"), &p, "no", &e),
	    0);
	before.touch = false;
	assert_memory_equal(&p, &before, sizeof(p));
	assert_int_equal(param_set(param_find(rows, "sharing"), &p, "private",
	    &e), 0);
	before.sharing = 0;
	assert_memory_equal(&p, &before, sizeof(p));
}

static void
test_set_errors(void **state)
{
	static const struct {
		const char *name, *text, *error;
	} bad[] = {
		{ "step", "1k", "'1k' is not an integer (try 12)" },
		{ "step", "-11", "'-11' is below the minimum -10" },
		{ "step", "11", "'11' is above the maximum 10" },
		{ "count", "1K", "'1K' is not a count (try 900k)" },
		{ "count", "0", "'0' is below the minimum 1" },
		{ "count", "1000001", "'1000001' is above the maximum 1M" },
		{ "size", "12q", "'12q' is not a size (try 64M)" },
		{ "size", "", "'' is not a size (try 64M)" },
		{ "size", "3K", "'3K' is below the minimum 4K" },
		{ "size", "2T", "'2T' is above the maximum 1T" },
		{ "pause", "5", "'5' is not a time (try 500ms)" },
		{ "pause", "61s", "'61s' is above the maximum 1m" },
		{ "share", "0.5", "'0.5' is not a percentage (try 50%)" },
		{ "share", "-1%", "'-1%' is not a percentage (try 50%)" },
		{ "touch", "maybe",
		    "'maybe' is not true or false (try true)" },
		{ "sharing", "shraed", "'shraed' is not one of: private, "
		    "shared (did you mean 'shared'?)" },
		{ "sharing", "none",
		    "'none' is not one of: private, shared" },
	};
	struct all p, before;
	struct err e;
	size_t i;

	(void)state;
	memset(&p, 0x5a, sizeof(p));
	before = p;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		err_clear(&e);
		assert_int_equal(param_set(param_find(rows, bad[i].name), &p,
		    bad[i].text, &e), -1);
		assert_string_equal(e.text, bad[i].error);
	}
	assert_memory_equal(&p, &before, sizeof(p));
}

static void
test_set_quotes_little(void **state)
{
	struct err e = { 0 };
	char text[5000];
	struct all p;

	(void)state;
	memset(text, 'x', sizeof(text));
	text[sizeof(text) - 1] = '\0';
	assert_int_equal(param_set(param_find(rows, "size"), &p, text, &e),
	    -1);
	assert_int_equal(strlen(e.text), 80 + strlen("'' is not a size "
	    "(try 64M)"));
}

static void
test_accepts(void **state)
{
	static const char *const texts[] = { "integer (-10..10)",
	    "count (1..1M)", "size (4K..1T)", "time (at most 1m)",
	    "percentage (at least 0%)", "true or false",
	    "one of: private, shared", "text" };
	static const struct vms_param plain = { "n", VMS_COUNT, 0, "1", NULL,
	    NULL, NULL, "n" };
	struct str b = { 0 };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		str_reset(&b);
		param_accepts(&rows[i], &b);
		assert_string_equal(str_text(&b), texts[i]);
	}
	str_reset(&b);
	param_accepts(&plain, &b);
	assert_string_equal(str_text(&b), "count");
	str_free(&b);
}

/* Fixed, because it is in the errors; struct all is no larger. */
#define STRUCT_BYTES 64

#define SIZE_AT(field) VMS_SIZE, offsetof(struct all, field)

static const char *const twice[] = { "a", "b", "a", NULL };
static const char *const empty[] = { NULL };

/* Tables of two rows, of which one is wrong. */
static const struct {
	struct vms_param table[3];
	const char *error;
} malformed[] = {
	{ { { "Size", SIZE_AT(size), "1", NULL, NULL, NULL, "h" } },
	    "parameter 'Size': the name is not lower case letters, digits, "
	    "'-' and '_'" },
	{ { { "", SIZE_AT(size), "1", NULL, NULL, NULL, "h" } },
	    "parameter '': the name is not lower case letters, digits, '-' "
	    "and '_'" },
	{ { { "2x", SIZE_AT(size), "1", NULL, NULL, NULL, "h" } },
	    "parameter '2x': the name is not lower case letters, digits, '-' "
	    "and '_'" },
	{ { { "a", (enum vms_type)99, 0, "1", NULL, NULL, NULL, "h" } },
	    "parameter 'a': has no known type (99)" },
	{ { { "a", SIZE_AT(size), "1", NULL, NULL, NULL, NULL } },
	    "parameter 'a': has no help" },
	{ { { "a", SIZE_AT(size), "1", NULL, NULL, NULL, "" } },
	    "parameter 'a': has no help" },
	{ { { "a", VMS_SIZE, STRUCT_BYTES - 7, "1", NULL, NULL, NULL, "h" } },
	    "parameter 'a': its field at byte 57 does not fit into the "
	    "parameter struct of 64 bytes" },
	{ { { "a", VMS_SIZE, 1000, "1", NULL, NULL, NULL, "h" } },
	    "parameter 'a': its field at byte 1000 does not fit into the "
	    "parameter struct of 64 bytes" },
	{ { { "a", SIZE_AT(size), "1", NULL, NULL, NULL, "h" },
	    { "a", SIZE_AT(count), "1", NULL, NULL, NULL, "h" } },
	    "parameter 'a': the name is there twice" },
	{ { { "a", SIZE_AT(size), "1", NULL, NULL, NULL, "h" },
	    { "b", SIZE_AT(size), "1", NULL, NULL, NULL, "h" } },
	    "parameter 'b': its field overlaps that of 'a'" },
	{ { { "a", VMS_CHOICE, 0, "a", NULL, NULL, NULL, "h" } },
	    "parameter 'a': has no choices" },
	{ { { "a", VMS_CHOICE, 0, "a", NULL, NULL, empty, "h" } },
	    "parameter 'a': has no choices" },
	{ { { "a", VMS_CHOICE, 0, "a", NULL, NULL, twice, "h" } },
	    "parameter 'a': has the choice 'a' twice" },
	{ { { "a", VMS_CHOICE, 0, "c", NULL, NULL, sharings, "h" } },
	    "parameter 'a': default: 'c' is not one of: private, shared" },
	{ { { "a", SIZE_AT(size), NULL, NULL, NULL, NULL, "h" } },
	    "parameter 'a': has no default" },
	{ { { "a", SIZE_AT(size), "1k", NULL, NULL, NULL, "h" } },
	    "parameter 'a': default: '1k' is not a size (try 64M)" },
	{ { { "a", SIZE_AT(size), "1", "x", NULL, NULL, "h" } },
	    "parameter 'a': minimum: 'x' is not a size (try 64M)" },
	{ { { "a", SIZE_AT(size), "1", NULL, "y", NULL, "h" } },
	    "parameter 'a': maximum: 'y' is not a size (try 64M)" },
	{ { { "a", SIZE_AT(size), "1", "2", "1", NULL, "h" } },
	    "parameter 'a': minimum 2 is above maximum 1" },
	{ { { "a", SIZE_AT(size), "1", "2", NULL, NULL, "h" } },
	    "parameter 'a': default: '1' is below the minimum 2" },
	{ { { "a", SIZE_AT(size), "3", NULL, "2", NULL, "h" } },
	    "parameter 'a': default: '3' is above the maximum 2" },
};

static void
test_check_table(void **state)
{
	static const struct vms_param wraps[] = {
		{ "a", VMS_SIZE, SIZE_MAX - 3, "1", NULL, NULL, NULL, "h" },
		VMS_PARAMS_END
	};
	struct err e = { 0 };
	size_t i;

	(void)state;
	assert_true(sizeof(struct all) <= STRUCT_BYTES);
	assert_int_equal(param_check_table(rows, sizeof(struct all), &e), 0);
	assert_int_equal(param_check_table(NULL, 0, &e), 0);
	assert_false(e.set);
	for (i = 0; i < sizeof(malformed) / sizeof(malformed[0]); i++) {
		err_clear(&e);
		assert_int_equal(param_check_table(malformed[i].table,
		    STRUCT_BYTES, &e), -1);
		assert_string_equal(e.text, malformed[i].error);
	}
	err_clear(&e);
	assert_int_equal(param_check_table(wraps, STRUCT_BYTES, &e), -1);
	err_clear(&e);
	assert_int_equal(param_check_table(malformed[0].table + 1, 0, &e), 0);
	assert_int_equal(param_check_table(rows, 0, &e), -1);
	assert_string_equal(e.text, "parameter 'step': its field at byte 0 "
	    "does not fit into the parameter struct of 0 bytes");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_find_count),
		cmocka_unit_test(test_defaults),
		cmocka_unit_test(test_bad_default),
		cmocka_unit_test(test_set_put),
		cmocka_unit_test(test_set_stays_inside),
		cmocka_unit_test(test_set_errors),
		cmocka_unit_test(test_set_quotes_little),
		cmocka_unit_test(test_accepts),
		cmocka_unit_test(test_check_table),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
