/* SPDX-License-Identifier: BSD-2-Clause */
/* Lines of a stream, of a bounded length; see reader_lines.h. */
#include "config.h"

#include "record/reader_lines.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "record/reader.h"

#define READER_LINES_BLOCK 65536

void
reader_lines_init(struct reader_lines *r, FILE *in)
{
	memset(r, 0, sizeof(*r));
	r->in = in;
	r->block = mem_zalloc(READER_LINES_BLOCK);
}

void
reader_lines_free(struct reader_lines *r)
{
	free(r->block);
	str_free(&r->line);
}

/* Read the next block: 1, 0 at the end, -1 with an error. */
static int
reader_lines_fill(struct reader_lines *r, struct err *e)
{
	r->at = 0;
	r->have = fread(r->block, 1, READER_LINES_BLOCK, r->in);
	if (r->have > 0)
		return 1;
	return ferror(r->in) ? err_errno(e, "cannot read") : 0;
}

/* Keep the rest of the block as the beginning of a line. */
static int
reader_lines_keep(struct reader_lines *r, size_t n, struct err *e)
{
	if (r->line.len + n > READER_LINE_MAX)
		return err_set(e, "line %lu is longer than %u MiB",
		    r->number + 1, READER_LINE_MAX >> 20);
	str_addn(&r->line, r->block + r->at, n);
	return 0;
}

/* The line up to `newline` in the block. */
static int
reader_lines_deliver(struct reader_lines *r, const char *newline,
    const char **text, size_t *len, struct err *e)
{
	size_t n = (size_t)(newline - (r->block + r->at));

	if (r->line.len == 0) {
		*text = r->block + r->at;
		*len = n;
	} else {
		if (reader_lines_keep(r, n, e) < 0)
			return -1;
		*text = str_text(&r->line);
		*len = r->line.len;
	}
	r->at += n + 1;
	r->number++;
	return 1;
}

int
reader_lines_next(struct reader_lines *r, const char **text, size_t *len,
    struct err *e)
{
	const char *newline;
	int status;

	str_reset(&r->line);
	for (;;) {
		newline = r->at < r->have ? memchr(r->block + r->at, '\n',
		    r->have - r->at) : NULL;
		if (newline != NULL)
			return reader_lines_deliver(r, newline, text, len, e);
		if (r->at < r->have &&
		    reader_lines_keep(r, r->have - r->at, e) < 0)
			return -1;
		status = reader_lines_fill(r, e);
		if (status <= 0) {
			r->torn = r->line.len;
			return status;
		}
	}
}
