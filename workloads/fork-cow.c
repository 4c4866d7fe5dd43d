/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One operation of `fork` is one child created that has come to a gate, where
 * it stays; of `cow`, the first write of a child to one page that its parent
 * has touched before the fork; of `rmap`, one such copied page reclaimed by
 * MADV_PAGEOUT; of `exit`, one child gone and reaped.  In `cow` and `rmap` all
 * children of all workers are at it at once, one call of madvise() each.
 *
 * The parent keeps its pages, so every first write is a fault that copies.  The
 * pages of a family hang on one tree of reverse maps, which every fork, every
 * copy and every exit changes, and which reclaim has to walk.  The shape tells
 * what grows: `siblings` makes the tree wide, with at most 100 children to a
 * parent (the first of each hundred, itself one of them, forks the others);
 * in a `chain` each child forks the next, which makes it deep, and it ends from
 * its tail, each link waiting for the next.  With `near` same the family of a
 * worker shares one CPU, with free it may fill the machine.
 *
 * `rmap` without swap reclaims nothing: it has 0 operations then, and a reason,
 * but no time.  Only pages that mincore() finds gone are counted; looking is a
 * part of the phase, as is a look of each child at a few of its pages.  With
 * huge pages a copy may be of another size than a page.  `fork` becomes slower
 * with `pages`, since page tables are copied, and in a chain with every link.
 * Memory that runs short brings reclaim into phases that are not about it.
 */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "workload.h"

/* Absent from headers of other systems, which have no /proc/swaps either. */
#ifndef MADV_PAGEOUT
#define MADV_PAGEOUT 21
#endif

/* Children of one parent: every wait() walks through them. */
#define FORK_COW_GROUP 100
/* A blocked child of a static program, measured on Linux. */
#define FORK_COW_CHILD_BYTES (128 * 1024)
/* A link of a chain has a node for each link before it in every mapping. */
#define FORK_COW_LINK_BYTES (8 * 64)
/* How many written and unwritten pages a child looks at. */
#define FORK_COW_SAMPLE 16
/* How often a waiting process looks around, milliseconds. */
#define FORK_COW_LOOK 200
#define FORK_COW_LOOK_CHILD 2000
/* The population is still growing. */
#define FORK_COW_UNKNOWN UINT64_MAX

struct fork_cow_params {
	uint64_t children;
	uint64_t pages;
	double written;
	int shape;
	int pattern;
	int near;
	int thp;
};

enum fork_cow_shape { FORK_COW_SIBLINGS, FORK_COW_CHAIN };
enum fork_cow_pattern { FORK_COW_SEQ, FORK_COW_RAND };

/* In the order in which children come to them. */
enum fork_cow_gate {
	FORK_COW_WRITE, FORK_COW_RECLAIM, FORK_COW_LEAVE, FORK_COW_GATES
};

/* In memory that a worker shares with its population. */
struct fork_cow_shared {
	/* Children that have come to the next gate. */
	_Alignas(128) _Atomic uint64_t arrived;
	/* How many there are; who makes it full wakes the worker. */
	_Alignas(128) _Atomic uint64_t target;
	_Atomic uint32_t opened;	/* gates; the others were lost */
	_Atomic uint64_t made;
	_Atomic int errnum;		/* of the fork that failed, or 0 */
	_Atomic bool no_room;
	_Atomic int reclaim_errnum;	/* of the madvise that failed, or 0 */
	_Alignas(128) _Atomic uint64_t copied;
	_Alignas(128) _Atomic uint64_t reclaimed;
	_Alignas(128) _Atomic uint64_t checked;	/* children, all rounds */
};

struct fork_cow_worker {
	struct fork_cow_shared *shared;
	unsigned char *pages;
	uint32_t *order;		/* the pages to be written come first */
	unsigned char *resident;	/* for mincore() */
	uint64_t written;		/* pages that each child writes */
	bool swap;
	/* Of this round; not changed while its children live. */
	int gate[FORK_COW_GATES][2];	/* a gate opens by end of file */
	int news[2];			/* wakes the worker */
	int turn[2];			/* wakes the builder */
	void *builder;			/* NULL: there is no population */
	/* The worker's own. */
	int opened;			/* gates whose write end is closed */
	uint64_t made, children;	/* in this round, in all rounds */
};

