/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One operation is the first write to one page of private anonymous memory.
 * When every page of the mapping has been written it is unmapped and mapped
 * anew; that time is in the main rate (the cycle) and not in fault-only.
 *
 * It stresses the zero-fill fault: exception entry, finding the map entry,
 * taking a page from the allocator, clearing it, page tables, accounting.  The
 * gauge clear_bytes_per_s is what one CPU reaches when it only clears pages
 * already there: what the bytes per second of fault-only lack to that figure,
 * times the number of workers, is the kernel's own cost.
 *
 * With huge pages (thp) one fault serves hundreds of operations, and the rate
 * is that of clearing memory.  Sizes that fit into a cache show its speed, for
 * the gauge as well; several workers share the memory bandwidth that the gauge
 * had alone.  In virtual machines the first touch of memory that the host has
 * not provided yet is a second fault, in the host: use a warm-up.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "workload.h"

/* Time for each half of the gauge: touching pages, then clearing them. */
#define ZFOD_GAUGE_NS 25000000

enum { ZFOD_SEQ, ZFOD_RAND };

struct zfod_params {
	uint64_t size;
	int pattern;
	int thp;
};

struct zfod_worker {
	unsigned char *base;
	uint32_t *order;	/* a permutation of the pages */
	size_t next;		/* how many of them are written */
};

static const char *const zfod_pattern[] = { "seq", "rand", NULL };
static const char *const zfod_thp[] = VMS_THP_CHOICES;

static const struct vms_param zfod_rows[] = {
	{ "size", VMS_SIZE, offsetof(struct zfod_params, size),
	    "128M", "64K", "1T", NULL, "length of each worker's mapping" },
	{ "pattern", VMS_CHOICE, offsetof(struct zfod_params, pattern),
	    "seq", NULL, NULL, zfod_pattern, "order in which pages are written" },
	VMS_THP_PARAM(struct zfod_params, thp, zfod_thp),
	VMS_PARAMS_END
};

static size_t
zfod_pages(const struct vms_cell *c)
{
	const struct zfod_params *p = c->params;

	return (p->size + c->page_size - 1) / c->page_size;
}

/* A fresh mapping, or NULL with errno. */
static unsigned char *
zfod_map(const struct vms_cell *c)
{
	const struct zfod_params *p = c->params;
	size_t len = zfod_pages(c) * c->page_size;

	return vms_map_anon(c, len, p->thp);
}

static uint64_t
zfod_memory(const struct vms_cell *c)
{
	return (uint64_t)c->workers * zfod_pages(c) *
	    (c->page_size + sizeof(uint32_t) + sizeof(void *));
}

static uint64_t
zfod_op_bytes(const struct vms_cell *c)
{
	return c->page_size;
}

static int
zfod_probe(struct vms_cell *c)
{
	size_t len = zfod_pages(c) * c->page_size;
	unsigned char *base = zfod_map(c);

	if (base == NULL)
		return vms_skip(c, "cannot map %zu bytes with this thp: %s",
		    len, strerror(errno));
	munmap(base, len);
	return 0;
}

/* The gauge: the ceiling of the fault rate is clearing without any fault. */
static int
zfod_setup(struct vms_cell *c)
{
	size_t page = c->page_size, all = zfod_pages(c) * page;
	size_t len = 0, at = 0, cleared = 0;
	unsigned char *base = zfod_map(c);
	uint64_t ns = 0, start;

	if (base == NULL)
		return vms_cell_fail(c, "cannot map %zu bytes", all);
	start = c->host->now();
	while (len < all && c->host->now() - start < ZFOD_GAUGE_NS) {
		base[len] = 1;
		len += page;
	}
	start = c->host->now();
	/* Looking at the clock costs as much as a page: only every 64th. */
	do {
		memset(base + at, 0, page);
		at = at + page < len ? at + page : 0;
		cleared += page;
		if (cleared % (64 * page) == 0)
			ns = c->host->now() - start;
	} while (ns < ZFOD_GAUGE_NS);
	vms_gauge(c, "clear_bytes_per_s", (double)cleared * 1e9 / (double)ns);
	munmap(base, all);
	return 0;
}

