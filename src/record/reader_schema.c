/* SPDX-License-Identifier: BSD-2-Clause */
/* What the first line of a file promises; see reader_schema.h. */
#include "config.h"

#include "record/reader_schema.h"

#include <stdlib.h>
#include <string.h>

const struct reader_schema reader_schema_record = {
	.type = "run",
	.schema = "vmstress-result/",
	.version = 1,
	.what = "a vmstress record",
	.writer = "vmstress run --output",
};

int
reader_schema_foreign(const struct reader_schema *s, struct err *e)
{
	return err_set(e, "not %s: it does not begin as what `%s` writes",
	    s->what, s->writer);
}

int
reader_schema_check(const struct reader_schema *s, const json_t *line,
    struct err *e)
{
	const char *type = json_string_value(json_object_get(line, "type"));
	const char *schema = json_string_value(json_object_get(line,
	    "schema"));
	size_t len = strlen(s->schema);
	unsigned long version;
	char *end;

	if (type == NULL || strcmp(type, s->type) != 0 || schema == NULL ||
	    strncmp(schema, s->schema, len) != 0)
		return reader_schema_foreign(s, e);
	version = strtoul(schema + len, &end, 10);
	if (schema[len] < '1' || schema[len] > '9' || *end != '\0')
		return err_set(e, "not %s: its schema has no version",
		    s->what);
	if (version > s->version)
		return err_set(e, "%s%lu is newer than this program: a newer "
		    "vmstress reads it", s->schema, version);
	return 0;
}
