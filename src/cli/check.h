/* SPDX-License-Identifier: BSD-2-Clause */
/* The plan in words; shared by `check` and `run --dry-run`. */
#ifndef VMSTRESS_CHECK_H
#define VMSTRESS_CHECK_H

#include "plan/plan.h"
#include "run/place.h"

/*
 * Print the plan and the pre-flight to stdout.  Every cell is examined by the
 * program that would run it, when the topology is this machine's.  CLI_OK, or
 * CLI_FAILED when a limit would stop a cell or a cell cannot run as asked.
 */
int check_print(const struct plan *p, const struct place *place);

#endif
