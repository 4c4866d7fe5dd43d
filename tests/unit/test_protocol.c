/* SPDX-License-Identifier: BSD-2-Clause */
/* The protocol: what one side writes the other reads, and nothing else. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engine/protocol.h"

/* ---- lines ------------------------------------------------------------ */

static void
test_write(void **state)
{
	static const uint64_t numbers[] = { 12, 0, UINT64_MAX };
	static const int ints[] = { 3, -1 };
	struct str b = { 0 };

	(void)state;
	str_add(&b, "what was there before");
	protocol_begin(&b, "sample");
	protocol_text(&b, "plain", "zfod/1");
	protocol_text(&b, "text", "a b=c%\n\t\x7f\x1b\x01~");
	protocol_text(&b, "utf", "\xc3\xa9");
	protocol_text(&b, "empty", "");
	protocol_u64(&b, "u", UINT64_MAX);
	protocol_i64(&b, "i", INT64_MIN);
	protocol_list(&b, "list", numbers, 3);
	protocol_list(&b, "none", numbers, 0);
	protocol_int_list(&b, "ints", ints, 2);
	protocol_end(&b);
	assert_string_equal(b.s, "sample plain=zfod/1 "
	    "text=a%20b%3Dc%25%0A%09%7F%1B%01~ utf=\xc3\xa9 empty= "
	    "u=18446744073709551615 i=-9223372036854775808 "
	    "list=12,0,18446744073709551615 none= ints=3,-1\n");
	protocol_begin(&b, "go");
	protocol_end(&b);
	assert_string_equal(b.s, "go\n");
	str_free(&b);
}

/* Parse a copy of a line. */
static int
parse(const char *text, struct protocol_line *line, struct err *e)
{
	static char copy[4096];

	assert_true(strlen(text) < sizeof(copy));
	memcpy(copy, text, strlen(text) + 1);
	err_clear(e);
	return protocol_parse(copy, line, e);
}

static void
test_text_round_trip(void **state)
{
	struct protocol_line line;
	struct str b = { 0 };
	struct err e = { 0 };
	char every[256];
	int i;

	(void)state;
	for (i = 1; i < 256; i++)
		every[i - 1] = (char)i;
	every[255] = '\0';
	protocol_begin(&b, "note");
	protocol_text(&b, "text", every);
	assert_int_equal(protocol_parse(b.s, &line, &e), 0);
	assert_string_equal(line.keyword, "note");
	assert_int_equal(line.nfields, 1);
	assert_string_equal(line.field[0].key, "text");
	assert_string_equal(line.field[0].value, every);
	str_free(&b);
}

static void
test_double_round_trip(void **state)
{
	static const double values[] = { 0, 1, 24.1, -0.1, 1.0 / 3, 1e300,
	    5e-324, 123456789.123456789, 0x1.fffffffffffffp1023 };
	struct protocol_line line;
	struct str b = { 0 };
	struct err e = { 0 };
	double back;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		protocol_begin(&b, "gauge");
		protocol_double(&b, "value", values[i]);
		assert_int_equal(protocol_parse(b.s, &line, &e), 0);
		assert_int_equal(protocol_get_double(&line, "value", &back,
		    &e), 0);
		assert_true(back == values[i]);
	}
	protocol_begin(&b, "gauge");
	protocol_double(&b, "a", 24.1);
	protocol_double(&b, "nan", NAN);
	protocol_double(&b, "inf", INFINITY);
	assert_string_equal(b.s, "gauge a=24.1");
	str_free(&b);
}

static void
test_parse_good(void **state)
{
	struct protocol_line line;
	struct err e = { 0 };

	(void)state;
	assert_int_equal(parse("go", &line, &e), 0);
	assert_string_equal(line.keyword, "go");
	assert_int_equal(line.nfields, 0);
	assert_int_equal(parse("go\r", &line, &e), 0);
	assert_string_equal(line.keyword, "go");
	assert_int_equal(parse("fact key=kernel.release value=6%2e18\r",
	    &line, &e), 0);
	assert_string_equal(protocol_get(&line, "value"), "6.18");
	assert_null(protocol_get(&line, "valu"));
	assert_int_equal(parse("x a= b=", &line, &e), 0);
	assert_string_equal(protocol_get(&line, "a"), "");
	assert_string_equal(protocol_get(&line, "b"), "");
}

