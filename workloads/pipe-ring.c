/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One operation is one hop: a task of a ring reads the token from its pipe,
 * walks through its working set and writes the token to the next task's pipe.
 * A worker and `tasks` - 1 partners make a ring with one token, and a call
 * always does whole laps.
 *
 * This is the context switch, and what it leaves behind: with more tasks the
 * run queues and the kernel's own data grow cold between two turns of a task,
 * with `set` also the caches and the TLB.  Processes change the address space
 * at every hop, threads do not.
 *
 * The hop contains two system calls and, with `set`, the walk itself: subtract
 * the result of pipe-rw and compare several numbers of tasks, rather than read
 * one of them as the price of a switch.  With `near` free the scheduler may
 * spread the ring over CPUs, where a hop is a wake-up.  Rings of several
 * workers on one CPU take turns, and a hop then waits for strangers.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "workload.h"

/* Descriptors that the program itself may need. */
#define PIPE_RING_OTHERS 64
/* What a sleeping task costs the kernel, measured on Linux. */
#define PIPE_RING_PROCESS_BYTES (96 * 1024)
#define PIPE_RING_THREAD_BYTES (32 * 1024)
/* A walk writes one word in every so many bytes. */
#define PIPE_RING_LINE 64

struct pipe_ring_params {
	uint64_t tasks;
	uint64_t set;
	int near;
};

/* One task of the ring: what it owns, and only it uses once it runs. */
struct pipe_ring_task {
	_Alignas(128) struct vms_worker *worker;
	int in, out;		/* of two different pipes */
	int head, next;		/* not its own: to close in a new process */
	uint64_t hops;
	unsigned char *set;	/* touched first by the task itself */
	void *handle;
};

struct pipe_ring_worker {
	struct pipe_ring_task *task;	/* the worker's own is task[0] */
	uint64_t token;			/* hops of the ring so far */
};

/* The first two of enum vms_near: there is no one partner to be placed. */
static const char *const pipe_ring_near[] = { "free", "same", NULL };

static const struct vms_param pipe_ring_rows[] = {
	{ "tasks", VMS_COUNT, offsetof(struct pipe_ring_params, tasks), "8",
	    "2", "10k", NULL, "tasks of a ring, the worker included" },
	{ "set", VMS_SIZE, offsetof(struct pipe_ring_params, set), "0", "0",
	    "1G", NULL, "working set that a task walks through at each hop" },
	{ "near", VMS_CHOICE, offsetof(struct pipe_ring_params, near), "same",
	    NULL, NULL, pipe_ring_near,
	    "tasks on the worker's CPU, or where the scheduler puts them" },
	VMS_PARAMS_END
};

static uint64_t
pipe_ring_tasks(const struct vms_cell *c)
{
	const struct pipe_ring_params *p = c->params;

	return (uint64_t)c->workers * p->tasks;
}

static uint64_t
pipe_ring_memory(const struct vms_cell *c)
{
	const struct pipe_ring_params *p = c->params;
	uint64_t task = c->threads ? PIPE_RING_THREAD_BYTES :
	    PIPE_RING_PROCESS_BYTES;

	return (uint64_t)c->workers * p->tasks * (task + p->set);
}

/* A process of a ring needs a handful of descriptors, threads share theirs. */
static int
pipe_ring_probe(struct vms_cell *c)
{
	const struct pipe_ring_params *p = c->params;
	uint64_t need = PIPE_RING_OTHERS;
	struct rlimit rl;

	if (c->threads)
		need += 2 * p->tasks * (uint64_t)c->workers;
	if (getrlimit(RLIMIT_NOFILE, &rl) != 0)
		return vms_cell_fail(c, "cannot read RLIMIT_NOFILE");
	if (rl.rlim_cur == RLIM_INFINITY || need <= rl.rlim_cur)
		return 0;
	return vms_skip(c, "tasks=%llu as threads needs %llu descriptors, "
	    "RLIMIT_NOFILE is %llu (ulimit -n %llu)",
	    (unsigned long long)p->tasks, (unsigned long long)need,
	    (unsigned long long)rl.rlim_cur, (unsigned long long)need);
}

