/* SPDX-License-Identifier: BSD-2-Clause */
/* No groups of processes in which events can be counted. */
#include "config.h"

#include "os/group.h"

#include <errno.h>

static int
group_none(void)
{
	errno = ENOTSUP;
	return -1;
}

int
os_group_path(pid_t owner, char *path, size_t len)
{
	(void)owner;
	(void)path;
	(void)len;
	return group_none();
}

int
os_group_make(const char *path)
{
	(void)path;
	return group_none();
}

int
os_group_enter(const char *path)
{
	(void)path;
	return group_none();
}

int
os_group_remove(const char *path, uint64_t timeout_ns)
{
	(void)path;
	(void)timeout_ns;
	return group_none();
}
