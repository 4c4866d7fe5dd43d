/* SPDX-License-Identifier: BSD-2-Clause */
/* vmstress plot: what a record shows, as figures. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

#include "base/io.h"
#include "base/mem.h"
#include "cli/cli.h"
#include "cli/inputs.h"
#include "figure/figure_write.h"
#include "present/table.h"
#include "run/paths.h"

enum { PLOT_OUTPUT, PLOT_FORMAT, PLOT_FIGURE, PLOT_TERM, PLOT_LIST, PLOT_ALL,
    PLOT_KEEP };

static const struct cli_option plot_options[] = {
	{ "output", 'o', "DIR", "the folder to write to; default plots" },
	{ "format", 'f', "FORMAT", "svg, png or pdf; default svg" },
	{ "figure", 0, "NAME", "only this kind of figure" },
	{ "term", 0, "dumb", "print figures as text for a mail instead" },
	{ "list", 'l', NULL, "name the kinds of figures" },
	{ "all", 0, NULL, "details as well" },
	{ "keep-invalid", 0, NULL, "launches that broke a rule count, too" },
	CLI_OPTIONS_END
};

struct plot_request {
	struct figure_source source;
	struct figure_place place;
	struct cli_inputs inputs;
	const char *figure;	/* NULL: all */
	bool list;
};

static int
plot_list(void)
{
	struct table *t = table_new();
	size_t i;

	table_column(t, "figure", false);
	table_column(t, "shows", false);
	for (i = 0; figure_kinds[i] != NULL; i++) {
		table_cell(t, figure_kinds[i]->name);
		table_cell(t, figure_kinds[i]->summary);
	}
	table_print(t, stdout);
	table_free(t);
	return CLI_OK;
}

/* ---- drawing ------------------------------------------------------------------ */

/* Everything is written before the first is drawn: nothing is lost. */
static int
plot_write(const struct plot_request *q, const struct figures *set,
    struct err *e)
{
	size_t i;

	for (i = 0; i < set->count; i++)
		if (figure_write(&set->list[i], &q->place, e) != 0)
			return cli_complain(CLI_USAGE, e);
	return CLI_OK;
}

static int
plot_draw(const struct plot_request *q, const struct figures *set,
    struct err *e)
{
	int status = CLI_OK, rc = 0;
	size_t i;

	for (i = 0; i < set->count; i++) {
		const struct figure *f = &set->list[i];

		if (q->place.format == FIGURE_DUMB && !f->kind->text)
			continue;
		/* That it is missing is said once. */
		if (rc == FIGURE_NO_GNUPLOT && f->svg == NULL)
			continue;
		rc = figure_draw(f, &q->place, stdout, e);
		if (rc != 0) {
			status = cli_complain(CLI_FAILED, e);
			memset(e, 0, sizeof(*e));
		} else if (q->place.format != FIGURE_DUMB) {
			printf("%s/%s.%s\n", q->place.dir, f->file, f->svg !=
			    NULL ? "svg" : figure_suffix(q->place.format));
		}
	}
	return status;
}

static int
plot_figures(struct plot_request *q)
{
	struct figures set = { 0 };
	struct err e = { 0 };
	int status = CLI_OK;

	if (figure_source_read(&q->source, q->inputs.list, q->inputs.count,
	    &e) != 0 || figures_make(&set, &q->source, q->figure, &e) != 0)
		status = cli_complain(CLI_USAGE, &e);
	else if (set.count == 0)
		status = cli_complainf(CLI_FAILED, "plot: there is nothing to "
		    "draw%s%s: `vmstress show` tells what the record has",
		    q->figure != NULL ? " for " : "", q->figure != NULL ?
		    q->figure : "");
	if (status == CLI_OK)
		status = plot_write(q, &set, &e);
	if (status == CLI_OK)
		status = plot_draw(q, &set, &e);
	figures_free(&set);
	figure_source_free(&q->source);
	return status;
}

/* A folder that nobody sees, for figures that are printed. */
static int
plot_in_mail(struct plot_request *q)
{
	const char *tmp = getenv("TMPDIR");
	char *dir = mem_printf("%s/vmstress-plot-XXXXXX", tmp != NULL &&
	    tmp[0] == '/' ? tmp : "/tmp");
	int status;

	if (mkdtemp(dir) == NULL) {
		status = cli_complainf(CLI_FAILED, "%s: cannot make a folder",
		    dir);
	} else {
		q->place.dir = dir;
		status = plot_figures(q);
		io_remove_folder(dir);
	}
	free(dir);
	return status;
}

static int
plot_option(struct plot_request *q, int opt, const char *value)
{
	int format;

	switch (opt) {
	case PLOT_OUTPUT:
		q->place.dir = value;
		break;
	case PLOT_FORMAT:
		format = figure_format(value);
		if (format < 0)
			return cli_complainf(CLI_USAGE, "plot: there is no "
			    "format '%s'; there are: svg, png, pdf", value);
		q->place.format = (enum figure_format)format;
		break;
	case PLOT_FIGURE:
		q->figure = value;
		break;
	case PLOT_TERM:
		if (strcmp(value, "dumb") != 0)
			return cli_complainf(CLI_USAGE, "plot: --term %s: "
			    "there is only dumb; for files see --format",
			    value);
		q->place.format = FIGURE_DUMB;
		break;
	default:
		q->list |= opt == PLOT_LIST;
		q->source.compare.all |= opt == PLOT_ALL;
		q->source.compare.keep_invalid |= opt == PLOT_KEEP;
		break;
	}
	return CLI_OK;
}

static int
plot_records(struct plot_request *q, char **records, size_t n)
{
	struct err e = { 0 };
	char *templates;
	int status;

	if (cli_inputs_take(&q->inputs, records, n, &e) != 0) {
		cli_inputs_free(&q->inputs);
		return cli_complain(CLI_USAGE, &e);
	}
	templates = paths_templates(&e);
	if (templates == NULL) {
		cli_inputs_free(&q->inputs);
		return cli_complain(CLI_FAILED, &e);
	}
	q->place.templates = templates;
	q->source.compare.campaigns = q->inputs.campaigns;
	q->source.compare.ncampaigns = q->inputs.ncampaigns;
	if (q->place.format == FIGURE_DUMB)
		status = plot_in_mail(q);
	else
		status = plot_figures(q);
	cli_inputs_free(&q->inputs);
	free(templates);
	return status;
}

static int
plot_main(int argc, char **argv)
{
	struct plot_request q = {
		.place = { .dir = "plots", .format = FIGURE_SVG },
		.source = { .compare = { .seed = 1 } },
	};
	const char *value;
	int opt, next, status;

	while ((opt = cli_next_option(&cli_plot, argc, argv, &value, &next)) >=
	    0) {
		status = plot_option(&q, opt, value);
		if (status != CLI_OK)
			return status;
	}
	if (opt != CLI_DONE)
		return opt == CLI_HELP ? CLI_OK : CLI_USAGE;
	if (q.list)
		return plot_list();
	if (argc == next)
		return cli_complainf(CLI_USAGE, "plot: which record? Name the "
		    ".jsonl file that `vmstress run` wrote");
	return plot_records(&q, &argv[next], (size_t)(argc - next));
}

const struct cli_command cli_plot = {
	.name = "plot",
	.args = "[NAME=]RECORD|CAMPAIGN...",
	.summary = "draw what records show",
	.options = plot_options,
	.run = plot_main,
};
