/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One operation is the first access to one page of a mapped file that is in
 * the page cache: `access` says whether the mapping is private or shared and
 * whether the page is read or written.  When every page has been touched the
 * file is unmapped and mapped anew; that time is in the main rate and not in
 * fault-only.
 *
 * Reading stresses the look-up in the page cache and the reverse map.  A
 * private write adds allocating a page and copying (copy-on-write); a shared
 * write adds making the page dirty, for which the file system is asked.  With
 * file=same all workers meet in one file: its lock, its page counts, its list
 * of mappings.
 *
 * Kernels map neighbours of a page that is read (Linux: 16 pages in one fault),
 * so a read is often a fraction of a fault; compare the counted faults.  Shared
 * writes to a file on disk are written back while the clock runs: use tmpfs to
 * see the kernel alone.  Memory pressure that empties the page cache turns
 * operations into disk reads; major faults tell.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "workload.h"

enum { FAULT_FILE_OWN, FAULT_FILE_SAME };

/* What each byte of the file is at first, and what a write makes of it. */
enum { FAULT_FILE_OLD = 0x5a, FAULT_FILE_NEW = 0xa5 };

struct fault_file_params {
	uint64_t size;
	int access;
	int file;
};

struct fault_file_cell {
	int fd;			/* file=same; 0: none */
};

struct fault_file_worker {
	unsigned char *base;
	size_t next;		/* how many pages are touched */
	int fd;			/* file=own; 0: none */
	unsigned char wrong;	/* bits that were read and should not be */
};

/* The rows of fault_file_access, in its order. */
static const struct {
	bool shared;
	bool write;
} fault_file_how[] = {
	{ false, true }, { true, true }, { false, false }, { true, false }
};

static const char *const fault_file_access[] = {
	"private-write", "shared-write", "private-read", "shared-read", NULL
};
static const char *const fault_file_file[] = { "own", "same", NULL };

static const struct vms_param fault_file_rows[] = {
	{ "access", VMS_CHOICE, offsetof(struct fault_file_params, access),
	    "private-write", NULL, NULL, fault_file_access,
	    "kind of mapping, and what is done to each page" },
	{ "file", VMS_CHOICE, offsetof(struct fault_file_params, file),
	    "own", NULL, NULL, fault_file_file,
	    "a file for each worker, or the same one for all" },
	{ "size", VMS_SIZE, offsetof(struct fault_file_params, size),
	    "128M", "64K", "1T", NULL, "length of the file" },
	VMS_PARAMS_END
};

static size_t
fault_file_len(const struct vms_cell *c)
{
	const struct fault_file_params *p = c->params;

	return vms_pages(c, p->size);
}

static bool
fault_file_writes(const struct vms_cell *c)
{
	const struct fault_file_params *p = c->params;

	return fault_file_how[p->access].write;
}

static bool
fault_file_shared(const struct vms_cell *c)
{
	const struct fault_file_params *p = c->params;

	return fault_file_how[p->access].shared;
}

/* In the same file each worker writes a cache line of its own. */
static size_t
fault_file_offset(const struct vms_worker *w)
{
	return (size_t)w->index * 64 % w->cell->page_size;
}

static int
fault_file_fd(const struct vms_worker *w)
{
	const struct fault_file_params *p = w->cell->params;
	const struct fault_file_cell *cell = w->cell->state;
	const struct fault_file_worker *st = w->state;

	return p->file == FAULT_FILE_SAME ? cell->fd : st->fd;
}

static unsigned char *
fault_file_map(const struct vms_worker *w)
{
	void *base = mmap(NULL, fault_file_len(w->cell),
	    PROT_READ | PROT_WRITE,
	    fault_file_shared(w->cell) ? MAP_SHARED : MAP_PRIVATE,
	    fault_file_fd(w), 0);

	return base == MAP_FAILED ? NULL : base;
}

/* How much goes into files. */
static uint64_t
fault_file_space(const struct vms_cell *c)
{
	const struct fault_file_params *p = c->params;
	uint64_t files = p->file == FAULT_FILE_SAME ? 1 : (uint64_t)c->workers;

	return files * fault_file_len(c);
}

static uint64_t
fault_file_memory(const struct vms_cell *c)
{
	uint64_t bytes = fault_file_space(c);

	if (fault_file_writes(c) && !fault_file_shared(c))
		bytes += (uint64_t)c->workers * fault_file_len(c);
	return bytes + (uint64_t)c->workers * fault_file_len(c) /
	    c->page_size * sizeof(void *);
}

static uint64_t
fault_file_op_bytes(const struct vms_cell *c)
{
	return c->page_size;
}

static int
fault_file_probe(struct vms_cell *c)
{
	uint64_t need = fault_file_space(c), have;
	struct statvfs fs;

	if (statvfs(c->tmpdir, &fs) != 0)
		return vms_skip(c, "no directory for files, %s: %s", c->tmpdir,
		    strerror(errno));
	have = (uint64_t)fs.f_bavail * fs.f_frsize;
	if (have < need)
		return vms_skip(c, "%llu bytes of files are needed, but %s has "
		    "%llu free", (unsigned long long)need, c->tmpdir,
		    (unsigned long long)have);
	return 0;
}

