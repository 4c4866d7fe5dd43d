/* SPDX-License-Identifier: BSD-2-Clause */
/* A few members of a population, and what they take; see calibrate.h. */
#include "config.h"

#include "run/calibrate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/registry.h"
#include "os/os.h"
#include "run/attend.h"
#include "run/paths.h"
#include "run/run.h"

#define CALIBRATE_TIMEOUT_NS 60000000000u

/* Two readings that are so far apart in time and bytes are the same. */
#define CALIBRATE_PAUSE_NS 50000000u
#define CALIBRATE_STILL_BYTES 131072u

struct calibrate {
	uint64_t before, at_full;	/* bytes; 0: not known */
	uint64_t members;
	bool stop;			/* nobody needs the rest of the launch */
};

static uint64_t
calibrate_known(uint64_t bytes)
{
	return bytes == OS_MEMORY_UNKNOWN ? 0 : bytes;
}

/* What processes cost and cannot be reclaimed; 0: not known. */
static uint64_t
calibrate_bytes(void)
{
	struct os_kernel_memory m;

	if (os_kernel_memory(&m) != 0)
		return 0;
	return calibrate_known(m.page_tables_bytes) +
	    calibrate_known(m.kernel_stack_bytes) +
	    calibrate_known(m.slab_bytes) + calibrate_known(m.percpu_bytes) +
	    calibrate_known(m.anonymous_bytes);
}

/*
 * What ended last is given back late: wait until the reading falls no more,
 * for a second at most.
 */
static void
calibrate_settle(void)
{
	uint64_t now = calibrate_bytes(), before;
	int i = 0;

	do {
		before = now;
		os_sleep_until(os_now_ns() + CALIBRATE_PAUSE_NS);
		now = calibrate_bytes();
	} while (now + CALIBRATE_STILL_BYTES < before && ++i < 20);
}

/*
 * The first phase makes the members: they are there when it is reported, and
 * the workers stood at the gate when the cell described itself.
 */
static void
calibrate_on_line(void *arg, const struct protocol_line *l)
{
	struct calibrate *k = arg;
	struct err none = { 0 };

	if (strcmp(l->keyword, "describe") == 0) {
		k->before = calibrate_bytes();
	} else if (strcmp(l->keyword, "phase") == 0 && !k->stop) {
		k->at_full = calibrate_bytes();
		if (protocol_get_u64(l, "ops", &k->members, &none) != 0)
			k->members = 0;
		k->stop = true;
	}
}

/* The same cell with one worker and a population of so many. */
static int
calibrate_block(const struct place *place, const struct plan_cell *c,
    uint64_t population, struct protocol_launch *block)
{
	struct plan_cell one = *c;
	struct err why = { 0 };
	size_t i;

	one.workers = 1;
	if (run_block(place, &one, 0, block, &why) == 0)
		return -1;
	for (i = 0; i < block->nparams; i++) {
		if (strcmp(block->params[i].name, c->workload->population) != 0)
			continue;
		free(block->params[i].value);
		block->params[i].value = mem_printf("%llu",
		    (unsigned long long)population);
	}
	return 0;
}

/* A unit of the parameter may be a whole group of processes. */
static uint64_t
calibrate_population(const struct plan_cell *c, const struct reach_need *need)
{
	uint64_t each = need->population * (uint64_t)c->workers;

	each = each > 0 ? (need->tasks + each - 1) / each : 1;
	return CALIBRATE_MEMBERS / (each > 0 ? each : 1) + 1;
}

uint64_t
calibrate_member(struct guard *g, const struct place *place,
    const struct plan_cell *c, const struct reach_need *need, struct err *e)
{
	bool plugin = registry_file(c->workload) != NULL;
	uint64_t population = calibrate_population(c, need), bytes = 0;
	struct calibrate k = { 0 };
	struct attend_result result;
	struct protocol_launch block;
	struct attend a = {
		.guard = g,
		.arg = "--launch",
		.timeout_ns = CALIBRATE_TIMEOUT_NS,
		.on_line = calibrate_on_line,
		.stop = &k.stop,
		.arg_of_handlers = &k,
	};
	char *program;

	if (c->workload->population == NULL || need->population <= population)
		return 0;
	program = paths_program(plugin ? "vmstress-cell-dynamic" :
	    "vmstress-cell", e);
	if (program == NULL)
		return 0;
	a.cell = program;
	calibrate_settle();
	if (calibrate_block(place, c, population, &block) == 0 &&
	    attend_launch(&a, &block, &result, e) == 0 && k.members > 0 &&
	    k.before > 0 && k.at_full > k.before)
		bytes = (k.at_full - k.before) / k.members;
	protocol_launch_free(&block);
	free(program);
	return bytes;
}
