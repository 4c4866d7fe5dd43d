/* SPDX-License-Identifier: BSD-2-Clause */
/* vmstress export: what a record holds in the forms of other tools. */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/str.h"
#include "base/units.h"
#include "cli/cli.h"
#include "present/export_measured.h"
#include "present/folded.h"
#include "record/reader.h"

enum {
	EXPORT_FORMAT, EXPORT_CELL, EXPORT_METRIC, EXPORT_PHASE, EXPORT_KEEP,
	EXPORT_OUTPUT
};

static const struct cli_option export_options[] = {
	{ "format", 'f', "FORMAT", "csv, gobench, ministat; folded, flamegraph" },
	{ "cell", 0, "N", "only this cell; default all" },
	{ "metric", 0, "NAME", "ministat: this metric, not the headline" },
	{ "phase", 0, "NAME", "folded, flamegraph: only this phase" },
	{ "keep-invalid", 0, NULL,
	    "gobench, ministat: launches that broke a rule, too" },
	{ "output", 'o', "FILE", "write to FILE; default standard output" },
	CLI_OPTIONS_END
};

struct export_request {
	const struct export_format *format;
	unsigned given;		/* bits of the options */
	struct export_choice choice;
	const char *phase;	/* NULL: all */
	const char *output;	/* NULL: standard output */
};

/* What was measured has check and write, a profile has print. */
static const struct export_format {
	const char *name;
	unsigned takes;		/* bits of options that not all formats take */
	int (*check)(const struct gather *g, const struct export_choice *c,
	    struct err *e);
	void (*write)(const struct gather *g, const struct export_choice *c,
	    FILE *out, struct export_left *left);
	void (*print)(const struct folded *f, FILE *out);
} export_formats[] = {
	{ "csv", 0, export_check_csv, export_csv, NULL },
	{ "gobench", 1u << EXPORT_KEEP, export_check_gobench, export_gobench,
	    NULL },
	{ "ministat", 1u << EXPORT_KEEP | 1u << EXPORT_METRIC,
	    export_check_ministat, export_ministat, NULL },
	{ "folded", 1u << EXPORT_PHASE, NULL, NULL, folded_print },
	{ "flamegraph", 1u << EXPORT_PHASE, NULL, NULL, flame_print },
};

#define EXPORT_FORMATS (sizeof(export_formats) / sizeof(export_formats[0]))

/* ---- options ---------------------------------------------------------- */

/* The names of the formats that take an option; -1: of all. */
static void
export_list(struct str *list, int opt)
{
	size_t i;

	for (i = 0; i < EXPORT_FORMATS; i++)
		if (opt < 0 || (export_formats[i].takes & 1u << opt) != 0)
			str_addf(list, "%s%s", list->len > 0 ? ", " : "",
			    export_formats[i].name);
}

static int
export_unknown(const char *name)
{
	struct str list = { 0 };

	export_list(&list, -1);
	if (name != NULL)
		cli_complainf(0, "export: there is no format '%s'; there are: "
		    "%s", name, str_text(&list));
	else
		cli_complainf(0, "export: which --format? There are: %s",
		    str_text(&list));
	str_free(&list);
	return CLI_USAGE;
}

static int
export_cell(const char *text, int *cell)
{
	int64_t value;

	if (units_int(text, &value) != 0 || value < 0 ||
	    value >= READER_CELLS_MAX)
		return cli_complainf(CLI_USAGE, "export: '%s' is not the "
		    "number of a cell", text);
	*cell = (int)value;
	return CLI_OK;
}

static int
export_option(struct export_request *q, int opt, const char *value)
{
	size_t i;

	q->given |= 1u << opt;
	switch (opt) {
	case EXPORT_FORMAT:
		q->format = NULL;
		for (i = 0; i < EXPORT_FORMATS; i++)
			if (strcmp(value, export_formats[i].name) == 0)
				q->format = &export_formats[i];
		return q->format != NULL ? CLI_OK : export_unknown(value);
	case EXPORT_CELL:
		return export_cell(value, &q->choice.cell);
	case EXPORT_METRIC:
		q->choice.metric = value;
		return CLI_OK;
	case EXPORT_PHASE:
		q->phase = value;
		return CLI_OK;
	case EXPORT_KEEP:
		q->choice.keep_invalid = true;
		return CLI_OK;
	default:
		q->output = value;
		return CLI_OK;
	}
}

/* An option that would do nothing is a misunderstanding. */
static int
export_refuse(const struct export_request *q)
{
	static const int some[] = { EXPORT_METRIC, EXPORT_PHASE, EXPORT_KEEP };
	struct str list = { 0 };
	size_t i;

	for (i = 0; i < sizeof(some) / sizeof(some[0]); i++) {
		if ((q->given & ~q->format->takes & 1u << some[i]) == 0)
			continue;
		export_list(&list, some[i]);
		cli_complainf(0, "export: --%s means nothing for --format %s "
		    "(it is for %s)", export_options[some[i]].name,
		    q->format->name, str_text(&list));
		str_free(&list);
		return CLI_USAGE;
	}
	return CLI_OK;
}

