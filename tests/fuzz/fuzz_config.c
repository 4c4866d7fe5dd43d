/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Any bytes as a config: it is refused with a located error, or it is a plan
 * whose schedule has every launch.
 */
#include "config.h"

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../unit/fake_workloads.h"
#include "plan/config_plan.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check(int ok)
{
	if (!ok)
		abort();
}

static void
check_plan(const struct plan *p)
{
	uint64_t launches = 0;
	size_t count = 0;

	check(p->ncells > 0 && p->ncells <= CONFIG_CELLS_MAX);
	for (size_t i = 0; i < p->ncells; i++) {
		const struct plan_cell *c = &p->cells[i];

		check(c->id == (int)i && c->workers >= 1 && c->launches >= 1);
		check((c->workload->modes &
		    (c->threads ? VMS_THREAD : VMS_PROCESS)) != 0);
		check(plan_timeout_ns(c) > 0);
		launches += (uint64_t)c->launches;
	}
	free(plan_params_text(&p->cells[0]));
	if (launches < 100000) {
		free(plan_schedule(p, &count));
		check(count == launches);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct config_override list[] = {
		{ "workers", "1,2", "-w 1,2", false },
		{ "size", "1M,2M", "-p size=1M,2M", true },
	};
	/* Odd sizes go without options, which would hide worker ranges. */
	struct config_overrides o = { .list = list, .ncpu = 6, .seed = 1,
	    .count = size % 2 == 0 ? 2 : 0 };
	struct err e = { 0 };
	struct plan p;

	if (config_read_text(&p, "f", (const char *)data, size, &o, &e) == 0) {
		check(!e.set);
		check_plan(&p);
		plan_free(&p);
		return 0;
	}
	check(e.set && p.cells == NULL);
	check(strncmp(e.text, "f:", 2) == 0 || strncmp(e.text, "-", 1) == 0);
	return 0;
}
