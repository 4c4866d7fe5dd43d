/* SPDX-License-Identifier: BSD-2-Clause */
/* Why an event is not counted, in words that say what to do about it. */
#include "config.h"

#include "run/events_source.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "os/events.h"

enum events_found
events_reason(struct protocol_event *v, const char *status, const char *fmt,
    ...)
{
	char text[ERR_MAX];
	va_list ap;

	if (v->status != NULL)
		return EVENTS_WRONG;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	v->status = mem_strdup(status);
	v->reason = mem_strdup(text);
	return EVENTS_WRONG;
}

/* ---- modes ------------------------------------------------------------- */

static bool
reason_excludes(const struct protocol_event *v, char mode)
{
	return v->exclude != NULL && strchr(v->exclude, mode) != NULL;
}

bool
events_reason_clock(const struct protocol_event *v)
{
	return v->type == EVENTS_SOFTWARE && v->config <= 1;
}

/*
 * Does it happen in the kernel, always?  Context switches, migrations, switches
 * between cgroups; tracepoints except those of system calls, which count as the
 * user's.
 */
static bool
reason_of_kernel(const struct protocol_event *v)
{
	if (v->type == EVENTS_TRACEPOINT)
		return v->name == NULL ||
		    strncmp(v->name, "syscalls:", 9) != 0;
	return v->type == EVENTS_SOFTWARE &&
	    (v->config == 3 || v->config == 4 || v->config == 11);
}

/* The name without modes and filter. */
static int
reason_stem(const struct protocol_event *v)
{
	const char *colon = strchr(v->name, ':');

	if (colon != NULL && v->type == EVENTS_TRACEPOINT)
		return (int)(colon + 1 - v->name + strcspn(colon + 1, ":["));
	return (int)strcspn(v->name, ":@[");
}

void
events_reason_masked(struct protocol_event *v)
{
	if (events_reason_clock(v) &&
	    (reason_excludes(v, 'u') || reason_excludes(v, 'k')))
		events_reason(v, "masked", "this clock runs in all modes, and "
		    "the kernel would count them all: write %.*s",
		    reason_stem(v), v->name);
	else if (reason_excludes(v, 'k') && reason_of_kernel(v))
		events_reason(v, "masked", "it happens in the kernel, which "
		    "is excluded, so it would always be 0: write %.*s or "
		    "%.*s:k", reason_stem(v), v->name, reason_stem(v), v->name);
}

/* ---- what the kernel says ---------------------------------------------- */

/* Would the kernel count it in user mode only? */
static bool
reason_user_only(const struct protocol_event *v, bool sample)
{
	struct os_event o = {
		.type = v->type,
		.config = v->config,
		.config1 = v->config1,
		.config2 = v->config2,
		.exclude = "k",
		.cpu = -1,
		.sample = sample,
	};

	return !reason_of_kernel(v) && os_events_try(&o) == 0;
}

/* As perf_event_paranoid has it: 2 for oneself, 1 for the kernel, 0 for all. */
static void
reason_permission(struct protocol_event *v, int error, bool sample)
{
	bool user = reason_excludes(v, 'k');
	int level, needed = user ? 2 : 1;

	if (os_events_paranoid(&level) < 0 || level <= needed) {
		events_reason(v, "not_permitted", "%s: perf_event_open() is "
		    "forbidden by a container or a security module",
		    strerror(error));
		return;
	}
	events_reason(v, "not_permitted", "kernel.perf_event_paranoid is %d: "
	    "to count %s, run as root, or as root: sysctl "
	    "kernel.perf_event_paranoid=%d%s", level,
	    user ? "anything" : "in the kernel", needed,
	    !user && reason_user_only(v, sample) ?
	    "; without that, only what happens in user mode (u)" : "");
}

static bool
reason_no_pmu(void)
{
	struct os_event cycles = { .type = EVENTS_HARDWARE, .cpu = -1,
	    .exclude = "khg" };
	const struct events_core *cores;

	return events_pmu_cores(&cores) == 0 && os_events_try(&cycles) < 0 &&
	    errno == ENOENT;
}

static void
reason_missing(struct protocol_event *v)
{
	bool hardware = v->type == EVENTS_HARDWARE || v->type == EVENTS_CACHE ||
	    v->type == EVENTS_RAW;

	if (hardware && reason_no_pmu())
		events_reason(v, "not_supported", "no hardware PMU here, as in "
		    "most virtual machines");
	else if (hardware)
		events_reason(v, "not_supported",
		    "this processor does not count it");
	else
		events_reason(v, "not_supported",
		    "this kernel does not count it");
}

static void
reason_refused(struct protocol_event *v, int error)
{
	if (reason_excludes(v, 'u') || reason_excludes(v, 'k') ||
	    reason_excludes(v, 'h'))
		events_reason(v, "not_supported", "%s: perhaps its PMU cannot "
		    "tell the modes apart; try it without u, k, h",
		    strerror(error));
	else
		events_reason(v, "not_supported", "%s: its PMU refuses it",
		    strerror(error));
}

void
events_reason_open(struct protocol_event *v, int error, bool sample)
{
	int level;

	if (os_events_paranoid(&level) < 0 && errno == ENOTSUP)
		events_reason(v, "not_supported", "vmstress has no counters "
		    "on this system");
	else if (error == EACCES || error == EPERM)
		reason_permission(v, error, sample);
	else if (error == ENOENT || error == ENXIO || error == ENODEV)
		reason_missing(v);
	else if (error == ENOSYS)
		events_reason(v, "not_supported", "the kernel has no "
		    "perf_event_open(), or a container hides it");
	else if (error == EOPNOTSUPP && sample)
		events_reason(v, "not_supported", "it can be counted, but its "
		    "PMU cannot take samples here");
	else if (error == EINVAL || error == EOPNOTSUPP)
		reason_refused(v, error);
	else
		events_reason(v, "error", "perf_event_open() failed: %s",
		    strerror(error));
}

/* ---- tracepoints ------------------------------------------------------- */

enum events_found
events_reason_tracing(struct protocol_event *v, int error)
{
	if (error == EPERM)
		return events_reason(v, "not_permitted", "tracepoints are "
		    "listed in tracefs, which is not mounted: run as root, or "
		    "as root: mount -t tracefs -o mode=750,gid=GROUP tracefs "
		    "/sys/kernel/tracing");
	if (error == EACCES)
		return events_reason(v, "not_permitted", "only root may look "
		    "at the list of tracepoints: run as root, or as root: "
		    "mount -o remount,mode=750,gid=GROUP "
		    "/sys/kernel/tracing");
	if (error == ENODEV || error == ENOENT)
		return events_reason(v, "not_supported",
		    "this kernel has no tracepoints");
	if (error == ENOTSUP)
		return events_reason(v, "not_supported",
		    "vmstress has no counters on this system");
	return events_reason(v, "error", "tracepoints cannot be looked at: %s",
	    strerror(error));
}
