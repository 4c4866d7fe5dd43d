/* SPDX-License-Identifier: BSD-2-Clause */
/* A cell of the plan into the block that vmstress-cell gets; see run.h. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/param.h"
#include "base/registry.h"
#include "run/run.h"

static void
block_params(const struct plan_cell *c, struct protocol_launch *l)
{
	int i;

	for (i = 0; i < c->nparams; i++) {
		l->params = mem_grow(l->params, l->nparams, &l->params_cap,
		    sizeof(*l->params));
		l->params[l->nparams].name = mem_strdup(c->params[i].row->name);
		l->params[l->nparams].value = mem_strdup(c->params[i].text);
		l->nparams++;
	}
}

/* What the workload's partner parameter asks for; free when it has none. */
static enum vms_near
block_near(const struct plan_cell *c)
{
	static const char *const words[] = VMS_NEAR_CHOICES;
	const char *text = NULL;
	int i;

	if (c->workload->partner_param != NULL)
		text = plan_param(c, c->workload->partner_param);
	for (i = 0; text != NULL && words[i] != NULL; i++)
		if (strcmp(words[i], text) == 0)
			return (enum vms_near)i;
	return VMS_NEAR_FREE;
}

static int
block_place(const struct place *place, const struct plan_cell *c,
    struct protocol_launch *l, struct err *why)
{
	size_t size = (size_t)c->workers * sizeof(int);
	int rc;

	l->cpus = mem_zalloc(size);
	rc = place_workers(place, c->pin, c->workers, l->cpus, why);
	if (rc <= 0) {
		free(l->cpus);
		l->cpus = NULL;
	}
	if (rc < 0)
		return -1;
	l->partners = mem_zalloc(size);
	rc = place_partners(place, block_near(c), l->cpus, c->workers,
	    l->partners, why);
	if (rc <= 0) {
		free(l->partners);
		l->partners = NULL;
	}
	return rc < 0 ? -1 : 0;
}

/*
 * Reading all statistics takes as long as some hundred system calls: samples
 * must be long beside that.
 */
#define BLOCK_STATISTICS_NS UINT64_C(100000000)

static bool
block_affords(const struct plan_cell *c, uint64_t least_ns)
{
	return c->workload->kind != VMS_RATE || c->interval_ns >= least_ns;
}

int
run_block(const struct place *place, const struct plan_cell *c, int launch,
    struct protocol_launch *l, struct err *why)
{
	const char *plugin = registry_file(c->workload);

	memset(l, 0, sizeof(*l));
	l->cell = (uint64_t)c->id;
	l->launch = (uint64_t)launch;
	l->workload = mem_printf("%s/%d", c->workload->name,
	    c->workload->version);
	l->plugin = plugin != NULL ? mem_strdup(plugin) : NULL;
	l->threads = c->threads;
	l->workers = c->workers;
	l->pin = mem_strdup(c->pin);
	l->samples = c->samples;
	l->interval_ns = c->interval_ns;
	l->warmup_ns = c->warmup_ns;
	l->timeout_ns = plan_timeout_ns(c);
	l->latency = c->latency;
	l->member_bytes = c->member_bytes;
	l->probe = c->probe;
	l->statistics = c->statistics && block_affords(c, BLOCK_STATISTICS_NS);
	block_params(c, l);
	return block_place(place, c, l, why) == 0 ? 1 : 0;
}
