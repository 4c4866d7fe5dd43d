/* SPDX-License-Identifier: BSD-2-Clause */
/* Messages of a guest: whole, damaged, lost, of others, and too long. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "boot/wire.h"

/* What has come, as "KIND TEXT|KIND TEXT|". */
static void
collect(void *arg, enum wire_kind kind, const char *text)
{
	str_addf(arg, "%d %s|", (int)kind, text);
}

static void
take_text(struct wire *w, const char *text, struct str *got)
{
	wire_take(w, text, strlen(text), collect, got);
}

/* Three messages: hello, a line and the end, numbered from `from`. */
static char *
three(uint64_t from)
{
	struct str out = { 0 };

	wire_write(&out, from, WIRE_HELLO, WIRE_VERSION);
	wire_write(&out, from + 1, WIRE_LINE, "{\"type\":\"run\"}");
	wire_write(&out, from + 2, WIRE_END, "ok ");
	return out.s;
}

#define THREE "0 vmstress-guest/1|3 {\"type\":\"run\"}|4 ok |"

static void
check(struct wire *w, struct str *got, const char *want, uint64_t lost,
    uint64_t foreign)
{
	assert_string_equal(str_text(got), want);
	assert_int_equal(w->lost, lost);
	assert_int_equal(w->foreign, foreign);
	wire_free(w);
	str_free(got);
}

/* The form is a contract between two versions: byte by byte. */
static void
the_form_of_a_message(void **state)
{
	struct str out = { 0 };

	(void)state;
	wire_write(&out, 7, WIRE_CONFIG, "CONFIG_SMP=y");
	wire_write(&out, 8, WIRE_LINE, "");
	assert_string_equal(out.s, "@ 7a1c277f 7 config CONFIG_SMP=y\n"
	    "@ b110b825 8 line \n");
	str_free(&out);
}

static void
what_is_written_is_read(void **state)
{
	struct wire w = { 0 };
	struct str got = { 0 };
	char *text = three(0);

	(void)state;
	take_text(&w, text, &got);
	check(&w, &got, THREE, 0, 0);
	free(text);
}

static void
bytes_come_as_they_like(void **state)
{
	struct wire w = { 0 };
	struct str got = { 0 };
	char *text = three(0);
	size_t i;

	(void)state;
	for (i = 0; text[i] != '\0'; i++)
		wire_take(&w, text + i, 1, collect, &got);
	check(&w, &got, THREE, 0, 0);
	free(text);
}

static void
line_ends_become_blanks(void **state)
{
	struct wire w = { 0 };
	struct str got = { 0 }, out = { 0 };

	(void)state;
	wire_write(&out, 0, WIRE_END, "failed a\nb\r\n");
	take_text(&w, out.s, &got);
	check(&w, &got, "4 failed a b  |", 0, 0);
	str_free(&out);
}

static void
a_driver_adds_carriage_returns(void **state)
{
	struct wire w = { 0 };
	struct str got = { 0 }, out = { 0 };

	(void)state;
	wire_write(&out, 0, WIRE_HELLO, "v");
	out.s[out.len - 1] = '\r';
	str_add(&out, "\n\r\n\n");
	take_text(&w, out.s, &got);
	check(&w, &got, "0 v|", 0, 0);
	str_free(&out);
}

static void
lines_of_others_are_passed_over(void **state)
{
	struct wire w = { 0 };
	struct str got = { 0 }, out = { 0 };

	(void)state;
	str_add(&out, "SeaBIOS (version 1.16)\n\n@\n");
	wire_write(&out, 0, WIRE_HELLO, "v");
	str_add(&out, "[    1.2] random: crng init done\n");
	wire_write(&out, 1, WIRE_END, "ok ");
	take_text(&w, out.s, &got);
	check(&w, &got, "0 v|4 ok |", 0, 3);
	str_free(&out);
}

static void
a_missing_message_is_seen_by_the_next(void **state)
{
	struct wire w = { 0 };
	struct str got = { 0 }, out = { 0 };

	(void)state;
	wire_write(&out, 2, WIRE_HELLO, "v");
	wire_write(&out, 3, WIRE_LINE, "a");
	wire_write(&out, 7, WIRE_LINE, "b");
	take_text(&w, out.s, &got);
	check(&w, &got, "0 v|3 a|3 b|", 5, 0);
	str_free(&out);
}

