/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a line of the kernel's log is about.  Pure: patterns of Linux, FreeBSD
 * and DragonFly, no kernel needed.
 */
#ifndef VMSTRESS_LOG_CLASS_H
#define VMSTRESS_LOG_CLASS_H

#include <stdbool.h>

enum log_class {
	LOG_CLASS_NONE,		/* nothing that anybody has to know */
	LOG_CLASS_WARNING,	/* an assertion of the kernel that is wrong */
	LOG_CLASS_BUG,		/* an oops, a panic, memory that is corrupt */
	LOG_CLASS_LOCKDEP,	/* locks in an order that may block for good */
	LOG_CLASS_SOFT_LOCKUP,	/* a CPU that schedules no more */
	LOG_CLASS_RCU_STALL,
	LOG_CLASS_HUNG_TASK,	/* one that waits for minutes */
	LOG_CLASS_OOM,		/* processes killed for memory */
	LOG_CLASS_LIMIT,	/* a table or a count that is full */
	LOG_CLASS_MEMORY,	/* the kernel itself got none */
	LOG_CLASS_THROTTLED,	/* messages that were suppressed */
	LOG_CLASS_OTHER,	/* anything else that is a warning or worse */
	LOG_CLASSES
};

/* "warning", "soft-lockup", ... as the record has it. */
const char *log_class_name(enum log_class c);

/* `level` is that of syslog(3); one line, without its end. */
enum log_class log_class_of(int level, const char *text);

/* Is such a line the headline of a report, whose lines follow? */
bool log_class_has_report(enum log_class c);

#endif
