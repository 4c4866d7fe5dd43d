/* SPDX-License-Identifier: BSD-2-Clause */
/* From the protocol's lines to the journal's; see journal_lines.h. */
#include "config.h"

#include "record/journal_lines.h"

#include <stdlib.h>
#include <string.h>

#include "record/journal_fields.h"

static const struct journal_field sample_fields[] = {
	{ "index", FIELD_U64, FIELD_REQUIRED },
	{ "elapsed_ns", FIELD_U64, FIELD_REQUIRED },
	{ "ops", FIELD_LIST, FIELD_REQUIRED },
	{ "aside_ns", FIELD_LIST, FIELD_OPTIONAL },
	FIELDS_END
};

static const struct journal_field phase_fields[] = {
	{ "index", FIELD_U64, FIELD_OPTIONAL },
	{ "name", FIELD_TEXT, FIELD_REQUIRED },
	{ "unit", FIELD_TEXT, FIELD_REQUIRED },
	{ "ops", FIELD_U64, FIELD_REQUIRED },
	{ "elapsed_ns", FIELD_U64, FIELD_REQUIRED },
	{ "headline", FIELD_BOOL, FIELD_OPTIONAL },
	{ "asked", FIELD_U64, FIELD_OPTIONAL },
	{ "reached", FIELD_U64, FIELD_OPTIONAL },
	{ "limit", FIELD_TEXT, FIELD_OPTIONAL },
	FIELDS_END
};

static const struct journal_field curve_fields[] = {
	{ "worker", FIELD_U64, FIELD_REQUIRED },
	{ "first", FIELD_U64, FIELD_REQUIRED },
	{ "count", FIELD_U64, FIELD_REQUIRED },
	{ "min_ns", FIELD_U64, FIELD_REQUIRED },
	{ "mean_ns", FIELD_REAL, FIELD_REQUIRED },
	{ "max_ns", FIELD_U64, FIELD_REQUIRED },
	FIELDS_END
};

static const struct journal_field histogram_fields[] = {
	{ "count", FIELD_U64, FIELD_REQUIRED },
	{ "sum_ns", FIELD_U64, FIELD_REQUIRED },
	{ "max_ns", FIELD_U64, FIELD_REQUIRED },
	{ "timing_cost_ns", FIELD_REAL, FIELD_OPTIONAL },
	{ "buckets", FIELD_PAIRS, FIELD_REQUIRED },
	FIELDS_END
};

static const struct journal_field gauge_fields[] = {
	{ "name", FIELD_TEXT, FIELD_REQUIRED },
	{ "value", FIELD_REAL, FIELD_REQUIRED },
	FIELDS_END
};

static const struct journal_field note_fields[] = {
	{ "text", FIELD_TEXT, FIELD_REQUIRED },
	FIELDS_END
};

static const struct journal_field stall_fields[] = {
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
	FIELDS_END
};

static const struct journal_field memory_fields[] = {
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
	FIELDS_END
};

static const struct journal_field skew_fields[] = {
	{ "start_ns", FIELD_U64, FIELD_REQUIRED },
	{ "stop_ns", FIELD_U64, FIELD_REQUIRED },
	FIELDS_END
};

static const struct journal_field rusage_fields[] = {
	{ "wall_ns", FIELD_U64, FIELD_OPTIONAL },
	{ "user_ns", FIELD_U64, FIELD_REQUIRED },
	{ "system_ns", FIELD_U64, FIELD_REQUIRED },
	{ "minor_faults", FIELD_U64, FIELD_OPTIONAL },
	{ "major_faults", FIELD_U64, FIELD_OPTIONAL },
	{ "voluntary", FIELD_U64, FIELD_OPTIONAL },
	{ "involuntary", FIELD_U64, FIELD_OPTIONAL },
	FIELDS_END
};

/* What is not counted has null for its value, and a reason. */
static const struct journal_field counter_fields[] = {
	{ "index", FIELD_U64, FIELD_REQUIRED },
	{ "phase", FIELD_TEXT, FIELD_OPTIONAL },
	{ "name", FIELD_TEXT, FIELD_REQUIRED },
	{ "status", FIELD_TEXT, FIELD_REQUIRED },
	{ "value", FIELD_U64, FIELD_NULL },
	{ "raw", FIELD_U64, FIELD_OPTIONAL },
	{ "enabled_ns", FIELD_U64, FIELD_OPTIONAL },
	{ "running_ns", FIELD_U64, FIELD_OPTIONAL },
	{ "each", FIELD_LIST, FIELD_OPTIONAL },
	{ "cpus", FIELD_LIST, FIELD_OPTIONAL },
	{ "errno", FIELD_U64, FIELD_OPTIONAL },
	{ "reason", FIELD_TEXT, FIELD_OPTIONAL },
	FIELDS_END
};

