/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The kernel's log followed during a run: what it says becomes lines of the
 * journal, of the launch in which it said it.  A kernel that warns under load
 * is a result.
 *
 *	{"type":"log","cell":0,"launch":1,"phase":"teardown","class":"warning",
 *	    "level":4,"time_us":...,"seq":...,"text":"...","detail":["..."],
 *	    "more":3}
 *
 * `class` is one of observe/log_class.h, or "lost" and "dropped" for what could
 * not be read and for more than is kept.  Between launches there is neither
 * cell nor launch, outside phases no phase.
 */
#ifndef VMSTRESS_KLOG_H
#define VMSTRESS_KLOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/protocol.h"
#include "observe/log_events.h"
#include "os/kernel_log.h"
#include "record/json_line.h"

/* More events of a launch than this are counted only. */
#define KLOG_EVENTS 200

/* Followed instead of the log: a file with records in its form. */
#define KLOG_ENVIRONMENT "VMSTRESS_KERNEL_LOG"

struct klog {
	/* Takes the line over. */
	void (*write)(void *arg, struct json_line *line);
	/* Something of a class ("oom") happened; may be NULL. */
	void (*event)(void *arg, const char *class);
	/* The first of its class in a launch, for a person; may be NULL. */
	void (*say)(void *arg, const char *text);
	void *arg;
	struct kernel_log log;
	struct log_events events;
	int cell, launch;		/* -1: between launches */
	uint64_t touched_ns;		/* when its latest line was read */
	uint64_t lost;			/* of log.lost, reported */
	uint64_t kept, dropped;		/* of this launch */
	uint64_t seen[LOG_CLASSES];	/* of this launch */
	struct err failed;		/* it is not followed any more */
};

/*
 * From now on; *why is the reason when it cannot be followed.  The rest works
 * in that case, too, and does nothing.
 */
void klog_open(struct klog *k, struct err *why);
void klog_close(struct klog *k);

/* To be polled for reading, or -1. */
int klog_fd(const struct klog *k);

/* Take what is there; also to be called now and then. */
void klog_look(struct klog *k);

/* A launch begins; its lines (step, phase) say where it is; it has ended. */
void klog_begin(struct klog *k, int cell, int launch);
void klog_line(struct klog *k, const struct protocol_line *l);
void klog_end(struct klog *k);

#endif
