/* SPDX-License-Identifier: BSD-2-Clause */
/* vmstress guest: process 1 of a kernel that matrix has booted. */
#include "config.h"

#include "boot/guest.h"
#include "cli/cli.h"

static const struct cli_option guest_options[] = { CLI_OPTIONS_END };

static void
guest_say(const char *text)
{
	cli_complainf(0, "guest: %s", text);
}

static int
guest_run(int argc, char **argv)
{
	struct guest g;
	struct err e = { 0 };
	const char *value;
	int opt, next;

	opt = cli_next_option(&cli_guest, argc, argv, &value, &next);
	if (opt != CLI_DONE)
		return opt == CLI_HELP ? CLI_OK : CLI_USAGE;
	if (guest_check(&e) == 0 &&
	    guest_arguments(&g, argv + next, argc - next, &e) == 0)
		guest_main(&g, guest_say, &e);
	return cli_complain(CLI_USAGE, &e);
}

const struct cli_command cli_guest = {
	.name = "guest",
	.args = "seed=N [config=1]",
	.summary = "be process 1 of a kernel that matrix boots",
	.options = guest_options,
	.run = guest_run,
};
