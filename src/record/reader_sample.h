/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The "sample" lines of the launch that is being read.  A record is made of
 * hardly anything else, so there are two ways: that of every line, from parsed
 * JSON, and a short one for the very form in which the journal writes them.
 * Only for the reader.
 */
#ifndef VMSTRESS_READER_SAMPLE_H
#define VMSTRESS_READER_SAMPLE_H

#include <jansson.h>
#include <stddef.h>

#include "base/err.h"
#include "record/reader_launch.h"

/* A reader_launch_fn. */
int reader_sample_line(struct reader_open *o, const json_t *line,
    const struct reader_handler *h, struct err *e);

/*
 * A line of text, which may be anything.  1: it was a sample of the open
 * launch, and is taken with the same outcome as in the other way.  0: nothing
 * has happened, and the other way has to say what is right or wrong with it.
 * -1: a sample that cannot be taken, with an error.
 */
int reader_sample_text(struct reader_open *o, const char *text, size_t len,
    struct err *e);

#endif
