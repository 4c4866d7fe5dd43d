/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One operation of `walk`, the headline, is one page of a shared object that
 * `k` processes have mapped and touched: by one call the worker takes all the
 * pages out of the object (punch, truncate), writes them back (msync) or out
 * (pageout).  Before that, in `map`, one operation is one process made that has
 * touched every page; after it, in `exit`, one is a process that looked whether
 * its pages are what the call must leave, and ended.
 *
 * It stresses the way from a page to all its mappings: the kernel has to find
 * every page-table entry of the page and remove it or make it read-only, in k
 * address spaces, and flush what processors know of them.  Kernels differ most
 * here: a list for each page, a walk of all mappings of the object, locks on
 * either.  With k=1 only the worker maps the object, which is what the call
 * costs by itself.  The mappers have to be processes, so there is no thread
 * mode.  No swap and no privilege is needed.
 *
 * punch and truncate work on memory (where it cannot have a descriptor, on a
 * file); msync and pageout on a file in TMPDIR, so its file system is part of
 * them, and of msync the disk: look how it grows with k and not at one figure.
 * Linux leaves out of a pageout what several processes map: k=1 alone can run.
 * The mappers sleep, so few processors have to be told to forget the page.  The
 * time to wake at the gate is in every phase, and long for a few pages.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "workload.h"

/* All are children of the worker, which then has a list that is not long. */
#define RMAP_WALK_MAX 512
/* The budget is asked about so many processes at a time. */
#define RMAP_WALK_ASK 32
/* A child's kernel memory and first pages, measured on Linux. */
#define RMAP_WALK_CHILD_BYTES (128 * 1024)
/* What each page begins with. */
#define RMAP_WALK_OLD 0x5a

enum {
	RMAP_WALK_PUNCH, RMAP_WALK_TRUNCATE, RMAP_WALK_MSYNC, RMAP_WALK_PAGEOUT
};

struct rmap_walk_params {
	uint64_t k;
	uint64_t pages;
	int how;
};

struct rmap_walk_worker {
	int fd;			/* of the object; -1: none, here and below */
	int hold[2];		/* a child ends when [1] is closed */
	int ready[2];		/* a child says that it has touched */
	volatile unsigned char *base;
	pid_t pid[RMAP_WALK_MAX];
	size_t children;	/* of them */
	bool read_only;		/* touching is reading */
};

static const char *const rmap_walk_how[] = {
	"punch", "truncate", "msync", "pageout", NULL
};

static const struct vms_param rmap_walk_rows[] = {
	{ "k", VMS_COUNT, offsetof(struct rmap_walk_params, k), "64", "1",
	    "512", NULL, "processes that map the object, the worker included" },
	{ "pages", VMS_COUNT, offsetof(struct rmap_walk_params, pages), "64",
	    "1", "100M", NULL, "pages of the object" },
	{ "how", VMS_CHOICE, offsetof(struct rmap_walk_params, how), "punch",
	    NULL, NULL, rmap_walk_how, "what is done to the pages" },
	VMS_PARAMS_END
};

static size_t
rmap_walk_len(const struct vms_cell *c)
{
	const struct rmap_walk_params *p = c->params;

	return p->pages * c->page_size;
}

/* What one more process takes; it has its own page tables for the object. */
static uint64_t
rmap_walk_each(const struct vms_cell *c)
{
	const struct rmap_walk_params *p = c->params;

	return RMAP_WALK_CHILD_BYTES + p->pages * sizeof(void *);
}

static uint64_t
rmap_walk_memory(const struct vms_cell *c)
{
	const struct rmap_walk_params *p = c->params;

	return (uint64_t)c->workers *
	    (rmap_walk_len(c) + p->k * rmap_walk_each(c));
}

static uint64_t
rmap_walk_tasks(const struct vms_cell *c)
{
	const struct rmap_walk_params *p = c->params;

	return (uint64_t)c->workers * p->k;
}

