/* SPDX-License-Identifier: BSD-2-Clause */
/* FreeBSD: a child in its parent's address space; see bare.h. */
#include "config.h"

#include "os/bare.h"

#include <errno.h>
#include <unistd.h>

/* The C library offers rfork with a new stack on some machines only. */
pid_t
os_fork_shared(int (*fn)(void *), void *arg, void *stack, size_t stack_size)
{
#if defined(__amd64__) || defined(__i386__)
	uintptr_t top = ((uintptr_t)stack + stack_size) & ~(uintptr_t)15;

	return rfork_thread(RFPROC | RFFDG | RFMEM, (void *)top, fn, arg);
#else
	(void)fn;
	(void)arg;
	(void)stack;
	(void)stack_size;
	errno = ENOTSUP;
	return -1;
#endif
}
