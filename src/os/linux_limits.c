/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Linux: the limits that can stop a plan, and the command that lifts each.  A
 * limit that the kernel does not apply to the caller is reported as none.
 */
#include "config.h"

#include "os/os_internal.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/capability.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define LIMITS_CAP(c) ((uint64_t)1 << (c))
#define LIMITS_CAP_ADMIN LIMITS_CAP(CAP_SYS_ADMIN)
#define LIMITS_CAP_RESOURCE LIMITS_CAP(CAP_SYS_RESOURCE)
#define LIMITS_CAP_LOCK LIMITS_CAP(CAP_IPC_LOCK)

/* ---- who the caller is ------------------------------------------------ */

/*
 * Is the caller in the first user namespace?  Being root or having a
 * capability in another one lifts none of these limits.
 */
static bool
limits_first_userns(void)
{
	char text[128];
	unsigned long long inside, outside, count;

	if (posix_read("/proc/self/uid_map", text, sizeof(text)) <= 0)
		return true;	/* a kernel without user namespaces */
	return sscanf(text, "%llu %llu %llu", &inside, &outside, &count) == 3 &&
	    inside == 0 && outside == 0 && count == UINT32_MAX;
}

/* The effective capabilities that count for limits. */
static uint64_t
limits_caps(void)
{
	char text[4096], hex[32];

	if (!limits_first_userns() ||
	    posix_read("/proc/self/status", text, sizeof(text)) <= 0 ||
	    linux_facts_field(text, "CapEff", hex, sizeof(hex)) != 0)
		return 0;
	return strtoull(hex, NULL, 16);
}

/* fork() does not count the tasks of the real root, or of these. */
static bool
limits_nproc_exempt(uint64_t caps)
{
	return (getuid() == 0 && limits_first_userns()) ||
	    (caps & (LIMITS_CAP_RESOURCE | LIMITS_CAP_ADMIN)) != 0;
}

/* ---- system-wide numbers ---------------------------------------------- */

/* Threads that exist: the number after the '/' in "0.00 0.01 0.05 1/80 11". */
static uint64_t
limits_tasks(void)
{
	unsigned long long n;
	char text[128];

	if (posix_read("/proc/loadavg", text, sizeof(text)) <= 0 ||
	    sscanf(text, "%*s %*s %*s %*[0-9]/%llu", &n) != 1)
		return 0;
	return n;
}

/*
 * Tasks of the caller's user, as far as /proc shows them: a process has a
 * folder of as many folders as it has threads.
 */
static uint64_t
limits_user_tasks(void)
{
	DIR *proc = opendir("/proc");
	struct dirent *d;
	struct stat st;
	char path[64];
	uint64_t n = 0;

	while (proc != NULL && (d = readdir(proc)) != NULL) {
		if (d->d_name[0] < '1' || d->d_name[0] > '9')
			continue;
		snprintf(path, sizeof(path), "%.32s/task", d->d_name);
		if (fstatat(dirfd(proc), path, &st, 0) == 0 &&
		    st.st_uid == getuid() && st.st_nlink > 2)
			n += (uint64_t)st.st_nlink - 2;
	}
	if (proc != NULL)
		closedir(proc);
	return n;
}

static uint64_t
limits_files(void)
{
	uint64_t n;

	return posix_read_u64("/proc/sys/fs/file-nr", &n) == 0 ? n : 0;
}

struct limits_row {
	const char *name;
	enum os_counts counts;
	const char *path;
	uint64_t exempt;	/* any of these capabilities lifts it */
	bool zero_is_none;
	bool soft;
	uint64_t (*used)(void);
	const char *lift;
};

static const struct limits_row limits_rows[] = {
	{ "kernel.pid_max", OS_COUNTS_TASKS, "/proc/sys/kernel/pid_max",
	  0, false, false, limits_tasks, "sysctl -w kernel.pid_max=%llu" },
	{ "kernel.threads-max", OS_COUNTS_TASKS, "/proc/sys/kernel/threads-max",
	  0, false, false, limits_tasks, "sysctl -w kernel.threads-max=%llu" },
	{ "fs.nr_open", OS_COUNTS_FDS, "/proc/sys/fs/nr_open",
	  0, false, false, NULL, "sysctl -w fs.nr_open=%llu" },
	{ "fs.file-max", OS_COUNTS_FILES, "/proc/sys/fs/file-max",
	  LIMITS_CAP_ADMIN, false, false, limits_files,
	  "sysctl -w fs.file-max=%llu" },
	{ "fs.pipe-user-pages-soft", OS_COUNTS_PIPE_PAGES,
	  "/proc/sys/fs/pipe-user-pages-soft",
	  LIMITS_CAP_RESOURCE | LIMITS_CAP_ADMIN, true, true, NULL,
	  "sysctl -w fs.pipe-user-pages-soft=%llu" },
	{ "fs.pipe-user-pages-hard", OS_COUNTS_PIPE_PAGES,
	  "/proc/sys/fs/pipe-user-pages-hard",
	  LIMITS_CAP_RESOURCE | LIMITS_CAP_ADMIN, true, false, NULL,
	  "sysctl -w fs.pipe-user-pages-hard=%llu" },
	{ "vm.max_map_count", OS_COUNTS_MAPPINGS, "/proc/sys/vm/max_map_count",
	  0, false, false, NULL, "sysctl -w vm.max_map_count=%llu" },
};

