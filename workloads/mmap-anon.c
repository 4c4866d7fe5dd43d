/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One operation is mmap of private anonymous memory and munmap of the same
 * range.  No page of it is touched.
 *
 * It stresses the book-keeping of an address space: finding a gap, making and
 * merging a map entry, accounting, and taking it all down again.  Processes
 * have an address space each and should scale; threads share one and its lock,
 * so threads against processes is the price of that lock.
 *
 * The size hardly matters, since nothing is filled in and nothing is freed:
 * multiplied with the rate it is no bandwidth.  A C library or kernel that
 * merges the range with a neighbour changes the work, and so do many other
 * mappings in the process; run it in a small one.  There is no thp parameter,
 * because advice would be another system call and no page is ever needed.
 */
#include <string.h>
#include <sys/mman.h>

#include "workload.h"

struct mmap_anon_params {
	uint64_t size;
};

static const struct vms_param mmap_anon_rows[] = {
	{ "size", VMS_SIZE, offsetof(struct mmap_anon_params, size),
	    "128M", "4K", "1T", NULL, "length of the mapping" },
	VMS_PARAMS_END
};

static size_t
mmap_anon_len(const struct vms_cell *c)
{
	const struct mmap_anon_params *p = c->params;

	return vms_pages(c, p->size);
}

static unsigned char *
mmap_anon_map(size_t len)
{
	return mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON,
	    -1, 0);
}

/* Only verify touches memory, two pages at a time. */
static uint64_t
mmap_anon_memory(const struct vms_cell *c)
{
	return (uint64_t)c->workers * 2 * c->page_size;
}

static int
mmap_anon_probe(struct vms_cell *c)
{
	size_t len = mmap_anon_len(c);
	unsigned char *base = mmap_anon_map(len);

	if (base == MAP_FAILED)
		return vms_skip(c, "cannot map %zu bytes: %s", len,
		    strerror(errno));
	munmap(base, len);
	return 0;
}

static int64_t
mmap_anon_run(struct vms_worker *w, int64_t n)
{
	size_t len = mmap_anon_len(w->cell);
	unsigned char *base;
	int64_t i;

	for (i = 0; i < n; i++) {
		base = mmap_anon_map(len);
		if (base == MAP_FAILED)
			return vms_fail(w, "mmap of %zu bytes", len);
		if (munmap(base, len) != 0)
			return vms_fail(w, "munmap of %zu bytes", len);
	}
	return n;
}

/*
 * One operation more, looked at: the memory is there, is zero, and is gone
 * afterwards.  Something else in the process may map the range just then, so
 * only a mapping that stays every time is an error.
 */
static int
mmap_anon_verify(struct vms_worker *w)
{
	size_t page = w->cell->page_size, len = mmap_anon_len(w->cell);
	unsigned char *base, *last;
	int attempt;

	for (attempt = 0; attempt < 100; attempt++) {
		base = mmap_anon_map(len);
		if (base == MAP_FAILED)
			return vms_fail(w, "mmap of %zu bytes", len);
		last = base + len - page;
		if (msync(base, len, MS_ASYNC) != 0)
			return vms_fail(w, "msync of a live mapping");
		errno = 0;
		if (base[0] != 0 || memcmp(base, base + 1, page - 1) != 0 ||
		    memcmp(base, last, page) != 0)
			return vms_fail(w, "a new mapping is not zero");
		memset(base, 0x5a, page);
		memset(last, 0x5a, page);
		if (munmap(base, len) != 0)
			return vms_fail(w, "munmap of %zu bytes", len);
		if (msync(base, page, MS_ASYNC) != 0 &&
		    msync(last, page, MS_ASYNC) != 0)
			return 0;
	}
	errno = 0;
	return vms_fail(w, "a range is still mapped after munmap");
}

const struct vms_workload vms_workload_mmap_anon = {
	.abi = VMS_ABI,
	.name = "mmap-anon",
	.version = 1,
	.summary = "map and unmap anonymous memory without touching it",
	.kind = VMS_RATE,
	.unit = "cycle",
	.modes = VMS_PROCESS | VMS_THREAD,
	.params = mmap_anon_rows,
	.params_size = sizeof(struct mmap_anon_params),
	.memory = mmap_anon_memory,
	.probe = mmap_anon_probe,
	.run = mmap_anon_run,
	.verify = mmap_anon_verify,
};
