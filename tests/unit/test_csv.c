/* SPDX-License-Identifier: BSD-2-Clause */
/* Fields of comma-separated values: quoting, unsafe text, numbers. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdlib.h>

#include "present/csv.h"

static void
expect_text(const char *text, const char *field)
{
	char *got = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&got, &len);

	assert_non_null(out);
	csv_text(text, out);
	assert_int_equal(fclose(out), 0);
	assert_string_equal(got, field);
	free(got);
}

static void
expect_real(double value, const char *field)
{
	char *got = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&got, &len);

	assert_non_null(out);
	csv_real(value, out);
	assert_int_equal(fclose(out), 0);
	assert_string_equal(got, field);
	free(got);
}

static void
test_text(void **state)
{
	(void)state;
	expect_text(NULL, "");
	expect_text("", "");
	expect_text("zfod/1", "zfod/1");
	expect_text(" size=4M  thp=off ", " size=4M  thp=off ");
	expect_text("steal,load", "\"steal,load\"");
	expect_text("a \"b\"", "\"a \"\"b\"\"\"");
	expect_text("\"", "\"\"\"\"");
}

/* A row is one line, whatever is in it. */
static void
test_unsafe(void **state)
{
	(void)state;
	expect_text("a\nb", "a\\x0ab");
	expect_text("a\r\n,", "\"a\\x0d\\x0a,\"");
	expect_text("\033[1m", "\\x1b[1m");
	expect_text("\xc3\xa9", "\xc3\xa9");
	expect_text("\xff", "\\xff");
}

static void
test_real(void **state)
{
	(void)state;
	expect_real(0, "0");
	expect_real(4000, "4000");
	expect_real(-0.1, "-0.1");
	expect_real(11.0 / 3, "3.6666666666666665");
	expect_real(NAN, "");
	expect_real(INFINITY, "");
	expect_real(-INFINITY, "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_unsafe),
		cmocka_unit_test(test_real),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
