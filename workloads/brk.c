/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One operation is one call that moves the break, the end of the data segment,
 * by `pages` pages: up and down in turn.  With `touched` each of the new pages
 * is written after the way up.
 *
 * It stresses the oldest way to get memory: lengthening one map entry and
 * cutting it again, with the accounting of data size; touched pages add their
 * faults and their release.
 *
 * The break is one number per process, and sbrk reads and writes it without a
 * lock: threads of one process would take each other's memory, and taking turns
 * would measure the lock.  So there is no thread mode.  The figure is the mean
 * of two directions that cost differently.  C libraries may offer no sbrk at
 * all (musl) and some systems only imitate it; the probe tells.  Huge pages
 * cannot be controlled here, because advice would split the entry of the heap;
 * they may appear where they are always on and `pages` is 512 or more.
 */
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "workload.h"

struct brk_params {
	uint64_t pages;
	bool touched;
};

struct brk_worker {
	unsigned char *low;	/* the break before the way up */
	bool up;
};

static const struct vms_param brk_rows[] = {
	{ "pages", VMS_COUNT, offsetof(struct brk_params, pages),
	    "1", "1", "10M", NULL, "how far the break moves" },
	{ "touched", VMS_BOOL, offsetof(struct brk_params, touched),
	    "false", NULL, NULL, NULL, "write the new pages" },
	VMS_PARAMS_END
};

static size_t
brk_len(const struct vms_cell *c)
{
	const struct brk_params *p = c->params;

	return p->pages * c->page_size;
}

static uint64_t
brk_memory(const struct vms_cell *c)
{
	return (uint64_t)c->workers * brk_len(c);
}

static int
brk_probe(struct vms_cell *c)
{
	intptr_t len = (intptr_t)brk_len(c);

	if (sbrk(len) == (void *)-1 || sbrk(-len) == (void *)-1)
		return vms_skip(c, "cannot move the break by %lld bytes: %s",
		    (long long)len, strerror(errno));
	return 0;
}

/* Start from where the break is, at a page boundary. */
static int
brk_worker_init(struct vms_worker *w)
{
	struct brk_worker *st = w->state;
	size_t page = w->cell->page_size;
	size_t over = (uintptr_t)sbrk(0) % page;

	if (over != 0 && sbrk((intptr_t)(page - over)) == (void *)-1)
		return vms_fail(w, "sbrk");
	st->low = sbrk(0);
	st->up = false;
	return 0;
}

static int
brk_step(struct vms_worker *w)
{
	struct brk_worker *st = w->state;
	intptr_t len = (intptr_t)brk_len(w->cell);

	if (sbrk(st->up ? -len : len) == (void *)-1)
		return vms_fail(w, "sbrk of %s%lld bytes", st->up ? "-" : "",
		    (long long)len);
	st->up = !st->up;
	return 0;
}

static int64_t
brk_run(struct vms_worker *w, int64_t n)
{
	const struct brk_params *p = w->cell->params;
	struct brk_worker *st = w->state;
	size_t at, page = w->cell->page_size;
	size_t len = p->touched ? brk_len(w->cell) : 0;
	volatile unsigned char *low;
	int64_t i;

	/* The C library's allocator may have moved it between two calls. */
	if ((unsigned char *)sbrk(0) !=
	    st->low + (st->up ? brk_len(w->cell) : 0) &&
	    brk_worker_init(w) != 0)
		return -1;
	low = st->low;
	for (i = 0; i < n; i++) {
		if (brk_step(w) != 0)
			return -1;
		for (at = 0; st->up && at < len; at += page)
			low[at] = 0x5a;
	}
	return n;
}

/*
 * The break is where the calls must have left it; memory given back and taken
 * again is zero; below the last way down there is nothing.
 */
static int
brk_verify(struct vms_worker *w)
{
	struct brk_worker *st = w->state;
	size_t len = brk_len(w->cell), page = w->cell->page_size, at;
	int round;

	errno = 0;
	if ((unsigned char *)sbrk(0) != st->low + (st->up ? len : 0))
		return vms_fail(w, "the break is not where the calls left it");
	if (st->up && brk_step(w) != 0)
		return -1;
	for (round = 0; round < 2; round++) {
		if (brk_step(w) != 0)
			return -1;
		errno = 0;
		for (at = 0; at < len; at += page)
			if (st->low[at] != 0)
				return vms_fail(w, "new memory at the break is "
				    "not zero");
		memset(st->low, 0x5a, len);
		if (brk_step(w) != 0)
			return -1;
		errno = 0;
		if (msync(st->low, page, MS_ASYNC) == 0)
			return vms_fail(w, "memory above the break is mapped");
	}
	return 0;
}

/* Leave it low, unless somebody has built on it. */
static int
brk_worker_fini(struct vms_worker *w)
{
	struct brk_worker *st = w->state;

	if (st->up &&
	    (unsigned char *)sbrk(0) == st->low + brk_len(w->cell))
		return brk_step(w);
	return 0;
}

const struct vms_workload vms_workload_brk = {
	.abi = VMS_ABI,
	.name = "brk",
	.version = 1,
	.summary = "move the end of the data segment up and down",
	.kind = VMS_RATE,
	.unit = "call",
	.modes = VMS_PROCESS,
	.params = brk_rows,
	.params_size = sizeof(struct brk_params),
	.worker_size = sizeof(struct brk_worker),
	.memory = brk_memory,
	.probe = brk_probe,
	.worker_init = brk_worker_init,
	.run = brk_run,
	.verify = brk_verify,
	.worker_fini = brk_worker_fini,
};
