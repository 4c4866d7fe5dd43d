/* SPDX-License-Identifier: BSD-2-Clause */
/* The file of a run: what is written, and that nothing written is lost. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

/* Before cmocka, whose macros fail() and skip() are names of members here. */
#include "workload.h"

#include <cmocka.h>

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "fake_workloads.h"
#include "record/journal.h"
#include "scratch_file.h"

#define HEADER "{\"type\":\"run\",\"schema\":\"vmstress-result/1\"}\n"

static int
setup(void **state)
{
	(void)state;
	scratch_begin();
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	scratch_end();
	return 0;
}

/* An error that begins with the path of the file. */
static void
expect_error(const struct err *e, const char *text)
{
	assert_true(e->set);
	assert_memory_equal(e->text, scratch_path, strlen(scratch_path));
	assert_string_equal(e->text + strlen(scratch_path), text);
}

static void
expect_file(const char *text)
{
	char *got = scratch_get(scratch_path);

	assert_string_equal(got, text);
	free(got);
}

static struct json_line *
numbered(int n)
{
	struct json_line *j = json_line_new();

	json_line_int(j, "n", n);
	return j;
}

/* ---- writing ---------------------------------------------------------- */

static void
test_lines_are_appended(void **state)
{
	struct err e = { 0 };
	struct journal j;

	(void)state;
	assert_int_equal(journal_create(&j, scratch_path, &e), 0);
	assert_int_equal(journal_write(&j, numbered(1), &e), 0);
	expect_file("{\"n\":1}\n");	/* at once, before any sync or close */
	assert_int_equal(journal_write(&j, numbered(2), &e), 0);
	assert_int_equal(journal_sync(&j, &e), 0);
	journal_close(&j);
	assert_int_equal(j.fd, -1);
	expect_file("{\"n\":1}\n{\"n\":2}\n");
	journal_close(&j);
}

static void
test_existing_file_is_kept(void **state)
{
	struct err e = { 0 };
	struct journal j;

	(void)state;
	scratch_put("precious", 8);
	assert_int_equal(journal_create(&j, scratch_path, &e), -1);
	expect_error(&e, ": the file exists already (choose another name, or "
	    "continue a record with --resume)");
	expect_file("precious");
}

/* Root may write anywhere, so that a missing directory stands in for it. */
static void
test_directory_that_cannot_be_written(void **state)
{
	char path[sizeof(scratch_dir) + 32], text[256];
	struct err e = { 0 };
	struct journal j;

	(void)state;
	snprintf(path, sizeof(path), "%s/none/record", scratch_dir);
	assert_int_equal(journal_create(&j, path, &e), -1);
	snprintf(text, sizeof(text), "%s: cannot create the record: No such "
	    "file or directory", path);
	assert_string_equal(e.text, text);
	if (geteuid() == 0)
		return;
	err_clear(&e);
	assert_int_equal(chmod(scratch_dir, 0500), 0);
	assert_int_equal(journal_create(&j, scratch_path, &e), -1);
	assert_int_equal(chmod(scratch_dir, 0700), 0);
	expect_error(&e, ": cannot create the record: Permission denied");
}

/* ---- full disks ------------------------------------------------------- */

