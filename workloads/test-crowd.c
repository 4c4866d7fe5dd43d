/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One operation is one member of a crowd made, at work, or gone.  It is a test
 * of the contract for crowds: each member comes to two gates, and sees at both
 * that all others are there when it passes.
 *
 * It stresses the engine and not the kernel.  `how` makes the member `member`
 * fail in one of many ways; `shape` is each way to make a crowd.  `wait` is how
 * long a member works; as its latency it records its number.
 *
 * No number of it means anything: it is hidden, and there for the tests.
 */
#include <signal.h>
#include <time.h>
#include <unistd.h>

#include "workload.h"
#include "workload_crowd.h"

#define TEST_CROWD_GATES 2

struct test_crowd_params {
	uint64_t members;
	uint64_t group;
	int shape;
	int how;
	uint64_t member;
	uint64_t wait;
	uint64_t bytes;
};

/* The order of the choices of `shape`. */
enum test_crowd_shape {
	TEST_CROWD_LED, TEST_CROWD_APART, TEST_CROWD_WHOLE, TEST_CROWD_CHAIN
};

/* The order of the choices of `how`. */
enum test_crowd_how {
	TEST_CROWD_NONE, TEST_CROWD_DIES_EARLY, TEST_CROWD_DIES_LATE,
	TEST_CROWD_FAILS, TEST_CROWD_FAILS_SILENTLY, TEST_CROWD_EXITS,
	TEST_CROWD_LEAVES, TEST_CROWD_REFUSED, TEST_CROWD_WORKER_FAILS,
	TEST_CROWD_WORKER_DIES
};

struct test_crowd_worker {
	uint64_t made;
	_Atomic uint64_t at[TEST_CROWD_GATES];	/* each gate, this round */
	_Atomic uint64_t early;		/* members that passed before others
					 * had come */
};

static const char *const test_crowd_shapes[] = {
	"led", "apart", "whole", "chain", NULL
};
static const char *const test_crowd_hows[] = {
	"none", "dies-early", "dies-late", "fails", "fails-silently", "exits",
	"leaves", "refused", "worker-fails", "worker-dies", NULL
};

static const struct vms_param test_crowd_rows[] = {
	{ "members", VMS_COUNT, offsetof(struct test_crowd_params, members),
	    "50", "1", "10k", NULL, "members of each crowd" },
	{ "group", VMS_COUNT, offsetof(struct test_crowd_params, group), "20",
	    "1", "256", NULL, "of one group" },
	{ "shape", VMS_CHOICE, offsetof(struct test_crowd_params, shape),
	    "led", NULL, NULL, test_crowd_shapes, "who makes whom" },
	{ "how", VMS_CHOICE, offsetof(struct test_crowd_params, how), "none",
	    NULL, NULL, test_crowd_hows, "what goes wrong" },
	{ "member", VMS_COUNT, offsetof(struct test_crowd_params, member),
	    "7", "0", "10k", NULL, "the member that it happens to" },
	{ "wait", VMS_TIME, offsetof(struct test_crowd_params, wait), "0s",
	    "0s", "1h", NULL, "how long a member works" },
	{ "bytes", VMS_SIZE, offsetof(struct test_crowd_params, bytes), "1M",
	    "1", "1T", NULL, "what a member is said to take" },
	VMS_PARAMS_END
};

static uint64_t
test_crowd_tasks(const struct vms_cell *c)
{
	const struct test_crowd_params *p = c->params;

	return (uint64_t)c->workers * (p->members + 2 + p->members / p->group);
}

static bool
test_crowd_is(const struct vms_worker *w, uint64_t index,
    enum test_crowd_how how)
{
	const struct test_crowd_params *p = w->cell->params;

	return p->how == (int)how && p->member == index;
}

/* ---- a member ----------------------------------------------------------- */

/* What goes wrong before the first gate; 1: nothing. */
static int
test_crowd_early(struct vms_worker *w, uint64_t index)
{
	if (test_crowd_is(w, index, TEST_CROWD_DIES_EARLY))
		raise(SIGKILL);
	if (test_crowd_is(w, index, TEST_CROWD_EXITS))
		_exit(5);
	if (test_crowd_is(w, index, TEST_CROWD_FAILS_SILENTLY))
		return -3;
	errno = EIO;
	if (test_crowd_is(w, index, TEST_CROWD_FAILS))
		return vms_fail(w, "member %llu fails as it was told to",
		    (unsigned long long)index);
	return test_crowd_is(w, index, TEST_CROWD_LEAVES) ? 0 : 1;
}

/* Count itself at a gate, pass it, and look for those that are missing. */
static bool
test_crowd_pass(struct vms_worker *w, int gate)
{
	struct test_crowd_worker *s = w->state;

	atomic_fetch_add(&s->at[gate], 1);
	if (!vms_crowd_pass(w))
		return false;
	atomic_fetch_add(&s->early, atomic_load(&s->at[gate]) < s->made);
	return true;
}

