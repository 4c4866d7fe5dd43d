/* SPDX-License-Identifier: BSD-2-Clause */
/* No child in its parent's address space; see bare.h. */
#include "config.h"

#include "os/bare.h"

#include <errno.h>

pid_t
os_fork_shared(int (*fn)(void *), void *arg, void *stack, size_t stack_size)
{
	(void)fn;
	(void)arg;
	(void)stack;
	(void)stack_size;
	errno = ENOTSUP;
	return -1;
}

pid_t
os_fork_shared_most(int (*fn)(void *), void *arg, void *stack,
    size_t stack_size)
{
	return os_fork_shared(fn, arg, stack, stack_size);
}
