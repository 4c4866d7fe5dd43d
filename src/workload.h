/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The plug-in contract: everything a workload sees of vmstress.
 *
 * A workload is one file, NAME.c, that defines one `const struct vms_workload`
 * named `vms_workload_NAME` (dashes become underscores).  It is compiled into
 * vmstress, where it may define a second one that looks at the same work, or
 * with -shared into a plug-in for `vmstress run --plugin`; the source is the
 * same.  This header is the whole interface: a workload has no
 * undefined symbol but those of the C library, because the services of the
 * engine are reached through `struct vms_host`.
 *
 * Life of a cell.  Hooks that are NULL are skipped; every hook but `verify`,
 * `run`, `step` and phases is outside all timing.
 *
 *	once, in the cell process	probe, setup
 *	in every worker			worker_init
 *	gate				all workers start together
 *	in every worker			run (rate) | phases | steps (curve)
 *	gate				nobody leaves before everybody is done
 *	in every worker			verify, worker_fini
 *	once, in the cell process	teardown
 *
 * Workers are processes forked from the cell or threads of it; each is bound
 * to its CPU before worker_init, so what it touches there is local.
 *
 * A hook returns 0, or -1 after vms_fail(), or VMS_SKIP after vms_skip().  It
 * never prints, exits or asserts, and does not allocate in its timed part.
 * See workloads/skeleton.c for a compiling, commented example and
 * vmstress-workload(3) for the reference.
 */
#ifndef VMSTRESS_WORKLOAD_H
#define VMSTRESS_WORKLOAD_H

#include <errno.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Changes whenever a struct in this header does. */
#define VMS_ABI 1

/* Returned by a hook after vms_skip(): this machine cannot run the cell. */
#define VMS_SKIP 1

#if defined(__GNUC__)
#define VMS_PRINTF(f, a) __attribute__((format(printf, f, a)))
#else
#define VMS_PRINTF(f, a)
#endif

struct vms_cell;
struct vms_crowd_plan;
struct vms_relays;
struct vms_worker;

/*
 * Parameters.  A row describes one field of the workload's parameter struct;
 * YAML, -p, `list`, `check` and the manual are all fed from it.  Defaults and
 * bounds are text in the syntax of the type, so they are shown as written.
 */
enum vms_type {
	VMS_INT,	/* int64_t */
	VMS_COUNT,	/* uint64_t; decimal suffixes: 900k, 1M */
	VMS_SIZE,	/* uint64_t bytes; binary suffixes: 4K, 128M, 1G */
	VMS_TIME,	/* uint64_t nanoseconds: 500ns, 10us, 5ms, 1s, 2m, 1h */
	VMS_PERCENT,	/* double, 0.0 to 1.0 and more: 50% is 0.5 */
	VMS_BOOL,	/* bool: true|false|yes|no|on|off */
	VMS_CHOICE,	/* int: index into choices */
	VMS_STRING	/* const char *, never NULL */
};

struct vms_param {
	const char *name;
	enum vms_type type;
	size_t offset;			/* of the field, offsetof() */
	const char *def;		/* default */
	const char *min;		/* inclusive bounds, or NULL */
	const char *max;
	const char *const *choices;	/* NULL-terminated, for VMS_CHOICE */
	const char *help;		/* one line, lower case, no full stop */
};

/* The last row of a table. */
#define VMS_PARAMS_END { NULL, VMS_INT, 0, NULL, NULL, NULL, NULL, NULL }

/*
 * Transparent huge pages change what a fault is by a factor of 512, so every
 * memory workload has this row and calls vms_thp() on what it maps.
 */
enum vms_thp { VMS_THP_OFF, VMS_THP_ON, VMS_THP_SYSTEM };
#define VMS_THP_CHOICES { "off", "on", "system", NULL }
#define VMS_THP_PARAM(type, field, choices_array)			\
	{ #field, VMS_CHOICE, offsetof(type, field), "off", NULL, NULL,	\
	  choices_array, "transparent huge pages in the tested mapping" }

/* The places a worker's partner task can have, relative to the worker. */
enum vms_near {
	VMS_NEAR_FREE,		/* wherever the scheduler puts it */
	VMS_NEAR_SAME,		/* the same logical CPU */
	VMS_NEAR_SMT,		/* another hardware thread of the core */
	VMS_NEAR_CORE,		/* another core under the same last-level cache */
	VMS_NEAR_NODE,		/* another cache of the same NUMA node */
	VMS_NEAR_FAR		/* another NUMA node or package */
};
#define VMS_NEAR_CHOICES { "free", "same", "smt", "core", "node", "far", NULL }

/*
 * Services of the engine.  Call them through the inlines below; those for
 * large populations of processes are in workload_crowd.h and workload_relays.h.
 */
