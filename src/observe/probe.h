/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The responsiveness probe: how the rest of the system fares.  A process that
 * is no part of the load wakes up from a timer every 10 ms, forks and reaps a
 * trivial child, and opens and reads a small file: what a shell does at the
 * least.  It writes down when it was done with what, and somebody else takes
 * that from memory which both share.
 */
#ifndef VMSTRESS_PROBE_H
#define VMSTRESS_PROBE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#define PROBE_PERIOD_NS UINT64_C(10000000)

/* The process and its child. */
#define PROBE_TASKS 2

/* Rounds that are kept until they are taken: 40 s. */
#define PROBE_ROUNDS 4096

/*
 * One round: when it was due, and when each part was over.  The waking ends at
 * woke_ns, the fork (with the end of the child) at forked_ns, the reading and
 * so the round at read_ns.
 */
struct probe_round {
	uint64_t due_ns, woke_ns, forked_ns, read_ns;
	bool refused;		/* the fork or the opening of the file was */
};

enum probe_order { PROBE_REST, PROBE_GO, PROBE_STOP };

/* The shared memory, zeroed at first. */
struct probe {
	/* The probe's: rounds put into the ring, and those it had no room for. */
	_Alignas(128) _Atomic uint64_t put;
	_Atomic uint64_t lost;
	/* Of the round to come or under way. */
	_Atomic uint64_t due_ns, woke_ns, forked_ns;
	/* The reader's: rounds taken, and an enum probe_order. */
	_Alignas(128) _Atomic uint64_t taken;
	_Atomic uint32_t order;
	struct probe_round ring[PROBE_ROUNDS];
};

/*
 * The process: waits for probe_go(), then goes round until probe_stop() or its
 * parent is no longer `parent`.  `file` is what it reads; NULL: nothing, and
 * that part of a round is empty.
 */
void probe_run(struct probe *p, pid_t parent, const char *file);

void probe_go(struct probe *p);
void probe_stop(struct probe *p);

/* The next round that is over; false: there is none. */
bool probe_take(struct probe *p, struct probe_round *r);

/*
 * The round that is under way at `now_ns` as if it were over then: what it has
 * not come to yet takes no time.  False when there is none; rounds that can be
 * taken must have been.  `last` is the one that was taken last, zeroed when
 * there was none.
 */
bool probe_under_way(const struct probe *p, const struct probe_round *last,
    uint64_t now_ns, struct probe_round *r);

/*
 * When the round after one that was due at `due_ns` and over at `over_ns` is
 * due: at the next multiple of the period.  What was missed is not made up for.
 */
uint64_t probe_next(uint64_t due_ns, uint64_t over_ns);

#endif
