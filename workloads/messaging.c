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
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "workload.h"
#include "workload_crowd.h"

#define MESSAGING_BYTES 100
/* Senders of a group at most, and receivers. */
#define MESSAGING_TASKS 100
/* A process of a static program and its share of a full pipe, on Linux. */
#define MESSAGING_TASK_BYTES (192 * 1024)

struct messaging_params {
	uint64_t groups;
	uint64_t tasks;
	uint64_t loops;
	int transport;
	int near;
};

enum messaging_transport { MESSAGING_PIPE, MESSAGING_SOCKETPAIR };

struct messaging_worker {
	uint64_t made;			/* tasks in this round */
	_Alignas(128) _Atomic uint64_t received;	/* messages of it */
};

/* What leads to the receivers of a group, as its leader and senders have it. */
struct messaging_group {
	int out[MESSAGING_TASKS];	/* one for each receiver */
	uint64_t outs;
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
	    vms_member_bytes(c, MESSAGING_TASK_BYTES);
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

/* One for each receiver, and those of the worker's crowd. */
static uint64_t
messaging_all_pipes(const struct vms_cell *c)
{
	const struct messaging_params *p = c->params;
	uint64_t receivers = p->transport == MESSAGING_PIPE ? p->tasks : 0;

	return (uint64_t)c->workers * (p->groups * receivers + 4);
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

static int
messaging_send_all(struct vms_worker *w, const struct messaging_group *g,
    uint32_t self)
{
	const struct messaging_params *p = w->cell->params;
	struct messaging_message m = { .sender = self };
	uint64_t i, to;

	for (i = 0; i < p->loops && !vms_stopping(w); i++) {
		m.number = (uint32_t)i;
		for (to = 0; to < g->outs; to++)
			if (messaging_write(g->out[to], &m) != 0)
				return -1;
	}
	return 0;
}

/* A receiver that is gone has said why, or its leader will. */
static int
messaging_sender(struct vms_worker *w, const struct messaging_group *g,
    uint32_t self)
{
	if (!vms_crowd_pass(w))
		return 0;
	if (messaging_send_all(w, g, self) != 0 && errno != EPIPE)
		return vms_fail(w, "cannot send a message");
	vms_crowd_pass(w);
	return 0;
}

/* From each sender all messages, in their order. */
static int
messaging_receive(struct vms_worker *w, int in)
{
	const struct messaging_params *p = w->cell->params;
	struct messaging_worker *s = w->state;
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
	atomic_fetch_add(&s->received, i);
	return 0;
}

/* It is ready as soon as it is there, and waits for messages, not a gate. */
static int
messaging_receiver(struct vms_worker *w, int in)
{
	vms_crowd_arrive(w);
	if (messaging_receive(w, in) != 0)
		return -1;
	vms_crowd_pass(w);
	return 0;
}

/* ---- a group ----------------------------------------------------------- */

static int
messaging_connect(const struct messaging_params *p, int fd[2])
{
	return p->transport == MESSAGING_PIPE ? pipe(fd) :
	    socketpair(AF_UNIX, SOCK_STREAM, 0, fd);
}

/*
 * Nobody but a receiver has its end of the pipe, nor it any other end: 1 in
 * it, with the end in *in, else 0 or -1.
 */
static int
messaging_add_receiver(struct vms_worker *w, struct messaging_group *g, int *in)
{
	uint64_t i;
	int fd[2];
	pid_t pid;

	if (messaging_connect(w->cell->params, fd) != 0)
		return -1;
	pid = vms_crowd_fork(w);
	if (pid == 0) {
		for (i = 0; i < g->outs; i++)
			close(g->out[i]);
		close(fd[1]);
		*in = fd[0];
		return 1;
	}
	close(fd[0]);
	g->out[g->outs++] = fd[1];
	return pid == -1 ? -1 : 0;
}

/* Receivers first, for senders inherit what leads to them. */
static int
messaging_fill(struct vms_worker *w, uint64_t first, uint64_t n)
{
	struct messaging_group g = { .outs = 0 };
	uint64_t i;
	int in, errnum, rc = 0;
	pid_t pid = 1;

	(void)first;
	for (i = 0; i < n / 2 && rc == 0; i++)
		rc = messaging_add_receiver(w, &g, &in);
	if (rc == 1)
		return messaging_receiver(w, in);
	for (i = 0; i < n / 2 && rc == 0 && pid > 0; i++) {
		pid = vms_crowd_fork(w);
		if (pid == 0)
			return messaging_sender(w, &g, (uint32_t)i);
	}
	errnum = errno;
	for (i = 0; i < g.outs; i++)
		close(g.out[i]);
	errno = errnum;
	return rc != 0 || pid == -1 ? -1 : 0;
}

/* ---- phases ------------------------------------------------------------ */

static int64_t
messaging_start(struct vms_worker *w)
{
	const struct messaging_params *p = w->cell->params;
	const struct vms_crowd_plan plan = {
		.members = p->groups * 2 * p->tasks,
		.group = 2 * p->tasks,
		.gates = 2,
		.cpu = p->near == VMS_NEAR_SAME ? w->cpu : -1,
		.member_bytes = vms_member_bytes(w->cell, MESSAGING_TASK_BYTES),
		.fill = messaging_fill,
		.fill_call = messaging_transports[p->transport],
	};
	struct messaging_worker *s = w->state;
	int64_t made;

	atomic_store(&s->received, 0);
	made = vms_crowd_start(w, &plan);
	s->made = made < 0 ? 0 : (uint64_t)made;
	return made;
}

static int64_t
messaging_send(struct vms_worker *w)
{
	const struct messaging_worker *s = w->state;

	if (vms_crowd_open(w) != 0 || vms_crowd_await(w) != 0)
		return -1;
	return (int64_t)atomic_load(&s->received);
}

static int64_t
messaging_end(struct vms_worker *w)
{
	const struct messaging_worker *s = w->state;

	if (vms_crowd_open(w) != 0 || vms_crowd_end(w) != 0)
		return -1;
	return (int64_t)s->made;
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
	if (messaging_connect(p, fd) != 0)
		return vms_skip(c, "transport=%s does not work here: %s",
		    messaging_transports[p->transport], strerror(errno));
	close(fd[0]);
	close(fd[1]);
	return 0;
}

/* Each receiver has checked what it got; all together they got everything. */
static int
messaging_verify(struct vms_worker *w)
{
	const struct messaging_params *p = w->cell->params;
	const struct messaging_worker *s = w->state;
	uint64_t got = atomic_load(&s->received);
	uint64_t want = s->made / 2 * p->tasks * p->loops;

	errno = 0;
	if (got == want)
		return 0;
	return vms_fail(w, "%llu messages of %llu were received",
	    (unsigned long long)got, (unsigned long long)want);
}

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
	.phases = messaging_phases,
	.verify = messaging_verify,
};
