/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One operation of `fork` is one process of a tree created, which stays; of
 * `exit`, one of them gone and reaped.  The tree has a root and `depth` levels
 * below it, and each process above the last level forks `width` children: with
 * width 10 and depth 3 there are 1111.
 *
 * All processes that have children to make do so at the same time: unlike in
 * fork-batch the creators multiply, and forks on all CPUs meet in what the
 * family has in common, its reverse maps and the list of processes.  When the
 * gate opens all wake up together, but a process ends after its children, so
 * the tree falls from its leaves.  With `near` free the tree fills the machine;
 * with same each worker's tree stays on one CPU.
 *
 * A small tree is over before all CPUs have a part in it, and its number is
 * then that of the first few forks.  Creators and the first run of what they
 * have created compete for the CPUs, so `fork` depends on whom the scheduler
 * runs first after a fork.  Width 1 is a chain, with one creator at a time.
 */
#include <sys/wait.h>

#include "workload.h"
#include "workload_crowd.h"

/* A blocked child of a static program, measured on Linux. */
#define FORK_TREE_CHILD_BYTES (128 * 1024)
/* More than this is a mistake in the exponent. */
#define FORK_TREE_MAX 4000000

struct fork_tree_params {
	uint64_t width;
	uint64_t depth;
	int near;
};

struct fork_tree_worker {
	uint64_t made, processes;	/* in this round, in all rounds */
	_Alignas(128) _Atomic uint64_t left;	/* by the gate, all rounds */
};

/* The first two of enum vms_near: there is no one partner to be placed. */
static const char *const fork_tree_near[] = { "free", "same", NULL };

static const struct vms_param fork_tree_rows[] = {
	{ "width", VMS_COUNT, offsetof(struct fork_tree_params, width), "10",
	    "1", "100", NULL, "children of each process above the last level" },
	{ "depth", VMS_COUNT, offsetof(struct fork_tree_params, depth), "3",
	    "0", "1000", NULL, "levels below the root" },
	{ "near", VMS_CHOICE, offsetof(struct fork_tree_params, near), "free",
	    NULL, NULL, fork_tree_near,
	    "the tree where the scheduler puts it, or on the worker's CPU" },
	VMS_PARAMS_END
};

/* Processes from one of this level down; too many are FORK_TREE_MAX + 1. */
static uint64_t
fork_tree_below(const struct fork_tree_params *p, uint64_t level)
{
	uint64_t total = 1;

	for (; level < p->depth; level++) {
		total = total * p->width + 1;
		if (total > FORK_TREE_MAX)
			return FORK_TREE_MAX + 1;
	}
	return total;
}

static uint64_t
fork_tree_memory(const struct vms_cell *c)
{
	return (uint64_t)c->workers * fork_tree_below(c->params, 0) *
	    FORK_TREE_CHILD_BYTES;
}

/* A worker, the builder of its tree, and the tree. */
static uint64_t
fork_tree_tasks(const struct vms_cell *c)
{
	return (uint64_t)c->workers * (fork_tree_below(c->params, 0) + 2);
}

/*
 * A process of the tree, whatever its level: branch, stay, leave.  A child goes
 * on in the loop of its parent, one level below it.
 */
static int
fork_tree_live(struct vms_worker *w, uint64_t index)
{
	const struct fork_tree_params *p = w->cell->params;
	struct fork_tree_worker *s = w->state;
	uint64_t n = 0, level = 0;
	pid_t pid;

	(void)index;
	while (level < p->depth && n < p->width) {
		pid = vms_crowd_fork(w);
		if (pid == -1)
			break;
		level += pid == 0;
		n = pid == 0 ? 0 : n + 1;
	}
	if (vms_crowd_pass(w))
		atomic_fetch_add(&s->left, 1);
	return 0;
}

/* ---- phases ------------------------------------------------------------ */

static int64_t
fork_tree_fork(struct vms_worker *w)
{
	const struct fork_tree_params *p = w->cell->params;
	const struct vms_crowd_plan plan = {
		.members = fork_tree_below(p, 0),
		.gates = 1,
		.cpu = p->near == VMS_NEAR_SAME ? w->cpu : -1,
		.member_bytes = FORK_TREE_CHILD_BYTES,
		.member = fork_tree_live,
	};
	struct fork_tree_worker *s = w->state;
	int64_t made = vms_crowd_start(w, &plan);

	if (made < 0)
		return -1;
	s->made = (uint64_t)made;
	s->processes += s->made;
	return made;
}

/* Everybody leaves, and the root, which ends last, is waited for. */
static int64_t
fork_tree_exit(struct vms_worker *w)
{
	const struct fork_tree_worker *s = w->state;

	if (vms_crowd_open(w) != 0 || vms_crowd_end(w) != 0)
		return -1;
	return (int64_t)s->made;
}

static const struct vms_phase fork_tree_phases[] = {
	{ "fork", "process", fork_tree_fork, true },
	{ "exit", "process", fork_tree_exit, false },
	{ NULL, NULL, NULL, false }
};

/* ---- hooks ------------------------------------------------------------- */

static int
fork_tree_probe(struct vms_cell *c)
{
	const struct fork_tree_params *p = c->params;

	if (fork_tree_below(p, 0) <= FORK_TREE_MAX)
		return 0;
	return vms_skip(c, "width=%llu and depth=%llu are more than %d "
	    "processes", (unsigned long long)p->width,
	    (unsigned long long)p->depth, FORK_TREE_MAX);
}

/* Everybody was there, left by the gate, and is gone; statuses were checked. */
static int
fork_tree_verify(struct vms_worker *w)
{
	const struct fork_tree_worker *s = w->state;
	uint64_t left = atomic_load(&s->left);
	int status;

	errno = 0;
	if (left != s->processes)
		return vms_fail(w, "%llu processes were made, %llu left",
		    (unsigned long long)s->processes,
		    (unsigned long long)left);
	if (waitpid(-1, &status, WNOHANG) != -1 || errno != ECHILD) {
		errno = 0;
		return vms_fail(w, "there is a process left at the end");
	}
	return 0;
}

const struct vms_workload vms_workload_fork_tree = {
	.abi = VMS_ABI,
	.name = "fork-tree",
	.version = 1,
	.summary = "a tree of processes grows and falls",
	.kind = VMS_PHASES,
	.unit = "process",
	.modes = VMS_PROCESS,
	.params = fork_tree_rows,
	.params_size = sizeof(struct fork_tree_params),
	.worker_size = sizeof(struct fork_tree_worker),
	.memory = fork_tree_memory,
	.tasks = fork_tree_tasks,
	.probe = fork_tree_probe,
	.phases = fork_tree_phases,
	.verify = fork_tree_verify,
};
