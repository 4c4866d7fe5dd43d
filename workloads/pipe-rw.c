/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One operation is one write of `size` bytes into a pipe and one read of the
 * same bytes out of it, both by the same task.  Every worker has a pipe of its
 * own, so that nobody ever waits and nothing is switched.
 *
 * This is the pipe itself: two system calls, the pipe's lock, the allocation
 * of its buffer and two copies.  With one byte it is close to the price of
 * two system calls; with a page and more the copies and the page allocator
 * prevail.  Workers share nothing but the allocator, so that anything short of
 * a linear increase with the workers is worth an explanation.
 *
 * Both ends are non-blocking, because a kernel may make a large blocking write
 * wait for its reader, who is the same task here.  The number lies when two
 * kernels with different buffer sizes are compared at sizes beyond a page, and
 * when an unprivileged user holds so many pipes that the kernel makes new ones
 * smaller.  The task never sleeps: see pipe-pingpong for the wake-ups.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "workload.h"

struct pipe_rw_params {
	uint64_t size;
};

struct pipe_rw_worker {
	int fd[2];
	unsigned char *out;	/* what is written; its first byte changes */
	unsigned char *in;	/* what was read last: the half after out */
};

static const struct vms_param pipe_rw_rows[] = {
	{ "size", VMS_SIZE, offsetof(struct pipe_rw_params, size), "1", "1",
	    "1M", NULL, "bytes of one chunk" },
	VMS_PARAMS_END
};

static uint64_t
pipe_rw_size(const struct vms_cell *c)
{
	const struct pipe_rw_params *p = c->params;

	return p->size;
}

static uint64_t
pipe_rw_memory(const struct vms_cell *c)
{
	return (uint64_t)c->workers * (3 * pipe_rw_size(c) + c->page_size);
}

static int
pipe_rw_pipe(int fd[2])
{
	if (pipe(fd) != 0)
		return -1;
	if (fcntl(fd[0], F_SETFL, O_NONBLOCK) == 0 &&
	    fcntl(fd[1], F_SETFL, O_NONBLOCK) == 0)
		return 0;
	close(fd[0]);
	close(fd[1]);
	return -1;
}

/* How much a pipe takes at once is known only by trying. */
static int
pipe_rw_probe(struct vms_cell *c)
{
	uint64_t size = pipe_rw_size(c);
	void *chunk = calloc(1, size);
	ssize_t took = -1;
	int fd[2];

	if (chunk == NULL)
		return vms_cell_fail(c, "cannot allocate a chunk");
	if (pipe_rw_pipe(fd) == 0) {
		took = write(fd[1], chunk, size);
		close(fd[0]);
		close(fd[1]);
	}
	free(chunk);
	if (took == -1 && errno != EAGAIN)
		return vms_cell_fail(c, "cannot write to a new pipe");
	if (took < (ssize_t)size)
		return vms_skip(c, "a new pipe takes %zd bytes at once, not "
		    "the %llu of size", took < 0 ? (ssize_t)0 : took,
		    (unsigned long long)size);
	return 0;
}

static int
pipe_rw_worker_init(struct vms_worker *w)
{
	uint64_t i, size = pipe_rw_size(w->cell);
	struct pipe_rw_worker *s = w->state;

	/* Cache lines of its own: workers may be threads. */
	s->out = aligned_alloc(128, (2 * size + 127) / 128 * 128);
	if (s->out == NULL)
		return vms_fail(w, "cannot allocate two chunks");
	s->in = s->out + size;
	for (i = 0; i < size; i++)
		s->out[i] = (unsigned char)(i * 7 + (uint64_t)w->index);
	if (pipe_rw_pipe(s->fd) != 0)
		return vms_fail(w, "cannot make a pipe");
	return 0;
}

/* A first byte that is new each time unmasks a read that brought nothing. */
static int64_t
pipe_rw_run(struct vms_worker *w, int64_t n)
{
	struct pipe_rw_worker *s = w->state;
	ssize_t size = (ssize_t)pipe_rw_size(w->cell);
	int64_t i;

	for (i = 0; i < n; i++) {
		s->out[0]++;
		if (write(s->fd[1], s->out, (size_t)size) != size)
			return vms_fail(w, "cannot write %zd bytes", size);
		if (read(s->fd[0], s->in, (size_t)size) != size)
			return vms_fail(w, "cannot read %zd bytes", size);
		if (s->in[0] != s->out[0]) {
			errno = 0;
			return vms_fail(w, "read other bytes than written");
		}
	}
	return n;
}

/* The last chunk came through whole, and nothing is left in the pipe. */
static int
pipe_rw_verify(struct vms_worker *w)
{
	struct pipe_rw_worker *s = w->state;
	size_t size = (size_t)pipe_rw_size(w->cell);

	memset(s->in, 0, size);
	if (pipe_rw_run(w, 1) != 1)
		return -1;
	errno = 0;
	if (memcmp(s->in, s->out, size) != 0)
		return vms_fail(w, "%zu bytes were changed on their way", size);
	if (read(s->fd[0], s->in, 1) != -1 || errno != EAGAIN) {
		errno = 0;
		return vms_fail(w, "the pipe is not empty at the end");
	}
	return 0;
}

static int
pipe_rw_worker_fini(struct vms_worker *w)
{
	struct pipe_rw_worker *s = w->state;

	free(s->out);
	if (close(s->fd[0]) != 0 || close(s->fd[1]) != 0)
		return vms_fail(w, "cannot close the pipe");
	return 0;
}

const struct vms_workload vms_workload_pipe_rw = {
	.abi = VMS_ABI,
	.name = "pipe-rw",
	.version = 1,
	.summary = "write and read of a chunk through a pipe in one task",
	.kind = VMS_RATE,
	.unit = "round",
	.modes = VMS_PROCESS | VMS_THREAD,
	.params = pipe_rw_rows,
	.params_size = sizeof(struct pipe_rw_params),
	.worker_size = sizeof(struct pipe_rw_worker),
	.memory = pipe_rw_memory,
	.op_bytes = pipe_rw_size,
	.probe = pipe_rw_probe,
	.worker_init = pipe_rw_worker_init,
	.run = pipe_rw_run,
	.verify = pipe_rw_verify,
	.worker_fini = pipe_rw_worker_fini,
};
