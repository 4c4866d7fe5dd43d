/* SPDX-License-Identifier: BSD-2-Clause */
/* vmstress help: the commands, or one of them. */
#include "config.h"

#include <stdio.h>

#include "cli/cli.h"

static const struct cli_option help_options[] = { CLI_OPTIONS_END };

static void
help_print_commands(FILE *out)
{
	size_t i;

	fprintf(out, "usage: vmstress COMMAND [options] [operands]\n\n"
	    "Stress and scalability benchmarks for kernels.\n\ncommands:\n");
	for (i = 0; cli_commands[i] != NULL; i++)
		fprintf(out, "  %-8s %s\n", cli_commands[i]->name,
		    cli_commands[i]->summary);
	fprintf(out, "\n`vmstress help COMMAND` or `vmstress COMMAND --help` "
	    "says more;\na first thing to try: vmstress run quick\n");
}

/* argc 0: called for want of a command, which is a mistake. */
static int
help_run(int argc, char **argv)
{
	const struct cli_command *c;
	const char *value;
	int opt, next;

	if (argc < 2) {
		help_print_commands(argc == 0 ? stderr : stdout);
		return CLI_OK;
	}
	opt = cli_next_option(&cli_help, argc, argv, &value, &next);
	if (opt != CLI_DONE)
		return opt == CLI_HELP ? CLI_OK : CLI_USAGE;
	if (next == argc) {
		help_print_commands(stdout);
		return CLI_OK;
	}
	c = cli_find(argv[next]);
	if (c == NULL)
		return CLI_USAGE;
	cli_print_help(c);
	return CLI_OK;
}

const struct cli_command cli_help = {
	.name = "help",
	.args = "[COMMAND]",
	.summary = "say how to use a command",
	.options = help_options,
	.run = help_run,
};