struct vms_host {
	int (*fail)(struct vms_cell *, struct vms_worker *, int errnum,
	    const char *fmt, va_list ap);
	int (*skip)(struct vms_cell *, const char *fmt, va_list ap);
	int (*limit)(struct vms_cell *, int64_t max, const char *fmt,
	    va_list ap);
	void (*partial)(struct vms_worker *, int64_t asked, int64_t reached,
	    const char *fmt, va_list ap);
	void (*refused)(struct vms_worker *, int64_t asked, int64_t reached,
	    const char *call, int errnum);
	void (*gauge)(struct vms_cell *, const char *name, double value);
	void (*latency)(struct vms_worker *, uint64_t ns);
	uint64_t (*now)(void);
	int (*thp)(void *addr, size_t len, int how);
	void *(*map_anon)(size_t len, int thp);
	int (*temp_file)(const struct vms_cell *, uint64_t len, int fill);
	bool (*room)(const struct vms_cell *, uint64_t bytes);
	void *(*task_start)(struct vms_worker *, int (*fn)(void *), void *arg,
	    int cpu);
	int (*task_join)(struct vms_worker *, void *task);
	pid_t (*fork_shared)(int (*fn)(void *), void *arg, void *stack,
	    size_t stack_size);
	/* See workload_relays.h. */
	int (*relays_probe)(struct vms_cell *, int member);
	int (*relays_prepare)(struct vms_worker *, struct vms_relays *);
	int (*relays_build)(struct vms_worker *, struct vms_relays *, int in,
	    int out, int stamps);
	void (*relays_kill)(struct vms_relays *, int signo, bool leaders);
	void (*relays_await_end)(struct vms_relays *);
	int (*relays_verify)(struct vms_worker *, const struct vms_relays *);
	void (*relays_free)(struct vms_worker *, struct vms_relays *);
	/* See workload_crowd.h. */
	int64_t (*crowd_start)(struct vms_worker *,
	    const struct vms_crowd_plan *);
	int (*crowd_open)(struct vms_worker *);
	int (*crowd_await)(struct vms_worker *);
	int (*crowd_end)(struct vms_worker *);
	bool (*crowd_pass)(struct vms_worker *);
	void (*crowd_arrive)(struct vms_worker *);
	pid_t (*crowd_fork)(struct vms_worker *);
};

/* What a worker publishes; written by its owner only, read from outside. */
struct vms_slot {
	_Alignas(128) _Atomic uint64_t ops;	/* operations done */
	_Atomic uint64_t aside_ns;	/* time that is not the operation's */
};

/* A cell as its hooks see it.  The engine owns every field. */
struct vms_cell {
	const struct vms_host *host;
	const struct vms_workload *workload;
	const void *params;	/* the workload's parameter struct */
	void *state;		/* cell_size zeroed bytes, shared by everyone */
	int workers;		/* how many there are, at least 1 */
	bool threads;		/* workers are threads, not processes */
	size_t page_size;	/* of the machine, bytes */
	uint64_t member_bytes;	/* see vms_member_bytes() */
	const char *tmpdir;	/* a directory for files; remove what you make */
	const char *targets;	/* the directory of our small programs to exec */
	void *engine;
};

/* A worker as its hooks see it. */
struct vms_worker {
	struct vms_cell *cell;
	int index;		/* 0 to workers - 1 */
	int cpu;		/* bound to this CPU; -1: not bound */
	int partner_cpu;	/* where its partner tasks belong; -1: anywhere */
	void *state;		/* worker_size zeroed bytes, for this one and
				 * what it forks: they share the memory */
	struct vms_slot *slot;
	const _Atomic uint32_t *stop;
};

/*
 * Kind "phases": named parts that all workers go through in step.  The engine
 * times each from the opening of its gate to the last worker's return.  The
 * whole table runs `samples` times in a launch (once unless asked otherwise),
 * so the last phase must leave what the first can start from.
 */
struct vms_phase {
	const char *name;
	const char *unit;	/* what one operation of it is */
	int64_t (*fn)(struct vms_worker *);	/* operations done, or -1 */
	bool headline;		/* the number this workload is known for */
};

enum vms_kind { VMS_RATE, VMS_PHASES, VMS_CURVE };

/* Modes a workload can run in, or-ed together. */
#define VMS_PROCESS	0x1u
#define VMS_THREAD	0x2u

