/* SPDX-License-Identifier: BSD-2-Clause */
/* vmstress run: from a request to a record and its table. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/units.h"
#include "cli/check.h"
#include "cli/cli.h"
#include "cli/progress.h"
#include "cli/request.h"
#include "present/results.h"
#include "record/fingerprint.h"
#include "record/journal.h"
#include "record/resume.h"
#include "run/equip.h"
#include "run/interrupt.h"
#include "run/opening.h"
#include "run/run.h"
#include "run/setup.h"
#include "run/undo.h"

enum {
	RUN_OUTPUT = REQUEST_COUNT, RUN_RESUME, RUN_DRY, RUN_QUIET,
	RUN_VERBOSE, RUN_WIDE, RUN_JSON, RUN_RAISE, RUN_SWAP
};

/* Of --setup-swap without a size. */
#define RUN_SWAP_BYTES (2ull << 30)
#define RUN_SWAP_LEAST (1ull << 20)

static const struct cli_option run_options[] = {
	REQUEST_OPTIONS,
	{ "output", 'o', "FILE", "record to write; default NAME-DATE.jsonl" },
	{ "resume", 0, "RECORD", "go on with a run that was interrupted" },
	{ "dry-run", 0, NULL, "print the plan and stop" },
	{ "quiet", 'q', NULL, "no progress" },
	{ "verbose", 'v', NULL, "every launch and note, not only failures" },
	{ "wide", 0, NULL, "more columns in the table" },
	{ "json", 0, NULL, "the results as JSON instead of the table" },
	{ "raise-limits", 0, NULL, "lift the limits that would stop it, until "
	  "its end (root)" },
	{ "setup-swap", 0, "[=SIZE", "have swap, by default 2G, until its end "
	  "(root)" },
	CLI_OPTIONS_END
};

struct run_request {
	struct request request;
	const char *what;		/* workload or config; NULL: --resume */
	const char *output, *resume_path;
	bool overridden;		/* a plan option was given */
	bool dry, quiet, verbose, wide, json;
	struct setup setup;		/* what it changes about the system */
	struct resume resume;		/* an earlier run: its plan, what is done */
	const struct plan *plan;	/* of request or resume */
	struct journal journal;
	char *path;			/* of the record */
};

/* ---- the record ------------------------------------------------------- */

/* A record that could not even take the plan is no record. */
static int
run_begin_record(struct run_request *q, struct err *e)
{
	q->path = q->output != NULL ? mem_strdup(q->output) :
	    cli_default_name(q->plan->name, ".jsonl");
	if (journal_create(&q->journal, q->path, e) != 0)
		return -1;
	if (opening_write(&q->journal, q->plan, opening_facts(q->request.place,
	    &q->setup), e) == 0)
		return 0;
	journal_close(&q->journal);
	unlink(q->path);
	return -1;
}

static int
run_open_record(struct run_request *q, struct err *e)
{
	struct json_line *env;

	if (q->resume_path == NULL)
		return run_begin_record(q, e);
	q->path = mem_strdup(q->resume_path);
	if (journal_append_to(&q->journal, q->path, e) != 0)
		return -1;
	if (q->setup.raised.len == 0 && q->setup.swap.len == 0)
		return 0;
	/* The header has what was changed before; this is what is now. */
	env = fingerprint_now();
	json_line_text(env, "limits_raised", str_text(&q->setup.raised));
	json_line_text(env, "setup_swap", str_text(&q->setup.swap));
	return journal_write(&q->journal, journal_env_line("resumed", env), e);
}

/* ---- the run ---------------------------------------------------------- */

static bool
run_already_done(void *arg, int cell, int launch)
{
	return resume_done(arg, cell, launch);
}

static void
run_print_results(const struct run_request *q)
{
	struct results results = { 0 };
	struct err e = { 0 };

	if (results_read(&results, q->path, &e) != 0) {
		cli_complain(0, &e);
	} else if (q->json) {
		results_print_json(&results, 1, stdout);
	} else {
		results_print_text(&results, stdout, q->wide, cli_width());
	}
	results_free(&results);
	fflush(stdout);
	if (!q->quiet)
		fprintf(stderr, "record: %s\n", q->path);
}

static size_t
run_launches(const struct run_outcome *o)
{
	return o->ok + o->skipped + o->failed;
}

static int
run_status(const struct run_outcome *o)
{
	if (o->interrupted)
		return CLI_INTERRUPTED;
	return o->failed > 0 ? CLI_FAILED : CLI_OK;
}

static int
run_execute(struct run_request *q)
{
	struct progress progress;
	struct run_watch watch;
	struct run_outcome outcome;
	struct err e = { 0 };
	struct run r = {
		.plan = q->plan,
		.place = q->request.place,
		.journal = &q->journal,
		.watch = &watch,
		.done = q->resume_path != NULL ? run_already_done : NULL,
		.done_arg = &q->resume,
		.setup = &q->setup,
	};

	if (run_open_record(q, &e) != 0)
		return cli_complain(CLI_USAGE, &e);
	progress_init(&progress, q->quiet, q->verbose);
	watch = progress_watch(&progress);
	if (run_plan(&r, &outcome, &e) != 0 || (run_launches(&outcome) > 0 &&
	    opening_end(&q->journal, &e) != 0))
		cli_complain(0, &e);
	journal_close(&q->journal);
	run_print_results(q);
	if (outcome.interrupted && !q->quiet)
		fprintf(stderr, "interrupted: `vmstress run --resume %s` goes "
		    "on\n", q->path);
	return e.set ? CLI_FAILED : run_status(&outcome);
}

