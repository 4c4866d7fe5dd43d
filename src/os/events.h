/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the kernel can count: what it publishes about that, and whether it
 * would count something for the caller.  Nothing is counted here.  On a system
 * without such counters everything is -1 or NULL with ENOTSUP.
 */
#ifndef VMSTRESS_OS_EVENTS_H
#define VMSTRESS_OS_EVENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* As in the lines `event` and `profile` of engine/protocol.h. */
struct os_event {
	uint32_t type;
	uint64_t config, config1, config2;
	const char *exclude;	/* out of "ukhgi", or NULL */
	const char *filter;	/* of a tracepoint, or NULL */
	int cpu;		/* all of this CPU; -1: the calling process */
	bool sample;		/* taken as samples, not only counted */
};

/* Open it and close it again; 0, or -1 with errno. */
int os_events_try(const struct os_event *v);

/*
 * The setting kernel.perf_event_paranoid, which says what users without
 * privilege may count.  0, or -1 with errno.
 */
int os_events_paranoid(int *level);

/*
 * The text of a file that describes the PMUs, "cpu_core/format/umask", without
 * line end at its end, or of one that describes the tracepoints,
 * "events/tlb/tlb_flush/id".  A new string, or NULL with errno.  Of tracepoints,
 * EPERM: what describes them is not mounted, and the caller may not look at it
 * otherwise; ENODEV: the kernel has none.
 */
char *os_events_pmu_text(const char *file);
char *os_events_tracepoint_text(const char *file);

/*
 * The names in a folder that describes the PMUs ("" has the PMUs themselves),
 * sorted; how many, or -1 with errno.  Free with os_events_free_names().
 */
int os_events_pmu_names(const char *folder, char ***names);
void os_events_free_names(char **names, int count);

/*
 * For tests: other places for what the kernel publishes, two folders and the
 * file of the setting.  NULL: the usual place.
 */
void os_events_set_root(const char *pmus, const char *tracepoints,
    const char *paranoid);

/* Close what is kept open between the calls above. */
void os_events_close(void);

#endif
