/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Linux: processes of almost nothing; see bare.h.  The program of a member
 * compiles this file by itself, so it needs no other of ours.
 */
#include "config.h"

#include "os/bare.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

/*
 * The child also shares the caller's thread-local storage, errno among it: fn
 * may make system calls, and should leave the rest of the C library alone.
 */
static pid_t
bare_clone(int (*fn)(void *), void *arg, void *stack, size_t size, int flags)
{
	uintptr_t top = ((uintptr_t)stack + size) & ~(uintptr_t)15;

	return clone(fn, (void *)top, CLONE_VM | flags | SIGCHLD, arg);
}

pid_t
os_fork_shared(int (*fn)(void *), void *arg, void *stack, size_t stack_size)
{
	return bare_clone(fn, arg, stack, stack_size, 0);
}

pid_t
os_fork_shared_most(int (*fn)(void *), void *arg, void *stack,
    size_t stack_size)
{
	return bare_clone(fn, arg, stack, stack_size,
	    CLONE_FS | CLONE_SIGHAND);
}

/*
 * The C library's fork() writes to its own data in the child, which costs a
 * page.  Where the first argument is the stack, the flags are the second.
 */
pid_t
os_fork_bare(void)
{
#if defined(__s390__) || defined(__CRIS__)
	return (pid_t)syscall(SYS_clone, 0L, (long)SIGCHLD, 0L, 0L, 0L);
#else
	return (pid_t)syscall(SYS_clone, (long)SIGCHLD, 0L, 0L, 0L, 0L);
#endif
}

uint64_t
os_now_bare_ns(void)
{
	struct timespec ts;

	if (syscall(SYS_clock_gettime, CLOCK_MONOTONIC_RAW, &ts) != 0)
		return 0;
	return (uint64_t)ts.tv_sec * 1000000000u + (uint64_t)ts.tv_nsec;
}

/* ---- placement ---------------------------------------------------------- */

/* As the kernel writes it; a mask of more CPUs than this is left alone. */
static unsigned long bare_cpus[8192 / (8 * sizeof(unsigned long))];
static long bare_cpus_size;

void
os_bind_bare(int cpu)
{
	unsigned long one[sizeof(bare_cpus) / sizeof(*bare_cpus)] = { 0 };
	size_t bits = 8 * sizeof(*one);

	if (cpu < 0 || (size_t)cpu >= 8 * sizeof(one))
		return;
	bare_cpus_size = syscall(SYS_sched_getaffinity, 0, sizeof(bare_cpus),
	    bare_cpus);
	one[(size_t)cpu / bits] = 1ul << (size_t)cpu % bits;
	if (bare_cpus_size > 0)
		syscall(SYS_sched_setaffinity, 0, sizeof(one), one);
}

void
os_unbind_bare(void)
{
	if (bare_cpus_size > 0)
		syscall(SYS_sched_setaffinity, 0, bare_cpus_size, bare_cpus);
}

/* ---- leaving the first stack -------------------------------------------- */

static void (*bare_go_on)(void);

/* "7ffd1000-7ffd2000 rw-p 00000000 00:00 0   [stack]" */
static void
bare_unmap_line(char *line)
{
	static const char *const names[] = { "[stack]", "[vdso]", "[vvar" };
	unsigned long first, last;
	char *end;
	size_t i;

	first = strtoul(line, &end, 16);
	if (*end != '-')
		return;
	last = strtoul(end + 1, &end, 16);
	for (i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (last > first && strstr(end, names[i]) != NULL)
			munmap((void *)first, last - first);
}

/* Runs on the new stack; the list of a static program has a dozen lines. */
static void
bare_leave(void)
{
	static char list[8192];
	int fd = open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
	ssize_t n = fd >= 0 ? read(fd, list, sizeof(list) - 1) : 0;
	char *line = list, *end;

	if (fd >= 0)
		close(fd);
	list[n > 0 ? n : 0] = '\0';
	while ((end = strchr(line, '\n')) != NULL) {
		*end = '\0';
		bare_unmap_line(line);
		line = end + 1;
	}
	bare_go_on();
	_exit(127);
}

void
os_begin_bare(void (*fn)(void), void *stack, size_t stack_size)
{
	static ucontext_t context;

	bare_go_on = fn;
	if (getcontext(&context) == 0) {
		context.uc_stack.ss_sp = stack;
		context.uc_stack.ss_size = stack_size;
		context.uc_link = NULL;
		makecontext(&context, bare_leave, 0);
		setcontext(&context);
	}
	fn();
}