static void
test_parse_bad(void **state)
{
	static const struct {
		const char *text, *error;
	} rows[] = {
		{ "", "the line does not begin with a keyword" },
		{ "\r", "the line does not begin with a keyword" },
		{ " go", "the line does not begin with a keyword" },
		{ "Go", "'Go' is not a keyword" },
		{ "a=b", "'a=b' is not a keyword" },
		{ "[1.2]", "'[1.2]' is not a keyword" },
		{ "go\rgo",
		    "the line holds the byte 0x0d (write it as %0D)" },
		{ "go\x1b[2J",
		    "the line holds the byte 0x1b (write it as %1B)" },
		{ "go a=\x7f",
		    "the line holds the byte 0x7f (write it as %7F)" },
		{ "go\r\r",
		    "the line holds the byte 0x0d (write it as %0D)" },
		{ "go ", "line 'go': empty field (fields are separated by one "
		    "blank)" },
		{ "go  a=1", "line 'go': empty field (fields are separated by "
		    "one blank)" },
		{ "go a", "line 'go': field 'a' has no '='" },
		{ "go =1", "line 'go': '' is not the name of a field" },
		{ "go A=1", "line 'go': 'A' is not the name of a field" },
		{ "go %41=1", "line 'go': '%41' is not the name of a field" },
		{ "go a=1=2", "line 'go': field 'a' has a second '=' (write "
		    "it as %3D)" },
		{ "go a=1 a=2", "line 'go': field 'a' is there twice" },
		{ "go a=%", "line 'go': field 'a': '%' is not %XX with two "
		    "hexadecimal digits" },
		{ "go a=%4", "line 'go': field 'a': '%4' is not %XX with two "
		    "hexadecimal digits" },
		{ "go a=%4g1", "line 'go': field 'a': '%4g' is not %XX with "
		    "two hexadecimal digits" },
		{ "go a=%-1", "line 'go': field 'a': '%-1' is not %XX with "
		    "two hexadecimal digits" },
		{ "go a=%% b=1", "line 'go': field 'a': '%%' is not %XX with "
		    "two hexadecimal digits" },
		{ "go a=x%00y", "line 'go': field 'a' holds a NUL byte "
		    "(%00)" },
	};
	struct protocol_line line;
	struct err e = { 0 };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(parse(rows[i].text, &line, &e), -1);
		assert_string_equal(e.text, rows[i].error);
	}
}

static void
test_parse_many_fields(void **state)
{
	struct protocol_line line;
	struct str b = { 0 };
	struct err e = { 0 };
	char *copy, key[16];
	int i;

	(void)state;
	protocol_begin(&b, "many");
	for (i = 0; i < PROTOCOL_FIELDS; i++) {
		snprintf(key, sizeof(key), "k%d", i);
		protocol_i64(&b, key, i);
	}
	copy = strdup(b.s);
	assert_int_equal(protocol_parse(copy, &line, &e), 0);
	assert_int_equal(line.nfields, PROTOCOL_FIELDS);
	assert_string_equal(protocol_get(&line, "k31"), "31");
	free(copy);
	protocol_i64(&b, "last", 1);
	assert_int_equal(protocol_parse(b.s, &line, &e), -1);
	assert_string_equal(e.text, "line 'many': more than 32 fields");
	str_free(&b);
}

static void
test_get_bad(void **state)
{
	static const struct {
		const char *text, *error;
	} rows[] = {
		{ "x b=1", "line 'x': field 'a' is missing" },
		{ "x a=", "line 'x': field 'a': '' is not a whole number "
		    "below 2^64" },
		{ "x a=-1", "line 'x': field 'a': '-1' is not a whole number "
		    "below 2^64" },
		{ "x a=+1", "line 'x': field 'a': '+1' is not a whole number "
		    "below 2^64" },
		{ "x a=1.0", "line 'x': field 'a': '1.0' is not a whole "
		    "number below 2^64" },
		{ "x a=1,2", "line 'x': field 'a': '1,2' is not a whole "
		    "number below 2^64" },
		{ "x a=%201", "line 'x': field 'a': ' 1' is not a whole "
		    "number below 2^64" },
		{ "x a=18446744073709551616", "line 'x': field 'a': "
		    "'18446744073709551616' is not a whole number below "
		    "2^64" },
	};
	static const char *const doubles[] = { "x a=", "x a=nan", "x a=inf",
	    "x a=1e999", "x a=0x10", "x a=%201", "x a=1%20", "x a=1.2.3",
	    "x a=e5", "x b=1", NULL };
	struct protocol_line line;
	struct err e = { 0 };
	const char *text;
	double real;
	uint64_t u;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(parse(rows[i].text, &line, &e), 0);
		u = 77;
		assert_int_equal(protocol_get_u64(&line, "a", &u, &e), -1);
		assert_string_equal(e.text, rows[i].error);
		assert_int_equal(u, 77);
	}
	for (i = 0; doubles[i] != NULL; i++) {
		assert_int_equal(parse(doubles[i], &line, &e), 0);
		real = 77;
		assert_int_equal(protocol_get_double(&line, "a", &real, &e),
		    -1);
		assert_true(real == 77);
	}
	assert_int_equal(parse("x a=nan", &line, &e), 0);
	assert_int_equal(protocol_get_double(&line, "a", &real, &e), -1);
	assert_string_equal(e.text,
	    "line 'x': field 'a': 'nan' is not a number");
	err_clear(&e);
	assert_int_equal(protocol_get_text(&line, "b", &text, &e), -1);
	assert_string_equal(e.text, "line 'x': field 'b' is missing");
}

