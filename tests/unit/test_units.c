/* SPDX-License-Identifier: BSD-2-Clause */
/* Numbers with units: what is read, what is refused, what is written. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "base/units.h"

struct good {
	const char *text;
	uint64_t value;
};

typedef int (*parser)(const char *, uint64_t *);
typedef char *(*formatter)(char *, size_t, uint64_t);

static void
assert_good(parser parse, const struct good *row)
{
	uint64_t value;

	for (; row->text != NULL; row++) {
		value = 77;
		if (parse(row->text, &value) != 0)
			fail_msg("'%s' was refused", row->text);
		if (value != row->value)
			fail_msg("'%s' is %" PRIu64, row->text, value);
	}
}

static void
assert_bad(parser parse, const char *const *text)
{
	uint64_t value;

	for (; *text != NULL; text++) {
		value = 77;
		if (parse(*text, &value) != -1)
			fail_msg("'%s' was taken", *text);
		assert_int_equal(value, 77);
	}
}

/* What no unit makes a number. */
static const char *const never[] = { "", "-1", "+1", " 1", "1 ", "K", ".5K",
    "5.K", "1..5K", "0x10", "1e3", "1,5K", "1KK", "1Kx", "1.5", "0.5",
    "18446744073709551616", "99999999999999999999", "nan", "inf", NULL };

static void
test_size(void **state)
{
	static const struct good good[] = {
		{ "0", 0 }, { "4096", 4096 }, { "007", 7 }, { "4K", 4096 },
		{ "128M", 134217728 }, { "1.5G", 1610612736 },
		{ "2T", UINT64_C(2199023255552) }, { "0.1K", 102 },
		{ "1.0K", 1024 }, { "0.0K", 0 }, { "0K", 0 },
		{ "0.99999999999999999999999999999999999999K", 1023 },
		{ "18446744073709551615", UINT64_MAX },
		{ "16777215T", UINT64_C(16777215) << 40 },
		{ "16777215.9999999999999999999999999T", UINT64_MAX },
		{ NULL, 0 }
	};
	static const char *const bad[] = { "1k", "1m", "1KB", "1KiB", "1B",
	    "16777216T", "1.5B", "1E", NULL };

	(void)state;
	assert_good(units_size, good);
	assert_bad(units_size, never);
	assert_bad(units_size, bad);
}

static void
test_count(void **state)
{
	static const struct good good[] = {
		{ "0", 0 }, { "12", 12 }, { "900k", 900000 },
		{ "1M", 1000000 }, { "1.25M", 1250000 },
		{ "2G", UINT64_C(2000000000) }, { "0.0015k", 1 },
		{ "18446744073G", UINT64_C(18446744073000000000) },
		{ NULL, 0 }
	};
	static const char *const bad[] = { "1K", "1m", "1T", "18446744074G",
	    NULL };

	(void)state;
	assert_good(units_count, good);
	assert_bad(units_count, never);
	assert_bad(units_count, bad);
}

static void
test_time(void **state)
{
	static const struct good good[] = {
		{ "0s", 0 }, { "1ns", 1 }, { "10us", 10000 },
		{ "500ms", 500000000 }, { "1.5s", 1500000000 },
		{ "2m", UINT64_C(120000000000) },
		{ "8h", UINT64_C(28800000000000) },
		{ "0.5h", UINT64_C(1800000000000) }, { "1.5us", 1500 },
		{ NULL, 0 }
	};
	static const char *const bad[] = { "0", "5", "500", "1.5ns", "1S",
	    "1 s", "1min", "1d", "5124096h", NULL };

	(void)state;
	assert_good(units_time, good);
	assert_bad(units_time, never);
	assert_bad(units_time, bad);
}

static void
test_percent(void **state)
{
	static const char *const bad[] = { "", "%", "50", "-5%", "+5%", "5 %",
	    "5%%", ".5%", "5.%", "nan%", "inf%", "1e2%", "0x5%",
	    "1000000000000000%", "99999999999999999999%", NULL };
	const char *const *text;
	double value;

	(void)state;
	assert_int_equal(units_percent("50%", &value), 0);
	assert_true(value == 0.5);
	assert_int_equal(units_percent("12.5%", &value), 0);
	assert_true(value == 0.125);
	assert_int_equal(units_percent("0%", &value), 0);
	assert_true(value == 0);
	assert_int_equal(units_percent("200%", &value), 0);
	assert_true(value == 2);
	for (text = bad; *text != NULL; text++) {
		value = 77;
		if (units_percent(*text, &value) != -1)
			fail_msg("'%s' was taken", *text);
		assert_true(value == 77);
	}
}

static void
test_int(void **state)
{
	static const char *const bad[] = { "", "-", "+1", " 1", "1 ", "--1",
	    "1.0", "1k", "0x1", "9223372036854775808",
	    "-9223372036854775809", NULL };
	const char *const *text;
	int64_t value;

	(void)state;
	assert_int_equal(units_int("-12", &value), 0);
	assert_int_equal(value, -12);
	assert_int_equal(units_int("0", &value), 0);
	assert_int_equal(value, 0);
	assert_int_equal(units_int("9223372036854775807", &value), 0);
	assert_true(value == INT64_MAX);
	assert_int_equal(units_int("-9223372036854775808", &value), 0);
	assert_true(value == INT64_MIN);
	for (text = bad; *text != NULL; text++) {
		value = 77;
		if (units_int(*text, &value) != -1)
			fail_msg("'%s' was taken", *text);
		assert_int_equal(value, 77);
	}
}

