/* SPDX-License-Identifier: BSD-2-Clause */
/* Threads of other processes, on Linux; see threads.h. */
#include "config.h"

#include "os/threads.h"

#include <dirent.h>
#include <errno.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* TASK_COMM_LEN of Linux. */
#define LINUX_THREADS_NAME 16

static bool
threads_is_named(pid_t pid, pid_t thread, const char *prefix)
{
	char path[64], name[LINUX_THREADS_NAME + 1] = "";
	FILE *file;

	if (prefix == NULL)
		return true;
	snprintf(path, sizeof(path), "/proc/%d/task/%d/comm", (int)pid,
	    (int)thread);
	file = fopen(path, "r");
	if (file == NULL)
		return false;
	if (fgets(name, sizeof(name), file) == NULL)
		name[0] = '\0';
	fclose(file);
	return strncmp(name, prefix, strlen(prefix)) == 0;
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
