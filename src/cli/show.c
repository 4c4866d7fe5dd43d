/* SPDX-License-Identifier: BSD-2-Clause */
/* vmstress show: what records say. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "cli/cli.h"
#include "present/results.h"

enum { SHOW_WIDE, SHOW_CSV, SHOW_JSON };

static const struct cli_option show_options[] = {
	{ "wide", 0, NULL, "more columns: extremes, bytes/s, skew, CPU time" },
	{ "csv", 0, NULL, "comma-separated values, one row per cell and metric" },
	{ "json", 0, NULL, "JSON: an array with one object per record" },
	CLI_OPTIONS_END
};

struct show_request {
	bool wide, csv, json;
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

static int
show_run(int argc, char **argv)
{
	struct show_request q = { 0 };
	const char *value;
	int opt, next;

	while ((opt = cli_next_option(&cli_show, argc, argv, &value, &next)) >=
	    0) {
		q.wide |= opt == SHOW_WIDE;
		q.csv |= opt == SHOW_CSV;
		q.json |= opt == SHOW_JSON;
	}
	if (opt != CLI_DONE)
		return opt == CLI_HELP ? CLI_OK : CLI_USAGE;
	if (q.csv && q.json)
		return cli_complainf(CLI_USAGE, "show: --csv and --json exclude "
		    "each other");
	if (next == argc)
		return cli_complainf(CLI_USAGE, "show: which record? Name the "
		    ".jsonl file that `vmstress run` wrote");
	return show_files(&q, argv + next, (size_t)(argc - next));
}

const struct cli_command cli_show = {
	.name = "show",
	.args = "RECORD...",
	.summary = "print the table of a record",
	.options = show_options,
	.run = show_run,
};
