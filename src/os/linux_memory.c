/* SPDX-License-Identifier: BSD-2-Clause */
/* Linux: what the kernel spends on processes and their memory. */
#include "config.h"

#include "os/os_internal.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>

/* The whole of /proc/meminfo is a quarter of this. */
#define MEMORY_TEXT_MAX 8192

/*
 * Page tables and kernel stacks are counted on each CPU and added up once a
 * second only; a read of this file adds them up now.  It is for root alone, so
 * for others the counts may be off by some hundred KiB for each CPU.
 */
#define MEMORY_REFRESH "/proc/sys/vm/stat_refresh"

static uint64_t
memory_field(const char *text, const char *name)
{
	char number[64];

	if (linux_facts_field(text, name, number, sizeof(number)) != 0 ||
	    !isdigit((unsigned char)number[0]))
		return OS_MEMORY_UNKNOWN;
	return strtoull(number, NULL, 10) * 1024;
}

static uint64_t
memory_swap_used(const char *text)
{
	uint64_t total = memory_field(text, "SwapTotal");
	uint64_t left = memory_field(text, "SwapFree");

	if (total == OS_MEMORY_UNKNOWN || left > total)
		return OS_MEMORY_UNKNOWN;
	return total - left;
}

int
os_kernel_memory(struct os_kernel_memory *m)
{
	char text[MEMORY_TEXT_MAX];

	posix_read(MEMORY_REFRESH, text, sizeof(text));
	if (posix_read("/proc/meminfo", text, sizeof(text)) <= 0) {
		errno = ENOTSUP;
		return -1;
	}
	m->page_tables_bytes = memory_field(text, "PageTables");
	m->kernel_stack_bytes = memory_field(text, "KernelStack");
	m->slab_bytes = memory_field(text, "Slab");
	m->slab_unreclaimable_bytes = memory_field(text, "SUnreclaim");
	m->percpu_bytes = memory_field(text, "Percpu");
	m->anonymous_bytes = memory_field(text, "AnonPages");
	m->swap_used_bytes = memory_swap_used(text);
	m->available_bytes = memory_field(text, "MemAvailable");
	return 0;
}