static int
pipe_ring_make_set(struct pipe_ring_task *t)
{
	const struct pipe_ring_params *p = t->worker->cell->params;

	if (p->set == 0)
		return 0;
	t->set = calloc(1, p->set);
	return t->set != NULL ? 0 : vms_fail(t->worker,
	    "cannot allocate a working set of %llu bytes",
	    (unsigned long long)p->set);
}

static void
pipe_ring_walk(struct pipe_ring_task *t)
{
	const struct pipe_ring_params *p = t->worker->cell->params;
	uint64_t i;

	for (i = 0; i < p->set; i += PIPE_RING_LINE)
		t->set[i]++;
	t->hops++;
}

/* Every hop has been through the whole working set, and nobody else has. */
static int
pipe_ring_check_set(const struct pipe_ring_task *t)
{
	const struct pipe_ring_params *p = t->worker->cell->params;
	uint64_t i;

	errno = 0;
	for (i = 0; i < p->set; i += PIPE_RING_LINE)
		if (t->set[i] != (unsigned char)t->hops)
			return vms_fail(t->worker, "byte %llu of a working set "
			    "is wrong after %llu hops", (unsigned long long)i,
			    (unsigned long long)t->hops);
	return 0;
}

/* A token is written and read whole: it is much smaller than PIPE_BUF. */
static int
pipe_ring_take(const struct pipe_ring_task *t, uint64_t *token)
{
	ssize_t got;

	do {
		got = read(t->in, token, sizeof(*token));
	} while (got == -1 && errno == EINTR);
	return got == (ssize_t)sizeof(*token) ? 1 : (int)got;
}

static int
pipe_ring_give(const struct pipe_ring_task *t, uint64_t token)
{
	if (write(t->out, &token, sizeof(token)) == (ssize_t)sizeof(token))
		return 1;
	return errno == EPIPE ? 0 : -1;
}

/* Pass the token on until the task before this one is gone. */
static int
pipe_ring_relay(struct pipe_ring_task *t)
{
	uint64_t token;
	int rc;

	if (pipe_ring_make_set(t) != 0)
		return -1;
	do {
		rc = pipe_ring_take(t, &token);
		if (rc == 1) {
			pipe_ring_walk(t);
			rc = pipe_ring_give(t, token + 1);
		}
	} while (rc == 1);
	if (rc == -1)
		return vms_fail(t->worker, "a task cannot pass the token on");
	return pipe_ring_check_set(t);
}

/* Closing its ends makes the next task leave, and so on around the ring. */
static int
pipe_ring_partner(void *arg)
{
	struct pipe_ring_task *t = arg;
	int rc;

	if (!t->worker->cell->threads) {
		close(t->head);
		close(t->next);
	}
	rc = pipe_ring_relay(t);
	close(t->in);
	close(t->out);
	free(t->set);
	return rc;
}

static int64_t
pipe_ring_run(struct vms_worker *w, int64_t n)
{
	const struct pipe_ring_params *p = w->cell->params;
	struct pipe_ring_worker *s = w->state;
	int64_t lap, tasks = (int64_t)p->tasks, laps = (n + tasks - 1) / tasks;
	uint64_t token;
	int rc;

	for (lap = 0; lap < laps; lap++) {
		pipe_ring_walk(&s->task[0]);
		rc = pipe_ring_give(&s->task[0], s->token + 1);
		if (rc == 1)
			rc = pipe_ring_take(&s->task[0], &token);
		if (rc == -1)
			return vms_fail(w, "cannot pass the token on");
		errno = 0;
		if (rc == 0)
			return vms_fail(w, "a task of the ring is gone");
		s->token += p->tasks;
		if (token != s->token)
			return vms_fail(w, "the token made %lld hops, not %llu",
			    (long long)(token - s->token + p->tasks),
			    (unsigned long long)p->tasks);
	}
	return laps * tasks;
}

