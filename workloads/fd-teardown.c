/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One operation of `open` is one descriptor of `kind` opened by a process that
 * each worker has for it; of `close`, one of them closed, by that process's
 * `how`: a loop of close(), one close_range(), or nothing but the exit.  Each
 * `how` ends with the exit of the process and lasts until it is reaped.
 *
 * At the end of a process the kernel walks through its table of descriptors
 * and drops the last reference to each open file.  What that takes is the
 * kind's: a pipe has a buffer and an inode, a socket its queues, a file the
 * counter of one name that all descriptors of a worker share.  Some kernels
 * hand the work on to a queue that is run before the process returns or ends;
 * the number says whether that helps.
 *
 * The exit of an otherwise empty process is a part of `close`: few descriptors
 * measure it and nothing else.  A pipe is two descriptors, so an odd number of
 * them becomes even.  Tables grow by doubling, which is a part of `open`.  The
 * file lies in the temporary directory, whose file system counts.
 */
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "workload.h"

/* Descriptors below are left to the program, and their gaps filled. */
#define FD_TEARDOWN_BASE 64
/* How many are opened between two looks at the budget. */
#define FD_TEARDOWN_GROUP 4096
/* Half a pipe with its buffer, or a socket, measured on Linux. */
#define FD_TEARDOWN_BYTES 2560
/* How often a waiting process looks around, milliseconds. */
#define FD_TEARDOWN_LOOK 200

struct fd_teardown_params {
	uint64_t fds;
	int kind;
	int how;
};

enum fd_teardown_kind {
	FD_TEARDOWN_FILE, FD_TEARDOWN_PIPE, FD_TEARDOWN_SOCKET
};
enum fd_teardown_how {
	FD_TEARDOWN_EXIT, FD_TEARDOWN_RANGE, FD_TEARDOWN_LOOP
};

/* In memory that a worker shares with the process. */
struct fd_teardown_shared {
	_Alignas(128) _Atomic uint64_t opened;
	_Atomic bool ready;
	_Atomic bool go;		/* the gate was opened, not lost */
	_Atomic int errnum;		/* of the call that failed, or 0 */
	_Atomic uint64_t closed;	/* processes that were through, ever */
};

struct fd_teardown_worker {
	struct fd_teardown_shared *shared;
	char path[PATH_MAX];		/* of the file, or empty */
	int *fd;			/* room for all; the process's own */
	/* Of this round; not changed while the process lives. */
	int gate[2];			/* opens by end of file */
	int news[2];			/* wakes the worker; ends with the process */
	void *process;			/* NULL: there is none */
	/* The worker's own. */
	uint64_t opened, rounds;
};

static const char *const fd_teardown_kinds[] = {
	"file", "pipe", "socket", NULL
};
static const char *const fd_teardown_hows[] = {
	"exit", "close-range", "loop", NULL
};

static const struct vms_param fd_teardown_rows[] = {
	{ "fds", VMS_COUNT, offsetof(struct fd_teardown_params, fds), "1000",
	    "1", "100M", NULL, "descriptors that each worker's process opens" },
	{ "kind", VMS_CHOICE, offsetof(struct fd_teardown_params, kind),
	    "pipe", NULL, NULL, fd_teardown_kinds, "what they belong to" },
	{ "how", VMS_CHOICE, offsetof(struct fd_teardown_params, how), "exit",
	    NULL, NULL, fd_teardown_hows, "how they are closed" },
	VMS_PARAMS_END
};

static uint64_t
fd_teardown_memory(const struct vms_cell *c)
{
	const struct fd_teardown_params *p = c->params;

	return (uint64_t)c->workers * p->fds *
	    (FD_TEARDOWN_BYTES + sizeof(int));
}

static uint64_t
fd_teardown_tasks(const struct vms_cell *c)
{
	return (uint64_t)c->workers * 2;
}

static uint64_t
fd_teardown_fds(const struct vms_cell *c)
{
	const struct fd_teardown_params *p = c->params;

	return p->fds + 1 + FD_TEARDOWN_BASE;
}

