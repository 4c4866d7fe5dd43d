/* SPDX-License-Identifier: BSD-2-Clause */
/* From the protocol's lines to the journal's; see journal_lines.h. */
#include "config.h"

#include "record/journal_lines.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum field_type {
	FIELD_TEXT,
	FIELD_U64,
	FIELD_REAL,
	FIELD_BOOL,		/* 0 or 1 */
	FIELD_LIST,		/* 1,2,3 */
	FIELD_PAIRS		/* 1:2,3:4 */
};

#define FIELD_OPTIONAL	false
#define FIELD_REQUIRED	true

/* One field, which has the same name in both languages. */
struct field {
	const char *key;
	enum field_type type;
	bool required;
};

static const struct field sample_fields[] = {
	{ "index", FIELD_U64, FIELD_REQUIRED },
	{ "elapsed_ns", FIELD_U64, FIELD_REQUIRED },
	{ "ops", FIELD_LIST, FIELD_REQUIRED },
	{ "aside_ns", FIELD_LIST, FIELD_OPTIONAL },
	{ NULL, 0, false }
};

static const struct field phase_fields[] = {
	{ "index", FIELD_U64, FIELD_OPTIONAL },
	{ "name", FIELD_TEXT, FIELD_REQUIRED },
	{ "unit", FIELD_TEXT, FIELD_REQUIRED },
	{ "ops", FIELD_U64, FIELD_REQUIRED },
	{ "elapsed_ns", FIELD_U64, FIELD_REQUIRED },
	{ "headline", FIELD_BOOL, FIELD_OPTIONAL },
	{ "asked", FIELD_U64, FIELD_OPTIONAL },
	{ "reached", FIELD_U64, FIELD_OPTIONAL },
	{ "limit", FIELD_TEXT, FIELD_OPTIONAL },
	{ NULL, 0, false }
};

static const struct field curve_fields[] = {
	{ "worker", FIELD_U64, FIELD_REQUIRED },
	{ "first", FIELD_U64, FIELD_REQUIRED },
	{ "count", FIELD_U64, FIELD_REQUIRED },
	{ "min_ns", FIELD_U64, FIELD_REQUIRED },
	{ "mean_ns", FIELD_REAL, FIELD_REQUIRED },
	{ "max_ns", FIELD_U64, FIELD_REQUIRED },
	{ NULL, 0, false }
};

static const struct field histogram_fields[] = {
	{ "count", FIELD_U64, FIELD_REQUIRED },
	{ "sum_ns", FIELD_U64, FIELD_REQUIRED },
	{ "max_ns", FIELD_U64, FIELD_REQUIRED },
	{ "timing_cost_ns", FIELD_REAL, FIELD_OPTIONAL },
	{ "buckets", FIELD_PAIRS, FIELD_REQUIRED },
	{ NULL, 0, false }
};

static const struct field gauge_fields[] = {
	{ "name", FIELD_TEXT, FIELD_REQUIRED },
	{ "value", FIELD_REAL, FIELD_REQUIRED },
	{ NULL, 0, false }
};

static const struct field note_fields[] = {
	{ "text", FIELD_TEXT, FIELD_REQUIRED },
	{ NULL, 0, false }
};

static const struct field stall_fields[] = {
	{ "index", FIELD_U64, FIELD_OPTIONAL },
	{ "phase", FIELD_TEXT, FIELD_OPTIONAL },
	{ "rounds", FIELD_U64, FIELD_REQUIRED },
	{ "refused", FIELD_U64, FIELD_OPTIONAL },
	{ "lost", FIELD_U64, FIELD_OPTIONAL },
	{ "worst_ns", FIELD_U64, FIELD_OPTIONAL },
	{ "p99_ns", FIELD_U64, FIELD_OPTIONAL },
	{ "wake_worst_ns", FIELD_U64, FIELD_OPTIONAL },
	{ "fork_worst_ns", FIELD_U64, FIELD_OPTIONAL },
	{ "read_worst_ns", FIELD_U64, FIELD_OPTIONAL },
	{ "step_ns", FIELD_U64, FIELD_OPTIONAL },
	{ "timeline", FIELD_LIST, FIELD_OPTIONAL },
	{ NULL, 0, false }
};

