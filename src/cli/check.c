/* SPDX-License-Identifier: BSD-2-Clause */
/* vmstress check: the plan, what it would take, and what would stop it. */
#include "config.h"

#include "cli/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "base/units.h"
#include "cli/check_limits.h"
#include "cli/cli.h"
#include "cli/request.h"
#include "present/table.h"
#include "run/equip.h"
#include "run/preflight.h"
#include "run/run.h"

enum { CHECK_PLAN = REQUEST_COUNT };

static const struct cli_option check_options[] = {
	REQUEST_OPTIONS,
	{ "plan", 0, NULL, "write the plan for `vmstress-cell <plan >out`" },
	CLI_OPTIONS_END
};

/* ---- the table -------------------------------------------------------- */

static void
check_cpus(const struct place *place, const struct plan_cell *c, struct str *b)
{
	int *cpus = mem_zalloc((size_t)c->workers * sizeof(int));
	struct err e = { 0 };
	int i, rc = place_workers(place, c->pin, c->workers, cpus, &e);

	str_reset(b);
	for (i = 0; rc == 1 && i < c->workers && i < 8; i++)
		str_addf(b, "%s%d", i > 0 ? "," : "", cpus[i]);
	if (rc == 1 && c->workers > 8)
		str_add(b, ",...");
	if (rc < 0)
		str_add(b, e.text);
	free(cpus);
}

/* Nothing is said of a cell that could not be examined. */
static void
check_verdict(const struct preflight *c, struct str *b)
{
	str_reset(b);
	if (c->result.status[0] == '\0')
		return;
	if (strcmp(c->result.status, "ok") != 0)
		str_addf(b, "%s: %s", strcmp(c->result.status, "skipped") == 0 ?
		    "unsupported" : c->result.status, c->result.reason);
	else if (c->limited)
		str_addf(b, "limited: %s", c->reason);
	else
		str_add(b, "yes");
}

static void
check_row(struct table *t, const struct place *place,
    const struct plan_cell *c, const struct preflight *k)
{
	char text[UNITS_MAX], *params = plan_params_text(c);
	struct str b = { 0 };

	table_cellf(t, "%d", c->id);
	table_cellf(t, "%s/%d", c->workload->name, c->workload->version);
	table_cell(t, params);
	table_cell(t, c->threads ? "thread" : "process");
	table_cellf(t, "%d", c->workers);
	table_cell(t, c->latency ? "timed" : "");
	table_cell(t, c->pin);
	check_cpus(place, c, &b);
	table_cell(t, str_text(&b));
	table_cellf(t, "%d", c->launches);
	table_cell(t, plan_launch_ns(c) == 0 ? "not known" :
	    units_round_time(text, sizeof(text),
	    (double)plan_launch_ns(c) * c->launches));
	table_cell(t, k->need.memory_bytes > 0 ? units_round_bytes(text,
	    sizeof(text), (double)k->need.memory_bytes) : "");
	check_verdict(k, &b);
	table_cell(t, str_text(&b));
	str_free(&b);
	free(params);
}

static struct table *
check_table(void)
{
	struct table *t = table_new();

	table_column(t, "cell", true);
	table_column(t, "workload", false);
	table_column(t, "params", false);
	table_column(t, "mode", false);
	table_column(t, "workers", true);
	table_column(t, "latency", false);
	table_column(t, "pin", false);
	table_column(t, "cpus", false);
	table_column(t, "launches", true);
	table_column(t, "time", true);
	table_column(t, "memory", true);
	table_column(t, "runs here", false);
	return t;
}

static void
check_heading(const struct plan *p, const struct place *place)
{
	uint64_t total_ns = 0;
	size_t i, launches = 0, unknown = 0;
	char text[UNITS_MAX];

	for (i = 0; i < p->ncells; i++) {
		launches += (size_t)p->cells[i].launches;
		if (plan_launch_ns(&p->cells[i]) == 0)
			unknown += (size_t)p->cells[i].launches;
		total_ns += (uint64_t)p->cells[i].launches *
		    plan_launch_ns(&p->cells[i]);
	}
	printf("%s: %zu cells, %zu launches, about %s", p->name, p->ncells,
	    launches, units_round_time(text, sizeof(text), (double)total_ns));
	if (unknown > 0)
		printf(" and %zu launches of unknown length", unknown);
	printf("\n");
	printf("order: %s, seed %llu\n", p->order == PLAN_RANDOM ? "random" :
	    "listed", (unsigned long long)p->seed);
	printf("machine: %d CPUs allowed, %s\n\n", place_ncpu(place),
	    place_summary(place));
}