/* The same shuffle in every run, another one for every worker. */
static void
zfod_shuffle(uint32_t *order, size_t n, uint64_t seed)
{
	uint32_t held;
	size_t i, j;

	for (i = n - 1; i > 0; i--) {
		/* Knuth's MMIX generator, of which only high bits are used. */
		seed = seed * 6364136223846793005u + 1442695040888963407u;
		j = (seed >> 33) % (i + 1);
		held = order[i];
		order[i] = order[j];
		order[j] = held;
	}
}

static int
zfod_worker_init(struct vms_worker *w)
{
	const struct zfod_params *p = w->cell->params;
	struct zfod_worker *st = w->state;
	size_t i, pages = zfod_pages(w->cell);

	st->order = calloc(pages, sizeof(*st->order));
	if (st->order == NULL)
		return vms_fail(w, "no memory for the order of the pages");
	for (i = 0; i < pages; i++)
		st->order[i] = (uint32_t)i;
	if (p->pattern == ZFOD_RAND)
		zfod_shuffle(st->order, pages, (uint64_t)w->index + 1);
	st->base = zfod_map(w->cell);
	if (st->base == NULL)
		return vms_fail(w, "cannot map memory");
	return 0;
}

static int
zfod_again(struct vms_worker *w)
{
	struct zfod_worker *st = w->state;
	uint64_t since = vms_now(w);

	if (munmap(st->base, zfod_pages(w->cell) * w->cell->page_size) != 0)
		return vms_fail(w, "munmap");
	st->base = zfod_map(w->cell);
	if (st->base == NULL)
		return vms_fail(w, "cannot map memory");
	st->next = 0;
	vms_aside(w, since);
	return 0;
}

static int64_t
zfod_run(struct vms_worker *w, int64_t n)
{
	struct zfod_worker *st = w->state;
	size_t page = w->cell->page_size, pages = zfod_pages(w->cell), end;
	volatile unsigned char *base;
	const uint32_t *order = st->order;
	int64_t left = n;

	while (left > 0) {
		if (st->next == pages && zfod_again(w) != 0)
			return -1;
		end = pages - st->next;
		if ((uint64_t)left < end)
			end = (size_t)left;
		left -= (int64_t)end;
		base = st->base;
		for (end += st->next; st->next < end; st->next++)
			base[order[st->next] * page] = 1;
	}
	return n;
}

/* A page holds the one byte that was written to it, and else zeros. */
static int
zfod_verify(struct vms_worker *w)
{
	struct zfod_worker *st = w->state;
	size_t page = w->cell->page_size, pages = zfod_pages(w->cell), i;
	const unsigned char *at;

	errno = 0;
	for (i = 0; i < pages; i++) {
		at = st->base + st->order[i] * page;
		if (at[0] != (i < st->next))
			return vms_fail(w, "page %zu does not hold what was "
			    "written", (size_t)st->order[i]);
		if (at[1] != 0 || memcmp(at + 1, at + 2, page - 2) != 0)
			return vms_fail(w, "page %zu was not zero when it came",
			    (size_t)st->order[i]);
	}
	return 0;
}

static int
zfod_worker_fini(struct vms_worker *w)
{
	struct zfod_worker *st = w->state;

	if (st->base != NULL)
		munmap(st->base, zfod_pages(w->cell) * w->cell->page_size);
	free(st->order);
	return 0;
}

const struct vms_workload vms_workload_zfod = {
	.abi = VMS_ABI,
	.name = "zfod",
	.version = 1,
	.summary = "zero-fill faults: first write to anonymous pages",
	.kind = VMS_RATE,
	.unit = "fault",
	.net = "fault-only",
	.modes = VMS_PROCESS | VMS_THREAD,
	.params = zfod_rows,
	.params_size = sizeof(struct zfod_params),
	.worker_size = sizeof(struct zfod_worker),
	.memory = zfod_memory,
	.op_bytes = zfod_op_bytes,
	.probe = zfod_probe,
	.setup = zfod_setup,
	.worker_init = zfod_worker_init,
	.run = zfod_run,
	.verify = zfod_verify,
	.worker_fini = zfod_worker_fini,
};
