/* SPDX-License-Identifier: BSD-2-Clause */
/* An address is in a function, or in none. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <string.h>

#include "observe/symbols.h"
#include "os/sampler.h"

static struct symbols s;

static int
end(void **state)
{
	(void)state;
	symbols_free(&s);
	memset(&s, 0, sizeof(s));
	return 0;
}

static void
is(uint64_t address, const char *name, uint64_t begin)
{
	uint64_t at = 0;
	const char *found = symbols_find(&s, address, &at);

	if (name == NULL) {
		assert_null(found);
		return;
	}
	assert_non_null(found);
	assert_string_equal(found, name);
	assert_int_equal(at, begin);
}

static void
test_the_last_one_not_behind_is_found(void **state)
{
	(void)state;
	symbols_add(&s, 0x3000, 0, "third", NULL);
	symbols_add(&s, 0x1000, 0, "first", NULL);
	symbols_add(&s, 0x2000, 0, "second", "zram");
	symbols_ready(&s);
	is(0xfff, NULL, 0);
	is(0x1000, "first", 0x1000);
	is(0x1fff, "first", 0x1000);
	is(0x2000, "second [zram]", 0x2000);
	is(0x3001, "third", 0x3000);
	is(0x3000 + (1 << 20), NULL, 0);	/* far behind: a gap */
	is(UINT64_MAX, NULL, 0);
}

static void
test_a_size_ends_it(void **state)
{
	(void)state;
	symbols_add(&s, 0x1000, 0x10, "short", NULL);
	symbols_add(&s, 0x2000, 0x400000, "long", NULL);
	symbols_ready(&s);
	is(0x100f, "short", 0x1000);
	is(0x1010, NULL, 0);
	is(0x401fff, "long", 0x2000);
	is(0x402000, NULL, 0);
}

/* The first to come has the name, and the longest the size. */
static void
test_several_at_one_place(void **state)
{
	(void)state;
	symbols_add(&s, 0x1000, 0, "name", NULL);
	symbols_add(&s, 0x1000, 0x20, "alias", NULL);
	symbols_add(&s, 0x1000, 0x10, "weak", NULL);
	symbols_ready(&s);
	assert_int_equal(s.count, 1);
	is(0x101f, "name", 0x1000);
	is(0x1020, NULL, 0);
}

static void
test_address_zero_is_none(void **state)
{
	(void)state;
	symbols_add(&s, 0, 0, "hidden", NULL);
	symbols_add(&s, 0, 0, "hidden too", NULL);
	symbols_ready(&s);
	assert_int_equal(s.count, 0);
	is(0, NULL, 0);
	is(0x1000, NULL, 0);
}

/* This program's own table, wherever it was loaded to. */
static void
test_own_functions_are_found(void **state)
{
	uint64_t here = (uint64_t)(uintptr_t)test_own_functions_are_found;

	(void)state;
	if (os_program_symbols(symbols_add, &s) != 0 && errno == ENOTSUP)
		skip();
	symbols_ready(&s);
	is(here, "test_own_functions_are_found", here);
	is(here + 1, "test_own_functions_are_found", here);
}

/* Only whom the system lets see them; what is seen has addresses. */
static void
test_kernel_functions_are_found(void **state)
{
	size_t i;

	(void)state;
	if (os_kernel_symbols(symbols_add, &s) != 0) {
		assert_true(errno == EACCES || errno == ENOTSUP ||
		    errno == ENOENT || errno == EPERM);
		skip();
	}
	symbols_ready(&s);
	assert_true(s.count > 100);
	for (i = 1; i < s.count; i++)
		assert_true(s.entry[i].address > s.entry[i - 1].address);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(
		    test_the_last_one_not_behind_is_found, end),
		cmocka_unit_test_teardown(test_a_size_ends_it, end),
		cmocka_unit_test_teardown(test_several_at_one_place, end),
		cmocka_unit_test_teardown(test_address_zero_is_none, end),
		cmocka_unit_test_teardown(test_own_functions_are_found, end),
		cmocka_unit_test_teardown(test_kernel_functions_are_found,
		    end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
