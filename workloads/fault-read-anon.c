/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One operation is the first read of one page of private anonymous memory that
 * was never written.  When every page has been read the range is unmapped and
 * mapped anew; that time is in the main rate and not in fault-only.
 *
 * It stresses the fault path without its memory: where the kernel maps one
 * shared page of zeros (Linux), exception, map entry and page tables remain,
 * and nothing is allocated or cleared.  Against zfod it shows what memory costs
 * in a fault.  A kernel that gives each reader a page of its own (the BSDs)
 * does the work of zfod here, and its memory use shows it.
 *
 * With huge pages (thp) one fault serves hundreds of operations.  Page tables
 * are allocated and freed in each cycle, so a small size makes their share
 * larger than a big one; the size belongs to the result.
 */
#include <string.h>
#include <sys/mman.h>

#include "workload.h"

struct fault_read_anon_params {
	uint64_t size;
	int thp;
};

struct fault_read_anon_worker {
	unsigned char *base;
	size_t next;		/* how many pages are read */
	unsigned char seen;	/* all that was read, or-ed together */
};

static const char *const fault_read_anon_thp[] = VMS_THP_CHOICES;

static const struct vms_param fault_read_anon_rows[] = {
	{ "size", VMS_SIZE, offsetof(struct fault_read_anon_params, size),
	    "128M", "64K", "1T", NULL, "length of each worker's mapping" },
	VMS_THP_PARAM(struct fault_read_anon_params, thp, fault_read_anon_thp),
	VMS_PARAMS_END
};

static size_t
fault_read_anon_pages(const struct vms_cell *c)
{
	const struct fault_read_anon_params *p = c->params;

	return (p->size + c->page_size - 1) / c->page_size;
}

/* A fresh mapping, or NULL with errno. */
static unsigned char *
fault_read_anon_map(const struct vms_cell *c)
{
	const struct fault_read_anon_params *p = c->params;
	size_t len = fault_read_anon_pages(c) * c->page_size;

	return vms_map_anon(c, len, p->thp);
}

/* The worst case: a kernel that allocates a page for every reader. */
static uint64_t
fault_read_anon_memory(const struct vms_cell *c)
{
	return (uint64_t)c->workers * fault_read_anon_pages(c) *
	    (c->page_size + sizeof(void *));
}

static int
fault_read_anon_probe(struct vms_cell *c)
{
	size_t len = fault_read_anon_pages(c) * c->page_size;
	unsigned char *base = fault_read_anon_map(c);

	if (base == NULL)
		return vms_skip(c, "cannot map %zu bytes with this thp: %s",
		    len, strerror(errno));
	munmap(base, len);
	return 0;
}

static int
fault_read_anon_worker_init(struct vms_worker *w)
{
	struct fault_read_anon_worker *st = w->state;

	st->base = fault_read_anon_map(w->cell);
	if (st->base == NULL)
		return vms_fail(w, "cannot map memory");
	return 0;
}

static int
fault_read_anon_again(struct vms_worker *w)
{
	struct fault_read_anon_worker *st = w->state;
	uint64_t since = vms_now(w);

	if (munmap(st->base,
	    fault_read_anon_pages(w->cell) * w->cell->page_size) != 0)
		return vms_fail(w, "munmap");
	st->base = fault_read_anon_map(w->cell);
	if (st->base == NULL)
		return vms_fail(w, "cannot map memory");
	st->next = 0;
	vms_aside(w, since);
	return 0;
}

static int64_t
fault_read_anon_run(struct vms_worker *w, int64_t n)
{
	struct fault_read_anon_worker *st = w->state;
	size_t page = w->cell->page_size, end;
	size_t pages = fault_read_anon_pages(w->cell);
	const volatile unsigned char *base;
	unsigned char seen = 0;
	int64_t left = n;

	while (left > 0) {
		if (st->next == pages && fault_read_anon_again(w) != 0)
			return -1;
		end = pages - st->next;
		if ((uint64_t)left < end)
			end = (size_t)left;
		left -= (int64_t)end;
		base = st->base;
		for (end += st->next; st->next < end; st->next++)
			seen |= base[st->next * page];
	}
	st->seen |= seen;
	return n;
}

/*
 * All reads were zero, and the zeros that readers share are not writable: a
 * write to one page shows in no other, not even of a new mapping.
 */
static int
fault_read_anon_verify(struct vms_worker *w)
{
	struct fault_read_anon_worker *st = w->state;
	size_t page = w->cell->page_size, i;
	size_t pages = fault_read_anon_pages(w->cell);

	errno = 0;
	if (st->seen != 0)
		return vms_fail(w, "a page that was never written is not zero");
	memset(st->base, 0x5a, page);
	for (i = 1; i < pages; i++)
		if (st->base[i * page] != 0 || memcmp(st->base + i * page,
		    st->base + i * page + 1, page - 1) != 0)
			return vms_fail(w, "a write to page 0 shows in page "
			    "%zu", i);
	if (fault_read_anon_again(w) != 0)
		return -1;
	errno = 0;
	if (st->base[0] != 0 || memcmp(st->base, st->base + 1, page - 1) != 0)
		return vms_fail(w, "a new mapping is not zero");
	return 0;
}

static int
fault_read_anon_worker_fini(struct vms_worker *w)
{
	struct fault_read_anon_worker *st = w->state;

	if (st->base != NULL)
		munmap(st->base,
		    fault_read_anon_pages(w->cell) * w->cell->page_size);
	return 0;
}

const struct vms_workload vms_workload_fault_read_anon = {
	.abi = VMS_ABI,
	.name = "fault-read-anon",
	.version = 1,
	.summary = "read faults on anonymous memory never written",
	.kind = VMS_RATE,
	.unit = "page",
	.net = "fault-only",
	.modes = VMS_PROCESS | VMS_THREAD,
	.params = fault_read_anon_rows,
	.params_size = sizeof(struct fault_read_anon_params),
	.worker_size = sizeof(struct fault_read_anon_worker),
	.memory = fault_read_anon_memory,
	.probe = fault_read_anon_probe,
	.worker_init = fault_read_anon_worker_init,
	.run = fault_read_anon_run,
	.verify = fault_read_anon_verify,
	.worker_fini = fault_read_anon_worker_fini,
};
