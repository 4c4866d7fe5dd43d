/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One operation is one open() of an existing empty file for reading and
 * writing, and the close() of it.  `file` says whose: an own file of each
 * worker in one common directory, one in a directory of its own, or the same
 * file for all.
 *
 * This is the way from a path to an open file: the walk through the cache of
 * names, the permission checks, the allocation of the open file and its entry
 * in the table of descriptors.  Workers with own directories share the path
 * above them, those in a common directory its entry too, and with the same
 * file its name and inode: the three together show which reference or lock
 * does not scale.
 *
 * The number belongs to the file system that holds the temporary directory and
 * to the length of the path to it; compare results of the same place only.  No
 * disk is involved.  The last reference may be dropped later than close()
 * returns, and security modules, audit rules and file-event watchers work at
 * every open.
 */
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "workload.h"

struct open_params {
	int file;
};

enum open_file { OPEN_OWN, OPEN_OWN_DIR, OPEN_SAME };

struct open_worker {
	char dir[PATH_MAX];	/* made for this worker, or empty */
	char path[PATH_MAX];
	ino_t inode;
	int fd;			/* the number it had before the start */
};

static const char *const open_file[] = { "own", "own-dir", "same", NULL };

static const struct vms_param open_rows[] = {
	{ "file", VMS_CHOICE, offsetof(struct open_params, file), "own", NULL,
	    NULL, open_file, "own file, own file in own directory, or same" },
	VMS_PARAMS_END
};

static bool
open_is(const struct vms_cell *c, enum open_file file)
{
	const struct open_params *p = c->params;

	return p->file == (int)file;
}

/* Never the name of a worker's own file: those end in a number. */
static int
open_common_path(const struct vms_cell *c, char *path)
{
	int len = snprintf(path, PATH_MAX, "%s/open-same", c->tmpdir);

	errno = ENAMETOOLONG;
	return len > 0 && len < PATH_MAX ? 0 : -1;
}

static int
open_own_path(struct vms_worker *w)
{
	struct open_worker *s = w->state;
	const char *tmp = w->cell->tmpdir;
	int len;

	if (open_is(w->cell, OPEN_OWN_DIR)) {
		len = snprintf(s->dir, PATH_MAX, "%s/open-%d.d", tmp, w->index);
		if (len > 0 && len < PATH_MAX && mkdir(s->dir, 0700) != 0)
			return vms_fail(w, "cannot make directory %s", s->dir);
		len = snprintf(s->path, PATH_MAX, "%s/open-%d.d/file", tmp,
		    w->index);
	} else {
		len = snprintf(s->path, PATH_MAX, "%s/open-%d", tmp, w->index);
	}
	errno = ENAMETOOLONG;
	return len > 0 && len < PATH_MAX ? 0 : vms_fail(w, "in %s", tmp);
}

static int
open_create(const char *path)
{
	int fd = open(path, O_RDWR | O_CREAT | O_EXCL, 0600);

	return fd == -1 ? -1 : close(fd);
}

static int
open_setup(struct vms_cell *c)
{
	char path[PATH_MAX];

	if (!open_is(c, OPEN_SAME))
		return 0;
	if (open_common_path(c, path) != 0 || open_create(path) != 0)
		return vms_cell_fail(c, "cannot make a file in %s", c->tmpdir);
	return 0;
}

static int
open_worker_init(struct vms_worker *w)
{
	struct open_worker *s = w->state;
	struct stat st;

	if (open_is(w->cell, OPEN_SAME)) {
		if (open_common_path(w->cell, s->path) != 0)
			return vms_fail(w, "in %s", w->cell->tmpdir);
	} else {
		if (open_own_path(w) != 0)
			return -1;
		if (open_create(s->path) != 0)
			return vms_fail(w, "cannot make %s", s->path);
	}
	s->fd = open(s->path, O_RDWR);
	if (s->fd == -1 || fstat(s->fd, &st) != 0 || close(s->fd) != 0)
		return vms_fail(w, "cannot open %s", s->path);
	s->inode = st.st_ino;
	return 0;
}

static int64_t
open_run(struct vms_worker *w, int64_t n)
{
	const char *path = ((struct open_worker *)w->state)->path;
	int64_t i;
	int fd;

	for (i = 0; i < n; i++) {
		fd = open(path, O_RDWR);
		if (fd == -1)
			return vms_fail(w, "cannot open %s", path);
		if (close(fd) != 0)
			return vms_fail(w, "cannot close %s", path);
	}
	return n;
}

/*
 * The path still leads to the file it was, opened at its start, under the
 * number it had.  Threads use the common table meanwhile: there it varies.
 */
static int
open_verify(struct vms_worker *w)
{
	const struct open_worker *s = w->state;
	struct stat st;
	off_t at;
	int fd = open(s->path, O_RDWR);

	if (fd == -1 || fstat(fd, &st) != 0)
		return vms_fail(w, "cannot open %s", s->path);
	at = lseek(fd, 0, SEEK_CUR);
	if (close(fd) != 0)
		return vms_fail(w, "cannot close %s", s->path);
	errno = 0;
	if (st.st_ino != s->inode || st.st_size != 0 || at != 0)
		return vms_fail(w, "%s is not the empty file it was", s->path);
	if (!w->cell->threads && fd > s->fd)
		return vms_fail(w, "descriptors leaked: the file is %d now, "
		    "was %d", fd, s->fd);
	return 0;
}

static int
open_worker_fini(struct vms_worker *w)
{
	const struct open_worker *s = w->state;

	if (open_is(w->cell, OPEN_SAME))
		return 0;
	if (unlink(s->path) != 0)
		return vms_fail(w, "cannot remove %s", s->path);
	if (s->dir[0] != '\0' && rmdir(s->dir) != 0)
		return vms_fail(w, "cannot remove %s", s->dir);
	return 0;
}

static int
open_teardown(struct vms_cell *c)
{
	char path[PATH_MAX];

	if (!open_is(c, OPEN_SAME))
		return 0;
	if (open_common_path(c, path) != 0 || unlink(path) != 0)
		return vms_cell_fail(c, "cannot remove a file in %s",
		    c->tmpdir);
	return 0;
}

const struct vms_workload vms_workload_open = {
	.abi = VMS_ABI,
	.name = "open",
	.version = 1,
	.summary = "open and close of an existing file",
	.kind = VMS_RATE,
	.unit = "open",
	.modes = VMS_PROCESS | VMS_THREAD,
	.params = open_rows,
	.params_size = sizeof(struct open_params),
	.worker_size = sizeof(struct open_worker),
	.setup = open_setup,
	.worker_init = open_worker_init,
	.run = open_run,
	.verify = open_verify,
	.worker_fini = open_worker_fini,
	.teardown = open_teardown,
};
