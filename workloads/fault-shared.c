/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One operation of `touch`, the headline, is the first access of one worker to
 * one page of a region that all workers map; every worker touches every page.
 * In `reread` one operation is one page that is already mapped read again: what
 * `touch` would be without the faults.  In `drop` it is one page of a mapping
 * that is taken away and made anew, so that the next round starts with no page
 * mapped; the last to do so also empties the region, if it is memory.
 *
 * It stresses many processes that fault one object: the lock and the lookup of
 * its pages, their counts of mappings, and the page tables, of which every
 * process has its own.  This is a database with a large buffer cache and a
 * process for each client.  The gauges page_table_bytes, of all workers, and
 * page_table_bytes_per_page, of one process, tell what the mappings cost.  Of
 * a page, one worker makes the allocation (not with backing=file, where it is
 * in the page cache), the others find it there.  The work has an end, which is
 * why this is in phases and not a rate.
 *
 * Threads of one process share the page tables: only the first of them faults
 * and the others just read or write, so that the number of one thread and that
 * of many cannot be compared.  With start=same all workers meet at one page;
 * with start=own they begin spread over the region and may still meet.  Reading
 * a file maps neighbours in one fault (Linux: 16 pages); huge pages (thp) map
 * hundreds, where shared memory can have them.  Shared writes to a file on a
 * disk are written back while the clock runs.  With backing=anon page tables
 * are kept over the rounds.  Where the system does not tell the size of page
 * tables, the gauges are absent.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "workload.h"

enum { FAULT_SHARED_ANON, FAULT_SHARED_SHM, FAULT_SHARED_FILE };
enum { FAULT_SHARED_WRITE, FAULT_SHARED_READ };
enum { FAULT_SHARED_OWN, FAULT_SHARED_SAME };

/* What each byte of the file is before. */
#define FAULT_SHARED_OLD 0x5a

struct fault_shared_params {
	uint64_t size;
	int backing;
	int access;
	int start;
	int thp;
};

struct fault_shared_cell {
	unsigned char *base;	/* the same in all workers */
	int fd;			/* -1: none */
	_Atomic uint32_t dropped;	/* workers that did, all rounds */
	_Atomic int64_t tables;	/* bytes that the first round added */
	_Atomic uint32_t told;	/* workers of which `tables` knows */
};

struct fault_shared_worker {
	uint64_t round;		/* from 1; begins with touch */
	int64_t tables;		/* before the first round; -1: not known */
	unsigned char wrong;	/* bits that were read and should not be */
};

static const char *const fault_shared_backing[] = {
	"anon", "shm", "file", NULL
};
static const char *const fault_shared_access[] = { "write", "read", NULL };
static const char *const fault_shared_start[] = { "own", "same", NULL };
static const char *const fault_shared_thp[] = VMS_THP_CHOICES;

static const struct vms_param fault_shared_rows[] = {
	{ "size", VMS_SIZE, offsetof(struct fault_shared_params, size),
	    "64M", "64K", "1T", NULL, "length of the region" },
	{ "backing", VMS_CHOICE, offsetof(struct fault_shared_params, backing),
	    "shm", NULL, NULL, fault_shared_backing,
	    "what the region is: inherited memory, memory with a descriptor, "
	    "a file" },
	{ "access", VMS_CHOICE, offsetof(struct fault_shared_params, access),
	    "write", NULL, NULL, fault_shared_access,
	    "what is done to each page" },
	{ "start", VMS_CHOICE, offsetof(struct fault_shared_params, start),
	    "own", NULL, NULL, fault_shared_start,
	    "where a worker begins: at its own place or where all do" },
	VMS_THP_PARAM(struct fault_shared_params, thp, fault_shared_thp),
	VMS_PARAMS_END
};

static size_t
fault_shared_len(const struct vms_cell *c)
{
	const struct fault_shared_params *p = c->params;

	return vms_pages(c, p->size);
}

/* The region once, and its page tables in every process. */
static uint64_t
fault_shared_memory(const struct vms_cell *c)
{
	uint64_t len = fault_shared_len(c);
	uint64_t tables = len / c->page_size * sizeof(void *);

	return len + tables * (c->threads ? 1 : (uint64_t)c->workers);
}

