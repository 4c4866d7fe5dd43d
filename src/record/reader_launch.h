/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The launch that is being read: what its lines add up to, and the lines that
 * must wait for its end, because without an end none of it counts.  Only for
 * the reader.
 */
#ifndef VMSTRESS_READER_LAUNCH_H
#define VMSTRESS_READER_LAUNCH_H

#include <jansson.h>

#include "base/err.h"
#include "record/reader.h"
#include "record/reader_insight.h"
#include "record/reader_remarks.h"

/* A line that waits; `text`, `unit`, `limit` and `timeline` are owned. */
struct reader_pending {
	enum {
		READER_NOTE, READER_GAUGE, READER_PHASE, READER_CURVE,
		READER_STALL, READER_MEMORY
	} type;
	char *text;		/* of a note; name of a gauge or phase; after */
	char *unit;
	char *limit;
	uint64_t *timeline;
	double value;
	struct reader_phase phase;
	struct reader_curve curve;
	struct reader_stall stall;
	struct reader_memory memory;
};

struct reader_open {
	bool open;
	bool aside;		/* every sample so far had aside_ns */
	struct reader_launch sum;
	int workers_cap;
	uint64_t *values;		/* room for two numbers of each worker */
	struct histogram *latency;	/* made when first needed */
	struct reader_pending *pending;
	size_t npending, pending_cap;
	size_t pending_bytes;		/* of everything that waits */
	struct reader_insight insight;
	char *count_mode;
	struct reader_remarks remarks;
};

/* Drop what was open and begin anew. */
void reader_launch_begin(struct reader_open *o, int cell, int launch,
    int workers);

/*
 * Take a line of the open launch; each type has its function.  `end` reports
 * the launch to the handler and closes it.
 */
typedef int reader_launch_fn(struct reader_open *o, const json_t *line,
    const struct reader_handler *h, struct err *e);

/* So many bytes more wait; -1 with an error when that is too much. */
int reader_launch_charge(struct reader_open *o, size_t bytes, struct err *e);

/* The function for a type of line, or NULL for one that is not known. */
reader_launch_fn *reader_launch_find(const char *type);

/* The fields of the "launch" line itself. */
int reader_launch_describe(struct reader_open *o, const json_t *line,
    struct err *e);

void reader_launch_free(struct reader_open *o);

#endif
