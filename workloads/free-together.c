/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One operation of `free`, the headline, is one page given back: all workers
 * start together, each with `size` bytes of touched private memory, and each by
 * one munmap() (how=munmap), or by the end of a child process that holds the
 * memory (how=exit), until the child is reaped.  Before that, in `touch`, one
 * operation is one page written for the first time; with how=exit that includes
 * making the child, who does it.
 *
 * It stresses many processors freeing at once: the locks of the page allocator
 * and of its lists for each processor or node, the accounting of memory groups,
 * and between threads the lock of the address space and the flush of the pages
 * from the other processors.  With how=exit a whole address space goes, with
 * nobody left who could use it.  It is what happens when a job of many tasks
 * ends.
 *
 * A child is told by a socket and runs where its worker is bound; small sizes
 * show the time to wake it up and to reap it, as a small mapping shows the time
 * to wake at the gate.  A thread cannot give memory back by its exit, so that
 * how=exit has no thread mode.  A phase lasts until the last has finished: with
 * more workers than processors it is the sum.  With huge pages (thp) an
 * operation is still one small page and its cost falls hundredfold.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "workload.h"

/* That many pages, evenly spread, are looked at by verify. */
#define FREE_TOGETHER_LOOKS 4096
/* A child's kernel memory and first pages, measured on Linux. */
#define FREE_TOGETHER_CHILD_BYTES (128 * 1024)

enum { FREE_TOGETHER_MUNMAP, FREE_TOGETHER_EXIT };

struct free_together_params {
	uint64_t size;
	int how;
	int thp;
};

struct free_together_worker {
	unsigned char *base;	/* how=munmap; NULL: not mapped */
	unsigned char *last;	/* where the last one was */
	pid_t pid;		/* how=exit; 0: no child */
	int fd;			/* of the socket to it, if there is one */
	uint64_t touched, freed;	/* pages, all rounds */
	unsigned char wrong;	/* bits found in pages that were to be zero */
};

static const char *const free_together_how[] = { "munmap", "exit", NULL };
static const char *const free_together_thp[] = VMS_THP_CHOICES;

static const struct vms_param free_together_rows[] = {
	{ "size", VMS_SIZE, offsetof(struct free_together_params, size),
	    "64M", "64K", "1T", NULL, "memory of each worker" },
	{ "how", VMS_CHOICE, offsetof(struct free_together_params, how),
	    "munmap", NULL, NULL, free_together_how, "how it is given back" },
	VMS_THP_PARAM(struct free_together_params, thp, free_together_thp),
	VMS_PARAMS_END
};

static size_t
free_together_len(const struct vms_cell *c)
{
	const struct free_together_params *p = c->params;

	return vms_pages(c, p->size);
}

static uint64_t
free_together_memory(const struct vms_cell *c)
{
	const struct free_together_params *p = c->params;
	uint64_t len = free_together_len(c);
	uint64_t one = len + len / c->page_size * sizeof(void *);

	if (p->how == FREE_TOGETHER_EXIT)
		one += FREE_TOGETHER_CHILD_BYTES;
	return (uint64_t)c->workers * one;
}

static uint64_t
free_together_tasks(const struct vms_cell *c)
{
	const struct free_together_params *p = c->params;

	return (uint64_t)c->workers * (p->how == FREE_TOGETHER_EXIT ? 2 : 1);
}

static int
free_together_probe(struct vms_cell *c)
{
	const struct free_together_params *p = c->params;
	size_t len = free_together_len(c);
	void *base;

	if (c->threads && p->how == FREE_TOGETHER_EXIT)
		return vms_skip(c, "a thread gives no memory back by its exit: "
		    "how=exit needs mode=process");
	base = vms_map_anon(c, len, p->thp);
	if (base == NULL)
		return vms_skip(c, "cannot map %zu bytes with this thp: %s",
		    len, strerror(errno));
	munmap(base, len);
	if (!vms_room(c, free_together_memory(c)))
		return vms_skip(c, "size=%zu for each of %d workers is more "
		    "memory than is to spare here (choose a smaller size)",
		    len, c->workers);
	return 0;
}

/* ---- touching ----------------------------------------------------------- */

/* Every page of it; the second byte tells whether it was zero when it came. */
static unsigned char
free_together_write(const struct vms_worker *w, volatile unsigned char *base)
{
	size_t at, len = free_together_len(w->cell);
	unsigned char wrong = 0;

	for (at = 0; at < len && !vms_stopping(w); at += w->cell->page_size) {
		base[at] = 1;
		wrong |= base[at + 1];
	}
	return wrong;
}

/* What a child says when it is ready: an errno, or this. */
#define FREE_TOGETHER_READY 0
#define FREE_TOGETHER_WRONG (-1)

/* It holds the memory until the worker closes the socket, or ends. */
static _Noreturn void
free_together_child(const struct vms_worker *w, int fd)
{
	const struct free_together_params *p = w->cell->params;
	unsigned char *base = vms_map_anon(w->cell, free_together_len(w->cell),
	    p->thp);
	int say = FREE_TOGETHER_READY;
	char byte;
	ssize_t n;

	if (base == NULL)
		say = errno;
	else if (free_together_write(w, base) != 0)
		say = FREE_TOGETHER_WRONG;
	if (write(fd, &say, sizeof(say)) != (ssize_t)sizeof(say))
		_exit(1);
	do {
		n = read(fd, &byte, 1);
	} while (n == -1 && errno == EINTR);
	_exit(n == 0 ? 0 : 1);
}