static void
test_get_good(void **state)
{
	struct protocol_line line;
	struct err e = { 0 };
	const char *text;
	uint64_t u;
	double real;

	(void)state;
	assert_int_equal(parse("x a=18446744073709551615 b=-2.5e3 c=", &line,
	    &e), 0);
	assert_int_equal(protocol_get_u64(&line, "a", &u, &e), 0);
	assert_true(u == UINT64_MAX);
	assert_int_equal(protocol_get_double(&line, "b", &real, &e), 0);
	assert_true(real == -2500);
	assert_int_equal(protocol_get_text(&line, "c", &text, &e), 0);
	assert_string_equal(text, "");
}

static void
test_lists(void **state)
{
	static const char *const bad[] = { "x a=,", "x a=1,", "x a=,1",
	    "x a=1,,2", "x a=1,b", "x a=1;2", "x a=--1", "x a=-",
	    "x a=18446744073709551616", "x b=1", NULL };
	struct protocol_line line;
	struct err e = { 0 };
	uint64_t *v;
	size_t i;
	int *n;

	(void)state;
	assert_int_equal(parse("x a=5,0,18446744073709551615 b= "
	    "c=-1,2147483647", &line, &e), 0);
	assert_int_equal(protocol_get_list(&line, "a", &v, &e), 3);
	assert_int_equal(v[0], 5);
	assert_int_equal(v[1], 0);
	assert_true(v[2] == UINT64_MAX);
	free(v);
	assert_int_equal(protocol_get_list(&line, "b", &v, &e), 0);
	assert_null(v);
	assert_int_equal(protocol_get_int_list(&line, "b", &n, &e), 0);
	assert_null(n);
	assert_int_equal(protocol_get_int_list(&line, "c", &n, &e), 2);
	assert_int_equal(n[0], -1);
	assert_int_equal(n[1], 2147483647);
	free(n);
	assert_int_equal(protocol_get_list(&line, "c", &v, &e), -1);
	assert_string_equal(e.text, "line 'x': field 'c': '-1,2147483647' is "
	    "not a list of numbers");
	assert_null(v);
	err_clear(&e);
	assert_int_equal(protocol_get_int_list(&line, "a", &n, &e), -1);
	assert_string_equal(e.text, "line 'x': field 'a': "
	    "'5,0,18446744073709551615' is not a list of numbers");
	for (i = 0; bad[i] != NULL; i++) {
		assert_int_equal(parse(bad[i], &line, &e), 0);
		assert_int_equal(protocol_get_list(&line, "a", &v, &e), -1);
		assert_null(v);
		err_clear(&e);
		assert_int_equal(protocol_get_int_list(&line, "a", &n, &e),
		    -1);
		assert_null(n);
	}
}

/* ---- lines from a descriptor ------------------------------------------ */

struct channel {
	int fd[2];
	struct protocol_reader reader;
};

static void
channel_open(struct channel *c)
{
	assert_int_equal(pipe(c->fd), 0);
	assert_int_equal(fcntl(c->fd[0], F_SETFL, O_NONBLOCK), 0);
	protocol_reader_init(&c->reader, c->fd[0]);
}

static void
channel_send(struct channel *c, const char *text, size_t len)
{
	assert_int_equal(write(c->fd[1], text, len), len);
}

static void
channel_close(struct channel *c)
{
	protocol_reader_free(&c->reader);
	close(c->fd[0]);
	if (c->fd[1] >= 0)
		close(c->fd[1]);
}

