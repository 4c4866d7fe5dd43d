/* SPDX-License-Identifier: BSD-2-Clause */
/* FreeBSD: a child in its parent's address space; see bare.h. */
#include "config.h"

#include "os/bare.h"

#include <errno.h>
#include <unistd.h>

/* The C library offers rfork with a new stack on some machines only. */
static pid_t
bare_rfork(int (*fn)(void *), void *arg, void *stack, size_t size, int flags)
{
#if defined(__amd64__) || defined(__i386__)
	uintptr_t top = ((uintptr_t)stack + size) & ~(uintptr_t)15;

	return rfork_thread(RFPROC | RFFDG | RFMEM | flags, (void *)top, fn,
	    arg);
#else
	(void)fn;
	(void)arg;
	(void)stack;
	(void)size;
	(void)flags;
	errno = ENOTSUP;
	return -1;
#endif
}

pid_t
os_fork_shared(int (*fn)(void *), void *arg, void *stack, size_t stack_size)
{
	return bare_rfork(fn, arg, stack, stack_size, 0);
}

pid_t
os_fork_shared_most(int (*fn)(void *), void *arg, void *stack,
    size_t stack_size)
{
	return bare_rfork(fn, arg, stack, stack_size, RFSIGSHARE);
}
