/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The contract with the operating system for sampling profiles: an event that
 * interrupts each processor so many times a second and notes what it was doing,
 * and the names of what was interrupted.  A part of os.h in a header of its
 * own, because one observer uses it.
 *
 * "Cannot" is -1 or NULL with errno ENOTSUP.
 */
#ifndef VMSTRESS_OS_SAMPLER_H
#define VMSTRESS_OS_SAMPLER_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/err.h"

/* ---- taking samples --------------------------------------------------- */

enum os_sampler_scope {
	OS_SAMPLER_SYSTEM,	/* everything on the processors */
	OS_SAMPLER_GROUP,	/* the processes of a control group */
	OS_SAMPLER_TASKS	/* tasks and what they will make */
};

struct os_sampler_plan {
	/* The event, numbered as the system does: perf_event_open(2). */
	uint32_t type;
	uint64_t config, config1, config2;
	const char *exclude;	/* out of "ukhgi", or NULL */
	uint64_t rate_hz;
	const int *cpus;	/* that have the event; NULL: all online */
	int ncpus;
	enum os_sampler_scope scope;
	const char *group;	/* its folder; OS_SAMPLER_GROUP */
	const pid_t *tasks;	/* OS_SAMPLER_TASKS; 0: none */
	int ntasks;
	/* OS_SAMPLER_TASKS: the caller's other threads, instead of `tasks`. */
	bool threads;
};

/*
 * One sample.  In the kernel: the chain of calls, the innermost first, which
 * is where it was.  Else `ip` is where in the program.
 */
struct os_sample {
	pid_t pid, tid;
	uint64_t ip;
	const uint64_t *kernel;
	int nkernel;		/* 0: not in the kernel */
	bool idle;		/* the processor had nothing to do */
};

struct os_sampler_sink {
	void (*exec)(void *arg, pid_t pid, const char *name);
	void (*sample)(void *arg, const struct os_sample *s);
	void (*lost)(void *arg, uint64_t n);
};

struct os_sampler;

/*
 * Open the event and the memory that samples go to; it does not run yet.  The
 * memory holds what comes in half a second, if the system lets us have so much.
 * NULL with the reason in words in `e`, its cause in e->num.
 */
struct os_sampler *os_sampler_open(const struct os_sampler_plan *plan,
    struct err *e);

/* What is not sampled although it was asked for, in words; or NULL. */
const char *os_sampler_without(const struct os_sampler *s);

void os_sampler_enable(struct os_sampler *s);
void os_sampler_disable(struct os_sampler *s);

/*
 * Hand over what has come: first all that exec'd a program, then the samples,
 * in no order between processors.  Without a sink everything is dropped.
 */
void os_sampler_drain(struct os_sampler *s, const struct os_sampler_sink *sink,
    void *arg);

void os_sampler_close(struct os_sampler *s);

/* ---- names ------------------------------------------------------------ */

/*
 * One function; its size is 0 when that is not known, its module NULL for the
 * kernel itself and for a program.  The strings are valid during the call.
 */
typedef void os_symbol_fn(void *arg, uint64_t address, uint64_t size,
    const char *name, const char *module);

/* The kernel's; -1 with errno: EACCES when it does not tell us addresses. */
int os_kernel_symbols(os_symbol_fn *fn, void *arg);

/* Those of the running program, where it is in memory. */
int os_program_symbols(os_symbol_fn *fn, void *arg);

/*
 * Does a process run the same program as the caller?  1, or 0 with the name of
 * the other one; -1: it is gone, or nobody can tell.
 */
int os_same_program(pid_t pid, char *name, size_t len);

#endif
