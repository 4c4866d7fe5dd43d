/* SPDX-License-Identifier: BSD-2-Clause */
/* vmstress matrix: boot several kernels in rounds, and compare them. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/units.h"
#include "boot/matrix.h"
#include "boot/rounds.h"
#include "cli/cli.h"
#include "cli/matrix_progress.h"
#include "cli/request.h"
#include "os/os.h"

/* Of the plan, taken as `run` takes them. */
enum {
	MATRIX_WORKERS, MATRIX_MODE, MATRIX_PARAM, MATRIX_LAUNCHES,
	MATRIX_SAMPLES, MATRIX_INTERVAL, MATRIX_WARMUP, MATRIX_TIMEOUT,
	MATRIX_PLUGIN,
	MATRIX_PLAN_OPTIONS
};

enum {
	MATRIX_KERNEL = MATRIX_PLAN_OPTIONS, MATRIX_APPEND, MATRIX_APPEND_TO,
	MATRIX_CPUS, MATRIX_MEMORY, MATRIX_HUGEPAGES, MATRIX_QEMU_ARG,
	MATRIX_ALLOW_TCG, MATRIX_BOOT_TIMEOUT, MATRIX_BOOTS, MATRIX_ORDER,
	MATRIX_SEED, MATRIX_PROGRAM, MATRIX_LIBEXEC, MATRIX_SYSROOT,
	MATRIX_OUTPUT, MATRIX_RESUME, MATRIX_DRY, MATRIX_QUIET
};

static const struct cli_option matrix_options[] = {
	{ "workers", 'w', "LIST", "worker counts, of all cells: 1,2..ncpu" },
	{ "mode", 'm', "LIST", "process, thread, or process,thread" },
	{ "param", 'p', "KEY=VALUE", "a parameter of the workload; repeatable" },
	{ "launches", 0, "N", "independent executions of every cell in a boot" },
	{ "samples", 0, "N", "samples of every launch" },
	{ "interval", 0, "TIME", "length of a sample: 500ms, 5s" },
	{ "warmup", 0, "TIME", "unmeasured time before the samples" },
	{ "timeout", 0, "TIME", "when a launch counts as hung" },
	{ "plugin", 0, "FILE", "load workloads from a shared object" },
	{ "kernel", 'k', "NAME=KERNEL", "a file, or deb:PACKAGE; the first is the base" },
	{ "append", 0, "ARGS", "more arguments for all kernels" },
	{ "append-to", 0, "NAME=ARGS", "more arguments for one kernel" },
	{ "cpus", 0, "N", "processors of a guest; as many as here" },
	{ "memory", 0, "SIZE", "memory of a guest; 2G" },
	{ "hugepages", 0, NULL, "back it with huge pages of the host" },
	{ "qemu-arg", 0, "ARG", "one more argument for QEMU; repeatable" },
	{ "allow-tcg", 0, NULL, "emulate processors where KVM does not work" },
	{ "boot-timeout", 0, "TIME", "until a guest must be up; 60s, emulated 3min" },
	{ "boots", 0, "N", "of every kernel: rounds; 6" },
	{ "order", 0, "ORDER", "of kernels in a round: random, abba, listed" },
	{ "seed", 0, "N", "of the random orders" },
	{ "program", 0, "FILE", "vmstress for the guest, built for its processors" },
	{ "libexec", 0, "DIR", "its own programs (vmstress-cell and so on)" },
	{ "sysroot", 0, "DIR", "where its shared libraries are" },
	{ "output", 'o', "DIR", "folder of the campaign; default NAME-DATE" },
	{ "resume", 0, "DIR", "go on with a campaign that was cut short" },
	{ "dry-run", 0, NULL, "print which kernel boots when and stop" },
	{ "quiet", 'q', NULL, "no progress" },
	CLI_OPTIONS_END
};

#define MATRIX_BOOTS_MAX 1000
#define MATRIX_CPUS_MAX 4096
#define MATRIX_MEMORY_LEAST (UINT64_C(128) << 20)
#define MATRIX_MEMORY_USUAL (UINT64_C(2) << 30)

