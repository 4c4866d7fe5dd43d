/* SPDX-License-Identifier: BSD-2-Clause */
/* Reproducible randomness; see random.h. */
#include "config.h"

#include "base/random.h"

/* The constants are those of the paper's reference implementation. */
uint64_t
random_next(struct random *r)
{
	uint64_t z;

	r->state += UINT64_C(0x9e3779b97f4a7c15);
	z = r->state;
	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

/*
 * 2^64 mod n of the values are one too many for a fair remainder: the lowest
 * ones are drawn again.
 */
uint64_t
random_below(struct random *r, uint64_t n)
{
	uint64_t surplus = (0 - n) % n;
	uint64_t value;

	do {
		value = random_next(r);
	} while (value < surplus);
	return value % n;
}

struct random
random_round(uint64_t seed, int round)
{
	struct random r = { seed };

	r.state = random_next(&r) ^ (uint64_t)round;
	r.state = random_next(&r);
	return r;
}
