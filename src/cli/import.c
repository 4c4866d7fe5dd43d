/* SPDX-License-Identifier: BSD-2-Clause */
/* vmstress import: the output of an unattended cell into a record. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/plugin.h"
#include "base/str.h"
#include "cli/cli.h"
#include "record/import.h"

enum { IMPORT_OUTPUT, IMPORT_LABEL, IMPORT_PLUGIN };

static const struct cli_option import_options[] = {
	{ "output", 'o', "FILE", "record to write; default OUT.jsonl" },
	{ "label", 0, "TEXT", "name of the kernel or change under test" },
	{ "plugin", 0, "FILE", "load a workload from a shared object" },
	CLI_OPTIONS_END
};

static char *
import_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return mem_strdup(slash != NULL ? slash + 1 : path);
}

static void
import_report(const struct import_counts *c, const char *path)
{
	fprintf(stderr, "record: %s: %zu launches", path, c->launches);
	if (c->unfinished > 0)
		fprintf(stderr, ", %zu without an end", c->unfinished);
	if (c->foreign > 0)
		fprintf(stderr, "; %zu lines of other origin left out",
		    c->foreign);
	fprintf(stderr, "\n");
}

static int
import_file(const char *path, const char *output, const char *label)
{
	struct plan plan = { .name = import_name(path) };
	struct journal j = { .fd = -1 };
	struct import_counts counts;
	struct err e = { 0 };
	char *to = output != NULL ? mem_strdup(output) :
	    mem_printf("%s.jsonl", path);
	int rc;

	plan.label = label != NULL ? mem_strdup(label) : NULL;
	rc = journal_create(&j, to, &e);
	if (rc == 0) {
		rc = import_run(&plan, path, &j, &counts, &e);
		journal_close(&j);
		if (rc == 0)
			import_report(&counts, to);
		else
			unlink(to);
	}
	plan_free(&plan);
	free(to);
	return rc == 0 ? CLI_OK : cli_complain(CLI_USAGE, &e);
}

static int
import_main(int argc, char **argv)
{
	const char *value, *output = NULL, *label = NULL;
	struct err e = { 0 };
	int opt, next;

	while ((opt = cli_next_option(&cli_import, argc, argv, &value,
	    &next)) >= 0) {
		if (opt == IMPORT_OUTPUT)
			output = value;
		else if (opt == IMPORT_LABEL)
			label = value;
		else if (plugin_load(value, &e) == NULL)
			return cli_complain(CLI_USAGE, &e);
	}
	if (opt != CLI_DONE)
		return opt == CLI_HELP ? CLI_OK : CLI_USAGE;
	if (argc - next != 1)
		return cli_complainf(CLI_USAGE, "import: name the one file "
		    "that `vmstress-cell <plan >out` wrote");
	return import_file(argv[next], output, label);
}

const struct cli_command cli_import = {
	.name = "import",
	.args = "OUT",
	.summary = "make a record of what vmstress-cell wrote by itself",
	.options = import_options,
	.run = import_main,
};