static void
run_say(void *arg, const char *text)
{
	(void)arg;
	cli_complainf(0, "%s", text);
}

/* Changes to the system come before the record and go after it. */
static int
run_set_up(struct run_request *q)
{
	struct err e = { 0 };
	int status;

	if (geteuid() == 0)
		undo_leftovers(run_say, NULL);
	q->setup.say = run_say;
	interrupt_catch();
	if (run_ready(&e) != 0 || setup_begin(&q->setup, q->plan,
	    q->request.place, &e) != 0)
		return cli_complain(CLI_USAGE, &e);
	status = run_execute(q);
	setup_end(&q->setup);
	return status;
}

static int
run_plan_of(struct run_request *q, struct err *e)
{
	if (request_place(&q->request, e) != 0)
		return -1;
	if (q->resume_path != NULL)
		return resume_read(&q->resume, q->resume_path, e);
	return request_plan(&q->request, q->what, e);
}

static int
run_requested(struct run_request *q)
{
	struct err e = { 0 };

	if (run_plan_of(q, &e) != 0)
		return cli_complain(CLI_USAGE, &e);
	q->plan = q->resume_path != NULL ? &q->resume.plan : &q->request.plan;
	if (equip_check(q->plan, &e) != 0)
		return cli_complain(CLI_USAGE, &e);
	if (q->dry)
		return check_print(q->plan, q->request.place);
	if (!place_is_real(q->request.place))
		return cli_complainf(CLI_USAGE, "HWLOC_SYNTHETIC or "
		    "HWLOC_XMLFILE describe another machine: a plan for it can "
		    "be checked (`vmstress check`), not run");
	return run_set_up(q);
}

/* The size of --setup-swap. */
static int
run_swap_size(struct run_request *q, const char *value, struct err *e)
{
	q->setup.swap_bytes = RUN_SWAP_BYTES;
	if (value == NULL)
		return 0;
	if (units_size(value, &q->setup.swap_bytes) == 0 &&
	    q->setup.swap_bytes >= RUN_SWAP_LEAST)
		return 0;
	return err_set(e, "run: --setup-swap=%s: that is not a size of 1M or "
	    "more (try 2G)", value);
}

static int
run_option(struct run_request *q, int opt, const char *value, struct err *e)
{
	if (opt < REQUEST_COUNT) {
		q->overridden |= opt != REQUEST_PLUGIN;
		return request_option(&q->request, &run_options[opt], value, e);
	}
	if (opt == RUN_SWAP)
		return run_swap_size(q, value, e);
	if (opt == RUN_OUTPUT)
		q->output = value;
	else if (opt == RUN_RESUME)
		q->resume_path = value;
	q->dry |= opt == RUN_DRY;
	q->quiet |= opt == RUN_QUIET;
	q->verbose |= opt == RUN_VERBOSE;
	q->wide |= opt == RUN_WIDE;
	q->json |= opt == RUN_JSON;
	q->setup.raise |= opt == RUN_RAISE;
	return 0;
}

/* Operands and options that exclude each other. */
static int
run_check_request(struct run_request *q, int operands, char **argv,
    struct err *e)
{
	if (operands > 1)
		return err_set(e, "run: one workload or config at a time, not "
		    "'%s' as well: list cells in a config file", argv[1]);
	q->what = operands == 1 ? argv[0] : NULL;
	if (q->resume_path == NULL)
		return q->what != NULL ? 0 : err_set(e, "run: run what? Try "
		    "`vmstress run quick`; `vmstress list` names workloads "
		    "and configs");
	if (q->what != NULL || q->overridden || q->output != NULL)
		return err_set(e, "run: --resume goes on with the plan in the "
		    "record: it takes no workload, plan option or -o");
	return 0;
}

static int
run_run(int argc, char **argv)
{
	struct run_request q = { .journal = { .fd = -1 } };
	struct err e = { 0 };
	const char *value;
	int opt, next, status;

	while ((opt = cli_next_option(&cli_run, argc, argv, &value, &next)) >=
	    0)
		if (run_option(&q, opt, value, &e) != 0)
			break;
	if (e.set)
		status = cli_complain(CLI_USAGE, &e);
	else if (opt != CLI_DONE)
		status = opt == CLI_HELP ? CLI_OK : CLI_USAGE;
	else if (run_check_request(&q, argc - next, argv + next, &e) != 0)
		status = cli_complain(CLI_USAGE, &e);
	else
		status = run_requested(&q);
	request_free(&q.request);
	resume_free(&q.resume);
	free(q.path);
	return status;
}

const struct cli_command cli_run = {
	.name = "run",
	.args = "WORKLOAD|CONFIG",
	.summary = "run a workload or a config and print its table",
	.options = run_options,
	.run = run_run,
};
