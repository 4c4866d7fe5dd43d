/* SPDX-License-Identifier: BSD-2-Clause */
/* vmstress matrix: boot several kernels in rounds, and compare them. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "boot/matrix.h"
#include "boot/rounds.h"
#include "cli/cli.h"
#include "cli/matrix_options.h"
#include "cli/matrix_progress.h"

/* Of a guest, unless somebody says so. */
#define MATRIX_USUAL_BYTES (UINT64_C(2) << 30)
#define MATRIX_USUAL_CPU_BYTES (UINT64_C(256) << 20)

struct matrix_command {
	struct matrix_options options;
	struct matrix m;
};

/* ---- the end of a campaign ------------------------------------------------- */

/* What `vmstress compare FOLDER` and `vmstress report FOLDER` print. */
static void
matrix_conclude(struct matrix_command *c)
{
	char *report = campaign_path(c->options.folder, "report.html");
	char *compare[] = { (char *)(uintptr_t)"compare",
	    (char *)(uintptr_t)"--force", c->options.folder, NULL };
	char *page[] = { (char *)(uintptr_t)"report", (char *)(uintptr_t)"-o",
	    report, c->options.folder, NULL };

	fflush(stderr);
	/* One kernel alone is compared with nothing. */
	if (c->m.campaign.nkernels > 1)
		cli_run_other(&cli_compare, compare);
	fflush(stdout);
	cli_run_other(&cli_report, page);
	free(report);
}

static int
matrix_status(const struct matrix *m)
{
	if (m->interrupted)
		return CLI_INTERRUPTED;
	return matrix_count(m, CAMPAIGN_FAILED) > 0 ||
	    matrix_count(m, CAMPAIGN_LOST) > 0 ? CLI_FAILED : CLI_OK;
}

static int
matrix_execute(struct matrix_command *c)
{
	struct err e = { 0 };
	int rc = matrix_run(&c->m, &e);

	if (rc != 0)
		cli_complain(0, &e);
	if (rc != 0 || c->m.interrupted) {
		cli_complainf(0, "the campaign is not done: `vmstress matrix "
		    "--resume %s` goes on", c->options.folder);
		return rc != 0 ? CLI_FAILED : CLI_INTERRUPTED;
	}
	matrix_conclude(c);
	return matrix_status(&c->m);
}

/* ---- before it -------------------------------------------------------------- */

/* Workloads take memory for every worker. */
static uint64_t
matrix_memory(int cpus)
{
	uint64_t bytes = (uint64_t)cpus * MATRIX_USUAL_CPU_BYTES;

	return bytes > MATRIX_USUAL_BYTES ? bytes : MATRIX_USUAL_BYTES;
}

static int
matrix_plan(struct matrix_command *c, struct err *e)
{
	struct campaign_settings *s = &c->options.q.settings;

	if (s->cpus == 0)
		s->cpus = place_ncpu(c->options.request.place);
	c->options.request.ncpu = s->cpus;
	if (s->memory_bytes == 0)
		s->memory_bytes = matrix_memory(s->cpus);
	if (request_plan(&c->options.request, c->options.what, e) != 0)
		return -1;
	c->options.q.plan = &c->options.request.plan;
	if (!c->options.seeded)
		s->seed = c->options.request.plan.seed;
	if (c->options.folder == NULL)
		c->options.folder = cli_default_name(c->options.q.plan->name, "");
	return 0;
}

/* Which kernel boots when; nothing is made. */
static int
matrix_print_order(const struct matrix_command *c)
{
	const struct campaign_settings *s = &c->options.q.settings;
	int n = (int)c->options.q.nkernels, *order = mem_array(NULL, (size_t)n,
	    sizeof(*order)), round, i;
	enum rounds_order how = ROUNDS_RANDOM;
	struct err e = { 0 };

	rounds_order_read(s->order, &how, &e);
	for (round = 1; round <= s->boots; round++) {
		rounds_kernels(how, s->seed, round, n, order);
		printf("round %d:", round);
		for (i = 0; i < n; i++)
			printf(" %s", c->options.q.kernels[order[i]].name);
		printf("\n");
	}
	free(order);
	return CLI_OK;
}

static int
matrix_prepare(struct matrix_command *c, struct err *e)
{
	if (request_place(&c->options.request, e) != 0)
		return -1;
	c->m.place = c->options.request.place;
	if (c->options.resume != NULL) {
		c->options.folder = mem_strdup(c->options.resume);
		c->m.folder = c->options.folder;
		return matrix_resume(&c->m, e);
	}
	if (matrix_plan(c, e) != 0)
		return -1;
	c->m.folder = c->options.folder;
	return c->options.dry ? 0 : matrix_create(&c->m, &c->options.q, e);
}

static int
matrix_requested(struct matrix_command *c)
{
	struct matrix_progress progress;
	struct matrix_watch watch;
	struct err e = { 0 };
	int status;

	matrix_progress_init(&progress, c->options.quiet);
	watch = matrix_progress_watch(&progress);
	c->m.watch = &watch;
	c->m.manifest.fd = c->m.guard.fd = -1;
	if (matrix_prepare(c, &e) != 0)
		status = cli_complain(CLI_USAGE, &e);
	else
		status = c->options.dry ? matrix_print_order(c) :
		    matrix_execute(c);
	matrix_progress_free(&progress);
	return status;
}

static int
matrix_main(int argc, char **argv)
{
	struct matrix_command c = { .m.watch = NULL };
	struct err e = { 0 };
	const char *value;
	int opt, next, status;

	matrix_options_init(&c.options);
	while ((opt = cli_next_option(&cli_matrix, argc, argv, &value,
	    &next)) >= 0)
		if (matrix_options_take(&c.options, opt, value, &e) != 0)
			break;
	if (e.set)
		status = cli_complain(CLI_USAGE, &e);
	else if (opt != CLI_DONE)
		status = opt == CLI_HELP ? CLI_OK : CLI_USAGE;
	else if (matrix_options_check(&c.options, argc - next, argv + next, &e) != 0)
		status = cli_complain(CLI_USAGE, &e);
	else
		status = matrix_requested(&c);
	matrix_free(&c.m);
	matrix_options_free(&c.options);
	return status;
}

const struct cli_command cli_matrix = {
	.name = "matrix",
	.args = "WORKLOAD|CONFIG",
	.summary = "boot several kernels in rounds and compare them",
	.options = matrix_options_table,
	.run = matrix_main,
};
