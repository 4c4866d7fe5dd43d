/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The protocol between the supervisor and the cell, version 1.
 *
 * Lines of text.  A line is a keyword and fields `key=value` separated by one
 * blank; in values the bytes 0-32, 127, '%' and '=' are written %XX, so that a
 * line never holds a stray blank, newline or terminal control.  Unknown
 * keywords and keys are ignored by both sides; numbers are decimal.
 *
 * To the cell (its standard input), one block per launch:
 *
 *	vmstress-plan version=1
 *	launch cell=7 launch=0 workload=zfod/1 mode=process workers=2
 *	    pin=cores samples=5 interval_ns=1000000000 warmup_ns=500000000
 *	    timeout_ns=60000000000 latency=0 probe=1 statistics=1
 *	    [plugin=/path/x.so] [member_bytes=71680] [times=0]	(one line)
 *	param name=size value=64M				(each parameter)
 *	cpus list=0,1			(one per worker; absent: not bound)
 *	partners list=1,0		(one per worker; absent: not bound)
 *	count mode=cgroup|system|task [group=/sys/fs/cgroup/x]
 *	event name=cycles:k type=0 config=0 [config1=0] [config2=0]
 *	    [exclude=uhg] [filter=reason==1] [cpus=0,1]	(one line, each event)
 *	event name=frobs status=unknown_event reason=...	(cannot be counted)
 *	profile name=cycles:k type=0 config=0 [exclude=...] rate_hz=997
 *	go
 *
 * `times=0` marks a launch whose counting costs time: its rates are no result.
 * Of an event, type to config2 are those of perf_event_open(2), `exclude` the
 * modes that are not counted (u user, k kernel, h hypervisor, g guest, i idle),
 * and `cpus` the processors of a PMU that is not on all of them.
 *
 * After `go` the supervisor may send `stop` (end early, keep what there is).
 * With `vmstress-cell --launch` the end of standard input means that the
 * supervisor is gone: the cell kills its workers and exits.  Without --launch
 * standard input is a whole plan (any number of blocks, as `vmstress check
 * --plan` writes it); every block runs in a fresh execution of the program.
 * With --probe a block is only examined.
 *
 * From the cell (its standard output):
 *
 *	vmstress-out version=1 tool=0.1.0
 *	fact key=kernel.release value=6.18		(plan mode only)
 *	launch ...	(the plan's line again, and its param, cpus, partners)
 *	describe unit=fault kind=rate op_bytes=4096 net=fault-only static=1
 *	    bound=1 urgent=1
 *	    mappings=12 memory_bytes=134217728 [tasks=] [fds=] [pipes=]
 *	    [more_mappings=] [population=900000]
 *	    clock=CLOCK_MONOTONIC_RAW
 *	    clock_cost_ns=24.1 clock_step_ns=1
 *	    page_bytes=4096				(one line)
 *	probe status=ok|skip|limit [max=1000] [reason=...]	(--probe only)
 *	note text=...			(worth a reader's attention)
 *	gauge name=... value=...
 *	sample index=0 elapsed_ns=1000060123 ops=12,13 [aside_ns=5,6]
 *	phase name=fork unit=child ops=1000 elapsed_ns=... headline=1
 *	    [asked=900000 reached=812345 limit=...]	(one line)
 *	curve worker=0 first=1 count=8 min_ns= mean_ns= max_ns=	(log bins of i)
 *	histogram count=... sum_ns=... max_ns=... timing_cost_ns=...
 *	    buckets=index:count,...			(one line)
 *	stall index=0 [phase=teardown] rounds=412 refused=0 [lost=3]
 *	    worst_ns= p99_ns= wake_worst_ns= fork_worst_ns= [read_worst_ns=]
 *	    step_ns=10000000 timeline=310000,305000,...	(one line; without
 *	    times when there was no round; see observe/stall.h)
 *	memory index=0 at=setup|start|end or phase=NAME [members=1000]
 *	    page_tables_bytes= kernel_stack_bytes= slab_bytes=
 *	    slab_unreclaimable_bytes= percpu_bytes= anonymous_bytes=
 *	    swap_used_bytes= available_bytes=	(one line; what is known of
 *	    the whole system)
 *	step index=0 phase=teardown			(it is about to begin)
 *	counter index=0 [phase=teardown] name=cycles:k status=ok|scaled
 *	    value=1234 raw=617 enabled_ns= running_ns= [each=617,617]
 *	    [cpus=0,1]	(one line; each worker, or with `cpus` each of those)
 *	counter index=0 name=... status=not_counted|not_supported|
 *	    not_permitted|unknown_event|masked|error [errno=13] reason=...
 *	kstat index=0 [phase=teardown] elapsed_ns= sources=vmstat,stat
 *	    values=vmstat.pgfault:12345,stat.ctxt:-3	(what did not change is
 *	    left out, if its source is named)
 *	slab index=0 [phase=teardown] values=task_struct:40960	(bytes more)
 *	usage index=0 [phase=teardown] elapsed_ns= [user_ns=] [system_ns=]
 *	    [minor_faults=] [major_faults=] [voluntary=] [involuntary=]
 *	    (one line; as rusage, of a sample or phase, what is known of it)
 *	profile index=0 [phase=teardown] [merged=3] name=cpu-clock rate_hz=997
 *	    scope=cgroup|system|task status=ok samples= [kernel=] [user=] lost=
 *	    [idle=] [reason=...]	(one line; kernel and user only if
 *	    sampled, and the reason if the kernel could not be; idle ones are no
 *	    samples; merged with so many repeats of the phase; in scope task a
 *	    child that lives for less than an interval is not seen)
 *	profile index=0 name=... status=not_supported|... [errno=] reason=...
 *	stack index=0 [phase=teardown] count=12 frames=a;b;c	(root first;
 *	    user code as "vmstress-cell:name", "comm:[user]", or "[gone]:[user]"
 *	    of an unknown process that ended; the largest first;
 *	    "[other stacks]" are the rest.  The plan's own line `profile`,
 *	    repeated with `launch`, has no index)
 *	skew start_ns=... stop_ns=...
 *	rusage user_ns=... system_ns=... minor_faults=... major_faults=...
 *	    voluntary=... involuntary=...		(one line, all workers)
 *	end status=ok|skipped|failed|interrupted [reason=...] [errno=11]
 *
 * `elapsed_ns` is always measured, never nominal.  A launch that wrote no
 * `end` line has failed.
 */
#ifndef VMSTRESS_PROTOCOL_H
#define VMSTRESS_PROTOCOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

#define PROTOCOL_VERSION 1

/* A line may be long (one number per worker), but not without bound. */
#define PROTOCOL_LINE_MAX (2u << 20)

/* So many workers' numbers fit into one line, twice. */
#define PROTOCOL_WORKERS_MAX 65536

/* More than any workload has. */
#define PROTOCOL_PARAMS_MAX 256

/* More than anybody reads. */
#define PROTOCOL_EVENTS_MAX 256

/* ---- writing ---------------------------------------------------------- */

/*
 * Begin a line in `b` (emptied first), add fields, end it with a newline.  A
 * double that is not finite is not written: what nobody knows is absent.
 */
void protocol_begin(struct str *b, const char *keyword);
void protocol_text(struct str *b, const char *key, const char *value);
void protocol_u64(struct str *b, const char *key, uint64_t value);
void protocol_i64(struct str *b, const char *key, int64_t value);
void protocol_double(struct str *b, const char *key, double value);
void protocol_list(struct str *b, const char *key, const uint64_t *v, int n);
void protocol_int_list(struct str *b, const char *key, const int *v, int n);
void protocol_end(struct str *b);

/* ---- reading ---------------------------------------------------------- */

/*
 * A line taken apart, in place: `line` is modified and must outlive the
 * struct.  `line` has no newline.
 */
#define PROTOCOL_FIELDS 32

struct protocol_line {
	const char *keyword;
	int nfields;
	struct {
		const char *key;
		const char *value;	/* decoded */
	} field[PROTOCOL_FIELDS];
};

/*
 * -1 with an error for a line that is no line of this protocol.  A carriage
 * return at its end is dropped: a serial line adds it.
 */
int protocol_parse(char *line, struct protocol_line *out, struct err *e);

/* The value of a key, or NULL. */
const char *protocol_get(const struct protocol_line *l, const char *key);

/* A required field; -1 with an error when absent or malformed. */
int protocol_get_text(const struct protocol_line *l, const char *key,
    const char **value, struct err *e);
int protocol_get_u64(const struct protocol_line *l, const char *key,
    uint64_t *value, struct err *e);
int protocol_get_double(const struct protocol_line *l, const char *key,
    double *value, struct err *e);

/*
 * A list of numbers into a new array (free it); returns how many, or -1.  The
 * empty list has no array.
 */
int protocol_get_list(const struct protocol_line *l, const char *key,
    uint64_t **values, struct err *e);
int protocol_get_int_list(const struct protocol_line *l, const char *key,
    int **values, struct err *e);

/* ---- lines from a descriptor ------------------------------------------ */

struct protocol_reader {
	int fd;
	struct str buf;
	size_t start;		/* of the next line in buf */
	bool eof;
};

void protocol_reader_init(struct protocol_reader *r, int fd);

/*
 * The next whole line, without its newline, valid until the next call; NULL
 * when there is none yet (non-blocking descriptor), at the end (r->eof set),
 * or on an error (e set).  A last line without newline is not delivered.  After
 * a line that is too long or holds a NUL there is only that error.
 */
char *protocol_read_line(struct protocol_reader *r, struct err *e);
void protocol_reader_free(struct protocol_reader *r);

/* ---- a launch --------------------------------------------------------- */

/* The block that asks for one launch, on both sides. */
struct protocol_param {
	char *name;
	char *value;
};

/* An event to be counted or sampled; see the lines `event` and `profile`. */
struct protocol_event {
	char *name;
	char *status;		/* why it is not counted, or NULL */
	char *reason;		/* the same in words */
	uint32_t type;
	uint64_t config, config1, config2;
	char *exclude;		/* out of "ukhgi", or NULL */
	char *filter;		/* of a tracepoint, or NULL */
	int *cpus;		/* of its PMU; NULL: all */
	int ncpus;
};

struct protocol_launch {
	bool header;		/* the line with the version has come */
	uint64_t cell;
	uint64_t launch;
	char *workload;		/* with version: "zfod/1" */
	char *plugin;		/* shared object, or NULL */
	bool threads;
	int workers;
	char *pin;		/* policy, for the record: "cores" */
	int samples;
	uint64_t interval_ns;
	uint64_t warmup_ns;
	uint64_t timeout_ns;	/* 0: the cell never gives up by itself */
	uint64_t member_bytes;	/* measured beforehand; 0: it was not */
	bool latency;
	bool probe;		/* responsiveness and kernel memory */
	struct protocol_param *params;
	size_t nparams, params_cap;
	int *cpus;		/* one per worker, or NULL */
	int *partners;		/* one per worker, or NULL */
	bool statistics;	/* of the kernel */
	bool counts_only;	/* its times are no result */
	char *count_mode;	/* "cgroup", "system", "task", or NULL */
	char *count_group;	/* folder of the cgroup, or NULL */
	struct protocol_event *events;
	size_t nevents, events_cap;
	struct protocol_event *profile;	/* what is sampled, or NULL */
	uint64_t profile_hz;
};

/* Append the whole block, header to `go`, to `b`. */
void protocol_put_launch(struct str *b, const struct protocol_launch *l);

/*
 * Feed lines of a block, starting with a zeroed struct; returns 1 when `go`
 * completed it, 0 when more is needed, -1 with an error.  Free the struct in
 * any case.  What `go` completed is consistent: every field is there, the lists
 * have one entry per worker, a CPU is at least 0 and a partner at least -1.
 */
int protocol_take_launch(struct protocol_launch *l,
    const struct protocol_line *line, struct err *e);

/* Append a zeroed event, which the launch owns from then on. */
struct protocol_event *protocol_add_event(struct protocol_launch *l);

/* Leaves the struct zeroed, ready for the next block. */
void protocol_launch_free(struct protocol_launch *l);

#endif