static void
assert_exact(formatter put, const struct good *row)
{
	char buf[UNITS_MAX];

	for (; row->text != NULL; row++)
		assert_string_equal(put(buf, sizeof(buf), row->value),
		    row->text);
}

static void
test_put(void **state)
{
	static const struct good sizes[] = {
		{ "0", 0 }, { "1", 1 }, { "1000", 1000 }, { "4K", 4096 },
		{ "4097", 4097 }, { "128M", 134217728 },
		{ "1536M", 1610612736 }, { "1T", UINT64_C(1) << 40 },
		{ "18446744073709551615", UINT64_MAX }, { NULL, 0 }
	};
	static const struct good counts[] = {
		{ "0", 0 }, { "999", 999 }, { "1k", 1000 }, { "1001", 1001 },
		{ "900k", 900000 }, { "1M", 1000000 },
		{ "3G", UINT64_C(3000000000) }, { NULL, 0 }
	};
	static const struct good times[] = {
		{ "0s", 0 }, { "1ns", 1 }, { "1us", 1000 },
		{ "500ms", 500000000 }, { "1500ms", 1500000000 },
		{ "1s", 1000000000 }, { "90s", UINT64_C(90000000000) },
		{ "1m", UINT64_C(60000000000) },
		{ "8h", UINT64_C(28800000000000) },
		{ "18446744073709551615ns", UINT64_MAX }, { NULL, 0 }
	};

	(void)state;
	assert_exact(units_put_size, sizes);
	assert_exact(units_put_count, counts);
	assert_exact(units_put_time, times);
}

static void
assert_round_trip(formatter put, parser parse, uint64_t value)
{
	char buf[UNITS_MAX];
	uint64_t back;

	if (parse(put(buf, sizeof(buf), value), &back) != 0 || back != value)
		fail_msg("%" PRIu64 " is written as '%s'", value, buf);
}

static void
test_put_round_trip(void **state)
{
	struct random r = { 1 };
	uint64_t value;
	int i;

	(void)state;
	for (i = 0; i < 20000; i++) {
		value = random_next(&r) >> random_below(&r, 64);
		value -= value % (random_below(&r, 2) ? 1000 : 1024);
		assert_round_trip(units_put_size, units_size, value);
		assert_round_trip(units_put_count, units_count, value);
		assert_round_trip(units_put_time, units_time, value);
	}
}

static void
test_put_percent(void **state)
{
	static const char *const texts[] = { "0%", "50%", "12.5%", "33.3%",
	    "0.1%", "100%", "1000%", "0.000001%", "7%", "14%", "28%", "29%",
	    "57%", "58%", "1999999%", "999999999999999%", NULL };
	const char *const *text;
	char buf[UNITS_MAX];
	double share, back;

	(void)state;
	for (text = texts; *text != NULL; text++) {
		assert_int_equal(units_percent(*text, &share), 0);
		assert_string_equal(units_put_percent(buf, sizeof(buf), share),
		    *text);
	}
	assert_int_equal(units_percent("33.33333333333333333333%", &share), 0);
	units_put_percent(buf, sizeof(buf), share);
	assert_int_equal(units_percent(buf, &back), 0);
	assert_true(back == share);
	assert_true(strlen(units_put_percent(buf, sizeof(buf), 1e-300)) <
	    sizeof(buf));
}

struct rounded {
	double value;
	const char *text;
};

static void
assert_rounded(char *(*put)(char *, size_t, double),
    const struct rounded *row)
{
	char buf[UNITS_MAX];

	for (; row->text != NULL; row++)
		assert_string_equal(put(buf, sizeof(buf), row->value),
		    row->text);
}

static void
test_round(void **state)
{
	static const struct rounded rows[] = {
		{ 0, "0" }, { -0.0, "0" }, { NAN, "-" }, { INFINITY, "inf" },
		{ -INFINITY, "-inf" }, { 1, "1.000" }, { 12.345, "12.35" },
		{ 123.4, "123.4" }, { 999.94, "999.9" }, { 999.96, "1.000k" },
		{ 1000, "1.000k" }, { 1234567, "1.235M" },
		{ -1234567, "-1.235M" }, { 999960, "1.000M" },
		{ 999940, "999.9k" }, { 2.5e9, "2.500G" },
		{ 2.5e12, "2.500T" }, { 2.5e15, "2.500P" },
		{ 2.5e18, "2.500E" }, { 2.5e21, "2500E" },
		{ 1e300, "1.000e+282E" }, { -1e300, "-1.000e+282E" },
		{ 0.5, "0.5000" }, { 0.01234, "0.01234" },
		{ -0.01234, "-0.01234" }, { 0.99996, "1.000" },
		{ 0.000012345678, "0.00001235" }, { 1e-300, "1.000e-300" },
		{ 0, NULL }
	};

	(void)state;
	assert_rounded(units_round, rows);
}

