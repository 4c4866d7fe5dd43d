/* SPDX-License-Identifier: BSD-2-Clause */
/* Records of /dev/kmsg: taken apart, and followed in files and pipes. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>

#include "os/kernel_log.h"
#include "scratch_file.h"

static void
test_records_are_taken_apart(void **state)
{
	char plain[] = "4,339,5140900,-;NET: Registered protocol family 10";
	char caller[] = "30,340,5690716,-,caller=T1;udevd[80]: starting";
	char escaped[] = "3,1,2,-;a\\x0ab\\x5cc\\xc3\\xa4\\x00d\\xzz;e";
	struct kernel_log_record r;

	(void)state;
	assert_true(kernel_log_parse(plain, &r));
	assert_int_equal(r.facility, 0);
	assert_int_equal(r.level, 4);
	assert_int_equal(r.seq, 339);
	assert_int_equal(r.time_us, 5140900);
	assert_string_equal(r.text, "NET: Registered protocol family 10");
	assert_true(kernel_log_parse(caller, &r));
	assert_int_equal(r.facility, 3);
	assert_int_equal(r.level, 6);
	assert_string_equal(r.text, "udevd[80]: starting");
	assert_true(kernel_log_parse(escaped, &r));
	assert_string_equal(r.text, "a\nb\\c\xc3\xa4 d\\xzz;e");
}

static void
test_other_lines_are_no_records(void **state)
{
	static const char *const bad[] = {
		"", ";", "text", "4;text", "4,1;text", "4,1,2;text", "4,1,-;x",
		"x,1,2,-;text", "-4,1,2,-;text", "4,1,2,-", "9999,1,2,-;x",
		"4,99999999999999999999999,2,-;x", "4,1,;2,-"
	};
	struct kernel_log_record r;
	char copy[64];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		snprintf(copy, sizeof(copy), "%s", bad[i]);
		if (kernel_log_parse(copy, &r))
			fail_msg("taken for a record: %s", bad[i]);
	}
}

static void
append(const char *text)
{
	FILE *f = fopen(scratch_path, "a");

	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
}

static void
expect_next(struct kernel_log *l, const char *text)
{
	struct kernel_log_record r;
	struct err e = { 0 };
	int rc = kernel_log_read(l, &r, &e);

	assert_int_equal(rc, text != NULL ? 1 : 0);
	if (text != NULL)
		assert_string_equal(r.text, text);
}

/* What was there before is not told; lines may come in pieces. */
static void
test_a_file_is_followed(void **state)
{
	struct kernel_log l;
	struct err e = { 0 };

	(void)state;
	scratch_put("4,1,1,-;before\n", 15);
	assert_int_equal(kernel_log_open(&l, scratch_path, &e), 0);
	assert_int_equal(kernel_log_fd(&l), -1);
	expect_next(&l, NULL);
	append("4,2,1,-;one\n SUBSYSTEM=block\n DEVICE=b1:2\n4,3,1,-;two\nno "
	    "record\n4,4,1,-;thr");
	expect_next(&l, "one");
	expect_next(&l, "two");
	expect_next(&l, NULL);
	append("ee\n");
	expect_next(&l, "three");
	assert_int_equal(l.lost, 0);
	append("4,10,1,-;ten\n");
	expect_next(&l, "ten");
	assert_int_equal(l.lost, 5);
	kernel_log_close(&l);
	assert_int_equal(kernel_log_fd(&l), -1);
	expect_next(&l, NULL);
}

/* Too long is left out, and what follows is whole again. */
static void
test_long_lines_are_left_out(void **state)
{
	struct kernel_log l;
	struct err e = { 0 };
	int i;

	(void)state;
	scratch_put("", 0);
	assert_int_equal(kernel_log_open(&l, scratch_path, &e), 0);
	append("4,1,1,-;one\n4,2,1,-;");
	for (i = 0; i < 5 * KERNEL_LOG_RECORD_MAX / 16; i++)
		append("0123456789abcdef");
	append("4,3,1,-;inside\n4,4,1,-;after\n");
	expect_next(&l, "one");
	expect_next(&l, "after");
	expect_next(&l, NULL);
	kernel_log_close(&l);
}

static void
test_a_pipe_is_polled(void **state)
{
	struct kernel_log l;
	struct err e = { 0 };

	(void)state;
	assert_int_equal(mkfifo(scratch_path, 0600), 0);
	assert_int_equal(kernel_log_open(&l, scratch_path, &e), 0);
	assert_true(kernel_log_fd(&l) >= 0);
	expect_next(&l, NULL);
	append("4,1,1,-;one\n");
	expect_next(&l, "one");
	expect_next(&l, NULL);
	kernel_log_close(&l);
}

static void
test_no_log_has_a_reason(void **state)
{
	struct kernel_log l;
	struct err e = { 0 };

	(void)state;
	assert_int_equal(kernel_log_open(&l, scratch_path, &e), -1);
	assert_true(e.set);
	assert_int_equal(e.num, ENOENT);
	expect_next(&l, NULL);
	kernel_log_close(&l);
	scratch_put("", 0);
}

/* Whatever this system says: it is followed, or there is a reason. */
static void
test_the_log_of_this_system(void **state)
{
	struct kernel_log_record r;
	struct kernel_log l;
	struct err e = { 0 };
	int i;

	(void)state;
	if (kernel_log_open(&l, NULL, &e) != 0) {
		assert_true(e.text[0] != '\0');
		return;
	}
	assert_true(kernel_log_fd(&l) >= 0);
	for (i = 0; i < 1000 && kernel_log_read(&l, &r, &e) == 1; i++)
		assert_true(r.level >= 0 && r.level <= 7);
	assert_false(e.set);
	kernel_log_close(&l);
}

static int
begin(void **state)
{
	(void)state;
	scratch_begin();
	return 0;
}

static int
end(void **state)
{
	(void)state;
	scratch_end();
	return 0;
}

int
main(void)
{
#define SCRATCH(f) cmocka_unit_test_setup_teardown(f, begin, end)
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_records_are_taken_apart),
		cmocka_unit_test(test_other_lines_are_no_records),
		SCRATCH(test_a_file_is_followed),
		SCRATCH(test_long_lines_are_left_out),
		SCRATCH(test_a_pipe_is_polled),
		SCRATCH(test_no_log_has_a_reason),
		cmocka_unit_test(test_the_log_of_this_system),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
