/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What one member of a population takes: measured on a few hundred of them,
 * before a cell that asks for many more is judged or run.
 */
#ifndef VMSTRESS_CALIBRATE_H
#define VMSTRESS_CALIBRATE_H

#include <stdint.h>

#include "base/err.h"
#include "plan/plan.h"
#include "run/guard.h"
#include "run/place.h"
#include "run/reach.h"

/* So many members make the readings of the kernel's memory precise enough. */
#define CALIBRATE_MEMBERS 800

/*
 * Bytes of memory, of the kernel and of processes, that a member of the cell's
 * population takes when it has been made; what it grows by later is not in it.
 * `need` is what the cell says of itself.  0 when that cannot be measured: not
 * a population, a small one, a system that does not tell, a launch that fails.
 * -1 in *e: the guardian is gone.
 */
uint64_t calibrate_member(struct guard *g, const struct place *place,
    const struct plan_cell *c, const struct reach_need *need, struct err *e);

#endif
