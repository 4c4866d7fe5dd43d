/* SPDX-License-Identifier: BSD-2-Clause */
/* Is the first line that of a file which this program can read? */
#ifndef VMSTRESS_READER_SCHEMA_H
#define VMSTRESS_READER_SCHEMA_H

#include <jansson.h>

#include "base/err.h"

struct reader_schema {
	const char *type;	/* of the first line */
	const char *schema;	/* without its version */
	unsigned long version;	/* the newest that can be read */
	const char *what;	/* "a vmstress record" */
	const char *writer;	/* "vmstress run --output" */
};

extern const struct reader_schema reader_schema_record;

int reader_schema_check(const struct reader_schema *s, const json_t *line,
    struct err *e);

/* The error for a file of somebody else. */
int reader_schema_foreign(const struct reader_schema *s, struct err *e);

#endif
