/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One operation of `send` is one message of 100 bytes written by a sender and
 * read by a receiver; of `start`, one of these tasks created and ready; of
 * `end`, one gone and reaped.  In a group each of `tasks` senders sends to each
 * of `tasks` receivers in turn, `loops` messages to each of them.  A receiver
 * has one pipe or socket, which all senders of its group write to.
 *
 * This is the scheduler with many more runnable tasks than CPUs: a message
 * wakes a receiver, a full pipe puts a sender to sleep, and who runs next is
 * decided all the time.  Groups have nothing in common but the run queues.
 * With `near` same a worker's groups share its CPU; with free they spread.
 *
 * How often a message becomes a switch depends on who gets ahead of whom, so
 * the number differs from launch to launch more than that of pipe-pingpong,
 * where each message is one; take many launches.  A cliff between two numbers
 * of groups is a result, not an error.  The tasks are processes that share
 * their parent's program, each with few pages: with `loops` small, their first
 * faults after the fork are part of `send`.  Each message is looked at, for its
 * sender and its place in the sequence.
 */
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "workload.h"

#define MESSAGING_BYTES 100
/* Senders of a group at most, and receivers. */
#define MESSAGING_TASKS 100
/* A process of a static program and its share of a full pipe, on Linux. */
#define MESSAGING_TASK_BYTES (192 * 1024)
/* How often a waiting process looks around, milliseconds. */
#define MESSAGING_LOOK 200
#define MESSAGING_LOOK_LEADER 2000
#define MESSAGING_UNKNOWN UINT64_MAX

struct messaging_params {
	uint64_t groups;
	uint64_t tasks;
	uint64_t loops;
	int transport;
	int near;
};

enum messaging_transport { MESSAGING_PIPE, MESSAGING_SOCKETPAIR };
enum messaging_gate { MESSAGING_GO, MESSAGING_LEAVE, MESSAGING_GATES };

/* In memory that a worker shares with its groups. */
struct messaging_shared {
	/* Tasks that are through with their messages. */
	_Alignas(128) _Atomic uint64_t arrived;
	/* How many there are; who makes it full wakes the worker. */
	_Alignas(128) _Atomic uint64_t target;
	_Atomic uint32_t opened;	/* gates; the others were lost */
	_Atomic uint64_t made;		/* tasks of whole groups */
	_Atomic bool built;
	_Atomic int errnum;		/* of the call that failed, or 0 */
	_Atomic bool no_room;
	_Alignas(128) _Atomic uint64_t received;	/* messages */
};

struct messaging_worker {
	struct messaging_shared *shared;
	/* Of this round; not changed while its tasks live. */
	int gate[MESSAGING_GATES][2];	/* a gate opens by end of file */
	int news[2];			/* wakes the worker */
	int turn[2];			/* wakes the builder */
	void *builder;			/* NULL: there are no groups */
	/* The worker's own. */
	int opened;			/* gates whose write end is closed */
	uint64_t made;			/* tasks in this round */
};

/* A group as its leader, which is none of its tasks, sees it. */
struct messaging_group {
	pid_t task[2 * MESSAGING_TASKS];
	uint64_t n;			/* of them */
	int out[MESSAGING_TASKS];	/* one for each receiver */
	uint64_t outs;
	int up[2];			/* each task that is ready writes a byte */
};

struct messaging_message {
	uint32_t sender;
	uint32_t number;		/* of this sender, to this receiver */
	char rest[MESSAGING_BYTES - 2 * sizeof(uint32_t)];
};

static const char *const messaging_transports[] = {
	"pipe", "socketpair", NULL
};
/* The first two of enum vms_near: there is no one partner to be placed. */
static const char *const messaging_near[] = { "free", "same", NULL };

static const struct vms_param messaging_rows[] = {
	{ "groups", VMS_COUNT, offsetof(struct messaging_params, groups), "10",
	    "1", "100k", NULL, "groups of each worker" },
	{ "tasks", VMS_COUNT, offsetof(struct messaging_params, tasks), "20",
	    "1", "100", NULL, "senders of a group, and as many receivers" },
	{ "loops", VMS_COUNT, offsetof(struct messaging_params, loops), "100",
	    "1", "1G", NULL, "messages from a sender to each receiver" },
	{ "transport", VMS_CHOICE, offsetof(struct messaging_params, transport),
	    "pipe", NULL, NULL, messaging_transports, "what they go through" },
	{ "near", VMS_CHOICE, offsetof(struct messaging_params, near), "free",
	    NULL, NULL, messaging_near,
	    "tasks where the scheduler puts them, or on the worker's CPU" },
	VMS_PARAMS_END
};

