/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One operation is one pipe() and the close() of its two ends.  With `write` a
 * byte is written into the pipe in between, which makes a lazy kernel allocate
 * the buffer.  `hold` pipes of each worker stay open meanwhile.
 *
 * This is the birth and the death of kernel objects: the allocators of pipes,
 * inodes and open files, the search for two free descriptors, and whatever
 * lists and counters of the system a new pipe is entered in.  Those are shared
 * by all workers, in thread mode the table of descriptors is as well.
 *
 * The number lies when the system makes held pipes smaller or refuses them:
 * Linux gives an unprivileged user small pipes beyond fs.pipe-user-pages-soft.
 * Objects may be freed later than close() returns, on another CPU, at nobody's
 * expense.  A pipe that is never written to may cost a kernel very little:
 * compare both settings of `write` before calling one kernel faster.
 */
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "workload.h"

/* Descriptors that the program itself may need. */
#define PIPE_CREATE_OTHERS 64
/* A pipe's kernel memory without its data, measured on Linux: about 3 KiB. */
#define PIPE_CREATE_KERNEL_BYTES 4096

struct pipe_create_params {
	uint64_t hold;
	bool write;
};

struct pipe_create_worker {
	int (*held)[2];
	int last[2];		/* the descriptors of a pipe made in init */
};

static const struct vms_param pipe_create_rows[] = {
	{ "hold", VMS_COUNT, offsetof(struct pipe_create_params, hold), "0",
	    "0", "1M", NULL, "pipes that each worker holds open" },
	{ "write", VMS_BOOL, offsetof(struct pipe_create_params, write),
	    "false", NULL, NULL, NULL, "write a byte into every pipe" },
	VMS_PARAMS_END
};

/* Threads of one process hold theirs together. */
static uint64_t
pipe_create_fds(const struct vms_cell *c)
{
	const struct pipe_create_params *p = c->params;
	uint64_t sharing = c->threads ? (uint64_t)c->workers : 1;

	return sharing * 2 * (p->hold + 1);
}

static uint64_t
pipe_create_pipes(const struct vms_cell *c)
{
	const struct pipe_create_params *p = c->params;

	return (uint64_t)c->workers * (p->hold + 1);
}

static uint64_t
pipe_create_memory(const struct vms_cell *c)
{
	const struct pipe_create_params *p = c->params;

	return (uint64_t)c->workers * (p->hold + 1) *
	    (PIPE_CREATE_KERNEL_BYTES + (p->write ? c->page_size : 0));
}

static int
pipe_create_probe(struct vms_cell *c)
{
	const struct pipe_create_params *p = c->params;
	uint64_t tables = c->threads ? (uint64_t)c->workers : 1;
	uint64_t need = tables * 2 * (p->hold + 1) + PIPE_CREATE_OTHERS;
	struct rlimit rl;

	if (getrlimit(RLIMIT_NOFILE, &rl) != 0)
		return vms_cell_fail(c, "cannot read RLIMIT_NOFILE");
	if (rl.rlim_cur == RLIM_INFINITY || need <= rl.rlim_cur)
		return 0;
	return vms_skip(c, "hold=%llu needs %llu descriptors in a process, "
	    "RLIMIT_NOFILE is %llu (ulimit -n %llu)",
	    (unsigned long long)p->hold, (unsigned long long)need,
	    (unsigned long long)rl.rlim_cur, (unsigned long long)need);
}

static int
pipe_create_one(struct vms_worker *w, int fd[2])
{
	const struct pipe_create_params *p = w->cell->params;

	if (pipe(fd) != 0)
		return vms_fail(w, "cannot make a pipe");
	if (p->write && write(fd[1], "v", 1) != 1)
		return vms_fail(w, "cannot write into a pipe");
	return 0;
}

static int64_t
pipe_create_run(struct vms_worker *w, int64_t n)
{
	int64_t i;
	int fd[2];

	for (i = 0; i < n; i++) {
		if (pipe_create_one(w, fd) != 0)
			return -1;
		if (close(fd[0]) != 0 || close(fd[1]) != 0)
			return vms_fail(w, "cannot close a pipe");
	}
	return n;
}

static int
pipe_create_worker_init(struct vms_worker *w)
{
	const struct pipe_create_params *p = w->cell->params;
	struct pipe_create_worker *s = w->state;
	uint64_t i;

	s->held = calloc(p->hold + 1, sizeof(*s->held));
	if (s->held == NULL)
		return vms_fail(w, "cannot allocate a list of pipes");
	for (i = 0; i < p->hold; i++)
		if (pipe_create_one(w, s->held[i]) != 0)
			return -1;
	if (pipe_create_one(w, s->last) != 0)
		return -1;
	close(s->last[0]);
	close(s->last[1]);
	return 0;
}

/* A held pipe is still whole: what goes in comes out, nothing more. */
static int
pipe_create_check(struct vms_worker *w, const int fd[2])
{
	const struct pipe_create_params *p = w->cell->params;
	ssize_t want = p->write ? 2 : 1;
	char got[3] = "";

	if (write(fd[1], "w", 1) != 1 || read(fd[0], got, 3) != want)
		return vms_fail(w, "a held pipe does not work");
	errno = 0;
	if (got[want - 1] != 'w' || (p->write && got[0] != 'v'))
		return vms_fail(w, "a held pipe lost its byte");
	return 0;
}

/*
 * A new pipe gets the descriptors it got at the start, so none was leaked.
 * Threads use the common table at the same time: there it proves nothing.
 */
static int
pipe_create_verify(struct vms_worker *w)
{
	const struct pipe_create_params *p = w->cell->params;
	struct pipe_create_worker *s = w->state;
	uint64_t i;
	int fd[2];

	for (i = 0; i < p->hold; i++)
		if (pipe_create_check(w, s->held[i]) != 0)
			return -1;
	if (pipe_create_one(w, fd) != 0)
		return -1;
	close(fd[0]);
	close(fd[1]);
	errno = 0;
	if (!w->cell->threads && (fd[0] > s->last[0] || fd[1] > s->last[1]))
		return vms_fail(w, "descriptors leaked: a pipe is %d,%d now, "
		    "was %d,%d", fd[0], fd[1], s->last[0], s->last[1]);
	return 0;
}

static int
pipe_create_worker_fini(struct vms_worker *w)
{
	const struct pipe_create_params *p = w->cell->params;
	struct pipe_create_worker *s = w->state;
	uint64_t i;

	for (i = 0; i < p->hold; i++)
		if (close(s->held[i][0]) != 0 || close(s->held[i][1]) != 0)
			return vms_fail(w, "cannot close a held pipe");
	free(s->held);
	return 0;
}

const struct vms_workload vms_workload_pipe_create = {
	.abi = VMS_ABI,
	.name = "pipe-create",
	.version = 1,
	.summary = "creation of a pipe and close of its two ends",
	.kind = VMS_RATE,
	.unit = "pipe",
	.modes = VMS_PROCESS | VMS_THREAD,
	.params = pipe_create_rows,
	.params_size = sizeof(struct pipe_create_params),
	.worker_size = sizeof(struct pipe_create_worker),
	.memory = pipe_create_memory,
	.fds = pipe_create_fds,
	.pipes = pipe_create_pipes,
	.probe = pipe_create_probe,
	.worker_init = pipe_create_worker_init,
	.run = pipe_create_run,
	.verify = pipe_create_verify,
	.worker_fini = pipe_create_worker_fini,
};