/* The object and the worker's own mapping of it; -1 with errno. */
static int
rmap_walk_open(const struct vms_cell *c, struct rmap_walk_worker *s)
{
	const struct rmap_walk_params *p = c->params;
	bool file = p->how == RMAP_WALK_MSYNC || p->how == RMAP_WALK_PAGEOUT;
	size_t len = rmap_walk_len(c);
	void *base;

	s->base = NULL;
	s->hold[0] = s->hold[1] = s->ready[0] = s->ready[1] = -1;
	s->read_only = p->how == RMAP_WALK_PAGEOUT;
#ifdef MFD_CLOEXEC
	s->fd = file ? vms_temp_file(c, len, RMAP_WALK_OLD) :
	    memfd_create("vmstress", MFD_CLOEXEC);
#else
	s->fd = vms_temp_file(c, len, file ? RMAP_WALK_OLD : VMS_SPARSE);
#endif
	if (s->fd == -1 || ftruncate(s->fd, (off_t)len) != 0)
		return -1;
	base = mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_SHARED, s->fd, 0);
	if (base == MAP_FAILED)
		return -1;
	s->base = base;
	return 0;
}

/* All write the same, so that none can tell who was first. */
static void
rmap_walk_touch(const struct vms_cell *c, const struct rmap_walk_worker *s)
{
	size_t at, len = rmap_walk_len(c);

	for (at = 0; at < len; at += c->page_size) {
		if (s->read_only)
			(void)s->base[at];
		else
			s->base[at] = RMAP_WALK_OLD;
	}
}

/* Does this mapping show what the walk must leave? */
static bool
rmap_walk_is_right(const struct vms_cell *c, const struct rmap_walk_worker *s)
{
	const struct rmap_walk_params *p = c->params;
	bool kept = p->how == RMAP_WALK_MSYNC || p->how == RMAP_WALK_PAGEOUT;
	size_t at, len = rmap_walk_len(c);

	for (at = 0; at < len; at += c->page_size)
		if (s->base[at] != (kept ? RMAP_WALK_OLD : 0))
			return false;
	return true;
}

/* The operation; -1 with errno. */
static int
rmap_walk_call(const struct vms_cell *c, const struct rmap_walk_worker *s)
{
	const struct rmap_walk_params *p = c->params;
	size_t len = rmap_walk_len(c);

	switch (p->how) {
#ifdef FALLOC_FL_PUNCH_HOLE
	case RMAP_WALK_PUNCH:
		return fallocate(s->fd, FALLOC_FL_PUNCH_HOLE |
		    FALLOC_FL_KEEP_SIZE, 0, (off_t)len);
#endif
	case RMAP_WALK_TRUNCATE:
		return ftruncate(s->fd, 0);
	case RMAP_WALK_MSYNC:
		return msync((void *)s->base, len, MS_SYNC);
#ifdef MADV_PAGEOUT
	case RMAP_WALK_PAGEOUT:
		return madvise((void *)s->base, len, MADV_PAGEOUT);
#endif
	default:
		errno = ENOTSUP;
		return -1;
	}
}

/* How many pages of the object are in memory, for all that can be told. */
static int64_t
rmap_walk_resident(const struct vms_cell *c, const struct rmap_walk_worker *s)
{
	size_t at, len = rmap_walk_len(c), page = c->page_size;
	int64_t n = 0;
	char in;

	for (at = 0; at < len; at += page)
		n += mincore((void *)(s->base + at), page, (void *)&in) != 0 ||
		    (in & 1) != 0;
	return n;
}

static void
rmap_walk_shut(int *fd)
{
	if (*fd != -1)
		close(*fd);
	*fd = -1;
}

/*
 * A child; it ends when the worker closes its end of the pipe, or ends.  The
 * state is shared with the worker, which forgets its descriptors there while
 * the child still needs its own.
 */
static _Noreturn void
rmap_walk_child(const struct vms_cell *c, const struct rmap_walk_worker *s,
    int hold, int ready)
{
	char byte = 0;
	ssize_t n;

	rmap_walk_touch(c, s);
	if (write(ready, &byte, 1) != 1)
		_exit(2);
	close(ready);
	do {
		n = read(hold, &byte, 1);
	} while (n == -1 && errno == EINTR);
	_exit(n == 0 && rmap_walk_is_right(c, s) ? 0 : 1);
}

/* One more, or -1 with errno. */
static int
rmap_walk_fork(const struct vms_cell *c, struct rmap_walk_worker *s)
{
	int hold = s->hold[0], end = s->hold[1], ready = s->ready[1];
	pid_t pid = fork();

	if (pid == 0) {
		close(end);
		rmap_walk_child(c, s, hold, ready);
	}
	if (pid == -1)
		return -1;
	s->pid[s->children++] = pid;
	return 0;
}

