/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Stalls of a stretch of time, a phase, out of the rounds of the probe.
 *
 * The stall of a round is the time from when it was due to when all three
 * parts of it were over: what a user waits for.  So it is never 0; on an idle
 * machine it is what a fork costs.  Of a round that lies in the stretch only in
 * part, that part counts: a round that is stuck for 5 s, 3 s before the end of
 * a phase and 2 s after it, is a stall of 3 s in the one phase and of 2 s in
 * the next.  A fork that is refused is no stall by itself; the time it took to
 * be refused counts as that of any other.
 *
 * Constant memory, however long the stretch: the worst, a histogram, and a
 * timeline whose bins become twice as long when they are full.
 */
#ifndef VMSTRESS_STALL_H
#define VMSTRESS_STALL_H

#include <stdint.h>

#include "observe/histogram.h"
#include "observe/probe.h"

#define STALL_BINS 120

struct stall {
	uint64_t open_ns, close_ns;	/* close_ns: UINT64_MAX until known */
	uint64_t rounds;	/* that lie in the stretch, if only in part */
	uint64_t refused;	/* of these */
	uint64_t worst_ns;
	/* Each part by itself: the worst may be of different rounds. */
	uint64_t wake_worst_ns, fork_worst_ns, read_worst_ns;
	/*
	 * The worst stall that went on at some moment of each bin; 0: no round
	 * did.  Bin i begins i * step_ns after open_ns.
	 */
	uint64_t step_ns;
	uint64_t bin[STALL_BINS];
	struct histogram all;
};

/* Begin a stretch; nothing is left of the one before. */
void stall_begin(struct stall *s, uint64_t open_ns);

/* Count a round; rounds that lie outside leave no trace. */
void stall_add(struct stall *s, const struct probe_round *r);

/* 99 of 100 rounds had a shorter stall; rounds must not be 0. */
uint64_t stall_p99(const struct stall *s);

/* How many bins there are up to close_ns. */
unsigned stall_bins(const struct stall *s);

#endif
