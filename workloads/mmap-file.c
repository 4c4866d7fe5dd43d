/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One operation is mmap of a file and munmap of the same range.  Each worker
 * has a file of its own, already unlinked; no page of the mapping is touched.
 *
 * Besides the book-keeping of the address space (see mmap-anon) it stresses
 * what ties a mapping to a file: references to the file and its object, and the
 * structure in which an object finds its mappings, which for shared mappings
 * may also count writers.  As every worker has its own file, any slowdown with
 * more processes comes from state that files have in common.
 *
 * The file is sparse and never read, so neither disk nor page cache take part,
 * but the file system's own mmap hook does: tmpfs and a disk file system are
 * two different results.  The directory is where temporary files go (TMPDIR).
 */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "workload.h"

enum { MMAP_FILE_PRIVATE, MMAP_FILE_SHARED };

struct mmap_file_params {
	uint64_t size;
	int sharing;
};

struct mmap_file_worker {
	int fd;			/* 0: none */
};

static const char *const mmap_file_sharing[] = { "private", "shared", NULL };

static const struct vms_param mmap_file_rows[] = {
	{ "size", VMS_SIZE, offsetof(struct mmap_file_params, size),
	    "128M", "4K", "1T", NULL, "length of the file and the mapping" },
	{ "sharing", VMS_CHOICE, offsetof(struct mmap_file_params, sharing),
	    "private", NULL, NULL, mmap_file_sharing,
	    "how the file is mapped" },
	VMS_PARAMS_END
};

static size_t
mmap_file_len(const struct vms_cell *c)
{
	const struct mmap_file_params *p = c->params;

	return vms_pages(c, p->size);
}

static unsigned char *
mmap_file_map(const struct vms_cell *c, int fd)
{
	const struct mmap_file_params *p = c->params;

	return mmap(NULL, mmap_file_len(c), PROT_READ | PROT_WRITE,
	    p->sharing == MMAP_FILE_SHARED ? MAP_SHARED : MAP_PRIVATE, fd, 0);
}

/* Only verify touches memory: one page, in the mapping and in the file. */
static uint64_t
mmap_file_memory(const struct vms_cell *c)
{
	return (uint64_t)c->workers * 2 * c->page_size;
}

static int
mmap_file_probe(struct vms_cell *c)
{
	size_t len = mmap_file_len(c);
	int fd = vms_temp_file(c, len, VMS_SPARSE), status = 0;
	unsigned char *base;

	if (fd < 0)
		return vms_skip(c, "cannot make a file of %zu bytes in %s: %s",
		    len, c->tmpdir, strerror(errno));
	base = mmap_file_map(c, fd);
	if (base == MAP_FAILED)
		status = vms_skip(c, "cannot map %zu bytes of a file in %s: %s",
		    len, c->tmpdir, strerror(errno));
	else
		munmap(base, len);
	close(fd);
	return status;
}

static int
mmap_file_worker_init(struct vms_worker *w)
{
	struct mmap_file_worker *st = w->state;

	st->fd = vms_temp_file(w->cell, mmap_file_len(w->cell), VMS_SPARSE);
	if (st->fd < 0)
		return vms_fail(w, "cannot make a file in %s",
		    w->cell->tmpdir);
	return 0;
}

static int64_t
mmap_file_run(struct vms_worker *w, int64_t n)
{
	struct mmap_file_worker *st = w->state;
	size_t len = mmap_file_len(w->cell);
	unsigned char *base;
	int64_t i;

	for (i = 0; i < n; i++) {
		base = mmap_file_map(w->cell, st->fd);
		if (base == MAP_FAILED)
			return vms_fail(w, "mmap of %zu bytes", len);
		if (munmap(base, len) != 0)
			return vms_fail(w, "munmap of %zu bytes", len);
	}
	return n;
}

/* The mapping shows the file; the file shows a shared write and no other. */
static int
mmap_file_look(struct vms_worker *w, int fd, unsigned char *base)
{
	const struct mmap_file_params *p = w->cell->params;
	char want = p->sharing == MMAP_FILE_SHARED ? 'm' : 'f', byte = 'f';

	if (pwrite(fd, &byte, 1, 0) != 1)
		return vms_fail(w, "cannot write to the file");
	errno = 0;
	if (base[0] != 'f')
		return vms_fail(w, "a mapping does not show its file");
	base[0] = 'm';
	if (pread(fd, &byte, 1, 0) != 1)
		return vms_fail(w, "cannot read the file");
	if (byte != want)
		return vms_fail(w, want == 'm' ?
		    "a write to a shared mapping did not reach the file" :
		    "a write to a private mapping reached the file");
	return 0;
}

/*
 * One operation more, looked at.  Something else in the process may map the
 * range just freed, so only a mapping that stays every time is an error.
 */
static int
mmap_file_verify(struct vms_worker *w)
{
	struct mmap_file_worker *st = w->state;
	size_t page = w->cell->page_size, len = mmap_file_len(w->cell);
	unsigned char *base;
	int attempt, status;

	for (attempt = 0; attempt < 100; attempt++) {
		base = mmap_file_map(w->cell, st->fd);
		if (base == MAP_FAILED)
			return vms_fail(w, "mmap of %zu bytes", len);
		status = mmap_file_look(w, st->fd, base);
		if (munmap(base, len) != 0)
			return vms_fail(w, "munmap of %zu bytes", len);
		if (status != 0 || msync(base, page, MS_ASYNC) != 0)
			return status;
	}
	errno = 0;
	return vms_fail(w, "a range is still mapped after munmap");
}

static int
mmap_file_worker_fini(struct vms_worker *w)
{
	struct mmap_file_worker *st = w->state;

	if (st->fd > 0)
		close(st->fd);
	return 0;
}

const struct vms_workload vms_workload_mmap_file = {
	.abi = VMS_ABI,
	.name = "mmap-file",
	.version = 1,
	.summary = "map and unmap a file of one's own without touching it",
	.kind = VMS_RATE,
	.unit = "cycle",
	.modes = VMS_PROCESS | VMS_THREAD,
	.params = mmap_file_rows,
	.params_size = sizeof(struct mmap_file_params),
	.worker_size = sizeof(struct mmap_file_worker),
	.memory = mmap_file_memory,
	.probe = mmap_file_probe,
	.worker_init = mmap_file_worker_init,
	.run = mmap_file_run,
	.verify = mmap_file_verify,
	.worker_fini = mmap_file_worker_fini,
};
