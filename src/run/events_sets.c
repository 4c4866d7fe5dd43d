/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Sets of events: what is worth counting together to understand one mechanism.
 * A member that a system does not have is skipped there with a reason, so sets
 * may name what only some processors and kernels know.
 */
#include "config.h"

#include "run/events_source.h"

#include <string.h>

/* What says most about any workload, and is counted unasked. */
static const char *const default_set[] = {
	"cycles:u", "cycles:k", "instructions:u", "instructions:k",
	"page-faults", "context-switches", "cpu-migrations",
	NULL
};

/*
 * Reason 1 is a flush on the processor that was asked for it, 4 the asking,
 * which includes processors that then need not be interrupted; 3 is a flush of
 * the own address space.
 */
static const char *const tlb_set[] = {
	"tlb:tlb_flush[reason==1]", "tlb:tlb_flush[reason==3]",
	"tlb:tlb_flush[reason==4]",
	"dTLB-load-misses:u", "dTLB-load-misses:k",
	"dTLB-store-misses:u", "dTLB-store-misses:k",
	"iTLB-load-misses:u", "iTLB-load-misses:k",
	NULL
};

static const char *const cache_set[] = {
	"cache-misses:u", "cache-misses:k",
	"L1-dcache-load-misses:u", "L1-dcache-load-misses:k",
	"LLC-load-misses:u", "LLC-load-misses:k",
	NULL
};

static const char *const faults_set[] = {
	"page-faults:u", "page-faults:k", "minor-faults", "major-faults",
	"exceptions:page_fault_user", "exceptions:page_fault_kernel",
	"kmem:mm_page_alloc",
	NULL
};

static const char *const sched_set[] = {
	"context-switches", "cpu-migrations", "task-clock",
	"sched:sched_wakeup", "sched:sched_wakeup_new",
	"sched:sched_process_fork", "sched:sched_process_exec",
	"sched:sched_process_exit",
	NULL
};

/* With one target the vector is call_function_single, else call_function. */
static const char *const ipi_set[] = {
	"ipi:ipi_send_cpu", "ipi:ipi_send_cpumask",
	"irq_vectors:call_function_single_entry",
	"irq_vectors:call_function_entry", "irq_vectors:reschedule_entry",
	NULL
};

static const char *const none_set[] = { NULL };

static const struct {
	const char *name;
	const char *const *members;
} sets[] = {
	{ "default", default_set },
	{ "tlb", tlb_set },
	{ "cache", cache_set },
	{ "faults", faults_set },
	{ "sched", sched_set },
	{ "ipi", ipi_set },
	{ "none", none_set },
};

const char *
events_sets_at(size_t i)
{
	return i < sizeof(sets) / sizeof(sets[0]) ? sets[i].name : NULL;
}

const char *const *
events_sets_find(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(sets) / sizeof(sets[0]); i++)
		if (strcmp(sets[i].name, name) == 0)
			return sets[i].members;
	return NULL;
}