static void
limits_system(os_limit_fn *fn, void *arg, uint64_t caps)
{
	const struct limits_row *r = limits_rows;
	const struct limits_row *end = r + sizeof(limits_rows) / sizeof(*r);
	uint64_t value;

	for (; r < end; r++) {
		if (posix_read_u64(r->path, &value) != 0)
			continue;
		if ((caps & r->exempt) != 0 || (value == 0 && r->zero_is_none))
			value = UINT64_MAX;
		fn(arg, &(struct os_limit){ r->name, r->counts, value,
		    r->used != NULL ? r->used() : 0, r->soft, r->lift });
	}
}

/* ---- overcommit ------------------------------------------------------- */

static uint64_t
limits_meminfo_bytes(const char *name)
{
	uint64_t kb;

	if (linux_facts_number("/proc/meminfo", name, &kb) != 0)
		return 0;
	return kb * 1024;
}

/*
 * Mode 0 refuses a mapping that is larger than memory and swap together, mode
 * 1 nothing, mode 2 what would commit more than CommitLimit.
 */
static void
limits_overcommit(os_limit_fn *fn, void *arg)
{
	struct os_limit l = { "vm.overcommit_memory", OS_COUNTS_MEMORY,
	    UINT64_MAX, 0, false, "sysctl -w vm.overcommit_memory=1" };
	uint64_t mode;

	if (posix_read_u64("/proc/sys/vm/overcommit_memory", &mode) != 0)
		return;
	if (mode == 2) {
		l.value = limits_meminfo_bytes("CommitLimit");
		l.used = limits_meminfo_bytes("Committed_AS");
	} else if (mode == 0) {
		l.counts = OS_COUNTS_MAPPING_BYTES;
		l.value = limits_meminfo_bytes("MemTotal") +
		    limits_meminfo_bytes("SwapTotal");
	}
	fn(arg, &l);
}

/* ---- control groups --------------------------------------------------- */

/*
 * The command that writes a control file.  Names of groups are free text: what
 * means something to a shell, or to printf, becomes a pattern that matches it.
 */
static void
limits_lift(char *buf, size_t len, const char *path)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-:@+,=";
	size_t n = (size_t)snprintf(buf, len, "echo %%llu | tee ");

	for (; *path != '\0' && n + 2 < len; path++) {
		if (strchr(plain, *path) != NULL)
			buf[n++] = *path;
		else if (buf[n - 1] != '*')
			buf[n++] = '*';
	}
	buf[n] = '\0';
}

static void
limits_group(os_limit_fn *fn, void *arg, const struct linux_cgroup *cg,
    const char *file, enum os_counts counts)
{
	char name[64], path[PATH_MAX], lift[PATH_MAX + 32];
	struct os_limit l = { name, counts, 0, 0, false, lift };

	if (linux_cgroup_u64(cg, file, &l.value) != 0 ||
	    l.value == UINT64_MAX ||
	    !linux_cgroup_path(cg, file, path, sizeof(path)))
		return;
	snprintf(name, sizeof(name), "cgroup %s", file);
	limits_lift(lift, sizeof(lift), path);
	if ((counts == OS_COUNTS_MEMORY ?
	    linux_cgroup_memory_used(cg, &l.used) :
	    linux_cgroup_u64(cg, "pids.current", &l.used)) != 0)
		l.used = 0;
	fn(arg, &l);
}

/* A row for every group above the caller that has a limit. */
static void
limits_groups(os_limit_fn *fn, void *arg)
{
	struct linux_cgroup cg;

	if (linux_cgroup_find("pids", &cg) == 0) {
		do
			limits_group(fn, arg, &cg, "pids.max", OS_COUNTS_TASKS);
		while (linux_cgroup_up(&cg));
	}
	if (linux_cgroup_find("memory", &cg) == 0) {
		do {
			limits_group(fn, arg, &cg, linux_cgroup_name(&cg,
			    "memory.max", "memory.limit_in_bytes"),
			    OS_COUNTS_MEMORY);
			limits_group(fn, arg, &cg, "memory.high",
			    OS_COUNTS_MEMORY);
		} while (linux_cgroup_up(&cg));
	}
}

void
os_limits(os_limit_fn *fn, void *arg)
{
	uint64_t caps = limits_caps();

	posix_limits(fn, arg, limits_nproc_exempt(caps), limits_user_tasks,
	    (caps & LIMITS_CAP_LOCK) != 0);
	limits_system(fn, arg, caps);
	limits_overcommit(fn, arg);
	limits_groups(fn, arg);
}

/* ---- setting them ------------------------------------------------------ */

int
linux_write(const char *path, const char *text, size_t len)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC), errnum;
	ssize_t n;

	if (fd < 0)
		return -1;
	n = write(fd, text, len);
	errnum = n < 0 ? errno : EIO;
	close(fd);
	errno = errnum;
	return n == (ssize_t)len ? 0 : -1;
}

static const struct limits_row *
limits_find(const char *name)
{
	const struct limits_row *r = limits_rows;
	const struct limits_row *end = r + sizeof(limits_rows) / sizeof(*r);

	for (; r < end; r++)
		if (strcmp(r->name, name) == 0)
			return r;
	return NULL;
}

enum os_scope
os_limit_scope(const char *name)
{
	return limits_find(name) != NULL ? OS_SCOPE_SYSTEM :
	    posix_limit_scope(name);
}

int
os_limit_get(const char *name, uint64_t *value)
{
	const struct limits_row *r = limits_find(name);

	return r != NULL ? posix_read_u64(r->path, value) :
	    posix_limit_get(name, value);
}

int
os_limit_set(const char *name, uint64_t value)
{
	const struct limits_row *r = limits_find(name);
	char text[32];
	int n;

	if (r == NULL)
		return posix_limit_set(name, value);
	n = snprintf(text, sizeof(text), "%" PRIu64 "\n", value);
	return linux_write(r->path, text, (size_t)n);
}
