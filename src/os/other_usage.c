/* SPDX-License-Identifier: BSD-2-Clause */
/* Systems on which a process can tell only what it has used itself. */
#include "config.h"

#include "os/os_internal.h"

#include <errno.h>

int
os_usage_open(struct os_usage_source *s, pid_t pid)
{
	s->pid = pid;
	s->fd = -1;
	if (pid == 0)
		return 0;
	errno = ENOTSUP;
	return -1;
}

int
os_usage_read(const struct os_usage_source *s, struct os_usage *u)
{
	(void)s;
	return posix_usage_self(u);
}

void
os_usage_close(struct os_usage_source *s)
{
	(void)s;
}
