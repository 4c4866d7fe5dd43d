/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Two kernels that met in blocks, which are rounds of a campaign: each block
 * has one unit of each.  What a block does to both of its units is no
 * difference of kernels, and no noise of it either: only differences within
 * blocks count, and under the hypothesis their signs are a matter of chance
 * (Fisher 1935, the randomization test of paired values).
 */
#ifndef VMSTRESS_BLOCKS_H
#define VMSTRESS_BLOCKS_H

#include <stddef.h>
#include <stdint.h>

#include "stats/labelling.h"

/*
 * As labelling_max_t(), of differences d[block * points + point], new less
 * base; NAN is one that is missing.  A labelling flips all points of a block
 * together.  The statistic is |mean| / standard error, with the same floor; a
 * point of less than two differences has NAN.  -1 with less than two blocks, no
 * point, or an infinite value.
 */
int blocks_max_t(const double *d, size_t blocks, size_t points, uint64_t seed,
    double *p, struct labelling *l);

/*
 * Are units of the same block more alike than those of different ones?  The
 * statistic is the sum over the points of the correlation between both sides
 * (missing values count as the mean of their side), against all pairings of the
 * units of one side with those of the other, up to LABELLING_MAX, else as many
 * that are drawn.  All points of a unit move together, so that effects of a unit
 * alone do not count as those of its block.  Means of sides are taken out: p does
 * not depend on how much the sides differ.  One-sided; NAN: nothing varies, or
 * less than two blocks.
 *
 * base and new: [block * points + point], finite or NAN.
 */
double blocks_alike_p(const double *base, const double *new, size_t blocks,
    size_t points, uint64_t seed);

/* The fewest blocks that can give a p of alpha or less; 0: no number can. */
size_t blocks_least(double alpha);

#endif
