/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One operation of `fork` is one child created that has run as far as a gate,
 * where it and all others stay blocked; of `exit`, one child gone and reaped.
 * `exit` lasts from the opening of the gate to the last child's end.
 *
 * Both are the work of a process's life that `fork` does at once, taken apart
 * and with many processes alive: what grows with their number shows.  In each
 * worker one process forks at a time; the exits come all together and on all
 * CPUs that the children may use: with `near` same that is the worker's, with
 * free the children may spread.
 *
 * A child that is woken to end is waiting for its CPU first, so `exit` has a
 * switch to each child in it, as `fork` has the first one.  No parent has more
 * than 100 children: a wait() looks through all of them whenever one ends, and
 * a single parent would measure that.  The first of each hundred, a child as
 * the others, forks and reaps the rest, and is forked from a small process
 * that the worker has made.  Tracers and inherited event counters work at every
 * birth and death.
 */
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "workload.h"
#include "workload_crowd.h"

/* A blocked child of a static program, measured on Linux. */
#define FORK_BATCH_CHILD_BYTES (128 * 1024)

struct fork_batch_params {
	uint64_t batch;
	int near;
};

struct fork_batch_worker {
	uint64_t made, children;	/* in this round, in all rounds */
	_Alignas(128) _Atomic uint64_t left;	/* by the gate, all rounds */
};

/* The first two of enum vms_near: there is no one partner to be placed. */
static const char *const fork_batch_near[] = { "free", "same", NULL };

static const struct vms_param fork_batch_rows[] = {
	{ "batch", VMS_COUNT, offsetof(struct fork_batch_params, batch),
	    "1000", "1", "1M", NULL, "children of each worker, alive at once" },
	{ "near", VMS_CHOICE, offsetof(struct fork_batch_params, near), "same",
	    NULL, NULL, fork_batch_near,
	    "children where the scheduler puts them, or on the worker's CPU" },
	VMS_PARAMS_END
};

static uint64_t
fork_batch_memory(const struct vms_cell *c)
{
	const struct fork_batch_params *p = c->params;

	return (uint64_t)c->workers * p->batch *
	    vms_member_bytes(c, FORK_BATCH_CHILD_BYTES);
}

/* A worker, the builder of its population, and the population. */
static uint64_t
fork_batch_tasks(const struct vms_cell *c)
{
	const struct fork_batch_params *p = c->params;

	return (uint64_t)c->workers * (p->batch + 2);
}

static int
fork_batch_child(struct vms_worker *w, uint64_t index)
{
	struct fork_batch_worker *s = w->state;

	(void)index;
	if (vms_crowd_pass(w))
		atomic_fetch_add(&s->left, 1);
	return 0;
}

static int64_t
fork_batch_fork(struct vms_worker *w)
{
	const struct fork_batch_params *p = w->cell->params;
	const struct vms_crowd_plan plan = {
		.members = p->batch,
		.group = VMS_CROWD_GROUP,
		.leader_is_member = true,
		.gates = 1,
		.cpu = p->near == VMS_NEAR_SAME ? w->cpu : -1,
		.member_bytes = vms_member_bytes(w->cell,
		    FORK_BATCH_CHILD_BYTES),
		.member = fork_batch_child,
	};
	struct fork_batch_worker *s = w->state;
	int64_t made = vms_crowd_start(w, &plan);

	if (made < 0)
		return -1;
	s->made = (uint64_t)made;
	s->children += s->made;
	return made;
}

/* Everybody leaves, and the last one is waited for. */
static int64_t
fork_batch_exit(struct vms_worker *w)
{
	const struct fork_batch_worker *s = w->state;

	if (vms_crowd_open(w) != 0 || vms_crowd_end(w) != 0)
		return -1;
	return (int64_t)s->made;
}

static const struct vms_phase fork_batch_phases[] = {
	{ "fork", "child", fork_batch_fork, true },
	{ "exit", "child", fork_batch_exit, false },
	{ NULL, NULL, NULL, false }
};

/* One child works; how many there can be is told by the phase. */
static int
fork_batch_probe(struct vms_cell *c)
{
	int status;
	pid_t pid = fork();

	if (pid == 0)
		_exit(0);
	if (pid == -1)
		return vms_skip(c, "cannot fork: %s", strerror(errno));
	if (waitpid(pid, &status, 0) != pid || status != 0)
		return vms_cell_fail(c, "a child did not end well");
	return 0;
}

/* Everybody was there, left by the gate, and is gone; statuses were checked. */
static int
fork_batch_verify(struct vms_worker *w)
{
	const struct fork_batch_worker *s = w->state;
	uint64_t left = atomic_load(&s->left);
	int status;

	errno = 0;
	if (left != s->children)
		return vms_fail(w, "%llu children were made, %llu left",
		    (unsigned long long)s->children, (unsigned long long)left);
	if (waitpid(-1, &status, WNOHANG) != -1 || errno != ECHILD) {
		errno = 0;
		return vms_fail(w, "there is a child left at the end");
	}
	return 0;
}

const struct vms_workload vms_workload_fork_batch = {
	.abi = VMS_ABI,
	.name = "fork-batch",
	.version = 1,
	.summary = "many children are created, stay, and leave together",
	.kind = VMS_PHASES,
	.unit = "child",
	.population = "batch",
	.modes = VMS_PROCESS,
	.params = fork_batch_rows,
	.params_size = sizeof(struct fork_batch_params),
	.worker_size = sizeof(struct fork_batch_worker),
	.memory = fork_batch_memory,
	.tasks = fork_batch_tasks,
	.probe = fork_batch_probe,
	.phases = fork_batch_phases,
	.verify = fork_batch_verify,
};
