/* SPDX-License-Identifier: BSD-2-Clause */
/* Whole writes to descriptors; see io.h. */
#include "config.h"

#include "base/io.h"

#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

int
io_write_all(int fd, const void *data, size_t len)
{
	const char *at = data;
	ssize_t n;

	while (len > 0) {
		n = write(fd, at, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		at += n;
		len -= (size_t)n;
	}
	return 0;
}

static int
io_remove_below(const char *path, const struct stat *st, int type,
    struct FTW *at)
{
	(void)st;
	(void)type;
	if (at->level > 0)
		remove(path);
	return 0;
}

void
io_empty_folder(const char *path)
{
	nftw(path, io_remove_below, 16, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
}

void
io_remove_folder(const char *path)
{
	io_empty_folder(path);
	rmdir(path);
}