static const char *const fork_cow_shapes[] = { "siblings", "chain", NULL };
static const char *const fork_cow_patterns[] = { "seq", "rand", NULL };
/* The first two of enum vms_near: there is no one partner to be placed. */
static const char *const fork_cow_near[] = { "free", "same", NULL };
static const char *const fork_cow_thp[] = VMS_THP_CHOICES;

static const struct vms_param fork_cow_rows[] = {
	{ "children", VMS_COUNT, offsetof(struct fork_cow_params, children),
	    "1000", "1", "1M", NULL, "children of each worker, alive at once" },
	{ "pages", VMS_COUNT, offsetof(struct fork_cow_params, pages), "1000",
	    "1", "1G", NULL, "touched pages that a child inherits" },
	{ "written", VMS_PERCENT, offsetof(struct fork_cow_params, written),
	    "100%", "0%", "100%", NULL, "share of them that a child writes" },
	{ "shape", VMS_CHOICE, offsetof(struct fork_cow_params, shape),
	    "siblings", NULL, NULL, fork_cow_shapes,
	    "all from one parent, or each child forks the next" },
	{ "pattern", VMS_CHOICE, offsetof(struct fork_cow_params, pattern),
	    "seq", NULL, NULL, fork_cow_patterns,
	    "order in which pages are written" },
	{ "near", VMS_CHOICE, offsetof(struct fork_cow_params, near), "free",
	    NULL, NULL, fork_cow_near,
	    "children where the scheduler puts them, or on the worker's CPU" },
	VMS_THP_PARAM(struct fork_cow_params, thp, fork_cow_thp),
	VMS_PARAMS_END
};

static uint64_t
fork_cow_written(const struct fork_cow_params *p)
{
	return (uint64_t)((double)p->pages * p->written + 0.5);
}

/* What one child takes in the end. */
static uint64_t
fork_cow_child_bytes(const struct vms_cell *c)
{
	const struct fork_cow_params *p = c->params;

	return FORK_COW_CHILD_BYTES + p->pages * sizeof(void *) +
	    fork_cow_written(p) * c->page_size;
}

/* What the reverse maps of a chain of so many links take. */
static uint64_t
fork_cow_chain_bytes(const struct vms_cell *c, uint64_t links)
{
	const struct fork_cow_params *p = c->params;

	return p->shape == FORK_COW_CHAIN ?
	    links * links / 2 * FORK_COW_LINK_BYTES : 0;
}

static uint64_t
fork_cow_memory(const struct vms_cell *c)
{
	const struct fork_cow_params *p = c->params;

	return (uint64_t)c->workers * (p->pages * (c->page_size + 5) +
	    p->children * fork_cow_child_bytes(c) +
	    fork_cow_chain_bytes(c, p->children));
}

/* A worker, the builder of its population, and the population. */
static uint64_t
fork_cow_tasks(const struct vms_cell *c)
{
	const struct fork_cow_params *p = c->params;

	return (uint64_t)c->workers * (p->children + 2);
}

/* ---- pages ------------------------------------------------------------- */

static uint64_t *
fork_cow_word(const struct vms_worker *w, uint64_t page)
{
	const struct fork_cow_worker *s = w->state;

	return (uint64_t *)(void *)(s->pages + page * w->cell->page_size);
}

/* What an owner leaves in a page; the worker is 0, children count from 1. */
static uint64_t
fork_cow_stamp(uint64_t owner, uint64_t page)
{
	return owner << 32 | (page + 1);
}

/* The i-th of the listed pages is the child's own or still the parent's. */
static int
fork_cow_check_page(struct vms_worker *w, uint64_t child, uint64_t i)
{
	const struct fork_cow_worker *s = w->state;
	uint64_t page = s->order[i];
	uint64_t owner = i < s->written ? child : 0;
	uint64_t got = *fork_cow_word(w, page);

	errno = 0;
	if (got == fork_cow_stamp(owner, page))
		return 0;
	return vms_fail(w, "page %llu of child %llu holds %#llx, not %#llx",
	    (unsigned long long)page, (unsigned long long)child,
	    (unsigned long long)got,
	    (unsigned long long)fork_cow_stamp(owner, page));
}

