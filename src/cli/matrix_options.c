/* SPDX-License-Identifier: BSD-2-Clause */
/* What `vmstress matrix` is asked to do; see matrix_options.h. */
#include "config.h"

#include "cli/matrix_options.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/units.h"
#include "boot/rounds.h"

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

const struct cli_option matrix_options_table[] = {
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
	{ "memory", 0, "SIZE", "memory of a guest; 2G, or 256M per processor" },
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
#define MATRIX_BOOTS_USUAL 6
#define MATRIX_CPUS_MAX 4096
#define MATRIX_MEMORY_LEAST (UINT64_C(128) << 20)

/* "NAME=REST"; the name is a new string that the command owns. */
static const char *
matrix_options_split(struct matrix_options *c, const char *text, const char **rest)
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
matrix_options_kernel(struct matrix_options *c, const char *value,
    struct err *e)
{
	struct matrix_kernel *k;
	const char *name, *spec = NULL;

	name = matrix_options_split(c, value, &spec);
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
matrix_options_append(const char *args, struct err *e)
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
matrix_options_append_to(struct matrix_options *c, const char *value,
    struct err *e)
{
	const char *args = NULL, *name = matrix_options_split(c, value, &args);
	size_t i;

	if (name == NULL)
		return err_set(e, "matrix: --append-to %s: write NAME=ARGS",
		    value);
	for (i = 0; i < c->q.nkernels; i++)
		if (strcmp(c->q.kernels[i].name, name) == 0) {
			c->q.kernels[i].append = args;
			return matrix_options_append(args, e);
		}
	return err_set(e, "matrix: --append-to %s: there is no kernel '%s' "
	    "(--kernel comes first)", value, name);
}

static int
matrix_options_number(const char *option, const char *value, int64_t least,
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
matrix_options_seed(struct matrix_options *c, const char *value, struct err *e)
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
matrix_options_memory(struct matrix_options *c, const char *value, struct err *e)
{
	if (units_size(value, &c->q.settings.memory_bytes) == 0 &&
	    c->q.settings.memory_bytes >= MATRIX_MEMORY_LEAST)
		return 0;
	return err_set(e, "matrix: --memory %s: that is not a size of 128M or "
	    "more (try 2G)", value);
}

static int
matrix_options_qemu_arg(struct matrix_options *c, const char *value)
{
	struct campaign_settings *s = &c->q.settings;

	s->qemu_args = mem_array(s->qemu_args, s->nqemu_args + 1,
	    sizeof(*s->qemu_args));
	s->qemu_args[s->nqemu_args++] = (char *)(uintptr_t)value;
	return 0;
}

static int
matrix_options_order(struct matrix_options *c, const char *value, struct err *e)
{
	enum rounds_order order;

	if (rounds_order_read(value, &order, e) != 0)
		return err_prefix(e, "matrix: --order");
	c->q.settings.order = (char *)(uintptr_t)value;
	return 0;
}

static int
matrix_options_timeout(struct matrix_options *c, const char *value,
    struct err *e)
{
	if (units_time(value, &c->q.settings.boot_timeout_ns) == 0 &&
	    c->q.settings.boot_timeout_ns > 0)
		return 0;
	return err_set(e, "matrix: --boot-timeout %s: that is not a time (try "
	    "90s)", value);
}

static int
matrix_options_plan(struct matrix_options *c, int opt, const char *value,
    struct err *e)
{
	if (opt == MATRIX_PLUGIN) {
		c->plugins = mem_array(c->plugins, c->q.nplugins + 1,
		    sizeof(*c->plugins));
		c->plugins[c->q.nplugins++] = value;
		c->q.plugins = c->plugins;
	}
	return request_option(&c->request, &matrix_options_table[opt], value, e);
}

int
matrix_options_take(struct matrix_options *c, int opt, const char *value,
    struct err *e)
{
	struct campaign_settings *s = &c->q.settings;

	if (opt != MATRIX_RESUME && opt != MATRIX_QUIET)
		c->given = matrix_options_table[opt].name;
	switch (opt) {
	case MATRIX_KERNEL:
		return matrix_options_kernel(c, value, e);
	case MATRIX_APPEND:
		c->q.append = value;
		return matrix_options_append(value, e);
	case MATRIX_APPEND_TO:
		return matrix_options_append_to(c, value, e);
	case MATRIX_CPUS:
		return matrix_options_number("cpus", value, 1, MATRIX_CPUS_MAX,
		    &s->cpus, e);
	case MATRIX_MEMORY:
		return matrix_options_memory(c, value, e);
	case MATRIX_QEMU_ARG:
		return matrix_options_qemu_arg(c, value);
	case MATRIX_BOOT_TIMEOUT:
		return matrix_options_timeout(c, value, e);
	case MATRIX_BOOTS:
		return matrix_options_number("boots", value, 1, MATRIX_BOOTS_MAX,
		    &s->boots, e);
	case MATRIX_ORDER:
		return matrix_options_order(c, value, e);
	case MATRIX_SEED:
		return matrix_options_seed(c, value, e);
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
	    matrix_options_plan(c, opt, value, e) : 0;
}

int
matrix_options_check(struct matrix_options *c, int operands, char **argv,
    struct err *e)
{
	if (operands > 1)
		return err_set(e, "matrix: one workload or config at a time, "
		    "not '%s' as well", argv[1]);
	c->what = operands == 1 ? argv[0] : NULL;
	if (c->resume != NULL) {
		if (c->what == NULL && c->given == NULL)
			return 0;
		return err_set(e, "matrix: --resume goes on with what is in "
		    "the folder: it takes no %s%s", c->given != NULL ? "--" :
		    "", c->given != NULL ? c->given : "config");
	}
	if (c->q.nkernels == 0)
		return err_set(e, "matrix: which kernels? Try --kernel "
		    "old=FILE --kernel new=FILE");
	return c->what != NULL ? 0 : err_set(e, "matrix: run what in them? "
	    "Name a workload or a config; `vmstress list` has them");
}

void
matrix_options_init(struct matrix_options *c)
{
	*c = (struct matrix_options){
		.q.settings = {
			.boots = MATRIX_BOOTS_USUAL,
			.order = (char *)(uintptr_t)"random",
		},
	};
}

void
matrix_options_free(struct matrix_options *c)
{
	size_t i;

	for (i = 0; i < c->nowned; i++)
		free(c->owned[i]);
	free(c->owned);
	free(c->plugins);
	free(c->q.kernels);
	free(c->q.settings.qemu_args);
	free(c->folder);
	request_free(&c->request);
}
