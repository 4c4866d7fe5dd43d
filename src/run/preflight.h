/* SPDX-License-Identifier: BSD-2-Clause */
/* Before a run: every cell is asked whether it can run here and what it needs. */
#ifndef VMSTRESS_PREFLIGHT_H
#define VMSTRESS_PREFLIGHT_H

#include <stdbool.h>

#include "base/err.h"
#include "plan/plan.h"
#include "run/attend.h"
#include "run/place.h"
#include "run/reach.h"

/* What the cell program says about one cell. */
struct preflight {
	struct reach_need need;
	uint64_t member_bytes;		/* measured, see calibrate.h; or 0 */
	struct attend_result result;
	bool limited;
	char reason[ERR_MAX];
};

/*
 * Examine one cell.  A population that would take a good part of the machine's
 * memory is first tried with a few hundred members, and its need follows from
 * what those took.  -1 with an error when the guardian is gone.
 */
int preflight_cell(struct guard *g, const struct place *place,
    const struct plan_cell *c, struct preflight *cell, struct err *e);

/*
 * Examine all cells of a plan for this machine; `cells` has room for them.  -1
 * with an error when there is no guardian to be had.
 */
int preflight_examine(const struct plan *p, const struct place *place,
    struct preflight *cells, struct err *e);

/* What the machine as it is now allows of it.  Free with reach_free(). */
void preflight_reach(const struct preflight *cell, struct reach *r);

#endif