static uint64_t
fd_teardown_pipes(const struct vms_cell *c)
{
	const struct fd_teardown_params *p = c->params;

	return (uint64_t)c->workers *
	    (2 + (p->kind == FD_TEARDOWN_PIPE ? p->fds / 2 + 1 : 0));
}

/* ---- the process ------------------------------------------------------- */

/* Open what one call gives; how many descriptors that are, or -1. */
static int
fd_teardown_open_one(const struct fd_teardown_worker *s, int kind, int fd[2])
{
	switch ((enum fd_teardown_kind)kind) {
	case FD_TEARDOWN_FILE:
		fd[0] = open(s->path, O_RDONLY);
		break;
	case FD_TEARDOWN_PIPE:
		return pipe(fd) == 0 ? 2 : -1;
	case FD_TEARDOWN_SOCKET:
		fd[0] = socket(AF_UNIX, SOCK_STREAM, 0);
		break;
	}
	return fd[0] != -1 ? 1 : -1;
}

/* So that ours are neighbours, with nothing of the program among them. */
static int
fd_teardown_fill(void)
{
	int fd;

	do {
		fd = open("/dev/null", O_RDONLY);
	} while (fd != -1 && fd < FD_TEARDOWN_BASE - 1);
	return fd == -1 ? -1 : 0;
}

static uint64_t
fd_teardown_open_all(struct vms_worker *w)
{
	const struct fd_teardown_params *p = w->cell->params;
	const struct fd_teardown_worker *s = w->state;
	uint64_t bytes = (uint64_t)w->cell->workers * FD_TEARDOWN_GROUP *
	    FD_TEARDOWN_BYTES;
	uint64_t looked = 0, n = 0;
	int got;

	while (n < p->fds && !vms_stopping(w)) {
		if (n >= looked && !vms_room(w->cell, bytes))
			break;
		if (n >= looked)
			looked = n + FD_TEARDOWN_GROUP;
		got = fd_teardown_open_one(s, p->kind, &s->fd[n]);
		if (got == -1) {
			atomic_store(&s->shared->errnum, errno);
			break;
		}
		n += (uint64_t)got;
	}
	return n;
}

static int
fd_teardown_range(unsigned int first, unsigned int last)
{
#ifdef SYS_close_range
	return (int)syscall(SYS_close_range, first, last, 0);
#else
	(void)first;
	(void)last;
	errno = ENOSYS;
	return -1;
#endif
}

static int
fd_teardown_close_all(struct vms_worker *w, uint64_t n)
{
	const struct fd_teardown_params *p = w->cell->params;
	const struct fd_teardown_worker *s = w->state;
	uint64_t i;

	if (p->how == FD_TEARDOWN_EXIT || n == 0)
		return 0;
	if (p->how == FD_TEARDOWN_RANGE &&
	    fd_teardown_range((unsigned int)s->fd[0],
	    (unsigned int)s->fd[n - 1]) != 0)
		return vms_fail(w, "cannot close a range of descriptors");
	for (i = 0; p->how == FD_TEARDOWN_LOOP && i < n; i++)
		if (close(s->fd[i]) != 0)
			return vms_fail(w, "cannot close descriptor %d",
			    s->fd[i]);
	for (i = 0; i < n; i += (n + 7) / 8) {
		errno = 0;
		if (fcntl(s->fd[i], F_GETFD) != -1)
			return vms_fail(w, "descriptor %d is still open",
			    s->fd[i]);
	}
	return 0;
}

static int
fd_teardown_process(void *arg)
{
	struct vms_worker *w = arg;
	const struct fd_teardown_worker *s = w->state;
	struct fd_teardown_shared *sh = s->shared;
	uint64_t n;
	char byte;

	close(s->gate[1]);
	close(s->news[0]);
	if (fd_teardown_fill() != 0)
		return vms_fail(w, "cannot open /dev/null");
	n = fd_teardown_open_all(w);
	atomic_store(&sh->opened, n);
	atomic_store(&sh->ready, true);
	if (write(s->news[1], "!", 1) != 1)
		return 0;		/* the worker is gone */
	while (read(s->gate[0], &byte, 1) == -1 && errno == EINTR)
		continue;
	if (!atomic_load(&sh->go))
		return 0;
	atomic_fetch_add(&sh->closed, 1);
	return fd_teardown_close_all(w, n);
}

