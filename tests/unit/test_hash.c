/* SPDX-License-Identifier: BSD-2-Clause */
/* FNV-1a against the values that its authors publish. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/hash.h"
#include "scratch_file.h"

/* Landon Curt Noll's test vectors of 64 bits. */
static void
test_published(void **state)
{
	(void)state;
	assert_true(hash_text("") == UINT64_C(0xcbf29ce484222325));
	assert_true(hash_text("a") == UINT64_C(0xaf63dc4c8601ec8c));
	assert_true(hash_text("foobar") == UINT64_C(0x85944171f73967e8));
	assert_true(hash_bytes(hash_text("foo"), "bar", 3) ==
	    hash_text("foobar"));
}

static void
test_file(void **state)
{
	uint64_t hash = 0;

	(void)state;
	scratch_begin();
	scratch_put("foobar", 6);
	assert_int_equal(hash_file(scratch_path, &hash), 0);
	assert_true(hash == UINT64_C(0x85944171f73967e8));
	assert_int_equal(hash_file("/nowhere/at/all", &hash), -1);
	assert_int_equal(hash_file("/", &hash), -1);
	scratch_end();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_published),
		cmocka_unit_test(test_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
