/* SPDX-License-Identifier: BSD-2-Clause */
/* The cells of a plan, examined; see preflight.h. */
#include "config.h"

#include "run/preflight.h"

#include <stdio.h>
#include <string.h>

#include "os/os.h"
#include "run/calibrate.h"
#include "run/run.h"

/* A need above this part of the memory that is available is measured. */
#define PREFLIGHT_PART 8

static uint64_t
preflight_number(const struct protocol_line *l, const char *key)
{
	struct err none = { 0 };
	uint64_t value;

	return protocol_get(l, key) != NULL &&
	    protocol_get_u64(l, key, &value, &none) == 0 ? value : 0;
}

static void
preflight_on_line(void *arg, const struct protocol_line *l)
{
	struct preflight *c = arg;
	const char *reason = protocol_get(l, "reason");
	uint64_t tasks;

	if (strcmp(l->keyword, "describe") == 0) {
		tasks = preflight_number(l, "tasks");
		if (tasks > c->need.tasks)
			c->need.tasks = tasks;
		c->need.population = preflight_number(l, "population");
		c->need.fds = preflight_number(l, "fds");
		c->need.pipes = preflight_number(l, "pipes");
		c->need.mappings = preflight_number(l, "more_mappings");
		c->need.memory_bytes = preflight_number(l, "memory_bytes");
	} else if (strcmp(l->keyword, "probe") == 0 && reason != NULL) {
		c->limited = strcmp(protocol_get(l, "status"), "limit") == 0;
		snprintf(c->reason, sizeof(c->reason), "%s", reason);
	}
}

/* The estimate of a need that is a small part of what is there will do. */
static bool
preflight_matters(const struct preflight *cell)
{
	uint64_t available = os_memory_available();

	return cell->need.population > 0 && available > 0 &&
	    cell->need.memory_bytes > available / PREFLIGHT_PART;
}

int
preflight_cell(struct guard *g, const struct place *place,
    const struct plan_cell *c, struct preflight *cell, struct err *e)
{
	struct plan_cell measured = *c;

	cell->need.tasks = (uint64_t)c->workers;
	if (run_probe(g, place, c, preflight_on_line, cell, &cell->result,
	    e) != 0)
		return -1;
	if (!preflight_matters(cell))
		return 0;
	cell->member_bytes = calibrate_member(g, place, c, &cell->need, e);
	if (e->set || cell->member_bytes == 0)
		return e->set ? -1 : 0;
	measured.member_bytes = cell->member_bytes;
	return run_probe(g, place, &measured, preflight_on_line, cell,
	    &cell->result, e);
}

int
preflight_examine(const struct plan *p, const struct place *place,
    struct preflight *cells, struct err *e)
{
	struct guard g = { .fd = -1 };
	size_t i;
	int rc = run_guard(&g, e);

	for (i = 0; i < p->ncells && rc == 0; i++)
		rc = preflight_cell(&g, place, &p->cells[i], &cells[i], e);
	guard_stop(&g);
	return rc;
}

void
preflight_reach(const struct preflight *cell, struct reach *r)
{
	reach_find(r, &cell->need, os_limits, os_memory_available());
}
