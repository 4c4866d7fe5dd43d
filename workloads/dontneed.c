/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One operation is a write to one page, MADV_DONTNEED for that page, and a read
 * of it that is checked: anonymous memory must be zero again, a private mapping
 * must show the file again, a shared one must keep what was written.  The pages
 * of the mapping take turns.
 *
 * It stresses taking single pages out of an address space and giving them back:
 * two faults, freeing a page (not for a shared file), and above all the flush
 * of the page from the TLBs.  Between threads on several processors that flush
 * is a shootdown by interrupt; processes have none, so the difference between
 * the two modes is its price.
 *
 * The flush is local, and cheap, while only one thread has ever run in the
 * address space; one idle thread more on another processor can change the
 * figure.  On systems where MADV_DONTNEED is a hint and keeps the data (the
 * BSDs) this would be another operation; the workload finds out and is skipped.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "workload.h"

enum { DONTNEED_ANON, DONTNEED_FILE_PRIVATE, DONTNEED_FILE_SHARED };

/* What the file holds before; never what is written, see dontneed_value(). */
#define DONTNEED_OLD 0x5a

struct dontneed_params {
	uint64_t size;
	int backing;
	int thp;
};

struct dontneed_worker {
	volatile unsigned char *base;
	uint64_t done;
	int fd;			/* 0: none */
};

static const char *const dontneed_backing[] = {
	"anon", "file-private", "file-shared", NULL
};
static const char *const dontneed_thp[] = VMS_THP_CHOICES;

static const struct vms_param dontneed_rows[] = {
	{ "backing", VMS_CHOICE, offsetof(struct dontneed_params, backing),
	    "anon", NULL, NULL, dontneed_backing, "what is mapped" },
	{ "size", VMS_SIZE, offsetof(struct dontneed_params, size),
	    "1M", "4K", "1T", NULL, "length of each worker's mapping" },
	VMS_THP_PARAM(struct dontneed_params, thp, dontneed_thp),
	VMS_PARAMS_END
};

static size_t
dontneed_len(const struct vms_cell *c)
{
	const struct dontneed_params *p = c->params;

	return vms_pages(c, p->size);
}

/* What the i-th operation writes: another value in each lap, 0x80 to 0xff. */
static unsigned char
dontneed_value(uint64_t lap)
{
	return 0x80 | (lap & 0x7f);
}

/* What has to be read after it. */
static unsigned char
dontneed_expected(const struct vms_cell *c, unsigned char written)
{
	const struct dontneed_params *p = c->params;

	if (p->backing == DONTNEED_FILE_SHARED)
		return written;
	return p->backing == DONTNEED_ANON ? 0 : DONTNEED_OLD;
}

/* The mapping, advised and read once; NULL with errno. */
static unsigned char *
dontneed_map(const struct vms_cell *c, int fd)
{
	static const int flags[] = {
		MAP_PRIVATE | MAP_ANON, MAP_PRIVATE, MAP_SHARED
	};
	const struct dontneed_params *p = c->params;
	volatile unsigned char *base;
	size_t at, len = dontneed_len(c);

	base = mmap(NULL, len, PROT_READ | PROT_WRITE, flags[p->backing], fd,
	    0);
	if (base == MAP_FAILED)
		return NULL;
	if (p->backing == DONTNEED_ANON &&
	    vms_thp(c, (void *)base, len, p->thp) != 0 &&
	    (errno != ENOTSUP || p->thp == VMS_THP_ON)) {
		munmap((void *)base, len);
		return NULL;
	}
	/* Else the first lap would find less than the later ones. */
	for (at = 0; at < len; at += c->page_size)
		(void)base[at];
	return (unsigned char *)base;
}

static uint64_t
dontneed_memory(const struct vms_cell *c)
{
	const struct dontneed_params *p = c->params;

	if (p->backing == DONTNEED_ANON && p->thp == VMS_THP_OFF)
		return (uint64_t)c->workers * c->page_size;
	return (uint64_t)c->workers * (dontneed_len(c) + c->page_size);
}

