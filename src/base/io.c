/* SPDX-License-Identifier: BSD-2-Clause */
/* Whole writes to descriptors; see io.h. */
#include "config.h"

#include "base/io.h"

#include <errno.h>
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
