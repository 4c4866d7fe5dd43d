/* SPDX-License-Identifier: BSD-2-Clause */
/* Linux: counting perf events; see counter.h. */
#include "config.h"

#include "os/counter.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "os/linux_perf_calls.h"
#include "os/os_internal.h"

#define COUNTER_PARANOID "/proc/sys/kernel/perf_event_paranoid"
#define COUNTER_ONLINE "/sys/devices/system/cpu/online"

static bool
counter_excludes(const struct os_counter_event *ev, char mode)
{
	return ev->exclude != NULL && strchr(ev->exclude, mode) != NULL;
}

static void
counter_attr(const struct os_counter_event *ev, bool inherit,
    struct perf_event_attr *a)
{
	memset(a, 0, sizeof(*a));
	a->size = sizeof(*a);
	a->type = ev->type;
	a->config = ev->config;
	a->config1 = ev->config1;
	a->config2 = ev->config2;
	a->disabled = 1;
	a->inherit = inherit;
	a->read_format = PERF_FORMAT_TOTAL_TIME_ENABLED |
	    PERF_FORMAT_TOTAL_TIME_RUNNING;
	a->exclude_user = counter_excludes(ev, 'u');
	a->exclude_kernel = counter_excludes(ev, 'k');
	a->exclude_hv = counter_excludes(ev, 'h');
	a->exclude_guest = counter_excludes(ev, 'g');
	a->exclude_idle = counter_excludes(ev, 'i');
}

/*
 * A PMU that cannot tell the modes apart refuses every wish to leave one out.
 * What hypervisor and guests do is nothing that anybody asked for: without
 * those two wishes the event is still the one that was named.
 */
static int
counter_open_attr(struct perf_event_attr *a,
    const struct os_counter_place *place)
{
	unsigned long flags = PERF_FLAG_FD_CLOEXEC;
	pid_t pid = place->task;
	int fd;

	if (place->group_fd >= 0) {
		flags |= PERF_FLAG_PID_CGROUP;
		pid = place->group_fd;
	}
	fd = linux_perf_calls_open(a, pid, place->cpu, -1, flags);
	if (fd >= 0 || errno != EINVAL || !(a->exclude_hv || a->exclude_guest))
		return fd;
	a->exclude_hv = 0;
	a->exclude_guest = 0;
	return linux_perf_calls_open(a, pid, place->cpu, -1, flags);
}

int
os_counter_open(const struct os_counter_event *ev,
    const struct os_counter_place *place)
{
	struct perf_event_attr a;
	int fd, saved;

	counter_attr(ev, place->inherit, &a);
	fd = counter_open_attr(&a, place);
	if (fd < 0 || ev->filter == NULL ||
	    linux_perf_calls_ioctl(fd, PERF_EVENT_IOC_SET_FILTER,
	    ev->filter) == 0)
		return fd;
	saved = errno;
	linux_perf_calls_close(fd);
	errno = saved;
	return -1;
}

int
os_counter_enable(int fd)
{
	return linux_perf_calls_ioctl(fd, PERF_EVENT_IOC_ENABLE, NULL);
}

int
os_counter_disable(int fd)
{
	return linux_perf_calls_ioctl(fd, PERF_EVENT_IOC_DISABLE, NULL);
}

int
os_counter_read(int fd, struct os_counter_value *v)
{
	uint64_t buf[3];
	ssize_t n = linux_perf_calls_read(fd, buf, sizeof(buf));

	if (n != (ssize_t)sizeof(buf)) {
		/* The end of file is that of a pinned event without counter. */
		if (n >= 0)
			errno = ENODATA;
		return -1;
	}
	v->raw = buf[0];
	v->enabled_ns = buf[1];
	v->running_ns = buf[2];
	return 0;
}

void
os_counter_close(int fd)
{
	linux_perf_calls_close(fd);
}

/*
 * These happen in the kernel, whoever is the cause: without the kernel they
 * count a silent 0.
 */
bool
os_counter_masked(const struct os_counter_event *ev)
{
	if (!counter_excludes(ev, 'k'))
		return false;
	if (ev->type == PERF_TYPE_TRACEPOINT)
		return true;
	return ev->type == PERF_TYPE_SOFTWARE &&
	    (ev->config == PERF_COUNT_SW_CONTEXT_SWITCHES ||
	    ev->config == PERF_COUNT_SW_CPU_MIGRATIONS);
}

/* What the kernel asks for; tracepoints that are only counted need no more. */
static long
counter_needs(const struct os_counter_event *ev, bool cpu)
{
	if (cpu)
		return 0;
	return counter_excludes(ev, 'k') ? 2 : 1;
}

void
os_counter_permission(const struct os_counter_event *ev, bool cpu, char *text,
    size_t len)
{
	char buf[32];
	long is, needs = counter_needs(ev, cpu);

	if (posix_read(COUNTER_PARANOID, buf, sizeof(buf)) <= 0) {
		snprintf(text, len, "not permitted, and there is no "
		    "kernel.perf_event_paranoid that would allow it");
		return;
	}
	is = strtol(buf, NULL, 10);
	if (is > needs)
		snprintf(text, len, "kernel.perf_event_paranoid is %ld; "
		    "allow it, as root: sysctl kernel.perf_event_paranoid=%ld",
		    is, needs);
	else
		snprintf(text, len, "not permitted although "
		    "kernel.perf_event_paranoid is %ld: a container or a "
		    "security module forbids it", is);
}

/* Without the kernel, so that the least privilege is enough. */
int
os_counter_open_dummy(const struct os_counter_place *place)
{
	static const struct os_counter_event dummy = {
		.type = PERF_TYPE_SOFTWARE,
		.config = PERF_COUNT_SW_DUMMY,
		.exclude = "k",
	};

	return os_counter_open(&dummy, place);
}

/* "0-3,8,10-11" */
int
os_counter_cpus(int *cpus, int max)
{
	char text[4096], *s = text;
	long cpu, last;
	int n = 0;

	if (posix_read(COUNTER_ONLINE, text, sizeof(text)) <= 0)
		return -1;
	while (*s >= '0' && *s <= '9') {
		cpu = last = strtol(s, &s, 10);
		if (*s == '-')
			last = strtol(s + 1, &s, 10);
		for (; cpu <= last; cpu++, n++)
			if (n < max)
				cpus[n] = (int)cpu;
		if (*s == ',')
			s++;
	}
	return n;
}

pid_t
os_counter_self(void)
{
	return (pid_t)syscall(SYS_gettid);
}
