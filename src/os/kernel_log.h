/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The contract with the operating system for the log of the kernel: what it
 * says from now on, record by record.
 */
#ifndef VMSTRESS_KERNEL_LOG_H
#define VMSTRESS_KERNEL_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/* No record of Linux is longer; of any other, the rest is left out. */
#define KERNEL_LOG_RECORD_MAX 8192

/* Facilities are those of syslog(3): 0 is the kernel, all else is not. */
#define KERNEL_LOG_FACILITY 0

struct kernel_log {
	int fd;			/* -1: not followed */
	bool polled;		/* poll(2) tells when there is something */
	bool skip;		/* the rest of a line that is too long */
	char *buf;
	size_t at, have;	/* of buf */
	bool have_seq;
	uint64_t next_seq;
	uint64_t lost;		/* records that were overwritten unread */
};

struct kernel_log_record {
	int facility;
	int level;		/* 0 (emergency) to 7 (debug), of syslog(3) */
	uint64_t seq;
	uint64_t time_us;	/* since the system was booted, by its clock */
	/* Its lines with '\n' between them; valid until the next call. */
	const char *text;
};

/*
 * Follow the log, or a file with records in the form of Linux's /dev/kmsg
 * (`path`; NULL: the log).  0, or -1 with the reason in *e.
 */
int kernel_log_open(struct kernel_log *l, const char *path, struct err *e);

/*
 * The descriptor to poll, or -1: a file that only a look can tell about, or a
 * log that is not followed.
 */
int kernel_log_fd(const struct kernel_log *l);

/* The next record: 1, 0: none now, -1 with the reason in *e: no more ever. */
int kernel_log_read(struct kernel_log *l, struct kernel_log_record *r,
    struct err *e);

void kernel_log_close(struct kernel_log *l);

/*
 * Take a line of /dev/kmsg apart, in place: "level,seq,time,flags;text" with
 * other bytes than those of printable ASCII as \xNN.  False: it is no such line.
 */
bool kernel_log_parse(char *line, struct kernel_log_record *r);

/* The log itself, open for what comes from now on; or -1 and the reason. */
int kernel_log_device(struct err *e);

#endif
