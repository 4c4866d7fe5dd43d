/* SPDX-License-Identifier: BSD-2-Clause */
/* Text tables: alignment, empty columns, running text, unsafe text. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "present/table.h"

static void
expect(const struct table *t, const char *text)
{
	char *got = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&got, &len);

	assert_non_null(out);
	table_print(t, out);
	assert_int_equal(fclose(out), 0);
	assert_string_equal(got, text);
	free(got);
}

static void
test_alignment(void **state)
{
	struct table *t = table_new();

	(void)state;
	table_column(t, "name", false);
	table_column(t, "n", true);
	table_column(t, "what", false);
	table_cell(t, "a");
	table_cellf(t, "%d", 1234);
	table_cell(t, "x");
	table_cell(t, "longer");
	table_cellf(t, "%d", 5);
	table_cell(t, "");
	assert_int_equal(table_width(t), 6 + 2 + 4 + 2 + 4);
	expect(t,
	    "name       n  what\n"
	    "a       1234  x\n"
	    "longer     5\n");
	table_free(t);
}

static void
test_empty_columns_are_left_out(void **state)
{
	struct table *t = table_new();
	int i;

	(void)state;
	table_column(t, "none", true);
	table_column(t, "a", true);
	table_column(t, "none", false);
	table_column(t, "b", false);
	table_column(t, "none", true);
	for (i = 0; i < 2; i++) {
		table_cell(t, "");
		table_cellf(t, "%d", i);
		table_cell(t, "");
		table_cell(t, "b");
		table_cell(t, "");
	}
	assert_int_equal(table_width(t), 1 + 2 + 1);
	expect(t, "a  b\n0  b\n1  b\n");
	table_free(t);
}

/* No trailing blanks, wherever the last text of a row stands. */
static void
test_holes(void **state)
{
	struct table *t = table_new();

	(void)state;
	table_column(t, "left", false);
	table_column(t, "right", true);
	table_column(t, "x", false);
	table_cell(t, "a");
	table_cell(t, "");
	table_cell(t, "");
	table_cell(t, "");
	table_cell(t, "1");
	table_cell(t, "");
	table_cell(t, "");
	table_cell(t, "");
	table_cell(t, "y");
	table_cell(t, "b");	/* a row that is not filled up */
	expect(t,
	    "left  right  x\n"
	    "a\n"
	    "          1\n"
	    "             y\n"
	    "b\n");
	table_free(t);
}

static void
test_rest(void **state)
{
	struct table *t = table_new();

	(void)state;
	table_column(t, "w", false);
	table_column(t, "median", true);
	table_column(t, "n", true);
	table_cell(t, "a");
	table_rest(t, "unsupported: no swap on this machine");
	table_cell(t, "bb");
	table_cell(t, "5");
	table_cell(t, "1/1");
	assert_int_equal(table_width(t), 2 + 2 + 6 + 2 + 3);
	expect(t,
	    "w   median    n\n"
	    "a   unsupported: no swap on this machine\n"
	    "bb       5  1/1\n");
	table_free(t);
}

/* The title stays when there is nothing but a reason below it. */
static void
test_rest_alone(void **state)
{
	struct table *t = table_new();

	(void)state;
	table_column(t, "w", false);
	table_column(t, "median", true);
	table_column(t, "n", true);
	table_cell(t, "a");
	table_rest(t, "failed");
	expect(t, "w  median\na  failed\n");
	table_free(t);
}

static void
test_unsafe_text(void **state)
{
	struct table *t = table_new();

	(void)state;
	table_column(t, "text", false);
	table_column(t, "n", true);
	table_cell(t, "\x1b[31mred\n");
	table_cell(t, "1");
	table_cell(t, "gr\xc3\xb6\xc3\x9f" "er");
	table_cell(t, "\xff");
	table_cell(t, "x");
	table_rest(t, "\a");
	expect(t,
	    "text                n\n"
	    "\\x1b[31mred\\x0a     1\n"
	    "gr\xc3\xb6\xc3\x9f" "er           \\xff\n"
	    "x                \\x07\n");
	table_free(t);
}

static void
test_no_rows(void **state)
{
	struct table *t = table_new();

	(void)state;
	table_column(t, "a", false);
	assert_int_equal(table_width(t), 0);
	expect(t, "\n");
	table_free(t);
	table_free(NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_alignment),
		cmocka_unit_test(test_empty_columns_are_left_out),
		cmocka_unit_test(test_holes),
		cmocka_unit_test(test_rest),
		cmocka_unit_test(test_rest_alone),
		cmocka_unit_test(test_unsafe_text),
		cmocka_unit_test(test_no_rows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
