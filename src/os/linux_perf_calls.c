/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The system calls behind perf events, and nothing else: a test that wants
 * hardware which is not there puts its own in their place.
 */
#include "config.h"

#include "os/linux_perf_calls.h"

#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

int
linux_perf_calls_open(const struct perf_event_attr *attr, pid_t pid, int cpu,
    int group_fd, unsigned long flags)
{
	return (int)syscall(SYS_perf_event_open, attr, pid, cpu, group_fd,
	    flags);
}

int
linux_perf_calls_ioctl(int fd, unsigned long request, const void *arg)
{
	return ioctl(fd, request, arg);
}

ssize_t
linux_perf_calls_read(int fd, void *buf, size_t len)
{
	return read(fd, buf, len);
}

void *
linux_perf_calls_map(int fd, size_t len)
{
	void *p = mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	return p == MAP_FAILED ? NULL : p;
}

void
linux_perf_calls_unmap(void *p, size_t len)
{
	munmap(p, len);
}

void
linux_perf_calls_close(int fd)
{
	close(fd);
}
