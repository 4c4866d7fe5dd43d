/* SPDX-License-Identifier: BSD-2-Clause */
/* Threads of other processes and of the kernel, on Linux; see threads.h. */
#include "config.h"

#include "os/threads.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* TASK_COMM_LEN of Linux. */
#define LINUX_THREADS_NAME 16

/* The first line of a file of a process; false when it is gone. */
static bool
threads_line(const char *pid, const char *file, char *line, size_t len)
{
	char path[96];
	FILE *f;
	bool got;

	snprintf(path, sizeof(path), "/proc/%.20s/%s", pid, file);
	f = fopen(path, "r");
	if (f == NULL)
		return false;
	got = fgets(line, (int)len, f) != NULL;
	fclose(f);
	return got;
}

static bool
threads_is_named(pid_t pid, pid_t thread, const char *prefix)
{
	char process[24], file[48], name[LINUX_THREADS_NAME + 1];

	if (prefix == NULL)
		return true;
	snprintf(process, sizeof(process), "%d", (int)pid);
	snprintf(file, sizeof(file), "task/%d/comm", (int)thread);
	return threads_line(process, file, name, sizeof(name)) &&
	    strncmp(name, prefix, strlen(prefix)) == 0;
}

static int
threads_by_number(const void *a, const void *b)
{
	pid_t x = *(const pid_t *)a, y = *(const pid_t *)b;

	return (x > y) - (x < y);
}

int
os_threads_named(pid_t pid, const char *prefix, pid_t *threads, int max)
{
	struct dirent *entry;
	char path[64];
	pid_t thread;
	int n = 0;
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%d/task", (int)pid);
	dir = opendir(path);
	if (dir == NULL)
		return -1;
	while ((entry = readdir(dir)) != NULL) {
		thread = (pid_t)atol(entry->d_name);
		if (thread <= 0 || !threads_is_named(pid, thread, prefix))
			continue;
		if (n < max)
			threads[n] = thread;
		n++;
	}
	closedir(dir);
	qsort(threads, (size_t)(n < max ? n : max), sizeof(*threads),
	    threads_by_number);
	return n;
}

/* PF_KTHREAD of Linux, in field 9 of /proc/PID/stat. */
#define LINUX_THREADS_KERNEL 0x00200000u

/* A name may have blanks and parentheses, so the fields begin behind the last. */
static bool
threads_is_kernel(const char *stat)
{
	const char *end = strrchr(stat, ')');
	unsigned flags;

	return end != NULL && sscanf(end + 1, " %*c %*d %*d %*d %*d %*d %u",
	    &flags) == 1 && (flags & LINUX_THREADS_KERNEL) != 0;
}

/* schedstat begins with the nanoseconds on a processor. */
uint64_t
os_threads_kernel_ns(void)
{
	uint64_t sum = 0, ns;
	struct dirent *entry;
	char line[1024];
	bool any = false;
	DIR *dir = opendir("/proc");

	if (dir == NULL)
		return UINT64_MAX;
	while ((entry = readdir(dir)) != NULL) {
		if (entry->d_name[0] < '1' || entry->d_name[0] > '9' ||
		    !threads_line(entry->d_name, "stat", line, sizeof(line)) ||
		    !threads_is_kernel(line) || !threads_line(entry->d_name,
		    "schedstat", line, sizeof(line)) ||
		    sscanf(line, "%" SCNu64, &ns) != 1)
			continue;
		sum += ns;
		any = true;
	}
	closedir(dir);
	return any ? sum : UINT64_MAX;
}

int
os_threads_pin(pid_t thread, int cpu)
{
	size_t size = CPU_ALLOC_SIZE(cpu + 1);
	cpu_set_t *set = CPU_ALLOC(cpu + 1);
	int rc, errnum;

	if (set == NULL)
		return -1;
	CPU_ZERO_S(size, set);
	CPU_SET_S((size_t)cpu, size, set);
	rc = sched_setaffinity(thread, size, set);
	errnum = errno;
	CPU_FREE(set);
	errno = errnum;
	return rc;
}
