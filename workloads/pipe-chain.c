/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A chain of processes, each of which reads a byte from one pipe and writes it
 * to the next.  One operation is, in the phase build, one process and one pipe;
 * in settle one traversal of a token, until two in a row take about the same
 * time; in traverse one hop of a token through one process; in hops one hop of
 * a token that makes every process note the time; in teardown one process
 * gone, from the signal or the end of file to the end of the last one.
 *
 * It stresses creation with a large population around, wake-ups that never find
 * a warm cache, and above all the end of everything at once: exit, release of
 * pipes, orphans, the process table.  Every worker builds a segment out of
 * groups, each with a parent that is no part of the chain.  A member is a small
 * static program that shares its parent's address space (own process id and
 * descriptors), has its own, or runs a copy that only its group has.
 *
 * Building stops at the memory budget or at a limit: then the chain is shorter
 * and the result says so; compare only chains of one length.  Nobody waits for
 * members with wait(), whose cost would grow with the square of the number: the
 * last one is gone when the pipe that all of them hold open ends.  Members that
 * share an address space release almost nothing at exit: their teardown is not
 * that of ordinary processes.  A time of a hop includes the call that notes it.
 */
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "workload_relays.h"

#define PIPE_CHAIN_PATH 256
#define PIPE_CHAIN_OWN_BYTES (72u << 10)
#define PIPE_CHAIN_SHARED_BYTES (26u << 10)
#define PIPE_CHAIN_COPY_BYTES (1u << 20)
#define PIPE_CHAIN_SETTLE_MAX 10

enum {
	PIPE_CHAIN_KILL, PIPE_CHAIN_INTR, PIPE_CHAIN_CASCADE, PIPE_CHAIN_ORPHAN
};

struct pipe_chain_params {
	uint64_t processes;
	uint64_t group;
	int member;
	uint64_t pipe_size;
	uint64_t tokens;
	uint64_t laps;
	int teardown;
	int near;
};

struct pipe_chain_cell {
	char dir[PIPE_CHAIN_PATH];	/* of the FIFOs between segments */
	int stamps;			/* file: when each member had the token */
	_Atomic uint64_t members;	/* of the whole chain, this repeat */
	_Atomic uint64_t connected;	/* workers, all repeats together */
};

struct pipe_chain_worker {
	uint64_t repeats;
	int head, tail;		/* worker 0: write to and read from the chain */
	struct vms_relays row;	/* the segment */
};

static const char *const pipe_chain_member[] = VMS_MEMBER_CHOICES;
static const char *const pipe_chain_teardown[] = {
	"kill", "intr", "cascade", "orphan", NULL
};
static const char *const pipe_chain_near[] = { "free", "same", NULL };

static const struct vms_param pipe_chain_rows[] = {
	{ "processes", VMS_COUNT, offsetof(struct pipe_chain_params, processes),
	    "1k", "2", "4M", NULL, "members of the chain" },
	{ "group", VMS_COUNT, offsetof(struct pipe_chain_params, group),
	    "100", "2", "1k", NULL, "members that have one parent" },
	{ "member", VMS_CHOICE, offsetof(struct pipe_chain_params, member),
	    "shared", NULL, NULL, pipe_chain_member,
	    "the parent's address space, an own one, or a program per group" },
	{ "pipe-size", VMS_SIZE, offsetof(struct pipe_chain_params, pipe_size),
	    "0", "0", "1M", NULL, "of each pipe; 0: as the system makes it" },
	{ "tokens", VMS_COUNT, offsetof(struct pipe_chain_params, tokens),
	    "1", "1", "128", NULL, "bytes under way at the same time" },
	{ "laps", VMS_COUNT, offsetof(struct pipe_chain_params, laps),
	    "3", "0", "1M", NULL, "traversals of every token; 0: no token" },
	{ "teardown", VMS_CHOICE, offsetof(struct pipe_chain_params, teardown),
	    "kill", NULL, NULL, pipe_chain_teardown,
	    "SIGKILL or SIGINT to all, end of file at the head, or parents first" },
	{ "near", VMS_CHOICE, offsetof(struct pipe_chain_params, near), "free",
	    NULL, NULL, pipe_chain_near,
	    "members where the scheduler puts them, or on their builder's CPU" },
	VMS_PARAMS_END
};

/* The number of the first member that worker `index` is to make. */
static uint64_t
pipe_chain_first(const struct vms_cell *c, int index)
{
	const struct pipe_chain_params *p = c->params;

	return p->processes * (uint64_t)index / (uint64_t)c->workers;
}

