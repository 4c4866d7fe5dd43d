/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What was remarked about a launch that is being read: what the kernel said
 * meanwhile, and whether the launch is a fair one.  Only for the reader.
 */
#ifndef VMSTRESS_READER_REMARKS_H
#define VMSTRESS_READER_REMARKS_H

#include <jansson.h>
#include <stddef.h>

#include "base/err.h"
#include "record/reader.h"

struct reader_open;

/* A line that waits for the end of the launch; all texts are owned. */
struct reader_remark {
	enum { READER_REMARK_LOG, READER_REMARK_VALIDITY } type;
	char *text;		/* log; reasons */
	char *class;		/* log; rules */
	char *phase;		/* log; or NULL */
	uint64_t count;
	bool valid;
};

struct reader_remarks {
	struct reader_remark *list;
	size_t count, cap;
};

int reader_remarks_log(struct reader_open *o, const json_t *line,
    const struct reader_handler *h, struct err *e);
int reader_remarks_validity(struct reader_open *o, const json_t *line,
    const struct reader_handler *h, struct err *e);

/* A log line without a cell is told at once. */
int reader_remarks_run_log(const json_t *line, const struct reader_handler *h,
    struct err *e);

/* The launch has ended; begin anew; free everything. */
int reader_remarks_tell(const struct reader_open *o,
    const struct reader_handler *h);
void reader_remarks_drop(struct reader_remarks *r);
void reader_remarks_free(struct reader_remarks *r);

#endif
