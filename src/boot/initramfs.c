/* SPDX-License-Identifier: BSD-2-Clause */
/* The file system that a guest boots into; see initramfs.h. */
#include "config.h"

#include "boot/initramfs.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"

struct initramfs {
	char *path;
	int fd;
	struct archive *out;
	char **names;		/* what is in it, as it was given */
	size_t nnames, cap;
};

/* ---- the archive ------------------------------------------------------- */

static int
initramfs_error(struct initramfs *a, struct err *e)
{
	const char *why = archive_error_string(a->out);

	return err_set(e, "cannot write %s: %s", a->path,
	    why != NULL ? why : "out of memory");
}

/* No time and no padding, which would make other bytes of the same contents. */
static int
initramfs_format(struct initramfs *a)
{
	return archive_write_set_format_cpio_newc(a->out) == ARCHIVE_OK &&
	    archive_write_add_filter_gzip(a->out) == ARCHIVE_OK &&
	    archive_write_set_filter_option(a->out, "gzip", "timestamp",
		NULL) == ARCHIVE_OK &&
	    archive_write_set_bytes_in_last_block(a->out, 1) == ARCHIVE_OK &&
	    archive_write_open_fd(a->out, a->fd) == ARCHIVE_OK ? 0 : -1;
}

struct initramfs *
initramfs_new(const char *path, struct err *e)
{
	struct initramfs *a;
	int fd;

	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	if (fd < 0) {
		err_errno(e, "cannot make %s", path);
		return NULL;
	}
	a = mem_zalloc(sizeof(*a));
	a->path = mem_strdup(path);
	a->fd = fd;
	a->out = archive_write_new();
	if (a->out != NULL && initramfs_format(a) == 0)
		return a;
	if (a->out != NULL)
		initramfs_error(a, e);
	else
		err_set(e, "cannot make %s: out of memory", path);
	initramfs_drop(a);
	return NULL;
}

static void
initramfs_free(struct initramfs *a)
{
	size_t i;

	for (i = 0; i < a->nnames; i++)
		free(a->names[i]);
	free(a->names);
	free(a->path);
	free(a);
}

int
initramfs_close(struct initramfs *a, struct err *e)
{
	int rc = 0;

	if (archive_write_close(a->out) != ARCHIVE_OK)
		rc = initramfs_error(a, e);
	archive_write_free(a->out);
	/* Some file systems cannot. */
	if (fsync(a->fd) != 0 && errno != EINVAL && errno != ENOTSUP)
		rc = err_errno(e, "cannot write %s", a->path);
	if (close(a->fd) != 0)
		rc = err_errno(e, "cannot write %s", a->path);
	if (rc != 0)
		unlink(a->path);
	initramfs_free(a);
	return rc;
}

void
initramfs_drop(struct initramfs *a)
{
	if (a == NULL)
		return;
	unlink(a->path);
	/*
	 * This writes the rest to a file that nobody sees any more; to say
	 * archive_write_fail() first loses memory of its filters.
	 */
	archive_write_free(a->out);
	close(a->fd);
	initramfs_free(a);
}

/* ---- entries ----------------------------------------------------------- */

static bool
initramfs_has(const struct initramfs *a, const char *path)
{
	size_t i;

	for (i = 0; i < a->nnames; i++)
		if (strcmp(a->names[i], path) == 0)
			return true;
	return false;
}

/* A header without time and owner; links are of one name. */
static struct archive_entry *
initramfs_entry(const char *path, unsigned type, int mode)
{
	struct archive_entry *entry = archive_entry_new();

	if (entry == NULL)
		return NULL;
	archive_entry_set_pathname(entry, path + 1);
	archive_entry_set_filetype(entry, type);
	archive_entry_set_perm(entry, (mode_t)mode);
	archive_entry_set_mtime(entry, 0, 0);
	archive_entry_set_uid(entry, 0);
	archive_entry_set_gid(entry, 0);
	archive_entry_set_nlink(entry, 1);
	archive_entry_set_size(entry, 0);
	return entry;
}

/* Takes the entry; what is behind it follows. */
static int
initramfs_head(struct initramfs *a, const char *path,
    struct archive_entry *entry, struct err *e)
{
	int rc;

	if (entry == NULL)
		return err_set(e, "cannot write %s: out of memory", a->path);
	rc = archive_write_header(a->out, entry);
	archive_entry_free(entry);
	if (rc < ARCHIVE_WARN)
		return initramfs_error(a, e);
	a->names = mem_grow(a->names, a->nnames, &a->cap, sizeof(*a->names));
	a->names[a->nnames++] = mem_strdup(path);
	return 0;
}

