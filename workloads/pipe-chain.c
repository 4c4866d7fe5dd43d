/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A chain of processes, each of which reads a byte from one pipe and writes it
 * to the next.  One operation is, in the phase build, one process and one pipe;
 * in settle one traversal of a token, until two in a row take about the same
 * time; in traverse one hop of a token through one process; in teardown one
 * process gone, from the signal or the end of file to the end of the last one.
 *
 * It stresses creation of processes and pipes with a large population around,
 * wake-ups that never find a warm cache, and above all the end of everything
 * at once: exit, release of pipes, orphans, the process table.  Every worker
 * builds one segment out of groups; a group's leader is the last of its
 * members.  Members have their own address space (a fork of the leader) or
 * share the leader's (own process id and descriptors, a ninth of the memory).
 *
 * Building stops at the memory budget or at a limit: then the chain is shorter
 * and the result says so; compare only chains of one length.  Nobody waits for
 * members with wait(), whose cost would grow with the square of the number:
 * leaders ignore SIGCHLD, and the last member is gone when the pipe that all
 * of them hold open ends.  Members that share an address space release almost
 * nothing at exit: their teardown is not that of ordinary processes.
 */
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "workload.h"

#define PIPE_CHAIN_PATH 256
/*
 * A relay calls read and write and nothing else.  In a build with sanitizers
 * these lead through a runtime that needs far more.
 */
#if defined(__SANITIZE_ADDRESS__)
#define PIPE_CHAIN_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define PIPE_CHAIN_SANITIZED 1
#endif
#endif
#ifdef PIPE_CHAIN_SANITIZED
#define PIPE_CHAIN_STACK (64u << 10)
#else
#define PIPE_CHAIN_STACK 2048u
#endif
/* Estimates for the budget; the truth is recorded by the kernel statistics. */
#define PIPE_CHAIN_OWN_BYTES (100u << 10)
#define PIPE_CHAIN_SHARED_BYTES (30u << 10)
/* Descriptors below this may be inherited; a worker has few. */
#define PIPE_CHAIN_FDS 64
#define PIPE_CHAIN_SETTLE_MAX 10

enum { PIPE_CHAIN_SHARED, PIPE_CHAIN_OWN };
enum { PIPE_CHAIN_KILL, PIPE_CHAIN_INTR, PIPE_CHAIN_CASCADE, PIPE_CHAIN_ORPHAN };

struct pipe_chain_params {
	uint64_t processes;
	uint64_t group;
	int member;
	uint64_t tokens;
	uint64_t laps;
	int teardown;
};

struct pipe_chain_cell {
	char dir[PIPE_CHAIN_PATH];	/* of the FIFOs between segments */
	_Atomic uint64_t members;	/* of the whole chain, this repeat */
	double lap_ns;			/* fastest traversal, last repeat */
};

struct pipe_chain_worker {
	int head, tail;		/* worker 0: write to and read from the chain */
	int life;		/* ends when the last member of the segment does */
	pid_t group;		/* process group of the segment */
	pid_t *leaders;
	uint64_t nleaders;
	_Atomic uint64_t members;	/* of the segment; leaders count */
	int stopped;		/* errno that ended building; 0: none */
	bool budget;		/* the memory budget ended it */
};

static const char *const pipe_chain_member[] = { "shared", "own", NULL };
static const char *const pipe_chain_teardown[] = {
	"kill", "intr", "cascade", "orphan", NULL
};

static const struct vms_param pipe_chain_rows[] = {
	{ "processes", VMS_COUNT, offsetof(struct pipe_chain_params, processes),
	    "1k", "2", "4M", NULL, "members of the chain" },
	{ "group", VMS_COUNT, offsetof(struct pipe_chain_params, group),
	    "100", "2", "1k", NULL, "members that one leader makes, itself one" },
	{ "member", VMS_CHOICE, offsetof(struct pipe_chain_params, member),
	    "shared", NULL, NULL, pipe_chain_member,
	    "the leader's address space, or an own one" },
	{ "tokens", VMS_COUNT, offsetof(struct pipe_chain_params, tokens),
	    "1", "1", "256", NULL, "bytes under way at the same time" },
	{ "laps", VMS_COUNT, offsetof(struct pipe_chain_params, laps),
	    "3", "1", "1M", NULL, "traversals of every token" },
	{ "teardown", VMS_CHOICE, offsetof(struct pipe_chain_params, teardown),
	    "kill", NULL, NULL, pipe_chain_teardown,
	    "SIGKILL or SIGINT to all, end of file at the head, or leaders "
	    "first" },
	VMS_PARAMS_END
};

/* How many members worker `index` is to make. */
static uint64_t
pipe_chain_share(const struct vms_cell *c, int index)
{
	const struct pipe_chain_params *p = c->params;
	uint64_t n = (uint64_t)c->workers, i = (uint64_t)index;

	return p->processes * (i + 1) / n - p->processes * i / n;
}