struct vms_workload {
	uint32_t abi;			/* VMS_ABI */
	const char *name;		/* lower case and dashes */
	int version;			/* goes up when the operation changes */
	const char *summary;		/* one line, lower case, no full stop */
	enum vms_kind kind;
	const char *unit;		/* one operation, singular: "fault" */
	/*
	 * If set, the workload sets time aside with vms_aside(), and a second
	 * rate of this name, over the remaining time, is reported.
	 */
	const char *net;
	/*
	 * For a workload in phases that records times by itself, with
	 * vms_latency(): what they are ("lateness").  Their percentiles are
	 * reported as those of a rate workload's operations are.  Else NULL.
	 */
	const char *latency;
	/*
	 * The VMS_COUNT parameter that says how many processes, which the first
	 * phase makes, are to be alive at once, if that is its subject; or NULL.
	 */
	const char *population;
	unsigned modes;			/* VMS_PROCESS | VMS_THREAD */
	bool hidden;			/* not listed: exists to test the contract */

	const struct vms_param *params;	/* ends with VMS_PARAMS_END, or NULL */
	size_t params_size;		/* of the parameter struct */
	size_t cell_size;		/* of cell->state */
	size_t worker_size;		/* of worker->state */

	/* Peak memory of the whole cell in bytes, for `check`. */
	uint64_t (*memory)(const struct vms_cell *);
	/* Bytes one operation processes, for the bytes/s column; 0: none. */
	uint64_t (*op_bytes)(const struct vms_cell *);
	/* Processes and threads alive at once; NULL: just the workers. */
	uint64_t (*tasks)(const struct vms_cell *);
	/* Descriptors that one process holds at once; NULL: a handful. */
	uint64_t (*fds)(const struct vms_cell *);
	/* Pipes that exist at once, of all workers; NULL: a handful. */
	uint64_t (*pipes)(const struct vms_cell *);
	/* Mappings that one process adds to its own; NULL: a handful. */
	uint64_t (*mappings)(const struct vms_cell *);
	/*
	 * Where partner tasks belong: one of enum vms_near.  The supervisor,
	 * which knows the topology, finds the CPU and puts it into
	 * worker->partner_cpu.  Given as the name of a VMS_CHOICE parameter
	 * with VMS_NEAR_CHOICES.
	 */
	const char *partner_param;

	int (*probe)(struct vms_cell *);
	int (*setup)(struct vms_cell *);
	int (*worker_init)(struct vms_worker *);

	/*
	 * VMS_RATE: do about n operations and return how many were done, -1
	 * after vms_fail().  n is at least 1.  Operations that only come in
	 * groups (one lap of a ring) may round n up to a whole group.  The
	 * engine chooses n so that a call lasts about 100 us (one operation
	 * at least); with `latency` it calls run(w, 1) and times it.
	 */
	int64_t (*run)(struct vms_worker *, int64_t n);
	/* VMS_PHASES: ends with a row whose name is NULL. */
	const struct vms_phase *phases;
	/* VMS_CURVE: how many steps, and the i-th step (from 0). */
	int64_t (*steps)(const struct vms_cell *);
	int (*step)(struct vms_worker *, int64_t i);

	/* Is the state what the operations must leave?  Fail if not. */
	int (*verify)(struct vms_worker *);
	int (*worker_fini)(struct vms_worker *);
	int (*teardown)(struct vms_cell *);
};

/*
 * Record why the cell fails and return -1.  The current errno is kept; set it
 * to 0 first if it means nothing.  The first failure of a cell wins.
 */
static inline int VMS_PRINTF(2, 3)
vms_fail(struct vms_worker *w, const char *fmt, ...)
{
	int errnum = errno;
	va_list ap;

	va_start(ap, fmt);
	w->cell->host->fail(w->cell, w, errnum, fmt, ap);
	va_end(ap);
	return -1;
}

/* The same for the hooks that run in the cell process. */
static inline int VMS_PRINTF(2, 3)
vms_cell_fail(struct vms_cell *c, const char *fmt, ...)
{
	int errnum = errno;
	va_list ap;

	va_start(ap, fmt);
	c->host->fail(c, NULL, errnum, fmt, ap);
	va_end(ap);
	return -1;
}

/* This machine cannot run the cell, and why.  From probe and setup only. */
static inline int VMS_PRINTF(2, 3)
vms_skip(struct vms_cell *c, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	c->host->skip(c, fmt, ap);
	va_end(ap);
	return VMS_SKIP;
}

/* From probe: only `max` of what is asked for can be reached, and why. */
static inline int VMS_PRINTF(3, 4)
vms_limit(struct vms_cell *c, int64_t max, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	c->host->limit(c, max, fmt, ap);
	va_end(ap);
	return 0;
}

/* From a phase: the population is partial, and what stopped it. */
static inline void VMS_PRINTF(4, 5)
vms_partial(struct vms_worker *w, int64_t asked, int64_t reached,
    const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	w->cell->host->partial(w, asked, reached, fmt, ap);
	va_end(ap);
}

/*
 * From a phase: the population is partial because `call` failed with `errnum`.
 * The engine finds out which of the limits that answer so it was.
 */