static void
test_round_bytes(void **state)
{
	static const struct rounded rows[] = {
		{ 0, "0 B" }, { NAN, "-" }, { INFINITY, "inf" }, { 1, "1 B" },
		{ -0.0, "0 B" }, { 0.5, "0.500 B" }, { 12.25, "12.2 B" },
		{ 1023, "1023 B" }, { 1024, "1.00 KiB" },
		{ 1023.7, "1.00 KiB" }, { 1048575, "1.00 MiB" },
		{ 1023.0 * 1024, "1023 KiB" }, { 25232932864.0, "23.5 GiB" },
		{ -25232932864.0, "-23.5 GiB" }, { 134217728, "128 MiB" },
		{ 0x1p60, "1.00 EiB" }, { 1e300, "8.67e+281 EiB" },
		{ 0, NULL }
	};

	(void)state;
	assert_rounded(units_round_bytes, rows);
}

static void
test_round_time(void **state)
{
	static const struct rounded rows[] = {
		{ 0, "0 ns" }, { -0.0, "0 ns" }, { NAN, "-" },
		{ INFINITY, "inf" }, { 0.1234, "0.123 ns" }, { 5, "5.00 ns" },
		{ 24.14, "24.1 ns" }, { 999.4, "999 ns" },
		{ 999.6, "1.00 us" }, { 1234, "1.23 us" },
		{ -1234, "-1.23 us" }, { 12e9, "12.0 s" },
		{ 59.94e9, "59.9 s" }, { 59.96e9, "1 min 00 s" },
		{ 65e9, "1 min 05 s" },
		{ -65e9, "-1 min 05 s" }, { 3599.4e9, "59 min 59 s" },
		{ 3599.6e9, "1 h 00 min" }, { 7500e9, "2 h 05 min" },
		{ 7529e9, "2 h 05 min" }, { 7531e9, "2 h 06 min" },
		{ -7500e9, "-2 h 05 min" }, { 360000e9, "100 h 00 min" },
		{ 1e300, "2.78e+287 h" }, { -1e300, "-2.78e+287 h" },
		{ 0, NULL }
	};

	(void)state;
	assert_rounded(units_round_time, rows);
}

/* Whatever the value is, the text is whole. */
static void
test_round_fits(void **state)
{
	struct random r = { 2 };
	char wide[200], buf[UNITS_MAX];
	double value;
	uint64_t bits;
	int i;

	(void)state;
	for (i = 0; i < 20000; i++) {
		bits = random_next(&r);
		memcpy(&value, &bits, sizeof(value));
		assert_string_equal(units_round(buf, sizeof(buf), value),
		    units_round(wide, sizeof(wide), value));
		assert_string_equal(units_round_bytes(buf, sizeof(buf), value),
		    units_round_bytes(wide, sizeof(wide), value));
		assert_string_equal(units_round_time(buf, sizeof(buf), value),
		    units_round_time(wide, sizeof(wide), value));
	}
}

static void
expect_real(double value, const char *text)
{
	char buf[UNITS_MAX];

	assert_string_equal(units_put_real(buf, sizeof(buf), value), text);
}

static void
test_put_real(void **state)
{
	(void)state;
	expect_real(0, "0");
	expect_real(-0.5, "-0.5");
	expect_real(0.1, "0.1");
	expect_real(1e15, "1e+15");
	expect_real(123456789012345, "123456789012345");
	/* 16 and 17 digits are needed to tell these from their neighbours. */
	expect_real(1.0 / 3, "0.3333333333333333");
	expect_real(0.1 + 0.2, "0.30000000000000004");
	expect_real(1.7976931348623157e308, "1.7976931348623157e+308");
	expect_real(4.9406564584124654e-324, "4.94065645841247e-324");
}

/* Whatever finite number it is, and in UNITS_MAX bytes. */
static void
test_put_real_round_trip(void **state)
{
	struct random r = { 3 };
	char wide[200], buf[UNITS_MAX];
	double value;
	uint64_t bits;
	int i;

	(void)state;
	for (i = 0; i < 20000; i++) {
		bits = random_next(&r);
		memcpy(&value, &bits, sizeof(value));
		if (!isfinite(value))
			continue;
		units_put_real(buf, sizeof(buf), value);
		assert_true(strtod(buf, NULL) == value);
		assert_string_equal(buf,
		    units_put_real(wide, sizeof(wide), value));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_size),
		cmocka_unit_test(test_count),
		cmocka_unit_test(test_time),
		cmocka_unit_test(test_percent),
		cmocka_unit_test(test_int),
		cmocka_unit_test(test_put),
		cmocka_unit_test(test_put_round_trip),
		cmocka_unit_test(test_put_percent),
		cmocka_unit_test(test_put_real),
		cmocka_unit_test(test_put_real_round_trip),
		cmocka_unit_test(test_round),
		cmocka_unit_test(test_round_bytes),
		cmocka_unit_test(test_round_time),
		cmocka_unit_test(test_round_fits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