static int
fault_file_setup(struct vms_cell *c)
{
	const struct fault_file_params *p = c->params;
	struct fault_file_cell *cell = c->state;

	if (p->file != FAULT_FILE_SAME)
		return 0;
	cell->fd = vms_temp_file(c, fault_file_len(c), FAULT_FILE_OLD);
	if (cell->fd < 0)
		return vms_cell_fail(c, "cannot make a file of %zu bytes in %s",
		    fault_file_len(c), c->tmpdir);
	return 0;
}

static int
fault_file_worker_init(struct vms_worker *w)
{
	const struct fault_file_params *p = w->cell->params;
	struct fault_file_worker *st = w->state;

	if (p->file == FAULT_FILE_OWN)
		st->fd = vms_temp_file(w->cell, fault_file_len(w->cell),
		    FAULT_FILE_OLD);
	if (st->fd < 0)
		return vms_fail(w, "cannot make a file of %zu bytes in %s",
		    fault_file_len(w->cell), w->cell->tmpdir);
	st->base = fault_file_map(w);
	if (st->base == NULL)
		return vms_fail(w, "cannot map a file in %s", w->cell->tmpdir);
	return 0;
}

static int
fault_file_again(struct vms_worker *w)
{
	struct fault_file_worker *st = w->state;
	uint64_t since = vms_now(w);

	if (munmap(st->base, fault_file_len(w->cell)) != 0)
		return vms_fail(w, "munmap");
	st->base = fault_file_map(w);
	if (st->base == NULL)
		return vms_fail(w, "cannot map the file");
	st->next = 0;
	vms_aside(w, since);
	return 0;
}

static void
fault_file_touch(struct vms_worker *w, size_t end)
{
	struct fault_file_worker *st = w->state;
	volatile unsigned char *base = st->base + fault_file_offset(w);
	size_t page = w->cell->page_size, i = st->next;
	unsigned char wrong = 0;

	if (fault_file_writes(w->cell))
		for (; i < end; i++)
			base[i * page] = FAULT_FILE_NEW;
	else
		for (; i < end; i++)
			wrong |= base[i * page] ^ FAULT_FILE_OLD;
	st->wrong |= wrong;
	st->next = end;
}

static int64_t
fault_file_run(struct vms_worker *w, int64_t n)
{
	struct fault_file_worker *st = w->state;
	size_t pages = fault_file_len(w->cell) / w->cell->page_size, some;
	int64_t left = n;

	while (left > 0) {
		if (st->next == pages && fault_file_again(w) != 0)
			return -1;
		some = pages - st->next;
		if ((uint64_t)left < some)
			some = (size_t)left;
		fault_file_touch(w, st->next + some);
		left -= (int64_t)some;
	}
	return n;
}

/*
 * A written page shows the write in the mapping, and in the file only if it is
 * shared; everything else is as the file was made.
 */
static int
fault_file_verify(struct vms_worker *w)
{
	struct fault_file_worker *st = w->state;
	size_t page = w->cell->page_size, at = fault_file_offset(w), i;
	unsigned char in_file, want_file, want_map = FAULT_FILE_OLD;

	if (fault_file_writes(w->cell))
		want_map = FAULT_FILE_NEW;
	want_file = fault_file_shared(w->cell) ? want_map : FAULT_FILE_OLD;
	errno = 0;
	if (st->wrong != 0)
		return vms_fail(w, "a page did not read as the file was made");
	for (i = 0; i < st->next; i++, at += page) {
		if (pread(fault_file_fd(w), &in_file, 1, (off_t)at) != 1)
			return vms_fail(w, "cannot read the file");
		if (st->base[at] != want_map || in_file != want_file)
			return vms_fail(w, "page %zu has %#x in the mapping "
			    "and %#x in the file, not %#x and %#x", i,
			    st->base[at], in_file, want_map, want_file);
		if (st->base[at + 1] != FAULT_FILE_OLD)
			return vms_fail(w, "page %zu changed beside the byte "
			    "that was written", i);
	}
	return 0;
}

static int
fault_file_worker_fini(struct vms_worker *w)
{
	struct fault_file_worker *st = w->state;

	if (st->base != NULL)
		munmap(st->base, fault_file_len(w->cell));
	if (st->fd > 0)
		close(st->fd);
	return 0;
}

static int
fault_file_teardown(struct vms_cell *c)
{
	struct fault_file_cell *cell = c->state;

	if (cell->fd > 0)
		close(cell->fd);
	return 0;
}

const struct vms_workload vms_workload_fault_file = {
	.abi = VMS_ABI,
	.name = "fault-file",
	.version = 1,
	.summary = "faults on pages of a file in the page cache",
	.kind = VMS_RATE,
	.unit = "page",
	.net = "fault-only",
	.modes = VMS_PROCESS | VMS_THREAD,
	.params = fault_file_rows,
	.params_size = sizeof(struct fault_file_params),
	.cell_size = sizeof(struct fault_file_cell),
	.worker_size = sizeof(struct fault_file_worker),
	.memory = fault_file_memory,
	.op_bytes = fault_file_op_bytes,
	.probe = fault_file_probe,
	.setup = fault_file_setup,
	.worker_init = fault_file_worker_init,
	.run = fault_file_run,
	.verify = fault_file_verify,
	.worker_fini = fault_file_worker_fini,
	.teardown = fault_file_teardown,
};