/* The tasks of a group and their leader. */
static uint64_t
messaging_group_tasks(const struct vms_cell *c)
{
	const struct messaging_params *p = c->params;

	return 2 * p->tasks + 1;
}

static uint64_t
messaging_memory(const struct vms_cell *c)
{
	const struct messaging_params *p = c->params;

	return (uint64_t)c->workers * p->groups * messaging_group_tasks(c) *
	    MESSAGING_TASK_BYTES;
}

static uint64_t
messaging_tasks(const struct vms_cell *c)
{
	const struct messaging_params *p = c->params;

	return (uint64_t)c->workers *
	    (p->groups * messaging_group_tasks(c) + 2);
}

/* A leader's way to each receiver, and the pipes of the worker. */
static uint64_t
messaging_fds(const struct vms_cell *c)
{
	const struct messaging_params *p = c->params;

	return p->tasks + 32;
}

/* One for each receiver, and those of the group and of the worker. */
static uint64_t
messaging_all_pipes(const struct vms_cell *c)
{
	const struct messaging_params *p = c->params;
	uint64_t receivers = p->transport == MESSAGING_PIPE ? p->tasks : 0;

	return (uint64_t)c->workers * (p->groups * (receivers + 1) + 4);
}

/* ---- waiting ----------------------------------------------------------- */

/*
 * Wait until a pipe has something to read or its end: 1; 0 when the launch is
 * over; -1 after vms_fail() when a child of this process has ended meanwhile.
 */
static int
messaging_hear(struct vms_worker *w, int fd, int look_ms)
{
	struct pollfd pfd = { .fd = fd, .events = POLLIN };
	int status;
	pid_t pid;

	while (poll(&pfd, 1, look_ms) != 1) {
		if (vms_stopping(w))
			return 0;
		pid = waitpid(-1, &status, WNOHANG);
		if (pid <= 0)
			continue;
		errno = 0;
		return vms_fail(w, "process %ld of the groups ended before its "
		    "time, with wait status %d", (long)pid, status);
	}
	return 1;
}

static void
messaging_ring(int fd)
{
	while (write(fd, "!", 1) == -1 && errno == EINTR)
		continue;
}

/* Has the gate opened?  If it was lost, the worker is gone or wants the end. */
static bool
messaging_pass(const struct messaging_worker *s, enum messaging_gate g)
{
	char byte;

	while (read(s->gate[g][0], &byte, 1) == -1 && errno == EINTR)
		continue;
	return atomic_load(&s->shared->opened) > (uint32_t)g;
}

static void
messaging_arrive(const struct messaging_worker *s)
{
	struct messaging_shared *sh = s->shared;

	if (atomic_fetch_add(&sh->arrived, 1) + 1 == atomic_load(&sh->target))
		messaging_ring(s->news[1]);
}

/* ---- senders and receivers --------------------------------------------- */

static int
messaging_write(int fd, const struct messaging_message *m)
{
	const char *at = (const char *)m;
	size_t done = 0;
	ssize_t n;

	while (done < sizeof(*m)) {
		n = write(fd, at + done, sizeof(*m) - done);
		if (n == -1 && errno != EINTR)
			return -1;
		done += n > 0 ? (size_t)n : 0;
	}
	return 0;
}

/* 1, 0 at the end of file, -1. */
static int
messaging_read(int fd, struct messaging_message *m)
{
	char *at = (char *)m;
	size_t done = 0;
	ssize_t n;

	while (done < sizeof(*m)) {
		n = read(fd, at + done, sizeof(*m) - done);
		if (n == 0)
			return 0;
		if (n == -1 && errno != EINTR)
			return -1;
		done += n > 0 ? (size_t)n : 0;
	}
	return 1;
}

