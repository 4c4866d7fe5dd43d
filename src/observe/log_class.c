/* SPDX-License-Identifier: BSD-2-Clause */
/* What a line of the kernel's log is about; see log_class.h. */
#include "config.h"

#include "observe/log_class.h"

#include <ctype.h>
#include <stddef.h>
#include <string.h>

/* The level of a warning; larger numbers matter less. */
#define LEVEL_WARNING 4

static const char *const names[LOG_CLASSES] = {
	[LOG_CLASS_NONE] = "none",
	[LOG_CLASS_WARNING] = "warning",
	[LOG_CLASS_BUG] = "bug",
	[LOG_CLASS_LOCKDEP] = "lockdep",
	[LOG_CLASS_SOFT_LOCKUP] = "soft-lockup",
	[LOG_CLASS_RCU_STALL] = "rcu-stall",
	[LOG_CLASS_HUNG_TASK] = "hung-task",
	[LOG_CLASS_OOM] = "oom",
	[LOG_CLASS_LIMIT] = "limit",
	[LOG_CLASS_MEMORY] = "memory",
	[LOG_CLASS_THROTTLED] = "throttled",
	[LOG_CLASS_OTHER] = "other",
};

/*
 * The first that matches wins, so the special stands before the general: a
 * lock report begins with "WARNING: ", too.  A pattern with '^' is the
 * beginning of the line, others the beginning of a word in it.  "general
 * protection" inside a line is a program's, not the kernel's.
 */
static const struct {
	enum log_class class;
	const char *text;
} patterns[] = {
	{ LOG_CLASS_LOCKDEP, "possible circular locking" },
	{ LOG_CLASS_LOCKDEP, "possible recursive locking" },
	{ LOG_CLASS_LOCKDEP, "possible irq lock inversion" },
	{ LOG_CLASS_LOCKDEP, "unsafe lock order detected" },
	{ LOG_CLASS_LOCKDEP, "inconsistent lock state" },
	{ LOG_CLASS_LOCKDEP, "lock order reversal" },
	{ LOG_CLASS_LOCKDEP, "bad unlock balance" },
	{ LOG_CLASS_LOCKDEP, "held lock freed" },
	{ LOG_CLASS_LOCKDEP, "lock held when returning to user space" },
	{ LOG_CLASS_LOCKDEP, "still has locks held" },
	{ LOG_CLASS_LOCKDEP, "Invalid wait context" },
	{ LOG_CLASS_LOCKDEP, "trying to register non-static key" },
	{ LOG_CLASS_LOCKDEP, "suspicious RCU usage" },
	{ LOG_CLASS_LOCKDEP, "Nested lock was not taken" },

	{ LOG_CLASS_SOFT_LOCKUP, "soft lockup" },
	{ LOG_CLASS_SOFT_LOCKUP, "hard LOCKUP" },
	{ LOG_CLASS_SOFT_LOCKUP, "workqueue lockup" },

	{ LOG_CLASS_RCU_STALL, "self-detected stall on CPU" },
	{ LOG_CLASS_RCU_STALL, "detected stalls on CPUs/tasks" },
	{ LOG_CLASS_RCU_STALL, "detected expedited stalls on CPUs/tasks" },

	{ LOG_CLASS_HUNG_TASK, "blocked for more than" },

	{ LOG_CLASS_OOM, "invoked oom-killer" },
	{ LOG_CLASS_OOM, "^oom-kill:" },
	{ LOG_CLASS_OOM, "Out of memory: Kill" },
	{ LOG_CLASS_OOM, "Out of memory (" },
	{ LOG_CLASS_OOM, "Out of memory and no killable" },
	{ LOG_CLASS_OOM, "Memory cgroup out of memory" },
	{ LOG_CLASS_OOM, "System is deadlocked on memory" },
	{ LOG_CLASS_OOM, "was killed: out of swap space" },
	{ LOG_CLASS_OOM, "was killed: failed to reclaim memory" },
	{ LOG_CLASS_OOM, "was killed: a thread waited too long" },
	{ LOG_CLASS_OOM, "out of swap space" },

	{ LOG_CLASS_MEMORY, "page allocation failure" },
	{ LOG_CLASS_MEMORY, "page allocation stalls for" },
	{ LOG_CLASS_MEMORY, "vmalloc: allocation failure" },
	{ LOG_CLASS_MEMORY, "vmalloc error" },
	{ LOG_CLASS_MEMORY, "vmap allocation for size" },
	{ LOG_CLASS_MEMORY, "SLUB: Unable to allocate memory" },
	{ LOG_CLASS_MEMORY, "allocation failed, reserved chunk" },
	{ LOG_CLASS_MEMORY, "swap_pager_getswapspace(" },

	{ LOG_CLASS_LIMIT, "limit exceeded" },
	{ LOG_CLASS_LIMIT, "fork rejected by pids controller" },
	{ LOG_CLASS_LIMIT, "file-max limit" },
	{ LOG_CLASS_LIMIT, "table full" },
	{ LOG_CLASS_LIMIT, "table is full" },
	{ LOG_CLASS_LIMIT, "table overflow" },
	{ LOG_CLASS_LIMIT, "proc: table is full" },
	{ LOG_CLASS_LIMIT, "too many orphaned sockets" },
	{ LOG_CLASS_LIMIT, "MAX_LOCKDEP" },

	{ LOG_CLASS_THROTTLED, "callbacks suppressed" },
	{ LOG_CLASS_THROTTLED, "messages suppressed" },
	{ LOG_CLASS_THROTTLED, "messages dropped" },
	{ LOG_CLASS_THROTTLED, "lines suppressed due to ratelimiting" },

	{ LOG_CLASS_BUG, "^BUG: " },
	{ LOG_CLASS_BUG, "^kernel BUG at" },
	{ LOG_CLASS_BUG, "^Kernel BUG at" },
	{ LOG_CLASS_BUG, "^Oops: " },
	{ LOG_CLASS_BUG, "^Oops - " },
	{ LOG_CLASS_BUG, "^Internal error: " },
	{ LOG_CLASS_BUG, "^general protection fault" },
	{ LOG_CLASS_BUG, "^double fault: " },
	{ LOG_CLASS_BUG, "^stack segment: " },
	{ LOG_CLASS_BUG, "^Unable to handle kernel" },
	{ LOG_CLASS_BUG, "^kernel tried to execute" },
	{ LOG_CLASS_BUG, "^Kernel panic" },
	{ LOG_CLASS_BUG, "^UBSAN: " },
	{ LOG_CLASS_BUG, "^Bad mode in" },
	{ LOG_CLASS_BUG, "^panic: " },
	{ LOG_CLASS_BUG, "^Fatal trap " },
	{ LOG_CLASS_BUG, "^[ BUG: " },

	{ LOG_CLASS_WARNING, "^WARNING: " },
	{ LOG_CLASS_WARNING, "[ cut here ]" },
};

