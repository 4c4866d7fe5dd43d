/* SPDX-License-Identifier: BSD-2-Clause */
/* Latency histogram with log-linear buckets; see histogram.h. */
#include "config.h"

#include "observe/histogram.h"

#include <float.h>
#include <math.h>

#define SUB (1u << HISTOGRAM_SUB_BITS)

/*
 * With k the place of the highest bit, a value above 2^SUB_BITS is shifted
 * until SUB_BITS + 1 bits are left, and every shift is a row of SUB buckets.
 * The first two rows, unshifted, are exact and the same formula.
 */
unsigned
histogram_bucket(uint64_t ns)
{
	unsigned shift;

	if (ns >= UINT64_C(1) << HISTOGRAM_MAX_BITS)
		return HISTOGRAM_BUCKETS - 1;
	if (ns < SUB)
		return (unsigned)ns;
	shift = 63 - (unsigned)__builtin_clzll(ns) - HISTOGRAM_SUB_BITS;
	return shift * SUB + (unsigned)(ns >> shift);
}

/* Every bucket of a row is 2^shift wide. */
static unsigned
shift_of(unsigned bucket)
{
	return bucket < 2 * SUB ? 0 : bucket / SUB - 1;
}

uint64_t
histogram_low(unsigned bucket)
{
	unsigned shift = shift_of(bucket);

	return (uint64_t)(bucket - shift * SUB) << shift;
}

void
histogram_add(struct histogram *h, uint64_t ns)
{
	h->count++;
	h->sum_ns += ns;
	if (ns > h->max_ns)
		h->max_ns = ns;
	h->bucket[histogram_bucket(ns)]++;
}

void
histogram_merge(struct histogram *into, const struct histogram *from)
{
	unsigned i;

	into->count += from->count;
	into->sum_ns += from->sum_ns;
	if (from->max_ns > into->max_ns)
		into->max_ns = from->max_ns;
	for (i = 0; i < HISTOGRAM_BUCKETS; i++)
		into->bucket[i] += from->bucket[i];
}

static void
add_atomic(uint64_t *to, uint64_t n)
{
	__atomic_fetch_add(to, n, __ATOMIC_RELAXED);
}

/* The longest time tells how far there can be anything. */
void
histogram_hand_in(struct histogram *into, struct histogram *from)
{
	uint64_t seen = __atomic_load_n(&into->max_ns, __ATOMIC_RELAXED);
	unsigned i, n = histogram_bucket(from->max_ns) + 1;

	if (from->count == 0)
		return;
	for (i = 0; i < n; i++) {
		if (from->bucket[i] == 0)
			continue;
		add_atomic(&into->bucket[i], from->bucket[i]);
		from->bucket[i] = 0;
	}
	add_atomic(&into->count, from->count);
	add_atomic(&into->sum_ns, from->sum_ns);
	while (from->max_ns > seen &&
	    !__atomic_compare_exchange_n(&into->max_ns, &seen, from->max_ns,
	    1, __ATOMIC_RELAXED, __ATOMIC_RELAXED))
		continue;
	from->count = from->sum_ns = from->max_ns = 0;
}

/*
 * Nearest rank: the smallest rank that is at least q * count, from 1.  The
 * product is taken down by its rounding error, so that 0.07 of 100 is the 7th
 * and not the 8th.
 */
static uint64_t
rank_of(const struct histogram *h, double q)
{
	double rank = ceil(q * (double)h->count * (1 - 2 * DBL_EPSILON));

	if (!(rank >= 1))
		return 1;
	return rank < (double)h->count ? (uint64_t)rank : h->count;
}

uint64_t
histogram_quantile(const struct histogram *h, double q)
{
	uint64_t rank = rank_of(h, q), seen = 0, middle;
	unsigned i;

	for (i = 0; i < HISTOGRAM_BUCKETS - 1; i++) {
		seen += h->bucket[i];
		if (seen >= rank)
			break;
	}
	middle = histogram_low(i) + ((UINT64_C(1) << shift_of(i)) - 1) / 2;
	return middle < h->max_ns ? middle : h->max_ns;
}