/* A receiver that is gone has said why, or was told to go. */
static int
messaging_sender(struct vms_worker *w, const struct messaging_group *g,
    uint32_t self)
{
	const struct messaging_params *p = w->cell->params;
	const struct messaging_worker *s = w->state;
	struct messaging_message m = { .sender = self };
	uint64_t i, to;

	messaging_ring(g->up[1]);
	if (!messaging_pass(s, MESSAGING_GO))
		return 0;
	for (i = 0; i < p->loops && !vms_stopping(w); i++) {
		m.number = (uint32_t)i;
		for (to = 0; to < g->outs; to++)
			if (messaging_write(g->out[to], &m) != 0)
				return errno == EPIPE ? 0 :
				    vms_fail(w, "cannot send a message");
	}
	messaging_arrive(s);
	messaging_pass(s, MESSAGING_LEAVE);
	return 0;
}

/* From each sender all messages, in their order. */
static int
messaging_receive(struct vms_worker *w, int in)
{
	const struct messaging_params *p = w->cell->params;
	uint32_t next[MESSAGING_TASKS] = { 0 };
	struct messaging_message m;
	uint64_t i;
	int rc;

	for (i = 0; i < p->loops * p->tasks; i++) {
		rc = messaging_read(in, &m);
		if (rc == -1)
			return vms_fail(w, "cannot receive a message");
		if (rc == 0)
			break;		/* the senders were told to go */
		errno = 0;
		if (m.sender >= p->tasks || m.number != next[m.sender])
			return vms_fail(w, "message %u of sender %u came "
			    "instead of another one", (unsigned)m.number,
			    (unsigned)m.sender);
		next[m.sender]++;
	}
	atomic_fetch_add(&((struct messaging_worker *)w->state)->shared->
	    received, i);
	return 0;
}

static int
messaging_receiver(struct vms_worker *w, const struct messaging_group *g,
    int in)
{
	const struct messaging_worker *s = w->state;

	messaging_ring(g->up[1]);
	if (messaging_receive(w, in) != 0)
		return -1;
	messaging_arrive(s);
	messaging_pass(s, MESSAGING_LEAVE);
	return 0;
}

/* ---- a group ----------------------------------------------------------- */

/* Nobody but a receiver has its end of the pipe, nor it any other end. */
static int
messaging_add_receiver(struct vms_worker *w, struct messaging_group *g)
{
	const struct messaging_params *p = w->cell->params;
	uint64_t i;
	int fd[2];
	pid_t pid;

	if ((p->transport == MESSAGING_PIPE ? pipe(fd) :
	    socketpair(AF_UNIX, SOCK_STREAM, 0, fd)) != 0)
		return -1;
	pid = fork();
	if (pid == 0) {
		for (i = 0; i < g->outs; i++)
			close(g->out[i]);
		close(fd[1]);
		_exit(messaging_receiver(w, g, fd[0]) != 0);
	}
	close(fd[0]);
	g->out[g->outs++] = fd[1];
	if (pid == -1)
		return -1;
	g->task[g->n++] = pid;
	return 0;
}

static int
messaging_add_sender(struct vms_worker *w, struct messaging_group *g,
    uint32_t self)
{
	pid_t pid = fork();

	if (pid == 0)
		_exit(messaging_sender(w, g, self) != 0);
	if (pid == -1)
		return -1;
	g->task[g->n++] = pid;
	return 0;
}

/* Create the tasks of a group; -1 with errno. */
static int
messaging_fill(struct vms_worker *w, struct messaging_group *g)
{
	const struct messaging_params *p = w->cell->params;
	uint64_t i;
	int rc = 0, errnum;

	for (i = 0; i < p->tasks && rc == 0; i++)
		rc = messaging_add_receiver(w, g);
	for (i = 0; i < p->tasks && rc == 0; i++)
		rc = messaging_add_sender(w, g, (uint32_t)i);
	errnum = errno;
	for (i = 0; i < g->outs; i++)
		close(g->out[i]);
	errno = errnum;
	return rc;
}

/* Until every task of the group has said that it is ready. */
static int
messaging_ready(struct vms_worker *w, const struct messaging_group *g)
{
	uint64_t ready = 0;
	char bytes[2 * MESSAGING_TASKS];
	int rc = 1;
	ssize_t n;

	while (rc == 1 && ready < g->n) {
		rc = messaging_hear(w, g->up[0], MESSAGING_LOOK);
		if (rc != 1)
			break;
		n = read(g->up[0], bytes, sizeof(bytes));
		if (n <= 0)
			return vms_fail(w, "cannot hear of the tasks");
		ready += (uint64_t)n;
	}
	return rc;
}

