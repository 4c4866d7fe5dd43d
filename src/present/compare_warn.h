/* SPDX-License-Identifier: BSD-2-Clause */
/* What must be said before any number of a comparison is read. */
#ifndef VMSTRESS_COMPARE_WARN_H
#define VMSTRESS_COMPARE_WARN_H

#include "present/compare.h"

/*
 * Fills the warnings of a comparison whose records are read and matched: other
 * kinds of machine (to be refused), other builds of vmstress, other versions of
 * a workload, records of one side that are not of one kernel and machine; and
 * of what does not count: the rest of a record that was cut off, values that
 * are not there or have no ratio, sides with nothing in common (to be refused).
 */
void compare_warn(struct compare *c);

/* Of the comparison of the base with itself, from which the floors are. */
void compare_warn_floor(struct compare *c, const struct compare *self);

#endif