static int
free_together_fork(struct vms_worker *w)
{
	struct free_together_worker *s = w->state;
	int fds[2];

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, fds) != 0)
		return vms_fail(w, "socketpair");
	s->fd = fds[0];
	s->pid = fork();
	if (s->pid == 0) {
		close(fds[0]);
		free_together_child(w, fds[1]);
	}
	close(fds[1]);
	if (s->pid != -1)
		return 0;
	s->pid = 0;
	close(fds[0]);
	return vms_fail(w, "cannot fork");
}

/* Until the child has touched everything. */
static int
free_together_await(struct vms_worker *w)
{
	struct free_together_worker *s = w->state;
	int say = 0;
	ssize_t n;

	do {
		n = read(s->fd, &say, sizeof(say));
	} while (n == -1 && errno == EINTR);
	if (n != (ssize_t)sizeof(say)) {
		errno = n == -1 ? errno : 0;
		return vms_fail(w, "a child ended before it had touched its "
		    "memory");
	}
	errno = say > 0 ? say : 0;
	if (say > 0)
		return vms_fail(w, "a child cannot map memory");
	if (say == FREE_TOGETHER_WRONG)
		s->wrong = 1;
	return 0;
}

static int64_t
free_together_touch(struct vms_worker *w)
{
	const struct free_together_params *p = w->cell->params;
	struct free_together_worker *s = w->state;
	size_t len = free_together_len(w->cell);

	if (p->how == FREE_TOGETHER_EXIT) {
		if (free_together_fork(w) != 0 || free_together_await(w) != 0)
			return -1;
	} else {
		s->base = vms_map_anon(w->cell, len, p->thp);
		if (s->base == NULL)
			return vms_fail(w, "cannot map %zu bytes", len);
		s->wrong |= free_together_write(w, s->base);
	}
	s->touched += len / w->cell->page_size;
	return (int64_t)(len / w->cell->page_size);
}

/* ---- freeing ------------------------------------------------------------ */

/* Tell the child to end and reap it: its wait status, or -1 with errno. */
static int
free_together_end(struct free_together_worker *s)
{
	pid_t got;
	int status;

	close(s->fd);
	do {
		got = waitpid(s->pid, &status, 0);
	} while (got == -1 && errno == EINTR);
	s->pid = 0;
	return got != -1 ? status : -1;
}

static int64_t
free_together_free(struct vms_worker *w)
{
	const struct free_together_params *p = w->cell->params;
	struct free_together_worker *s = w->state;
	size_t len = free_together_len(w->cell);
	int status;

	if (p->how == FREE_TOGETHER_EXIT) {
		status = free_together_end(s);
		if (status == -1)
			return vms_fail(w, "cannot reap a child");
		errno = 0;
		if (status != 0)
			return vms_fail(w, "a child ended with wait status %d",
			    status);
	} else {
		s->last = s->base;
		s->base = NULL;
		if (munmap(s->last, len) != 0)
			return vms_fail(w, "munmap");
	}
	s->freed += len / w->cell->page_size;
	return (int64_t)(len / w->cell->page_size);
}

static const struct vms_phase free_together_phases[] = {
	{ "touch", "page", free_together_touch, false },
	{ "free", "page", free_together_free, true },
	{ NULL, NULL, NULL, false }
};

/* ---- hooks -------------------------------------------------------------- */

/* Nothing is mapped where the memory was: msync() must not find a page. */
static int
free_together_verify_unmapped(struct vms_worker *w)
{
	const struct free_together_worker *s = w->state;
	size_t page = w->cell->page_size;
	size_t i, pages = free_together_len(w->cell) / page;
	size_t looks = pages < FREE_TOGETHER_LOOKS ? pages :
	    FREE_TOGETHER_LOOKS;
	size_t nth;

	/* From the first page to the last. */
	for (i = 0; i < looks; i++) {
		nth = looks > 1 ? (pages - 1) * i / (looks - 1) : 0;
		if (msync(s->last + nth * page, page, MS_ASYNC) == 0) {
			errno = 0;
			return vms_fail(w, "page %zu is still mapped after "
			    "munmap", nth);
		}
	}
	return 0;
}

static int
free_together_verify(struct vms_worker *w)
{
	const struct free_together_params *p = w->cell->params;
	const struct free_together_worker *s = w->state;
	int status;

	errno = 0;
	if (s->wrong != 0)
		return vms_fail(w, "a page was not zero when it came");
	if (s->touched == 0 || s->touched != s->freed)
		return vms_fail(w, "%llu pages were touched, %llu freed",
		    (unsigned long long)s->touched,
		    (unsigned long long)s->freed);
	if (p->how == FREE_TOGETHER_MUNMAP)
		return free_together_verify_unmapped(w);
	if (waitpid(-1, &status, WNOHANG) == -1 && errno == ECHILD)
		return 0;
	errno = 0;
	return vms_fail(w, "there is a child left at the end");
}

/* Of a launch that was stopped between touch and free. */
static int
free_together_worker_fini(struct vms_worker *w)
{
	struct free_together_worker *s = w->state;

	if (s->base != NULL)
		munmap(s->base, free_together_len(w->cell));
	if (s->pid != 0)
		free_together_end(s);
	return 0;
}

const struct vms_workload vms_workload_free_together = {
	.abi = VMS_ABI,
	.name = "free-together",
	.version = 1,
	.summary = "memory given back by all workers at the same time",
	.kind = VMS_PHASES,
	.unit = "page",
	.modes = VMS_PROCESS | VMS_THREAD,
	.params = free_together_rows,
	.params_size = sizeof(struct free_together_params),
	.worker_size = sizeof(struct free_together_worker),
	.memory = free_together_memory,
	.tasks = free_together_tasks,
	.probe = free_together_probe,
	.phases = free_together_phases,
	.verify = free_together_verify,
	.worker_fini = free_together_worker_fini,
};
