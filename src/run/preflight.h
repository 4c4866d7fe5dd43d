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
	struct attend_result result;
	bool limited;
	char reason[ERR_MAX];
};

/*
 * Examine all cells of a plan for this machine; `cells` has room for them.  -1
 * with an error when there is no guardian to be had.
 */
int preflight_examine(const struct plan *p, const struct place *place,
    struct preflight *cells, struct err *e);

/* What the machine as it is now allows of it.  Free with reach_free(). */
void preflight_reach(const struct preflight *cell, struct reach *r);

#endif