/* ---- the whole --------------------------------------------------------- */

/* For another machine only the places can be examined. */
static void
check_places(const struct plan *p, const struct place *place,
    struct preflight *cells)
{
	struct protocol_launch block;
	struct err why = { 0 };
	size_t i;

	for (i = 0; i < p->ncells; i++) {
		err_clear(&why);
		if (run_block(place, &p->cells[i], 0, &block, &why) == 0) {
			snprintf(cells[i].result.status,
			    sizeof(cells[i].result.status), "skipped");
			snprintf(cells[i].result.reason,
			    sizeof(cells[i].result.reason), "%s", why.text);
		}
		protocol_launch_free(&block);
	}
}

int
check_print(const struct plan *p, const struct place *place)
{
	struct preflight *cells = mem_zalloc(p->ncells * sizeof(*cells));
	struct err e = { 0 };
	struct table *t;
	size_t i;
	int status;

	if (!place_is_real(place)) {
		check_places(p, place, cells);
	} else if (preflight_examine(p, place, cells, &e) != 0) {
		free(cells);
		return cli_complain(CLI_USAGE, &e);
	}
	check_heading(p, place);
	t = check_table();
	for (i = 0; i < p->ncells; i++)
		check_row(t, place, &p->cells[i], &cells[i]);
	table_print(t, stdout);
	table_free(t);
	printf("\n");
	status = check_limits_print(p, cells);
	free(cells);
	return status;
}

/* ---- the plan as text ------------------------------------------------- */

static int
check_write_plan(const struct plan *p, const struct place *place)
{
	struct plan_launch *schedule;
	struct protocol_launch block;
	struct str b = { 0 };
	struct err why = { 0 };
	size_t k, n;

	schedule = plan_schedule(p, &n);
	for (k = 0; k < n; k++) {
		err_clear(&why);
		if (run_block(place, &p->cells[schedule[k].cell],
		    schedule[k].launch, &block, &why) == 1) {
			str_reset(&b);
			protocol_put_launch(&b, &block);
			fputs(str_text(&b), stdout);
		} else if (schedule[k].launch == 0) {
			cli_complainf(0, "cell %d: %s: left out of the plan",
			    schedule[k].cell, why.text);
		}
		protocol_launch_free(&block);
	}
	str_free(&b);
	free(schedule);
	return CLI_OK;
}

static int
check_request(struct request *q, const char *what, bool plan_text)
{
	struct err e = { 0 };

	if (request_place(q, &e) != 0 || request_plan(q, what, &e) != 0 ||
	    equip_check(&q->plan, &e) != 0)
		return cli_complain(CLI_USAGE, &e);
	return plan_text ? check_write_plan(&q->plan, q->place) :
	    check_print(&q->plan, q->place);
}

static int
check_run(int argc, char **argv)
{
	struct request q = { 0 };
	struct err e = { 0 };
	const char *value;
	bool plan_text = false;
	int opt, next, status;

	while ((opt = cli_next_option(&cli_check, argc, argv, &value, &next)) >=
	    0) {
		plan_text |= opt == CHECK_PLAN;
		if (opt < REQUEST_COUNT && request_option(&q,
		    &check_options[opt], value, &e) != 0)
			break;
	}
	if (e.set)
		status = cli_complain(CLI_USAGE, &e);
	else if (opt != CLI_DONE)
		status = opt == CLI_HELP ? CLI_OK : CLI_USAGE;
	else if (argc - next != 1)
		status = cli_complainf(CLI_USAGE, "check: name one workload, "
		    "config file or shipped config");
	else
		status = check_request(&q, argv[next], plan_text);
	request_free(&q);
	return status;
}

const struct cli_command cli_check = {
	.name = "check",
	.args = "WORKLOAD|CONFIG",
	.summary = "print the plan of a run and what would stop it here",
	.options = check_options,
	.run = check_run,
};