/* Every single byte of a message, changed, and the one behind it missing. */
static void
a_damaged_message_is_one_that_is_lost(void **state)
{
	char *text = three(0), *second = strchr(text, '\n') + 1;
	char *end = strchr(second, '\n'), *p;
	bool foreign;

	(void)state;
	for (p = second; p < end; p++) {
		struct wire w = { 0 };
		struct str got = { 0 };

		*p ^= 1;
		foreign = p < second + 2;
		take_text(&w, text, &got);
		check(&w, &got, "0 vmstress-guest/1|4 ok |", 1, foreign);
		*p ^= 1;
	}
	free(text);
}

/* The last message may be damaged: no gap tells of it. */
static void
a_damaged_end_is_lost_at_once(void **state)
{
	struct wire w = { 0 };
	struct str got = { 0 };
	char *text = three(0);

	(void)state;
	text[strlen(text) - 2] = '?';
	take_text(&w, text, &got);
	check(&w, &got, "0 vmstress-guest/1|3 {\"type\":\"run\"}|", 1, 0);
	free(text);
}

static void
damaged_and_missing_are_counted_once_each(void **state)
{
	struct wire w = { 0 };
	struct str got = { 0 }, out = { 0 };

	(void)state;
	wire_write(&out, 0, WIRE_HELLO, "v");
	str_add(&out, "@ 00000000 1 line damaged\n");
	wire_write(&out, 4, WIRE_LINE, "a");
	wire_write(&out, 6, WIRE_LINE, "b");
	take_text(&w, out.s, &got);
	check(&w, &got, "0 v|3 a|3 b|", 4, 0);
	str_free(&out);
}

/* What only looks like a message takes no number. */
static void
more_damaged_than_missing(void **state)
{
	struct wire w = { 0 };
	struct str got = { 0 }, out = { 0 };

	(void)state;
	wire_write(&out, 0, WIRE_HELLO, "v");
	str_add(&out, "@ home\n@ work\n");
	wire_write(&out, 2, WIRE_LINE, "a");
	wire_write(&out, 4, WIRE_LINE, "b");
	take_text(&w, out.s, &got);
	check(&w, &got, "0 v|3 a|3 b|", 3, 0);
	str_free(&out);
}

/* Messages with a right check that no guest writes; text is after CHECK. */
static void
what_no_guest_writes_is_damaged(void **state)
{
	static const char *const bodies[] = {
		"@ daeac209 1 shout x\n",
		"@ ae599b7c 01 line x\n",
		"@ e7030dad  line x\n",
		"@ be70ab46 1 line\n",
		"@ \n", "@ 1\n", "@ zzzzzzzz 1 line x\n",
		"@ b2be9f01 99999999999999999999 line x\n",
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++) {
		struct wire w = { 0 };
		struct str got = { 0 };

		take_text(&w, bodies[i], &got);
		check(&w, &got, "", 1, 0);
	}
}

static void
a_message_with_a_zero_byte_is_damaged(void **state)
{
	static const char line[] = "@ f8f6286d 0 line a\0c\n";
	struct wire w = { 0 };
	struct str got = { 0 };

	(void)state;
	wire_take(&w, line, sizeof(line) - 1, collect, &got);
	check(&w, &got, "", 1, 0);
}

static void
an_old_number_is_damaged_and_a_first_one_begins_anew(void **state)
{
	struct wire w = { 0 };
	struct str got = { 0 };
	char *text = three(0), *copy = mem_strdup(text);

	(void)state;
	take_text(&w, text, &got);
	take_text(&w, strchr(text, '\n') + 1, &got);
	assert_int_equal(w.lost, 2);
	take_text(&w, copy, &got);
	check(&w, &got, THREE THREE, 2, 0);
	free(copy);
	free(text);
}

