/* SPDX-License-Identifier: BSD-2-Clause */
/* Threads of others, where they cannot be had; see threads.h. */
#include "config.h"

#include "os/threads.h"

#include <errno.h>

int
os_threads_named(pid_t pid, const char *prefix, pid_t *threads, int max)
{
	(void)pid;
	(void)prefix;
	(void)threads;
	(void)max;
	errno = ENOTSUP;
	return -1;
}

uint64_t
os_threads_kernel_ns(void)
{
	return UINT64_MAX;
}

int
os_threads_pin(pid_t thread, int cpu)
{
	(void)thread;
	(void)cpu;
	errno = ENOTSUP;
	return -1;
}