/* Until every child has touched its pages; -1 if one has ended instead. */
static int
rmap_walk_await(struct rmap_walk_worker *s)
{
	char bytes[64];
	size_t got = 0;
	ssize_t n;

	/* With our own end closed, the end of the last child is seen. */
	rmap_walk_shut(&s->ready[1]);
	while (got < s->children) {
		n = read(s->ready[0], bytes, sizeof(bytes));
		if (n == 0 || (n == -1 && errno != EINTR))
			return -1;
		got += n > 0 ? (size_t)n : 0;
	}
	return 0;
}

/* Tell all to end, wait for it; how many did not end well, by their word. */
static size_t
rmap_walk_end(const struct vms_cell *c, struct rmap_walk_worker *s)
{
	const struct rmap_walk_params *p = c->params;
	size_t i, bad = 0;
	int status;
	pid_t got;

	/* They must not find the end of the object when they look. */
	if (s->fd != -1 && p->how == RMAP_WALK_TRUNCATE &&
	    ftruncate(s->fd, (off_t)rmap_walk_len(c)) != 0)
		bad++;
	rmap_walk_shut(&s->hold[0]);
	rmap_walk_shut(&s->hold[1]);
	rmap_walk_shut(&s->ready[0]);
	rmap_walk_shut(&s->ready[1]);
	for (i = 0; i < s->children; i++) {
		do {
			got = waitpid(s->pid[i], &status, 0);
		} while (got == -1 && errno == EINTR);
		bad += got != s->pid[i] || status != 0;
	}
	s->children = 0;
	return bad;
}

/* The end of everything, whatever there is. */
static void
rmap_walk_close(const struct vms_cell *c, struct rmap_walk_worker *s)
{
	rmap_walk_end(c, s);
	if (s->base != NULL)
		munmap((void *)s->base, rmap_walk_len(c));
	rmap_walk_shut(&s->fd);
}

static int64_t
rmap_walk_map(struct vms_worker *w)
{
	const struct rmap_walk_params *p = w->cell->params;
	struct rmap_walk_worker *s = w->state;
	int64_t there;
	int errnum = 0;
	bool room = true;

	if (pipe(s->hold) != 0 || pipe(s->ready) != 0)
		return vms_fail(w, "cannot make a pipe");
	rmap_walk_touch(w->cell, s);
	while (s->children + 1 < p->k && !vms_stopping(w) && room &&
	    errnum == 0) {
		if (s->children % RMAP_WALK_ASK == 0)
			room = vms_room(w->cell, RMAP_WALK_ASK *
			    rmap_walk_each(w->cell));
		if (room && rmap_walk_fork(w->cell, s) != 0)
			errnum = errno;
	}
	if (rmap_walk_await(s) != 0) {
		errno = 0;
		return vms_fail(w, "a process ended before it was ready");
	}
	there = (int64_t)s->children + 1;
	if (!room)
		vms_partial(w, (int64_t)p->k, there, "memory budget");
	else if (errnum != 0)
		vms_refused(w, (int64_t)p->k, there, "fork", errnum);
	return there;
}

static int64_t
rmap_walk_walk(struct vms_worker *w)
{
	const struct rmap_walk_params *p = w->cell->params;
	const struct rmap_walk_worker *s = w->state;
	int64_t left;

	if (rmap_walk_call(w->cell, s) != 0)
		return vms_fail(w, "%s", rmap_walk_how[p->how]);
	if (p->how != RMAP_WALK_PAGEOUT)
		return (int64_t)p->pages;
	/* It may leave pages out without a word. */
	left = rmap_walk_resident(w->cell, s);
	errno = 0;
	if (left == (int64_t)p->pages)
		return vms_fail(w, "pageout left all pages in memory");
	return (int64_t)p->pages - left;
}

static int64_t
rmap_walk_exit(struct vms_worker *w)
{
	const struct rmap_walk_params *p = w->cell->params;
	struct rmap_walk_worker *s = w->state;
	int64_t ops = (int64_t)s->children + 1;
	size_t bad = rmap_walk_end(w->cell, s);

	bad += !rmap_walk_is_right(w->cell, s);
	errno = 0;
	if (bad != 0)
		return vms_fail(w, "%zu of %lld processes do not see in their "
		    "pages what %s must leave", bad, (long long)ops,
		    rmap_walk_how[p->how]);
	return ops;
}

static const struct vms_phase rmap_walk_phases[] = {
	{ "map", "process", rmap_walk_map, false },
	{ "walk", "page", rmap_walk_walk, true },
	{ "exit", "process", rmap_walk_exit, false },
	{ NULL, NULL, NULL, false }
};

