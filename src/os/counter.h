/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The contract for counting events of the hardware and the kernel: one
 * descriptor counts one event at one place.  A part of the contract with the
 * operating system, see os.h; Linux has it in linux_counter.c, and on systems
 * without it everything is -1 with ENOTSUP.
 *
 * A counter starts disabled and only ever counts up: who wants to know what
 * happened in a time reads before and after, and subtracts.
 */
#ifndef VMSTRESS_COUNTER_H
#define VMSTRESS_COUNTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* What is counted; the numbers are the system's own. */
struct os_counter_event {
	uint32_t type;
	uint64_t config, config1, config2;
	const char *exclude;	/* out of "ukhgi", see protocol.h; or NULL */
	const char *filter;	/* of a tracepoint, or NULL */
};

/* Where: a task, or a CPU, or the members of a group on a CPU. */
struct os_counter_place {
	pid_t task;		/* -1: whatever runs on the CPU */
	int cpu;		/* -1: wherever the task runs */
	int group_fd;		/* folder of a control group, or -1 */
	bool inherit;		/* the descendants of the task, too */
};

struct os_counter_value {
	uint64_t raw;
	uint64_t enabled_ns;	/* it was to count, and what it counts ran */
	uint64_t running_ns;	/* it did; less when counters are shared */
};

/*
 * A descriptor that closes on exec, or -1 with errno.  ENOENT, EINVAL,
 * EOPNOTSUPP: there is no such event; ENODEV, ENXIO: no such CPU, or not now;
 * EACCES, EPERM: os_counter_permission() knows more; ESRCH: the task is gone.
 */
int os_counter_open(const struct os_counter_event *event,
    const struct os_counter_place *place);

/* 0, or -1 with errno. */
int os_counter_enable(int fd);
int os_counter_disable(int fd);

/* -1 with ENODATA: it has lost its place in the hardware for good. */
int os_counter_read(int fd, struct os_counter_value *value);

void os_counter_close(int fd);

/* Would such an event open and then count nothing, for what it excludes? */
bool os_counter_masked(const struct os_counter_event *event);

/*
 * Why opening was refused with EACCES or EPERM and what lifts that, in words;
 * `cpu`: whatever runs on a CPU was to be counted, not a task of ours.
 */
void os_counter_permission(const struct os_counter_event *event, bool cpu,
    char *text, size_t len);

/*
 * An event that never happens, and costs nothing: for who wants to know whether
 * events can be counted there.
 */
int os_counter_open_dummy(const struct os_counter_place *place);

/*
 * The CPUs that are online, in rising order: at most `max` are stored; how many
 * there are, or -1 with errno.
 */
int os_counter_cpus(int *cpus, int max);

/* What a place calls the calling thread, or -1 with ENOTSUP. */
pid_t os_counter_self(void);

#endif