static uint64_t
pipe_chain_member_bytes(const struct vms_cell *c)
{
	const struct pipe_chain_params *p = c->params;

	if (p->member == VMS_MEMBER_SHARED)
		return vms_member_bytes(c, PIPE_CHAIN_SHARED_BYTES);
	return vms_member_bytes(c, PIPE_CHAIN_OWN_BYTES) + (p->member == VMS_MEMBER_EXEC_COPY ?
	    PIPE_CHAIN_COPY_BYTES / p->group : 0);
}

static uint64_t
pipe_chain_memory(const struct vms_cell *c)
{
	const struct pipe_chain_params *p = c->params;

	/* A pipe that was used keeps a page. */
	return p->processes * (pipe_chain_member_bytes(c) +
	    (p->laps > 0 ? c->page_size : 0));
}

static uint64_t
pipe_chain_tasks(const struct vms_cell *c)
{
	const struct pipe_chain_params *p = c->params;

	return (uint64_t)c->workers + p->processes + p->processes / p->group;
}

/* ---- building --------------------------------------------------------- */

static void
pipe_chain_close(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static void
pipe_chain_fifo(const struct vms_cell *c, int index, char *path, size_t len)
{
	const struct pipe_chain_cell *cs = c->state;

	snprintf(path, len, "%s/%d", cs->dir, index);
}

static int
pipe_chain_probe(struct vms_cell *c)
{
	const struct pipe_chain_params *p = c->params;

	if ((uint64_t)c->workers > p->processes / 2)
		return vms_skip(c, "%d builders are too many for so short a "
		    "chain", c->workers);
	return vms_relays_probe(c, p->member);
}

/* Segments meet in FIFOs, the only pipes that two workers can both open. */
static int
pipe_chain_setup(struct vms_cell *c)
{
	const struct pipe_chain_params *p = c->params;
	struct pipe_chain_cell *cs = c->state;
	char path[PIPE_CHAIN_PATH + 16];
	int i;

	if (snprintf(cs->dir, sizeof(cs->dir), "%s/vmstress-chain-XXXXXX",
	    c->tmpdir) >= (int)sizeof(cs->dir) || mkdtemp(cs->dir) == NULL)
		return vms_cell_fail(c, "cannot make a directory in %s",
		    c->tmpdir);
	for (i = 0; i <= c->workers; i++) {
		pipe_chain_fifo(c, i, path, sizeof(path));
		if (mkfifo(path, 0600) != 0)
			return vms_cell_fail(c, "cannot make a FIFO in %s",
			    cs->dir);
	}
	cs->stamps = vms_temp_file(c, p->processes * sizeof(uint64_t),
	    VMS_SPARSE);
	return cs->stamps >= 0 ? 0 : vms_cell_fail(c, "cannot make a file in "
	    "%s", c->tmpdir);
}

static int
pipe_chain_init(struct vms_worker *w)
{
	const struct pipe_chain_params *p = w->cell->params;
	const struct pipe_chain_cell *cs = w->cell->state;
	struct pipe_chain_worker *st = w->state;
	uint64_t first = pipe_chain_first(w->cell, w->index);

	st->head = st->tail = -1;
	st->row = (struct vms_relays){
		.member = p->member, .group = p->group,
		.members = pipe_chain_first(w->cell, w->index + 1) - first,
		.first = first,
		.pipe_bytes = p->pipe_size, .dir = cs->dir,
		.member_bytes = pipe_chain_member_bytes(w->cell),
		.later_bytes = p->laps > 0 ? w->cell->page_size : 0,
		.bound = p->near == VMS_NEAR_SAME,
	};
	return vms_relays_prepare(w, &st->row);
}

/* The reading side never blocks in open; the writing side awaits it. */
static int
pipe_chain_open(struct vms_worker *w, int index, int flags)
{
	char path[PIPE_CHAIN_PATH + 16];
	int fd;

	pipe_chain_fifo(w->cell, index, path, sizeof(path));
	fd = open(path, flags == O_RDONLY ? O_RDONLY | O_NONBLOCK : flags);
	if (fd >= 0 && flags == O_RDONLY)
		fcntl(fd, F_SETFL, 0);
	return fd;
}

/*
 * Open the ends of the segment; the worker keeps none but head and tail.  Who
 * reads from a FIFO that nobody writes to yet would see the end of file, so
 * nothing is built before everybody is connected.
 */
static int
pipe_chain_connect(struct vms_worker *w, int *in, int *out)
{
	struct pipe_chain_cell *cs = w->cell->state;
	struct pipe_chain_worker *st = w->state;
	uint64_t all = ++st->repeats * (uint64_t)w->cell->workers;
	bool first = w->index == 0;

	*in = pipe_chain_open(w, w->index, O_RDONLY);
	if (first)
		st->tail = pipe_chain_open(w, w->cell->workers, O_RDONLY);
	if (*in < 0 || (first && st->tail < 0))
		return -1;
	if (first)
		st->head = pipe_chain_open(w, 0, O_WRONLY);
	*out = pipe_chain_open(w, w->index + 1, O_WRONLY);
	if (*out < 0 || (first && st->head < 0))
		return -1;
	atomic_fetch_add(&cs->connected, 1);
	while (atomic_load(&cs->connected) < all && !vms_stopping(w))
		usleep(50);
	return 0;
}

static int64_t
pipe_chain_build(struct vms_worker *w)
{
	struct pipe_chain_cell *cs = w->cell->state;
	struct pipe_chain_worker *st = w->state;
	int in, out, rc;

	if (pipe_chain_connect(w, &in, &out) != 0)
		return vms_fail(w, "cannot open the pipes of a segment");
	rc = vms_relays_build(w, &st->row, in, out, cs->stamps);
	close(in);
	close(out);
	atomic_fetch_add(&cs->members, st->row.made);
	return rc == 0 ? (int64_t)st->row.made : -1;
}

/* ---- tokens ----------------------------------------------------------- */

/* The next token at the tail; it must be the one that was sent next. */
static int
pipe_chain_take(struct vms_worker *w, unsigned char expected)
{
	struct pipe_chain_worker *st = w->state;
	struct pollfd tail = { .fd = st->tail, .events = POLLIN };
	unsigned char token;
	ssize_t n;

	while (poll(&tail, 1, 200) == 0)
		if (vms_stopping(w))
			return VMS_SKIP;
	n = read(st->tail, &token, 1);
	/* At the end of the launch the other workers end their segments. */
	if (n != 1 && vms_stopping(w))
		return VMS_SKIP;
	if (n == 0)
		errno = 0;
	if (n != 1)
		return vms_fail(w, "the chain is broken");
	if (token == expected)
		return 0;
	errno = 0;
	return vms_fail(w, "token %u came out of the chain, %u went in", token,
	    expected);
}

static int
pipe_chain_send(struct vms_worker *w, unsigned char token)
{
	struct pipe_chain_worker *st = w->state;

	if (write(st->head, &token, 1) == 1)
		return 0;
	return vms_stopping(w) ? VMS_SKIP :
	    vms_fail(w, "cannot write to the head of the chain");
}

/* Every token once through the chain; how long, or 0 when told to stop. */
static int64_t
pipe_chain_lap(struct vms_worker *w)
{
	const struct pipe_chain_params *p = w->cell->params;
	uint64_t i, start = vms_now(w);
	int rc = 0;

	for (i = 0; i < p->tokens && rc == 0; i++)
		rc = pipe_chain_send(w, (unsigned char)i);
	for (i = 0; i < p->tokens && rc == 0; i++)
		rc = pipe_chain_take(w, (unsigned char)i);
	return rc == 0 ? (int64_t)(vms_now(w) - start) : rc < 0 ? -1 : 0;
}

/* Worker 0 alone plays with tokens; the others wait at the next gate. */
static int64_t
pipe_chain_settle(struct vms_worker *w)
{
	const struct pipe_chain_params *p = w->cell->params;
	int64_t before = 0, ns;
	int i;

	if (w->index != 0 || p->laps == 0)
		return 0;
	for (i = 0; i < PIPE_CHAIN_SETTLE_MAX; i++) {
		ns = pipe_chain_lap(w);
		if (ns <= 0)
			return ns;
		if (before != 0 && ns > before - before / 10 &&
		    ns < before + before / 10)
			return i + 1;
		before = ns;
	}
	return i;
}

static int64_t
pipe_chain_traverse(struct vms_worker *w)
{
	const struct pipe_chain_params *p = w->cell->params;
	struct pipe_chain_cell *cs = w->cell->state;
	uint64_t lap, hops = atomic_load(&cs->members) * p->tokens;
	int64_t ns;

	for (lap = 0; w->index == 0 && lap < p->laps; lap++)
		if ((ns = pipe_chain_lap(w)) <= 0)
			return ns;
	return w->index == 0 ? (int64_t)(p->laps * hops) : 0;
}

/* What comes between two stamps is a hop; who was not made has none. */
static int64_t
pipe_chain_read_stamps(struct vms_worker *w, const uint64_t *stamp, uint64_t n)
{
	uint64_t i, before = 0;
	int64_t hops = 0;

	for (i = 0; i < n; i++) {
		if (before != 0 && stamp[i] > before) {
			vms_latency(w, stamp[i] - before);
			hops++;
		}
		before = stamp[i] != 0 ? stamp[i] : before;
	}
	return hops;
}

/* One more lap, of a token that makes every member note the time. */
static int64_t
pipe_chain_hops(struct vms_worker *w)
{
	const struct pipe_chain_params *p = w->cell->params;
	const struct pipe_chain_cell *cs = w->cell->state;
	off_t len = (off_t)(p->processes * sizeof(uint64_t));
	int64_t hops;
	void *stamps;

	if (w->index != 0 || p->laps == 0)
		return 0;
	if (ftruncate(cs->stamps, 0) != 0 || ftruncate(cs->stamps, len) != 0)
		return vms_fail(w, "cannot empty the file of stamps");
	if (pipe_chain_send(w, VMS_RELAY_STAMP) != 0 ||
	    pipe_chain_take(w, VMS_RELAY_STAMP) != 0)
		return vms_stopping(w) ? 0 : -1;
	stamps = mmap(NULL, (size_t)len, PROT_READ, MAP_SHARED, cs->stamps, 0);
	if (stamps == MAP_FAILED)
		return vms_fail(w, "cannot map the file of stamps");
	hops = pipe_chain_read_stamps(w, stamps, p->processes);
	munmap(stamps, (size_t)len);
	return hops;
}

/* ---- the end ---------------------------------------------------------- */

static void
pipe_chain_strike(struct vms_worker *w, int how)
{
	struct pipe_chain_worker *st = w->state;

	if (how != PIPE_CHAIN_CASCADE)
		vms_relays_kill(w, &st->row, how == PIPE_CHAIN_INTR ? SIGINT :
		    SIGKILL, how == PIPE_CHAIN_ORPHAN);
	pipe_chain_close(&st->head);
}

static int64_t
pipe_chain_end(struct vms_worker *w)
{
	const struct pipe_chain_params *p = w->cell->params;
	struct pipe_chain_cell *cs = w->cell->state;
	struct pipe_chain_worker *st = w->state;

	pipe_chain_strike(w, p->teardown);
	vms_relays_await_end(w, &st->row);
	pipe_chain_close(&st->tail);
	atomic_fetch_sub(&cs->members, st->row.made);
	return (int64_t)st->row.made;
}

static int
pipe_chain_verify(struct vms_worker *w)
{
	return vms_relays_verify(w, &((struct pipe_chain_worker *)
	    w->state)->row);
}

static int
pipe_chain_fini(struct vms_worker *w)
{
	struct pipe_chain_worker *st = w->state;

	if (st->row.life >= 0) {
		pipe_chain_strike(w, PIPE_CHAIN_KILL);
		vms_relays_await_end(w, &st->row);
	}
	pipe_chain_close(&st->tail);
	vms_relays_free(w, &st->row);
	return 0;
}

static int
pipe_chain_teardown_cell(struct vms_cell *c)
{
	struct pipe_chain_cell *cs = c->state;
	char path[PIPE_CHAIN_PATH + 16];
	int i;

	for (i = 0; i <= c->workers; i++) {
		pipe_chain_fifo(c, i, path, sizeof(path));
		unlink(path);
	}
	rmdir(cs->dir);
	return 0;
}

static const struct vms_phase pipe_chain_phases[] = {
	{ "build", "process", pipe_chain_build, false },
	{ "settle", "traversal", pipe_chain_settle, false },
	{ "traverse", "hop", pipe_chain_traverse, true },
	{ "hops", "hop", pipe_chain_hops, false },
	{ "teardown", "process", pipe_chain_end, true },
	{ NULL, NULL, NULL, false }
};

const struct vms_workload vms_workload_pipe_chain = {
	.abi = VMS_ABI,
	.name = "pipe-chain",
	.version = 1,
	.summary = "a chain of processes joined by pipes: build, pass tokens, end",
	.kind = VMS_PHASES,
	.unit = "process",
	.latency = "hop",
	.population = "processes",
	.modes = VMS_PROCESS,
	.params = pipe_chain_rows,
	.params_size = sizeof(struct pipe_chain_params),
	.cell_size = sizeof(struct pipe_chain_cell),
	.worker_size = sizeof(struct pipe_chain_worker),
	.memory = pipe_chain_memory,
	.tasks = pipe_chain_tasks,
	.pipes = pipe_chain_tasks,
	.probe = pipe_chain_probe,
	.setup = pipe_chain_setup,
	.worker_init = pipe_chain_init,
	.phases = pipe_chain_phases,
	.verify = pipe_chain_verify,
	.worker_fini = pipe_chain_fini,
	.teardown = pipe_chain_teardown_cell,
};