static const struct field memory_fields[] = {
	{ "index", FIELD_U64, FIELD_OPTIONAL },
	{ "at", FIELD_TEXT, FIELD_OPTIONAL },
	{ "phase", FIELD_TEXT, FIELD_OPTIONAL },
	{ "members", FIELD_U64, FIELD_OPTIONAL },
	{ "page_tables_bytes", FIELD_U64, FIELD_OPTIONAL },
	{ "kernel_stack_bytes", FIELD_U64, FIELD_OPTIONAL },
	{ "slab_bytes", FIELD_U64, FIELD_OPTIONAL },
	{ "slab_unreclaimable_bytes", FIELD_U64, FIELD_OPTIONAL },
	{ "percpu_bytes", FIELD_U64, FIELD_OPTIONAL },
	{ "anonymous_bytes", FIELD_U64, FIELD_OPTIONAL },
	{ "swap_used_bytes", FIELD_U64, FIELD_OPTIONAL },
	{ "available_bytes", FIELD_U64, FIELD_OPTIONAL },
	{ NULL, 0, false }
};

static const struct field skew_fields[] = {
	{ "start_ns", FIELD_U64, FIELD_REQUIRED },
	{ "stop_ns", FIELD_U64, FIELD_REQUIRED },
	{ NULL, 0, false }
};

static const struct field rusage_fields[] = {
	{ "wall_ns", FIELD_U64, FIELD_OPTIONAL },
	{ "user_ns", FIELD_U64, FIELD_REQUIRED },
	{ "system_ns", FIELD_U64, FIELD_REQUIRED },
	{ "minor_faults", FIELD_U64, FIELD_OPTIONAL },
	{ "major_faults", FIELD_U64, FIELD_OPTIONAL },
	{ "voluntary", FIELD_U64, FIELD_OPTIONAL },
	{ "involuntary", FIELD_U64, FIELD_OPTIONAL },
	{ NULL, 0, false }
};

static const struct field end_fields[] = {
	{ "status", FIELD_TEXT, FIELD_REQUIRED },
	{ "reason", FIELD_TEXT, FIELD_OPTIONAL },
	{ "errno", FIELD_U64, FIELD_OPTIONAL },
	{ NULL, 0, false }
};

/* Of `describe`; what is about the workload stands in the cell line. */
static const struct field describe_fields[] = {
	{ "op_bytes", FIELD_U64, FIELD_OPTIONAL },
	{ "memory_bytes", FIELD_U64, FIELD_OPTIONAL },
	{ "static", FIELD_BOOL, FIELD_OPTIONAL },
	{ "bound", FIELD_BOOL, FIELD_OPTIONAL },
	{ "urgent", FIELD_BOOL, FIELD_OPTIONAL },
	{ "mappings", FIELD_U64, FIELD_OPTIONAL },
	{ "clock", FIELD_TEXT, FIELD_OPTIONAL },
	{ "clock_cost_ns", FIELD_REAL, FIELD_OPTIONAL },
	{ "clock_step_ns", FIELD_U64, FIELD_OPTIONAL },
	{ "page_bytes", FIELD_U64, FIELD_OPTIONAL },
	{ NULL, 0, false }
};

static const struct {
	const char *keyword;
	const struct field *fields;
} journal_lines_known[] = {
	{ "sample", sample_fields },
	{ "phase", phase_fields },
	{ "curve", curve_fields },
	{ "histogram", histogram_fields },
	{ "gauge", gauge_fields },
	{ "note", note_fields },
	{ "stall", stall_fields },
	{ "memory", memory_fields },
	{ "skew", skew_fields },
	{ "rusage", rusage_fields },
	{ "end", end_fields },
};

/* A number that ends at `end`; false when the text is none. */
static bool
take_u64(const char **text, char end, uint64_t *value)
{
	char *stop;

	if (**text < '0' || **text > '9')
		return false;
	errno = 0;
	*value = strtoull(*text, &stop, 10);
	*text = stop;
	return errno == 0 && (*stop == end || *stop == '\0');
}

static int
put_pairs(struct json_line *j, const struct field *f, const char *text,
    struct err *e)
{
	const char *at = text;
	uint64_t first, second;