/* A few from first to last of the listed pages [from, to). */
static int
fork_cow_check_some(struct vms_worker *w, uint64_t child, uint64_t from,
    uint64_t to)
{
	uint64_t i, n = to - from < FORK_COW_SAMPLE ? to - from :
	    FORK_COW_SAMPLE;

	for (i = 0; i < n; i++)
		if (fork_cow_check_page(w, child,
		    from + (to - from - 1) * i / (n > 1 ? n - 1 : 1)) != 0)
			return -1;
	return 0;
}

/* Everybody has written, and everybody sees nothing but what it wrote. */
static int
fork_cow_check(struct vms_worker *w, uint64_t child)
{
	const struct fork_cow_params *p = w->cell->params;
	const struct fork_cow_worker *s = w->state;

	if (fork_cow_check_some(w, child, 0, s->written) != 0 ||
	    fork_cow_check_some(w, child, s->written, p->pages) != 0)
		return -1;
	atomic_fetch_add(&s->shared->checked, 1);
	return 0;
}

static int
fork_cow_write(struct vms_worker *w, uint64_t child)
{
	const struct fork_cow_worker *s = w->state;
	uint64_t i;

	for (i = 0; i < s->written && !vms_stopping(w); i++)
		*fork_cow_word(w, s->order[i]) =
		    fork_cow_stamp(child, s->order[i]);
	atomic_fetch_add(&s->shared->copied, i);
	return 0;
}

/* Pages that are still shared are left where they are by the kernel. */
static int
fork_cow_reclaim(struct vms_worker *w, uint64_t child)
{
	const struct fork_cow_params *p = w->cell->params;
	const struct fork_cow_worker *s = w->state;
	uint64_t i, gone = 0, len = p->pages * w->cell->page_size;

	if (fork_cow_check(w, child) != 0)
		return -1;
	if (!s->swap)
		return 0;
	if (madvise(s->pages, len, MADV_PAGEOUT) != 0) {
		atomic_store(&s->shared->reclaim_errnum, errno);
		return 0;
	}
	if (mincore(s->pages, len, (void *)s->resident) != 0)
		return vms_fail(w, "cannot ask what is in memory");
	for (i = 0; i < s->written; i++)
		gone += (s->resident[s->order[i]] & 1) == 0;
	atomic_fetch_add(&s->shared->reclaimed, gone);
	return 0;
}

/* ---- in the population ------------------------------------------------- */

/*
 * Wait until a pipe has something to read or its end: 1; 0 when the launch is
 * over; -1 after vms_fail() when a child of this process has ended meanwhile.
 * It does not sleep in wait(): that costs every exiting child a walk.
 */
static int
fork_cow_hear(struct vms_worker *w, int fd, int look_ms)
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
		return vms_fail(w, "process %ld of the population ended before "
		    "its time, with wait status %d", (long)pid, status);
	}
	return 1;
}

static void
fork_cow_ring(int fd)
{
	while (write(fd, "!", 1) == -1 && errno == EINTR)
		continue;
}

static void
fork_cow_arrive(const struct fork_cow_worker *s)
{
	struct fork_cow_shared *sh = s->shared;

	if (atomic_fetch_add(&sh->arrived, 1) + 1 == atomic_load(&sh->target))
		fork_cow_ring(s->news[1]);
}

/* Nobody forks any more. */
static void
fork_cow_built(const struct fork_cow_worker *s)
{
	struct fork_cow_shared *sh = s->shared;
	uint64_t made = atomic_load(&sh->made);

	atomic_store(&sh->target, made);
	if (atomic_load(&sh->arrived) == made)
		fork_cow_ring(s->news[1]);
}

/* The whole population ends well, or the launch fails. */
static int
fork_cow_reap(struct vms_worker *w)
{
	int status, rc = 0;
	pid_t pid;

	while ((pid = waitpid(-1, &status, 0)) != -1 || errno == EINTR) {
		if (pid == -1 || status == 0)
			continue;
		errno = 0;
		rc = vms_fail(w, "a child ended with wait status %d", status);
	}
	return rc;
}

