/* SPDX-License-Identifier: BSD-2-Clause */
/* A crowd as its worker sees it; see workload_crowd.h. */
#include "config.h"

#include "engine/crowd.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/mem.h"

struct crowd *
crowd_of(const struct vms_worker *w)
{
	const struct engine *en = w->cell->engine;

	return en->workers[w->index].crowd;
}

/* Of a process that has ended too early, how. */
static int
crowd_blame(struct vms_worker *w, pid_t pid, int status)
{
	errno = 0;
	if (WIFSIGNALED(status))
		return vms_fail(w, "process %ld of the crowd was killed by "
		    "signal %d", (long)pid, WTERMSIG(status));
	return vms_fail(w, "process %ld of the crowd ended before its time, "
	    "with status %d", (long)pid, WEXITSTATUS(status));
}

int
crowd_hear(struct vms_worker *w, pid_t child, int fd, int look_ms)
{
	struct pollfd pfd = { .fd = fd, .events = POLLIN };
	int status;
	pid_t pid;

	while (poll(&pfd, 1, look_ms) != 1) {
		if (vms_stopping(w))
			return 0;
		pid = waitpid(child, &status, WNOHANG);
		if (pid > 0)
			return crowd_blame(w, pid, status);
	}
	return 1;
}

uint64_t
crowd_wanted(const struct crowd_shared *sh)
{
	return atomic_load(&sh->growing) ? atomic_load(&sh->made) :
	    atomic_load(&sh->target);
}

/* ---- making ------------------------------------------------------------ */

static int
crowd_check(struct vms_worker *w, const struct vms_crowd_plan *p)
{
	errno = 0;
	if (w->cell->threads)
		return vms_fail(w, "a crowd needs a worker that is a process");
	if (crowd_of(w) != NULL)
		return vms_fail(w, "there is a crowd already");
	if (p->group > VMS_CROWD_GROUP_MAX || p->gates < 1 ||
	    p->gates > VMS_CROWD_GATES_MAX ||
	    (p->member == NULL) == (p->fill == NULL) ||
	    (p->fill != NULL && p->group == 0))
		return vms_fail(w, "the plan of the crowd is not valid");
	return 0;
}

static int
crowd_pipes(struct crowd *c)
{
	int g;

	for (g = 0; g < c->plan.gates; g++)
		if (pipe(c->gate[g]) != 0)
			return -1;
	return pipe(c->news) != 0 || pipe(c->turn) != 0 ? -1 : 0;
}

static struct crowd *
crowd_new(struct vms_worker *w, const struct vms_crowd_plan *plan)
{
	struct crowd *c = mem_zalloc(sizeof(*c));
	size_t pids;
	int g;

	c->plan = *plan;
	for (g = 0; g < VMS_CROWD_GATES_MAX; g++)
		c->gate[g][0] = c->gate[g][1] = -1;
	c->news[0] = c->news[1] = c->turn[0] = c->turn[1] = -1;
	pids = w->cell->workload->latency != NULL ? sizeof(*c->shared) :
	    offsetof(struct crowd_shared, latency);
	c->shared_size = pids + (size_t)plan->members * sizeof(*c->pids);
	c->shared = mmap(NULL, c->shared_size, PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANON, -1, 0);
	if (c->shared == MAP_FAILED) {
		vms_fail(w, "cannot map the memory that a crowd shares");
		free(c);
		return NULL;
	}
	c->pids = (pid_t *)(void *)((char *)c->shared + pids);
	atomic_store(&c->shared->target, CROWD_UNKNOWN);
	atomic_store(&c->shared->growing, plan->group == 0);
	return c;
}

