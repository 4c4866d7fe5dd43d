/* SPDX-License-Identifier: BSD-2-Clause */
/* vmstress export: what a record holds in the forms of other tools. */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "base/units.h"
#include "cli/cli.h"
#include "present/folded.h"
#include "record/reader.h"

enum { EXPORT_FORMAT, EXPORT_CELL, EXPORT_PHASE, EXPORT_OUTPUT };

static const struct cli_option export_options[] = {
	{ "format", 'f', "FORMAT", "folded or flamegraph" },
	{ "cell", 0, "N", "only this cell; default all" },
	{ "phase", 0, "NAME", "only this phase; default all" },
	{ "output", 'o', "FILE", "write to FILE; default standard output" },
	CLI_OPTIONS_END
};

struct export_request {
	const struct export_format *format;
	int cell;		/* -1: all */
	const char *phase;	/* NULL: all */
	const char *output;	/* NULL: standard output */
};

static const struct export_format {
	const char *name;
	void (*print)(const struct folded *f, FILE *out);
} export_formats[] = {
	{ "folded", folded_print },
	{ "flamegraph", flame_print },
};

#define EXPORT_FORMATS (sizeof(export_formats) / sizeof(export_formats[0]))

static int
export_unknown(const char *name)
{
	struct str list = { 0 };
	size_t i;

	for (i = 0; i < EXPORT_FORMATS; i++)
		str_addf(&list, "%s%s", i > 0 ? ", " : "",
		    export_formats[i].name);
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

	switch (opt) {
	case EXPORT_FORMAT:
		for (i = 0; i < EXPORT_FORMATS; i++)
			if (strcmp(value, export_formats[i].name) == 0)
				q->format = &export_formats[i];
		return q->format != NULL ? CLI_OK : export_unknown(value);
	case EXPORT_CELL:
		return export_cell(value, &q->cell);
	case EXPORT_PHASE:
		q->phase = value;
		return CLI_OK;
	default:
		q->output = value;
		return CLI_OK;
	}
}

static int
export_write(const struct export_request *q, const struct folded *f)
{
	FILE *out = stdout;
	int bad;

	if (q->output != NULL)
		out = fopen(q->output, "we");
	if (out == NULL)
		return cli_complainf(CLI_USAGE, "%s: cannot write: %s",
		    q->output, strerror(errno));
	q->format->print(f, out);
	if (q->output == NULL)
		return CLI_OK;
	bad = ferror(out);
	if ((fclose(out) != 0) | bad)
		return cli_complainf(CLI_FAILED, "%s: cannot write: %s",
		    q->output, strerror(errno));
	return CLI_OK;
}

static int
export_record(const struct export_request *q, const char *record)
{
	struct insight in;
	struct folded f;
	struct err e = { 0 };
	int status;

	if (insight_read(&in, record, INSIGHT_PROFILE, &e) != 0) {
		status = cli_complain(CLI_USAGE, &e);
	} else {
		if (folded_collect(&f, &in, q->cell, q->phase, &e) == 0) {
			status = export_write(q, &f);
		} else {
			err_prefix(&e, "%s", record);
			status = cli_complain(CLI_USAGE, &e);
		}
		folded_free(&f);
	}
	insight_free(&in);
	return status;
}

static int
export_main(int argc, char **argv)
{
	struct export_request q = { .cell = -1 };
	const char *value;
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
	if (argc - next != 1)
		return cli_complainf(CLI_USAGE, "export: name the one record "
		    "to export");
	return export_record(&q, argv[next]);
}

const struct cli_command cli_export = {
	.name = "export",
	.args = "RECORD",
	.summary = "write a record in the form of another tool",
	.options = export_options,
	.run = export_main,
};
