/* SPDX-License-Identifier: BSD-2-Clause */
/* Lines of a stream, of a bounded length; only for the reader. */
#ifndef VMSTRESS_READER_LINES_H
#define VMSTRESS_READER_LINES_H

#include <stddef.h>
#include <stdio.h>

#include "base/err.h"
#include "base/str.h"

struct reader_lines {
	FILE *in;
	char *block;		/* what was read last */
	size_t at, have;	/* of the block: next byte, bytes */
	struct str line;	/* of a line that spans blocks: its beginning */
	unsigned long number;	/* of the line delivered last, from 1 */
	size_t torn;		/* at the end: bytes without a newline */
};

void reader_lines_init(struct reader_lines *r, FILE *in);

/*
 * The next whole line without its newline, valid until the next call.
 * Returns 1, 0 at the end, -1 with an error.
 */
int reader_lines_next(struct reader_lines *r, const char **text, size_t *len,
    struct err *e);

void reader_lines_free(struct reader_lines *r);

#endif
