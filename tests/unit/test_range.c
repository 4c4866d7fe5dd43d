/* SPDX-License-Identifier: BSD-2-Clause */
/* Worker counts: every form, and every way to get one wrong. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "plan/range.h"

struct good {
	const char *text;
	int ncpu;
	const char *values;
};

static const struct good good[] = {
	{ "1", 8, "1" },
	{ "65536", 8, "65536" },
	{ "ncpu", 6, "6" },
	{ "ncpu*2", 6, "12" },
	{ "ncpu/2", 6, "3" },
	{ "ncpu/4", 2, "1" },
	{ "50%", 8, "4" },
	{ "10%", 2, "1" },
	{ "25%", 6, "2" },
	{ "150%", 4, "6" },
	{ "12.5%", 8, "1" },
	{ "1,2,4..ncpu", 16, "1 2 4 8 16" },
	{ "1,2,4..ncpu", 12, "1 2 4 8 12" },
	{ "1,2,4..ncpu", 2, "1 2" },
	{ "4..50%", 4, "2" },
	{ "1..64:x2", 2, "1 2 4 8 16 32 64" },
	{ "1..100:x10", 2, "1 10 100" },
	{ "1..50:x10", 2, "1 10 50" },
	{ "1..ncpu:+1", 5, "1 2 3 4 5" },
	{ "1..10:+4", 2, "1 5 9 10" },
	{ "1..8", 2, "1 2 4 8" },
	{ "3..3", 2, "3" },
	{ "10%..100%", 10, "1 2 3 4 5 6 7 8 9 10" },
	{ "10%..100%", 100, "10 20 30 40 50 60 70 80 90 100" },
	{ "10%..100%", 2, "1 2" },
	{ "30%..100%", 10, "3 6 9 10" },
	{ "10%..100%:+30%", 10, "1 4 7 10" },
	{ "10%..100%:x2", 10, "1 2 4 8 10" },
	{ "1..50%", 16, "1 2 4 8" },
	{ "50%..ncpu", 8, "4 8" },
	{ "ncpu..ncpu*4", 3, "3 6 12" },
	{ "4, 2 ,1", 2, "4 2 1" },
	{ "4,4,2,1..4", 2, "4 2 1" },
};

static void
test_good(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		struct err e = { 0 };
		struct str b = { 0 };
		int *values = NULL;
		int n = range_expand(good[i].text, good[i].ncpu, &values, &e);

		assert_string_equal(e.text, "");
		assert_true(n > 0);
		for (int k = 0; k < n; k++)
			str_addf(&b, "%s%d", k > 0 ? " " : "", values[k]);
		assert_string_equal(str_text(&b), good[i].values);
		str_free(&b);
		free(values);
	}
}

#define NO_COUNT "is not a worker count (try 4, 1..ncpu, ncpu/2 or 50%)"

static const struct {
	const char *text;
	const char *error;
} bad[] = {
	{ "", "'' " NO_COUNT },
	{ "x", "'x' " NO_COUNT },
	{ "1,x", "'x' " NO_COUNT },
	{ "1,", "'' " NO_COUNT },
	{ ",1", "'' " NO_COUNT },
	{ "1,,2", "'' " NO_COUNT },
	{ "1 2", "'1 2' " NO_COUNT },
	{ "1.5", "'1.5' " NO_COUNT },
	{ "4k", "'4k' " NO_COUNT },
	{ "ncpus", "'ncpus' " NO_COUNT },
	{ "ncpu*", "'ncpu*' " NO_COUNT },
	{ "ncpu*x", "'ncpu*x' " NO_COUNT },
	{ "ncpu-1", "'ncpu-1' " NO_COUNT },
	{ "4:x2", "'4:x2' " NO_COUNT },
	{ "1..", "'' " NO_COUNT },
	{ "..4", "'' " NO_COUNT },
	{ "1...4", "'.4' " NO_COUNT },
	{ "1..4..8", "'4..8' " NO_COUNT },
	{ "99999999999999999999", "'99999999999999999999' " NO_COUNT },
	{ "0", "'0' is less than one worker" },
	{ "-3", "'-3' is less than one worker" },
	{ "0%", "'0%' is less than one worker" },
	{ "0..4", "'0' is less than one worker" },
	{ "65537", "'65537' is more than 65536 workers" },
	{ "1..70000", "'70000' is more than 65536 workers" },
	{ "ncpu*9000", "'ncpu*9000' is more than 65536 workers" },
	{ "ncpu*9223372036854775807",
	    "'ncpu*9223372036854775807' is more than 65536 workers" },
	{ "9000000%", "'9000000%' is more than 65536 workers" },
	{ "1000000%..9999999999999999999%",
	    "'1000000%' is more than 65536 workers" },
	{ "ncpu/0", "'ncpu/0' needs a number from 1" },
	{ "ncpu*-2", "'ncpu*-2' needs a number from 1" },
	{ "8..4", "'8..4' counts down: write the smaller end first" },
	{ "ncpu..4", "'ncpu..4' counts down: write the smaller end first" },
	{ "100%..10%", "'100%..10%' counts down: write the smaller end "
	    "first" },
	{ "1..8:x1", "'x1' is not a factor (try x2)" },
	{ "1..8:x", "'x' is not a factor (try x2)" },
	{ "1..8:x2:+1", "'x2:+1' is not a factor (try x2)" },
	{ "1..8:+0", "'+0' is not a step (try x2 or +1)" },
	{ "1..8:2", "'2' is not a step (try x2 or +1)" },
	{ "1..8:", "'' is not a step (try x2 or +1)" },
	{ "1..8:+10%", "'+10%' is not a step (try x2 or +1)" },
	{ "10%..50%:+1", "'+1' is not a step of a range of shares (try +10% "
	    "or x2)" },
	{ "10%..50%:+0%", "'+0%' is not a step of a range of shares (try +10% "
	    "or x2)" },
	{ "1..5000:+1", "'1..5000:+1' makes more than 4096 values" },
	{ "0.001%..100%", "'0.001%..100%' makes more than 4096 values" },
	{ "1..4096:+1,5000", "'5000' makes more than 4096 values" },
};

static void
test_bad(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct err e = { 0 };
		int *values = NULL;

		assert_int_equal(range_expand(bad[i].text, 8, &values, &e),
		    -1);
		assert_string_equal(e.text, bad[i].error);
		assert_null(values);
	}
}

/* As many values as are allowed, and a count that is cut when quoted. */
static void
test_limits(void **state)
{
	struct err e = { 0 };
	int *values = NULL;
	char text[200];

	(void)state;
	assert_int_equal(range_expand("1..4096:+1", 8, &values, &e), 4096);
	assert_int_equal(values[0], 1);
	assert_int_equal(values[4095], 4096);
	free(values);
	memset(text, 'a', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	assert_int_equal(range_expand(text, 8, &values, &e), -1);
	assert_string_equal(e.text, "'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' " NO_COUNT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_limits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
