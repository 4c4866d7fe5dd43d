/* SPDX-License-Identifier: BSD-2-Clause */
/* vmstress list: workloads and their parameters, from the tables. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "base/param.h"
#include "base/plugin.h"
#include "base/registry.h"
#include "cli/cli.h"
#include "cli/list_mdoc.h"
#include "present/table.h"
#include "run/paths.h"

enum { LIST_ALL, LIST_PLUGIN, LIST_MDOC };

static const struct cli_option list_options[] = {
	{ "all", 'a', NULL, "also those that only test the plug-in contract" },
	{ "plugin", 0, "FILE", "load a workload from a shared object" },
	{ "mdoc", 0, NULL, "as the source of vmstress-workloads(7)" },
	CLI_OPTIONS_END
};

static const char *
list_modes(const struct vms_workload *wl)
{
	static const char *const words[] = {
		[VMS_PROCESS] = "process",
		[VMS_THREAD] = "thread",
		[VMS_PROCESS | VMS_THREAD] = "process, thread",
	};

	return words[wl->modes & (VMS_PROCESS | VMS_THREAD)];
}

static const char *
list_kind(const struct vms_workload *wl)
{
	static const char *const words[] = {
		[VMS_RATE] = "rate",
		[VMS_PHASES] = "phases",
		[VMS_CURVE] = "curve",
	};

	return words[wl->kind];
}

static void
list_config(void *arg, const char *name)
{
	const char **comma = arg;

	printf("%s%s", *comma, name);
	*comma = ", ";
}

static int
list_workloads(bool all)
{
	struct table *t = table_new();
	const struct vms_workload *wl;
	const char *lead = "\nconfigs: ";
	int i;

	table_column(t, "workload", false);
	table_column(t, "kind", false);
	table_column(t, "one operation", false);
	table_column(t, "modes", false);
	table_column(t, "what", false);
	for (i = 0; (wl = registry_at(i)) != NULL; i++) {
		if (wl->hidden && !all)
			continue;
		table_cellf(t, "%s/%d", wl->name, wl->version);
		table_cell(t, list_kind(wl));
		table_cell(t, wl->unit);
		table_cell(t, list_modes(wl));
		table_cell(t, wl->summary);
	}
	table_print(t, stdout);
	table_free(t);
	if (paths_configs(list_config, &lead) > 0)
		printf("\n");
	printf("\n`vmstress list WORKLOAD` explains one and its parameters.\n");
	return CLI_OK;
}

static void
list_params(const struct vms_workload *wl)
{
	const struct vms_param *row;
	struct table *t = table_new();
	struct str accepts = { 0 };

	table_column(t, "parameter", false);
	table_column(t, "default", false);
	table_column(t, "accepts", false);
	table_column(t, "what", false);
	for (row = wl->params; row != NULL && row->name != NULL; row++) {
		str_reset(&accepts);
		param_accepts(row, &accepts);
		table_cell(t, row->name);
		table_cell(t, row->def);
		table_cell(t, str_text(&accepts));
		table_cell(t, row->help);
	}
	table_print(t, stdout);
	table_free(t);
	str_free(&accepts);
}

static void
list_one(const struct vms_workload *wl)
{
	const char *about = registry_about(wl);

	printf("%s/%d - %s\n\n", wl->name, wl->version, wl->summary);
	if (about != NULL)
		printf("%s\n", about);
	printf("kind: %s; one operation: %s; modes: %s\n", list_kind(wl),
	    wl->unit, list_modes(wl));
	if (wl->net != NULL)
		printf("second rate: %s/s, without the time that is set aside\n",
		    wl->net);
	if (wl->latency != NULL)
		printf("percentiles: of the %s\n", wl->latency);
	if (registry_file(wl) != NULL)
		printf("plug-in: %s\n", registry_file(wl));
	if (param_count(wl->params) == 0) {
		printf("no parameters\n");
		return;
	}
	printf("\n");
	list_params(wl);
}

static int
list_named(int count, char **names)
{
	const struct vms_workload *wl;
	struct err e = { 0 };
	int i;

	for (i = 0; i < count; i++) {
		wl = registry_find(names[i], &e);
		if (wl == NULL)
			return cli_complain(CLI_USAGE, &e);
		if (i > 0)
			printf("\n");
		list_one(wl);
	}
	return CLI_OK;
}

static int
list_run(int argc, char **argv)
{
	bool all = false, mdoc = false;
	struct err e = { 0 };
	const char *value;
	int opt, next;

	while ((opt = cli_next_option(&cli_list, argc, argv, &value, &next)) >=
	    0) {
		all |= opt == LIST_ALL;
		mdoc |= opt == LIST_MDOC;
		if (opt == LIST_PLUGIN && plugin_load(value, &e) == NULL)
			return cli_complain(CLI_USAGE, &e);
	}
	if (opt != CLI_DONE)
		return opt == CLI_HELP ? CLI_OK : CLI_USAGE;
	if (mdoc) {
		list_mdoc_print();
		return CLI_OK;
	}
	if (next == argc)
		return list_workloads(all);
	return list_named(argc - next, argv + next);
}

const struct cli_command cli_list = {
	.name = "list",
	.args = "[WORKLOAD...]",
	.summary = "name the workloads, or explain some and their parameters",
	.options = list_options,
	.run = list_run,
};
