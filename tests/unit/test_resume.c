/* SPDX-License-Identifier: BSD-2-Clause */
/* A plan out of the record it was written to, and what is left to do. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

/* Before cmocka, whose macros fail() and skip() are names of members here. */
#include "workload.h"

#include <cmocka.h>

#include "fake_workloads.h"
#include "record/journal.h"
#include "record/resume.h"
#include "scratch_file.h"

#define RUN "{\"type\":\"run\",\"schema\":\"vmstress-result/1\","	\
	"\"order\":\"random\",\"seed\":7,\"cells\":1}\n"
#define CELL_WITH(id, workload, version, params, rest)			\
	"{\"type\":\"cell\",\"cell\":" #id ",\"workload\":\"" workload	\
	"\",\"version\":" #version ",\"kind\":\"rate\",\"unit\":\"fault\"," \
	"\"params\":{" params "},\"launches\":4,\"samples\":2,"		\
	"\"workers\":2,\"mode\":\"process\"" rest "}\n"
#define PARAMS "\"size\":\"128M\",\"thp\":\"off\""
#define CELL CELL_WITH(0, "zfod", 1, PARAMS, ",\"pin\":\"none\"")
#define LINE(type, launch, rest)					\
	"{\"type\":\"" type "\",\"cell\":0,\"launch\":" #launch rest "}\n"
#define END(launch, status)						\
	LINE("end", launch, ",\"status\":\"" status "\"")

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

static void
expect_error(const char *record, const char *text)
{
	struct resume r;
	struct err e = { 0 };

	scratch_put(record, strlen(record));
	assert_int_equal(resume_read(&r, scratch_path, &e), -1);
	assert_memory_equal(e.text, scratch_path, strlen(scratch_path));
	assert_string_equal(e.text + strlen(scratch_path), text);
	assert_null(r.plan.cells);
	resume_free(&r);
}

/* ---- there and back --------------------------------------------------- */

static void
write_plan(const struct plan *p)
{
	struct err e = { 0 };
	struct json_line *tool = json_line_new();
	struct journal j;
	size_t i;

	assert_int_equal(journal_create(&j, scratch_path, &e), 0);
	assert_int_equal(journal_write(&j, journal_run_line(p, NULL, tool,
	    NULL), &e), 0);
	for (i = 0; i < p->ncells; i++)
		assert_int_equal(journal_write(&j,
		    journal_cell_line(&p->cells[i]), &e), 0);
	journal_close(&j);
}

static void
expect_same_cell(const struct plan_cell *a, const struct plan_cell *b)
{
	int i;

	assert_int_equal(a->id, b->id);
	assert_ptr_equal(a->workload, b->workload);
	assert_int_equal(a->nparams, b->nparams);
	for (i = 0; i < a->nparams; i++) {
		assert_ptr_equal(a->params[i].row, b->params[i].row);
		assert_string_equal(a->params[i].text, b->params[i].text);
	}
	assert_int_equal(a->threads, b->threads);
	assert_int_equal(a->workers, b->workers);
	assert_string_equal(a->pin, b->pin);
	assert_int_equal(a->launches, b->launches);
	assert_int_equal(a->samples, b->samples);
	assert_int_equal(a->interval_ns, b->interval_ns);
	assert_int_equal(a->warmup_ns, b->warmup_ns);
	assert_int_equal(a->timeout_ns, b->timeout_ns);
	assert_int_equal(a->latency, b->latency);
	assert_int_equal(a->probe, b->probe);
}

static void
test_plan_comes_back(void **state)
{
	struct plan_param zfod[] = {
		{ &fake_zfod_params[0], (char *)"4M" },
		{ &fake_zfod_params[1], (char *)"on" },
	};
	struct plan_param command[] = {
		{ &fake_command_params[0], (char *)"sh -c \"echo \xc3\xbc\"" },
	};
	struct plan_cell cells[] = {
		{ .id = 0, .workload = &fake_zfod, .params = zfod,
		    .nparams = 2, .threads = true, .workers = 2,
		    .pin = (char *)"list:0,2", .launches = 5, .samples = 3,
		    .interval_ns = 1000000000, .warmup_ns = 500000000,
		    .timeout_ns = 60000000000, .latency = true },
		{ .id = 1, .workload = &fake_command, .params = command,
		    .nparams = 1, .workers = 1, .pin = (char *)"none",
		    .launches = 1, .samples = 1, .probe = true },
		{ .id = 2, .workload = &fake_mmap_nth, .threads = true,
		    .workers = 1, .pin = (char *)"cores", .launches = 2,
		    .samples = 1 },
	};
	struct plan p = { .cells = cells, .ncells = 3, .order = PLAN_LISTED,
	    .seed = UINT64_MAX, .label = (char *)"6.18",
	    .name = (char *)"quick" };
	struct resume r;
	struct err e = { 0 };
	int i;

	(void)state;
	write_plan(&p);
	assert_int_equal(resume_read(&r, scratch_path, &e), 0);
	assert_int_equal(r.plan.ncells, 3);
	assert_int_equal(r.plan.order, PLAN_LISTED);
	assert_true(r.plan.seed == UINT64_MAX);
	assert_string_equal(r.plan.label, "6.18");
	assert_string_equal(r.plan.name, "quick");
	for (i = 0; i < 3; i++)
		expect_same_cell(&r.plan.cells[i], &cells[i]);
	assert_int_equal(r.ndone, 0);
	assert_false(resume_done(&r, 0, 4));
	resume_free(&r);
}

