/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Crowds: many processes of one worker that come to a number of gates, wait
 * there for all others, and end.  A part of the contract for workloads that
 * need it; everything in workload.h applies.
 *
 * The worker makes a builder, which is none of the members, and the builder
 * makes groups: no process has more children than a group, since a wait() walks
 * through all of them whenever one ends.  Or members fork further members
 * themselves, and the crowd gets the shape that they give it.
 *
 *	in the worker			in a member
 *	vms_crowd_start()		is made
 *					vms_crowd_pass(): comes to gate 0
 *	vms_crowd_open()		passes it
 *					vms_crowd_pass(): comes to gate 1
 *	vms_crowd_await()
 *	...
 *	vms_crowd_open() of the last	passes it and returns
 *	vms_crowd_end()
 *
 * A gate opens by end of file of a pipe, so it also opens when the worker dies:
 * it is lost then, and every member leaves.  A process that ends before its
 * time or not well is a failure of the launch, and so is a member that returns
 * before it has come to all gates.  Growth ends early at the memory budget, a
 * limit of the system or the end of the launch: that is a partial population,
 * which is reported.
 *
 * Processes only: what a thread forks inherits the pipes of the others, whose
 * gates would then not open.  A worker has one crowd at a time.
 */
#ifndef VMSTRESS_WORKLOAD_CROWD_H
#define VMSTRESS_WORKLOAD_CROWD_H

#include "workload.h"

/* As many children of one parent are few. */
#define VMS_CROWD_GROUP 100
#define VMS_CROWD_GROUP_MAX 256
#define VMS_CROWD_GATES_MAX 8

struct vms_crowd_plan {
	uint64_t members;
	/*
	 * Members of one group, made one group after the other; 0: there is
	 * one member to begin with, and members make others by
	 * vms_crowd_fork() before they come to the first gate.
	 */
	uint64_t group;
	/*
	 * Is the leader of a group, who forks the others, a member itself?
	 * Else it is an extra process without work.
	 */
	bool leader_is_member;
	int gates;			/* 1 to VMS_CROWD_GATES_MAX */
	int cpu;			/* of all processes; -1: anywhere */
	/*
	 * What a member takes; or, if that is not all there is to say, what
	 * has to be free when `made` are there and so many more are to come.
	 * Of this worker: the engine multiplies.
	 */
	uint64_t member_bytes;
	uint64_t (*bytes)(const struct vms_worker *, uint64_t made,
	    uint64_t more);
	/*
	 * The life of a member, in its process, from gate to gate; members
	 * count from 0.  Returns 0, or -1 after vms_fail().
	 */
	int (*member)(struct vms_worker *, uint64_t index);
	/*
	 * Instead of `member`: the leader of a group makes its members, n of
	 * them, by vms_crowd_fork().  Such a group is made as a whole or not
	 * at all, and the next one when all members of this one have come to
	 * the first gate.  Returns 0, or -1 with errno in the leader; in a
	 * member as above.  The leader is no member.
	 */
	int (*fill)(struct vms_worker *, uint64_t first, uint64_t n);
	/* What fill() is refused if it is not a fork: "pipe". */
	const char *fill_call;
};

/*
 * From a phase: make the crowd.  Returns when all members stand before the
 * first gate, or as many as could be made: their number, -1 after vms_fail().
 */
static inline int64_t
vms_crowd_start(struct vms_worker *w, const struct vms_crowd_plan *plan)
{
	return w->cell->host->crowd_start(w, plan);
}

/* Open the next gate: 0, or -1 after vms_fail(). */
static inline int
vms_crowd_open(struct vms_worker *w)
{
	return w->cell->host->crowd_open(w);
}

/*
 * Until all members stand before the next gate, or the launch is over: 0, or
 * -1 after vms_fail().
 */
static inline int
vms_crowd_await(struct vms_worker *w)
{
	return w->cell->host->crowd_await(w);
}

/*
 * Wait for the end of all members, whose statuses have been checked; gates that
 * were not opened are lost.  0, or -1 after vms_fail().  The engine calls it,
 * before worker_fini, for a crowd that was left because phases were cut short.
 */
static inline int
vms_crowd_end(struct vms_worker *w)
{
	return w->cell->host->crowd_end(w);
}

/*
 * In a member: come to the next gate and wait there.  False: the launch is
 * being abandoned, return.
 */
static inline bool
vms_crowd_pass(struct vms_worker *w)
{
	return w->cell->host->crowd_pass(w);
}

/* In a member: come to the next gate, and do not wait. */
static inline void
vms_crowd_arrive(struct vms_worker *w)
{
	w->cell->host->crowd_arrive(w);
}

/*
 * In a member that makes members, and in fill(): fork one.  Returns 0 in the
 * new member, which goes on from there; its pid in the parent; -1 when there
 * are to be no more, for a reason that the engine knows.
 */
static inline pid_t
vms_crowd_fork(struct vms_worker *w)
{
	return w->cell->host->crowd_fork(w);
}

#endif