/* The folders above a path, as far as they are not there. */
static int
initramfs_parents(struct initramfs *a, const char *path, struct err *e)
{
	const char *slash = strrchr(path, '/');
	char *parent;
	int rc;

	if (slash == path)
		return 0;
	parent = mem_strndup(path, (size_t)(slash - path));
	rc = initramfs_folder(a, parent, e);
	free(parent);
	return rc;
}

/* A name that is new, with its folders. */
static int
initramfs_place(struct initramfs *a, const char *path, struct err *e)
{
	size_t len = strlen(path);

	if (path[0] != '/' || len < 2 || path[len - 1] == '/' ||
	    strstr(path, "//") != NULL)
		return err_set(e, "%s: not a path for a guest's file system",
		    path);
	if (initramfs_has(a, path))
		return err_set(e, "%s is twice in the guest's file system",
		    path);
	return initramfs_parents(a, path, e);
}

int
initramfs_folder(struct initramfs *a, const char *path, struct err *e)
{
	if (initramfs_has(a, path))
		return 0;
	if (initramfs_place(a, path, e) != 0)
		return -1;
	return initramfs_head(a, path, initramfs_entry(path, AE_IFDIR, 0755),
	    e);
}

static int
initramfs_bytes(struct initramfs *a, const void *bytes, size_t len,
    struct err *e)
{
	return archive_write_data(a->out, bytes, len) == (la_ssize_t)len ? 0 :
	    initramfs_error(a, e);
}

static int
initramfs_copy(struct initramfs *a, int fd, uint64_t size, const char *source,
    struct err *e)
{
	char bytes[1 << 16];
	size_t want;
	ssize_t n;

	while (size > 0) {
		want = size < sizeof(bytes) ? (size_t)size : sizeof(bytes);
		n = read(fd, bytes, want);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_errno(e, "cannot read %s", source);
		if (n == 0)
			return err_set(e, "cannot read %s: it became shorter "
			    "meanwhile", source);
		if (initramfs_bytes(a, bytes, (size_t)n, e) != 0)
			return -1;
		size -= (uint64_t)n;
	}
	return 0;
}

int
initramfs_file(struct initramfs *a, const char *path, const char *source,
    int mode, struct err *e)
{
	struct archive_entry *entry;
	struct stat st;
	int fd, rc;

	if (initramfs_place(a, path, e) != 0)
		return -1;
	fd = open(source, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return err_errno(e, "cannot read %s", source);
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
		close(fd);
		return err_set(e, "cannot read %s: not a regular file",
		    source);
	}
	entry = initramfs_entry(path, AE_IFREG, mode);
	if (entry != NULL)
		archive_entry_set_size(entry, st.st_size);
	rc = initramfs_head(a, path, entry, e);
	if (rc == 0)
		rc = initramfs_copy(a, fd, (uint64_t)st.st_size, source, e);
	close(fd);
	return rc;
}

int
initramfs_text(struct initramfs *a, const char *path, const char *text,
    struct err *e)
{
	struct archive_entry *entry;

	if (initramfs_place(a, path, e) != 0)
		return -1;
	entry = initramfs_entry(path, AE_IFREG, 0644);
	if (entry != NULL)
		archive_entry_set_size(entry, (la_int64_t)strlen(text));
	if (initramfs_head(a, path, entry, e) != 0)
		return -1;
	return initramfs_bytes(a, text, strlen(text), e);
}

int
initramfs_link(struct initramfs *a, const char *path, const char *to,
    struct err *e)
{
	struct archive_entry *entry;

	if (initramfs_place(a, path, e) != 0)
		return -1;
	entry = initramfs_entry(path, AE_IFLNK, 0777);
	if (entry != NULL)
		archive_entry_set_symlink(entry, to);
	return initramfs_head(a, path, entry, e);
}

int
initramfs_device(struct initramfs *a, const char *path, int major, int minor,
    struct err *e)
{
	struct archive_entry *entry;

	if (initramfs_place(a, path, e) != 0)
		return -1;
	entry = initramfs_entry(path, AE_IFCHR, 0600);
	if (entry != NULL) {
		archive_entry_set_rdevmajor(entry, (dev_t)major);
		archive_entry_set_rdevminor(entry, (dev_t)minor);
	}
	return initramfs_head(a, path, entry, e);
}
