/* SPDX-License-Identifier: BSD-2-Clause */
/* vmstress report: what records show, as one page for people. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "cli/cli.h"
#include "cli/inputs.h"
#include "cli/judging.h"
#include "report/report.h"
#include "run/paths.h"

/* The others are taken by their names, see judging.h. */
enum { REPORT_OPT_OUTPUT, REPORT_OPT_FORMAT };

static const struct cli_option report_options[] = {
	{ "output", 'o', "FILE", "the report; default report.html" },
	{ "format", 'f', "FORMAT", "html, or md with its figures beside it" },
	CLI_JUDGING_OPTIONS,
	CLI_OPTIONS_END
};

struct report_request {
	struct report report;
	struct cli_inputs inputs;
	struct cli_judging judging;
	const char *output;
	enum report_format format;
};

static int
report_format(const char *name, enum report_format *format, struct err *e)
{
	if (strcmp(name, "html") == 0)
		*format = REPORT_HTML;
	else if (strcmp(name, "md") == 0)
		*format = REPORT_MD;
	else
		return err_set(e, "report: there is no format '%s'; there are: "
		    "html, md", name);
	return 0;
}

static int
report_option(struct report_request *q, int opt, const char *value,
    struct err *e)
{
	switch (opt) {
	case REPORT_OPT_OUTPUT:
		q->output = value;
		return 0;
	case REPORT_OPT_FORMAT:
		return report_format(value, &q->format, e);
	default:
		return cli_judging_option(&q->judging,
		    &q->report.source.compare, "report",
		    report_options[opt].name, value, e) < 0 ? -1 : 0;
	}
}

/* A word as a shell reads it. */
static void
report_word(struct str *b, const char *word)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789%+,-./:=@_";

	if (word[0] != '\0' && strspn(word, plain) == strlen(word)) {
		str_add(b, word);
		return;
	}
	str_add(b, "'");
	for (; *word != '\0'; word++)
		if (*word == '\'')
			str_add(b, "'\\''");
		else
			str_addn(b, word, 1);
	str_add(b, "'");
}

/* The command that makes this report again. */
static char *
report_command(int argc, char **argv)
{
	struct str b = { 0 };
	char *safe;
	int i;

	str_add(&b, "vmstress report");
	for (i = 1; i < argc; i++) {
		str_add(&b, " ");
		report_word(&b, argv[i]);
	}
	safe = str_safe_copy(str_text(&b));
	str_free(&b);
	return safe;
}

static int
report_make(struct report_request *q)
{
	struct report *r = &q->report;
	struct err e = { 0 };

	r->source.compare.campaigns = q->inputs.campaigns;
	r->source.compare.ncampaigns = q->inputs.ncampaigns;
	if (report_read(r, q->inputs.list, q->inputs.count, &e) != 0)
		return cli_complain(CLI_USAGE, &e);
	if (report_write(r, q->output, q->format, &e) != 0)
		return cli_complain(CLI_USAGE, &e);
	if (r->no_gnuplot)
		cli_complainf(CLI_OK, "report: without figures, only their "
		    "numbers: %s", r->undrawn);
	else if (r->undrawn != NULL)
		cli_complainf(CLI_OK, "report: a figure is missing: %s",
		    r->undrawn);
	printf("%s\n", q->output);
	return r->undrawn != NULL && !r->no_gnuplot ? CLI_FAILED : CLI_OK;
}

static int
report_records(struct report_request *q, char **records, size_t n)
{
	struct err e = { 0 };
	char *templates = paths_templates(&e);
	int status;

	if (templates == NULL)
		return cli_complain(CLI_FAILED, &e);
	if (q->output == NULL)
		q->output = q->format == REPORT_MD ? "report.md" :
		    "report.html";
	q->report.templates = templates;
	status = cli_inputs_take(&q->inputs, records, n, &e) == 0 ?
	    report_make(q) : cli_complain(CLI_USAGE, &e);
	report_free(&q->report);
	cli_inputs_free(&q->inputs);
	free(templates);
	return status;
}

static int
report_main(int argc, char **argv)
{
	struct report_request q = {
		.report = { .source = { .compare = { .seed = 1 } } },
	};
	struct err e = { 0 };
	const char *value;
	char *command = report_command(argc, argv);
	int opt, next, status = CLI_OK;

	q.report.command = command;
	while (status == CLI_OK && (opt = cli_next_option(&cli_report, argc,
	    argv, &value, &next)) >= 0)
		if (report_option(&q, opt, value, &e) != 0)
			status = cli_complain(CLI_USAGE, &e);
	if (status == CLI_OK && opt != CLI_DONE)
		status = opt == CLI_HELP ? CLI_OK : CLI_USAGE;
	else if (status == CLI_OK && argc == next)
		status = cli_complainf(CLI_USAGE, "report: which record? Name "
		    "the .jsonl file that `vmstress run` wrote");
	else if (status == CLI_OK)
		status = report_records(&q, &argv[next], (size_t)(argc - next));
	cli_judging_free(&q.judging);
	free(command);
	return status;
}

const struct cli_command cli_report = {
	.name = "report",
	.args = "[NAME=]RECORD|CAMPAIGN...",
	.summary = "write what records show as a page with figures",
	.options = report_options,
	.run = report_main,
};
