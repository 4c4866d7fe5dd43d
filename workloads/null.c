/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One operation is one turn of an empty loop: no system call, no load and no
 * store, only a barrier that keeps the compiler from removing the loop.
 *
 * It stresses nothing.  Its rate is the ceiling of every other rate of this
 * machine, and its latency is what timing one operation costs: a workload
 * whose figures come near these measures the harness and not the kernel.
 *
 * The figure is that of a few instructions, so it follows the clock frequency
 * and what the other hardware thread of the core does.  It says nothing about
 * the kernel except how much time interrupts and other tasks took away.
 */
#include "workload.h"

struct null_worker {
	uint64_t done;
};

static int64_t
null_run(struct vms_worker *w, int64_t n)
{
	struct null_worker *st = w->state;
	int64_t i;

	for (i = 0; i < n; i++)
		__asm__ volatile("" : "+r"(i) : : "memory");
	st->done += (uint64_t)n;
	return n;
}

/* Nothing was done that could be wrong, but it can be counted wrongly. */
static int
null_verify(struct vms_worker *w)
{
	const struct null_worker *st = w->state;
	uint64_t ops = atomic_load_explicit(&w->slot->ops,
	    memory_order_relaxed);

	errno = 0;
	if (ops > st->done)
		return vms_fail(w, "%llu operations were counted, but only "
		    "%llu were done", (unsigned long long)ops,
		    (unsigned long long)st->done);
	return 0;
}

const struct vms_workload vms_workload_null = {
	.abi = VMS_ABI,
	.name = "null",
	.version = 1,
	.summary = "an empty operation: what the harness itself costs",
	.kind = VMS_RATE,
	.unit = "turn",
	.modes = VMS_PROCESS | VMS_THREAD,
	.worker_size = sizeof(struct null_worker),
	.run = null_run,
	.verify = null_verify,
};