struct matrix_command {
	struct request request;
	struct matrix_request q;
	struct matrix m;
	size_t kernels_cap;
	char **owned;			/* names that kernels point to */
	size_t nowned;
	const char **plugins;
	const char *what, *resume;
	char *folder;
	bool seeded, dry, quiet;
};

/* ---- options -------------------------------------------------------------- */

/* "NAME=REST"; the name is a new string that the command owns. */
static const char *
matrix_split(struct matrix_command *c, const char *text, const char **rest)
{
	const char *equals = strchr(text, '=');

	if (equals == NULL || equals == text || equals[1] == '\0')
		return NULL;
	*rest = equals + 1;
	c->owned = mem_array(c->owned, c->nowned + 1, sizeof(*c->owned));
	c->owned[c->nowned] = mem_strndup(text, (size_t)(equals - text));
	return c->owned[c->nowned++];
}

static int
matrix_kernel_option(struct matrix_command *c, const char *value,
    struct err *e)
{
	struct matrix_kernel *k;
	const char *name, *spec = NULL;

	name = matrix_split(c, value, &spec);
	if (name == NULL)
		return err_set(e, "matrix: --kernel %s: write NAME=FILE or "
		    "NAME=deb:PACKAGE", value);
	c->q.kernels = mem_grow(c->q.kernels, c->q.nkernels, &c->kernels_cap,
	    sizeof(*c->q.kernels));
	k = &c->q.kernels[c->q.nkernels++];
	*k = (struct matrix_kernel){ .name = name, .spec = spec };
	return 0;
}

/* Our own arguments stand behind "--". */
static int
matrix_append_check(const char *args, struct err *e)
{
	const char *at;

	for (at = args; (at = strstr(at, "--")) != NULL; at += 2)
		if ((at == args || at[-1] == ' ') &&
		    (at[2] == '\0' || at[2] == ' '))
			return err_set(e, "matrix: '%s': \"--\" ends the "
			    "arguments of the kernel and is for vmstress", args);
	return 0;
}

static int
matrix_append_to(struct matrix_command *c, const char *value, struct err *e)
{
	const char *args = NULL, *name = matrix_split(c, value, &args);
	size_t i;

	if (name == NULL)
		return err_set(e, "matrix: --append-to %s: write NAME=ARGS",
		    value);
	for (i = 0; i < c->q.nkernels; i++)
		if (strcmp(c->q.kernels[i].name, name) == 0) {
			c->q.kernels[i].append = args;
			return matrix_append_check(args, e);
		}
	return err_set(e, "matrix: --append-to %s: there is no kernel '%s' "
	    "(--kernel comes first)", value, name);
}

static int
matrix_number(const char *option, const char *value, int64_t least,
    int64_t most, int *out, struct err *e)
{
	int64_t n;

	if (units_int(value, &n) != 0 || n < least || n > most)
		return err_set(e, "matrix: --%s %s: that is not a number from "
		    "%d to %d", option, value, (int)least, (int)most);
	*out = (int)n;
	return 0;
}

static int
matrix_seed(struct matrix_command *c, const char *value, struct err *e)
{
	int64_t n;

	if (units_int(value, &n) != 0 || n < 0)
		return err_set(e, "matrix: --seed %s: that is not a number",
		    value);
	c->q.settings.seed = (uint64_t)n;
	c->seeded = true;
	return 0;
}

static int
matrix_memory(struct matrix_command *c, const char *value, struct err *e)
{
	if (units_size(value, &c->q.settings.memory_bytes) == 0 &&
	    c->q.settings.memory_bytes >= MATRIX_MEMORY_LEAST)
		return 0;
	return err_set(e, "matrix: --memory %s: that is not a size of 128M or "
	    "more (try 2G)", value);
}

static int
matrix_qemu_arg(struct matrix_command *c, const char *value)
{
	struct campaign_settings *s = &c->q.settings;

	s->qemu_args = mem_array(s->qemu_args, s->nqemu_args + 1,
	    sizeof(*s->qemu_args));
	s->qemu_args[s->nqemu_args++] = (char *)(uintptr_t)value;
	return 0;
}

static int
matrix_order(struct matrix_command *c, const char *value, struct err *e)
{
	enum rounds_order order;

	if (rounds_order_read(value, &order, e) != 0)
		return err_prefix(e, "matrix: --order");
	c->q.settings.order = (char *)(uintptr_t)value;
	return 0;
}