/* From gate to gate.  A gate that is gone without being opened is the end. */
static int
fork_cow_child(struct vms_worker *w, uint64_t child, bool parent)
{
	static int (*const work[FORK_COW_GATES])(struct vms_worker *,
	    uint64_t) = { fork_cow_write, fork_cow_reclaim, NULL };
	const struct fork_cow_worker *s = w->state;
	int g, rc = 0;

	for (g = 0; g < FORK_COW_GATES && rc == 0; g++) {
		fork_cow_arrive(s);
		rc = fork_cow_hear(w, s->gate[g][0],
		    parent ? FORK_COW_LOOK_CHILD : -1);
		if (rc != 1 || atomic_load(&s->shared->opened) <= (uint32_t)g)
			break;
		rc = work[g] != NULL ? work[g](w, child) : 0;
	}
	return parent && fork_cow_reap(w) != 0 ? -1 : rc < 0 ? -1 : 0;
}

/*
 * May there be so many more?  The pages that those there are will copy are
 * not taken yet, nor are those of the other workers' families.
 */
static bool
fork_cow_may_grow(struct vms_worker *w, uint64_t made, uint64_t more)
{
	const struct fork_cow_worker *s = w->state;
	const struct vms_cell *c = w->cell;
	uint64_t later = made * s->written * c->page_size;

	if (vms_stopping(w))
		return false;
	if (vms_room(c, (uint64_t)c->workers * (later +
	    more * fork_cow_child_bytes(c) +
	    fork_cow_chain_bytes(c, made + more) -
	    fork_cow_chain_bytes(c, made))))
		return true;
	atomic_store(&s->shared->no_room, true);
	return false;
}

/* The first of a group forks the others, then it is a child as they are. */
static int
fork_cow_lead(struct vms_worker *w, uint64_t first, uint64_t n)
{
	const struct fork_cow_worker *s = w->state;
	uint64_t i;
	pid_t pid;

	for (i = 1; i < n && !vms_stopping(w); i++) {
		pid = fork();
		if (pid == 0)
			_exit(fork_cow_child(w, first + i, false) != 0);
		if (pid == -1) {
			atomic_store(&s->shared->errnum, errno);
			break;
		}
	}
	atomic_fetch_add(&s->shared->made, i);
	fork_cow_ring(s->turn[1]);
	return fork_cow_child(w, first, true);
}

/* One group after the other: one process forks at a time. */
static int
fork_cow_siblings(struct vms_worker *w)
{
	const struct fork_cow_params *p = w->cell->params;
	const struct fork_cow_worker *s = w->state;
	struct fork_cow_shared *sh = s->shared;
	uint64_t made, n;
	int rc = 1;
	char byte;
	pid_t pid;

	while (rc == 1 && (made = atomic_load(&sh->made)) < p->children &&
	    atomic_load(&sh->errnum) == 0) {
		n = p->children - made < FORK_COW_GROUP ? p->children - made :
		    FORK_COW_GROUP;
		if (!fork_cow_may_grow(w, made, n))
			break;
		pid = fork();
		if (pid == 0)
			_exit(fork_cow_lead(w, made + 1, n) != 0);
		if (pid == -1) {
			atomic_store(&sh->errnum, errno);
			break;
		}
		rc = fork_cow_hear(w, s->turn[0], FORK_COW_LOOK);
		if (rc == 1 && read(s->turn[0], &byte, 1) != 1)
			rc = vms_fail(w, "cannot read from a pipe");
	}
	fork_cow_built(s);
	return rc;
}

/*
 * Each turn of the loop is taken by the process that the turn before has made.
 * Returns in all of them the number of the link, 0 for the builder.
 */
