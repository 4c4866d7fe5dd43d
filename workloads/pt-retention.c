/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One operation of `release`, the headline, is one touched page of a sparse
 * mapping given back, by a single MADV_DONTNEED or munmap() of the mapping.
 * Before that, in `touch`, one operation is the first write to one page in
 * every `stride` bytes.  After it, in `remap`, one operation is the mapping
 * made anew, so that the next round has no page tables; in the first round the
 * worker also looks at what is left, so that `remap` is no measurement.
 *
 * It stresses what is paid for page tables that hold little: with the default
 * stride every page has on many machines a page table of its own, to be
 * allocated, cleared, found again by the release, and freed or not.  A kernel
 * may keep empty page tables until the mapping or the process ends; a process
 * with large sparse memory then costs much more than its pages.  The gauges
 * touched_tables_bytes and released_tables_bytes, means over the workers, tell
 * what touch added and what is still there after the release.
 *
 * With huge pages (thp) a touch brings a whole huge page and may need no page
 * table at all.  The gauges come from /proc/self/status, in steps of 1 KiB, and
 * are absent where there is none.  Their reading is part of `touch` in the
 * first round.  Page tables belong to an address space, so there is no thread
 * mode: threads could not tell whose they are.  Where MADV_DONTNEED keeps the
 * data (the BSDs), how=dontneed is another operation and is skipped.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "workload.h"

enum { PT_RETENTION_DONTNEED, PT_RETENTION_MUNMAP };

struct pt_retention_params {
	uint64_t stride;
	uint64_t size;
	int how;
	int thp;
};

/* Sums over the workers, of those whose system tells. */
struct pt_retention_cell {
	_Atomic int64_t touched, released;	/* bytes added so far */
	_Atomic uint32_t told;
};

struct pt_retention_worker {
	unsigned char *base;	/* NULL: not mapped */
	unsigned char *last;	/* what was released last */
	int64_t before, touched;	/* bytes of page tables; -1: unknown */
	uint64_t rounds;	/* that have begun */
	unsigned char wrong;	/* bits found in pages that were to be zero */
};

static const char *const pt_retention_how[] = { "dontneed", "munmap", NULL };
static const char *const pt_retention_thp[] = VMS_THP_CHOICES;

static const struct vms_param pt_retention_rows[] = {
	{ "stride", VMS_SIZE, offsetof(struct pt_retention_params, stride),
	    "2M", "1", "1T", NULL, "distance of the pages that are touched" },
	{ "size", VMS_SIZE, offsetof(struct pt_retention_params, size),
	    "1G", "64K", "64T", NULL, "length of each worker's mapping" },
	{ "how", VMS_CHOICE, offsetof(struct pt_retention_params, how),
	    "dontneed", NULL, NULL, pt_retention_how,
	    "how the pages are given back" },
	VMS_THP_PARAM(struct pt_retention_params, thp, pt_retention_thp),
	VMS_PARAMS_END
};

static size_t
pt_retention_len(const struct vms_cell *c)
{
	const struct pt_retention_params *p = c->params;

	return vms_pages(c, p->size);
}

static size_t
pt_retention_stride(const struct vms_cell *c)
{
	const struct pt_retention_params *p = c->params;

	return vms_pages(c, p->stride);
}

/* The pages that are touched. */
static size_t
pt_retention_pages(const struct vms_cell *c)
{
	size_t stride = pt_retention_stride(c);

	return (pt_retention_len(c) + stride - 1) / stride;
}

/* At worst a page table for each page; with huge pages everything is there. */
static uint64_t
pt_retention_memory(const struct vms_cell *c)
{
	const struct pt_retention_params *p = c->params;
	uint64_t tables = pt_retention_pages(c) * c->page_size;

	if (p->thp != VMS_THP_OFF)
		return (uint64_t)c->workers * (pt_retention_len(c) + tables);
	return (uint64_t)c->workers * 2 * tables;
}

/*
 * Bytes of page tables of this process, or -1 where the system does not tell
 * them in this way.
 */
