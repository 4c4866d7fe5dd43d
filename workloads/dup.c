/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One operation is one dup() of a descriptor of a file and the close() of the
 * copy.  The file has been unlinked and nothing is written to it.
 *
 * This is the table of descriptors and little else: finding and marking the
 * lowest free number, one reference taken and one dropped.  A process has its
 * table for itself; threads share one with its lock.  With `file` shared all
 * workers dup what the cell once opened, so that the reference count is common
 * even to processes with tables of their own.
 *
 * The operation is so short that the two entries into the kernel are most of
 * it: subtract the rate of getppid before speaking of tables.  Kernels drop
 * the last reference to a file at different times, but none is ever the last
 * one here: see open for that.  In thread mode one worker alone takes the same
 * locks without contention, and is the baseline for more of them.
 */
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "workload.h"

struct dup_params {
	int file;
};

enum dup_file { DUP_OWN, DUP_SHARED };

struct dup_cell {
	int fd;			/* the shared file */
};

struct dup_worker {
	int fd;
	int copy;		/* the number a copy had before the start */
};

static const char *const dup_file[] = { "own", "shared", NULL };

static const struct vms_param dup_rows[] = {
	{ "file", VMS_CHOICE, offsetof(struct dup_params, file), "own", NULL,
	    NULL, dup_file, "an open file of each worker, or one of all" },
	VMS_PARAMS_END
};

static bool
dup_is_shared(const struct vms_cell *c)
{
	const struct dup_params *p = c->params;

	return p->file == DUP_SHARED;
}

static int
dup_open(const struct vms_cell *c, int index)
{
	char path[PATH_MAX];
	int fd, len;

	len = snprintf(path, sizeof(path), "%s/dup-%d", c->tmpdir, index);
	if (len < 0 || (size_t)len >= sizeof(path)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	fd = open(path, O_RDWR | O_CREAT | O_EXCL, 0600);
	if (fd != -1)
		unlink(path);
	return fd;
}

static int
dup_setup(struct vms_cell *c)
{
	struct dup_cell *cell = c->state;

	if (!dup_is_shared(c))
		return 0;
	cell->fd = dup_open(c, c->workers);
	if (cell->fd == -1)
		return vms_cell_fail(c, "cannot make a file in %s", c->tmpdir);
	return 0;
}

static int
dup_worker_init(struct vms_worker *w)
{
	const struct dup_cell *cell = w->cell->state;
	struct dup_worker *s = w->state;

	s->fd = dup_is_shared(w->cell) ? cell->fd : dup_open(w->cell, w->index);
	if (s->fd == -1)
		return vms_fail(w, "cannot make a file in %s", w->cell->tmpdir);
	s->copy = dup(s->fd);
	if (s->copy == -1 || close(s->copy) != 0)
		return vms_fail(w, "cannot dup a descriptor");
	return 0;
}

static int64_t
dup_run(struct vms_worker *w, int64_t n)
{
	int fd = ((struct dup_worker *)w->state)->fd, copy;
	int64_t i;

	for (i = 0; i < n; i++) {
		copy = dup(fd);
		if (copy == -1)
			return vms_fail(w, "cannot dup a descriptor");
		if (close(copy) != 0)
			return vms_fail(w, "cannot close a copy");
	}
	return n;
}

/*
 * A copy has the offset of its original in common with it, and closing it
 * leaves the original open.  The offset is left alone where workers share it.
 */
static int
dup_check_copy(struct vms_worker *w, int copy)
{
	const struct dup_worker *s = w->state;
	struct stat a, b;
	bool same;

	if (fstat(s->fd, &a) != 0 || fstat(copy, &b) != 0)
		return vms_fail(w, "cannot stat a file and its copy");
	same = a.st_dev == b.st_dev && a.st_ino == b.st_ino;
	if (same && !dup_is_shared(w->cell))
		same = lseek(copy, 42, SEEK_SET) == 42 &&
		    lseek(s->fd, 0, SEEK_CUR) == 42;
	errno = 0;
	return same ? 0 : vms_fail(w, "a copy is not the file it was made of");
}

/* Threads use the common table meanwhile: its numbers prove nothing there. */
static int
dup_verify(struct vms_worker *w)
{
	const struct dup_worker *s = w->state;
	int rc, copy = dup(s->fd);

	if (copy == -1)
		return vms_fail(w, "cannot dup a descriptor");
	rc = dup_check_copy(w, copy);
	if (close(copy) != 0 || fcntl(s->fd, F_GETFD) == -1)
		return vms_fail(w, "cannot close only the copy");
	errno = 0;
	if (!w->cell->threads && copy > s->copy)
		return vms_fail(w, "descriptors leaked: a copy is %d now, was "
		    "%d", copy, s->copy);
	return rc;
}

static int
dup_worker_fini(struct vms_worker *w)
{
	const struct dup_worker *s = w->state;

	if (!dup_is_shared(w->cell) && close(s->fd) != 0)
		return vms_fail(w, "cannot close the file");
	return 0;
}

static int
dup_teardown(struct vms_cell *c)
{
	const struct dup_cell *cell = c->state;

	if (dup_is_shared(c) && close(cell->fd) != 0)
		return vms_cell_fail(c, "cannot close the file");
	return 0;
}

const struct vms_workload vms_workload_dup = {
	.abi = VMS_ABI,
	.name = "dup",
	.version = 1,
	.summary = "dup of a descriptor and close of the copy",
	.kind = VMS_RATE,
	.unit = "copy",
	.modes = VMS_PROCESS | VMS_THREAD,
	.params = dup_rows,
	.params_size = sizeof(struct dup_params),
	.cell_size = sizeof(struct dup_cell),
	.worker_size = sizeof(struct dup_worker),
	.setup = dup_setup,
	.worker_init = dup_worker_init,
	.run = dup_run,
	.verify = dup_verify,
	.worker_fini = dup_worker_fini,
	.teardown = dup_teardown,
};
