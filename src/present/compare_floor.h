/* SPDX-License-Identifier: BSD-2-Clause */
/* How much a kernel differs from itself: the A/A floor of a comparison. */
#ifndef VMSTRESS_COMPARE_FLOOR_H
#define VMSTRESS_COMPARE_FLOOR_H

#include "present/compare.h"

/*
 * Compare the records of the base with those of the base once more (c->null),
 * set the floor of every row to the largest change found in its workload and
 * metric, and take back what is proven but not beyond it: COMPARE_NOISE.
 * `in` are the inputs of the comparison, which is judged.
 */
int compare_floor(struct compare *c, const struct compare_input *in, size_t n,
    struct err *e);

/* Of a comparison with itself, the row that changed most; -1: none did. */
long compare_floor_row(const struct compare *c);

#endif
