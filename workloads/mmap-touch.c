/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One operation is mmap of private anonymous memory, one write to each of
 * `touch` pages spread evenly over it, and munmap.
 *
 * With one page it is the shortest whole life of a mapping: map entry, page
 * tables, one zero-filled page, and taking all three down with the flush that
 * this needs.  Against mmap-anon it shows what the first page costs; with many
 * pages it becomes zfod with the mapping included.
 *
 * A huge page in place of a small one makes it another operation.  Advice
 * against (or for) huge pages is a system call per operation, so it is given
 * only where the machine would otherwise do the opposite; there the figure is
 * lower by one madvise and not comparable with a machine that needs none.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "workload.h"

struct mmap_touch_params {
	uint64_t size;
	uint64_t touch;
	int thp;
};

struct mmap_touch_cell {
	bool advise;		/* thp is not what the machine does unasked */
};

static const char *const mmap_touch_thp[] = VMS_THP_CHOICES;

static const struct vms_param mmap_touch_rows[] = {
	{ "size", VMS_SIZE, offsetof(struct mmap_touch_params, size),
	    "128M", "4K", "1T", NULL, "length of the mapping" },
	{ "touch", VMS_COUNT, offsetof(struct mmap_touch_params, touch),
	    "1", "1", "1G", NULL, "how many of its pages are written" },
	VMS_THP_PARAM(struct mmap_touch_params, thp, mmap_touch_thp),
	VMS_PARAMS_END
};

static size_t
mmap_touch_len(const struct vms_cell *c)
{
	const struct mmap_touch_params *p = c->params;

	return vms_pages(c, p->size);
}

/* From one touched page to the next, in bytes. */
static size_t
mmap_touch_stride(const struct vms_cell *c)
{
	const struct mmap_touch_params *p = c->params;

	return mmap_touch_len(c) / c->page_size / p->touch * c->page_size;
}

static unsigned char *
mmap_touch_map(const struct vms_cell *c)
{
	return mmap(NULL, mmap_touch_len(c), PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANON, -1, 0);
}

static uint64_t
mmap_touch_memory(const struct vms_cell *c)
{
	const struct mmap_touch_params *p = c->params;

	return (uint64_t)c->workers * p->touch * c->page_size;
}

static int
mmap_touch_probe(struct vms_cell *c)
{
	const struct mmap_touch_params *p = c->params;
	size_t len = mmap_touch_len(c);
	unsigned char *base;
	int status = 0;

	if (p->touch > len / c->page_size)
		return vms_skip(c, "touch is %llu, but size has only %zu pages",
		    (unsigned long long)p->touch, len / c->page_size);
	base = mmap_touch_map(c);
	if (base == MAP_FAILED)
		return vms_skip(c, "cannot map %zu bytes: %s", len,
		    strerror(errno));
	if (vms_thp(c, base, len, p->thp) != 0 && p->thp == VMS_THP_ON)
		status = vms_skip(c, "cannot ask for huge pages: %s",
		    strerror(errno));
	munmap(base, len);
	return status;
}

/* Does this machine give huge pages unasked?  Write one page, count them. */
static int
mmap_touch_setup(struct vms_cell *c)
{
	const struct mmap_touch_params *p = c->params;
	struct mmap_touch_cell *cell = c->state;
	size_t len = mmap_touch_len(c), pages = len / c->page_size, i, n = 0;
	unsigned char *base = mmap_touch_map(c), *resident = calloc(pages, 1);
	int status = 0;

	if (resident == NULL || base == MAP_FAILED)
		status = vms_cell_fail(c, "cannot map %zu bytes", len);
	else {
		base[pages / 2 * c->page_size] = 1;
		if (mincore(base, len, (void *)resident) != 0)
			status = vms_cell_fail(c, "mincore");
		for (i = 0; i < pages; i++)
			n += resident[i] & 1;
		cell->advise = p->thp != VMS_THP_SYSTEM &&
		    (p->thp == VMS_THP_ON) != (n > 1);
	}
	if (base != MAP_FAILED)
		munmap(base, len);
	free(resident);
	return status;
}

static int64_t
mmap_touch_run(struct vms_worker *w, int64_t n)
{
	const struct mmap_touch_params *p = w->cell->params;
	const struct mmap_touch_cell *cell = w->cell->state;
	size_t len = mmap_touch_len(w->cell);
	size_t stride = mmap_touch_stride(w->cell);
	volatile unsigned char *base;
	uint64_t k;
	int64_t i;

	for (i = 0; i < n; i++) {
		base = mmap_touch_map(w->cell);
		if (base == MAP_FAILED)
			return vms_fail(w, "mmap of %zu bytes", len);
		if (cell->advise &&
		    vms_thp(w->cell, (void *)base, len, p->thp) != 0 &&
		    errno != ENOTSUP)
			return vms_fail(w, "advice on huge pages");
		for (k = 0; k < p->touch; k++)
			base[k * stride] = 1;
		if (munmap((void *)base, len) != 0)
			return vms_fail(w, "munmap of %zu bytes", len);
	}
	return n;
}

/*
 * Operations more, looked at: every page comes back zero although others like
 * it were written before, and the range is gone afterwards.  Something else in
 * the process may map it just then, so only one that stays is an error.
 */
static int
mmap_touch_verify(struct vms_worker *w)
{
	const struct mmap_touch_params *p = w->cell->params;
	size_t page = w->cell->page_size, len = mmap_touch_len(w->cell);
	size_t stride = mmap_touch_stride(w->cell);
	unsigned char *at, *base;
	int attempt;
	uint64_t k;

	for (attempt = 0; attempt < 100; attempt++) {
		base = mmap_touch_map(w->cell);
		if (base == MAP_FAILED)
			return vms_fail(w, "mmap of %zu bytes", len);
		errno = 0;
		for (k = 0; k < p->touch; k++) {
			at = base + k * stride;
			at[page - 1] = 1;
			if (at[0] != 0 || memcmp(at, at + 1, page - 2) != 0)
				return vms_fail(w, "a new page is not zero");
			memset(at, 0x5a, page);
		}
		if (munmap(base, len) != 0)
			return vms_fail(w, "munmap of %zu bytes", len);
		if (msync(base, page, MS_ASYNC) != 0)
			return 0;
	}
	errno = 0;
	return vms_fail(w, "a range is still mapped after munmap");
}

const struct vms_workload vms_workload_mmap_touch = {
	.abi = VMS_ABI,
	.name = "mmap-touch",
	.version = 1,
	.summary = "map anonymous memory, write a few pages, unmap",
	.kind = VMS_RATE,
	.unit = "cycle",
	.modes = VMS_PROCESS | VMS_THREAD,
	.params = mmap_touch_rows,
	.params_size = sizeof(struct mmap_touch_params),
	.cell_size = sizeof(struct mmap_touch_cell),
	.memory = mmap_touch_memory,
	.probe = mmap_touch_probe,
	.setup = mmap_touch_setup,
	.run = mmap_touch_run,
	.verify = mmap_touch_verify,
};
