/* SPDX-License-Identifier: BSD-2-Clause */
/* Lists of event names: where they are cut, and what is refused. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/event_list.h"

static void
expect(const char *list, const char *wanted)
{
	struct err e = { 0 };
	char *got = event_list_canonical(list, &e);

	assert_string_equal(e.set ? e.text : "", "");
	assert_non_null(got);
	assert_string_equal(got, wanted);
	free(got);
}

static void
refuse(const char *list, const char *why)
{
	struct err e = { 0 };

	assert_null(event_list_canonical(list, &e));
	assert_string_equal(e.text, why);
}

static void
test_lists(void **state)
{
	(void)state;
	expect("default", "default");
	expect(" cycles:k , page-faults ", "cycles:k,page-faults");
	expect("a,b,a", "a,b");
	expect("tlb:tlb_flush[reason==1,2],x", "tlb:tlb_flush[reason==1,2],x");
	expect("cpu/event=0x3c,umask=0/,x", "cpu/event=0x3c,umask=0/,x");
	expect("cpu/event=0x3c,umask=0/:k,cpu/cycles/",
	    "cpu/event=0x3c,umask=0/:k,cpu/cycles/");
	expect("x:y[name ~ \"a],/b\"],z", "x:y[name ~ \"a],/b\"],z");
}

#define EMPTY "a list of events has an empty item (`none` is for no events)"

static void
test_refused(void **state)
{
	(void)state;
	refuse("", EMPTY);
	refuse("a,,b", EMPTY);
	refuse(",a", EMPTY);
	refuse("a, ", EMPTY);
	refuse("a,x:y[b==1,c", "event 'x:y[b==1,c': '[' without ']'");
	refuse("x:y[b==1]k", "event 'x:y[b==1]k': something follows the "
	    "filter");
	refuse("cpu/event=1", "event 'cpu/event=1': the second '/' is "
	    "missing");
	refuse("two words", "event 'two words': there is a ' ' in its name");
	refuse("[x]", "event '[x]' has no name");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lists),
		cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