static int64_t
pt_retention_tables(void)
{
	char text[4096], *at;
	int fd = open("/proc/self/status", O_RDONLY | O_CLOEXEC);
	ssize_t n;

	if (fd == -1)
		return -1;
	n = read(fd, text, sizeof(text) - 1);
	close(fd);
	if (n <= 0)
		return -1;
	text[n] = '\0';
	at = strstr(text, "\nVmPTE:");
	return at != NULL ? strtoll(at + 7, NULL, 10) * 1024 : -1;
}

static int
pt_retention_release_all(const struct vms_cell *c, unsigned char *base)
{
	const struct pt_retention_params *p = c->params;
	size_t len = pt_retention_len(c);

	return p->how == PT_RETENTION_DONTNEED ?
	    madvise(base, len, MADV_DONTNEED) : munmap(base, len);
}

/*
 * The first touched page that is not what the release must leave, or the number
 * of pages: after MADV_DONTNEED all are zero, after munmap() none is mapped.
 */
static size_t
pt_retention_find_kept(const struct vms_cell *c, unsigned char *base)
{
	const struct pt_retention_params *p = c->params;
	size_t i, pages = pt_retention_pages(c);
	unsigned char *at = base;

	for (i = 0; i < pages; i++) {
		if (p->how == PT_RETENTION_DONTNEED ? *at != 0 :
		    msync(at, c->page_size, MS_ASYNC) == 0)
			break;
		at += pt_retention_stride(c);
	}
	return i;
}

/* ---- the phases --------------------------------------------------------- */

static int64_t
pt_retention_touch(struct vms_worker *w)
{
	struct pt_retention_worker *s = w->state;
	size_t stride = pt_retention_stride(w->cell);
	size_t at, len = pt_retention_len(w->cell);
	unsigned char wrong = 0;

	s->rounds++;
	for (at = 0; at < len && !vms_stopping(w); at += stride) {
		s->base[at] = 1;
		wrong |= s->base[at + 1];
	}
	s->wrong |= wrong;
	if (s->rounds == 1)
		s->touched = pt_retention_tables();
	return (int64_t)pt_retention_pages(w->cell);
}

static int64_t
pt_retention_release(struct vms_worker *w)
{
	const struct pt_retention_params *p = w->cell->params;
	struct pt_retention_worker *s = w->state;

	s->last = s->base;
	if (p->how == PT_RETENTION_MUNMAP)
		s->base = NULL;
	if (pt_retention_release_all(w->cell, s->last) != 0)
		return vms_fail(w, "%s", pt_retention_how[p->how]);
	return (int64_t)pt_retention_pages(w->cell);
}

/* Nothing of what was touched may be there after the release. */
static int
pt_retention_check(struct vms_worker *w)
{
	const struct pt_retention_params *p = w->cell->params;
	const struct pt_retention_worker *s = w->state;
	size_t kept = pt_retention_find_kept(w->cell, s->last);

	errno = 0;
	if (kept != pt_retention_pages(w->cell))
		return vms_fail(w, "touched page %zu is still there after %s",
		    kept, pt_retention_how[p->how]);
	return 0;
}

/* Of the first round: what the release left of tables, and of pages. */
static int
pt_retention_look(struct vms_worker *w)
{
	struct pt_retention_cell *sum = w->cell->state;
	const struct pt_retention_worker *s = w->state;
	int64_t now = pt_retention_tables();

	if (now != -1 && s->before != -1 && s->touched != -1) {
		atomic_fetch_add(&sum->touched, s->touched - s->before);
		atomic_fetch_add(&sum->released, now - s->before);
		atomic_fetch_add(&sum->told, 1);
	}
	return pt_retention_check(w);
}

static int64_t
pt_retention_remap(struct vms_worker *w)
{
	const struct pt_retention_params *p = w->cell->params;
	struct pt_retention_worker *s = w->state;
	size_t len = pt_retention_len(w->cell);

	if (s->rounds == 1 && pt_retention_look(w) != 0)
		return -1;
	if (p->how == PT_RETENTION_DONTNEED && munmap(s->base, len) != 0)
		return vms_fail(w, "munmap");
	s->base = vms_map_anon(w->cell, len, p->thp);
	if (s->base == NULL)
		return vms_fail(w, "cannot map %zu bytes", len);
	return 1;
}

