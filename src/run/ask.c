/* SPDX-License-Identifier: BSD-2-Clause */
/* Ask the cell program about a cell without running it; see run.h. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/registry.h"
#include "run/paths.h"
#include "run/run.h"

/* It has to say what a workload needs, and may try it. */
#define ASK_TIMEOUT_NS 45000000000ull

int
run_guard(struct guard *g, struct err *e)
{
	char *guardian = paths_program("vmstress-guardian", e);
	int rc = guardian != NULL ? guard_start(g, guardian, e) : -1;

	free(guardian);
	return rc;
}

int
run_probe(struct guard *g, const struct place *place,
    const struct plan_cell *c,
    void (*on_line)(void *arg, const struct protocol_line *line), void *arg,
    struct attend_result *result, struct err *e)
{
	bool plugin = registry_file(c->workload) != NULL;
	char *program = paths_program(plugin ? "vmstress-cell-dynamic" :
	    "vmstress-cell", e);
	struct attend a = {
		.guard = g,
		.cell = program,
		.arg = "--probe",
		.timeout_ns = ASK_TIMEOUT_NS,
		.on_line = on_line,
		.arg_of_handlers = arg,
	};
	struct protocol_launch block;
	struct err why = { 0 };
	int rc = -1;

	memset(result, 0, sizeof(*result));
	if (program == NULL)
		return -1;
	if (run_block(place, c, 0, &block, &why) == 0) {
		snprintf(result->status, sizeof(result->status), "skipped");
		snprintf(result->reason, sizeof(result->reason), "%s",
		    why.text);
		rc = 0;
	} else {
		rc = attend_launch(&a, &block, result, e);
	}
	protocol_launch_free(&block);
	free(program);
	return rc;
}