/* The tasks end well, or the launch fails; with `now` they are made to end. */
static int
messaging_reap(struct vms_worker *w, const struct messaging_group *g, bool now)
{
	int status, rc = 0;
	uint64_t i;
	pid_t pid;

	for (i = 0; now && i < g->n; i++)
		kill(g->task[i], SIGKILL);
	while ((pid = waitpid(-1, &status, 0)) != -1 || errno == EINTR) {
		if (pid == -1 || status == 0 || now)
			continue;
		errno = 0;
		rc = vms_fail(w, "a task ended with wait status %d", status);
	}
	return rc;
}

/* A group is made as a whole or not at all, and ended by who made it. */
static int
messaging_lead(struct vms_worker *w)
{
	const struct messaging_worker *s = w->state;
	struct messaging_shared *sh = s->shared;
	struct messaging_group g = { .n = 0 };
	bool opened;
	int rc = 0;

	if (pipe(g.up) != 0 || messaging_fill(w, &g) != 0) {
		atomic_store(&sh->errnum, errno);
		messaging_reap(w, &g, true);
		messaging_ring(s->turn[1]);
		return 0;
	}
	rc = messaging_ready(w, &g);
	if (rc == 1)
		atomic_fetch_add(&sh->made, g.n);
	messaging_ring(s->turn[1]);
	if (rc == 1)
		rc = messaging_hear(w, s->gate[MESSAGING_LEAVE][0],
		    MESSAGING_LOOK_LEADER);
	opened = atomic_load(&sh->opened) > MESSAGING_LEAVE;
	return messaging_reap(w, &g, !opened) != 0 || rc < 0 ? -1 : 0;
}

/* ---- all groups -------------------------------------------------------- */

static bool
messaging_may_grow(struct vms_worker *w)
{
	const struct messaging_worker *s = w->state;
	uint64_t bytes = (uint64_t)w->cell->workers *
	    messaging_group_tasks(w->cell) * MESSAGING_TASK_BYTES;

	if (vms_stopping(w))
		return false;
	if (vms_room(w->cell, bytes))
		return true;
	atomic_store(&s->shared->no_room, true);
	return false;
}

/* One group after the other. */
static int
messaging_build(struct vms_worker *w)
{
	const struct messaging_params *p = w->cell->params;
	const struct messaging_worker *s = w->state;
	struct messaging_shared *sh = s->shared;
	uint64_t i;
	int rc = 1;
	char byte;
	pid_t pid;

	for (i = 0; rc == 1 && i < p->groups && atomic_load(&sh->errnum) == 0 &&
	    messaging_may_grow(w); i++) {
		pid = fork();
		if (pid == 0)
			_exit(messaging_lead(w) != 0);
		if (pid == -1) {
			atomic_store(&sh->errnum, errno);
			break;
		}
		rc = messaging_hear(w, s->turn[0], MESSAGING_LOOK);
		if (rc == 1 && read(s->turn[0], &byte, 1) != 1)
			rc = vms_fail(w, "cannot read from a pipe");
		/* A leader that could not make its group has ended. */
		if (atomic_load(&sh->errnum) != 0)
			waitpid(pid, NULL, 0);
	}
	return rc;
}

static int
messaging_builder(void *arg)
{
	const struct messaging_group none = { .n = 0 };
	struct vms_worker *w = arg;
	const struct messaging_worker *s = w->state;
	int g, rc;

	for (g = 0; g < MESSAGING_GATES; g++)
		close(s->gate[g][1]);
	close(s->news[0]);
	rc = messaging_build(w);
	atomic_store(&s->shared->built, true);
	messaging_ring(s->news[1]);
	if (rc == 1)
		rc = messaging_hear(w, s->gate[MESSAGING_LEAVE][0],
		    MESSAGING_LOOK);
	return messaging_reap(w, &none, false) != 0 || rc < 0 ? -1 : 0;
}

/* ---- phases ------------------------------------------------------------ */