/* What a worker writes into its byte of every page, never 0 or what was. */
static unsigned char
fault_shared_value(const struct vms_worker *w, uint64_t round)
{
	return (unsigned char)(0x80 | ((round + (uint64_t)w->index) & 0x3f));
}

/* The byte of a worker in a page; many workers may have to share them. */
static size_t
fault_shared_byte(const struct vms_cell *c, int index)
{
	return (size_t)index % c->page_size;
}

/* ---- the region --------------------------------------------------------- */

/* Memory with a descriptor but no name; -1 with errno. */
static int
fault_shared_memory_object(size_t len)
{
	int fd;
#ifdef MFD_CLOEXEC
	fd = memfd_create("vmstress", MFD_CLOEXEC);
#else
	char name[64];

	snprintf(name, sizeof(name), "/vmstress-%ld", (long)getpid());
	fd = shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0600);
	if (fd != -1)
		shm_unlink(name);
#endif
	if (fd == -1 || ftruncate(fd, (off_t)len) == 0)
		return fd;
	close(fd);
	return -1;
}

/* At `at`, over what is there, or anywhere with NULL; NULL with errno. */
static unsigned char *
fault_shared_map(const struct vms_cell *c, int fd, size_t len, void *at)
{
	const struct fault_shared_params *p = c->params;
	int flags = MAP_SHARED | (at != NULL ? MAP_FIXED : 0) |
	    (p->backing == FAULT_SHARED_ANON ? MAP_ANON : 0);
	void *base = mmap(at, len, PROT_READ | PROT_WRITE, flags, fd, 0);

	if (base == MAP_FAILED)
		return NULL;
	if (p->thp == VMS_THP_SYSTEM || vms_thp(c, base, len, p->thp) == 0 ||
	    (errno == ENOTSUP && p->thp != VMS_THP_ON))
		return base;
	munmap(base, len);
	return NULL;
}

/* A region of `len` bytes, mapped; -1 with errno. */
static int
fault_shared_open(const struct vms_cell *c, struct fault_shared_cell *r,
    size_t len)
{
	const struct fault_shared_params *p = c->params;

	r->fd = -1;
	if (p->backing == FAULT_SHARED_SHM)
		r->fd = fault_shared_memory_object(len);
	else if (p->backing == FAULT_SHARED_FILE)
		r->fd = vms_temp_file(c, len, FAULT_SHARED_OLD);
	if (r->fd == -1 && p->backing != FAULT_SHARED_ANON)
		return -1;
	r->base = fault_shared_map(c, r->fd, len, NULL);
	return r->base != NULL ? 0 : -1;
}

static void
fault_shared_close(struct fault_shared_cell *r, size_t len)
{
	if (r->base != NULL)
		munmap(r->base, len);
	if (r->fd != -1)
		close(r->fd);
}

/*
 * No page of it is mapped in this process afterwards; 0, or -1 with errno.
 * What was inherited has no name by which it could be mapped again.
 */
static int
fault_shared_unmap_pages(const struct vms_cell *c,
    const struct fault_shared_cell *r, size_t len)
{
	const struct fault_shared_params *p = c->params;

	if (p->backing == FAULT_SHARED_ANON)
		return madvise(r->base, len, MADV_DONTNEED);
	return fault_shared_map(c, r->fd, len, r->base) != NULL ? 0 : -1;
}

/* No page of it is left; the file stays, its pages are in the page cache. */
static int
fault_shared_empty(const struct vms_cell *c, const struct fault_shared_cell *r,
    size_t len)
{
	const struct fault_shared_params *p = c->params;

	if (p->backing == FAULT_SHARED_FILE)
		return 0;
	if (p->backing == FAULT_SHARED_SHM)
		return ftruncate(r->fd, 0) != 0 ? -1 :
		    ftruncate(r->fd, (off_t)len);
#ifdef MADV_REMOVE
	return madvise(r->base, len, MADV_REMOVE);
#else
	errno = ENOTSUP;
	return -1;
#endif
}

/*
 * Bytes of page tables of this process, or -1 where the system does not tell
 * them in this way.
 */
static int64_t
fault_shared_tables(void)
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

/* ---- the phases --------------------------------------------------------- */