static uint64_t
pipe_chain_member_bytes(const struct vms_cell *c)
{
	const struct pipe_chain_params *p = c->params;

	return p->member == PIPE_CHAIN_OWN ? PIPE_CHAIN_OWN_BYTES :
	    PIPE_CHAIN_SHARED_BYTES;
}

static uint64_t
pipe_chain_memory(const struct vms_cell *c)
{
	const struct pipe_chain_params *p = c->params;

	return p->processes * pipe_chain_member_bytes(c);
}

static uint64_t
pipe_chain_tasks(const struct vms_cell *c)
{
	const struct pipe_chain_params *p = c->params;

	return (uint64_t)c->workers + p->processes;
}

/* ---- members ---------------------------------------------------------- */

/* What a member does, whatever else it shares with whom. */
static void
pipe_chain_relay(int in, int out)
{
	char token;

	while (read(in, &token, 1) == 1)
		if (write(out, &token, 1) != 1)
			return;
}

/* What a new member needs; it lives on the leader's stack until it is up. */
struct pipe_chain_birth {
	int in, out;
	int close[3];		/* the leader's, and the next member's */
};

static int
pipe_chain_member_main(void *arg)
{
	const struct pipe_chain_birth *b = arg;
	int in = b->in, out = b->out, i;

	for (i = 0; i < 3; i++)
		close(b->close[i]);
	pipe_chain_relay(in, out);
	return 0;
}

/* A page of stacks for members that share the leader's memory. */
static char *
pipe_chain_stacks(uint64_t members)
{
	void *p = mmap(NULL, members * (PIPE_CHAIN_STACK +
	    sizeof(struct pipe_chain_birth)), PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANON, -1, 0);

	return p == MAP_FAILED ? NULL : p;
}

struct pipe_chain_leader {
	struct vms_worker *worker;
	int in, out;		/* of the group */
	int report;		/* one byte when the group stands */
	uint64_t members;	/* wanted, itself included */
};

static pid_t
pipe_chain_make_member(const struct pipe_chain_leader *l, char *memory,
    uint64_t index, const struct pipe_chain_birth *b)
{
	const struct pipe_chain_params *p = l->worker->cell->params;
	struct pipe_chain_birth *kept;
	pid_t pid;

	if (p->member == PIPE_CHAIN_SHARED) {
		/* Each its own: the next one may be made before it has read. */
		kept = (struct pipe_chain_birth *)(void *)(memory + l->members *
		    PIPE_CHAIN_STACK) + index;
		*kept = *b;
		return vms_fork_shared(l->worker->cell, pipe_chain_member_main,
		    kept, memory + index * PIPE_CHAIN_STACK, PIPE_CHAIN_STACK);
	}
	pid = fork();
	if (pid == 0) {
		struct pipe_chain_birth own = *b;

		_exit(pipe_chain_member_main(&own));
	}
	return pid;
}

/* Close everything but what the group needs. */
static void
pipe_chain_keep(const int *keep, int n)
{
	int fd, k;

	for (fd = 3; fd < PIPE_CHAIN_FDS; fd++) {
		for (k = 0; k < n && keep[k] != fd; k++)
			continue;
		if (k == n)
			close(fd);
	}
}

/*
 * The leader makes the other members in front of itself, one by one, and is
 * the last: so a group is connected whenever it stops growing.
 */
static _Noreturn void
pipe_chain_lead(struct pipe_chain_leader *l, pid_t group, int life)
{
	struct pipe_chain_worker *st = l->worker->state;
	const int keep[] = { l->in, l->out, l->report, life };
	struct pipe_chain_birth b;
	char *memory = pipe_chain_stacks(l->members), trouble = 0;
	int fds[2], in = l->in;
	uint64_t i;

	setpgid(0, group);
	signal(SIGCHLD, SIG_IGN);	/* members are not waited for */
	signal(SIGINT, SIG_DFL);
	pipe_chain_keep(keep, 4);
	atomic_fetch_add(&st->members, 1);
	for (i = 0; i + 1 < l->members && memory != NULL; i++) {
		if (pipe(fds) != 0)
			break;
		b = (struct pipe_chain_birth){ in, fds[1],
		    { fds[0], l->out, l->report } };
		if (pipe_chain_make_member(l, memory, i, &b) < 0) {
			trouble = (char)errno;
			close(fds[0]);
			close(fds[1]);
			break;
		}
		atomic_fetch_add(&st->members, 1);
		close(fds[1]);
		close(in);
		in = fds[0];
	}
	if (i + 1 < l->members && trouble == 0)
		trouble = (char)errno;
	if (write(l->report, &trouble, 1) != 1)
		_exit(1);
	close(l->report);
	pipe_chain_relay(in, l->out);
	_exit(0);
}

