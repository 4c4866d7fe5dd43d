/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which kernel boots when: every kernel once per round, so that whatever drifts
 * meets all of them.  Pure: the same seed gives the same order for good, which
 * is what lets a campaign go on after anything.
 */
#ifndef VMSTRESS_ROUNDS_H
#define VMSTRESS_ROUNDS_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

enum rounds_order {
	ROUNDS_RANDOM,		/* drawn anew for every round */
	ROUNDS_ABBA,		/* as given, then backwards, in turn */
	ROUNDS_LISTED		/* as given */
};

/* "random", "abba", "listed"; -1 with an error for another word. */
int rounds_order_read(const char *text, enum rounds_order *order,
    struct err *e);
const char *rounds_order_name(enum rounds_order order);

/* The kernels 0 .. n-1 in the order of round `round` (from 1), into order[n]. */
void rounds_kernels(enum rounds_order how, uint64_t seed, int round, int n,
    int *order);

/*
 * The seed of the order of launches in the boots of a round: the same for all
 * kernels, another one in every round.
 */
uint64_t rounds_seed(uint64_t seed, int round);

#endif
