/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The command line.  One file per subcommand, each with one exported object;
 * this is the only code that prints or exits.  stdout carries results, stderr
 * progress and diagnostics.
 */
#ifndef VMSTRESS_CLI_H
#define VMSTRESS_CLI_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

/* Exit status; what 1 means is said in each command's manual section. */
enum cli_status {
	CLI_OK = 0,
	CLI_FAILED = 1,
	CLI_USAGE = 2,
	CLI_INCONCLUSIVE = 3,	/* compare, if asked to tell */
	CLI_INTERRUPTED = 4
};

/* One option; the rows feed parsing, --help and the manual's check. */
struct cli_option {
	const char *name;	/* long name; NULL ends the table */
	char letter;		/* short name, or 0 */
	/* Name of its argument, or NULL: a flag; "[=SIZE" may be left out. */
	const char *arg;
	const char *help;	/* lower case, no full stop */
};

#define CLI_OPTIONS_END { NULL, 0, NULL, NULL }

struct cli_command {
	const char *name;
	const char *args;	/* "WORKLOAD|CONFIG", for the usage line */
	const char *summary;	/* lower case, no full stop */
	const struct cli_option *options;
	int (*run)(int argc, char **argv);	/* argv[0] is the command */
};

/* All commands, in the order of the help; ends with NULL. */
extern const struct cli_command *const cli_commands[];

extern const struct cli_command cli_check;
extern const struct cli_command cli_compare;
extern const struct cli_command cli_env;
extern const struct cli_command cli_events;
extern const struct cli_command cli_export;
extern const struct cli_command cli_guest;
extern const struct cli_command cli_help;
extern const struct cli_command cli_import;
extern const struct cli_command cli_list;
extern const struct cli_command cli_matrix;
extern const struct cli_command cli_plan;
extern const struct cli_command cli_plot;
extern const struct cli_command cli_report;
extern const struct cli_command cli_run;
extern const struct cli_command cli_show;

/* By name or unique prefix; prints the error and returns NULL otherwise. */
const struct cli_command *cli_find(const char *name);

/* ---- options ---------------------------------------------------------- */

#define CLI_DONE	(-1)	/* no more options */
#define CLI_WRONG	(-2)	/* the error is printed: return CLI_USAGE */
#define CLI_HELP	(-3)	/* the help is printed: return CLI_OK */

/*
 * The next option: its index in the command's table with *value set (NULL for
 * a flag), or one of the above.  After CLI_DONE, argv[*next] is the first
 * operand.
 */
int cli_next_option(const struct cli_command *c, int argc, char **argv,
    const char **value, int *next);

void cli_print_help(const struct cli_command *c);

/* Another command from inside of one; argv ends with NULL. */
int cli_run_other(const struct cli_command *c, char **argv);

/* ---- messages --------------------------------------------------------- */

/* "vmstress: TEXT" on stderr; returns `status`. */
int cli_complain(int status, const struct err *e);
int cli_complainf(int status, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* "NAME-20261127-221500EXTENSION": what a run or a campaign is called; free it. */
char *cli_default_name(const char *name, const char *extension);

/* Columns of the terminal at stdout, 0 when it is none. */
int cli_width(void);

/*
 * Flush stdout and say so if that fails (a full disk behind it); returns
 * `status` or CLI_FAILED.
 */
int cli_finish(int status);

#endif
