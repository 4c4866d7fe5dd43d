/* SPDX-License-Identifier: BSD-2-Clause */
/* Command lines: words of texts, and what one would type into a shell. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/str.h"
#include "boot/arguments.h"
#include "boot/command.h"

static void
text_is(const struct arguments *a, const char *want)
{
	struct str text = { 0 };

	arguments_text(a, &text);
	assert_string_equal(str_text(&text), want);
	str_free(&text);
}

static void
nothing_is_no_command(void **state)
{
	struct arguments a = { 0 };

	(void)state;
	text_is(&a, "");
	arguments_words(&a, "");
	arguments_words(&a, " \t ");
	assert_int_equal(a.count, 0);
	arguments_free(&a);
	arguments_free(&a);
}

static void
the_list_ends_with_null(void **state)
{
	struct arguments a = { 0 };
	size_t i;

	(void)state;
	for (i = 1; i <= 100; i++) {
		arguments_addf(&a, "n=%zu", i);
		assert_int_equal(a.count, i);
		assert_null(a.list[i]);
	}
	assert_string_equal(a.list[0], "n=1");
	assert_string_equal(a.list[99], "n=100");
	arguments_free(&a);
	assert_null(a.list);
	assert_int_equal(a.count, 0);
}

static void
blanks_part_words(void **state)
{
	struct arguments a = { 0 };

	(void)state;
	arguments_words(&a, "  one two\tthree  'four  five' ");
	text_is(&a, "one two three ''\\''four' 'five'\\'''");
	assert_int_equal(a.count, 5);
	assert_string_equal(a.list[0], "one");
	assert_string_equal(a.list[2], "three");
	assert_string_equal(a.list[4], "five'");
	arguments_free(&a);
}

static void
one_that_is_added_is_not_parted(void **state)
{
	struct arguments a = { 0 };

	(void)state;
	arguments_add(&a, "one two");
	arguments_add(&a, "");
	arguments_add(&a, "-append");
	assert_int_equal(a.count, 3);
	text_is(&a, "'one two' '' -append");
	arguments_free(&a);
}

static void
what_a_shell_leaves_alone_is_not_quoted(void **state)
{
	struct arguments a = { 0 };

	(void)state;
	arguments_add(&a, "/a/b-c_d.e:f,g=h+i@j%k");
	arguments_add(&a, "~");
	arguments_add(&a, "*");
	arguments_add(&a, "$HOME");
	arguments_add(&a, "a\nb");
	arguments_add(&a, "\xc3\xa4");
	text_is(&a, "/a/b-c_d.e:f,g=h+i@j%k '~' '*' '$HOME' 'a\nb' "
	    "'\xc3\xa4'");
	arguments_free(&a);
}

/* What a shell makes of the text is the list again. */
static void
a_shell_reads_it_back(void **state)
{
	static const char *const words[] = {
		"printf", "[%s]", "it's", "''", "a  b", "$(false)", "`x`",
		"\\", "\"q\"", "-n", "", "#no", "a\nb", "!x", "{a,b}",
	};
	struct arguments a = { 0 };
	struct str text = { 0 }, out = { 0 }, want = { 0 };
	struct err e = { 0 };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		arguments_add(&a, words[i]);
		if (i >= 2)
			str_addf(&want, "[%s]", words[i]);
	}
	arguments_text(&a, &text);
	{
		char *argv[] = { "sh", "-c", text.s, NULL };

		assert_int_equal(command_run(argv, NULL, 0, &out, &e), 0);
	}
	assert_string_equal(str_text(&out), str_text(&want));
	arguments_free(&a);
	str_free(&text);
	str_free(&out);
	str_free(&want);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_is_no_command),
		cmocka_unit_test(the_list_ends_with_null),
		cmocka_unit_test(blanks_part_words),
		cmocka_unit_test(one_that_is_added_is_not_parted),
		cmocka_unit_test(what_a_shell_leaves_alone_is_not_quoted),
		cmocka_unit_test(a_shell_reads_it_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