/* One child stands for all: does it keep the pages in memory? */
static int
rmap_walk_probe_pageout(struct vms_cell *c, struct rmap_walk_worker *s)
{
	const struct rmap_walk_params *p = c->params;

	if (pipe(s->hold) != 0 || pipe(s->ready) != 0)
		return vms_cell_fail(c, "cannot make a pipe");
	rmap_walk_touch(c, s);
	if (p->k > 1 && rmap_walk_fork(c, s) != 0)
		return vms_cell_fail(c, "cannot fork");
	if (rmap_walk_await(s) != 0 || rmap_walk_call(c, s) != 0)
		return vms_skip(c, "how=pageout does not work here: %s",
		    strerror(errno));
	if (rmap_walk_resident(c, s) != (int64_t)p->pages)
		return 0;
	return vms_skip(c, "pageout keeps in memory what several processes "
	    "map, and files in memory: only k=1 with a TMPDIR on a disk could "
	    "work, this is k=%llu in %s", (unsigned long long)p->k, c->tmpdir);
}

/*
 * msync() has to make the pages read-only, to notice the next write: a write
 * that does not fault after it tells that nothing was done (tmpfs).
 */
static int
rmap_walk_probe_how(struct vms_cell *c, struct rmap_walk_worker *s)
{
	const struct rmap_walk_params *p = c->params;
	struct rusage before, after;

	if (p->how == RMAP_WALK_PAGEOUT)
		return rmap_walk_probe_pageout(c, s);
	rmap_walk_touch(c, s);
	if (rmap_walk_call(c, s) != 0)
		return vms_skip(c, "how=%s does not work here: %s",
		    rmap_walk_how[p->how], strerror(errno));
	if (p->how != RMAP_WALK_MSYNC || getrusage(RUSAGE_SELF, &before) != 0)
		return 0;
	rmap_walk_touch(c, s);
	if (getrusage(RUSAGE_SELF, &after) == 0 &&
	    after.ru_minflt == before.ru_minflt)
		return vms_skip(c, "msync() does nothing to files in %s (set "
		    "TMPDIR to a directory on a disk)", c->tmpdir);
	return 0;
}

static int
rmap_walk_probe(struct vms_cell *c)
{
	struct rmap_walk_worker s = { 0 };
	int rc;

	if (!vms_room(c, (uint64_t)c->workers * rmap_walk_len(c)))
		return vms_skip(c, "no memory to spare for so many pages");
	if (rmap_walk_open(c, &s) != 0)
		rc = vms_skip(c, "cannot make an object of %zu bytes: %s",
		    rmap_walk_len(c), strerror(errno));
	else
		rc = rmap_walk_probe_how(c, &s);
	rmap_walk_close(c, &s);
	return rc;
}

static int
rmap_walk_worker_init(struct vms_worker *w)
{
	if (rmap_walk_open(w->cell, w->state) != 0)
		return vms_fail(w, "cannot make an object of %zu bytes",
		    rmap_walk_len(w->cell));
	return 0;
}

/* The children judged each round when they ended; none of them is left. */
static int
rmap_walk_verify(struct vms_worker *w)
{
	const struct rmap_walk_worker *s = w->state;
	int status;

	if (waitpid(-1, &status, WNOHANG) != -1)
		return vms_fail(w, "there is a process left at the end");
	errno = 0;
	if (!rmap_walk_is_right(w->cell, s))
		return vms_fail(w, "the object holds what it should not");
	return 0;
}

static int
rmap_walk_worker_fini(struct vms_worker *w)
{
	rmap_walk_close(w->cell, w->state);
	return 0;
}

const struct vms_workload vms_workload_rmap_walk = {
	.abi = VMS_ABI,
	.name = "rmap-walk",
	.version = 1,
	.summary = "finding all mappings of pages that many processes share",
	.kind = VMS_PHASES,
	.unit = "page",
	.modes = VMS_PROCESS,
	.params = rmap_walk_rows,
	.params_size = sizeof(struct rmap_walk_params),
	.worker_size = sizeof(struct rmap_walk_worker),
	.memory = rmap_walk_memory,
	.tasks = rmap_walk_tasks,
	.probe = rmap_walk_probe,
	.worker_init = rmap_walk_worker_init,
	.phases = rmap_walk_phases,
	.verify = rmap_walk_verify,
	.worker_fini = rmap_walk_worker_fini,
};
