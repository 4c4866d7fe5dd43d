/* SPDX-License-Identifier: BSD-2-Clause */
/* What must be said before any number of a comparison is read. */
#ifndef VMSTRESS_COMPARE_WARN_H
#define VMSTRESS_COMPARE_WARN_H

#include "present/compare.h"

/*
 * Fills the warnings of a comparison whose records are read and matched: other
 * kinds of machine (to be refused), other builds of vmstress, other versions of
 * a workload, records of one side that are not of one kernel and machine.
 */
void compare_warn(struct compare *c);

#endif
