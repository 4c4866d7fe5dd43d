/* SPDX-License-Identifier: BSD-2-Clause */
/* The part of bare.h that needs no more than POSIX, and saves nothing. */
#include "config.h"

#include "os/bare.h"

#include <time.h>
#include <unistd.h>

pid_t
os_fork_bare(void)
{
	return fork();
}

uint64_t
os_now_bare_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000000u + (uint64_t)ts.tv_nsec;
}

void
os_bind_bare(int cpu)
{
	(void)cpu;
}

void
os_unbind_bare(void)
{
}

void
os_begin_bare(void (*fn)(void), void *stack, size_t stack_size)
{
	(void)stack;
	(void)stack_size;
	fn();
}