static const struct vms_phase pt_retention_phases[] = {
	{ "touch", "page", pt_retention_touch, false },
	{ "release", "page", pt_retention_release, true },
	{ "remap", "mapping", pt_retention_remap, false },
	{ NULL, NULL, NULL, false }
};

/* ---- hooks -------------------------------------------------------------- */

static int
pt_retention_probe(struct vms_cell *c)
{
	const struct pt_retention_params *p = c->params;
	size_t len = pt_retention_len(c);
	unsigned char *base = vms_map_anon(c, len, p->thp);
	unsigned char kept = 0;

	if (base == NULL)
		return vms_skip(c, "cannot map size=%zu with this thp: %s "
		    "(choose a smaller size)", len, strerror(errno));
	if (p->how == PT_RETENTION_DONTNEED) {
		base[0] = 1;
		kept = madvise(base, c->page_size, MADV_DONTNEED) != 0 ||
		    ((volatile unsigned char *)base)[0] != 0;
	}
	munmap(base, len);
	if (kept != 0)
		return vms_skip(c, "MADV_DONTNEED keeps the data on this "
		    "system, it is only a hint (how=munmap works)");
	if (!vms_room(c, pt_retention_memory(c)))
		return vms_skip(c, "%llu bytes are more memory than is to "
		    "spare here (choose a larger stride or smaller size)",
		    (unsigned long long)pt_retention_memory(c));
	return 0;
}

static int
pt_retention_worker_init(struct vms_worker *w)
{
	const struct pt_retention_params *p = w->cell->params;
	struct pt_retention_worker *s = w->state;
	size_t len = pt_retention_len(w->cell);

	s->base = vms_map_anon(w->cell, len, p->thp);
	if (s->base == NULL)
		return vms_fail(w, "cannot map %zu bytes", len);
	s->before = pt_retention_tables();
	return 0;
}

/*
 * The first round was looked at when it was there.  Here it is done once more,
 * on the mapping that the last one left: fresh pages, and all given back.
 */
static int
pt_retention_verify(struct vms_worker *w)
{
	const struct pt_retention_worker *s = w->state;

	if (pt_retention_touch(w) < 0 || pt_retention_release(w) < 0 ||
	    pt_retention_check(w) != 0)
		return -1;
	errno = 0;
	if (s->wrong != 0)
		return vms_fail(w, "a page was not zero when it came");
	return 0;
}

static int
pt_retention_worker_fini(struct vms_worker *w)
{
	struct pt_retention_worker *s = w->state;

	if (s->base != NULL)
		munmap(s->base, pt_retention_len(w->cell));
	return 0;
}

static int
pt_retention_teardown(struct vms_cell *c)
{
	struct pt_retention_cell *sum = c->state;
	double told = (double)atomic_load(&sum->told);

	if (atomic_load(&sum->told) != (uint32_t)c->workers)
		return 0;
	vms_gauge(c, "touched_tables_bytes",
	    (double)atomic_load(&sum->touched) / told);
	vms_gauge(c, "released_tables_bytes",
	    (double)atomic_load(&sum->released) / told);
	return 0;
}

const struct vms_workload vms_workload_pt_retention = {
	.abi = VMS_ABI,
	.name = "pt-retention",
	.version = 1,
	.summary = "page tables of a sparse mapping, and how long they stay",
	.kind = VMS_PHASES,
	.unit = "page",
	.modes = VMS_PROCESS,
	.params = pt_retention_rows,
	.params_size = sizeof(struct pt_retention_params),
	.cell_size = sizeof(struct pt_retention_cell),
	.worker_size = sizeof(struct pt_retention_worker),
	.memory = pt_retention_memory,
	.probe = pt_retention_probe,
	.worker_init = pt_retention_worker_init,
	.phases = pt_retention_phases,
	.verify = pt_retention_verify,
	.worker_fini = pt_retention_worker_fini,
	.teardown = pt_retention_teardown,
};
