/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What comes of the launches of a run, written down: the lines of the cells
 * and of the kernel's log into the journal, and what a person may want to see
 * of them to the watch.
 */
#ifndef VMSTRESS_SCRIBE_H
#define VMSTRESS_SCRIBE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "engine/protocol.h"
#include "record/journal.h"
#include "run/attend.h"
#include "run/judge.h"
#include "run/klog.h"
#include "run/run.h"

struct scribe {
	/* To be set before. */
	struct journal *journal;
	const struct run_watch *watch;
	/* The record cannot be written any more. */
	struct err error;
	/* Of the launch that goes on. */
	int cell, launch;
	const struct protocol_launch *block;
	char started[32];
	bool opened;			/* its launch line is written */
	struct json_line **pending;	/* lines that came before it */
	size_t npending, pending_cap;
	struct klog klog;
	struct judge judge;		/* to be begun by who knows the machine */
};

/*
 * A launch begins with this block, which must be filled before the first line
 * comes and stay until scribe_end().  The log is followed from the first one
 * on.
 */
void scribe_begin(struct scribe *s, int cell, int launch,
    const struct protocol_launch *block);

/* Set the handlers of its attendance. */
void scribe_attend(struct scribe *s, struct attend *a);

/* It has ended; everything is on disk then, or s->error is set. */
void scribe_end(struct scribe *s, const struct attend_result *result);

/* A note on the whole run. */
void scribe_note(struct scribe *s, const char *text);

void scribe_free(struct scribe *s);

#endif