static void
test_crowd_work(const struct vms_worker *w)
{
	const struct test_crowd_params *p = w->cell->params;
	struct timespec ms = { .tv_nsec = 1000000 };
	uint64_t end = vms_now(w) + p->wait;

	while (vms_now(w) < end && !vms_stopping(w))
		nanosleep(&ms, NULL);
}

static int
test_crowd_member(struct vms_worker *w, uint64_t index)
{
	const struct test_crowd_params *p = w->cell->params;
	int rc;

	if (p->shape == TEST_CROWD_CHAIN)
		while (index + 1 < p->members && vms_crowd_fork(w) == 0)
			index++;
	rc = test_crowd_early(w, index);
	if (rc != 1)
		return rc;
	vms_latency(w, index);
	if (!test_crowd_pass(w, 0))
		return 0;
	if (test_crowd_is(w, index, TEST_CROWD_DIES_LATE))
		raise(SIGKILL);
	test_crowd_work(w);
	vms_latency(w, index);
	test_crowd_pass(w, 1);
	return 0;
}

static int
test_crowd_fill(struct vms_worker *w, uint64_t first, uint64_t n)
{
	const struct test_crowd_params *p = w->cell->params;
	uint64_t i;
	pid_t pid;

	for (i = first; i < first + n; i++) {
		if (p->how == TEST_CROWD_REFUSED && p->member == i) {
			errno = EMFILE;
			return -1;
		}
		pid = vms_crowd_fork(w);
		if (pid == 0)
			return test_crowd_member(w, i);
		if (pid == -1)
			return -1;
	}
	return 0;
}

/* ---- phases ------------------------------------------------------------- */

static int64_t
test_crowd_make(struct vms_worker *w)
{
	const struct test_crowd_params *p = w->cell->params;
	const struct vms_crowd_plan plan = {
		.members = p->members,
		.group = p->shape == TEST_CROWD_CHAIN ? 0 : p->group,
		.leader_is_member = p->shape == TEST_CROWD_LED,
		.gates = TEST_CROWD_GATES,
		.cpu = -1,
		.member_bytes = p->bytes,
		.member = p->shape == TEST_CROWD_WHOLE ? NULL :
		    test_crowd_member,
		.fill = p->shape == TEST_CROWD_WHOLE ? test_crowd_fill : NULL,
		.fill_call = "pipe",
	};
	struct test_crowd_worker *s = w->state;
	int64_t made;

	atomic_store(&s->at[0], 0);
	atomic_store(&s->at[1], 0);
	made = vms_crowd_start(w, &plan);
	s->made = made < 0 ? 0 : (uint64_t)made;
	return made;
}

static int64_t
test_crowd_meet(struct vms_worker *w)
{
	const struct test_crowd_params *p = w->cell->params;
	const struct test_crowd_worker *s = w->state;

	errno = 0;
	if (p->how == TEST_CROWD_WORKER_FAILS)
		return vms_fail(w, "the worker fails as it was told to");
	if (p->how == TEST_CROWD_WORKER_DIES)
		raise(SIGKILL);
	if (vms_crowd_open(w) != 0 || vms_crowd_await(w) != 0)
		return -1;
	return (int64_t)atomic_load(&s->at[1]);
}

static int64_t
test_crowd_part(struct vms_worker *w)
{
	const struct test_crowd_worker *s = w->state;

	if (vms_crowd_open(w) != 0 || vms_crowd_end(w) != 0)
		return -1;
	return (int64_t)s->made;
}

static const struct vms_phase test_crowd_phases[] = {
	{ "make", "member", test_crowd_make, false },
	{ "meet", "member", test_crowd_meet, true },
	{ "part", "member", test_crowd_part, false },
	{ NULL, NULL, NULL, false }
};

/*
 * All came to all gates, and nobody passed one before them.  At the first may
 * also have been some of a group that was then refused.
 */
static int
test_crowd_verify(struct vms_worker *w)
{
	const struct test_crowd_worker *s = w->state;

	errno = 0;
	if (atomic_load(&s->early) != 0)
		return vms_fail(w, "%llu members passed a gate too early",
		    (unsigned long long)atomic_load(&s->early));
	if (atomic_load(&s->at[0]) < s->made ||
	    atomic_load(&s->at[1]) != s->made)
		return vms_fail(w, "of %llu members %llu and %llu came to the "
		    "gates", (unsigned long long)s->made,
		    (unsigned long long)atomic_load(&s->at[0]),
		    (unsigned long long)atomic_load(&s->at[1]));
	return 0;
}

const struct vms_workload vms_workload_test_crowd = {
	.abi = VMS_ABI,
	.name = "test-crowd",
	.version = 1,
	.summary = "a test of the contract: a crowd and its gates",
	.kind = VMS_PHASES,
	.unit = "member",
	.latency = "number of a member",
	.modes = VMS_PROCESS | VMS_THREAD,
	.hidden = true,
	.params = test_crowd_rows,
	.params_size = sizeof(struct test_crowd_params),
	.worker_size = sizeof(struct test_crowd_worker),
	.tasks = test_crowd_tasks,
	.phases = test_crowd_phases,
	.verify = test_crowd_verify,
};
