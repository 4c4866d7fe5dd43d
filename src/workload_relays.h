/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Relays: rows of the smallest processes that there are, joined by pipes.  A
 * part of the contract for workloads that need it; everything in workload.h
 * applies.
 *
 *	probe		vms_relays_probe()
 *	worker_init	vms_relays_prepare()
 *	phases		vms_relays_build(), then bytes through the row, then its
 *			end: vms_relays_kill() or the end of file at its head,
 *			and vms_relays_await_end()
 *	verify		vms_relays_verify()
 *	worker_fini	end what there is, vms_relays_free()
 *
 * Processes only, and a worker has one row at a time.
 */
#ifndef VMSTRESS_WORKLOAD_RELAYS_H
#define VMSTRESS_WORKLOAD_RELAYS_H

#include "workload.h"

/* The memory of the members of a population; see struct vms_relays. */
enum vms_member {
	VMS_MEMBER_SHARED,	/* the leader's address space, signal handlers
				 * and folder; own pid and descriptors */
	VMS_MEMBER_OWN,		/* forked: all of one small program */
	VMS_MEMBER_EXEC_COPY	/* the same, each group of its own copy of it */
};
#define VMS_MEMBER_CHOICES { "shared", "own", "exec-copy", NULL }

/*
 * A row of small processes, each of which reads bytes from one pipe and writes
 * them to the next, until the end of file.  They are made in groups; the parent
 * of a group, its leader, is a child of the worker and none of the relays.
 */
struct vms_relays {
	int member;		/* enum vms_member */
	uint64_t members;	/* wanted */
	uint64_t group;		/* members of a group */
	uint64_t first;		/* number of the first one, for its stamps */
	uint64_t pipe_bytes;	/* of the pipes between them; 0: the default */
	uint64_t member_bytes;	/* memory that one takes, for the budget, */
	uint64_t later_bytes;	/* and what it takes when it is at work */
	const char *dir;	/* for copies of the members' program */
	bool bound;		/* to the worker's CPU; else only made there */
	/* Filled in by vms_relays_build(). */
	uint64_t made;
	int life;		/* ends when the last of them is gone; or -1 */
	/* The engine's own. */
	uint64_t groups;
	pid_t *leaders;		/* `groups` of them */
	pid_t pgrp;		/* of all members; 0: there is none */
	bool budget;		/* what stopped the growth: vms_room(), */
	const char *call;	/* or this, which failed with errnum */
	int errnum;
};

/*
 * A byte with this bit set makes every relay write the time, 8 bytes of
 * nanoseconds, to `stamps` at 8 times its number.
 */
#define VMS_RELAY_STAMP 0x80u

/* Are there members of this kind here?  0, or VMS_SKIP after vms_skip(). */
static inline int
vms_relays_probe(struct vms_cell *c, int member)
{
	return c->host->relays_probe(c, member);
}

/*
 * Get ready to make relays, any number of times: set the fields that say what
 * is wanted, the others to 0.  From now on the worker ignores SIGCHLD: nobody
 * waits for members with wait(), whose cost would grow with the square of
 * their number.  0, or -1 after vms_fail().
 */
static inline int
vms_relays_prepare(struct vms_worker *w, struct vms_relays *r)
{
	return w->cell->host->relays_prepare(w, r);
}

/*
 * Make the row from `in` to `out`, which stay the caller's to close; `stamps`
 * is a file or -1.  Returns 0 with r->made and r->life filled in; when a limit
 * comes first, the row is shorter, connected all the same, and reported as a
 * partial population.  -1 after vms_fail(); then, too, end what there is.
 */
static inline int
vms_relays_build(struct vms_worker *w, struct vms_relays *r, int in, int out,
    int stamps)
{
	return w->cell->host->relays_build(w, r, in, out, stamps);
}

/* Send a signal to all of them, or to the leaders only. */
static inline void
vms_relays_kill(struct vms_worker *w, struct vms_relays *r, int signo,
    bool leaders)
{
	w->cell->host->relays_kill(r, signo, leaders);
}

/* Until the last of them is gone, however they were ended. */
static inline void
vms_relays_await_end(struct vms_worker *w, struct vms_relays *r)
{
	w->cell->host->relays_await_end(r);
}

/* Is really nobody left?  0, or -1 after vms_fail(). */
static inline int
vms_relays_verify(struct vms_worker *w, const struct vms_relays *r)
{
	return w->cell->host->relays_verify(w, r);
}

static inline void
vms_relays_free(struct vms_worker *w, struct vms_relays *r)
{
	w->cell->host->relays_free(w, r);
}

#endif
