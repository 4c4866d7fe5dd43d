/* SPDX-License-Identifier: BSD-2-Clause */
/* Which options matter to what is measured; see kconfig.h. */
#include "config.h"

#include "boot/kconfig.h"

#include <stdbool.h>
#include <string.h>

/*
 * Beginnings of the names of options of memory, processes, scheduling and
 * locking, and of what watches over them, behind "CONFIG_".
 */
static const char *const kconfig_rank_mechanisms[] = {
	"ANON_VMA", "ARCH_WANT_BATCHED", "ASLR", "BALLOON", "BASE_SMALL",
	"CGROUP", "CMA", "COMPACTION", "CONTEXT_TRACKING", "CPU_ISOLATION",
	"CPU_MITIGATIONS", "DEBUG_ATOMIC", "DEBUG_KERNEL", "DEBUG_LIST",
	"DEBUG_LOCK", "DEBUG_MUTEX", "DEBUG_OBJECTS", "DEBUG_PAGE",
	"DEBUG_PREEMPT", "DEBUG_RWSEMS", "DEBUG_SPINLOCK", "DEBUG_VM",
	"DEFERRED_STRUCT", "FAIR_GROUP", "FORTIFY", "FRAME_POINTER", "FTRACE",
	"FUNCTION_TRACER", "GENERIC_VDSO", "HARDENED_USERCOPY", "HIGH_RES",
	"HUGETLB", "HZ", "INIT_ON_", "INIT_STACK", "IOMMU_DEFAULT",
	"IRQ_TIME", "KASAN", "KCOV", "KCSAN", "KFENCE", "KMSAN", "KSM",
	"LOCKDEP", "LOCK_", "LRU_GEN", "MEMCG", "MEMORY_", "MIGRATION",
	"MITIGATION", "MMU", "NO_HZ", "NR_CPUS", "NUMA", "PAGE_",
	"PARAVIRT", "PER_VMA_LOCK", "PER_CPU", "PGTABLE", "PREEMPT",
	"PROVE_", "PT_RECLAIM", "QUEUED_", "RANDOMIZE", "RANDOM_KMALLOC",
	"RCU", "RETPOLINE", "RT_", "RWSEM", "SCHED", "SECCOMP", "SECURITY",
	"SHUFFLE_PAGE", "SLAB", "SLS", "SLUB", "SMP", "SPARSEMEM",
	"SPECULATION", "STACKPROTECTOR", "SWAP", "TASKSTATS", "THP",
	"THREAD_INFO", "TICK_CPU", "TRANSPARENT", "UBSAN", "UCLAMP",
	"USERFAULTFD", "VIRT_CPU", "VMAP_STACK", "VM_EVENT", "X86_KERNEL",
	"ZSMALLOC", "ZSWAP", "ZRAM",
};

#define KCONFIG_RANK_MECHANISMS (sizeof(kconfig_rank_mechanisms) / \
    sizeof(kconfig_rank_mechanisms[0]))
#define KCONFIG_RANK_PREFIX "CONFIG_"

/* A guest of ours loads no module. */
static bool
kconfig_rank_is_out(const char *value)
{
	return strcmp(value, "n") == 0 || strcmp(value, "m") == 0;
}

enum kconfig_rank
kconfig_rank(const char *name, const char *in_a, const char *in_b)
{
	size_t i, prefix = strlen(KCONFIG_RANK_PREFIX);

	if (kconfig_rank_is_out(in_a) && kconfig_rank_is_out(in_b))
		return KCONFIG_MODULE;
	if (strncmp(name, KCONFIG_RANK_PREFIX, prefix) == 0)
		name += prefix;
	for (i = 0; i < KCONFIG_RANK_MECHANISMS; i++)
		if (strncmp(name, kconfig_rank_mechanisms[i],
		    strlen(kconfig_rank_mechanisms[i])) == 0)
			return KCONFIG_MECHANISM;
	return KCONFIG_OTHER;
}
