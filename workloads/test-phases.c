/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One operation is one item built, used or dropped, and an item is an addition
 * to a counter.  It is a test of the contract for workloads in phases: three
 * of them go round once for each sample, and each checks that nobody enters it
 * before everybody has left the one before.
 *
 * It stresses the engine and not the kernel.  `reach` makes the population
 * partial: the first phase then stops early and says so.  `fail` names the
 * phase in which the worker `worker` fails, while others go on or wait.  As the
 * latency of an item it records its number, from 0.
 *
 * No number of it means anything: it is hidden, and there for the tests.
 */
#include "workload.h"

struct test_phases_params {
	uint64_t items;
	uint64_t reach;
	int fail;
	uint64_t worker;
};

/* The order of the choices of `fail`. */
enum test_phases_phase {
	TEST_PHASES_NONE, TEST_PHASES_BUILD, TEST_PHASES_USE, TEST_PHASES_DROP
};

/* How often workers got through each phase, all rounds together. */
struct test_phases_cell {
	_Atomic int through[TEST_PHASES_DROP + 1];
};

struct test_phases_worker {
	int round;		/* from 1; begins with build */
	uint64_t built, used, dropped;	/* in this round */
};

static const char *const test_phases_fail[] = {
	"none", "build", "use", "drop", NULL
};

static const struct vms_param test_phases_rows[] = {
	{ "items", VMS_COUNT, offsetof(struct test_phases_params, items),
	    "1000", "1", "1G", NULL, "items that each worker is to build" },
	{ "reach", VMS_COUNT, offsetof(struct test_phases_params, reach),
	    "1G", "0", "1G", NULL, "build at most so many of them" },
	{ "fail", VMS_CHOICE, offsetof(struct test_phases_params, fail),
	    "none", NULL, NULL, test_phases_fail, "phase to fail in" },
	{ "worker", VMS_COUNT, offsetof(struct test_phases_params, worker),
	    "0", "0", "1M", NULL, "index of the worker that fails" },
	VMS_PARAMS_END
};

/* The proof of the gate: all workers are through with the phase before. */
static int
test_phases_enter(struct vms_worker *w, enum test_phases_phase phase)
{
	const struct test_phases_params *p = w->cell->params;
	const struct test_phases_worker *s = w->state;
	struct test_phases_cell *cell = w->cell->state;
	bool build = phase == TEST_PHASES_BUILD;
	int before = build ? TEST_PHASES_DROP : (int)phase - 1;
	int want = w->cell->workers * (build ? s->round - 1 : s->round);
	int through = atomic_load(&cell->through[before]);

	errno = 0;
	if (through != want)
		return vms_fail(w, "phase %s of round %d began after %d of %d "
		    "returns from %s", test_phases_fail[phase], s->round,
		    through, want, test_phases_fail[before]);
	if (p->fail == (int)phase && p->worker == (uint64_t)w->index)
		return vms_fail(w, "fails in phase %s as it was told to",
		    test_phases_fail[phase]);
	return 0;
}

static int64_t
test_phases_leave(struct vms_worker *w, enum test_phases_phase phase,
    uint64_t ops)
{
	struct test_phases_cell *cell = w->cell->state;

	atomic_fetch_add(&cell->through[phase], 1);
	return (int64_t)ops;
}

static int64_t
test_phases_build(struct vms_worker *w)
{
	const struct test_phases_params *p = w->cell->params;
	struct test_phases_worker *s = w->state;

	s->round++;
	s->built = s->used = s->dropped = 0;
	if (test_phases_enter(w, TEST_PHASES_BUILD) != 0)
		return -1;
	while (s->built < p->items && s->built < p->reach)
		s->built++;
	if (s->built < p->items)
		vms_partial(w, (int64_t)p->items, (int64_t)s->built,
		    "parameter reach");
	return test_phases_leave(w, TEST_PHASES_BUILD, s->built);
}

static int64_t
test_phases_use(struct vms_worker *w)
{
	struct test_phases_worker *s = w->state;

	if (test_phases_enter(w, TEST_PHASES_USE) != 0)
		return -1;
	while (s->used < s->built)
		vms_latency(w, s->used++);
	return test_phases_leave(w, TEST_PHASES_USE, s->used);
}

static int64_t
test_phases_drop(struct vms_worker *w)
{
	struct test_phases_worker *s = w->state;

	if (test_phases_enter(w, TEST_PHASES_DROP) != 0)
		return -1;
	while (s->dropped < s->used)
		s->dropped++;
	return test_phases_leave(w, TEST_PHASES_DROP, s->dropped);
}

static const struct vms_phase test_phases_phases[] = {
	{ "build", "item", test_phases_build, false },
	{ "use", "item", test_phases_use, true },
	{ "drop", "item", test_phases_drop, false },
	{ NULL, NULL, NULL, false }
};

/* What was built in the last round was used and dropped in it. */
static int
test_phases_verify(struct vms_worker *w)
{
	const struct test_phases_params *p = w->cell->params;
	const struct test_phases_worker *s = w->state;
	uint64_t want = p->items < p->reach ? p->items : p->reach;

	errno = 0;
	if (s->built != want || s->used != want || s->dropped != want)
		return vms_fail(w, "built %llu, used %llu, dropped %llu, not "
		    "%llu", (unsigned long long)s->built,
		    (unsigned long long)s->used,
		    (unsigned long long)s->dropped, (unsigned long long)want);
	return 0;
}

static int
test_phases_teardown(struct vms_cell *c)
{
	struct test_phases_cell *cell = c->state;
	int through = atomic_load(&cell->through[TEST_PHASES_DROP]);

	vms_gauge(c, "rounds_count", (double)through / c->workers);
	return 0;
}

const struct vms_workload vms_workload_test_phases = {
	.abi = VMS_ABI,
	.name = "test-phases",
	.version = 1,
	.summary = "a test of the contract: three phases and their gates",
	.kind = VMS_PHASES,
	.unit = "item",
	.latency = "number of an item",
	.modes = VMS_PROCESS | VMS_THREAD,
	.hidden = true,
	.params = test_phases_rows,
	.params_size = sizeof(struct test_phases_params),
	.cell_size = sizeof(struct test_phases_cell),
	.worker_size = sizeof(struct test_phases_worker),
	.phases = test_phases_phases,
	.verify = test_phases_verify,
	.teardown = test_phases_teardown,
};