static int
dontneed_probe(struct vms_cell *c)
{
	size_t page = c->page_size;
	volatile unsigned char *base;
	unsigned char kept = 1;

	base = mmap(NULL, page, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANON, -1, 0);
	if (base == MAP_FAILED)
		return vms_skip(c, "cannot map a page: %s", strerror(errno));
	base[0] = 1;
	if (madvise((void *)base, page, MADV_DONTNEED) == 0)
		kept = base[0];
	munmap((void *)base, page);
	if (kept != 0)
		return vms_skip(c, "MADV_DONTNEED keeps the data on this "
		    "system, it is only a hint");
	return 0;
}

static int
dontneed_worker_init(struct vms_worker *w)
{
	const struct dontneed_params *p = w->cell->params;
	struct dontneed_worker *st = w->state;
	int fd = -1;

	if (p->backing != DONTNEED_ANON) {
		fd = st->fd = vms_temp_file(w->cell, dontneed_len(w->cell),
		    DONTNEED_OLD);
		if (fd < 0)
			return vms_fail(w, "cannot make a file of %zu bytes in "
			    "%s", dontneed_len(w->cell), w->cell->tmpdir);
	}
	st->base = dontneed_map(w->cell, fd);
	if (st->base == NULL)
		return vms_fail(w, "cannot map %zu bytes",
		    dontneed_len(w->cell));
	return 0;
}

static int64_t
dontneed_run(struct vms_worker *w, int64_t n)
{
	struct dontneed_worker *st = w->state;
	size_t page = w->cell->page_size, len = dontneed_len(w->cell);
	volatile unsigned char *at = st->base + st->done % (len / page) * page;
	unsigned char value = dontneed_value(st->done / (len / page));
	unsigned char expected = dontneed_expected(w->cell, value);
	int64_t i;

	for (i = 0; i < n; i++) {
		*at = value;
		if (madvise((void *)at, page, MADV_DONTNEED) != 0)
			return vms_fail(w, "MADV_DONTNEED");
		errno = 0;
		if (*at != expected)
			return vms_fail(w, "after MADV_DONTNEED a page reads "
			    "%#x, not %#x", *at, expected);
		st->done++;
		at += page;
		if (at < st->base + len)
			continue;
		at = st->base;
		value = dontneed_value(st->done / (len / page));
		expected = dontneed_expected(w->cell, value);
	}
	return n;
}

/* Every page still holds what its last operation left, and only that. */
static int
dontneed_verify(struct vms_worker *w)
{
	const struct dontneed_worker *st = w->state;
	const unsigned char *base = (const unsigned char *)st->base, *at;
	size_t page = w->cell->page_size, pages = dontneed_len(w->cell) / page;
	unsigned char old = dontneed_expected(w->cell, DONTNEED_OLD), want;
	uint64_t laps;
	size_t i;

	errno = 0;
	for (i = 0; i < pages; i++) {
		at = base + i * page;
		laps = st->done / pages + (i < st->done % pages);
		want = laps == 0 ? old :
		    dontneed_expected(w->cell, dontneed_value(laps - 1));
		if (at[0] != want)
			return vms_fail(w, "page %zu holds %#x, not %#x", i,
			    at[0], want);
		if (at[1] != old || memcmp(at + 1, at + 2, page - 2) != 0)
			return vms_fail(w, "page %zu changed beside the byte "
			    "that was written", i);
	}
	return 0;
}

static int
dontneed_worker_fini(struct vms_worker *w)
{
	struct dontneed_worker *st = w->state;

	if (st->base != NULL)
		munmap((void *)st->base, dontneed_len(w->cell));
	if (st->fd > 0)
		close(st->fd);
	return 0;
}

const struct vms_workload vms_workload_dontneed = {
	.abi = VMS_ABI,
	.name = "dontneed",
	.version = 1,
	.summary = "write, drop and re-read single pages",
	.kind = VMS_RATE,
	.unit = "page",
	.modes = VMS_PROCESS | VMS_THREAD,
	.params = dontneed_rows,
	.params_size = sizeof(struct dontneed_params),
	.worker_size = sizeof(struct dontneed_worker),
	.memory = dontneed_memory,
	.probe = dontneed_probe,
	.worker_init = dontneed_worker_init,
	.run = dontneed_run,
	.verify = dontneed_verify,
	.worker_fini = dontneed_worker_fini,
};
