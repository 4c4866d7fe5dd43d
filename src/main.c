/* SPDX-License-Identifier: BSD-2-Clause */
/* vmstress: find the subcommand and run it. */
#include "config.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"

int
main(int argc, char **argv)
{
	const struct cli_command *c;

	/*
	 * A reader that goes away and a file that may not grow are write errors,
	 * not deaths.
	 */
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	if (argc < 2) {
		cli_help.run(0, NULL);
		return CLI_USAGE;
	}
	if (strcmp(argv[1], "--version") == 0 || strcmp(argv[1], "-V") == 0) {
		printf("%s\n", PACKAGE_STRING);
		return cli_finish(CLI_OK);
	}
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)
		return cli_help.run(1, argv + 1);
	c = cli_find(argv[1]);
	if (c == NULL)
		return CLI_USAGE;
	return cli_finish(c->run(argc - 1, argv + 1));
}
