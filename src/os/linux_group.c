/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Linux: a control group of our own, in the hierarchy that perf_event_open(2)
 * takes: that of the perf_event controller where version 1 has it, else the
 * tree of version 2.  It is a child of the caller's group, so that all limits
 * of that one hold.  See group.h.
 */
#include "config.h"

#include "os/group.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "os/os_internal.h"

#define GROUP_PREFIX "vmstress-"
#define GROUP_STEP_NS UINT64_C(10000000)

int
os_group_path(pid_t owner, char *path, size_t len)
{
	struct linux_cgroup cg;
	char name[64];

	if (linux_cgroup_find("perf_event", &cg) != 0) {
		errno = ENOENT;
		return -1;
	}
	snprintf(name, sizeof(name), GROUP_PREFIX "%ld", (long)owner);
	if (linux_cgroup_path(&cg, name, path, len))
		return 0;
	errno = ENAMETOOLONG;
	return -1;
}

/* Is this the name of a group whose owner is gone? */
static bool
group_is_orphan(const char *name)
{
	char *end;
	long owner;

	if (strncmp(name, GROUP_PREFIX, strlen(GROUP_PREFIX)) != 0)
		return false;
	owner = strtol(name + strlen(GROUP_PREFIX), &end, 10);
	return *end == '\0' && owner > 0 && kill((pid_t)owner, 0) != 0 &&
	    errno == ESRCH;
}

/* A group that has members cannot be removed, so trying does no harm. */
static void
group_remove_orphans(const char *path)
{
	const char *slash = strrchr(path, '/');
	char folder[PATH_MAX];
	struct dirent *d;
	DIR *dir;

	snprintf(folder, sizeof(folder), "%.*s", (int)(slash - path), path);
	dir = opendir(folder);
	while (dir != NULL && (d = readdir(dir)) != NULL)
		if (group_is_orphan(d->d_name))
			unlinkat(dirfd(dir), d->d_name, AT_REMOVEDIR);
	if (dir != NULL)
		closedir(dir);
}

/* Only a path that os_group_path() could have given is made or removed. */
static int
group_check(const char *path)
{
	const char *slash = strrchr(path, '/');

	if (slash != NULL && path[0] == '/' && strlen(path) < PATH_MAX &&
	    strncmp(slash + 1, GROUP_PREFIX, strlen(GROUP_PREFIX)) == 0)
		return 0;
	errno = EINVAL;
	return -1;
}

int
os_group_make(const char *path)
{
	if (group_check(path) != 0)
		return -1;
	group_remove_orphans(path);
	if (mkdir(path, 0755) == 0)
		return 0;
	/* That of an earlier guardian of the same run. */
	return errno == EEXIST ? 0 : -1;
}

int
os_group_enter(const char *path)
{
	char file[PATH_MAX];
	int n = snprintf(file, sizeof(file), "%s/cgroup.procs", path);

	errno = ENAMETOOLONG;
	if (n < 0 || (size_t)n >= sizeof(file))
		return -1;
	return linux_write(file, "0", 1);
}

int
os_group_remove(const char *path, uint64_t timeout_ns)
{
	uint64_t until = os_now_ns() + timeout_ns;

	if (group_check(path) != 0)
		return -1;
	while (rmdir(path) != 0) {
		if (errno == ENOENT)
			return 0;
		if (errno != EBUSY || os_now_ns() >= until)
			return -1;
		os_sleep_until(os_now_ns() + GROUP_STEP_NS);
	}
	return 0;
}
