/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The services behind workload_crowd.h: crowd.c is the worker's side, and
 * crowd_members.c what goes on in the processes of a crowd.
 */
#ifndef VMSTRESS_CROWD_H
#define VMSTRESS_CROWD_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "engine/engine.h"
#include "observe/histogram.h"
#include "workload_crowd.h"

/* How often a process that waits looks around, milliseconds. */
#define CROWD_LOOK 200
/* The same of one in many, which must not be seen in what is measured. */
#define CROWD_LOOK_PARENT 2000
/* The crowd is still growing. */
#define CROWD_UNKNOWN UINT64_MAX

/* In memory that a worker shares with its crowd. */
struct crowd_shared {
	/* Arrivals of members at gates, all gates together. */
	_Alignas(128) _Atomic uint64_t arrived;
	/* How many there will be; who makes it full rings. */
	_Alignas(128) _Atomic uint64_t target;
	_Atomic bool growing;	/* no target: as many as were made */
	_Atomic bool built;	/* the builder makes no more */
	_Atomic uint32_t opened;	/* gates; the others were lost */
	_Atomic uint64_t made;
	_Atomic uint64_t turns;		/* groups whose leader is through */
	_Atomic int errnum;		/* of what was refused, or 0 */
	_Atomic bool fill_refused;	/* by fill() itself, not a fork */
	_Atomic bool no_room;
	/* What members recorded; there if the workload records anything. */
	_Alignas(128) struct histogram latency;
};

/*
 * What a process of the crowd knows of itself.  On its stack, and small: a page
 * that is written here and would not be otherwise, of the heap or further up
 * the stack, is one more to be copied at every fork.
 */
struct crowd_self {
	uint64_t children;
	uint64_t listed;	/* of them: those of a leader */
	int gate;		/* the next that it comes to */
	bool lost;		/* a gate that it waited for */
	bool forked;		/* in crowd_fork(), so it is a member */
	struct histogram *latency;	/* made when it first records */
	pid_t *child;		/* in shared memory, */
	uint64_t room;		/* for so many */
};

/* Private to each process from its fork on. */
struct crowd {
	struct vms_crowd_plan plan;
	struct crowd_shared *shared;
	size_t shared_size;
	pid_t *pids;			/* there too: written by leaders */
	int gate[VMS_CROWD_GATES_MAX][2];
	int news[2];			/* wakes the worker */
	int turn[2];			/* wakes the builder */
	void *builder;
	int opened;			/* the worker's: write ends closed */
	struct crowd_self *self;	/* NULL in the worker */
};

struct crowd *crowd_of(const struct vms_worker *w);

/* The builder's life: a partner task of the worker, whose argument it gets. */
int crowd_builder(void *worker);

/*
 * Wait until a pipe has something to read or its end: 1; 0 when the launch is
 * over; -1 after a failure when `child` (-1: any) has ended meanwhile.  This is
 * never done by sleeping in wait(): every member that ends would walk there.
 */
int crowd_hear(struct vms_worker *w, pid_t child, int fd, int look_ms);

void crowd_ring(int fd);

/* How many arrivals make the gate full at the moment. */
uint64_t crowd_wanted(const struct crowd_shared *sh);

/* ---- services --------------------------------------------------------- */

int64_t crowd_start(struct vms_worker *w, const struct vms_crowd_plan *plan);
int crowd_open(struct vms_worker *w);
int crowd_await(struct vms_worker *w);
int crowd_end(struct vms_worker *w);
bool crowd_pass(struct vms_worker *w);
void crowd_arrive(struct vms_worker *w);
pid_t crowd_fork(struct vms_worker *w);

/*
 * Where the caller records: a member for itself, until it comes to a gate;
 * everybody else in the worker's own, `own`.  NULL without memory.
 */
struct histogram *crowd_histogram(const struct vms_worker *w,
    struct histogram *own);

#endif
