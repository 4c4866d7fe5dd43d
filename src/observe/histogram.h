/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Latency histogram with log-linear buckets: 128 per power of two, so that a
 * bucket is at most 1/128 (0.8%) of its value wide; exact below 256 ns.  The
 * layout is part of the record, so it never changes: see histogram_bucket().
 */
#ifndef VMSTRESS_HISTOGRAM_H
#define VMSTRESS_HISTOGRAM_H

#include <stdint.h>

/* Buckets cover 0 ns to 2^43 ns (2.4 h); longer counts as that. */
#define HISTOGRAM_SUB_BITS 7
#define HISTOGRAM_MAX_BITS 43
#define HISTOGRAM_BUCKETS \
	((HISTOGRAM_MAX_BITS - HISTOGRAM_SUB_BITS + 1) << HISTOGRAM_SUB_BITS)

struct histogram {
	uint64_t count;
	uint64_t sum_ns;
	uint64_t max_ns;
	uint64_t bucket[HISTOGRAM_BUCKETS];
};

/* The bucket of a value, and the lowest value of a bucket. */
unsigned histogram_bucket(uint64_t ns);
uint64_t histogram_low(unsigned bucket);

void histogram_add(struct histogram *h, uint64_t ns);
void histogram_merge(struct histogram *into, const struct histogram *from);

/*
 * The same into a histogram that others merge into at the same time; `from` is
 * empty then.
 */
void histogram_hand_in(struct histogram *into, struct histogram *from);

/*
 * The value below which a share q (0..1) of the operations lie: the middle of
 * the bucket that holds it, never above max_ns.  count must not be 0.
 */
uint64_t histogram_quantile(const struct histogram *h, double q);

#endif
