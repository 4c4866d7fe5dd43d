/* SPDX-License-Identifier: BSD-2-Clause */
/* How many units the rows need, and what that costs. */
#ifndef VMSTRESS_RESOLVE_JUDGE_H
#define VMSTRESS_RESOLVE_JUDGE_H

#include "present/resolve.h"

void resolve_judge(struct resolve *r);

/* Repetitions that are there: launches of a boot, samples of a launch. */
size_t resolve_judge_per_boot(const struct resolve_row *row);
size_t resolve_judge_per_launch(const struct resolve *r,
    const struct resolve_row *row);

/* The fewest units a side with which compare could prove anything. */
size_t resolve_units_min(const struct resolve *r);

#endif