/* The pages from `from` up to `to`; returns bits that should not be there. */
static unsigned char
fault_shared_touch_some(struct vms_worker *w, size_t from, size_t to)
{
	const struct fault_shared_params *p = w->cell->params;
	const struct fault_shared_cell *r = w->cell->state;
	const struct fault_shared_worker *s = w->state;
	size_t page = w->cell->page_size;
	volatile unsigned char *at = r->base + from * page +
	    fault_shared_byte(w->cell, w->index);
	volatile unsigned char *end = r->base + to * page;
	unsigned char value = fault_shared_value(w, s->round), wrong = 0;
	unsigned char old = p->backing == FAULT_SHARED_FILE ?
	    FAULT_SHARED_OLD : 0;

	for (; at < end && !vms_stopping(w); at += page) {
		if (p->access == FAULT_SHARED_WRITE)
			*at = value;
		else
			wrong |= *at ^ old;
	}
	return wrong;
}

static int64_t
fault_shared_touch(struct vms_worker *w)
{
	const struct fault_shared_params *p = w->cell->params;
	struct fault_shared_worker *s = w->state;
	uint64_t pages = fault_shared_len(w->cell) / w->cell->page_size;
	uint64_t first = 0;

	if (p->start == FAULT_SHARED_OWN)
		first = pages * (uint64_t)w->index /
		    (uint64_t)w->cell->workers;
	s->round++;
	s->wrong |= fault_shared_touch_some(w, first, pages);
	s->wrong |= fault_shared_touch_some(w, 0, first);
	return (int64_t)pages;
}

/* Everybody's writes are seen by everybody: the byte of the next worker. */
static int64_t
fault_shared_reread(struct vms_worker *w)
{
	const struct fault_shared_params *p = w->cell->params;
	const struct fault_shared_cell *r = w->cell->state;
	struct fault_shared_worker *s = w->state;
	struct vms_worker next = *w;
	size_t at, len = fault_shared_len(w->cell);
	unsigned char wrong = 0, want;

	next.index = (w->index + 1) % w->cell->workers;
	want = fault_shared_value(&next, s->round);
	if (p->access == FAULT_SHARED_READ)
		want = p->backing == FAULT_SHARED_FILE ? FAULT_SHARED_OLD : 0;
	for (at = fault_shared_byte(w->cell, next.index); at < len;
	    at += w->cell->page_size)
		wrong |= ((volatile unsigned char *)r->base)[at] ^ want;
	/* With more workers than bytes somebody else's value is there. */
	if ((size_t)w->cell->workers <= w->cell->page_size)
		s->wrong |= wrong;
	return (int64_t)(len / w->cell->page_size);
}

/* One for each address space, in the first round. */
static void
fault_shared_weigh(struct vms_worker *w)
{
	struct fault_shared_cell *r = w->cell->state;
	const struct fault_shared_worker *s = w->state;
	int64_t now;

	if (s->round != 1 || s->tables == -1)
		return;
	now = fault_shared_tables();
	if (now == -1)
		return;
	atomic_fetch_add(&r->tables, now - s->tables);
	atomic_fetch_add(&r->told, 1);
}

static int64_t
fault_shared_drop(struct vms_worker *w)
{
	struct fault_shared_cell *r = w->cell->state;
	uint32_t workers = (uint32_t)w->cell->workers;
	size_t len = fault_shared_len(w->cell);
	bool mine = !w->cell->threads || w->index == 0;

	if (mine) {
		fault_shared_weigh(w);
		if (fault_shared_unmap_pages(w->cell, r, len) != 0)
			return vms_fail(w, "cannot map the region anew");
	}
	if ((atomic_fetch_add(&r->dropped, 1) + 1) % workers == 0 &&
	    fault_shared_empty(w->cell, r, len) != 0)
		return vms_fail(w, "cannot empty the region");
	return mine ? (int64_t)(len / w->cell->page_size) : 0;
}

static const struct vms_phase fault_shared_phases[] = {
	{ "touch", "page", fault_shared_touch, true },
	{ "reread", "page", fault_shared_reread, false },
	{ "drop", "page", fault_shared_drop, false },
	{ NULL, NULL, NULL, false }
};

/* ---- hooks -------------------------------------------------------------- */

