/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From lines of the kernel's log to what has happened: a headline and the
 * lines of its report (registers, stacks, lists) are one event.
 *
 * Nothing says where most reports end.  Their lines follow each other at once,
 * so a report ends with the marks that some have, with the next headline, or
 * when no line came for a while.
 */
#ifndef VMSTRESS_LOG_EVENTS_H
#define VMSTRESS_LOG_EVENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"
#include "observe/log_class.h"

/* More lines of a report are counted only. */
#define LOG_EVENTS_DETAIL 60

/* Lines of a report are not so far apart, even if a slow console prints them. */
#define LOG_EVENTS_GAP_US 100000

/* No name of a phase is longer. */
#define LOG_EVENTS_PHASE 64

struct log_event {
	enum log_class class;
	int level;
	uint64_t seq, time_us;
	char phase[LOG_EVENTS_PHASE];	/* when it began; "": none */
	struct str text;
	char *detail[LOG_EVENTS_DETAIL];
	size_t ndetail;
	uint64_t more;		/* lines that are not kept */
};

struct log_events {
	/* An event is complete; valid during the call only. */
	void (*done)(void *arg, const struct log_event *event);
	void *arg;
	char phase[LOG_EVENTS_PHASE];	/* of now, for what begins */
	bool open;
	bool cut;		/* a "cut here" whose headline is still to come */
	uint64_t last_us;	/* time of its latest line */
	struct log_event event;
};

/* A record of the kernel, with one or more lines. */
void log_events_take(struct log_events *le, int level, uint64_t seq,
    uint64_t time_us, const char *text);

/* No more lines belong to what is open. */
void log_events_close(struct log_events *le);

#endif
