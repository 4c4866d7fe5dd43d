/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Threads of other processes and of the kernel; part of the contract with the operating
 * system.  -1 with ENOTSUP where they cannot be had.
 */
#ifndef VMSTRESS_OS_THREADS_H
#define VMSTRESS_OS_THREADS_H

#include <stdint.h>
#include <sys/types.h>

/*
 * The threads of a process whose names begin with `prefix` ("CPU 0/"; NULL:
 * all), in the order in which they were made.  Stores at most `max` and returns
 * how many there are, or -1 with errno.
 */
int os_threads_named(pid_t pid, const char *prefix, pid_t *threads, int max);

/*
 * Processor time that the kernel's own threads have used since the system was
 * booted, in nanoseconds; UINT64_MAX: the system does not tell.  Looks at every
 * process there is.
 */
uint64_t os_threads_kernel_ns(void);

/* Bind one of them to a CPU.  0, or -1 with errno. */
int os_threads_pin(pid_t thread, int cpu);

#endif