/* A page that is dropped and emptied must be zero, or the file's, again. */
static int
fault_shared_probe(struct vms_cell *c)
{
	const struct fault_shared_params *p = c->params;
	const char *backing = fault_shared_backing[p->backing];
	struct fault_shared_cell r = { .fd = -1 };
	size_t len = c->page_size;
	int rc = 0;

	if (!vms_room(c, fault_shared_memory(c)))
		return vms_skip(c, "size=%zu is more memory than is to spare "
		    "here (choose a smaller size)", fault_shared_len(c));
	if (fault_shared_open(c, &r, len) != 0)
		rc = vms_skip(c, "cannot map backing=%s with this thp: %s",
		    backing, strerror(errno));
	else {
		*(volatile unsigned char *)r.base = FAULT_SHARED_OLD;
		if (fault_shared_unmap_pages(c, &r, len) != 0 ||
		    fault_shared_empty(c, &r, len) != 0)
			rc = vms_skip(c, "backing=%s cannot be emptied here: "
			    "%s (backing=shm can)", backing, strerror(errno));
		else if (p->backing != FAULT_SHARED_FILE &&
		    *(volatile unsigned char *)r.base != 0)
			rc = vms_skip(c, "backing=%s keeps its pages on this "
			    "system (backing=shm does not)", backing);
	}
	fault_shared_close(&r, len);
	return rc;
}

/* Before the workers are made, so that they inherit it; nothing is touched. */
static int
fault_shared_setup(struct vms_cell *c)
{
	if (fault_shared_open(c, c->state, fault_shared_len(c)) != 0)
		return vms_cell_fail(c, "cannot map a region of %zu bytes",
		    fault_shared_len(c));
	return 0;
}

static int
fault_shared_worker_init(struct vms_worker *w)
{
	struct fault_shared_worker *s = w->state;

	s->tables = fault_shared_tables();
	return 0;
}

/* What the last drop must leave: memory is zero, the file is as written. */
static int
fault_shared_verify(struct vms_worker *w)
{
	const struct fault_shared_params *p = w->cell->params;
	const struct fault_shared_cell *r = w->cell->state;
	const struct fault_shared_worker *s = w->state;
	size_t page = w->cell->page_size, len = fault_shared_len(w->cell), at;
	unsigned char want = 0;

	errno = 0;
	if (s->wrong != 0)
		return vms_fail(w, "a page did not hold what was written");
	/* Many workers share a byte: then it is somebody's. */
	if ((size_t)w->cell->workers > page)
		return 0;
	if (p->backing == FAULT_SHARED_FILE)
		want = p->access == FAULT_SHARED_READ ? FAULT_SHARED_OLD :
		    fault_shared_value(w, s->round);
	for (at = fault_shared_byte(w->cell, w->index); at < len; at += page)
		if (r->base[at] != want)
			return vms_fail(w, "page %zu holds %#x at the end, not "
			    "%#x", at / page, r->base[at], want);
	return 0;
}

static int
fault_shared_teardown(struct vms_cell *c)
{
	struct fault_shared_cell *r = c->state;
	size_t len = fault_shared_len(c);
	uint32_t spaces = c->threads ? 1 : (uint32_t)c->workers;
	double tables = (double)atomic_load(&r->tables);

	if (atomic_load(&r->told) == spaces) {
		vms_gauge(c, "page_table_bytes", tables);
		vms_gauge(c, "page_table_bytes_per_page", tables / spaces /
		    (double)(len / c->page_size));
	}
	fault_shared_close(r, len);
	return 0;
}

const struct vms_workload vms_workload_fault_shared = {
	.abi = VMS_ABI,
	.name = "fault-shared",
	.version = 1,
	.summary = "first touch of one shared region by every worker",
	.kind = VMS_PHASES,
	.unit = "page",
	.modes = VMS_PROCESS | VMS_THREAD,
	.params = fault_shared_rows,
	.params_size = sizeof(struct fault_shared_params),
	.cell_size = sizeof(struct fault_shared_cell),
	.worker_size = sizeof(struct fault_shared_worker),
	.memory = fault_shared_memory,
	.probe = fault_shared_probe,
	.setup = fault_shared_setup,
	.worker_init = fault_shared_worker_init,
	.phases = fault_shared_phases,
	.verify = fault_shared_verify,
	.teardown = fault_shared_teardown,
};
