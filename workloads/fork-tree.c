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
#include <poll.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "workload.h"

/* How many processes are made between two looks at the budget. */
#define FORK_TREE_GROUP 100
/* A blocked child of a static program, measured on Linux. */
#define FORK_TREE_CHILD_BYTES (128 * 1024)
/* How often a waiting process looks around, milliseconds. */
#define FORK_TREE_LOOK 200
#define FORK_TREE_LOOK_PARENT 2000
/* More than this is a mistake in the exponent. */
#define FORK_TREE_MAX 4000000

struct fork_tree_params {
	uint64_t width;
	uint64_t depth;
	int near;
};

/* In memory that a worker shares with its tree. */
struct fork_tree_shared {
	/* Processes at the gate, and those that there will not be. */
	_Alignas(128) _Atomic uint64_t settled;
	_Alignas(128) _Atomic uint64_t made;
	_Alignas(128) _Atomic uint64_t left;	/* by the gate, all rounds */
	_Atomic int errnum;		/* of a fork that failed, or 0 */
	_Atomic bool no_room;
};

struct fork_tree_worker {
	struct fork_tree_shared *shared;
	/* Of this round; not changed while the tree lives. */
	int gate[2];			/* opens by end of file */
	int news[2];			/* wakes the worker */
	void *root;			/* NULL: there is no tree */
	/* The worker's own. */
	uint64_t made, processes;	/* in this round, in all rounds */
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

static uint64_t
fork_tree_tasks(const struct vms_cell *c)
{
	return (uint64_t)c->workers * (fork_tree_below(c->params, 0) + 1);
}

/* ---- in the tree ------------------------------------------------------- */

/*
 * Wait until a pipe has something to read or its end: 1; 0 when the launch is
 * over; -1 after vms_fail() when a child of this process has ended meanwhile.
 */
static int
fork_tree_hear(struct vms_worker *w, int fd, int look_ms)
{
	struct pollfd pfd = { .fd = fd, .events = POLLIN };
	int status;
	pid_t pid;

	while (poll(&pfd, 1, look_ms) != 1) {
		if (vms_stopping(w))
			return 0;
		pid = waitpid(-1, &status, WNOHANG);
		if (pid <= 0)
			continue;
		errno = 0;
		return vms_fail(w, "process %ld of the tree ended before its "
		    "time, with wait status %d", (long)pid, status);
	}
	return 1;
}

/* So many more of the whole tree are there, or will not be. */
static void
fork_tree_settle(struct vms_worker *w, uint64_t n)
{
	const struct fork_tree_worker *s = w->state;
	uint64_t all = fork_tree_below(w->cell->params, 0);

	if (n == 0 || atomic_fetch_add(&s->shared->settled, n) + n != all)
		return;
	while (write(s->news[1], "!", 1) == -1 && errno == EINTR)
		continue;
}

/* All end well, or the launch fails. */
static int
fork_tree_reap(struct vms_worker *w)
{
	int status, rc = 0;
	pid_t pid;

	while ((pid = waitpid(-1, &status, 0)) != -1 || errno == EINTR) {
		if (pid == -1 || status == 0)
			continue;
		errno = 0;
		rc = vms_fail(w, "a process of the tree ended with wait "
		    "status %d", status);
	}
	return rc;
}

/* A process that is being made is counted before, and asks for a hundred. */
static bool
fork_tree_may_grow(struct vms_worker *w)
{
	const struct fork_tree_worker *s = w->state;
	struct fork_tree_shared *sh = s->shared;
	uint64_t bytes = (uint64_t)w->cell->workers * FORK_TREE_GROUP *
	    FORK_TREE_CHILD_BYTES;
	uint64_t made = atomic_fetch_add(&sh->made, 1);

	if (!vms_stopping(w) && !atomic_load(&sh->no_room) &&
	    atomic_load(&sh->errnum) == 0) {
		if (made % FORK_TREE_GROUP != 0 || vms_room(w->cell, bytes))
			return true;
		atomic_store(&sh->no_room, true);
	}
	atomic_fetch_sub(&sh->made, 1);
	return false;
}

/*
 * Fork the children of a process of this level and return how many there are;
 * in a child, return UINT64_MAX.
 */
static uint64_t
fork_tree_branch(struct vms_worker *w, uint64_t level)
{
	const struct fork_tree_params *p = w->cell->params;
	const struct fork_tree_worker *s = w->state;
	struct fork_tree_shared *sh = s->shared;
	uint64_t n = 0;
	pid_t pid = 1;

	while (level < p->depth && n < p->width && fork_tree_may_grow(w)) {
		pid = fork();
		if (pid == 0)
			return UINT64_MAX;
		if (pid == -1) {
			atomic_store(&sh->errnum, errno);
			atomic_fetch_sub(&sh->made, 1);
			break;
		}
		n++;
	}
	if (level < p->depth)
		fork_tree_settle(w, (p->width - n) *
		    fork_tree_below(p, level + 1));
	return n;
}

/* A process of the tree, whatever its level: branch, stay, leave. */
static int
fork_tree_live(struct vms_worker *w)
{
	const struct fork_tree_worker *s = w->state;
	uint64_t n, level = 0;
	int rc;

	while ((n = fork_tree_branch(w, level)) == UINT64_MAX)
		level++;
	fork_tree_settle(w, 1);
	rc = fork_tree_hear(w, s->gate[0], n > 0 ? FORK_TREE_LOOK_PARENT : -1);
	atomic_fetch_add(&s->shared->left, 1);
	if (n > 0 && fork_tree_reap(w) != 0)
		rc = -1;
	if (level > 0)
		_exit(rc < 0 ? 1 : 0);
	return rc < 0 ? -1 : 0;
}

static int
fork_tree_root(void *arg)
{
	struct vms_worker *w = arg;
	const struct fork_tree_worker *s = w->state;

	close(s->gate[1]);
	close(s->news[0]);
	atomic_store(&s->shared->made, 1);
	return fork_tree_live(w);
}

/* ---- phases ------------------------------------------------------------ */

/* Everybody leaves, and the last one is waited for. */
static int
fork_tree_end(struct vms_worker *w)
{
	struct fork_tree_worker *s = w->state;
	int rc;

	close(s->gate[1]);
	rc = vms_task_join(w, s->root);
	s->root = NULL;
	close(s->news[0]);
	return rc;
}

static void
fork_tree_say_limit(struct vms_worker *w)
{
	const struct fork_tree_worker *s = w->state;
	int64_t asked = (int64_t)fork_tree_below(w->cell->params, 0);
	int errnum = atomic_load(&s->shared->errnum);

	if ((int64_t)s->made == asked)
		return;
	if (errnum == 0) {
		vms_partial(w, asked, (int64_t)s->made,
		    atomic_load(&s->shared->no_room) ? "memory budget" :
		    "stopped");
		return;
	}
	vms_refused(w, asked, (int64_t)s->made, "fork", errnum);
}

static int64_t
fork_tree_fork(struct vms_worker *w)
{
	const struct fork_tree_params *p = w->cell->params;
	struct fork_tree_worker *s = w->state;
	struct fork_tree_shared *sh = s->shared;
	int rc;

	atomic_store(&sh->settled, 0);
	atomic_store(&sh->errnum, 0);
	atomic_store(&sh->no_room, false);
	if (pipe(s->gate) != 0 || pipe(s->news) != 0)
		return vms_fail(w, "cannot make the pipes of a tree");
	s->root = vms_task_start(w, fork_tree_root, w,
	    p->near == VMS_NEAR_SAME ? w->cpu : -1);
	if (s->root == NULL)
		return -1;
	close(s->gate[0]);
	close(s->news[1]);
	rc = fork_tree_hear(w, s->news[0], FORK_TREE_LOOK);
	s->made = atomic_load(&sh->made);
	s->processes += s->made;
	fork_tree_say_limit(w);
	return rc < 0 ? -1 : (int64_t)s->made;
}

static int64_t
fork_tree_exit(struct vms_worker *w)
{
	const struct fork_tree_worker *s = w->state;

	return fork_tree_end(w) != 0 ? -1 : (int64_t)s->made;
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

static int
fork_tree_worker_init(struct vms_worker *w)
{
	struct fork_tree_worker *s = w->state;

	s->shared = mmap(NULL, sizeof(*s->shared), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANON, -1, 0);
	if (s->shared == MAP_FAILED)
		return vms_fail(w, "cannot map shared memory");
	return 0;
}

/* Everybody was there, left by the gate, and is gone; statuses were checked. */
static int
fork_tree_verify(struct vms_worker *w)
{
	const struct fork_tree_worker *s = w->state;
	uint64_t left = atomic_load(&s->shared->left);
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

static int
fork_tree_worker_fini(struct vms_worker *w)
{
	struct fork_tree_worker *s = w->state;
	int rc = s->root != NULL ? fork_tree_end(w) : 0;

	munmap(s->shared, sizeof(*s->shared));
	return rc;
}

/*
 * Processes only: what a thread forks inherits the pipes of the others, whose
 * gates would then not open.
 */
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
	.worker_init = fork_tree_worker_init,
	.phases = fork_tree_phases,
	.verify = fork_tree_verify,
	.worker_fini = fork_tree_worker_fini,
};
