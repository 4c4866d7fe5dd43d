/* SPDX-License-Identifier: BSD-2-Clause */
/* Lines of the kernel's log and verdicts in a record, sound and hostile. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "record/reader.h"

#define HEAD "{\"type\":\"run\",\"schema\":\"vmstress-result/1\"}\n"	\
	"{\"type\":\"cell\",\"cell\":0,\"workload\":\"zfod\",\"version\":1," \
	"\"kind\":\"rate\",\"unit\":\"fault\",\"workers\":1,\"mode\":"	\
	"\"process\",\"pin\":\"none\",\"launches\":3,\"samples\":2}\n"
#define LINE(type, launch, rest)					\
	"{\"type\":\"" type "\",\"cell\":0,\"launch\":" #launch rest "}\n"
#define BEGIN(n) LINE("launch", n, "")
#define END(n) LINE("end", n, ",\"status\":\"ok\"")

static struct str told;
static struct err e;

static int
on_launch(void *arg, const struct reader_launch *l)
{
	(void)arg;
	str_addf(&told, "launch %d\n", l->launch);
	return 0;
}

static int
on_log(void *arg, int cell, int launch, const struct reader_log *log)
{
	(void)arg;
	str_addf(&told, "log %d.%d %s %s: %s", cell, launch, log->class,
	    log->phase != NULL ? log->phase : "-", log->text);
	if (log->count != 1)
		str_addf(&told, " x%" PRIu64, log->count);
	str_add(&told, "\n");
	return 0;
}

static int
on_validity(void *arg, int cell, int launch, const struct reader_validity *v)
{
	(void)arg;
	str_addf(&told, "validity %d.%d %d [%s] %s\n", cell, launch, v->valid,
	    v->rules, v->reasons);
	return 0;
}

static int
read_text(const char *text)
{
	const struct reader_handler h = {
		.launch = on_launch, .log = on_log, .validity = on_validity
	};
	FILE *in = tmpfile();
	int rc;

	assert_non_null(in);
	assert_true(fputs(text, in) >= 0);
	rewind(in);
	str_reset(&told);
	str_add(&told, "");
	err_clear(&e);
	rc = reader_stream(in, "r", &h, &e);
	fclose(in);
	return rc;
}

static void
expect(const char *text, const char *want)
{
	int rc = read_text(text);

	if (rc != 0)
		fail_msg("%s", e.text);
	assert_string_equal(str_text(&told), want);
}

static void
expect_refused(const char *text, const char *why)
{
	assert_int_equal(read_text(text), -1);
	if (strstr(e.text, why) == NULL)
		fail_msg("no '%s' in: %s", why, e.text);
}

static void
test_they_come_with_their_launch(void **state)
{
	(void)state;
	expect(HEAD BEGIN(0)
	    LINE("log", 0, ",\"class\":\"warning\",\"level\":4,\"time_us\":1,"
	    "\"seq\":2,\"text\":\"W\",\"detail\":[\"a\",\"b\"],\"more\":3")
	    LINE("log", 0, ",\"phase\":\"teardown\",\"class\":\"oom\","
	    "\"text\":\"K\"")
	    LINE("validity", 0, ",\"valid\":false,\"rules\":[\"steal\","
	    "\"drift\"],\"reasons\":[\"a lot\",\"slower\"],\"steal_share\":0.1")
	    END(0),
	    "launch 0\nlog 0.0 warning -: W\nlog 0.0 oom teardown: K\n"
	    "validity 0.0 0 [steal,drift] a lot; slower\n");
}

static void
test_a_valid_launch(void **state)
{
	(void)state;
	expect(HEAD BEGIN(0) LINE("validity", 0, ",\"valid\":true,\"rules\":[],"
	    "\"reasons\":[]") END(0), "launch 0\nvalidity 0.0 1 [] \n");
	expect(HEAD BEGIN(0) LINE("validity", 0, ",\"valid\":true") END(0),
	    "launch 0\nvalidity 0.0 1 [] \n");
}

static void
test_between_launches(void **state)
{
	(void)state;
	expect(HEAD "{\"type\":\"log\",\"class\":\"other\",\"text\":\"T\"}\n"
	    BEGIN(1) END(1)
	    "{\"type\":\"log\",\"class\":\"lost\",\"text\":\"N\",\"count\":7}\n",
	    "log -1.-1 other -: T\nlaunch 1\nlog -1.-1 lost -: N x7\n");
}

/* Without an end, nothing of a launch counts. */
static void
test_a_launch_without_end(void **state)
{
	(void)state;
	expect(HEAD BEGIN(0) LINE("log", 0, ",\"class\":\"bug\",\"text\":\"X\"")
	    BEGIN(0) LINE("log", 0, ",\"class\":\"bug\",\"text\":\"Y\"") END(0)
	    BEGIN(1) LINE("log", 1, ",\"class\":\"bug\",\"text\":\"Z\""),
	    "launch 0\nlog 0.0 bug -: Y\n");
}

static void
test_bad_lines(void **state)
{
	(void)state;
	expect_refused(HEAD BEGIN(0) LINE("log", 0, ",\"text\":\"X\""),
	    "r:4: log: 'class' is missing");
	expect_refused(HEAD BEGIN(0) LINE("log", 0, ",\"class\":\"bug\""),
	    "'text' is missing");
	expect_refused(HEAD BEGIN(0) LINE("log", 0, ",\"class\":\"bug\","
	    "\"text\":7"), "'text' is not text");
	expect_refused(HEAD "{\"type\":\"log\",\"class\":\"bug\"}\n",
	    "'text' is missing");
	expect_refused(HEAD LINE("log", 0, ",\"class\":\"b\",\"text\":\"X\""),
	    "launch 0 of cell 0 has not begun");
	expect_refused(HEAD BEGIN(0) LINE("validity", 0, ""),
	    "validity: 'valid' is missing");
	expect_refused(HEAD BEGIN(0) LINE("validity", 0, ",\"valid\":1"),
	    "'valid' is neither true nor false");
	expect_refused(HEAD BEGIN(0) LINE("validity", 0, ",\"valid\":false,"
	    "\"rules\":\"x\""), "'rules' is no array");
	expect_refused(HEAD BEGIN(0) LINE("validity", 0, ",\"valid\":false,"
	    "\"reasons\":[1]"), "'reasons' holds something that is not text");
}

static int
end(void **state)
{
	(void)state;
	str_free(&told);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_they_come_with_their_launch),
		cmocka_unit_test(test_a_valid_launch),
		cmocka_unit_test(test_between_launches),
		cmocka_unit_test(test_a_launch_without_end),
		cmocka_unit_test(test_bad_lines),
	};

	return cmocka_run_group_tests(tests, NULL, end);
}
