/* SPDX-License-Identifier: BSD-2-Clause */
/* vmstress show: what records say. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "cli/cli.h"
#include "cli/inputs.h"
#include "present/insight_print.h"
#include "present/results.h"

enum {
	SHOW_WIDE, SHOW_CSV, SHOW_JSON, SHOW_COUNTERS, SHOW_STATISTICS,
	SHOW_PROFILE
};

static const struct cli_option show_options[] = {
	{ "wide", 0, NULL, "more columns: extremes, bytes/s, skew, CPU time" },
	{ "csv", 0, NULL, "comma-separated values, one row per cell and metric" },
	{ "json", 0, NULL, "JSON: an array with one object per record" },
	{ "counters", 0, NULL, "events that were counted, per operation" },
	{ "statistics", 0, NULL, "what the kernel and the workers did" },
	{ "profile", 0, NULL, "functions that took the time" },
	CLI_OPTIONS_END
};

struct show_request {
	bool wide, csv, json;
	unsigned wanted;	/* bits of enum insight_wanted; 0: the results */
	struct results *results;
	size_t count;
};

static void
show_print(const struct show_request *q)
{
	size_t i;

	if (q->csv) {
		results_print_csv(q->results, q->count, stdout);
	} else if (q->json) {
		results_print_json(q->results, q->count, stdout);
	} else {
		for (i = 0; i < q->count; i++) {
			if (i > 0)
				printf("\n");
			results_print_text(&q->results[i], stdout, q->wide,
			    cli_width());
		}
	}
}

static int
show_files(struct show_request *q, char **files, size_t count)
{
	struct err e = { 0 };
	size_t i;
	int status = CLI_OK;

	q->results = mem_zalloc(count * sizeof(*q->results));
	for (i = 0; i < count && status == CLI_OK; i++) {
		if (results_read(&q->results[i], files[i], &e) != 0)
			status = cli_complain(CLI_USAGE, &e);
		else
			q->count++;
	}
	if (status == CLI_OK)
		show_print(q);
	for (i = 0; i < q->count; i++)
		results_free(&q->results[i]);
	free(q->results);
	return status;
}

/* ---- counters, statistics and profiles -------------------------------- */

static void
show_print_insight(const struct show_request *q, const struct insight *in)
{
	size_t i;

	if (q->csv) {
		insight_print_csv(in, q->count, q->wanted, stdout);
	} else if (q->json) {
		insight_print_json(in, q->count, q->wanted, stdout);
	} else {
		for (i = 0; i < q->count; i++) {
			if (i > 0)
				printf("\n");
			insight_print_text(&in[i], q->wanted, stdout, q->wide);
		}
	}
}

static int
show_insight(struct show_request *q, char **files, size_t count)
{
	struct insight *in = mem_zalloc(count * sizeof(*in));
	struct err e = { 0 };
	size_t i;
	int status = CLI_OK;

	for (i = 0; i < count && status == CLI_OK; i++) {
		q->count++;
		if (insight_read(&in[i], files[i], q->wanted, &e) != 0)
			status = cli_complain(CLI_USAGE, &e);
	}
	if (status == CLI_OK)
		show_print_insight(q, in);
	for (i = 0; i < q->count; i++)
		insight_free(&in[i]);
	free(in);
	return status;
}

static int
show_records(struct show_request *q, char **operands, size_t n)
{
	struct cli_inputs in = { 0 };
	struct err e = { 0 };
	char **paths;
	int status;

	if (cli_inputs_paths(&in, operands, n, &e) != 0) {
		status = cli_complain(CLI_USAGE, &e);
	} else {
		paths = cli_inputs_list(&in);
		status = q->wanted != 0 ? show_insight(q, paths, in.count) :
		    show_files(q, paths, in.count);
		free(paths);
	}
	cli_inputs_free(&in);
	return status;
}

static int
show_run(int argc, char **argv)
{
	struct show_request q = { 0 };
	static const unsigned wanted[] = {
		[SHOW_COUNTERS] = INSIGHT_COUNTERS,
		[SHOW_STATISTICS] = INSIGHT_STATISTICS,
		[SHOW_PROFILE] = INSIGHT_PROFILE,
	};
	const char *value;
	int opt, next;

	while ((opt = cli_next_option(&cli_show, argc, argv, &value, &next)) >=
	    0) {
		q.wide |= opt == SHOW_WIDE;
		q.csv |= opt == SHOW_CSV;
		q.json |= opt == SHOW_JSON;
		q.wanted |= wanted[opt];
	}
	if (opt != CLI_DONE)
		return opt == CLI_HELP ? CLI_OK : CLI_USAGE;
	if (q.csv && q.json)
		return cli_complainf(CLI_USAGE, "show: --csv and --json exclude "
		    "each other");
	if (next == argc)
		return cli_complainf(CLI_USAGE, "show: which record? Name the "
		    ".jsonl file that `vmstress run` wrote");
	return show_records(&q, argv + next, (size_t)(argc - next));
}

const struct cli_command cli_show = {
	.name = "show",
	.args = "RECORD|CAMPAIGN...",
	.summary = "print the table of a record",
	.options = show_options,
	.run = show_run,
};
