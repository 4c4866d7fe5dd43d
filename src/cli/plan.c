/* SPDX-License-Identifier: BSD-2-Clause */
/* vmstress plan: how many launches or boots a comparison takes. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/units.h"
#include "cli/cli.h"
#include "cli/inputs.h"
#include "cli/share.h"
#include "present/resolve.h"
#include "present/resolve_print.h"

enum {
	PLAN_OPT_RESOLVE, PLAN_OPT_ALPHA, PLAN_OPT_POWER, PLAN_OPT_BOOT,
	PLAN_OPT_ALL, PLAN_OPT_KEEP, PLAN_OPT_STYLE
};

static const struct cli_option plan_options[] = {
	{ "resolve", 0, "SHARE", "the change that is to be seen; 2%" },
	{ "alpha", 0, "P", "false alarms allowed at a point; 0.05" },
	{ "power", 0, "P", "probability that the change is seen; 0.8" },
	{ "boot-time", 0, "TIME", "how long a boot takes, with all before it" },
	{ "all", 0, NULL, "every metric, not only what workloads are known "
	    "for" },
	{ "keep-invalid", 0, NULL, "launches that broke a rule count, too" },
	{ "style", 0, "STYLE", "text, csv, json" },
	CLI_OPTIONS_END
};

struct plan_request {
	struct resolve resolve;
	void (*print)(const struct resolve *r, FILE *out);
};

static int
plan_style(struct plan_request *q, const char *name, struct err *e)
{
	static const struct {
		const char *name;
		void (*print)(const struct resolve *r, FILE *out);
	} styles[] = {
		{ "text", resolve_print_text },
		{ "csv", resolve_print_csv },
		{ "json", resolve_print_json },
	};
	size_t i;

	for (i = 0; i < sizeof(styles) / sizeof(styles[0]); i++) {
		if (strcmp(styles[i].name, name) != 0)
			continue;
		q->print = styles[i].print;
		return 0;
	}
	return err_set(e, "plan: --style %s: there is text, csv and json",
	    name);
}

static int
plan_boot_time(struct resolve *r, const char *text, struct err *e)
{
	uint64_t ns;

	if (units_time(text, &ns) != 0 || ns == 0)
		return err_set(e, "plan: --boot-time %s: that is no time, like "
		    "90s or 3m", text);
	r->boot_ns = (double)ns;
	return 0;
}

static int
plan_option(struct plan_request *q, int opt, const char *value, struct err *e)
{
	struct resolve *r = &q->resolve;

	switch (opt) {
	case PLAN_OPT_RESOLVE:
		return cli_share("plan", "resolve", value, &r->effect, e);
	case PLAN_OPT_ALPHA:
		return cli_share("plan", "alpha", value, &r->alpha, e);
	case PLAN_OPT_POWER:
		return cli_share("plan", "power", value, &r->power, e);
	case PLAN_OPT_BOOT:
		return plan_boot_time(r, value, e);
	case PLAN_OPT_STYLE:
		return plan_style(q, value, e);
	}
	r->all |= opt == PLAN_OPT_ALL;
	r->keep_invalid |= opt == PLAN_OPT_KEEP;
	return 0;
}

static int
plan_records(struct plan_request *q, char **operands, size_t n)
{
	struct cli_inputs in = { 0 };
	struct err e = { 0 };
	char **paths = NULL;
	int status = CLI_OK;

	if (cli_inputs_paths(&in, operands, n, &e) == 0)
		paths = cli_inputs_list(&in);
	if (paths != NULL && resolve_read(&q->resolve, paths, in.count, &e) ==
	    0)
		q->print(&q->resolve, stdout);
	else
		status = cli_complain(CLI_USAGE, &e);
	free(paths);
	cli_inputs_free(&in);
	return status;
}

static int
plan_run(int argc, char **argv)
{
	struct plan_request q = { .print = resolve_print_text };
	struct err e = { 0 };
	const char *value;
	int opt, next, status;

	while ((opt = cli_next_option(&cli_plan, argc, argv, &value, &next)) >=
	    0)
		if (plan_option(&q, opt, value, &e) != 0)
			return cli_complain(CLI_USAGE, &e);
	if (opt != CLI_DONE)
		return opt == CLI_HELP ? CLI_OK : CLI_USAGE;
	if (next == argc)
		return cli_complainf(CLI_USAGE, "plan: from which record? Name "
		    "the .jsonl file of a run like the one that is planned");
	status = plan_records(&q, argv + next, (size_t)(argc - next));
	resolve_free(&q.resolve);
	return status;
}

const struct cli_command cli_plan = {
	.name = "plan",
	.args = "RECORD|CAMPAIGN...",
	.summary = "say how many launches or boots a comparison takes",
	.options = plan_options,
	.run = plan_run,
};
