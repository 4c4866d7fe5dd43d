/* SPDX-License-Identifier: BSD-2-Clause */
/* The limits that would stop a plan, in words. */
#ifndef VMSTRESS_CHECK_LIMITS_H
#define VMSTRESS_CHECK_LIMITS_H

#include "plan/plan.h"
#include "run/preflight.h"

/*
 * Print to stdout what stops the cells and how much of their populations is
 * reachable.  CLI_OK, or CLI_FAILED when something stops or fails a cell.
 */
int check_limits_print(const struct plan *p, const struct preflight *cells);

#endif
