/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fields of a line of the protocol as fields of a line of the journal, from
 * tables; only for journal_lines.c.
 */
#ifndef VMSTRESS_JOURNAL_FIELDS_H
#define VMSTRESS_JOURNAL_FIELDS_H

#include "base/err.h"
#include "engine/protocol.h"
#include "record/json_line.h"

enum journal_field_type {
	FIELD_TEXT,
	FIELD_U64,
	FIELD_REAL,
	FIELD_BOOL,		/* 0 or 1 */
	FIELD_LIST,		/* 1,2,3 */
	FIELD_PAIRS,		/* 1:2,3:4 */
	FIELD_WORDS,		/* a,b: an array of text */
	FIELD_FRAMES,		/* a;b: the same */
	FIELD_DELTAS		/* a:1,b:-2: an object of signed numbers */
};

enum journal_field_need {
	FIELD_OPTIONAL,
	FIELD_REQUIRED,
	FIELD_NULL		/* null when it is missing */
};

/* One field, which has the same name in both languages. */
struct journal_field {
	const char *key;
	enum journal_field_type type;
	enum journal_field_need need;
};

#define FIELDS_END { NULL, FIELD_TEXT, FIELD_OPTIONAL }

/* All fields of a table; 0, or -1 with an error that names the line. */
int journal_fields_put(struct json_line *j, const struct protocol_line *line,
    const struct journal_field *f, struct err *e);

#endif