/* Sleep until somebody rings: as messaging_hear(). */
static int
messaging_sleep(struct vms_worker *w)
{
	const struct messaging_worker *s = w->state;
	char bytes[16];
	int rc = messaging_hear(w, s->news[0], MESSAGING_LOOK);

	errno = 0;
	if (rc == 1 && read(s->news[0], bytes, sizeof(bytes)) <= 0)
		rc = vms_fail(w, "the groups are gone");
	return rc;
}

static void
messaging_open(struct messaging_worker *s, enum messaging_gate g)
{
	atomic_store(&s->shared->arrived, 0);
	atomic_store(&s->shared->target, s->made);
	atomic_store(&s->shared->opened, (uint32_t)g + 1);
	close(s->gate[g][1]);
	s->opened = (int)g + 1;
}

/* Everybody leaves, by the gates that were not opened if need be. */
static int
messaging_finish(struct vms_worker *w)
{
	struct messaging_worker *s = w->state;
	int rc;

	for (; s->opened < MESSAGING_GATES; s->opened++)
		close(s->gate[s->opened][1]);
	rc = vms_task_join(w, s->builder);
	s->builder = NULL;
	close(s->news[0]);
	return rc;
}

static int
messaging_pipes(struct messaging_worker *s)
{
	int g;

	for (g = 0; g < MESSAGING_GATES; g++)
		if (pipe(s->gate[g]) != 0)
			return -1;
	return pipe(s->news) != 0 || pipe(s->turn) != 0 ? -1 : 0;
}

static void
messaging_close_theirs(const struct messaging_worker *s)
{
	int g;

	for (g = 0; g < MESSAGING_GATES; g++)
		close(s->gate[g][0]);
	close(s->news[1]);
	close(s->turn[0]);
	close(s->turn[1]);
}

static void
messaging_begin(struct messaging_worker *s)
{
	struct messaging_shared *sh = s->shared;

	atomic_store(&sh->arrived, 0);
	atomic_store(&sh->target, MESSAGING_UNKNOWN);
	atomic_store(&sh->opened, 0);
	atomic_store(&sh->made, 0);
	atomic_store(&sh->built, false);
	atomic_store(&sh->errnum, 0);
	atomic_store(&sh->no_room, false);
	atomic_store(&sh->received, 0);
	s->opened = 0;
}

/* Limits of processes look alike: say the one that can be asked for. */
static void
messaging_say_limit(struct vms_worker *w)
{
	const struct messaging_params *p = w->cell->params;
	const struct messaging_worker *s = w->state;
	int errnum = atomic_load(&s->shared->errnum);
	int64_t asked = (int64_t)(p->groups * 2 * p->tasks);
	struct rlimit rl = { 0 };

	if ((int64_t)s->made == asked)
		return;
	if (errnum == 0) {
		vms_partial(w, asked, (int64_t)s->made,
		    atomic_load(&s->shared->no_room) ? "memory budget" :
		    "stopped");
		return;
	}
	getrlimit(RLIMIT_NPROC, &rl);
	vms_partial(w, asked, (int64_t)s->made, "a group cannot be made: %s "
	    "(RLIMIT_NPROC is %lld; limits of the system and of a cgroup look "
	    "the same)", strerror(errnum), (long long)rl.rlim_cur);
}

static int64_t
messaging_start(struct vms_worker *w)
{
	const struct messaging_params *p = w->cell->params;
	struct messaging_worker *s = w->state;
	int rc = 1;

	messaging_begin(s);
	if (messaging_pipes(s) != 0)
		return vms_fail(w, "cannot make the pipes of the groups");
	s->builder = vms_task_start(w, messaging_builder, w,
	    p->near == VMS_NEAR_SAME ? w->cpu : -1);
	if (s->builder == NULL)
		return -1;
	messaging_close_theirs(s);
	while (rc == 1 && !atomic_load(&s->shared->built))
		rc = messaging_sleep(w);
	s->made = atomic_load(&s->shared->made);
	messaging_say_limit(w);
	return rc < 0 ? -1 : (int64_t)s->made;
}

