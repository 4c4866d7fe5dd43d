/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One operation is one child that ends and is reaped, by a parent that sleeps
 * in wait() for any of many.  It is what a harness must not do, and a test that
 * the profile shows why: every death wakes the parent, which walks through its
 * list of children from the oldest on, and the youngest die first.
 *
 * Each child waits for the end of file of a pipe that the next younger one
 * holds, so that the end of the youngest is the end of all, one after another.
 *
 * No number of it means anything: it is hidden, and there for the tests.
 */
#include <sys/wait.h>
#include <unistd.h>

#include "workload.h"

/* How many children are made between two looks at the budget. */
#define TEST_NAIVE_WAIT_GROUP 100
/* A child with page tables of its own, and its pipe. */
#define TEST_NAIVE_WAIT_BYTES (100 * 1024)

struct test_naive_wait_params {
	uint64_t children;
};

struct test_naive_wait_worker {
	uint64_t made, reaped;	/* of this round */
	int last;		/* what the youngest waits for the end of, or
				 * -1 */
};

static const struct vms_param test_naive_wait_rows[] = {
	{ "children", VMS_COUNT,
	    offsetof(struct test_naive_wait_params, children), "1000", "1",
	    "1M", NULL, "children of each worker" },
	VMS_PARAMS_END
};

static uint64_t
test_naive_wait_memory(const struct vms_cell *c)
{
	const struct test_naive_wait_params *p = c->params;

	return (uint64_t)c->workers * p->children *
	    vms_member_bytes(c, TEST_NAIVE_WAIT_BYTES);
}

static uint64_t
test_naive_wait_tasks(const struct vms_cell *c)
{
	const struct test_naive_wait_params *p = c->params;

	return (uint64_t)c->workers * (p->children + 1);
}

static uint64_t
test_naive_wait_pipes(const struct vms_cell *c)
{
	const struct test_naive_wait_params *p = c->params;

	return (uint64_t)c->workers * p->children;
}

static int
test_naive_wait_init(struct vms_worker *w)
{
	struct test_naive_wait_worker *s = w->state;

	s->last = -1;
	return 0;
}

/* The pipe that this child waits for stays open in the next one. */
static _Noreturn void
test_naive_wait_child(const int fd[2])
{
	char c;

	close(fd[1]);
	_exit(read(fd[0], &c, 1) == 0 ? 0 : 1);
}

/* One more child; -1: the call `*call` was refused. */
static int
test_naive_wait_more(struct test_naive_wait_worker *s, const char **call)
{
	int saved, fd[2];
	pid_t pid;

	*call = "pipe";
	if (pipe(fd) != 0)
		return -1;
	*call = "fork";
	pid = fork();
	if (pid == 0)
		test_naive_wait_child(fd);
	saved = errno;
	close(fd[0]);
	if (pid == -1) {
		close(fd[1]);
		errno = saved;
		return -1;
	}
	if (s->last >= 0)
		close(s->last);
	s->last = fd[1];
	s->made++;
	return 0;
}

static int64_t
test_naive_wait_make(struct vms_worker *w)
{
	const struct test_naive_wait_params *p = w->cell->params;
	struct test_naive_wait_worker *s = w->state;
	uint64_t bytes = (uint64_t)w->cell->workers * TEST_NAIVE_WAIT_GROUP *
	    vms_member_bytes(w->cell, TEST_NAIVE_WAIT_BYTES);
	const char *call, *why = NULL;

	s->made = s->reaped = 0;
	while (s->made < p->children && why == NULL) {
		if (s->made % TEST_NAIVE_WAIT_GROUP == 0 &&
		    !vms_room(w->cell, bytes))
			why = "memory budget";
		else if (test_naive_wait_more(s, &call) != 0)
			break;
	}
	if (why != NULL)
		vms_partial(w, (int64_t)p->children, (int64_t)s->made, "%s",
		    why);
	else if (s->made < p->children)
		vms_refused(w, (int64_t)p->children, (int64_t)s->made, call,
		    errno);
	return (int64_t)s->made;
}

static int64_t
test_naive_wait_end(struct vms_worker *w)
{
	struct test_naive_wait_worker *s = w->state;
	int status;
	pid_t pid;

	if (s->last >= 0)
		close(s->last);
	s->last = -1;
	while (s->reaped < s->made) {
		pid = waitpid(-1, &status, 0);
		if (pid == -1 && errno == EINTR)
			continue;
		if (pid == -1)
			return vms_fail(w, "cannot wait for a child");
		errno = 0;
		if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
			return vms_fail(w, "a child has wait status %#x",
			    (unsigned)status);
		s->reaped++;
	}
	return (int64_t)s->reaped;
}

static const struct vms_phase test_naive_wait_phases[] = {
	{ "make", "child", test_naive_wait_make, false },
	{ "end", "child", test_naive_wait_end, true },
	{ NULL, NULL, NULL, false }
};

static int
test_naive_wait_verify(struct vms_worker *w)
{
	const struct test_naive_wait_worker *s = w->state;

	errno = 0;
	if (s->reaped != s->made)
		return vms_fail(w, "%llu of %llu children were reaped",
		    (unsigned long long)s->reaped,
		    (unsigned long long)s->made);
	return 0;
}

/* Processes only: a thread would reap the children of others. */
const struct vms_workload vms_workload_test_naive_wait = {
	.abi = VMS_ABI,
	.name = "test-naive-wait",
	.version = 1,
	.summary = "a test of the profile: wait() for any of many children",
	.kind = VMS_PHASES,
	.unit = "child",
	.modes = VMS_PROCESS,
	.hidden = true,
	.params = test_naive_wait_rows,
	.params_size = sizeof(struct test_naive_wait_params),
	.worker_size = sizeof(struct test_naive_wait_worker),
	.memory = test_naive_wait_memory,
	.tasks = test_naive_wait_tasks,
	.pipes = test_naive_wait_pipes,
	.worker_init = test_naive_wait_init,
	.phases = test_naive_wait_phases,
	.verify = test_naive_wait_verify,
};