static void
crowd_close(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

/* The ends of pipes that are for the crowd. */
static void
crowd_close_theirs(struct crowd *c)
{
	int g;

	for (g = 0; g < c->plan.gates; g++)
		crowd_close(&c->gate[g][0]);
	crowd_close(&c->news[1]);
	crowd_close(&c->turn[0]);
	crowd_close(&c->turn[1]);
}

/* Until all stand before the next gate: as crowd_hear(). */
static int
crowd_until_full(struct vms_worker *w, const struct crowd *c)
{
	const struct crowd_shared *sh = c->shared;
	pid_t builder = host_task_pid(c->builder);
	uint64_t arrived;
	char bytes[16];
	int rc;

	for (;;) {
		/* In this order: there are never fewer made than arrived. */
		arrived = atomic_load(&sh->arrived);
		if (atomic_load(&sh->built) && arrived == crowd_wanted(sh))
			return 1;
		rc = crowd_hear(w, builder, c->news[0], CROWD_LOOK);
		if (rc != 1)
			return rc;
		errno = 0;
		if (read(c->news[0], bytes, sizeof(bytes)) <= 0)
			return vms_fail(w, "the crowd is gone");
	}
}

static void
crowd_say_partial(struct vms_worker *w, const struct crowd *c, uint64_t made)
{
	const struct crowd_shared *sh = c->shared;
	int64_t asked = (int64_t)c->plan.members;
	int errnum = atomic_load(&sh->errnum);

	if (errnum != 0)
		vms_refused(w, asked, (int64_t)made,
		    atomic_load(&sh->fill_refused) ? c->plan.fill_call :
		    "fork", errnum);
	else
		vms_partial(w, asked, (int64_t)made,
		    atomic_load(&sh->no_room) ? "memory budget" : "stopped");
}

int64_t
crowd_start(struct vms_worker *w, const struct vms_crowd_plan *plan)
{
	struct engine *en = w->cell->engine;
	struct crowd *c;
	uint64_t made;

	if (crowd_check(w, plan) != 0)
		return -1;
	c = crowd_new(w, plan);
	if (c == NULL)
		return -1;
	en->workers[w->index].crowd = c;
	if (crowd_pipes(c) != 0)
		return vms_fail(w, "cannot make the pipes of a crowd");
	c->builder = vms_task_start(w, crowd_builder, w, plan->cpu);
	if (c->builder == NULL)
		return -1;
	crowd_close_theirs(c);
	if (crowd_until_full(w, c) < 0)
		return -1;
	made = atomic_load(&c->shared->made);
	if (made < plan->members)
		crowd_say_partial(w, c, made);
	return (int64_t)made;
}

/* ---- gates and the end ------------------------------------------------- */

int
crowd_open(struct vms_worker *w)
{
	struct crowd *c = crowd_of(w);
	struct crowd_shared *sh;

	errno = 0;
	if (c == NULL || c->opened == c->plan.gates)
		return vms_fail(w, "the crowd has no further gate");
	sh = c->shared;
	/* At the next gate all will have arrived once more than here. */
	atomic_store(&sh->target, atomic_load(&sh->made) *
	    ((uint64_t)c->opened + 2));
	atomic_store(&sh->growing, false);
	atomic_store(&sh->opened, (uint32_t)c->opened + 1);
	crowd_close(&c->gate[c->opened][1]);
	c->opened++;
	return 0;
}

int
crowd_await(struct vms_worker *w)
{
	const struct crowd *c = crowd_of(w);

	errno = 0;
	if (c == NULL || c->opened == c->plan.gates)
		return vms_fail(w, "the crowd comes to no further gate");
	return crowd_until_full(w, c) < 0 ? -1 : 0;
}

int
crowd_end(struct vms_worker *w)
{
	struct engine *en = w->cell->engine;
	struct engine_worker *ew = &en->workers[w->index];
	struct crowd *c = ew->crowd;
	int g, rc = 0;

	if (c == NULL)
		return 0;
	for (g = 0; g < c->plan.gates; g++)
		crowd_close(&c->gate[g][1]);
	if (c->builder != NULL)
		rc = vms_task_join(w, c->builder);
	crowd_close_theirs(c);
	crowd_close(&c->news[0]);
	if (w->cell->workload->latency != NULL)
		histogram_merge(ew->block->latency, &c->shared->latency);
	munmap(c->shared, c->shared_size);
	free(c);
	ew->crowd = NULL;
	return rc;
}
