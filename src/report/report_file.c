/* SPDX-License-Identifier: BSD-2-Clause */
/* Whole files; see report_file.h. */
#include "config.h"

#include "report/report_file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"
#include "base/mem.h"
#include "base/str.h"

/* The rights of what is replaced, or those that a new file gets. */
static mode_t
file_mode(const struct stat *old)
{
	mode_t mask;

	if (old != NULL)
		return old->st_mode & 07777;
	mask = umask(022);
	umask(mask);
	return 0666 & ~mask;
}

static int
file_fill(int fd, const char *path, const char *bytes, size_t len,
    struct err *e)
{
	if (io_write_all(fd, bytes, len) != 0)
		err_errno(e, "%s: cannot write", path);
	if (close(fd) != 0)
		err_errno(e, "%s: cannot write", path);
	return e->set ? -1 : 0;
}

static int
file_replace(const char *path, const struct stat *old, const char *bytes,
    size_t len, struct err *e)
{
	char *temporary = mem_printf("%s.XXXXXX", path);
	int fd = mkstemp(temporary);

	if (fd < 0) {
		err_errno(e, "%s: cannot write", path);
	} else {
		if (fchmod(fd, file_mode(old)) != 0)
			err_errno(e, "%s: cannot write", path);
		if (file_fill(fd, path, bytes, len, e) == 0 &&
		    rename(temporary, path) != 0)
			err_errno(e, "%s: cannot write", path);
		if (e->set)
			unlink(temporary);
	}
	free(temporary);
	return e->set ? -1 : 0;
}

static int
file_into(const char *path, const char *bytes, size_t len, struct err *e)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return err_errno(e, "%s: cannot write", path);
	return file_fill(fd, path, bytes, len, e);
}

int
report_file_write(const char *path, const char *bytes, size_t len,
    struct err *e)
{
	struct stat old;
	char *real;
	int rc;

	if (stat(path, &old) != 0)
		return file_replace(path, NULL, bytes, len, e);
	if (S_ISDIR(old.st_mode))
		return err_set(e, "%s: cannot write: it is a folder", path);
	if (!S_ISREG(old.st_mode))
		return file_into(path, bytes, len, e);
	/* What a link leads to is replaced, not the link. */
	real = realpath(path, NULL);
	rc = file_replace(real != NULL ? real : path, &old, bytes, len, e);
	free(real);
	return rc;
}

char *
report_file_read(const char *path, struct err *e)
{
	struct str b = { 0 };
	char block[16384];
	FILE *in = fopen(path, "re");
	size_t got;

	if (in == NULL) {
		err_errno(e, "%s: cannot read", path);
		return NULL;
	}
	str_add(&b, "");
	while ((got = fread(block, 1, sizeof(block), in)) > 0)
		str_addn(&b, block, got);
	if (ferror(in))
		err_errno(e, "%s: cannot read", path);
	fclose(in);
	if (!e->set)
		return b.s;
	str_free(&b);
	return NULL;
}
