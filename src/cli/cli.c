/* SPDX-License-Identifier: BSD-2-Clause */
/* What all subcommands share; see cli.h. */
#include "config.h"

#include "cli/cli.h"

#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/str.h"

#define CLI_OPTIONS_MAX 40

const struct cli_command *const cli_commands[] = {
	&cli_run,
	&cli_matrix,
	&cli_check,
	&cli_compare,
	&cli_plan,
	&cli_plot,
	&cli_report,
	&cli_list,
	&cli_show,
	&cli_export,
	&cli_env,
	&cli_events,
	&cli_import,
	&cli_help,
	&cli_guest,
	NULL
};

int
cli_complain(int status, const struct err *e)
{
	return cli_complainf(status, "%s", e->text);
}

int
cli_complainf(int status, const char *fmt, ...)
{
	struct str text = { 0 };
	char buf[ERR_MAX];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(buf, sizeof(buf), fmt, ap);
	va_end(ap);
	str_add_safe(&text, buf);
	fprintf(stderr, "vmstress: %s\n", str_text(&text));
	str_free(&text);
	return status;
}

int
cli_run_other(const struct cli_command *c, char **argv)
{
	int argc = 0;

	while (argv[argc] != NULL)
		argc++;
	/* getopt() begins anew. */
	optind = 1;
	return c->run(argc, argv);
}

char *
cli_default_name(const char *name, const char *extension)
{
	char stamp[32];
	time_t now = time(NULL);
	struct tm tm;

	localtime_r(&now, &tm);
	strftime(stamp, sizeof(stamp), "%Y%m%d-%H%M%S", &tm);
	return mem_printf("%s-%s%s", name, stamp, extension);
}

int
cli_width(void)
{
	struct winsize size;

	if (!isatty(STDOUT_FILENO) ||
	    ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0)
		return 0;
	return size.ws_col;
}

int
cli_finish(int status)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return status;
	return cli_complainf(CLI_FAILED, "cannot write to standard output: %s",
	    strerror(errno));
}

/* ---- commands --------------------------------------------------------- */

static void
cli_list_matches(const char *prefix, struct str *list)
{
	size_t i, n = strlen(prefix);

	for (i = 0; cli_commands[i] != NULL; i++)
		if (strncmp(cli_commands[i]->name, prefix, n) == 0)
			str_addf(list, "%s%s", list->len > 0 ? ", " : "",
			    cli_commands[i]->name);
}

static const struct cli_command *
cli_unknown(const char *name)
{
	struct str_nearest near = { .wanted = name };
	size_t i;

	for (i = 0; cli_commands[i] != NULL; i++)
		str_nearest_try(&near, cli_commands[i]->name);
	if (near.best != NULL)
		cli_complainf(0, "'%s' is not a command (did you mean '%s'?)",
		    name, near.best);
	else
		cli_complainf(0, "'%s' is not a command: try `vmstress help`",
		    name);
	return NULL;
}

const struct cli_command *
cli_find(const char *name)
{
	const struct cli_command *found = NULL;
	struct str list = { 0 };
	size_t i, n = strlen(name);
	int matches = 0;

	for (i = 0; cli_commands[i] != NULL; i++) {
		if (strcmp(cli_commands[i]->name, name) == 0)
			return cli_commands[i];
		if (n > 0 && strncmp(cli_commands[i]->name, name, n) == 0) {
			found = cli_commands[i];
			matches++;
		}
	}
	if (matches == 1)
		return found;
	if (matches == 0)
		return cli_unknown(name);
	cli_list_matches(name, &list);
	cli_complainf(0, "'%s' could be: %s", name, str_text(&list));
	str_free(&list);
	return NULL;
}

/* ---- options ---------------------------------------------------------- */

/* Its argument, "[=SIZE", may be left out. */
static bool
cli_may_lack(const struct cli_option *o)
{
	return o->arg != NULL && o->arg[0] == '[';
}

