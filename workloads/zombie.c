/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One operation of `make` is one child that is created and ends, and is not
 * waited for: a zombie.  One of `reap` is one waitpid() that takes it away,
 * its status checked.  All zombies of a worker are its own children.
 *
 * A parent's list of children is what a wait walks through: for `any` it asks
 * for no child in particular and takes what the kernel finds first; `forward`
 * asks for each by its id, the oldest first, `reverse` the youngest first.  If
 * a kernel looks a child up in its list, the price of one reap grows with
 * `zombies`, and in one of the two orders more than in the other.  The release
 * of the id and of what is left of the process is a part of all of them.
 *
 * The last children may still be on their way out when `make` ends, at the end
 * of file of a pipe that all of them held: the first reaps can then wait for
 * their CPU, in particular with `reverse`.  `make` is a fork, a switch and an
 * exit that overlap with the next fork if there is another CPU for them; the
 * children are bound as the worker is.
 */
#include <poll.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "workload.h"

/* How many children are made between two looks at the budget. */
#define ZOMBIE_GROUP 100
/* What is left of a child is 12 KiB on Linux; those alive need more. */
#define ZOMBIE_BYTES (24 * 1024)
/* How often a waiting process looks around, milliseconds. */
#define ZOMBIE_LOOK 200

struct zombie_params {
	uint64_t zombies;
	int reap;
};

enum zombie_order { ZOMBIE_FORWARD, ZOMBIE_REVERSE, ZOMBIE_ANY };

struct zombie_worker {
	pid_t *pid;		/* in the order of their birth */
	uint64_t made, reaped;	/* of this round; equal: there are none */
};

static const char *const zombie_orders[] = {
	"forward", "reverse", "any", NULL
};

static const struct vms_param zombie_rows[] = {
	{ "zombies", VMS_COUNT, offsetof(struct zombie_params, zombies),
	    "1000", "1", "4M", NULL, "zombies of each worker" },
	{ "reap", VMS_CHOICE, offsetof(struct zombie_params, reap), "forward",
	    NULL, NULL, zombie_orders, "order in which they are waited for" },
	VMS_PARAMS_END
};

static uint64_t
zombie_memory(const struct vms_cell *c)
{
	const struct zombie_params *p = c->params;

	return (uint64_t)c->workers * p->zombies *
	    (vms_member_bytes(c, ZOMBIE_BYTES) + sizeof(pid_t));
}

/* A zombie takes the place of a process in every limit. */
static uint64_t
zombie_tasks(const struct vms_cell *c)
{
	const struct zombie_params *p = c->params;

	return (uint64_t)c->workers * (p->zombies + 1);
}

/* What a child leaves; a status that tells it from its neighbours. */
static int
zombie_status(uint64_t i)
{
	return (int)(i % 251);
}

/* Until the last child has closed its end. */
static void
zombie_await(struct vms_worker *w, int fd)
{
	struct pollfd pfd = { .fd = fd, .events = POLLIN };

	while (poll(&pfd, 1, ZOMBIE_LOOK) != 1)
		if (vms_stopping(w))
			break;
}

/* Create children until there are enough, or something stops it. */
static void
zombie_create(struct vms_worker *w)
{
	const struct zombie_params *p = w->cell->params;
	struct zombie_worker *s = w->state;
	uint64_t bytes = (uint64_t)w->cell->workers * ZOMBIE_GROUP *
	    vms_member_bytes(w->cell, ZOMBIE_BYTES);
	const char *why = NULL;
	int status;	/* a copy: the state may be shared with the child */
	pid_t pid = 0;

	while (s->made < p->zombies && why == NULL && pid != -1) {
		if (vms_stopping(w))
			why = "stopped";
		else if (s->made % ZOMBIE_GROUP == 0 &&
		    !vms_room(w->cell, bytes))
			why = "memory budget";
		if (why != NULL)
			break;
		status = zombie_status(s->made);
		pid = fork();
		if (pid == 0)
			_exit(status);
		if (pid != -1)
			s->pid[s->made++] = pid;
	}
	if (pid == -1)
		vms_refused(w, (int64_t)p->zombies, (int64_t)s->made, "fork",
		    errno);
	else if (why != NULL)
		vms_partial(w, (int64_t)p->zombies, (int64_t)s->made, "%s",
		    why);
}