static const struct journal_field kstat_fields[] = {
	{ "index", FIELD_U64, FIELD_REQUIRED },
	{ "phase", FIELD_TEXT, FIELD_OPTIONAL },
	{ "elapsed_ns", FIELD_U64, FIELD_REQUIRED },
	{ "sources", FIELD_WORDS, FIELD_REQUIRED },
	{ "values", FIELD_DELTAS, FIELD_REQUIRED },
	FIELDS_END
};

static const struct journal_field slab_fields[] = {
	{ "index", FIELD_U64, FIELD_REQUIRED },
	{ "phase", FIELD_TEXT, FIELD_OPTIONAL },
	{ "values", FIELD_DELTAS, FIELD_REQUIRED },
	FIELDS_END
};

static const struct journal_field usage_fields[] = {
	{ "index", FIELD_U64, FIELD_REQUIRED },
	{ "phase", FIELD_TEXT, FIELD_OPTIONAL },
	{ "elapsed_ns", FIELD_U64, FIELD_OPTIONAL },
	{ "user_ns", FIELD_U64, FIELD_OPTIONAL },
	{ "system_ns", FIELD_U64, FIELD_OPTIONAL },
	{ "minor_faults", FIELD_U64, FIELD_OPTIONAL },
	{ "major_faults", FIELD_U64, FIELD_OPTIONAL },
	{ "voluntary", FIELD_U64, FIELD_OPTIONAL },
	{ "involuntary", FIELD_U64, FIELD_OPTIONAL },
	FIELDS_END
};

static const struct journal_field profile_fields[] = {
	{ "index", FIELD_U64, FIELD_REQUIRED },
	{ "phase", FIELD_TEXT, FIELD_OPTIONAL },
	{ "name", FIELD_TEXT, FIELD_REQUIRED },
	{ "rate_hz", FIELD_U64, FIELD_OPTIONAL },
	{ "scope", FIELD_TEXT, FIELD_OPTIONAL },
	{ "status", FIELD_TEXT, FIELD_REQUIRED },
	{ "samples", FIELD_U64, FIELD_NULL },
	{ "kernel", FIELD_U64, FIELD_OPTIONAL },
	{ "user", FIELD_U64, FIELD_OPTIONAL },
	{ "lost", FIELD_U64, FIELD_OPTIONAL },
	{ "errno", FIELD_U64, FIELD_OPTIONAL },
	{ "reason", FIELD_TEXT, FIELD_OPTIONAL },
	FIELDS_END
};

static const struct journal_field stack_fields[] = {
	{ "index", FIELD_U64, FIELD_REQUIRED },
	{ "phase", FIELD_TEXT, FIELD_OPTIONAL },
	{ "count", FIELD_U64, FIELD_REQUIRED },
	{ "frames", FIELD_FRAMES, FIELD_REQUIRED },
	FIELDS_END
};

static const struct journal_field end_fields[] = {
	{ "status", FIELD_TEXT, FIELD_REQUIRED },
	{ "reason", FIELD_TEXT, FIELD_OPTIONAL },
	{ "errno", FIELD_U64, FIELD_OPTIONAL },
	FIELDS_END
};

/* Of `describe`; what is about the workload stands in the cell line. */
static const struct journal_field describe_fields[] = {
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
	FIELDS_END
};

static const struct {
	const char *keyword;
	const struct journal_field *fields;
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
	{ "counter", counter_fields },
	{ "kstat", kstat_fields },
	{ "slab", slab_fields },
	{ "usage", usage_fields },
	{ "profile", profile_fields },
	{ "stack", stack_fields },
	{ "end", end_fields },
};

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
	if (launch->counts_only)
		json_line_bool(j, "times", false);
	if (launch->count_mode != NULL)
		json_line_text(j, "count_mode", launch->count_mode);
	if (launch->statistics)
		json_line_bool(j, "statistics", true);
	if (describe != NULL)
		status = journal_fields_put(j, describe, describe_fields, e);
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
	return finish(j, journal_fields_put(j, line, journal_lines_known[i].fields, e),
	    out);
}