static uint64_t
fork_cow_chain(struct vms_worker *w)
{
	const struct fork_cow_params *p = w->cell->params;
	const struct fork_cow_worker *s = w->state;
	uint64_t link = 0;
	pid_t pid = 0;

	while (pid == 0 && link < p->children &&
	    (link % FORK_COW_GROUP != 0 ? !vms_stopping(w) :
	    fork_cow_may_grow(w, link, FORK_COW_GROUP))) {
		pid = fork();
		if (pid == 0)
			atomic_store(&s->shared->made, ++link);
		if (pid == -1)
			atomic_store(&s->shared->errnum, errno);
	}
	if (pid <= 0)
		fork_cow_built(s);
	return link;
}

/* The builder does not count: it makes the population and sees its end. */
static int
fork_cow_builder(void *arg)
{
	struct vms_worker *w = arg;
	const struct fork_cow_params *p = w->cell->params;
	const struct fork_cow_worker *s = w->state;
	uint64_t link = 0;
	int g, rc = 1;

	for (g = 0; g < FORK_COW_GATES; g++)
		close(s->gate[g][1]);
	close(s->news[0]);
	if (p->shape == FORK_COW_CHAIN)
		link = fork_cow_chain(w);
	else
		rc = fork_cow_siblings(w);
	if (link > 0)
		return fork_cow_child(w, link, true);
	if (rc == 1)
		rc = fork_cow_hear(w, s->gate[FORK_COW_LEAVE][0],
		    FORK_COW_LOOK);
	return fork_cow_reap(w) != 0 || rc < 0 ? -1 : 0;
}

/* ---- phases ------------------------------------------------------------ */

/* Until all children stand before the next gate: as fork_cow_hear(). */
static int
fork_cow_await(struct vms_worker *w)
{
	const struct fork_cow_worker *s = w->state;
	struct fork_cow_shared *sh = s->shared;
	char bytes[16];
	int rc = 1;

	while (rc == 1 &&
	    atomic_load(&sh->arrived) != atomic_load(&sh->target)) {
		rc = fork_cow_hear(w, s->news[0], FORK_COW_LOOK);
		errno = 0;
		if (rc == 1 && read(s->news[0], bytes, sizeof(bytes)) <= 0)
			rc = vms_fail(w, "the population is gone");
	}
	return rc;
}

static void
fork_cow_open(struct fork_cow_worker *s, enum fork_cow_gate g)
{
	atomic_store(&s->shared->arrived, 0);
	atomic_store(&s->shared->opened, (uint32_t)g + 1);
	close(s->gate[g][1]);
	s->opened = (int)g + 1;
}

/* Everybody leaves, by the gates that were not opened if need be. */
static int
fork_cow_end(struct vms_worker *w)
{
	struct fork_cow_worker *s = w->state;
	int rc;

	for (; s->opened < FORK_COW_GATES; s->opened++)
		close(s->gate[s->opened][1]);
	rc = vms_task_join(w, s->builder);
	s->builder = NULL;
	close(s->news[0]);
	return rc;
}

static int
fork_cow_pipes(struct fork_cow_worker *s)
{
	int g;

	for (g = 0; g < FORK_COW_GATES; g++)
		if (pipe(s->gate[g]) != 0)
			return -1;
	return pipe(s->news) != 0 || pipe(s->turn) != 0 ? -1 : 0;
}

static void
fork_cow_close_theirs(const struct fork_cow_worker *s)
{
	int g;

	for (g = 0; g < FORK_COW_GATES; g++)
		close(s->gate[g][0]);
	close(s->news[1]);
	close(s->turn[0]);
	close(s->turn[1]);
}

static void
fork_cow_begin(struct fork_cow_worker *s)
{
	struct fork_cow_shared *sh = s->shared;

	atomic_store(&sh->arrived, 0);
	atomic_store(&sh->target, FORK_COW_UNKNOWN);
	atomic_store(&sh->opened, 0);
	atomic_store(&sh->made, 0);
	atomic_store(&sh->errnum, 0);
	atomic_store(&sh->no_room, false);
	atomic_store(&sh->copied, 0);
	atomic_store(&sh->reclaimed, 0);
	s->opened = 0;
}