static int64_t
zombie_make(struct vms_worker *w)
{
	struct zombie_worker *s = w->state;
	int fd[2];

	if (pipe(fd) != 0)
		return vms_fail(w, "cannot make a pipe");
	s->made = s->reaped = 0;
	zombie_create(w);
	close(fd[1]);
	zombie_await(w, fd[0]);
	close(fd[0]);
	return (int64_t)s->made;
}

/* The number of the child whose turn it is in this order. */
static uint64_t
zombie_turn(const struct zombie_worker *s, int order)
{
	return order == ZOMBIE_REVERSE ? s->made - 1 - s->reaped : s->reaped;
}

/* `any` may be any, so its status cannot be told beforehand. */
static int
zombie_reap_one(struct vms_worker *w)
{
	const struct zombie_params *p = w->cell->params;
	struct zombie_worker *s = w->state;
	uint64_t i = zombie_turn(s, p->reap);
	bool any = p->reap == ZOMBIE_ANY;
	int status;
	pid_t pid;

	do {
		pid = waitpid(any ? -1 : s->pid[i], &status, 0);
	} while (pid == -1 && errno == EINTR);
	if (pid == -1)
		return vms_fail(w, "cannot reap zombie %llu",
		    (unsigned long long)i);
	s->reaped++;
	errno = 0;
	if (!WIFEXITED(status) ||
	    (!any && WEXITSTATUS(status) != zombie_status(i)))
		return vms_fail(w, "zombie %llu has wait status %#x, not exit "
		    "status %d", (unsigned long long)i, (unsigned)status,
		    zombie_status(i));
	return 0;
}

static int64_t
zombie_reap(struct vms_worker *w)
{
	struct zombie_worker *s = w->state;

	while (s->reaped < s->made && !vms_stopping(w))
		if (zombie_reap_one(w) != 0)
			return -1;
	return (int64_t)s->reaped;
}

static const struct vms_phase zombie_phases[] = {
	{ "make", "zombie", zombie_make, false },
	{ "reap", "zombie", zombie_reap, true },
	{ NULL, NULL, NULL, false }
};

static int
zombie_worker_init(struct vms_worker *w)
{
	const struct zombie_params *p = w->cell->params;
	struct zombie_worker *s = w->state;

	s->pid = calloc(p->zombies, sizeof(*s->pid));
	return s->pid != NULL ? 0 : vms_fail(w, "cannot allocate a list of "
	    "%llu children", (unsigned long long)p->zombies);
}

/* As many were reaped as were made, and there is none left. */
static int
zombie_verify(struct vms_worker *w)
{
	const struct zombie_worker *s = w->state;
	int status;

	errno = 0;
	if (s->reaped != s->made)
		return vms_fail(w, "%llu of %llu zombies were reaped",
		    (unsigned long long)s->reaped,
		    (unsigned long long)s->made);
	if (waitpid(-1, &status, WNOHANG) != -1 || errno != ECHILD) {
		errno = 0;
		return vms_fail(w, "there is a child left at the end");
	}
	return 0;
}

/* What is left after an early end is reaped by who comes after the worker. */
static int
zombie_worker_fini(struct vms_worker *w)
{
	struct zombie_worker *s = w->state;

	free(s->pid);
	return 0;
}

/*
 * Processes only: `any` would take the zombies of other threads, and their
 * number in the one list of a threaded process would be a multiple.
 */
const struct vms_workload vms_workload_zombie = {
	.abi = VMS_ABI,
	.name = "zombie",
	.version = 1,
	.summary = "a parent reaps one of many zombies",
	.kind = VMS_PHASES,
	.unit = "zombie",
	.population = "zombies",
	.modes = VMS_PROCESS,
	.params = zombie_rows,
	.params_size = sizeof(struct zombie_params),
	.worker_size = sizeof(struct zombie_worker),
	.memory = zombie_memory,
	.tasks = zombie_tasks,
	.worker_init = zombie_worker_init,
	.phases = zombie_phases,
	.verify = zombie_verify,
	.worker_fini = zombie_worker_fini,
};
