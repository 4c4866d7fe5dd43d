/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Inside vmstress-cell: what its files share.  Four kinds of memory:
 *
 *	struct engine		private to the cell process
 *	struct engine_shared	one mapping that everybody sees: gate, stop
 *				flag, the first failure
 *	struct engine_block	one page-aligned block per worker, touched first
 *				and written by its owner only
 *	cell->state		the workload's own, shared by everybody; in front
 *				of the blocks, in their mapping
 */
#ifndef VMSTRESS_ENGINE_H
#define VMSTRESS_ENGINE_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/err.h"
#include "base/str.h"
#include "engine/protocol.h"
#include "observe/histogram.h"
#include "workload.h"

/* A gate opened for good: everybody leaves, whatever the stage. */
#define ENGINE_GATE_ABORT UINT32_MAX

/* How long the bins of a curve are: eight per power of two. */
#define ENGINE_CURVE_SUB_BITS 3
#define ENGINE_CURVE_BINS ((48 - ENGINE_CURVE_SUB_BITS + 1) << ENGINE_CURVE_SUB_BITS)

struct engine_shared {
	/* Stage that workers may enter; counts up, see gate.c. */
	_Alignas(128) _Atomic uint32_t gate;
	/* Arrivals at gates so far, all stages together. */
	_Alignas(128) _Atomic uint32_t arrived;
	/* Workers that have left the first gate and begun. */
	_Alignas(128) _Atomic uint32_t started;
	/* The measurement is over. */
	_Alignas(128) _Atomic uint32_t stop;
	/* 0: no failure, 1: being written, 2: `text` and `errnum` are valid. */
	_Alignas(128) _Atomic uint32_t failed;
	int errnum;
	char text[ERR_MAX];
	int mappings;			/* of worker 0 at its start */
};

/* What a worker is doing, so that a report on a hung one can say it. */
enum engine_where {
	ENGINE_STARTING, ENGINE_IN_INIT, ENGINE_WAITING, ENGINE_MEASURED,
	ENGINE_IN_VERIFY, ENGINE_IN_FINI
};

struct engine_bin {
	uint64_t count, sum_ns, min_ns, max_ns;
};

struct engine_block {
	struct vms_slot slot;
	/* When the worker left the first gate, and when it saw the end. */
	_Alignas(128) uint64_t start_ns;
	uint64_t stop_ns;
	_Atomic uint32_t done;		/* the hooks are through */
	_Atomic uint32_t where;		/* enum engine_where, for reports */
	pid_t task;			/* as os/counter.h calls it; or -1 */
	_Atomic uint32_t partners;	/* tasks that it started and has */
	/* Of the phase that ran last. */
	int64_t phase_ops;
	uint64_t phase_end_ns;
	int64_t asked, reached;		/* partial population; asked 0: whole */
	char limit[256];
	uint64_t explain_ns;		/* spent on finding it out */
	/* Used by the worker and its tasks, measured part only. */
	uint64_t user_ns, system_ns;
	uint64_t minor_faults, major_faults, voluntary, involuntary;
	struct engine_bin *bins;	/* curve, or NULL */
	struct histogram *latency;	/* or NULL */
};

struct engine_worker {
	struct vms_worker view;		/* what the hooks get */
	struct engine_block *block;
	struct engine *engine;
	pid_t pid;			/* process mode; 0: reaped */
	pthread_t thread;		/* thread mode */
	bool made;
	struct crowd *crowd;		/* see crowd.h; or NULL */
};

struct engine {
	struct protocol_launch plan;
	const struct vms_workload *workload;
	struct vms_cell cell;
	struct engine_shared *shared;
	struct engine_worker *workers;
	void *blocks;			/* the state and all blocks, one mapping */
	size_t blocks_size;
	int control_fd;			/* the supervisor's, or -1 */
	int out_fd;
	int event[2];			/* wakes the main thread: see control.c */
	struct protocol_reader control;
	bool stop_asked;		/* by the supervisor */
	bool in_parent;			/* this process is the cell's own */
	bool is_static;			/* this program is linked statically */
	bool bound;			/* workers are bound as planned */
	bool urgent;			/* this thread runs ahead of workers */
	struct watch *watch;		/* the responsiveness probe, or NULL */
	struct tally *tally;		/* events are counted, or NULL */
	struct kernel *kernel;		/* its statistics, or NULL */
	struct usage *usage;		/* of the workers, or NULL */
	struct sampling *sampling;	/* the profile, or NULL */
	int *allowed, nallowed;		/* CPUs of the cell before any binding */
	uint64_t deadline_ns;		/* the launch counts as hung; 0: never */
	bool overdue;			/* it does, and was told to stop */
	uint64_t reserve_bytes;		/* not for the cell; see vms_room() */
	double clock_cost_ns, timing_cost_ns;
	uint64_t clock_step_ns;
	char targets[4096];		/* cell.targets */
	char skipped[ERR_MAX];		/* reason given to vms_skip() */
	char limited[ERR_MAX];		/* reason given to vms_limit() */
	int64_t limit_max;
};

