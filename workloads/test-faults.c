/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One operation is an addition to a counter, until the worker `worker` does
 * what `how` says: fails in a hook, exits, crashes, hangs, stalls, prints.  It
 * is a test of the contract: the engine has to report each of them.
 *
 * It stresses the engine and not the kernel.  The failures of probe, setup and
 * teardown have no worker.  `hangs` is a run() that never returns, `stalls`
 * one that returns without having done anything, for ever.
 *
 * No number of it means anything: it is hidden, and there for the tests.
 */
#include <signal.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "workload.h"

struct test_faults_params {
	int how;
	uint64_t worker;
};

/* The order of the choices of `how`. */
enum test_faults_how {
	TEST_FAULTS_NONE, TEST_FAULTS_INIT_FAILS, TEST_FAULTS_RUN_FAILS,
	TEST_FAULTS_EXITS, TEST_FAULTS_CRASHES, TEST_FAULTS_HANGS,
	TEST_FAULTS_SKIPS, TEST_FAULTS_LIMITED, TEST_FAULTS_VERIFY_FAILS,
	TEST_FAULTS_PRINTS, TEST_FAULTS_STALLS, TEST_FAULTS_FINI_FAILS,
	TEST_FAULTS_SETUP_FAILS, TEST_FAULTS_TEARDOWN_FAILS
};

struct test_faults_worker {
	_Atomic uint64_t counter;
	uint64_t done;
};

static const char *const test_faults_how[] = {
	"none", "init-fails", "run-fails", "exits", "crashes", "hangs",
	"skips", "limited", "verify-fails", "prints", "stalls", "fini-fails",
	"setup-fails", "teardown-fails", NULL
};

static const struct vms_param test_faults_rows[] = {
	{ "how", VMS_CHOICE, offsetof(struct test_faults_params, how), "none",
	    NULL, NULL, test_faults_how, "what goes wrong" },
	{ "worker", VMS_COUNT, offsetof(struct test_faults_params, worker),
	    "0", "0", "1M", NULL, "index of the worker it happens to" },
	VMS_PARAMS_END
};

static bool
test_faults_is(const struct vms_cell *c, enum test_faults_how how)
{
	const struct test_faults_params *p = c->params;

	return p->how == (int)how;
}

static bool
test_faults_mine(const struct vms_worker *w, enum test_faults_how how)
{
	const struct test_faults_params *p = w->cell->params;

	return p->worker == (uint64_t)w->index && test_faults_is(w->cell, how);
}

static int
test_faults_probe(struct vms_cell *c)
{
	if (test_faults_is(c, TEST_FAULTS_SKIPS))
		return vms_skip(c, "skips as it was told to");
	if (test_faults_is(c, TEST_FAULTS_LIMITED))
		return vms_limit(c, 1, "limited as it was told to");
	return 0;
}

static int
test_faults_setup(struct vms_cell *c)
{
	errno = ENOMEM;
	if (test_faults_is(c, TEST_FAULTS_SETUP_FAILS))
		return vms_cell_fail(c, "setup fails as it was told to");
	return 0;
}

static int
test_faults_worker_init(struct vms_worker *w)
{
	errno = EAGAIN;
	if (test_faults_mine(w, TEST_FAULTS_INIT_FAILS))
		return vms_fail(w, "worker_init fails as it was told to");
	return 0;
}

/* Handlers of the engine, of a sanitizer or of a debugger are not asked. */
static void
test_faults_crash(void)
{
	signal(SIGSEGV, SIG_DFL);
	raise(SIGSEGV);
}

/* Text that could be taken for lines of the engine's own output. */
static int
test_faults_print(struct vms_worker *w)
{
	static const char text[] =
	    "stray text\nsample index=0 elapsed_ns=1 ops=999999\n";
	size_t len = strlen(text);

	if (write(STDOUT_FILENO, text, len) != (ssize_t)len ||
	    write(STDERR_FILENO, text, len) != (ssize_t)len)
		return vms_fail(w, "cannot print");
	return 0;
}

static void
test_faults_nap(void)
{
	struct timespec ts = { 0, 10 * 1000 * 1000 };

	nanosleep(&ts, NULL);
}

static int64_t
test_faults_count(struct vms_worker *w, int64_t n)
{
	struct test_faults_worker *s = w->state;
	int64_t i;

	for (i = 0; i < n; i++)
		atomic_fetch_add_explicit(&s->counter, 1, memory_order_relaxed);
	s->done += (uint64_t)n;
	return n;
}

/* The choices that happen in the middle of a run; the first call is good. */
static int64_t
test_faults_run(struct vms_worker *w, int64_t n)
{
	const struct test_faults_worker *s = w->state;
	bool first = s->done == 0;

	if (test_faults_mine(w, TEST_FAULTS_STALLS) && !first) {
		test_faults_nap();
		return 0;
	}
	test_faults_count(w, n);
	if (test_faults_mine(w, TEST_FAULTS_PRINTS) && first)
		return test_faults_print(w) == 0 ? n : -1;
	if (first)
		return n;
	errno = EIO;
	if (test_faults_mine(w, TEST_FAULTS_RUN_FAILS))
		return vms_fail(w, "run fails as it was told to");
	if (test_faults_mine(w, TEST_FAULTS_EXITS))
		_exit(3);
	if (test_faults_mine(w, TEST_FAULTS_CRASHES))
		test_faults_crash();
	while (test_faults_mine(w, TEST_FAULTS_HANGS))
		pause();
	return n;
}

static int
test_faults_verify(struct vms_worker *w)
{
	struct test_faults_worker *s = w->state;
	uint64_t counter = atomic_load(&s->counter);

	errno = 0;
	if (test_faults_mine(w, TEST_FAULTS_VERIFY_FAILS))
		return vms_fail(w, "verify fails as it was told to");
	if (counter != s->done)
		return vms_fail(w, "counted %llu of %llu operations",
		    (unsigned long long)counter, (unsigned long long)s->done);
	return 0;
}

static int
test_faults_worker_fini(struct vms_worker *w)
{
	errno = EBUSY;
	if (test_faults_mine(w, TEST_FAULTS_FINI_FAILS))
		return vms_fail(w, "worker_fini fails as it was told to");
	return 0;
}

static int
test_faults_teardown(struct vms_cell *c)
{
	errno = EBUSY;
	if (test_faults_is(c, TEST_FAULTS_TEARDOWN_FAILS))
		return vms_cell_fail(c, "teardown fails as it was told to");
	return 0;
}

const struct vms_workload vms_workload_test_faults = {
	.abi = VMS_ABI,
	.name = "test-faults",
	.version = 1,
	.summary = "a test of the contract: everything that can go wrong",
	.kind = VMS_RATE,
	.unit = "addition",
	.modes = VMS_PROCESS | VMS_THREAD,
	.hidden = true,
	.params = test_faults_rows,
	.params_size = sizeof(struct test_faults_params),
	.worker_size = sizeof(struct test_faults_worker),
	.probe = test_faults_probe,
	.setup = test_faults_setup,
	.worker_init = test_faults_worker_init,
	.run = test_faults_run,
	.verify = test_faults_verify,
	.worker_fini = test_faults_worker_fini,
	.teardown = test_faults_teardown,
};
