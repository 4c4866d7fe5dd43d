/* SPDX-License-Identifier: BSD-2-Clause */
/* What a process has used so far, read from outside while it runs. */
#ifndef VMSTRESS_USAGE_H
#define VMSTRESS_USAGE_H

#include <stdint.h>
#include <sys/types.h>

/* Not to be had, or not cheaply. */
#define OS_USAGE_UNKNOWN UINT64_MAX

struct os_usage {
	/*
	 * The time on a processor, and how it is divided: by looking at what
	 * is done at each tick of the clock when `run_ns` is known, so that only
	 * the proportion means something; else these are the times themselves.
	 */
	uint64_t run_ns;
	uint64_t user_ns, system_ns;
	/* Of its children that it has waited for. */
	uint64_t children_user_ns, children_system_ns;
	/* Of both. */
	uint64_t minor_faults, major_faults;
	uint64_t voluntary, involuntary;	/* context switches */
};

struct os_usage_source {
	pid_t pid;
	int fd;
};

/*
 * Prepare to read what the process `pid` uses, all its threads together; 0: the
 * caller itself.  May keep a descriptor open.  0, or -1 with errno: ENOTSUP for
 * another process where there is no such thing.
 */
int os_usage_open(struct os_usage_source *s, pid_t pid);

/* 0, or -1: the process is gone. */
int os_usage_read(const struct os_usage_source *s, struct os_usage *u);
void os_usage_close(struct os_usage_source *s);

#endif