/* ---- launch.c: the life of one launch --------------------------------- */

/* Do workers have a histogram: asked for, or the workload's own? */
bool launch_has_latency(const struct engine *en);

/* Run the launch in en->plan; everything is reported on en->out_fd. */
void launch_run(struct engine *en);

/* Only ask whether it could run, and what it needs. */
void launch_probe(struct engine *en);

/* ---- emit.c: lines to the supervisor ---------------------------------- */

/* Write a finished line; a supervisor that is gone is noticed elsewhere. */
void emit_line(struct engine *en, const struct str *line);
void emit_hello(struct engine *en);
void emit_note(struct engine *en, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
void emit_describe(struct engine *en);
/* All that was recorded; nothing where nothing was. */
void emit_latency(struct engine *en);
void emit_usage(struct engine *en);
void emit_end(struct engine *en);

/* ---- control.c: what the main thread waits for ------------------------ */

/* Set up the wake-up channel and, in process mode, the SIGCHLD handler. */
int control_start(struct engine *en, struct err *e);

/* Wake the main thread; async-signal-safe. */
void control_wake(struct engine *en);

/*
 * Sleep until `until_ns` (0: no limit) or an event.  Handles the supervisor's
 * lines, dead workers and the deadline.  Returns true when the launch is to
 * end now: stop asked, a failure, or the supervisor gone.
 */
bool control_wait(struct engine *en, uint64_t until_ns);

/* Sleep for at most 20 ms or until an event, while workers are ending. */
void control_nap(struct engine *en);

/* Sleep for a millisecond, with an ear for the supervisor only. */
void control_rest(struct engine *en);

/* ---- gate.c: starting and finishing together -------------------------- */

/*
 * Worker: arrive at a stage and wait for it to open.  False: the launch is
 * being abandoned, go to the end.
 */
bool gate_pass(struct engine_worker *w, uint32_t stage);

/* Main: wait for everybody to arrive at `stage`; false as control_wait(). */
bool gate_await(struct engine *en, uint32_t stage);

/*
 * Main: wait until everybody has really left the first gate, which takes a
 * while when there are more workers than CPUs; false as control_wait().
 */
bool gate_await_started(struct engine *en);

/* Main: let everybody into `stage`; returns the time just before. */
uint64_t gate_open(struct engine *en, uint32_t stage);

/* Main: end the measurement and open all gates for good. */
void gate_abort(struct engine *en);

/* ---- workers.c: making and ending workers ----------------------------- */

int workers_allocate(struct engine *en, struct err *e);
int workers_make(struct engine *en, struct err *e);
/* Reap processes that ended; one that was not done is a failure. */
void workers_reap(struct engine *en);
/* The launch takes too long: blame the first worker that is not waiting. */
void workers_blame(struct engine *en);
/* Wait for the end of every worker, by force after the deadline. */
void workers_finish(struct engine *en);
void workers_kill(struct engine *en);
void workers_free(struct engine *en);

/* ---- host.c: the services behind workload.h --------------------------- */

extern const struct vms_host host_services;

/* Record a failure; the first one wins. */
void host_fail(struct engine *en, const struct vms_worker *w, int errnum,
    const char *fmt, ...) __attribute__((format(printf, 4, 5)));
bool host_failed(const struct engine *en);

/* The process of a partner task. */
pid_t host_task_pid(const void *task);

/* In a new process: die when `parent`, which made it, is gone. */
void host_tie_to(pid_t parent);

/* ---- host_memory.c: memory and files to map ---------------------------- */

void *host_map_anon(size_t len, int thp);
bool host_room(const struct vms_cell *c, uint64_t bytes);
/* What the budget leaves to the machine, from what there is now. */
uint64_t host_reserve(void);
int host_temp_file(const struct vms_cell *c, uint64_t len, int fill);

/* ---- host_limit.c: which limit stopped a population --------------------- */

void host_refused(struct vms_worker *w, int64_t asked, int64_t reached,
    const char *call, int errnum);

/* ---- the three kinds -------------------------------------------------- */

/*
 * Stages of the gate: 0 is ready-steady-go; a phases workload uses one more
 * for each phase after its first; the last stage is the common end.
 */
struct engine_kind {
	const char *name;
	/* Stage that everybody arrives at when the measured part is done. */
	uint32_t (*last_stage)(const struct engine *en);
	/* Worker side; -1 after a failure. */
	int (*work)(struct engine_worker *w);
	/* Main side: from the opening of gate 0 to the common end. */
	void (*measure)(struct engine *en);
};

extern const struct engine_kind kind_rate;
extern const struct engine_kind kind_phases;
extern const struct engine_kind kind_curve;

const struct engine_kind *kind_of(const struct engine *en);

/* ---- batch.c: whole plans, when nobody attends ------------------------ */

/* Every block of standard input, each in a fresh execution of this program. */
int batch_run(int in_fd, int out_fd, struct err *e);

#endif