static void
what_is_too_long_is_thrown_away(void **state)
{
	static const char *const marks[] = { "@ ", "" };
	char *chunk = mem_zalloc(1 << 20);
	int i, k;

	(void)state;
	memset(chunk, 'x', 1 << 20);
	for (k = 0; k < 2; k++) {
		struct wire w = { 0 };
		struct str got = { 0 }, out = { 0 };

		take_text(&w, marks[k], &got);
		for (i = 0; i < 65; i++)
			wire_take(&w, chunk, 1 << 20, collect, &got);
		assert_true(w.line.len <= WIRE_MAX);
		take_text(&w, "\n", &got);
		wire_write(&out, 1, WIRE_LINE, "a");
		take_text(&w, out.s, &got);
		/* Message 0 was that line, or never came. */
		check(&w, &got, "3 a|", 1, k);
		str_free(&out);
	}
	free(chunk);
}

static void
a_long_line_of_a_record_is_whole(void **state)
{
	struct wire w = { 0 };
	struct str got = { 0 }, out = { 0 };
	char *text = mem_zalloc((5 << 20) + 1);

	(void)state;
	memset(text, 'y', 5 << 20);
	wire_write(&out, 0, WIRE_LINE, text);
	wire_take(&w, out.s, out.len, collect, &got);
	assert_int_equal(got.len, (5 << 20) + 3);
	assert_int_equal(w.lost, 0);
	wire_free(&w);
	str_free(&got);
	str_free(&out);
	free(text);
}

static void
begin_is_read_as_it_was_written(void **state)
{
	const struct wire_begin b = { 3, 0, 1, 12, 90000000000u,
	    UINT64_MAX, "zfod size=4M process x2, launch 1/3" };
	struct wire_begin again;
	struct str out = { 0 };

	(void)state;
	wire_begin_write(&out, &b);
	assert_string_equal(out.s, "3 0 1 12 90000000000 "
	    "18446744073709551615 zfod size=4M process x2, launch 1/3");
	assert_int_equal(wire_begin_read(out.s, &again), 0);
	assert_int_equal(again.cell, 3);
	assert_int_equal(again.launch, 0);
	assert_int_equal(again.k, 1);
	assert_int_equal(again.n, 12);
	assert_int_equal(again.timeout_ns, 90000000000u);
	assert_true(again.left_ns == UINT64_MAX);
	assert_string_equal(again.text, b.text);
	str_free(&out);
	assert_int_equal(wire_begin_read("0 0 1 1 0 0 ", &again), 0);
	assert_string_equal(again.text, "");
}

static void
what_is_no_begin(void **state)
{
	static const char *const texts[] = {
		"", "1", "0 0 1 1 0 0", "0 0 1 1 0 x", "0 0 1 1 0  x",
		"-1 0 1 1 0 0 x", "0 0 0 1 0 0 x", "0 0 2 1 0 0 x",
		"2147483648 0 1 1 0 0 x", "0 2147483648 1 1 0 0 x",
		"0 0 1 18446744073709551616 0 0 x", "00 0 1 1 0 0 x",
		"0 0 1 1 0x1 0 x", "+0 0 1 1 0 0 x",
	};
	struct wire_begin b;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		assert_int_equal(wire_begin_read(texts[i], &b), -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_form_of_a_message),
		cmocka_unit_test(what_is_written_is_read),
		cmocka_unit_test(bytes_come_as_they_like),
		cmocka_unit_test(line_ends_become_blanks),
		cmocka_unit_test(a_driver_adds_carriage_returns),
		cmocka_unit_test(lines_of_others_are_passed_over),
		cmocka_unit_test(a_missing_message_is_seen_by_the_next),
		cmocka_unit_test(a_damaged_message_is_one_that_is_lost),
		cmocka_unit_test(a_damaged_end_is_lost_at_once),
		cmocka_unit_test(damaged_and_missing_are_counted_once_each),
		cmocka_unit_test(more_damaged_than_missing),
		cmocka_unit_test(what_no_guest_writes_is_damaged),
		cmocka_unit_test(a_message_with_a_zero_byte_is_damaged),
		cmocka_unit_test(an_old_number_is_damaged_and_a_first_one_begins_anew),
		cmocka_unit_test(what_is_too_long_is_thrown_away),
		cmocka_unit_test(a_long_line_of_a_record_is_whole),
		cmocka_unit_test(begin_is_read_as_it_was_written),
		cmocka_unit_test(what_is_no_begin),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
