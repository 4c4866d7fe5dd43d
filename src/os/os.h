/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The contract with the operating system.  One implementation per system
 * (linux.c, freebsd.c, dragonfly.c); what they share is in posix.c and bsd.c;
 * other.c is the smallest thing that works and thereby the porting guide.  The
 * few calls for processes of almost nothing have a header of their own, bare.h,
 * and so has what a run can do without: counter.h and group.h.
 *
 * "Cannot" is -1 with errno ENOTSUP.  Nothing is guessed, and a fact that the
 * system does not offer is not reported at all.
 */
#ifndef VMSTRESS_OS_H
#define VMSTRESS_OS_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/err.h"

/* ---- time ------------------------------------------------------------- */

/* CLOCK_MONOTONIC_RAW where it exists, else CLOCK_MONOTONIC; nanoseconds. */
uint64_t os_now_ns(void);

/* Its name, for the record. */
const char *os_clock_name(void);

/* Sleep until os_now_ns() reaches `deadline_ns`; a signal may end it early. */
void os_sleep_until(uint64_t deadline_ns);

/* ---- processors ------------------------------------------------------- */

/*
 * The CPUs that the calling thread may use (affinity and cgroup), in rising
 * order.  Stores at most `max` and returns how many there are, or -1 with
 * ENOTSUP when the system cannot tell.
 */
int os_cpus_allowed(int *cpus, int max);

/* Online CPUs; at least 1. */
int os_cpus_online(void);

/* Bind the calling thread to one CPU, or to a set.  0, or -1 with errno. */
int os_pin(int cpu);
int os_pin_set(const int *cpus, int n);

/*
 * Let the calling thread run as soon as it wakes, ahead of all ordinary ones;
 * what it forks or creates is ordinary again.  For an observer that sleeps
 * nearly always.  0, or -1 with errno (EPERM: not allowed to).
 */
int os_urgent(void);

/* ---- memory ----------------------------------------------------------- */

size_t os_page_size(void);

/*
 * Bytes that the caller can have now without swapping, whatever bounds them
 * (machine, memory group); 0 when the system cannot tell.
 */
uint64_t os_memory_available(void);

/*
 * What the whole system spends on processes and their memory, in bytes.
 * UINT64_MAX: the system does not tell.  The counts are as fresh as the system
 * can make them.  0, or -1 with ENOTSUP when it tells nothing of this.
 */
#define OS_MEMORY_UNKNOWN UINT64_MAX

struct os_kernel_memory {
	uint64_t page_tables_bytes;
	uint64_t kernel_stack_bytes;
	uint64_t slab_bytes;		/* allocators of the kernel */
	uint64_t slab_unreclaimable_bytes;	/* of that */
	uint64_t percpu_bytes;
	uint64_t anonymous_bytes;	/* private memory of processes */
	uint64_t swap_used_bytes;	/* of them that were swapped out */
	uint64_t available_bytes;	/* to be had without swapping */
};

int os_kernel_memory(struct os_kernel_memory *m);

/* Apply an enum vms_thp (workload.h) to a mapping. */
int os_thp(void *addr, size_t len, int how);

/* ---- waiting on a shared word ----------------------------------------- */

/*
 * Sleep while *word == value, at most timeout_ns (0: no limit).  May return
 * early for no reason: callers loop.  Works between processes that share the
 * word's page.  0, or -1 with ETIMEDOUT.
 */
int os_wait(_Atomic uint32_t *word, uint32_t value, uint64_t timeout_ns);

/* Wake up to `n` sleepers (INT_MAX: all). */
void os_wake(_Atomic uint32_t *word, int n);

/* ---- processes -------------------------------------------------------- */

/* Orphaned descendants become children of the caller, not of init. */
int os_adopt_orphans(void);

/*
 * SIGKILL to the caller when the thread that made it is gone.  A parent that
 * ended before this call is not noticed: who must know compares getppid() with
 * what getpid() was before the fork.
 */
int os_die_with_parent(void);

/*
 * fork(), but the child is nobody's news: a wait() for any child does not see
 * it, and no signal tells of its end.  -1 with ENOTSUP where there is no such
 * thing.  The caller has one thread.
 */
pid_t os_fork_apart(void);

/*
 * Has this child of os_fork_apart() or fork() ended?  It stays a zombie unless
 * `reap`; one that somebody else has reaped has ended.
 */
bool os_ended(pid_t pid, bool reap);

/* The name of the caller in a list of processes, where it can be changed. */
void os_set_name(const char *name);