static int
matrix_boot_timeout(struct matrix_command *c, const char *value,
    struct err *e)
{
	if (units_time(value, &c->q.settings.boot_timeout_ns) == 0 &&
	    c->q.settings.boot_timeout_ns > 0)
		return 0;
	return err_set(e, "matrix: --boot-timeout %s: that is not a time (try "
	    "90s)", value);
}

static int
matrix_plan_option(struct matrix_command *c, int opt, const char *value,
    struct err *e)
{
	if (opt == MATRIX_PLUGIN) {
		c->plugins = mem_array(c->plugins, c->q.nplugins + 1,
		    sizeof(*c->plugins));
		c->plugins[c->q.nplugins++] = value;
		c->q.plugins = c->plugins;
	}
	return request_option(&c->request, &matrix_options[opt], value, e);
}

static int
matrix_option(struct matrix_command *c, int opt, const char *value,
    struct err *e)
{
	struct campaign_settings *s = &c->q.settings;

	switch (opt) {
	case MATRIX_KERNEL:
		return matrix_kernel_option(c, value, e);
	case MATRIX_APPEND:
		c->q.append = value;
		return matrix_append_check(value, e);
	case MATRIX_APPEND_TO:
		return matrix_append_to(c, value, e);
	case MATRIX_CPUS:
		return matrix_number("cpus", value, 1, MATRIX_CPUS_MAX,
		    &s->cpus, e);
	case MATRIX_MEMORY:
		return matrix_memory(c, value, e);
	case MATRIX_QEMU_ARG:
		return matrix_qemu_arg(c, value);
	case MATRIX_BOOT_TIMEOUT:
		return matrix_boot_timeout(c, value, e);
	case MATRIX_BOOTS:
		return matrix_number("boots", value, 1, MATRIX_BOOTS_MAX,
		    &s->boots, e);
	case MATRIX_ORDER:
		return matrix_order(c, value, e);
	case MATRIX_SEED:
		return matrix_seed(c, value, e);
	case MATRIX_PROGRAM:
		c->q.program = value;
		return 0;
	case MATRIX_LIBEXEC:
		c->q.libexec = value;
		return 0;
	case MATRIX_SYSROOT:
		c->q.sysroot = value;
		return 0;
	case MATRIX_OUTPUT:
		free(c->folder);
		c->folder = mem_strdup(value);
		return 0;
	case MATRIX_RESUME:
		c->resume = value;
		return 0;
	}
	s->hugepages |= opt == MATRIX_HUGEPAGES;
	s->allow_tcg |= opt == MATRIX_ALLOW_TCG;
	c->dry |= opt == MATRIX_DRY;
	c->quiet |= opt == MATRIX_QUIET;
	return opt < MATRIX_PLAN_OPTIONS ?
	    matrix_plan_option(c, opt, value, e) : 0;
}

static int
matrix_check(struct matrix_command *c, int operands, char **argv,
    struct err *e)
{
	if (operands > 1)
		return err_set(e, "matrix: one workload or config at a time, "
		    "not '%s' as well", argv[1]);
	c->what = operands == 1 ? argv[0] : NULL;
	if (c->resume != NULL) {
		if (c->what != NULL || c->q.nkernels > 0 || c->folder != NULL)
			return err_set(e, "matrix: --resume goes on with what "
			    "is in the folder: it takes no config, kernel or "
			    "-o");
		return 0;
	}
	if (c->q.nkernels == 0)
		return err_set(e, "matrix: which kernels? Try --kernel "
		    "old=FILE --kernel new=FILE");
	return c->what != NULL ? 0 : err_set(e, "matrix: run what in them? "
	    "Name a workload or a config; `vmstress list` has them");
}

/* ---- the end of a campaign ------------------------------------------------- */

/* What `vmstress compare FOLDER` and `vmstress report FOLDER` print. */
static void
matrix_conclude(struct matrix_command *c)
{
	char *report = mem_printf("%s/report.html", c->folder);
	char *compare[] = { (char *)(uintptr_t)"compare",
	    (char *)(uintptr_t)"--force", c->folder, NULL };
	char *page[] = { (char *)(uintptr_t)"report", (char *)(uintptr_t)"-o",
	    report, c->folder, NULL };

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
		    "--resume %s` goes on", c->folder);
		return rc != 0 ? CLI_FAILED : CLI_INTERRUPTED;
	}
	matrix_conclude(c);
	return matrix_status(&c->m);
}

