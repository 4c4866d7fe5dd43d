/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How events are counted in a run: the way that disturbs least of those that
 * this machine and our privilege allow.
 *
 *	cgroup	what runs in the group of the cell, on each CPU
 *	system	whatever runs on each CPU
 *	task	the workers and what descends from them; every fork is slower
 *		for it, so that a launch which counts so must not time; and
 *		newer kernels (Linux 6.18) stop the events of a process before
 *		they take its memory away, so that its exit is not counted
 *	none	not at all
 */
#ifndef VMSTRESS_COUNTING_H
#define VMSTRESS_COUNTING_H

#include "base/err.h"
#include "base/str.h"
#include "engine/protocol.h"
#include "plan/plan.h"
#include "run/guard.h"

struct counting {
	enum plan_count mode;	/* never AUTO */
	char *group;		/* of the cells, or NULL */
	/* Why not one of the modes before it: "cgroup: ...; system: ..." */
	struct str why;
};

/*
 * Find the mode for a wish, by trying; the guardian, which runs, makes the
 * group and has all cells in it from now on.  -1 with an error when what was
 * wished for is not possible, or when the guardian died.
 */
int counting_choose(struct counting *c, struct guard *g,
    enum plan_count wish, struct err *e);

/* A new guardian takes over from one that was killed. */
int counting_again(const struct counting *c, struct guard *g, struct err *e);

/* Mode and group into a launch, if it counts at all. */
void counting_put(const struct counting *c, struct protocol_launch *l);

void counting_free(struct counting *c);

#endif
