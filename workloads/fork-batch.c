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
#include <poll.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "workload.h"

/* Children of one parent. */
#define FORK_BATCH_GROUP 100
/* A blocked child of a static program, measured on Linux. */
#define FORK_BATCH_CHILD_BYTES (128 * 1024)
/* How often a waiting process looks around, milliseconds. */
#define FORK_BATCH_LOOK 200
#define FORK_BATCH_LOOK_LEADER 2000
/* The population is still growing. */
#define FORK_BATCH_UNKNOWN UINT64_MAX

struct fork_batch_params {
	uint64_t batch;
	int near;
};

/* In memory that a worker shares with its population. */
struct fork_batch_shared {
	/* Children that have come to the gate. */
	_Alignas(128) _Atomic uint64_t arrived;
	/* How many there are; who makes it full wakes the worker. */
	_Alignas(128) _Atomic uint64_t target;
	_Atomic uint64_t made;
	_Atomic int errnum;		/* of the fork that failed, or 0 */
	_Atomic bool no_room;
	_Alignas(128) _Atomic uint64_t left;	/* by the gate, all rounds */
};

struct fork_batch_worker {
	struct fork_batch_shared *shared;
	/* Of this round; not changed while its children live. */
	int gate[2];			/* opens by end of file */
	int news[2];			/* wakes the worker */
	int turn[2];			/* wakes the builder */
	void *builder;			/* NULL: there is no population */
	/* The worker's own. */
	uint64_t made, children;	/* in this round, in all rounds */
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

	return (uint64_t)c->workers * p->batch * FORK_BATCH_CHILD_BYTES;
}

/* A worker, the builder of its population, and the population. */
static uint64_t
fork_batch_tasks(const struct vms_cell *c)
{
	const struct fork_batch_params *p = c->params;

	return (uint64_t)c->workers * (p->batch + 2);
}

/* ---- in the population ------------------------------------------------- */

/*
 * Wait until a pipe has something to read or its end: 1; 0 when the launch is
 * over; -1 after vms_fail() when a child of this process has ended meanwhile.
 */
static int
fork_batch_hear(struct vms_worker *w, int fd, int look_ms)
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
		return vms_fail(w, "process %ld of the batch ended before its "
		    "time, with wait status %d", (long)pid, status);
	}
	return 1;
}

static void
fork_batch_ring(int fd)
{
	while (write(fd, "!", 1) == -1 && errno == EINTR)
		continue;
}

static void
fork_batch_arrive(const struct fork_batch_worker *s)
{
	struct fork_batch_shared *sh = s->shared;

	if (atomic_fetch_add(&sh->arrived, 1) + 1 == atomic_load(&sh->target))
		fork_batch_ring(s->news[1]);
}

/* The end of file comes when the worker opens the gate, and when it is gone. */
static int
fork_batch_child(const struct fork_batch_worker *s)
{
	char byte;

	fork_batch_arrive(s);
	while (read(s->gate[0], &byte, 1) == -1 && errno == EINTR)
		continue;
	atomic_fetch_add(&s->shared->left, 1);
	return 0;
}

/* All end well, or the launch fails. */
static int
fork_batch_reap(struct vms_worker *w)
{
	int status, rc = 0;
	pid_t pid;

	while ((pid = waitpid(-1, &status, 0)) != -1 || errno == EINTR) {
		if (pid == -1 || status == 0)
			continue;
		errno = 0;
		rc = vms_fail(w, "a child ended with wait status %d", status);
	}
	return rc;
}

/* The first of a group forks the others, then it is a child as they are. */
static int
fork_batch_lead(struct vms_worker *w, uint64_t n)
{
	const struct fork_batch_worker *s = w->state;
	uint64_t i;
	pid_t pid;
	int rc;

	for (i = 1; i < n && !vms_stopping(w); i++) {
		pid = fork();
		if (pid == 0)
			_exit(fork_batch_child(s));
		if (pid == -1) {
			atomic_store(&s->shared->errnum, errno);
			break;
		}
	}
	atomic_fetch_add(&s->shared->made, i);
	fork_batch_ring(s->turn[1]);
	fork_batch_arrive(s);
	rc = fork_batch_hear(w, s->gate[0], FORK_BATCH_LOOK_LEADER);
	atomic_fetch_add(&s->shared->left, 1);
	return fork_batch_reap(w) != 0 || rc < 0 ? -1 : 0;
}

/* May there be so many more, in every worker? */
static bool
fork_batch_may_grow(struct vms_worker *w, uint64_t more)
{
	const struct fork_batch_worker *s = w->state;
	uint64_t bytes = (uint64_t)w->cell->workers * more *
	    FORK_BATCH_CHILD_BYTES;

	if (vms_stopping(w))
		return false;
	if (vms_room(w->cell, bytes))
		return true;
	atomic_store(&s->shared->no_room, true);
	return false;
}

/* One group after the other: one process forks at a time. */
static int
fork_batch_build(struct vms_worker *w)
{
	const struct fork_batch_params *p = w->cell->params;
	const struct fork_batch_worker *s = w->state;
	struct fork_batch_shared *sh = s->shared;
	uint64_t made, n;
	int rc = 1;
	char byte;
	pid_t pid;

	while (rc == 1 && (made = atomic_load(&sh->made)) < p->batch &&
	    atomic_load(&sh->errnum) == 0) {
		n = p->batch - made < FORK_BATCH_GROUP ? p->batch - made :
		    FORK_BATCH_GROUP;
		if (!fork_batch_may_grow(w, n))
			break;
		pid = fork();
		if (pid == 0)
			_exit(fork_batch_lead(w, n) != 0);
		if (pid == -1) {
			atomic_store(&sh->errnum, errno);
			break;
		}
		rc = fork_batch_hear(w, s->turn[0], FORK_BATCH_LOOK);
		if (rc == 1 && read(s->turn[0], &byte, 1) != 1)
			rc = vms_fail(w, "cannot read from a pipe");
	}
	return rc;
}

