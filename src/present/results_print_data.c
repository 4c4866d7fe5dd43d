/* SPDX-License-Identifier: BSD-2-Clause */
/* Results for other programs: CSV and JSON, from one table of fields. */
#include "config.h"

#include "present/results.h"

#include <stdlib.h>
#include <string.h>

#include "present/csv.h"
#include "record/json_line.h"

enum data_type {
	DATA_TEXT,
	DATA_INT,
	DATA_BOOL,
	DATA_REAL,
	DATA_STATUS,		/* derived from the row */
	DATA_LABEL,		/* of the record */
	DATA_FILE
};

#define ROW(type, field) type, offsetof(struct results_row, field)

/* The first thirteen are promised to stay as and where they are. */
static const struct data_field {
	const char *name;
	enum data_type type;
	size_t offset;
} data_fields[] = {
	{ "workload", ROW(DATA_TEXT, workload) },
	{ "params", ROW(DATA_TEXT, params) },
	{ "mode", ROW(DATA_TEXT, mode) },
	{ "workers", ROW(DATA_INT, workers) },
	{ "pin", ROW(DATA_TEXT, pin) },
	{ "metric", ROW(DATA_TEXT, metric) },
	{ "unit", ROW(DATA_TEXT, unit) },
	{ "better", ROW(DATA_TEXT, better) },
	{ "median", ROW(DATA_REAL, median) },
	{ "low", ROW(DATA_REAL, low) },
	{ "high", ROW(DATA_REAL, high) },
	{ "launches", ROW(DATA_INT, launches) },
	{ "status", DATA_STATUS, 0 },
	{ "cv", ROW(DATA_REAL, cv) },
	{ "worker_min", ROW(DATA_REAL, worker_min) },
	{ "worker_max", ROW(DATA_REAL, worker_max) },
	{ "fairness", ROW(DATA_REAL, fairness) },
	{ "bytes_per_s", ROW(DATA_REAL, bytes_per_s) },
	{ "timing_cost_ns", ROW(DATA_REAL, timing_cost_ns) },
	{ "start_skew_ns", ROW(DATA_REAL, start_skew_ns) },
	{ "stop_skew_ns", ROW(DATA_REAL, stop_skew_ns) },
	{ "user_cpus", ROW(DATA_REAL, user_cpus) },
	{ "system_cpus", ROW(DATA_REAL, system_cpus) },
	{ "system_share", ROW(DATA_REAL, system_share) },
	{ "headline", ROW(DATA_BOOL, headline) },
	{ "planned", ROW(DATA_INT, planned) },
	{ "failed", ROW(DATA_INT, failed) },
	{ "skipped", ROW(DATA_INT, skipped) },
	{ "interrupted", ROW(DATA_INT, interrupted) },
	{ "reason", ROW(DATA_TEXT, reason) },
	{ "cell", ROW(DATA_INT, cell) },
	{ "label", DATA_LABEL, 0 },
	{ "file", DATA_FILE, 0 },
	{ "invalid", ROW(DATA_REAL, invalid) },
};

#define DATA_FIELDS (sizeof(data_fields) / sizeof(data_fields[0]))

static const char *
data_text(const struct data_field *f, const struct results *r,
    const struct results_row *row)
{
	const char *at = (const char *)row + f->offset;
	const char *text;

	switch (f->type) {
	case DATA_STATUS:
		return results_status(row);
	case DATA_LABEL:
		return r->label;
	case DATA_FILE:
		return r->file;
	default:
		memcpy(&text, at, sizeof(text));
		return text;
	}
}

static int
data_int(const struct data_field *f, const struct results_row *row)
{
	int value;

	memcpy(&value, (const char *)row + f->offset, sizeof(value));
	return value;
}

static bool
data_bool(const struct data_field *f, const struct results_row *row)
{
	bool value;

	memcpy(&value, (const char *)row + f->offset, sizeof(value));
	return value;
}

static double
data_real(const struct data_field *f, const struct results_row *row)
{
	double value;

	memcpy(&value, (const char *)row + f->offset, sizeof(value));
	return value;
}

/* ---- CSV -------------------------------------------------------------- */

static void
csv_field(const struct data_field *f, const struct results *r,
    const struct results_row *row, FILE *out)
{
	switch (f->type) {
	case DATA_INT:
		fprintf(out, "%d", data_int(f, row));
		break;
	case DATA_BOOL:
		fputs(data_bool(f, row) ? "true" : "false", out);
		break;
	case DATA_REAL:
		csv_real(data_real(f, row), out);
		break;
	default:
		csv_text(data_text(f, r, row), out);
		break;
	}
}

static void
csv_row(const struct results *r, const struct results_row *row, FILE *out)
{
	size_t i;

	for (i = 0; i < DATA_FIELDS; i++) {
		if (i > 0)
			putc(',', out);
		csv_field(&data_fields[i], r, row, out);
	}
	putc('\n', out);
}

void
results_print_csv(const struct results *r, size_t count, FILE *out)
{
	size_t i, k;

	for (i = 0; i < DATA_FIELDS; i++)
		fprintf(out, "%s%s", i > 0 ? "," : "", data_fields[i].name);
	putc('\n', out);
	for (k = 0; k < count; k++)
		for (i = 0; i < r[k].nrows; i++)
			csv_row(&r[k], &r[k].rows[i], out);
}

/* ---- JSON ------------------------------------------------------------- */

static struct json_line *
json_row(const struct results *r, const struct results_row *row)
{
	struct json_line *j = json_line_new();
	const struct data_field *f;
	size_t i;

	for (i = 0; i < DATA_FIELDS; i++) {
		f = &data_fields[i];
		if (f->type == DATA_LABEL || f->type == DATA_FILE)
			continue;	/* the record has them */
		if (f->type == DATA_INT)
			json_line_int(j, f->name, data_int(f, row));
		else if (f->type == DATA_BOOL)
			json_line_bool(j, f->name, data_bool(f, row));
		else if (f->type == DATA_REAL)
			json_line_real(j, f->name, data_real(f, row));
		else
			json_line_text(j, f->name, data_text(f, r, row));
	}
	return j;
}

static struct json_line *
json_record(const struct results *r)
{
	struct json_line *j = json_line_new();
	size_t i;

	json_line_text(j, "file", r->file);
	json_line_text(j, "label", r->label);
	json_line_text(j, "name", r->name);
	json_line_text(j, "kernel", r->kernel);
	json_line_text(j, "machine", r->machine);
	json_line_text(j, "method", r->method);
	json_line_list(j, "rows");
	for (i = 0; i < r->nrows; i++)
		json_line_append(j, "rows", json_row(r, &r->rows[i]));
	json_line_list(j, "notes");
	for (i = 0; i < r->nnotes; i++)
		json_line_append_text(j, "notes", r->notes[i]);
	return j;
}

/* One record per line. */
void
results_print_json(const struct results *r, size_t count, FILE *out)
{
	struct json_line *j;
	char *text;
	size_t i;

	putc('[', out);
	for (i = 0; i < count; i++) {
		j = json_record(&r[i]);
		text = json_line_string(j);
		fprintf(out, "%s%s", i > 0 ? ",\n" : "", text);
		free(text);
		json_line_free(j);
	}
	fputs("]\n", out);
}