/* ---- building --------------------------------------------------------- */

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
		return vms_skip(c, "%d builders are too many for a chain of %llu",
		    c->workers, (unsigned long long)p->processes);
	return 0;
}

/* Segments meet in FIFOs, the only pipes that two workers can both open. */
static int
pipe_chain_setup(struct vms_cell *c)
{
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
	return 0;
}

static int
pipe_chain_init(struct vms_worker *w)
{
	const struct pipe_chain_params *p = w->cell->params;
	struct pipe_chain_worker *st = w->state;

	/* Nobody below is waited for: see vms_adopt_orphans(). */
	signal(SIGCHLD, SIG_IGN);
	if (vms_adopt_orphans(w->cell) != 0 && errno != ENOTSUP)
		return vms_fail(w, "cannot become the parent of orphans");
	st->head = st->tail = st->life = -1;
	st->leaders = calloc(pipe_chain_share(w->cell, w->index) / p->group + 2,
	    sizeof(*st->leaders));
	return st->leaders != NULL ? 0 : vms_fail(w, "no memory for leaders");
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

/* One group from `in` to `out`; 0, or the errno that stopped it. */
static int
pipe_chain_group(struct vms_worker *w, int in, int out, int life,
    uint64_t members)
{
	struct pipe_chain_worker *st = w->state;
	struct pipe_chain_leader l = { w, in, out, -1, members };
	int report[2];
	char trouble = EIO;
	pid_t pid;

	if (pipe(report) != 0)
		return errno;
	l.report = report[1];
	pid = fork();
	if (pid == 0)
		pipe_chain_lead(&l, st->group, life);
	close(report[1]);
	if (pid < 0) {
		close(report[0]);
		return errno;
	}
	if (st->group == 0)
		st->group = pid;
	/* Both do it: whoever comes first wins the race with kill(). */
	setpgid(pid, st->group);
	st->leaders[st->nleaders++] = pid;
	if (read(report[0], &trouble, 1) != 1)
		trouble = ECHILD;
	close(report[0]);
	return trouble;
}

/*
 * Groups until the segment stands or must stop.  The last group ends in the
 * FIFO; to be able to make one when nothing else can be made, a process is
 * held in reserve and given up for it.
 */
static uint64_t
pipe_chain_grow(struct vms_worker *w, int in, int out, int life)
{
	const struct pipe_chain_params *p = w->cell->params;
	struct pipe_chain_worker *st = w->state;
	uint64_t left = pipe_chain_share(w->cell, w->index), n;
	pid_t reserve = fork();
	int fds[2];

	if (reserve == 0) {
		pause();
		_exit(0);
	}
	while (left > p->group && st->stopped == 0 && !vms_stopping(w)) {
		st->budget = !vms_room(w->cell, 2 * p->group *
		    pipe_chain_member_bytes(w->cell));
		if (st->budget || pipe(fds) != 0)
			break;
		n = p->group;
		st->stopped = pipe_chain_group(w, in, fds[1], life, n);
		close(fds[1]);
		close(in);
		in = fds[0];
		left -= n;
	}
	if (reserve > 0) {
		kill(reserve, SIGKILL);
		waitpid(reserve, NULL, 0);
	}
	/* Whoever had to stop only closes the gap, with one more member. */
	n = st->stopped != 0 || st->budget || vms_stopping(w) ? 1 :
	    left < p->group ? left : p->group;
	if (n > 1)
		st->stopped = pipe_chain_group(w, in, out, life, n);
	else
		pipe_chain_group(w, in, out, life, 1);
	close(in);
	return left;
}

/* Open the ends of the segment; the worker keeps none but head and tail. */
static int
pipe_chain_connect(struct vms_worker *w, int *in, int *out, int life[2])
{
	struct pipe_chain_worker *st = w->state;
	bool first = w->index == 0;

	*in = pipe_chain_open(w, w->index, O_RDONLY);
	if (first)
		st->tail = pipe_chain_open(w, w->cell->workers, O_RDONLY);
	if (*in < 0 || (first && st->tail < 0) || pipe(life) != 0)
		return -1;
	if (first)
		st->head = pipe_chain_open(w, 0, O_WRONLY);
	*out = pipe_chain_open(w, w->index + 1, O_WRONLY);
	return *out < 0 || (first && st->head < 0) ? -1 : 0;
}

static int64_t
pipe_chain_build(struct vms_worker *w)
{
	struct pipe_chain_cell *cs = w->cell->state;
	struct pipe_chain_worker *st = w->state;
	uint64_t want = pipe_chain_share(w->cell, w->index), members;
	int in, out, life[2];

	st->nleaders = 0;
	st->group = 0;
	st->stopped = 0;
	st->budget = false;
	atomic_store(&st->members, 0);
	if (pipe_chain_connect(w, &in, &out, life) != 0)
		return vms_fail(w, "cannot open the pipes of a segment");
	pipe_chain_grow(w, in, out, life[1]);
	close(out);
	close(life[1]);
	st->life = life[0];
	members = atomic_load(&st->members);
	atomic_fetch_add(&cs->members, members);
	if (members < want)
		vms_partial(w, (int64_t)want, (int64_t)members, "%s",
		    st->budget ? "memory budget" : st->stopped != 0 ?
		    strerror(st->stopped) : "stopped");
	return (int64_t)members;
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

/* Every token once through the chain; how long, or 0 when told to stop. */
static int64_t
pipe_chain_lap(struct vms_worker *w)
{
	const struct pipe_chain_params *p = w->cell->params;
	struct pipe_chain_worker *st = w->state;
	uint64_t i, start = vms_now(w);
	unsigned char token;
	int rc;

	for (i = 0; i < p->tokens; i++) {
		token = (unsigned char)i;
		if (write(st->head, &token, 1) != 1)
			return vms_fail(w, "write to the head of the chain");
	}
	for (i = 0; i < p->tokens; i++) {
		rc = pipe_chain_take(w, (unsigned char)i);
		if (rc != 0)
			return rc < 0 ? -1 : 0;
	}
	return (int64_t)(vms_now(w) - start);
}

/* Worker 0 alone plays with tokens; the others wait at the next gate. */
static int64_t
pipe_chain_settle(struct vms_worker *w)
{
	int64_t before = 0, ns;
	int i;

	for (i = 0; w->index == 0 && i < PIPE_CHAIN_SETTLE_MAX; i++) {
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

	cs->lap_ns = w->index == 0 ? 0 : cs->lap_ns;
	for (lap = 0; w->index == 0 && lap < p->laps; lap++) {
		ns = pipe_chain_lap(w);
		if (ns <= 0)
			return ns;
		if (cs->lap_ns == 0 || (double)ns < cs->lap_ns)
			cs->lap_ns = (double)ns;
	}
	return w->index == 0 ? (int64_t)(p->laps * hops) : 0;
}

/* ---- the end ---------------------------------------------------------- */

static void
pipe_chain_close(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static void
pipe_chain_strike(struct vms_worker *w, int how)
{
	struct pipe_chain_worker *st = w->state;
	uint64_t i;

	if (how == PIPE_CHAIN_KILL)
		kill(-st->group, SIGKILL);
	else if (how == PIPE_CHAIN_INTR)
		kill(-st->group, SIGINT);
	else if (how == PIPE_CHAIN_ORPHAN)
		for (i = 0; i < st->nleaders; i++)
			kill(st->leaders[i], SIGKILL);
	/* With an open head the others would wait for ever. */
	pipe_chain_close(&st->head);
}

/* All of the segment are gone when nobody holds its life pipe any more. */
static void
pipe_chain_await_end(struct vms_worker *w)
{
	struct pipe_chain_worker *st = w->state;
	char none;

	while (read(st->life, &none, 1) < 0 && errno == EINTR)
		continue;
	pipe_chain_close(&st->life);
	st->nleaders = 0;
}

static int64_t
pipe_chain_end(struct vms_worker *w)
{
	const struct pipe_chain_params *p = w->cell->params;
	struct pipe_chain_cell *cs = w->cell->state;
	struct pipe_chain_worker *st = w->state;
	int64_t gone = (int64_t)atomic_load(&st->members);

	pipe_chain_strike(w, p->teardown);
	pipe_chain_await_end(w);
	pipe_chain_close(&st->tail);
	atomic_fetch_sub(&cs->members, (uint64_t)gone);
	return gone;
}

/* The last few may be on their way out when their descriptors are gone. */
static int
pipe_chain_verify(struct vms_worker *w)
{
	struct pipe_chain_worker *st = w->state;
	int i;

	for (i = 0; i < 3000; i++) {
		if (st->group == 0 || kill(-st->group, 0) != 0)
			return 0;
		usleep(10000);
	}
	errno = 0;
	return vms_fail(w, "processes of the chain are left after its end");
}

/* Also when the phases were cut short anywhere. */
static int
pipe_chain_fini(struct vms_worker *w)
{
	struct pipe_chain_worker *st = w->state;

	if (st->life >= 0) {
		pipe_chain_strike(w, PIPE_CHAIN_KILL);
		pipe_chain_await_end(w);
	}
	pipe_chain_close(&st->tail);
	free(st->leaders);
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
	if (cs->lap_ns > 0)
		vms_gauge(c, "fastest_lap_ns", cs->lap_ns);
	return 0;
}

static const struct vms_phase pipe_chain_phases[] = {
	{ "build", "process", pipe_chain_build, false },
	{ "settle", "traversal", pipe_chain_settle, false },
	{ "traverse", "hop", pipe_chain_traverse, true },
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