/* The builder does not count: it makes the batch and sees its end. */
static int
fork_batch_builder(void *arg)
{
	struct vms_worker *w = arg;
	const struct fork_batch_worker *s = w->state;
	struct fork_batch_shared *sh = s->shared;
	uint64_t made;
	int rc;

	close(s->gate[1]);
	close(s->news[0]);
	rc = fork_batch_build(w);
	made = atomic_load(&sh->made);
	atomic_store(&sh->target, made);
	if (atomic_load(&sh->arrived) == made)
		fork_batch_ring(s->news[1]);
	if (rc == 1)
		rc = fork_batch_hear(w, s->gate[0], FORK_BATCH_LOOK);
	return fork_batch_reap(w) != 0 || rc < 0 ? -1 : 0;
}

/* ---- phases ------------------------------------------------------------ */

/* Until all children stand before the gate: as fork_batch_hear(). */
static int
fork_batch_await(struct vms_worker *w)
{
	const struct fork_batch_worker *s = w->state;
	struct fork_batch_shared *sh = s->shared;
	char bytes[16];
	int rc = 1;

	while (rc == 1 &&
	    atomic_load(&sh->arrived) != atomic_load(&sh->target)) {
		rc = fork_batch_hear(w, s->news[0], FORK_BATCH_LOOK);
		errno = 0;
		if (rc == 1 && read(s->news[0], bytes, sizeof(bytes)) <= 0)
			rc = vms_fail(w, "the batch is gone");
	}
	return rc;
}

/* Everybody leaves, and the last one is waited for. */
static int
fork_batch_end(struct vms_worker *w)
{
	struct fork_batch_worker *s = w->state;
	int rc;

	close(s->gate[1]);
	rc = vms_task_join(w, s->builder);
	s->builder = NULL;
	close(s->news[0]);
	return rc;
}

/* Limits of processes look alike: say the one that can be asked for. */
static void
fork_batch_say_limit(struct vms_worker *w)
{
	const struct fork_batch_params *p = w->cell->params;
	const struct fork_batch_worker *s = w->state;
	int errnum = atomic_load(&s->shared->errnum);
	struct rlimit rl = { 0 };

	if (s->made == p->batch)
		return;
	if (errnum == 0) {
		vms_partial(w, (int64_t)p->batch, (int64_t)s->made,
		    atomic_load(&s->shared->no_room) ? "memory budget" :
		    "stopped");
		return;
	}
	getrlimit(RLIMIT_NPROC, &rl);
	vms_partial(w, (int64_t)p->batch, (int64_t)s->made,
	    "fork: %s (RLIMIT_NPROC is %lld; limits of the system and of a "
	    "cgroup look the same)", strerror(errnum), (long long)rl.rlim_cur);
}

static int64_t
fork_batch_fork(struct vms_worker *w)
{
	const struct fork_batch_params *p = w->cell->params;
	struct fork_batch_worker *s = w->state;
	struct fork_batch_shared *sh = s->shared;
	int rc;

	atomic_store(&sh->arrived, 0);
	atomic_store(&sh->target, FORK_BATCH_UNKNOWN);
	atomic_store(&sh->made, 0);
	atomic_store(&sh->errnum, 0);
	atomic_store(&sh->no_room, false);
	if (pipe(s->gate) != 0 || pipe(s->news) != 0 || pipe(s->turn) != 0)
		return vms_fail(w, "cannot make the pipes of a batch");
	s->builder = vms_task_start(w, fork_batch_builder, w,
	    p->near == VMS_NEAR_SAME ? w->cpu : -1);
	if (s->builder == NULL)
		return -1;
	close(s->gate[0]);
	close(s->news[1]);
	close(s->turn[0]);
	close(s->turn[1]);
	rc = fork_batch_await(w);
	s->made = atomic_load(&sh->made);
	s->children += s->made;
	fork_batch_say_limit(w);
	return rc < 0 ? -1 : (int64_t)s->made;
}

static int64_t
fork_batch_exit(struct vms_worker *w)
{
	const struct fork_batch_worker *s = w->state;

	return fork_batch_end(w) != 0 ? -1 : (int64_t)s->made;
}

static const struct vms_phase fork_batch_phases[] = {
	{ "fork", "child", fork_batch_fork, true },
	{ "exit", "child", fork_batch_exit, false },
	{ NULL, NULL, NULL, false }
};

/* ---- hooks ------------------------------------------------------------- */

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

static int
fork_batch_worker_init(struct vms_worker *w)
{
	struct fork_batch_worker *s = w->state;

	s->shared = mmap(NULL, sizeof(*s->shared), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANON, -1, 0);
	if (s->shared == MAP_FAILED)
		return vms_fail(w, "cannot map shared memory");
	return 0;
}

/* Everybody was there, left by the gate, and is gone; statuses were checked. */
static int
fork_batch_verify(struct vms_worker *w)
{
	const struct fork_batch_worker *s = w->state;
	uint64_t left = atomic_load(&s->shared->left);
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

static int
fork_batch_worker_fini(struct vms_worker *w)
{
	struct fork_batch_worker *s = w->state;
	int rc = s->builder != NULL ? fork_batch_end(w) : 0;

	munmap(s->shared, sizeof(*s->shared));
	return rc;
}

/*
 * Processes only: what a thread forks inherits the pipes of the others, whose
 * gates would then not open.
 */
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
	.worker_init = fork_batch_worker_init,
	.phases = fork_batch_phases,
	.verify = fork_batch_verify,
	.worker_fini = fork_batch_worker_fini,
};
