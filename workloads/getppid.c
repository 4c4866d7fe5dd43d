/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One operation is one getppid() call: the cheapest request that a C library
 * always takes to the kernel.
 *
 * It stresses the way into the kernel and out again (entry code, mitigations
 * of processor flaws, tracing hooks) and almost nothing behind it.  Every other
 * workload pays this price at least once per system call, so it is the first
 * thing to look at when all rates moved together.
 *
 * The figure lies where the library answers from a cache or the kernel from a
 * page mapped into the process; then it comes close to that of `null`.  A
 * seccomp filter, an audit rule or a tracer on the process (containers have the
 * first) slows every call and is easily taken for the kernel's own cost.
 */
#include <unistd.h>

#include "workload.h"

/* Who the parent of a worker is, seen from the cell process. */
struct getppid_cell {
	pid_t self;
	pid_t parent;
};

struct getppid_worker {
	pid_t expected;
	uint64_t wrong;
	uint64_t done;
};

static int
getppid_setup(struct vms_cell *c)
{
	struct getppid_cell *cell = c->state;

	cell->self = getpid();
	cell->parent = getppid();
	return 0;
}

static int
getppid_worker_init(struct vms_worker *w)
{
	const struct getppid_cell *cell = w->cell->state;
	struct getppid_worker *st = w->state;

	st->expected = w->cell->threads ? cell->parent : cell->self;
	return 0;
}

static int64_t
getppid_run(struct vms_worker *w, int64_t n)
{
	struct getppid_worker *st = w->state;
	pid_t expected = st->expected;
	uint64_t wrong = 0;
	int64_t i;

	for (i = 0; i < n; i++)
		wrong += getppid() != expected;
	st->wrong += wrong;
	st->done += (uint64_t)n;
	return n;
}

static int
getppid_verify(struct vms_worker *w)
{
	const struct getppid_worker *st = w->state;

	errno = 0;
	if (st->wrong > 0)
		return vms_fail(w, "%llu of %llu getppid calls did not return "
		    "%ld, the parent", (unsigned long long)st->wrong,
		    (unsigned long long)st->done, (long)st->expected);
	return 0;
}

const struct vms_workload vms_workload_getppid = {
	.abi = VMS_ABI,
	.name = "getppid",
	.version = 1,
	.summary = "the cheapest system call: kernel entry and exit",
	.kind = VMS_RATE,
	.unit = "call",
	.modes = VMS_PROCESS | VMS_THREAD,
	.cell_size = sizeof(struct getppid_cell),
	.worker_size = sizeof(struct getppid_worker),
	.setup = getppid_setup,
	.worker_init = getppid_worker_init,
	.run = getppid_run,
	.verify = getppid_verify,
};
