/* SPDX-License-Identifier: BSD-2-Clause */
/* Growing strings, suggestions, and text that no terminal misunderstands. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/str.h"

static void
test_grow(void **state)
{
	struct str b = { 0 };
	int i;

	(void)state;
	assert_string_equal(str_text(&b), "");
	str_reset(&b);
	assert_null(b.s);
	str_add(&b, "");
	assert_non_null(b.s);
	assert_string_equal(b.s, "");
	str_addn(&b, "abcdef", 3);
	str_addf(&b, "-%d-%s", 42, "x");
	assert_string_equal(b.s, "abc-42-x");
	assert_int_equal(b.len, 8);
	for (i = 0; i < 1000; i++)
		str_addf(&b, "%03d", i);
	assert_int_equal(b.len, 3008);
	assert_int_equal(strlen(b.s), 3008);
	assert_string_equal(b.s + 3002, "998999");
	str_reset(&b);
	assert_string_equal(str_text(&b), "");
	assert_true(b.cap >= 3009);
	str_addn(&b, "a\0b", 3);
	assert_int_equal(b.len, 3);
	assert_memory_equal(b.s, "a\0b", 4);
	str_free(&b);
	assert_null(b.s);
	assert_int_equal(b.cap, 0);
	assert_string_equal(str_text(&b), "");
	str_free(&b);
}

static const char *
nearest(const char *wanted, const char *const *names)
{
	struct str_nearest n = { .wanted = wanted };

	for (; *names != NULL; names++)
		str_nearest_try(&n, *names);
	return n.best;
}

static void
test_nearest(void **state)
{
	static const char *const names[] = { "zfod", "mmap-anon", "mmap-file",
	    "munmap", "fork", "exec", NULL };
	static const char *const none[] = { NULL };
	static const char *const near[] = { "abcdefghi", "abcdefghX", NULL };

	(void)state;
	assert_string_equal(nearest("zfod", names), "zfod");
	assert_string_equal(nearest("zfdo", names), "zfod");
	assert_string_equal(nearest("zfo", names), "zfod");
	assert_string_equal(nearest("zzfod", names), "zfod");
	assert_string_equal(nearest("zf0d", names), "zfod");
	assert_string_equal(nearest("mmap-flie", names), "mmap-file");
	assert_string_equal(nearest("mmap-amon", names), "mmap-anon");
	assert_null(nearest("zxxd", names));
	assert_null(nearest("", names));
	assert_null(nearest("something-else", names));
	assert_null(nearest("zfod", none));
	/* The nearest wins, not the first that is near enough. */
	assert_string_equal(nearest("abcdefgXX", near), "abcdefghX");
	/* Swapped neighbours may not be edited again: three edits, not two. */
	assert_null(nearest("ca", (const char *const[]){ "abc", NULL }));
}

static void
test_nearest_long(void **state)
{
	char a[200], b[200];

	(void)state;
	memset(a, 'a', sizeof(a));
	a[sizeof(a) - 1] = '\0';
	memcpy(b, a, sizeof(b));
	assert_null(nearest(a, (const char *const[]){ b, NULL }));
	a[63] = b[62] = '\0';
	assert_ptr_equal(nearest(a, (const char *const[]){ b, NULL }), b);
}

static void
test_safe(void **state)
{
	static const struct {
		const char *text, *safe;
	} rows[] = {
		{ "", "" },
		{ "plain text", "plain text" },
		{ "\xc3\xa9t\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80",
		    "\xc3\xa9t\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80" },
		{ "a\nb\tc", "a\\x0ab\\x09c" },
		{ "\x1b[2J", "\\x1b[2J" },
		{ "\x7f", "\\x7f" },
		{ "back\\slash", "back\\x5cslash" },
		{ "\xff\xfe", "\\xff\\xfe" },
		{ "\xc3", "\\xc3" },
		{ "\xc3(", "\\xc3(" },
		{ "\xc2\x9b" "31m", "\\xc2\\x9b31m" },
		{ "\xc2\xa0", "\xc2\xa0" },
	};
	struct str b = { 0 };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		str_reset(&b);
		str_add_safe(&b, rows[i].text);
		assert_string_equal(b.s, rows[i].safe);
	}
	str_free(&b);
}

static void
test_utf8(void **state)
{
	static const struct {
		const char *text;
		size_t len;
		int bad;	/* offset, -1 when there is none */
	} rows[] = {
		{ "", 0, -1 }, { "abc", 3, -1 }, { "a\0b", 3, -1 },
		{ "\xc2\x80", 2, -1 }, { "\xdf\xbf", 2, -1 },
		{ "\xe0\xa0\x80", 3, -1 }, { "\xed\x9f\xbf", 3, -1 },
		{ "\xee\x80\x80", 3, -1 }, { "\xef\xbf\xbf", 3, -1 },
		{ "\xf0\x90\x80\x80", 4, -1 }, { "\xf4\x8f\xbf\xbf", 4, -1 },
		{ "ab\x80", 3, 2 },			/* stray */
		{ "\xc0\x80", 2, 0 }, { "\xc1\xbf", 2, 0 },	/* overlong */
		{ "\xe0\x9f\xbf", 3, 0 }, { "\xf0\x8f\xbf\xbf", 4, 0 },
		{ "\xed\xa0\x80", 3, 0 },		/* surrogate */
		{ "\xf4\x90\x80\x80", 4, 0 }, { "\xf5\x80\x80\x80", 4, 0 },
		{ "a\xc3", 2, 1 }, { "a\xe2\x82", 3, 1 },	/* cut */
		{ "a\xf0\x9f\x98", 4, 1 }, { "\xe2\x82x", 3, 0 },
		{ "\xc3\xa9\xff", 3, 2 },
	};
	size_t i, bad;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		bad = 99;
		assert_int_equal(str_utf8(rows[i].text, rows[i].len, &bad),
		    rows[i].bad < 0);
		assert_int_equal(bad, rows[i].bad < 0 ? 99 : rows[i].bad);
	}
}

static void
test_columns_ends(void **state)
{
	(void)state;
	assert_int_equal(str_columns(""), 0);
	assert_int_equal(str_columns("abc"), 3);
	assert_int_equal(str_columns("\xc2\xb1 5 \xe2\x82\xac"), 5);
	assert_true(str_ends("x.jsonl", ".jsonl"));
	assert_true(str_ends("x", ""));
	assert_true(str_ends("x", "x"));
	assert_false(str_ends("x.json", ".jsonl"));
	assert_false(str_ends("l", ".jsonl"));
}

static void
test_cut(void **state)
{
	(void)state;
	assert_int_equal(str_cut("", 0), 0);
	assert_int_equal(str_cut("abc", 3), 3);
	assert_int_equal(str_cut("abc", 9), 3);
	assert_int_equal(str_cut("abc", 2), 2);
	assert_int_equal(str_cut("a\xe2\x82\xac", 3), 1);
	assert_int_equal(str_cut("a\xe2\x82\xac", 4), 4);
	assert_int_equal(str_cut("\xe2\x82\xac", 1), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_grow),
		cmocka_unit_test(test_nearest),
		cmocka_unit_test(test_nearest_long),
		cmocka_unit_test(test_safe),
		cmocka_unit_test(test_utf8),
		cmocka_unit_test(test_columns_ends),
		cmocka_unit_test(test_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