/* Limits of processes look alike: say the one that can be asked for. */
static void
fork_cow_say_limit(struct vms_worker *w)
{
	const struct fork_cow_params *p = w->cell->params;
	const struct fork_cow_worker *s = w->state;
	int errnum = atomic_load(&s->shared->errnum);
	struct rlimit rl = { 0 };

	if (s->made == p->children)
		return;
	if (errnum == 0) {
		vms_partial(w, (int64_t)p->children, (int64_t)s->made,
		    atomic_load(&s->shared->no_room) ? "memory budget" :
		    "stopped");
		return;
	}
	getrlimit(RLIMIT_NPROC, &rl);
	vms_partial(w, (int64_t)p->children, (int64_t)s->made,
	    "fork: %s (RLIMIT_NPROC is %lld; limits of the system and of a "
	    "cgroup look the same)", strerror(errnum), (long long)rl.rlim_cur);
}

static int64_t
fork_cow_fork(struct vms_worker *w)
{
	const struct fork_cow_params *p = w->cell->params;
	struct fork_cow_worker *s = w->state;
	int rc;

	fork_cow_begin(s);
	if (fork_cow_pipes(s) != 0)
		return vms_fail(w, "cannot make the pipes of a population");
	s->builder = vms_task_start(w, fork_cow_builder, w,
	    p->near == VMS_NEAR_SAME ? w->cpu : -1);
	if (s->builder == NULL)
		return -1;
	fork_cow_close_theirs(s);
	rc = fork_cow_await(w);
	s->made = atomic_load(&s->shared->made);
	s->children += s->made;
	fork_cow_say_limit(w);
	return rc < 0 ? -1 : (int64_t)s->made;
}

static int64_t
fork_cow_cow(struct vms_worker *w)
{
	struct fork_cow_worker *s = w->state;

	fork_cow_open(s, FORK_COW_WRITE);
	if (fork_cow_await(w) < 0)
		return -1;
	return (int64_t)atomic_load(&s->shared->copied);
}

static int64_t
fork_cow_rmap(struct vms_worker *w)
{
	struct fork_cow_worker *s = w->state;
	struct fork_cow_shared *sh = s->shared;
	int64_t asked, got;

	fork_cow_open(s, FORK_COW_RECLAIM);
	if (fork_cow_await(w) < 0)
		return -1;
	asked = (int64_t)(s->made * s->written);
	got = (int64_t)atomic_load(&sh->reclaimed);
	if (!s->swap)
		vms_partial(w, asked, got, "unsupported: no swap");
	else if (atomic_load(&sh->reclaim_errnum) != 0)
		vms_partial(w, asked, got, "unsupported: MADV_PAGEOUT: %s",
		    strerror(atomic_load(&sh->reclaim_errnum)));
	else if (got < asked)
		vms_partial(w, asked, got, "the kernel kept the others (is "
		    "the swap full?)");
	return got;
}

static int64_t
fork_cow_exit(struct vms_worker *w)
{
	struct fork_cow_worker *s = w->state;

	fork_cow_open(s, FORK_COW_LEAVE);
	return fork_cow_end(w) != 0 ? -1 : (int64_t)s->made;
}

static const struct vms_phase fork_cow_phases[] = {
	{ "fork", "child", fork_cow_fork, false },
	{ "cow", "page", fork_cow_cow, true },
	{ "rmap", "page", fork_cow_rmap, false },
	{ "exit", "child", fork_cow_exit, false },
	{ NULL, NULL, NULL, false }
};

/* ---- hooks ------------------------------------------------------------- */

/* A heading and a line for each device; no such file, no such devices. */
static bool
fork_cow_have_swap(void)
{
	FILE *f = fopen("/proc/swaps", "r");
	char line[512];
	int lines = 0;

	if (f == NULL)
		return false;
	while (fgets(line, sizeof(line), f) != NULL)
		lines++;
	fclose(f);
	return lines > 1;
}

/* Not so for a fork: what it is refused is told by the phase. */
static int
fork_cow_probe(struct vms_cell *c)
{
	const struct fork_cow_params *p = c->params;
	size_t len = p->pages * c->page_size;
	void *pages;

	if (p->pages > UINT32_MAX)
		return vms_skip(c, "pages=%llu: there are at most %lu",
		    (unsigned long long)p->pages, (unsigned long)UINT32_MAX);
	pages = vms_map_anon(c, len, p->thp);
	if (pages == NULL)
		return vms_skip(c, "cannot map %zu bytes with thp=%s: %s", len,
		    fork_cow_thp[p->thp], strerror(errno));
	munmap(pages, len);
	return 0;
}