/* ---- phases ------------------------------------------------------------ */

/* 1 when it is ready, 0 when the launch is over, -1 after vms_fail(). */
static int
fd_teardown_await(struct vms_worker *w)
{
	const struct fd_teardown_worker *s = w->state;
	struct pollfd pfd = { .fd = s->news[0], .events = POLLIN };

	while (poll(&pfd, 1, FD_TEARDOWN_LOOK) != 1)
		if (vms_stopping(w))
			return 0;
	errno = 0;
	return atomic_load(&s->shared->ready) ? 1 :
	    vms_fail(w, "the process that opens descriptors is gone");
}

/* What `news` ends with is the last descriptor of the process. */
static int
fd_teardown_end(struct vms_worker *w)
{
	struct fd_teardown_worker *s = w->state;
	char bytes[2];
	ssize_t n;
	int rc;

	close(s->gate[1]);
	rc = vms_task_join(w, s->process);
	s->process = NULL;
	do {
		n = read(s->news[0], bytes, sizeof(bytes));
	} while (n > 0);
	close(s->news[0]);
	if (rc == 0 && n != 0)
		rc = vms_fail(w, "descriptors have outlived their process");
	return rc;
}

static void
fd_teardown_say_limit(struct vms_worker *w)
{
	const struct fd_teardown_params *p = w->cell->params;
	const struct fd_teardown_worker *s = w->state;
	int errnum = atomic_load(&s->shared->errnum);

	if (s->opened >= p->fds)
		return;
	if (errnum == 0)
		vms_partial(w, (int64_t)p->fds, (int64_t)s->opened,
		    vms_stopping(w) ? "stopped" : "memory budget");
	else
		vms_refused(w, (int64_t)p->fds, (int64_t)s->opened,
		    fd_teardown_kinds[p->kind], errnum);
}

static int64_t
fd_teardown_open(struct vms_worker *w)
{
	struct fd_teardown_worker *s = w->state;
	struct fd_teardown_shared *sh = s->shared;
	int rc;

	atomic_store(&sh->opened, 0);
	atomic_store(&sh->ready, false);
	atomic_store(&sh->go, false);
	atomic_store(&sh->errnum, 0);
	if (pipe(s->gate) != 0 || pipe(s->news) != 0)
		return vms_fail(w, "cannot make a pipe");
	s->process = vms_task_start(w, fd_teardown_process, w, w->cpu);
	if (s->process == NULL)
		return -1;
	close(s->gate[0]);
	close(s->news[1]);
	rc = fd_teardown_await(w);
	s->opened = atomic_load(&sh->opened);
	if (rc == 1)
		fd_teardown_say_limit(w);
	return rc < 0 ? -1 : (int64_t)s->opened;
}

static int64_t
fd_teardown_close(struct vms_worker *w)
{
	struct fd_teardown_worker *s = w->state;

	atomic_store(&s->shared->go, true);
	s->rounds++;
	return fd_teardown_end(w) != 0 ? -1 : (int64_t)s->opened;
}

static const struct vms_phase fd_teardown_phases[] = {
	{ "open", "descriptor", fd_teardown_open, false },
	{ "close", "descriptor", fd_teardown_close, true },
	{ NULL, NULL, NULL, false }
};

/* ---- hooks ------------------------------------------------------------- */

