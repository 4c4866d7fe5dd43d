/* SPDX-License-Identifier: BSD-2-Clause */
/* The system calls behind perf events; each as it is named after. */
#ifndef VMSTRESS_LINUX_PERF_CALLS_H
#define VMSTRESS_LINUX_PERF_CALLS_H

#include <linux/perf_event.h>
#include <stddef.h>
#include <sys/types.h>

int linux_perf_calls_open(const struct perf_event_attr *attr, pid_t pid,
    int cpu, int group_fd, unsigned long flags);
int linux_perf_calls_ioctl(int fd, unsigned long request, const void *arg);
ssize_t linux_perf_calls_read(int fd, void *buf, size_t len);

/* Shared, to read and write; NULL with errno. */
void *linux_perf_calls_map(int fd, size_t len);
void linux_perf_calls_unmap(void *p, size_t len);
void linux_perf_calls_close(int fd);

#endif