static inline void
vms_refused(struct vms_worker *w, int64_t asked, int64_t reached,
    const char *call, int errnum)
{
	w->cell->host->refused(w, asked, reached, call, errnum);
}

/*
 * A named value that explains the result ("clear_bytes_per_s"); from setup or
 * teardown.  The name carries the unit.
 */
static inline void
vms_gauge(struct vms_cell *c, const char *name, double value)
{
	c->host->gauge(c, name, value);
}

/* Nanoseconds of the clock that everything is measured with. */
static inline uint64_t
vms_now(const struct vms_worker *w)
{
	return w->cell->host->now();
}

/* Time since `since_ns` was not spent in the operation. */
static inline void
vms_aside(struct vms_worker *w, uint64_t since_ns)
{
	uint64_t ns = atomic_load_explicit(&w->slot->aside_ns,
	    memory_order_relaxed) + (vms_now(w) - since_ns);

	atomic_store_explicit(&w->slot->aside_ns, ns, memory_order_relaxed);
}

/*
 * Record one time of those that the workload's `latency` names.  From a phase;
 * it takes some nanoseconds, and no lock or system call.
 */
static inline void
vms_latency(struct vms_worker *w, uint64_t ns)
{
	w->cell->host->latency(w, ns);
}

/*
 * Has the measurement ended?  run() need not ask: it is not called again.
 * For partner tasks, and operations that wait for somebody else.
 */
static inline bool
vms_stopping(const struct vms_worker *w)
{
	return atomic_load_explicit(w->stop, memory_order_relaxed) != 0;
}

/*
 * Apply an enum vms_thp to a mapping.  0, or -1 with ENOTSUP where the system
 * has no such control (then nothing was changed, and off is what it has).
 */
static inline int
vms_thp(const struct vms_cell *c, void *addr, size_t len, int how)
{
	return c->host->thp(addr, len, how);
}

static inline uint64_t		/* bytes rounded up to whole pages */
vms_pages(const struct vms_cell *c, uint64_t bytes)
{
	return (bytes + c->page_size - 1) / c->page_size * c->page_size;
}

/*
 * Private anonymous memory, readable and writable, with an enum vms_thp
 * applied; where the system has no such control, VMS_THP_ON fails and the
 * others do not.  NULL with errno; give it back with munmap().
 */
static inline void *
vms_map_anon(const struct vms_cell *c, size_t len, int thp)
{
	return c->host->map_anon(len, thp);
}

/* For vms_temp_file(): a hole. */
#define VMS_SPARSE (-1)

/*
 * An unlinked file of `len` bytes in cell->tmpdir, every byte of it `fill`, in
 * the page cache and written back; or VMS_SPARSE.  A descriptor, or -1 with
 * errno; close it.
 */
static inline int
vms_temp_file(const struct vms_cell *c, uint64_t len, int fill)
{
	return c->host->temp_file(c, len, fill);
}

/*
 * May the cell take so many more bytes of memory?  False when that would leave
 * the machine less than its reserve (a tenth of what was available at the start
 * or 1 GiB, whichever is more): the budget is reached, stop growing and report
 * vms_partial().  Costs some 20 us: ask once for many small things.  True where
 * the system cannot tell.
 */
static inline bool
vms_room(const struct vms_cell *c, uint64_t bytes)
{
	return c->host->room(c, bytes);
}

/* Bytes that a member of the population takes, if measured; else `estimate`. */
static inline uint64_t
vms_member_bytes(const struct vms_cell *c, uint64_t estimate)
{
	return c->member_bytes != 0 ? c->member_bytes : estimate;
}

/*
 * Start a partner task of this worker: a process in process mode, a thread in
 * thread mode, bound to `cpu` (-1: anywhere allowed).  It ends when fn returns
 * (0: well).  NULL after vms_fail().  Join every task you start; a process
 * that still runs is killed with the cell.
 */
static inline void *
vms_task_start(struct vms_worker *w, int (*fn)(void *), void *arg, int cpu)
{
	return w->cell->host->task_start(w, fn, arg, cpu);
}

/* Wait for a partner task: 0, or -1 after vms_fail() if it did not end well. */
static inline int
vms_task_join(struct vms_worker *w, void *task)
{
	return w->cell->host->task_join(w, task);
}

/*
 * A child that shares the address space and has its own pid and descriptors:
 * clone(CLONE_VM) or rfork(RFMEM).  It runs fn on `stack` and exits with fn's
 * return value; wait for it by pid.  -1 with ENOTSUP where there is no such
 * call.
 */
static inline pid_t
vms_fork_shared(const struct vms_cell *c, int (*fn)(void *), void *arg,
    void *stack, size_t stack_size)
{
	return c->host->fork_shared(fn, arg, stack, stack_size);
}

#endif
