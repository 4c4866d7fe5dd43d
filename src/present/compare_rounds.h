/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Kernels that were booted in rounds: which boots of two sides are partners, and
 * whether labels are permuted within rounds only.
 *
 * Boots are partners that the same campaign made in the same round.  The rule
 * is fixed before any difference is looked at: labels are permuted within
 * rounds when
 *
 * (a) both sides have a boot with a value in at least COMPARE_ROUNDS_MIN rounds,
 *     or in more where p.adj could not be as small as alpha otherwise; and
 * (b) boots of one round are more alike than boots of different rounds, with
 *     p < COMPARE_ROUNDS_CLEAR by blocks_alike_p(), which takes out the means
 *     of both sides first: how much the kernels differ has no say in it.
 *
 * Boots without a partner then do not take part.  In all other cases any boots
 * may exchange their labels, which is valid with rounds that differ as well,
 * but then sees less.  `make simulate` has how often both ways, and this choice
 * between them, are wrong and right.
 */
#ifndef VMSTRESS_COMPARE_ROUNDS_H
#define VMSTRESS_COMPARE_ROUNDS_H

#include "present/compare.h"

#define COMPARE_ROUNDS_MIN 6
#define COMPARE_ROUNDS_CLEAR 0.01

/*
 * Fills the rounds of overall[side], of which all is 0, when the values are
 * there.
 */
void compare_rounds_find(struct compare *c, size_t side);

/* The least number of rounds by (a); 0: no number is enough. */
size_t compare_rounds_needed(const struct compare *c);

/*
 * The values at a point of boots that are partners and both have one, in room for
 * all rounds; returns how many.
 */
size_t compare_rounds_values(const struct compare *c,
    const struct compare_row *row, size_t side, double *base, double *new);

/*
 * Which labels were permuted, and why: a sentence of the legend, a new string.
 * NULL: the sides have met in no round.
 */
char *compare_rounds_words(const struct compare *c, size_t side);

#endif