/*
 * One pipe and one task at a time, each side closing what the other one owns,
 * so that a ring of any length takes few descriptors in a process.
 */
static int
pipe_ring_add(struct vms_worker *w, struct pipe_ring_task *t)
{
	const struct pipe_ring_params *p = w->cell->params;
	struct pipe_ring_worker *s = w->state;
	int fd[2];

	if (pipe(fd) != 0)
		return vms_fail(w, "cannot make a pipe of the ring");
	t->worker = w;
	t->in = s->task[0].in;
	t->out = fd[1];
	t->head = s->task[0].out;
	t->next = fd[0];
	t->handle = vms_task_start(w, pipe_ring_partner, t,
	    p->near == VMS_NEAR_SAME ? w->cpu : -1);
	if (t->handle == NULL)
		return -1;
	if (!w->cell->threads) {
		close(t->in);
		close(t->out);
	}
	s->task[0].in = fd[0];
	return 0;
}

/* The lap at the end has every task running and its set touched. */
static int
pipe_ring_worker_init(struct vms_worker *w)
{
	const struct pipe_ring_params *p = w->cell->params;
	struct pipe_ring_worker *s = w->state;
	uint64_t i;
	int fd[2];

	s->task = aligned_alloc(128, p->tasks * sizeof(*s->task));
	if (s->task == NULL)
		return vms_fail(w, "cannot allocate a list of tasks");
	memset(s->task, 0, p->tasks * sizeof(*s->task));
	if (pipe(fd) != 0)
		return vms_fail(w, "cannot make a pipe of the ring");
	s->task[0].worker = w;
	s->task[0].in = fd[0];
	s->task[0].out = fd[1];
	for (i = 1; i < p->tasks; i++)
		if (pipe_ring_add(w, &s->task[i]) != 0)
			return -1;
	if (pipe_ring_make_set(&s->task[0]) != 0)
		return -1;
	return pipe_ring_run(w, 1) == (int64_t)p->tasks ? 0 : -1;
}

/* The token has counted every hop; the partners check their sets in the end. */
static int
pipe_ring_verify(struct vms_worker *w)
{
	const struct pipe_ring_params *p = w->cell->params;
	struct pipe_ring_worker *s = w->state;

	errno = 0;
	if (s->token != s->task[0].hops * p->tasks)
		return vms_fail(w, "%llu hops in %llu laps of %llu tasks",
		    (unsigned long long)s->token,
		    (unsigned long long)s->task[0].hops,
		    (unsigned long long)p->tasks);
	return pipe_ring_check_set(&s->task[0]);
}

static int
pipe_ring_worker_fini(struct vms_worker *w)
{
	const struct pipe_ring_params *p = w->cell->params;
	struct pipe_ring_worker *s = w->state;
	uint64_t i;
	int rc = 0;

	close(s->task[0].out);
	for (i = 1; i < p->tasks; i++)
		if (vms_task_join(w, s->task[i].handle) != 0)
			rc = -1;
	close(s->task[0].in);
	free(s->task[0].set);
	free(s->task);
	return rc;
}

const struct vms_workload vms_workload_pipe_ring = {
	.abi = VMS_ABI,
	.name = "pipe-ring",
	.version = 1,
	.summary = "a token handed on from task to task around a ring of pipes",
	.kind = VMS_RATE,
	.unit = "hop",
	.modes = VMS_PROCESS | VMS_THREAD,
	.params = pipe_ring_rows,
	.params_size = sizeof(struct pipe_ring_params),
	.worker_size = sizeof(struct pipe_ring_worker),
	.memory = pipe_ring_memory,
	.tasks = pipe_ring_tasks,
	.pipes = pipe_ring_tasks,
	.probe = pipe_ring_probe,
	.worker_init = pipe_ring_worker_init,
	.run = pipe_ring_run,
	.verify = pipe_ring_verify,
	.worker_fini = pipe_ring_worker_fini,
};