static void
cli_print_option(const struct cli_option *o)
{
	char left[64];

	snprintf(left, sizeof(left), "%c%c%s --%s%s%s%s",
	    o->letter != 0 ? '-' : ' ', o->letter != 0 ? o->letter : ' ',
	    o->letter != 0 ? "," : " ", o->name,
	    o->arg == NULL || cli_may_lack(o) ? "" : " ",
	    o->arg != NULL ? o->arg : "", cli_may_lack(o) ? "]" : "");
	printf("  %-28s %s\n", left, o->help);
}

void
cli_print_help(const struct cli_command *c)
{
	const struct cli_option *o;

	printf("usage: vmstress %s%s%s%s\n\n%s\n", c->name,
	    c->options[0].name != NULL ? " [options]" : "",
	    c->args[0] != '\0' ? " " : "", c->args, c->summary);
	if (c->options[0].name == NULL)
		return;
	printf("\noptions:\n");
	for (o = c->options; o->name != NULL; o++)
		cli_print_option(o);
	printf("\nSee vmstress(1).\n");
}

/* The tables that getopt_long() wants, from ours. */
static int
cli_getopt(const struct cli_command *c, int argc, char **argv)
{
	struct option longs[CLI_OPTIONS_MAX + 2];
	char shorts[2 * CLI_OPTIONS_MAX + 4] = ":h";
	size_t i, n = strlen(shorts);

	memset(longs, 0, sizeof(longs));
	for (i = 0; c->options[i].name != NULL && i < CLI_OPTIONS_MAX; i++) {
		longs[i].name = c->options[i].name;
		longs[i].has_arg = cli_may_lack(&c->options[i]) ?
		    optional_argument : c->options[i].arg != NULL ?
		    required_argument : no_argument;
		longs[i].val = 256 + (int)i;
		if (c->options[i].letter != 0) {
			shorts[n++] = c->options[i].letter;
			if (c->options[i].arg != NULL)
				shorts[n++] = ':';
		}
	}
	shorts[n] = '\0';
	longs[i].name = "help";
	longs[i].val = 'h';
	opterr = 0;
	return getopt_long(argc, argv, shorts, longs, NULL);
}

static int
cli_unknown_option(const struct cli_command *c, const char *given)
{
	struct str_nearest near = { .wanted = given };
	const char *equals = strchr(given, '=');
	const struct cli_option *o;

	while (*near.wanted == '-')
		near.wanted++;
	for (o = c->options; equals != NULL && o->name != NULL; o++) {
		if (strncmp(o->name, near.wanted, strlen(o->name)) != 0 ||
		    near.wanted + strlen(o->name) != equals)
			continue;
		cli_complainf(0, "%s: option '--%s' takes no argument",
		    c->name, o->name);
		return CLI_WRONG;
	}
	for (o = c->options; o->name != NULL; o++)
		str_nearest_try(&near, o->name);
	if (near.best != NULL)
		cli_complainf(0, "%s: unknown option '%s' (did you mean "
		    "'--%s'?)", c->name, given, near.best);
	else
		cli_complainf(0, "%s: unknown option '%s': try `vmstress %s "
		    "--help`", c->name, given, c->name);
	return CLI_WRONG;
}

int
cli_next_option(const struct cli_command *c, int argc, char **argv,
    const char **value, int *next)
{
	char given[3] = "-?";
	int i, opt = cli_getopt(c, argc, argv);

	*value = optarg;
	*next = optind;
	if (opt == 'h') {
		cli_print_help(c);
		return CLI_HELP;
	}
	if (opt == ':') {
		cli_complainf(0, "%s: option '%s' needs an argument", c->name,
		    argv[optind - 1]);
		return CLI_WRONG;
	}
	if (opt == '?') {
		/* Only for a single letter does getopt say which one. */
		given[1] = (char)optopt;
		return cli_unknown_option(c, optopt > 0 && optopt < 256 ?
		    given : argv[optind - 1]);
	}
	for (i = 0; opt > 0 && opt < 256 && c->options[i].name != NULL; i++)
		if (c->options[i].letter == opt)
			return i;
	return opt >= 256 ? opt - 256 : CLI_DONE;
}