static void
limit_file_size(rlim_t bytes)
{
	struct rlimit limit;

	assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
	limit.rlim_cur = bytes;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

/*
 * The limit lets the first half of the second line in.  It must go again, and
 * when there is room, the next line stands where it stood.
 */
static void
test_full_disk_leaves_whole_lines(void **state)
{
	struct err e = { 0 };
	struct journal j;

	(void)state;
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(journal_create(&j, scratch_path, &e), 0);
	assert_int_equal(journal_write(&j, numbered(1), &e), 0);
	limit_file_size(12);
	assert_int_equal(journal_write(&j, numbered(2), &e), -1);
	limit_file_size(RLIM_INFINITY);
	expect_error(&e, ": cannot write to the record: File too large");
	expect_file("{\"n\":1}\n");
	err_clear(&e);
	assert_int_equal(journal_write(&j, numbered(3), &e), 0);
	journal_close(&j);
	expect_file("{\"n\":1}\n{\"n\":3}\n");
}

/* Where nothing can be cut off, nothing is appended to a torn line either. */
static void
test_torn_line_that_stays_is_the_last(void **state)
{
	struct err e = { 0 };
	struct journal j = { .path = strdup("/dev/full") };

	(void)state;
	j.fd = open("/dev/full", O_RDWR);
	if (j.fd < 0) {
		journal_close(&j);
		skip();
	}
	assert_int_equal(journal_write(&j, numbered(1), &e), -1);
	assert_string_equal(e.text, "/dev/full: cannot write to the record: "
	    "No space left on device");
	err_clear(&e);
	assert_int_equal(journal_write(&j, numbered(2), &e), -1);
	assert_string_equal(e.text, "/dev/full: cannot write to the record: "
	    "Bad file descriptor");
	journal_close(&j);
}

/* ---- going on --------------------------------------------------------- */

static void
expect_mended(const char *before, const char *after)
{
	struct err e = { 0 };
	struct journal j;

	scratch_put(before, strlen(before));
	assert_int_equal(journal_append_to(&j, scratch_path, &e), 0);
	expect_file(after);
	assert_int_equal(journal_write(&j, numbered(9), &e), 0);
	journal_close(&j);
}

static void
test_append_goes_on(void **state)
{
	(void)state;
	expect_mended(HEADER, HEADER);
	expect_file(HEADER "{\"n\":9}\n");
}

static void
test_torn_line_is_cut_off(void **state)
{
	(void)state;
	expect_mended(HEADER "{\"type\":\"sam", HEADER);
	expect_file(HEADER "{\"n\":9}\n");
}

/* Longer than any block that is searched at once. */
static void
test_long_torn_line_is_cut_off(void **state)
{
	size_t len = strlen(HEADER) + 100000;
	char *text = malloc(len + 1);

	(void)state;
	assert_non_null(text);
	memset(text, 'x', len);
	memcpy(text, HEADER, strlen(HEADER));
	text[len] = '\0';
	expect_mended(text, HEADER);
	free(text);
}

/* Somebody's notes are not cut because of a typing error. */
static void
test_other_files_are_not_touched(void **state)
{
	struct err e = { 0 };
	struct journal j;

	(void)state;
	scratch_put("dear diary,\ntoday", 17);
	assert_int_equal(journal_append_to(&j, scratch_path, &e), -1);
	expect_error(&e, ": not a vmstress record");
	expect_file("dear diary,\ntoday");

	err_clear(&e);
	scratch_put(HEADER, strlen(HEADER) - 1);
	assert_int_equal(journal_append_to(&j, scratch_path, &e), -1);
	expect_error(&e, ": the record ends in its first line, so there is "
	    "nothing to continue (remove it)");

	err_clear(&e);
	scratch_put("", 0);
	assert_int_equal(journal_append_to(&j, scratch_path, &e), -1);
	expect_error(&e, ": not a vmstress record");

	err_clear(&e);
	unlink(scratch_path);
	assert_int_equal(journal_append_to(&j, scratch_path, &e), -1);
	expect_error(&e, ": cannot open the record: No such file or "
	    "directory");

	err_clear(&e);
	assert_int_equal(journal_append_to(&j, "/dev/null", &e), -1);
	assert_string_equal(e.text, "/dev/null: not a regular file");
}

/* ---- two runs --------------------------------------------------------- */

/* A process that holds the record until it is killed. */
static pid_t
hold(void)
{
	struct err e = { 0 };
	struct journal j;
	int ready[2];
	pid_t pid;
	char byte;

	assert_int_equal(pipe(ready), 0);
	pid = fork();
	if (pid == 0) {
		if (journal_append_to(&j, scratch_path, &e) != 0 ||
		    write(ready[1], "", 1) != 1)
			_exit(1);
		alarm(60);	/* should the test not live to kill it */
		pause();
		_exit(0);
	}
	close(ready[1]);
	assert_int_equal(read(ready[0], &byte, 1), 1);
	close(ready[0]);
	return pid;
}

static void
test_record_in_use(void **state)
{
	struct err e = { 0 };
	struct journal j;
	pid_t pid;

	(void)state;
	scratch_put(HEADER "torn", strlen(HEADER) + 4);
	pid = hold();
	scratch_put(HEADER "torn", strlen(HEADER) + 4);
	assert_int_equal(journal_append_to(&j, scratch_path, &e), -1);
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	expect_error(&e, ": another run is writing this record (wait for it, "
	    "or choose another file)");
	expect_file(HEADER "torn");
	err_clear(&e);
	assert_int_equal(journal_append_to(&j, scratch_path, &e), 0);
	journal_close(&j);
}

/* A new record is held as well. */
static void
test_new_record_is_locked(void **state)
{
	struct err e = { 0 };
	struct journal first, second;

	(void)state;
	assert_int_equal(journal_create(&first, scratch_path, &e), 0);
	assert_int_equal(journal_append_to(&second, scratch_path, &e), -1);
	expect_error(&e, ": another run is writing this record (wait for it, "
	    "or choose another file)");
	journal_close(&first);
}

/* ---- the lines -------------------------------------------------------- */

static void
expect_line(struct json_line *line, const char *text)
{
	char *got = json_line_string(line);

	assert_string_equal(got, text);
	free(got);
	json_line_free(line);
}

static struct json_line *
a_tool(void)
{
	struct json_line *j = json_line_new();

	json_line_text(j, "version", "0.1.0");
	return j;
}

static void
test_run_line(void **state)
{
	struct plan p = { .order = PLAN_LISTED, .seed = UINT64_MAX,
	    .ncells = 2, .label = (char *)"6.18-rc3", .name = (char *)"quick",
	    .counting = PLAN_COUNT_TASK };
	struct json_line *facts = json_line_new();

	(void)state;
	json_line_fact(facts, "kernel", "release", "6.18");
	expect_line(journal_run_line(&p, "2025-01-02T03:04:05Z", a_tool(),
	    facts), "{\"type\":\"run\",\"schema\":\"vmstress-result/1\","
	    "\"label\":\"6.18-rc3\",\"name\":\"quick\","
	    "\"started\":\"2025-01-02T03:04:05Z\","
	    "\"tool\":{\"version\":\"0.1.0\"},\"order\":\"listed\","
	    "\"seed\":\"18446744073709551615\",\"counting\":\"task\",\"cells\":2,"
	    "\"kernel\":{\"release\":\"6.18\"}}");
	p.label = NULL;
	p.order = PLAN_RANDOM;
	p.seed = 42;
	expect_line(journal_run_line(&p, NULL, a_tool(), NULL),
	    "{\"type\":\"run\",\"schema\":\"vmstress-result/1\","
	    "\"label\":null,\"name\":\"quick\",\"started\":null,"
	    "\"tool\":{\"version\":\"0.1.0\"},\"order\":\"random\","
	    "\"seed\":42,\"counting\":\"task\",\"cells\":2}");
}

static void
test_cell_line(void **state)
{
	struct plan_param params[] = {
		{ &fake_zfod_params[0], (char *)"128M" },
		{ &fake_zfod_params[1], (char *)"off" },
	};
	struct plan_cell c = {
		.id = 7, .workload = &fake_zfod, .params = params,
		.nparams = 2, .threads = true, .workers = 2,
		.pin = (char *)"cores", .launches = 5, .samples = 3,
		.interval_ns = 1000000000, .warmup_ns = 500000000,
		.latency = true, .probe = true, .statistics = true,
		.events = (char *)"default,cycles:k", .profile = (char *)"none",
	};

	(void)state;
	expect_line(journal_cell_line(&c), "{\"type\":\"cell\",\"cell\":7,"
	    "\"workload\":\"zfod\",\"version\":1,\"kind\":\"rate\","
	    "\"unit\":\"fault\",\"params\":{\"size\":\"128M\","
	    "\"thp\":\"off\"},\"workers\":2,\"mode\":\"thread\","
	    "\"pin\":\"cores\",\"launches\":5,\"samples\":3,"
	    "\"interval_ns\":1000000000,\"warmup_ns\":500000000,"
	    "\"timeout_ns\":0,\"latency\":true,\"probe\":true,"
	    "\"statistics\":true,\"events\":\"default,cycles:k\","
	    "\"profile\":\"none\"}");
}

static void
test_cell_line_of_plugin(void **state)
{
	static const struct vms_workload other = {
		.abi = VMS_ABI, .name = "other", .version = 3,
		.summary = "a rate from elsewhere", .kind = VMS_RATE,
		.unit = "thing", .net = "thing-only", .modes = VMS_PROCESS,
		.run = fake_run,
	};
	struct plan_cell c = { .workload = &other, .workers = 1,
	    .pin = (char *)"none", .launches = 1, .samples = 1 };
	struct err e = { 0 };

	(void)state;
	assert_int_equal(registry_add(&other, "/opt/other.so", &e), 0);
	expect_line(journal_cell_line(&c), "{\"type\":\"cell\",\"cell\":0,"
	    "\"workload\":\"other\",\"version\":3,\"kind\":\"rate\","
	    "\"unit\":\"thing\",\"net\":\"thing-only\",\"params\":{},"
	    "\"workers\":1,\"mode\":\"process\",\"pin\":\"none\","
	    "\"launches\":1,\"samples\":1,\"interval_ns\":0,\"warmup_ns\":0,"
	    "\"timeout_ns\":0,\"latency\":false,\"probe\":false,"
	    "\"statistics\":false,\"events\":null,\"profile\":null,"
	    "\"plugin\":\"/opt/other.so\"}");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define SCRATCH(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
		SCRATCH(test_lines_are_appended),
		SCRATCH(test_existing_file_is_kept),
		SCRATCH(test_directory_that_cannot_be_written),
		SCRATCH(test_full_disk_leaves_whole_lines),
		cmocka_unit_test(test_torn_line_that_stays_is_the_last),
		SCRATCH(test_append_goes_on),
		SCRATCH(test_torn_line_is_cut_off),
		SCRATCH(test_long_torn_line_is_cut_off),
		SCRATCH(test_other_files_are_not_touched),
		SCRATCH(test_record_in_use),
		SCRATCH(test_new_record_is_locked),
		cmocka_unit_test(test_run_line),
		cmocka_unit_test(test_cell_line),
		cmocka_unit_test(test_cell_line_of_plugin),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