	for (;;) {
		if (!take_u64(&at, ':', &first) || *at++ != ':' ||
		    !take_u64(&at, ',', &second))
			return err_set(e, "'%s' is not a list of pairs",
			    f->key);
		json_line_u64_pair(j, f->key, first, second);
		if (*at++ == '\0')
			return 0;
	}
}

static int
put_list(struct json_line *j, const struct protocol_line *line,
    const struct field *f, struct err *e)
{
	uint64_t *v = NULL;
	int n = protocol_get_list(line, f->key, &v, e);

	if (n >= 0)
		json_line_u64s(j, f->key, v, (size_t)n);
	free(v);
	return n < 0 ? -1 : 0;
}

static int
put_number(struct json_line *j, const struct protocol_line *line,
    const struct field *f, struct err *e)
{
	uint64_t value;

	if (protocol_get_u64(line, f->key, &value, e) < 0)
		return -1;
	if (f->type == FIELD_BOOL)
		json_line_bool(j, f->key, value != 0);
	else
		json_line_u64(j, f->key, value);
	return 0;
}

static int
put_field(struct json_line *j, const struct protocol_line *line,
    const struct field *f, struct err *e)
{
	const char *text = protocol_get(line, f->key);
	double real;

	if (text == NULL && !f->required)
		return 0;
	if (text == NULL)
		return err_set(e, "'%s' is missing", f->key);
	switch (f->type) {
	case FIELD_TEXT:
		json_line_text(j, f->key, text);
		return 0;
	case FIELD_U64:
	case FIELD_BOOL:
		return put_number(j, line, f, e);
	case FIELD_REAL:
		if (protocol_get_double(line, f->key, &real, e) < 0)
			return -1;
		json_line_real(j, f->key, real);
		return 0;
	case FIELD_LIST:
		return put_list(j, line, f, e);
	case FIELD_PAIRS:
		return put_pairs(j, f, text, e);
	}
	return 0;
}

static int
put_fields(struct json_line *j, const struct protocol_line *line,
    const struct field *f, struct err *e)
{
	for (; f->key != NULL; f++)
		if (put_field(j, line, f, e) < 0)
			return err_prefix(e, "line '%s'", line->keyword);
	return 0;
}

static struct json_line *
begin(const char *type, int cell, int launch)
{
	struct json_line *j = json_line_new();

	json_line_text(j, "type", type);
	json_line_int(j, "cell", cell);
	json_line_int(j, "launch", launch);
	return j;
}

/* Hand the line over if it was built. */
static int
finish(struct json_line *j, int status, struct json_line **out)
{
	if (status < 0) {
		json_line_free(j);
		return -1;
	}
	*out = j;
	return 0;
}

int
journal_lines_launch(const struct protocol_launch *launch,
    const char *started, const struct protocol_line *describe,
    struct json_line **out, struct err *e)
{
	struct json_line *j = begin("launch", (int)launch->cell,
	    (int)launch->launch);
	size_t workers = (size_t)launch->workers;
	int status = 0;

	*out = NULL;
	if (started != NULL)
		json_line_text(j, "started", started);
	if (launch->cpus != NULL)
		json_line_ints(j, "cpus", launch->cpus, workers);
	if (launch->partners != NULL)
		json_line_ints(j, "partners", launch->partners, workers);
	if (launch->member_bytes != 0)
		json_line_u64(j, "member_bytes", launch->member_bytes);
	if (describe != NULL)
		status = put_fields(j, describe, describe_fields, e);
	return finish(j, status, out);
}

int
journal_lines_make(const struct protocol_line *line, int cell, int launch,
    struct json_line **out, struct err *e)
{
	size_t i, n = sizeof(journal_lines_known) /
	    sizeof(journal_lines_known[0]);
	struct json_line *j;

	*out = NULL;
	for (i = 0; i < n; i++)
		if (strcmp(line->keyword, journal_lines_known[i].keyword) == 0)
			break;
	if (i == n)
		return 0;
	j = begin(line->keyword, cell, launch);
	return finish(j, put_fields(j, line, journal_lines_known[i].fields, e),
	    out);
}