/* The same order in all workers and launches: xorshift, shuffled. */
static void
fork_cow_shuffle(uint32_t *order, uint64_t n)
{
	uint64_t i, j, x = 88172645463325252u;
	uint32_t swap;

	for (i = n - 1; i > 0; i--) {
		x ^= x << 13;
		x ^= x >> 7;
		x ^= x << 17;
		j = x % (i + 1);
		swap = order[i];
		order[i] = order[j];
		order[j] = swap;
	}
}

static int
fork_cow_worker_init(struct vms_worker *w)
{
	const struct fork_cow_params *p = w->cell->params;
	struct fork_cow_worker *s = w->state;
	uint64_t i;

	s->shared = mmap(NULL, sizeof(*s->shared), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANON, -1, 0);
	if (s->shared == MAP_FAILED)
		return vms_fail(w, "cannot map shared memory");
	s->pages = vms_map_anon(w->cell, p->pages * w->cell->page_size, p->thp);
	if (s->pages == NULL)
		return vms_fail(w, "cannot map the pages of the parent");
	s->order = calloc(p->pages, sizeof(*s->order));
	s->resident = calloc(p->pages, 1);
	if (s->order == NULL || s->resident == NULL)
		return vms_fail(w, "cannot allocate a list of pages");
	s->written = fork_cow_written(p);
	s->swap = fork_cow_have_swap();
	for (i = 0; i < p->pages; i++) {
		s->order[i] = (uint32_t)i;
		*fork_cow_word(w, i) = fork_cow_stamp(0, i);
	}
	if (p->pattern == FORK_COW_RAND)
		fork_cow_shuffle(s->order, p->pages);
	return 0;
}

/* No write of a child has reached the parent, and every child has looked. */
static int
fork_cow_verify(struct vms_worker *w)
{
	const struct fork_cow_params *p = w->cell->params;
	const struct fork_cow_worker *s = w->state;
	uint64_t i, checked = atomic_load(&s->shared->checked);

	errno = 0;
	if (checked != s->children)
		return vms_fail(w, "%llu of %llu children have checked their "
		    "pages", (unsigned long long)checked,
		    (unsigned long long)s->children);
	if (atomic_load(&s->shared->copied) != s->made * s->written)
		return vms_fail(w, "%llu children wrote %llu pages",
		    (unsigned long long)s->made,
		    (unsigned long long)atomic_load(&s->shared->copied));
	for (i = 0; i < p->pages; i++)
		if (*fork_cow_word(w, i) != fork_cow_stamp(0, i))
			return vms_fail(w, "page %llu of the parent changed",
			    (unsigned long long)i);
	return 0;
}

static int
fork_cow_worker_fini(struct vms_worker *w)
{
	const struct fork_cow_params *p = w->cell->params;
	struct fork_cow_worker *s = w->state;
	int rc = s->builder != NULL ? fork_cow_end(w) : 0;

	free(s->resident);
	free(s->order);
	munmap(s->pages, p->pages * w->cell->page_size);
	munmap(s->shared, sizeof(*s->shared));
	return rc;
}

/*
 * Processes only: what a thread forks inherits the pipes of the others, whose
 * gates would then not open.
 */
const struct vms_workload vms_workload_fork_cow = {
	.abi = VMS_ABI,
	.name = "fork-cow",
	.version = 1,
	.summary = "many children copy the pages that they inherited",
	.kind = VMS_PHASES,
	.unit = "page",
	.population = "children",
	.modes = VMS_PROCESS,
	.params = fork_cow_rows,
	.params_size = sizeof(struct fork_cow_params),
	.worker_size = sizeof(struct fork_cow_worker),
	.memory = fork_cow_memory,
	.tasks = fork_cow_tasks,
	.probe = fork_cow_probe,
	.worker_init = fork_cow_worker_init,
	.phases = fork_cow_phases,
	.verify = fork_cow_verify,
	.worker_fini = fork_cow_worker_fini,
};
