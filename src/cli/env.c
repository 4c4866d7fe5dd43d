/* SPDX-License-Identifier: BSD-2-Clause */
/* vmstress env: on what machine a record was made, or how two differ. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "os/os.h"
#include "present/facts.h"
#include "present/table.h"
#include "record/reader.h"

static const struct cli_option env_options[] = { CLI_OPTIONS_END };

static void
env_add(void *arg, const char *key, const char *value)
{
	facts_add(arg, key, value);
}

static int
env_add_read(void *arg, const char *key, const char *value)
{
	facts_add(arg, key, value);
	return 0;
}

static int
env_read(struct facts *f, const char *path, struct err *e)
{
	struct reader_handler h = { .fact = env_add_read, .arg = f };

	if (reader_run(path, &h, e) != 0)
		return -1;
	facts_sort(f);
	return 0;
}

static void
env_print(const struct facts *f)
{
	struct table *t = table_new();
	size_t i;

	table_column(t, "fact", false);
	table_column(t, "value", false);
	for (i = 0; i < f->count; i++) {
		table_cell(t, f->list[i].key);
		table_cell(t, f->list[i].value);
	}
	table_print(t, stdout);
	table_free(t);
}

/* A row for each key of `a` whose value in `b` is another or none. */
static size_t
env_diff_rows(struct table *t, const struct facts *a,
    const struct facts *b, bool missing_only)
{
	size_t i, rows = 0;

	for (i = 0; i < a->count; i++) {
		const char *key = a->list[i].key, *other = facts_value(b, key);

		if (other != NULL && (missing_only ||
		    strcmp(other, a->list[i].value) == 0))
			continue;
		table_cell(t, key);
		table_cell(t, missing_only ? "(not known)" : a->list[i].value);
		table_cell(t, missing_only ? a->list[i].value :
		    other != NULL ? other : "(not known)");
		rows++;
	}
	return rows;
}

static void
env_print_diff(const struct facts *a, const struct facts *b)
{
	struct table *t = table_new();
	size_t rows;

	table_column(t, "differs", false);
	table_column(t, "first", false);
	table_column(t, "second", false);
	rows = env_diff_rows(t, a, b, false) + env_diff_rows(t, b, a, true);
	if (rows > 0)
		table_print(t, stdout);
	else
		printf("no recorded fact differs\n");
	table_free(t);
}

static int
env_of_files(int count, char **files)
{
	struct facts facts[2] = { { 0 } };
	struct err e = { 0 };
	int i, status = CLI_OK;

	for (i = 0; i < count && status == CLI_OK; i++)
		if (env_read(&facts[i], files[i], &e) != 0)
			status = cli_complain(CLI_USAGE, &e);
	if (status == CLI_OK && count == 1)
		env_print(&facts[0]);
	else if (status == CLI_OK)
		env_print_diff(&facts[0], &facts[1]);
	facts_free(&facts[0]);
	facts_free(&facts[1]);
	return status;
}

static int
env_of_this_machine(void)
{
	struct facts facts = { 0 };

	os_facts(env_add, &facts);
	os_facts_now(env_add, &facts);
	facts_sort(&facts);
	env_print(&facts);
	facts_free(&facts);
	return CLI_OK;
}

static int
env_run(int argc, char **argv)
{
	const char *value;
	int opt, next;

	opt = cli_next_option(&cli_env, argc, argv, &value, &next);
	if (opt != CLI_DONE)
		return opt == CLI_HELP ? CLI_OK : CLI_USAGE;
	if (argc - next > 2)
		return cli_complainf(CLI_USAGE, "env: at most two records can "
		    "be compared");
	if (argc == next)
		return env_of_this_machine();
	return env_of_files(argc - next, argv + next);
}

const struct cli_command cli_env = {
	.name = "env",
	.args = "[RECORD [RECORD]]",
	.summary = "print the machine a record was made on, or how two differ",
	.options = env_options,
	.run = env_run,
};
