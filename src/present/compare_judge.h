/* SPDX-License-Identifier: BSD-2-Clause */
/* What may be concluded from the rows of a comparison; only for compare.c. */
#ifndef VMSTRESS_COMPARE_JUDGE_H
#define VMSTRESS_COMPARE_JUDGE_H

#include "present/compare.h"

/* Summaries of every value, an outcome for every row and side, the overall. */
void compare_judge(struct compare *c);

#endif
