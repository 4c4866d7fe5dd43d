/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One operation is one round trip: the worker writes `size` bytes into one
 * pipe, its partner task reads them and writes them back into another, and the
 * worker reads the answer.  A round trip is two hand-overs, counted as one.
 *
 * Only one of the two ever has something to do, so this is the path from a
 * write to a sleeping reader: the wake-up, the scheduler's choice of a CPU, the
 * switch and, in process mode, the change of address spaces; on two CPUs also
 * the interrupt that ends the idle state and the way of the data between
 * caches.  `near` says where the partner is.
 *
 * The number lies when `near` is free: the scheduler then moves the two apart
 * and together again, and two results differ severalfold for no other reason.
 * On the same CPU it is the price of a switch, on different ones that of a
 * wake-up, and deep idle states can outweigh everything else.  Chunks larger
 * than the pipe's buffer add more switches to a round trip.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "workload.h"

struct pipe_pingpong_params {
	uint64_t size;
	int near;
};

struct pipe_pingpong_worker {
	int to[2], from[2];	/* the partner's view: read to, write from */
	unsigned char *ball;	/* the worker's chunk */
	unsigned char *reply;	/* what came back */
	unsigned char *partner;	/* the partner's chunk */
	void *task;
};

static const char *const pipe_pingpong_near[] = VMS_NEAR_CHOICES;

static const struct vms_param pipe_pingpong_rows[] = {
	{ "near", VMS_CHOICE, offsetof(struct pipe_pingpong_params, near),
	    "same", NULL, NULL, pipe_pingpong_near,
	    "where the partner runs, relative to its worker" },
	{ "size", VMS_SIZE, offsetof(struct pipe_pingpong_params, size), "1",
	    "1", "1M", NULL, "bytes sent and answered" },
	VMS_PARAMS_END
};

static size_t
pipe_pingpong_size(const struct vms_worker *w)
{
	const struct pipe_pingpong_params *p = w->cell->params;

	return (size_t)p->size;
}

static uint64_t
pipe_pingpong_op_bytes(const struct vms_cell *c)
{
	const struct pipe_pingpong_params *p = c->params;

	return 2 * p->size;
}

/* Whole chunks or nothing: 1, 0 at the end of the other side, or -1. */
/* A worker and its partner. */
static uint64_t
pipe_pingpong_tasks(const struct vms_cell *c)
{
	return (uint64_t)c->workers * 2;
}

static int
pipe_pingpong_read(int fd, unsigned char *buf, size_t size)
{
	size_t have = 0;
	ssize_t got;

	while (have < size) {
		got = read(fd, buf + have, size - have);
		if (got == 0)
			return 0;
		if (got > 0)
			have += (size_t)got;
		else if (errno != EINTR)
			return -1;
	}
	return 1;
}

static int
pipe_pingpong_write(int fd, const unsigned char *buf, size_t size)
{
	size_t sent = 0;
	ssize_t put;

	while (sent < size) {
		put = write(fd, buf + sent, size - sent);
		if (put >= 0)
			sent += (size_t)put;
		else if (errno != EINTR)
			return errno == EPIPE ? 0 : -1;
	}
	return 1;
}

/*
 * The partner owns one end of each pipe and closes them when it leaves, so
 * that the worker sees the end of a partner as the end of file.
 */
static int
pipe_pingpong_partner(void *arg)
{
	struct vms_worker *w = arg;
	struct pipe_pingpong_worker *s = w->state;
	size_t size = pipe_pingpong_size(w);
	int rc;

	if (!w->cell->threads) {
		close(s->to[1]);
		close(s->from[0]);
	}
	do {
		rc = pipe_pingpong_read(s->to[0], s->partner, size);
		s->partner[0]++;
		if (rc == 1)
			rc = pipe_pingpong_write(s->from[1], s->partner, size);
	} while (rc == 1);
	if (rc == -1)
		vms_fail(w, "the partner cannot use its pipes");
	close(s->to[0]);
	close(s->from[1]);
	return rc;
}

static int64_t
pipe_pingpong_run(struct vms_worker *w, int64_t n)
{
	struct pipe_pingpong_worker *s = w->state;
	size_t size = pipe_pingpong_size(w);
	int64_t i;
	int rc;

	for (i = 0; i < n; i++) {
		rc = pipe_pingpong_write(s->to[1], s->ball, size);
		if (rc == 1)
			rc = pipe_pingpong_read(s->from[0], s->reply, size);
		if (rc == -1)
			return vms_fail(w, "cannot use the pipes");
		s->ball[0]++;
		errno = 0;
		if (rc == 0)
			return vms_fail(w, "the partner is gone");
		if (s->reply[0] != s->ball[0])
			return vms_fail(w, "the partner answered wrong bytes");
	}
	return n;
}

static int
pipe_pingpong_worker_init(struct vms_worker *w)
{
	struct pipe_pingpong_worker *s = w->state;
	size_t i, size = pipe_pingpong_size(w);
	size_t lines = (size + 127) / 128 * 128;

	/* Cache lines of its own for every chunk: tasks may be threads. */
	s->ball = aligned_alloc(128, 3 * lines);
	if (s->ball == NULL)
		return vms_fail(w, "cannot allocate three chunks");
	s->reply = s->ball + lines;
	s->partner = s->reply + lines;
	for (i = 0; i < size; i++)
		s->ball[i] = (unsigned char)(i * 7 + (size_t)w->index);
	if (pipe(s->to) != 0 || pipe(s->from) != 0)
		return vms_fail(w, "cannot make two pipes");
	s->task = vms_task_start(w, pipe_pingpong_partner, w, w->partner_cpu);
	if (s->task == NULL)
		return -1;
	if (!w->cell->threads) {
		close(s->to[0]);
		close(s->from[1]);
	}
	return pipe_pingpong_run(w, 1) == 1 ? 0 : -1;
}

/* A chunk comes back whole, apart from the byte that counts. */
static int
pipe_pingpong_verify(struct vms_worker *w)
{
	struct pipe_pingpong_worker *s = w->state;
	size_t size = pipe_pingpong_size(w);

	memset(s->reply, 0, size);
	if (pipe_pingpong_run(w, 1) != 1)
		return -1;
	errno = 0;
	if (memcmp(s->reply, s->ball, size) != 0)
		return vms_fail(w, "%zu bytes were changed on their way", size);
	return 0;
}

static int
pipe_pingpong_worker_fini(struct vms_worker *w)
{
	struct pipe_pingpong_worker *s = w->state;
	int rc;

	close(s->to[1]);
	rc = vms_task_join(w, s->task);
	close(s->from[0]);
	free(s->ball);
	return rc;
}

const struct vms_workload vms_workload_pipe_pingpong = {
	.abi = VMS_ABI,
	.name = "pipe-pingpong",
	.version = 1,
	.summary = "round trip through two pipes between two tasks",
	.kind = VMS_RATE,
	.unit = "round trip",
	.modes = VMS_PROCESS | VMS_THREAD,
	.params = pipe_pingpong_rows,
	.params_size = sizeof(struct pipe_pingpong_params),
	.tasks = pipe_pingpong_tasks,
	.worker_size = sizeof(struct pipe_pingpong_worker),
	.op_bytes = pipe_pingpong_op_bytes,
	.partner_param = "near",
	.worker_init = pipe_pingpong_worker_init,
	.run = pipe_pingpong_run,
	.verify = pipe_pingpong_verify,
	.worker_fini = pipe_pingpong_worker_fini,
};