static int
fd_teardown_probe(struct vms_cell *c)
{
	const struct fd_teardown_params *p = c->params;
	uint64_t need = fd_teardown_fds(c);
	struct rlimit rl;

	/* A range with nothing in it. */
	if (p->how == FD_TEARDOWN_RANGE &&
	    fd_teardown_range(INT_MAX, INT_MAX) != 0)
		return vms_skip(c, "how=close-range does not work here: %s",
		    strerror(errno));
	if (getrlimit(RLIMIT_NOFILE, &rl) != 0)
		return vms_cell_fail(c, "cannot read RLIMIT_NOFILE");
	if (rl.rlim_cur == RLIM_INFINITY || rl.rlim_cur >= need)
		return 0;
	if (rl.rlim_cur <= FD_TEARDOWN_BASE + 1)
		return vms_skip(c, "RLIMIT_NOFILE is %llu (ulimit -n %llu)",
		    (unsigned long long)rl.rlim_cur, (unsigned long long)need);
	return vms_limit(c, (int64_t)(rl.rlim_cur - FD_TEARDOWN_BASE),
	    "fds=%llu needs RLIMIT_NOFILE %llu, it is %llu (ulimit -n %llu)",
	    (unsigned long long)p->fds, (unsigned long long)need,
	    (unsigned long long)rl.rlim_cur, (unsigned long long)need);
}

static int
fd_teardown_make_file(struct vms_worker *w)
{
	struct fd_teardown_worker *s = w->state;
	int fd, len = snprintf(s->path, sizeof(s->path), "%s/fd-teardown-%d",
	    w->cell->tmpdir, w->index);

	errno = ENAMETOOLONG;
	if (len < 0 || len >= (int)sizeof(s->path))
		return vms_fail(w, "in %s", w->cell->tmpdir);
	fd = open(s->path, O_RDWR | O_CREAT, 0600);
	if (fd == -1)
		return vms_fail(w, "cannot create %s", s->path);
	close(fd);
	return 0;
}

static int
fd_teardown_worker_init(struct vms_worker *w)
{
	const struct fd_teardown_params *p = w->cell->params;
	struct fd_teardown_worker *s = w->state;

	s->shared = mmap(NULL, sizeof(*s->shared), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANON, -1, 0);
	if (s->shared == MAP_FAILED)
		return vms_fail(w, "cannot map shared memory");
	s->fd = calloc(p->fds + 1, sizeof(*s->fd));
	if (s->fd == NULL)
		return vms_fail(w, "cannot allocate a list of descriptors");
	return p->kind == FD_TEARDOWN_FILE ? fd_teardown_make_file(w) : 0;
}

/* Every process was told to close, ended well, and left nothing open. */
static int
fd_teardown_verify(struct vms_worker *w)
{
	const struct fd_teardown_worker *s = w->state;
	uint64_t closed = atomic_load(&s->shared->closed);

	errno = 0;
	if (closed != s->rounds)
		return vms_fail(w, "%llu of %llu processes have closed their "
		    "descriptors", (unsigned long long)closed,
		    (unsigned long long)s->rounds);
	return 0;
}

static int
fd_teardown_worker_fini(struct vms_worker *w)
{
	struct fd_teardown_worker *s = w->state;
	int rc = s->process != NULL ? fd_teardown_end(w) : 0;

	if (s->path[0] != '\0')
		unlink(s->path);
	free(s->fd);
	munmap(s->shared, sizeof(*s->shared));
	return rc;
}

/*
 * Processes only: an exit ends all threads, and a range of descriptors of one
 * thread has those of the others in it.
 */
const struct vms_workload vms_workload_fd_teardown = {
	.abi = VMS_ABI,
	.name = "fd-teardown",
	.version = 1,
	.summary = "many descriptors closed by exit, by range or one by one",
	.kind = VMS_PHASES,
	.unit = "descriptor",
	.modes = VMS_PROCESS,
	.params = fd_teardown_rows,
	.params_size = sizeof(struct fd_teardown_params),
	.worker_size = sizeof(struct fd_teardown_worker),
	.memory = fd_teardown_memory,
	.tasks = fd_teardown_tasks,
	.fds = fd_teardown_fds,
	.pipes = fd_teardown_pipes,
	.probe = fd_teardown_probe,
	.worker_init = fd_teardown_worker_init,
	.phases = fd_teardown_phases,
	.verify = fd_teardown_verify,
	.worker_fini = fd_teardown_worker_fini,
};
