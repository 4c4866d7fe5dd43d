/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reproducible randomness for orders that a record must be able to repeat:
 * splitmix64 (Steele, Lea, Flood 2014).  The same seed gives the same sequence
 * on every machine and in every version.
 */
#ifndef VMSTRESS_RANDOM_H
#define VMSTRESS_RANDOM_H

#include <stdint.h>

struct random {
	uint64_t state;		/* set it to the seed */
};

uint64_t random_next(struct random *r);

/* Uniform in [0, n), without modulo bias; n > 0. */
uint64_t random_below(struct random *r, uint64_t n);

/*
 * A state of its own for every round, so that more rounds leave the earlier
 * ones as they were.  The seed is mixed before the round comes in: neighbouring
 * seeds must not share sequences with neighbouring rounds.
 */
struct random random_round(uint64_t seed, int round);

#endif