static void
test_reader(void **state)
{
	struct channel c;
	struct err e = { 0 };

	(void)state;
	channel_open(&c);
	assert_null(protocol_read_line(&c.reader, &e));
	assert_false(e.set || c.reader.eof);
	channel_send(&c, "fir", 3);
	assert_null(protocol_read_line(&c.reader, &e));
	channel_send(&c, "st\n\nthird\nfou", 13);
	assert_string_equal(protocol_read_line(&c.reader, &e), "first");
	assert_string_equal(protocol_read_line(&c.reader, &e), "");
	assert_string_equal(protocol_read_line(&c.reader, &e), "third");
	assert_null(protocol_read_line(&c.reader, &e));
	assert_false(e.set || c.reader.eof);
	channel_send(&c, "rth\nlast, but cut", 17);
	close(c.fd[1]);
	c.fd[1] = -1;
	assert_string_equal(protocol_read_line(&c.reader, &e), "fourth");
	assert_false(c.reader.eof);
	assert_null(protocol_read_line(&c.reader, &e));
	assert_true(c.reader.eof);
	assert_null(protocol_read_line(&c.reader, &e));
	assert_false(e.set);
	channel_close(&c);
}

static void
test_reader_errors(void **state)
{
	struct channel c;
	struct err e = { 0 };

	(void)state;
	channel_open(&c);
	channel_send(&c, "good\nb\0d\nlater\n", 15);
	assert_string_equal(protocol_read_line(&c.reader, &e), "good");
	assert_null(protocol_read_line(&c.reader, &e));
	assert_string_equal(e.text, "a line holds a NUL byte");
	err_clear(&e);
	assert_null(protocol_read_line(&c.reader, &e));
	assert_string_equal(e.text, "a line holds a NUL byte");
	channel_close(&c);

	err_clear(&e);
	protocol_reader_init(&c.reader, -1);
	assert_null(protocol_read_line(&c.reader, &e));
	assert_string_equal(e.text,
	    "cannot read a line: Bad file descriptor");
	assert_int_equal(e.num, EBADF);
	assert_false(c.reader.eof);
	protocol_reader_free(&c.reader);
}

/* A file, since a pipe holds less than a line may have. */
static FILE *
file_of(size_t bytes, const char *end)
{
	FILE *f = tmpfile();
	size_t i;

	assert_non_null(f);
	for (i = 0; i < bytes; i++)
		putc('x', f);
	fputs(end, f);
	assert_int_equal(fflush(f), 0);
	rewind(f);
	return f;
}

static void
test_reader_line_max(void **state)
{
	struct protocol_reader r;
	struct err e = { 0 };
	char *line;
	FILE *f;

	(void)state;
	f = file_of(PROTOCOL_LINE_MAX, "\ngo\n");
	protocol_reader_init(&r, fileno(f));
	line = protocol_read_line(&r, &e);
	assert_non_null(line);
	assert_int_equal(strlen(line), PROTOCOL_LINE_MAX);
	assert_string_equal(protocol_read_line(&r, &e), "go");
	assert_null(protocol_read_line(&r, &e));
	assert_true(r.eof);
	assert_false(e.set);
	protocol_reader_free(&r);
	fclose(f);

	f = file_of(PROTOCOL_LINE_MAX + 1, "\ngo\n");
	protocol_reader_init(&r, fileno(f));
	assert_null(protocol_read_line(&r, &e));
	assert_string_equal(e.text, "a line is longer than 2097152 bytes");
	protocol_reader_free(&r);
	fclose(f);

	/* Without an end in sight no more is read than must be. */
	err_clear(&e);
	f = file_of(3 * PROTOCOL_LINE_MAX, "");
	protocol_reader_init(&r, fileno(f));
	assert_null(protocol_read_line(&r, &e));
	assert_string_equal(e.text, "a line is longer than 2097152 bytes");
	assert_true(r.buf.len < PROTOCOL_LINE_MAX + 65536);
	err_clear(&e);
	assert_null(protocol_read_line(&r, &e));
	assert_true(e.set);
	assert_true(r.buf.len < PROTOCOL_LINE_MAX + 65536);
	protocol_reader_free(&r);
	fclose(f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_write),
		cmocka_unit_test(test_text_round_trip),
		cmocka_unit_test(test_double_round_trip),
		cmocka_unit_test(test_parse_good),
		cmocka_unit_test(test_parse_bad),
		cmocka_unit_test(test_parse_many_fields),
		cmocka_unit_test(test_get_bad),
		cmocka_unit_test(test_get_good),
		cmocka_unit_test(test_lists),
		cmocka_unit_test(test_reader),
		cmocka_unit_test(test_reader_errors),
		cmocka_unit_test(test_reader_line_max),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
