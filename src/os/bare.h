/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * For processes that are to cost as little memory as the kernel allows: the
 * members of a population.  Apart from the contract of os.h because the
 * program they run (src/target/member.c) links nothing else of ours.
 */
#ifndef VMSTRESS_BARE_H
#define VMSTRESS_BARE_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * A child in the caller's address space, with a pid and descriptors of its
 * own; see vms_fork_shared() in workload.h.  -1 with ENOTSUP: no such call.
 */
pid_t os_fork_shared(int (*fn)(void *), void *arg, void *stack,
    size_t stack_size);

/*
 * The same, and whatever else can be shared by processes that have their own
 * pid and descriptors: signal handlers, the working directory.
 */
pid_t os_fork_shared_most(int (*fn)(void *), void *arg, void *stack,
    size_t stack_size);

/*
 * fork() without what the C library does around it.  Afterwards the child may
 * only make system calls.
 */
pid_t os_fork_bare(void);

/*
 * Give back the memory that the kernel started the program with (its first
 * stack with arguments and environment, and the page of fast clocks) and go on
 * in `fn`, which never returns, on a stack in the program's own data: a fork
 * then copies one region of the address space with its page tables, not two.
 * Afterwards only system calls and the functions of this header may be used.
 * Where the system layer cannot do it, fn simply runs on the first stack.
 */
void os_begin_bare(void (*fn)(void), void *stack, size_t stack_size);

/*
 * Bind the caller to a CPU, remembering where it could run before, and let a
 * child of its run there again.  Nothing happens where the system layer cannot
 * do it.
 */
void os_bind_bare(int cpu);
void os_unbind_bare(void);

/* os_now_ns() without the page of fast clocks. */
uint64_t os_now_bare_ns(void);

#endif
