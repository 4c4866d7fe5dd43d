/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One operation of `unmap`, the headline, is one page of a single munmap()
 * that takes away the whole mapping; worker 0 makes the call while the others
 * wait.  Before that, in `map`, worker 0 makes the mapping (one operation is
 * the one call), and in `touch` every worker writes to the pages of its slice
 * for the first time (one operation is one page).
 *
 * It stresses the teardown of an address range whose pages were allocated by
 * several processors: walking and freeing page tables, the reverse map, giving
 * pages back to the allocators they came from, and telling all processors that
 * ran in the address space to forget it.  One call has one thread to do this;
 * whether it gets slower because others faulted the pages is the question.
 * Only threads share an address space, so there is no process mode.
 *
 * The others sleep at the gate, and a kernel may spare an idle processor the
 * interrupt: it is not a shootdown of running threads.  A phase lasts from the
 * opening of its gate, so a small mapping shows the time to wake up.  With
 * huge pages (thp) an operation is still one small page and its cost falls
 * hundredfold.  In virtual machines memory that the host has not provided yet
 * makes the first `touch` slower, not the unmapping.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "workload.h"

/* That many pages, evenly spread, are looked at by verify. */
#define UNMAP_BIG_LOOKS 4096

struct unmap_big_params {
	uint64_t size;
	int thp;
};

/* The mapping is everybody's; the counts are of all rounds and workers. */
struct unmap_big_cell {
	unsigned char *base;	/* NULL: not mapped */
	unsigned char *last;	/* where the last one was */
	_Atomic uint64_t touched, unmapped;
};

struct unmap_big_worker {
	unsigned char wrong;	/* bits found in pages that were to be zero */
};

static const char *const unmap_big_thp[] = VMS_THP_CHOICES;

static const struct vms_param unmap_big_rows[] = {
	{ "size", VMS_SIZE, offsetof(struct unmap_big_params, size),
	    "256M", "64K", "1T", NULL, "length of the mapping of all workers" },
	VMS_THP_PARAM(struct unmap_big_params, thp, unmap_big_thp),
	VMS_PARAMS_END
};

static size_t
unmap_big_len(const struct vms_cell *c)
{
	const struct unmap_big_params *p = c->params;

	return vms_pages(c, p->size);
}

/* The pages and the entries for them. */
static uint64_t
unmap_big_memory(const struct vms_cell *c)
{
	uint64_t len = unmap_big_len(c);

	return len + len / c->page_size * sizeof(void *);
}

static int
unmap_big_probe(struct vms_cell *c)
{
	const struct unmap_big_params *p = c->params;
	size_t len = unmap_big_len(c);
	void *base = vms_map_anon(c, len, p->thp);

	if (base == NULL)
		return vms_skip(c, "cannot map %zu bytes with this thp: %s",
		    len, strerror(errno));
	munmap(base, len);
	if (!vms_room(c, unmap_big_memory(c)))
		return vms_skip(c, "size=%zu is more memory than is to spare "
		    "here (choose a smaller size)", len);
	return 0;
}

static int64_t
unmap_big_map(struct vms_worker *w)
{
	const struct unmap_big_params *p = w->cell->params;
	struct unmap_big_cell *cell = w->cell->state;
	size_t len = unmap_big_len(w->cell);

	if (w->index != 0)
		return 0;
	cell->base = vms_map_anon(w->cell, len, p->thp);
	if (cell->base == NULL)
		return vms_fail(w, "cannot map %zu bytes", len);
	return 1;
}

/* The second byte tells whether the page was zero when it came. */
static int64_t
unmap_big_touch(struct vms_worker *w)
{
	struct unmap_big_cell *cell = w->cell->state;
	struct unmap_big_worker *s = w->state;
	uint64_t page = w->cell->page_size;
	uint64_t pages = unmap_big_len(w->cell) / page;
	uint64_t workers = (uint64_t)w->cell->workers, me = (uint64_t)w->index;
	volatile unsigned char *at = cell->base + pages * me / workers * page;
	volatile unsigned char *end =
	    cell->base + pages * (me + 1) / workers * page;
	int64_t ops = (end - at) / (int64_t)page;
	unsigned char wrong = 0;

	for (; at < end && !vms_stopping(w); at += page) {
		at[0] = 1;
		wrong |= at[1];
	}
	s->wrong |= wrong;
	atomic_fetch_add(&cell->touched, (uint64_t)ops);
	return ops;
}

static int64_t
unmap_big_unmap(struct vms_worker *w)
{
	struct unmap_big_cell *cell = w->cell->state;
	size_t len = unmap_big_len(w->cell);

	if (w->index != 0)
		return 0;
	if (munmap(cell->base, len) != 0)
		return vms_fail(w, "munmap");
	cell->last = cell->base;
	cell->base = NULL;
	atomic_fetch_add(&cell->unmapped, len / w->cell->page_size);
	return (int64_t)(len / w->cell->page_size);
}

static const struct vms_phase unmap_big_phases[] = {
	{ "map", "mapping", unmap_big_map, false },
	{ "touch", "page", unmap_big_touch, false },
	{ "unmap", "page", unmap_big_unmap, true },
	{ NULL, NULL, NULL, false }
};

/* Nothing is mapped where the mapping was: msync() must not find a page. */
static int
unmap_big_verify_gone(struct vms_worker *w)
{
	const struct unmap_big_cell *cell = w->cell->state;
	size_t page = w->cell->page_size, pages = unmap_big_len(w->cell) / page;
	size_t i, looks = pages < UNMAP_BIG_LOOKS ? pages : UNMAP_BIG_LOOKS;
	size_t nth;

	/* From the first page to the last. */
	for (i = 0; i < looks; i++) {
		nth = looks > 1 ? (pages - 1) * i / (looks - 1) : 0;
		if (msync(cell->last + nth * page, page, MS_ASYNC) == 0) {
			errno = 0;
			return vms_fail(w, "page %zu is still mapped after "
			    "munmap", nth);
		}
	}
	return 0;
}

static int
unmap_big_verify(struct vms_worker *w)
{
	struct unmap_big_cell *cell = w->cell->state;
	const struct unmap_big_worker *s = w->state;
	uint64_t touched = atomic_load(&cell->touched);
	uint64_t unmapped = atomic_load(&cell->unmapped);

	errno = 0;
	if (s->wrong != 0)
		return vms_fail(w, "a page was not zero when it came");
	if (touched != unmapped)
		return vms_fail(w, "%llu pages were touched, %llu unmapped",
		    (unsigned long long)touched, (unsigned long long)unmapped);
	return w->index == 0 ? unmap_big_verify_gone(w) : 0;
}

/* Of a launch that was stopped between touch and unmap. */
static int
unmap_big_teardown(struct vms_cell *c)
{
	const struct unmap_big_cell *cell = c->state;

	if (cell->base != NULL)
		munmap(cell->base, unmap_big_len(c));
	return 0;
}

const struct vms_workload vms_workload_unmap_big = {
	.abi = VMS_ABI,
	.name = "unmap-big",
	.version = 1,
	.summary = "one munmap of a large mapping that all workers touched",
	.kind = VMS_PHASES,
	.unit = "page",
	.modes = VMS_THREAD,
	.params = unmap_big_rows,
	.params_size = sizeof(struct unmap_big_params),
	.cell_size = sizeof(struct unmap_big_cell),
	.worker_size = sizeof(struct unmap_big_worker),
	.memory = unmap_big_memory,
	.probe = unmap_big_probe,
	.phases = unmap_big_phases,
	.verify = unmap_big_verify,
	.teardown = unmap_big_teardown,
};