static int64_t
messaging_send(struct vms_worker *w)
{
	struct messaging_worker *s = w->state;
	struct messaging_shared *sh = s->shared;
	int rc = 1;

	messaging_open(s, MESSAGING_GO);
	while (rc == 1 &&
	    atomic_load(&sh->arrived) != atomic_load(&sh->target))
		rc = messaging_sleep(w);
	return rc < 0 ? -1 : (int64_t)atomic_load(&sh->received);
}

static int64_t
messaging_end(struct vms_worker *w)
{
	struct messaging_worker *s = w->state;

	messaging_open(s, MESSAGING_LEAVE);
	return messaging_finish(w) != 0 ? -1 : (int64_t)s->made;
}

static const struct vms_phase messaging_phases[] = {
	{ "start", "task", messaging_start, false },
	{ "send", "message", messaging_send, true },
	{ "end", "task", messaging_end, false },
	{ NULL, NULL, NULL, false }
};

/* ---- hooks ------------------------------------------------------------- */

static int
messaging_probe(struct vms_cell *c)
{
	const struct messaging_params *p = c->params;
	uint64_t need = messaging_fds(c);
	struct rlimit rl;
	int fd[2];

	if (p->loops > UINT32_MAX / 2)
		return vms_skip(c, "loops=%llu is too much",
		    (unsigned long long)p->loops);
	if (getrlimit(RLIMIT_NOFILE, &rl) != 0)
		return vms_cell_fail(c, "cannot read RLIMIT_NOFILE");
	if (rl.rlim_cur != RLIM_INFINITY && rl.rlim_cur < need)
		return vms_skip(c, "tasks=%llu needs %llu descriptors, "
		    "RLIMIT_NOFILE is %llu (ulimit -n %llu)",
		    (unsigned long long)p->tasks, (unsigned long long)need,
		    (unsigned long long)rl.rlim_cur, (unsigned long long)need);
	if ((p->transport == MESSAGING_PIPE ? pipe(fd) :
	    socketpair(AF_UNIX, SOCK_STREAM, 0, fd)) != 0)
		return vms_skip(c, "transport=%s does not work here: %s",
		    messaging_transports[p->transport], strerror(errno));
	close(fd[0]);
	close(fd[1]);
	return 0;
}

static int
messaging_worker_init(struct vms_worker *w)
{
	struct messaging_worker *s = w->state;

	s->shared = mmap(NULL, sizeof(*s->shared), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANON, -1, 0);
	if (s->shared == MAP_FAILED)
		return vms_fail(w, "cannot map shared memory");
	return 0;
}

/* Each receiver has checked what it got; all together they got everything. */
static int
messaging_verify(struct vms_worker *w)
{
	const struct messaging_params *p = w->cell->params;
	const struct messaging_worker *s = w->state;
	uint64_t got = atomic_load(&s->shared->received);
	uint64_t want = s->made / 2 * p->tasks * p->loops;
	int status;

	errno = 0;
	if (got != want)
		return vms_fail(w, "%llu messages of %llu were received",
		    (unsigned long long)got, (unsigned long long)want);
	if (waitpid(-1, &status, WNOHANG) != -1 || errno != ECHILD) {
		errno = 0;
		return vms_fail(w, "there is a process left at the end");
	}
	return 0;
}

static int
messaging_worker_fini(struct vms_worker *w)
{
	struct messaging_worker *s = w->state;
	int rc = s->builder != NULL ? messaging_finish(w) : 0;

	munmap(s->shared, sizeof(*s->shared));
	return rc;
}

/*
 * Processes only: what a thread forks inherits the pipes of the others, whose
 * gates would then not open.
 */
const struct vms_workload vms_workload_messaging = {
	.abi = VMS_ABI,
	.name = "messaging",
	.version = 1,
	.summary = "groups of senders and receivers, all to all",
	.kind = VMS_PHASES,
	.unit = "message",
	.population = "groups",
	.modes = VMS_PROCESS,
	.params = messaging_rows,
	.params_size = sizeof(struct messaging_params),
	.worker_size = sizeof(struct messaging_worker),
	.memory = messaging_memory,
	.tasks = messaging_tasks,
	.fds = messaging_fds,
	.pipes = messaging_all_pipes,
	.probe = messaging_probe,
	.worker_init = messaging_worker_init,
	.phases = messaging_phases,
	.verify = messaging_verify,
	.worker_fini = messaging_worker_fini,
};