/*
 * Kill (SIGKILL) and reap every descendant of the caller, which must have
 * called os_adopt_orphans() before they were made.  Returns how many were
 * reaped, or -1 with ETIMEDOUT when some remain after `timeout_ns`.
 */
long os_kill_descendants(uint64_t timeout_ns);

/* Make the caller and its descendants the first choice of the OOM killer. */
int os_oom_first(void);

/* A pipe whose ends close on exec. */
int os_pipe(int fds[2]);

/* Absolute path of the running program, or -1. */
int os_self_path(char *buf, size_t len);

/* How many mappings the calling process has, or -1. */
int os_mappings(void);

/* ---- swap ------------------------------------------------------------- */

/*
 * Is there any in use?  1 with the name of one, 0, or -1 with ENOTSUP when the
 * system cannot tell.
 */
int os_swap_active(char *name, size_t len);

/*
 * Find a device for compressed swap in memory that nobody uses, or add one and
 * say so.  It takes no memory yet, so there is time to write its name down.  0,
 * or -1 with errno: ENOTSUP here, ENODEV without the driver, EPERM or EACCES.
 */
int os_swap_device(char *name, size_t len, bool *added);

/* Swap of so many bytes on it; 0, or -1 with errno and a device half made. */
int os_swap_on(const char *name, uint64_t bytes);

/*
 * End it, bring back what was swapped, free the device and, when it was added,
 * remove it.  Nothing to do is 0.
 */
int os_swap_off(const char *name, bool added);

/* ---- what could have changed the number ------------------------------- */

/*
 * Report every known fact of kernel, machine and settings as text.  The key is
 * "section.name" with the sections of the record (kernel, machine, tunables,
 * limits, vm, ids); the value is as the system spells it, on one line of less
 * than 4 KiB and never empty.  See record/environment in the manual.
 */
typedef void os_fact_fn(void *arg, const char *key, const char *value);
void os_facts(os_fact_fn *fn, void *arg);

/*
 * Facts that change while a run goes on (load, pressure, free memory), in the
 * section "env".
 */
void os_facts_now(os_fact_fn *fn, void *arg);

/*
 * What has to be the same before and after something is measured: "governor",
 * "frequency.*", "clocksource"; and "throttles", how often processors were
 * slowed down since the system was booted.  What is not there is not reported.
 */
void os_steady(os_fact_fn *fn, void *arg);

/*
 * Limits that can stop a plan.  `name` is how the system calls it, `value` is
 * the number in force (UINT64_MAX: unlimited), `counts` says what it counts.
 */
enum os_counts {
	OS_COUNTS_TASKS,	/* processes and threads */
	OS_COUNTS_FDS,		/* descriptors of one process */
	OS_COUNTS_FILES,	/* open files of the system */
	OS_COUNTS_MAPPINGS,	/* mappings of one process */
	OS_COUNTS_MEMORY,	/* bytes */
	OS_COUNTS_LOCKED,	/* locked bytes */
	OS_COUNTS_PIPE_PAGES,	/* pages of one user's pipe buffers */
	OS_COUNTS_MAPPING_BYTES	/* bytes of a single mapping */
};

struct os_limit {
	const char *name;	/* "kernel.pid_max", "RLIMIT_NPROC", ... */
	enum os_counts counts;
	uint64_t value;
	uint64_t used;		/* already in use; 0 when unknown */
	bool soft;		/* refuses nothing: beyond it one gets less */
	/*
	 * The shell command that lifts it; "%llu", at most once and the only
	 * '%' in it, stands for the new value.  Valid during the call, as the
	 * name is.
	 */
	const char *lift;
};

typedef void os_limit_fn(void *arg, const struct os_limit *limit);
void os_limits(os_limit_fn *fn, void *arg);

/*
 * What setting a limit of that name changes.  Limits that somebody has set on
 * purpose (a group's, the mode of overcommit) are not for us to set.
 */
enum os_scope {
	OS_SCOPE_NONE,		/* cannot be set from here */
	OS_SCOPE_PROCESS,	/* the caller and what it starts */
	OS_SCOPE_SYSTEM		/* everybody, until it is set again */
};
enum os_scope os_limit_scope(const char *name);

/*
 * The value as it stands, exempt or not, and another one; a resource limit is
 * raised together with its upper bound if need be.  0, or -1 with errno:
 * ENOTSUP for a name without scope, EPERM or EACCES without privilege, EINVAL
 * for a value that the system does not take.
 */
int os_limit_get(const char *name, uint64_t *value);
int os_limit_set(const char *name, uint64_t value);

#endif