/* ---- before it -------------------------------------------------------------- */

static int
matrix_plan(struct matrix_command *c, struct err *e)
{
	struct campaign_settings *s = &c->q.settings;

	if (s->cpus == 0)
		s->cpus = place_ncpu(c->request.place);
	c->request.ncpu = s->cpus;
	if (request_plan(&c->request, c->what, e) != 0)
		return -1;
	c->q.plan = &c->request.plan;
	if (!c->seeded)
		s->seed = c->request.plan.seed;
	if (c->folder == NULL)
		c->folder = cli_default_name(c->q.plan->name, "");
	return 0;
}

/* Which kernel boots when; nothing is made. */
static int
matrix_print_order(const struct matrix_command *c)
{
	const struct campaign_settings *s = &c->q.settings;
	int n = (int)c->q.nkernels, *order = mem_array(NULL, (size_t)n,
	    sizeof(*order)), round, i;
	enum rounds_order how = ROUNDS_RANDOM;
	struct err e = { 0 };

	rounds_order_read(s->order, &how, &e);
	for (round = 1; round <= s->boots; round++) {
		rounds_kernels(how, s->seed, round, n, order);
		printf("round %d:", round);
		for (i = 0; i < n; i++)
			printf(" %s", c->q.kernels[order[i]].name);
		printf("\n");
	}
	free(order);
	return CLI_OK;
}

static int
matrix_prepare(struct matrix_command *c, struct err *e)
{
	if (request_place(&c->request, e) != 0)
		return -1;
	c->m.place = c->request.place;
	if (c->resume != NULL) {
		c->folder = mem_strdup(c->resume);
		c->m.folder = c->folder;
		return matrix_resume(&c->m, e);
	}
	if (matrix_plan(c, e) != 0)
		return -1;
	c->m.folder = c->folder;
	return c->dry ? 0 : matrix_create(&c->m, &c->q, e);
}

static int
matrix_requested(struct matrix_command *c)
{
	struct matrix_progress progress;
	struct matrix_watch watch;
	struct err e = { 0 };

	matrix_progress_init(&progress, c->quiet);
	watch = matrix_progress_watch(&progress);
	c->m.watch = &watch;
	c->m.manifest.fd = c->m.guard.fd = -1;
	if (matrix_prepare(c, &e) != 0)
		return cli_complain(CLI_USAGE, &e);
	return c->dry ? matrix_print_order(c) : matrix_execute(c);
}

static void
matrix_command_free(struct matrix_command *c)
{
	size_t i;

	matrix_free(&c->m);
	for (i = 0; i < c->nowned; i++)
		free(c->owned[i]);
	free(c->owned);
	free(c->plugins);
	free(c->q.kernels);
	free(c->q.settings.qemu_args);
	free(c->folder);
	request_free(&c->request);
}

static int
matrix_main(int argc, char **argv)
{
	struct matrix_command c = {
		.q.settings = {
			.boots = 6,
			.memory_bytes = MATRIX_MEMORY_USUAL,
			.order = (char *)(uintptr_t)"random",
		},
	};
	struct err e = { 0 };
	const char *value;
	int opt, next, status;

	while ((opt = cli_next_option(&cli_matrix, argc, argv, &value,
	    &next)) >= 0)
		if (matrix_option(&c, opt, value, &e) != 0)
			break;
	if (e.set)
		status = cli_complain(CLI_USAGE, &e);
	else if (opt != CLI_DONE)
		status = opt == CLI_HELP ? CLI_OK : CLI_USAGE;
	else if (matrix_check(&c, argc - next, argv + next, &e) != 0)
		status = cli_complain(CLI_USAGE, &e);
	else
		status = matrix_requested(&c);
	matrix_command_free(&c);
	return status;
}

const struct cli_command cli_matrix = {
	.name = "matrix",
	.args = "WORKLOAD|CONFIG",
	.summary = "boot several kernels in rounds and compare them",
	.options = matrix_options,
	.run = matrix_main,
};