/* ---- output ----------------------------------------------------------- */

static int
export_open(const struct export_request *q, const char *record, FILE **out)
{
	struct stat a, b;

	*out = stdout;
	if (q->output == NULL)
		return CLI_OK;
	if (stat(q->output, &a) == 0 && stat(record, &b) == 0 &&
	    S_ISREG(a.st_mode) && a.st_dev == b.st_dev && a.st_ino == b.st_ino)
		return cli_complainf(CLI_USAGE, "%s: cannot write: it is the "
		    "record itself", q->output);
	*out = fopen(q->output, "we");
	if (*out == NULL)
		return cli_complainf(CLI_USAGE, "%s: cannot write: %s",
		    q->output, strerror(errno));
	return CLI_OK;
}

static int
export_close(const struct export_request *q, FILE *out)
{
	int bad;

	if (q->output == NULL)
		return CLI_OK;		/* cli_finish() looks after it */
	bad = ferror(out);
	if ((fclose(out) != 0) | bad)
		return cli_complainf(CLI_FAILED, "%s: cannot write: %s",
		    q->output, strerror(errno));
	return CLI_OK;
}

/* ---- profiles --------------------------------------------------------- */

static int
export_profile(const struct export_request *q, const char *record)
{
	struct insight in;
	struct folded f;
	struct err e = { 0 };
	FILE *out;
	int status;

	if (insight_read(&in, record, INSIGHT_PROFILE, &e) != 0) {
		status = cli_complain(CLI_USAGE, &e);
	} else {
		if (folded_collect(&f, &in, q->choice.cell, q->phase,
		    &e) != 0) {
			err_prefix(&e, "%s", record);
			status = cli_complain(CLI_USAGE, &e);
		} else {
			status = export_open(q, record, &out);
			if (status == CLI_OK) {
				q->format->print(&f, out);
				status = export_close(q, out);
			}
		}
		folded_free(&f);
	}
	insight_free(&in);
	return status;
}

/* ---- what was measured ------------------------------------------------ */

/* What is not in the output, or not as its reader wants it. */
static void
export_tell(const struct export_request *q, const struct export_left *left)
{
	if (left->invalid > 0)
		cli_complainf(0, "export: left out, since not valid: %zu "
		    "launch%s (--keep-invalid keeps them)", left->invalid,
		    left->invalid == 1 ? "" : "es");
	if (left->unfinished > 0)
		cli_complainf(0, "export: left out, since not ended well: %zu "
		    "launch%s", left->unfinished,
		    left->unfinished == 1 ? "" : "es");
	if (left->counted > 0)
		cli_complainf(0, "export: left out, since they only counted: "
		    "%zu launch%s", left->counted,
		    left->counted == 1 ? "" : "es");
	if (left->too_long > 0)
		cli_complainf(0, "export: lines longer than the %zu bytes that "
		    "readers of %s take: %zu (choose with --cell)",
		    left->limit - 1, q->format->name, left->too_long);
}

static int
export_measured(const struct export_request *q, const char *record)
{
	struct export_left left = { 0 };
	struct gather g;
	struct err e = { 0 };
	FILE *out;
	int status;

	if (gather_read(&g, record, &e) != 0) {
		status = cli_complain(CLI_USAGE, &e);
	} else if (q->format->check(&g, &q->choice, &e) != 0) {
		err_prefix(&e, "%s", record);
		status = cli_complain(CLI_USAGE, &e);
	} else {
		status = export_open(q, record, &out);
		if (status == CLI_OK) {
			q->format->write(&g, &q->choice, out, &left);
			status = export_close(q, out);
			export_tell(q, &left);
		}
	}
	gather_free(&g);
	return status;
}

static int
export_main(int argc, char **argv)
{
	struct export_request q = { .choice.cell = -1 };
	const char *value;
	struct stat st;
	int opt, next, status;

	while ((opt = cli_next_option(&cli_export, argc, argv, &value,
	    &next)) >= 0) {
		status = export_option(&q, opt, value);
		if (status != CLI_OK)
			return status;
	}
	if (opt != CLI_DONE)
		return opt == CLI_HELP ? CLI_OK : CLI_USAGE;
	if (q.format == NULL)
		return export_unknown(NULL);
	status = export_refuse(&q);
	if (status != CLI_OK)
		return status;
	if (argc - next != 1)
		return cli_complainf(CLI_USAGE, "export: name the one record "
		    "to export");
	if (stat(argv[next], &st) == 0 && S_ISDIR(st.st_mode))
		return cli_complainf(CLI_USAGE, "export: %s is a folder: name "
		    "one record (of a campaign, one of its boots)", argv[next]);
	if (q.format->print != NULL)
		return export_profile(&q, argv[next]);
	return export_measured(&q, argv[next]);
}

const struct cli_command cli_export = {
	.name = "export",
	.args = "RECORD",
	.summary = "write a record in the form of another tool",
	.options = export_options,
	.run = export_main,
};