/* Text that a person edited is put into canonical form. */
static void
test_parameters_are_canonical(void **state)
{
	const char *record = RUN CELL_WITH(0, "zfod", 1,
	    "\"thp\":\"off\",\"size\":\"4096K\"", ",\"pin\":\"none\"");
	struct resume r;
	struct err e = { 0 };

	(void)state;
	scratch_put(record, strlen(record));
	assert_int_equal(resume_read(&r, scratch_path, &e), 0);
	assert_string_equal(plan_param(&r.plan.cells[0], "size"), "4M");
	assert_null(r.plan.label);
	assert_null(r.plan.name);
	resume_free(&r);
}

/* ---- what is done ----------------------------------------------------- */

static void
expect_done(const char *record, const char *done)
{
	struct resume r;
	struct err e = { 0 };
	size_t n = 0;
	int i;

	scratch_put(record, strlen(record));
	assert_int_equal(resume_read(&r, scratch_path, &e), 0);
	for (i = 0; i < 4; i++) {
		assert_int_equal(resume_done(&r, 0, i), done[i] == 'x');
		n += done[i] == 'x';
	}
	assert_int_equal(r.ndone, n);
	resume_free(&r);
}

static void
test_what_is_done(void **state)
{
	(void)state;
	expect_done(RUN CELL, "....");
	expect_done(RUN CELL LINE("launch", 0, "") END(0, "ok")
	    LINE("launch", 3, "") END(3, "ok"), "x..x");
	expect_done(RUN CELL END(0, "skipped") END(1, "failed")
	    END(2, "interrupted"), "xx..");
	/* Without an end, or with a torn one. */
	expect_done(RUN CELL LINE("launch", 0, "") LINE("launch", 1, ""),
	    "....");
	expect_done(RUN CELL LINE("launch", 0, "")
	    "{\"type\":\"end\",\"cell\":0,\"launch\":0,\"status\":\"ok\"",
	    "....");
	/* Interrupted and then done, and the other way round. */
	expect_done(RUN CELL END(0, "interrupted") END(0, "ok"), "x...");
	expect_done(RUN CELL END(0, "ok") END(0, "interrupted"), "....");
	/* Twice counts once. */
	expect_done(RUN CELL END(0, "ok") END(0, "ok"), "x...");
}

/* ---- what cannot be resumed ------------------------------------------- */

static void
test_incomplete_records(void **state)
{
	(void)state;
	expect_error("", ": no vmstress record: empty file");
	expect_error(RUN, ": the record has no cells, so there is nothing to "
	    "resume");
	expect_error("{\"type\":\"run\",\"schema\":\"vmstress-result/1\","
	    "\"order\":\"random\",\"cells\":2}\n" CELL,
	    ": the record has 1 of its 2 cells, so it cannot be resumed");
	expect_error(RUN CELL_WITH(1, "zfod", 1, PARAMS, ",\"pin\":\"none\""),
	    ":2: cell: cell 0 is missing before cell 1");
	expect_error("{\"type\":\"run\",\"schema\":\"vmstress-result/1\"}\n"
	    CELL, ":1: run: the order of its launches is not known, so it "
	    "cannot be resumed");
	expect_error("{\"type\":\"run\",\"schema\":\"vmstress-result/1\","
	    "\"order\":\"sorted\"}\n" CELL, ":1: run: the order of its "
	    "launches is not known, so it cannot be resumed");
}

static void
test_workloads_that_changed(void **state)
{
	(void)state;
	expect_error(RUN CELL_WITH(0, "zfod", 2, PARAMS, ",\"pin\":\"none\""),
	    ":2: cell: workload 'zfod' is version 1 here and version 2 in the "
	    "record (resume with the program that began it)");
	expect_error(RUN CELL_WITH(0, "mine", 1, "", ",\"pin\":\"none\","
	    "\"plugin\":\"/opt/\\u001bmine.so\""),
	    ":2: cell: its workload came from the plug-in /opt/\\x1bmine.so "
	    "(load that with --plugin)");
	expect_error(RUN CELL_WITH(0, "zfod", 1, "\"size\":\"128M\"",
	    ",\"pin\":\"none\""),
	    ":2: cell: parameter 'thp' of workload 'zfod' is missing");
	expect_error(RUN CELL_WITH(0, "zfod", 1, PARAMS ",\"n\\n\":\"1\"",
	    ",\"pin\":\"none\""),
	    ":2: cell: workload 'zfod' has no parameter 'n\\x0a'");
}

/* The words are those of the registry, the parameters and the plan. */
static void
test_bad_settings(void **state)
{
	static const char *const cells[] = {
		CELL_WITH(0, "zfot", 1, PARAMS, ",\"pin\":\"none\""),
		CELL_WITH(0, "zfod", 1, "\"size\":\"12q\",\"thp\":\"off\"",
		    ",\"pin\":\"none\""),
		CELL_WITH(0, "zfod", 1, PARAMS, ",\"pin\":\"nowhere\""),
	};
	char record[1024];
	struct resume r;
	struct err e;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cells) / sizeof(cells[0]); i++) {
		snprintf(record, sizeof(record), "%s%s", RUN, cells[i]);
		scratch_put(record, strlen(record));
		memset(&e, 0, sizeof(e));
		assert_int_equal(resume_read(&r, scratch_path, &e), -1);
		assert_memory_equal(e.text + strlen(scratch_path),
		    ":2: cell: ", 10);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define SCRATCH(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
		SCRATCH(test_plan_comes_back),
		SCRATCH(test_parameters_are_canonical),
		SCRATCH(test_what_is_done),
		SCRATCH(test_incomplete_records),
		SCRATCH(test_workloads_that_changed),
		SCRATCH(test_bad_settings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
