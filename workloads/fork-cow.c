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
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "workload.h"
#include "workload_crowd.h"

/* Absent from headers of other systems, which have no /proc/swaps either. */
#ifndef MADV_PAGEOUT
#define MADV_PAGEOUT 21
#endif

/* A blocked child of a static program, measured on Linux. */
#define FORK_COW_CHILD_BYTES (128 * 1024)
/* A link of a chain has a node for each link before it in every mapping. */
#define FORK_COW_LINK_BYTES (8 * 64)
/* How many written and unwritten pages a child looks at. */
#define FORK_COW_SAMPLE 16

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

struct fork_cow_worker {
	unsigned char *pages;
	uint32_t *order;		/* the pages to be written come first */
	unsigned char *resident;	/* for mincore() */
	uint64_t written;		/* pages that each child writes */
	bool swap;
	uint64_t made, children;	/* in this round, in all rounds */
	_Atomic int reclaim_errnum;	/* of the madvise that failed, or 0 */
	_Alignas(128) _Atomic uint64_t copied;	/* in this round */
	_Alignas(128) _Atomic uint64_t reclaimed;
	_Alignas(128) _Atomic uint64_t checked;	/* children, all rounds */
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

/* What one child takes in the end: as it was forked, and what it wrote. */
static uint64_t
fork_cow_child_bytes(const struct vms_cell *c)
{
	const struct fork_cow_params *p = c->params;

	return vms_member_bytes(c, FORK_COW_CHILD_BYTES + p->pages *
	    sizeof(void *)) + fork_cow_written(p) * c->page_size;
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
	struct fork_cow_worker *s = w->state;

	if (fork_cow_check_some(w, child, 0, s->written) != 0 ||
	    fork_cow_check_some(w, child, s->written, p->pages) != 0)
		return -1;
	atomic_fetch_add(&s->checked, 1);
	return 0;
}

static void
fork_cow_write(struct vms_worker *w, uint64_t child)
{
	struct fork_cow_worker *s = w->state;
	uint64_t i;

	for (i = 0; i < s->written && !vms_stopping(w); i++)
		*fork_cow_word(w, s->order[i]) =
		    fork_cow_stamp(child, s->order[i]);
	atomic_fetch_add(&s->copied, i);
}

/* Pages that are still shared are left where they are by the kernel. */
static int
fork_cow_reclaim(struct vms_worker *w, uint64_t child)
{
	const struct fork_cow_params *p = w->cell->params;
	struct fork_cow_worker *s = w->state;
	uint64_t i, gone = 0, len = p->pages * w->cell->page_size;

	if (fork_cow_check(w, child) != 0)
		return -1;
	if (!s->swap)
		return 0;
	if (madvise(s->pages, len, MADV_PAGEOUT) != 0) {
		atomic_store(&s->reclaim_errnum, errno);
		return 0;
	}
	if (mincore(s->pages, len, (void *)s->resident) != 0)
		return vms_fail(w, "cannot ask what is in memory");
	for (i = 0; i < s->written; i++)
		gone += (s->resident[s->order[i]] & 1) == 0;
	atomic_fetch_add(&s->reclaimed, gone);
	return 0;
}

/* ---- children ----------------------------------------------------------- */

/*
 * In a chain each turn of the loop is taken by the child that the turn before
 * has made.
 */
static int
fork_cow_child(struct vms_worker *w, uint64_t index)
{
	const struct fork_cow_params *p = w->cell->params;

	if (p->shape == FORK_COW_CHAIN)
		while (index + 1 < p->children && vms_crowd_fork(w) == 0)
			index++;
	if (!vms_crowd_pass(w))
		return 0;
	fork_cow_write(w, index + 1);
	if (!vms_crowd_pass(w))
		return 0;
	if (fork_cow_reclaim(w, index + 1) != 0)
		return -1;
	vms_crowd_pass(w);
	return 0;
}

/* The pages that those there are will copy are not taken yet. */
static uint64_t
fork_cow_bytes(const struct vms_worker *w, uint64_t made, uint64_t more)
{
	const struct fork_cow_worker *s = w->state;
	const struct vms_cell *c = w->cell;

	return made * s->written * c->page_size +
	    more * fork_cow_child_bytes(c) +
	    fork_cow_chain_bytes(c, made + more) - fork_cow_chain_bytes(c, made);
}

/* ---- phases ------------------------------------------------------------ */

static int64_t
fork_cow_fork(struct vms_worker *w)
{
	const struct fork_cow_params *p = w->cell->params;
	const struct vms_crowd_plan plan = {
		.members = p->children,
		.group = p->shape == FORK_COW_CHAIN ? 0 : VMS_CROWD_GROUP,
		.leader_is_member = true,
		.gates = 3,
		.cpu = p->near == VMS_NEAR_SAME ? w->cpu : -1,
		.bytes = fork_cow_bytes,
		.member = fork_cow_child,
	};
	struct fork_cow_worker *s = w->state;
	int64_t made;

	atomic_store(&s->copied, 0);
	atomic_store(&s->reclaimed, 0);
	made = vms_crowd_start(w, &plan);
	s->made = made < 0 ? 0 : (uint64_t)made;
	s->children += s->made;
	return made;
}

static int64_t
fork_cow_cow(struct vms_worker *w)
{
	const struct fork_cow_worker *s = w->state;

	if (vms_crowd_open(w) != 0 || vms_crowd_await(w) != 0)
		return -1;
	return (int64_t)atomic_load(&s->copied);
}

static int64_t
fork_cow_rmap(struct vms_worker *w)
{
	const struct fork_cow_worker *s = w->state;
	int64_t asked, got;

	if (vms_crowd_open(w) != 0 || vms_crowd_await(w) != 0)
		return -1;
	asked = (int64_t)(s->made * s->written);
	got = (int64_t)atomic_load(&s->reclaimed);
	if (!s->swap)
		vms_partial(w, asked, got, "unsupported: no swap");
	else if (atomic_load(&s->reclaim_errnum) != 0)
		vms_partial(w, asked, got, "unsupported: MADV_PAGEOUT: %s",
		    strerror(atomic_load(&s->reclaim_errnum)));
	else if (got < asked)
		vms_partial(w, asked, got, "the kernel kept the others (is "
		    "the swap full?)");
	return got;
}

static int64_t
fork_cow_exit(struct vms_worker *w)
{
	const struct fork_cow_worker *s = w->state;

	if (vms_crowd_open(w) != 0 || vms_crowd_end(w) != 0)
		return -1;
	return (int64_t)s->made;
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
	uint64_t i, checked = atomic_load(&s->checked);

	errno = 0;
	if (checked != s->children)
		return vms_fail(w, "%llu of %llu children have checked their "
		    "pages", (unsigned long long)checked,
		    (unsigned long long)s->children);
	if (atomic_load(&s->copied) != s->made * s->written)
		return vms_fail(w, "%llu children wrote %llu pages",
		    (unsigned long long)s->made,
		    (unsigned long long)atomic_load(&s->copied));
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

	free(s->resident);
	free(s->order);
	munmap(s->pages, p->pages * w->cell->page_size);
	return 0;
}

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