const char *
log_class_name(enum log_class c)
{
	return names[c];
}

static bool
matches(const char *text, const char *pattern)
{
	const char *at = text;

	if (*pattern == '^')
		return strncmp(text, pattern + 1, strlen(pattern + 1)) == 0;
	for (; (at = strstr(at, pattern)) != NULL; at++)
		if (at == text || !isalnum((unsigned char)at[-1]))
			return true;
	return false;
}

/* Rules above and below a headline are no news. */
static bool
says_something(const char *text)
{
	for (; *text != '\0'; text++)
		if (isalnum((unsigned char)*text))
			return true;
	return false;
}

enum log_class
log_class_of(int level, const char *text)
{
	size_t i;

	for (i = 0; i < sizeof(patterns) / sizeof(patterns[0]); i++)
		if (matches(text, patterns[i].text))
			return patterns[i].class;
	return level <= LEVEL_WARNING && says_something(text) ?
	    LOG_CLASS_OTHER : LOG_CLASS_NONE;
}

bool
log_class_has_report(enum log_class c)
{
	switch (c) {
	case LOG_CLASS_WARNING:
	case LOG_CLASS_BUG:
	case LOG_CLASS_LOCKDEP:
	case LOG_CLASS_SOFT_LOCKUP:
	case LOG_CLASS_RCU_STALL:
	case LOG_CLASS_HUNG_TASK:
	case LOG_CLASS_OOM:
	case LOG_CLASS_MEMORY:
		return true;
	default:
		return false;
	}
}
