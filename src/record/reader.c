/* SPDX-License-Identifier: BSD-2-Clause */
/* Reading a record line by line; see reader.h. */
#include "config.h"

#include "record/reader.h"

#include <errno.h>
#include <jansson.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "record/reader_fields.h"
#include "record/reader_launch.h"
#include "record/reader_lines.h"
#include "record/reader_sample.h"
#include "record/reader_schema.h"

/* What later lines are checked against. */
struct reader_known {
	int workers;		/* 0: no such cell */
	int launches;
};

struct reader {
	const struct reader_handler *h;
	struct reader_known *cells;
	int ncells;		/* of the array */
	struct reader_open open;
};

static const char *const reader_kinds[] = { "rate", "phases", "curve", NULL };
static const char *const reader_modes[] = { "process", "thread", NULL };

/* ---- the header ------------------------------------------------------- */

/* Every text in an object of the header is a fact. */
static int
reader_facts(const struct reader_handler *h, json_t *line)
{
	const char *section, *name;
	json_t *facts, *value;
	char *key;
	int status;

	json_object_foreach(line, section, facts) {
		json_object_foreach(facts, name, value) {
			if (!json_is_string(value))
				continue;
			key = mem_printf("%s.%s", section, name);
			status = h->fact(h->arg, key,
			    json_string_value(value));
			free(key);
			if (status < 0)
				return -1;
		}
	}
	return 0;
}

static int
reader_header(struct reader *r, json_t *line, struct err *e)
{
	const struct reader_handler *h = r->h;
	struct reader_run run = { .ncells = -1 };

	if (reader_schema_check(&reader_schema_record, line, e) < 0)
		return -1;
	if (reader_fields_text_or_null(line, "label", &run.label, e) < 0 ||
	    reader_fields_text_or_null(line, "name", &run.name, e) < 0 ||
	    reader_fields_text_or_null(line, "order", &run.order, e) < 0 ||
	    reader_fields_text_or_null(line, "counting", &run.counting, e) <
	    0 || reader_fields_u64_or(line, "seed", 0, &run.seed, e) < 0)
		return err_prefix(e, "run");
	if (reader_fields_get(line, "cells") != NULL &&
	    reader_fields_int(line, "cells", 0, READER_CELLS_MAX, &run.ncells,
	    e) < 0)
		return err_prefix(e, "run");
	if (h->run != NULL && h->run(h->arg, &run) < 0)
		return -1;
	return h->fact != NULL ? reader_facts(h, line) : 0;
}

/* ---- cells ------------------------------------------------------------ */

/* Make the cell known, so that its lines can be checked. */
static int
reader_know(struct reader *r, const struct reader_cell *c, struct err *e)
{
	int n = r->ncells;

	if (c->id >= n) {
		while (n <= c->id)
			n = n > 0 ? n * 2 : 64;
		r->cells = mem_array(r->cells, (size_t)n, sizeof(*r->cells));
		memset(r->cells + r->ncells, 0,
		    (size_t)(n - r->ncells) * sizeof(*r->cells));
		r->ncells = n;
	}
	if (r->cells[c->id].workers > 0)
		return err_set(e, "cell %d is described twice", c->id);
	r->cells[c->id].workers = c->workers;
	r->cells[c->id].launches = c->launches;
	return 0;
}

static int
reader_params(struct reader_cell *c, const json_t *line, struct err *e)
{
	json_t *params = reader_fields_get(line, "params"), *value;
	const char *name;

	if (params == NULL)
		return 0;
	if (!json_is_object(params))
		return err_set(e, "'params' is not an object");
	c->params = mem_array(NULL, json_object_size(params),
	    sizeof(*c->params));
	json_object_foreach(params, name, value) {
		if (!json_is_string(value))
			return err_set(e, "'params' holds something that is "
			    "not text");
		c->params[c->nparams].name = name;
		c->params[c->nparams++].text = json_string_value(value);
	}
	return 0;
}

/* The first error wins, so that one look at the end is enough. */
static int
reader_cell_fields(struct reader_cell *c, const json_t *line, struct err *e)
{
	reader_fields_int(line, "cell", 0, READER_CELLS_MAX - 1, &c->id, e);
	reader_fields_text(line, "workload", &c->workload, e);
	reader_fields_int(line, "version", 1, INT_MAX, &c->version, e);
	reader_fields_choice(line, "kind", reader_kinds, &c->kind, e);
	reader_fields_text(line, "unit", &c->unit, e);
	reader_fields_text_or_null(line, "net", &c->net, e);
	reader_params(c, line, e);
	reader_fields_int(line, "workers", 1, READER_WORKERS_MAX, &c->workers,
	    e);
	reader_fields_choice(line, "mode", reader_modes, &c->mode, e);
	reader_fields_text(line, "pin", &c->pin, e);
	reader_fields_int(line, "launches", 1, READER_LAUNCHES_MAX,
	    &c->launches, e);
	reader_fields_int(line, "samples", 0, READER_SAMPLES_MAX, &c->samples,
	    e);
	reader_fields_u64_or(line, "interval_ns", 0, &c->interval_ns, e);
	reader_fields_u64_or(line, "warmup_ns", 0, &c->warmup_ns, e);
	reader_fields_u64_or(line, "timeout_ns", 0, &c->timeout_ns, e);
	reader_fields_bool(line, "latency", &c->latency, e);
	reader_fields_bool(line, "probe", &c->probe, e);
	reader_fields_bool(line, "statistics", &c->statistics, e);
	reader_fields_text_or_null(line, "events", &c->events, e);
	reader_fields_text_or_null(line, "profile", &c->profile, e);
	reader_fields_text_or_null(line, "plugin", &c->plugin, e);
	return e->set ? -1 : 0;
}

static int
reader_cell_line(struct reader *r, json_t *line, struct err *e)
{
	struct reader_cell c = { 0 };
	int status;

	status = reader_cell_fields(&c, line, e);
	if (status == 0)
		status = reader_know(r, &c, e);
	if (status == 0 && r->h->cell != NULL)
		status = r->h->cell(r->h->arg, &c);
	free(c.params);
	return status;
}

/* ---- lines of a launch ------------------------------------------------ */

/* Which launch a line is of; the cell must be known. */
static int
reader_whose(const struct reader *r, const json_t *line, int *cell,
    int *launch, struct err *e)
{
	if (reader_fields_int(line, "cell", 0, READER_CELLS_MAX - 1, cell,
	    e) < 0)
		return -1;
	if (*cell >= r->ncells || r->cells[*cell].workers == 0)
		return err_set(e, "cell %d is not described before", *cell);
	/* There may be one more, which only counts. */
	return reader_fields_int(line, "launch", 0,
	    r->cells[*cell].launches, launch, e);
}

static int
reader_launch_line(struct reader *r, json_t *line, struct err *e)
{
	int cell, launch;

	if (reader_whose(r, line, &cell, &launch, e) < 0)
		return -1;
	reader_launch_begin(&r->open, cell, launch, r->cells[cell].workers);
	return reader_launch_describe(&r->open, line, e);
}

/* A note without a cell is about the whole run. */
static int
reader_run_note(const struct reader *r, const json_t *line, struct err *e)
{
	const char *text;

	if (reader_fields_text(line, "text", &text, e) < 0)
		return -1;
	return r->h->note != NULL ?
	    r->h->note(r->h->arg, -1, -1, text) : 0;
}

/*
 * A line between "launch" and "end".  An end may stand alone: a launch that
 * never got as far as beginning.
 */
static int
reader_launch_part(struct reader *r, const char *type, json_t *line,
    reader_launch_fn *fn, struct err *e)
{
	struct reader_open *o = &r->open;
	int cell, launch;

	if (strcmp(type, "note") == 0 && reader_fields_get(line, "cell") ==
	    NULL)
		return reader_run_note(r, line, e);
	if (strcmp(type, "log") == 0 && reader_fields_get(line, "cell") == NULL)
		return reader_remarks_run_log(line, r->h, e);
	if (reader_whose(r, line, &cell, &launch, e) < 0)
		return -1;
	if (!o->open || o->sum.cell != cell || o->sum.launch != launch) {
		if (strcmp(type, "end") != 0)
			return err_set(e, "launch %d of cell %d has not begun",
			    launch, cell);
		reader_launch_begin(o, cell, launch, r->cells[cell].workers);
	}
	return fn(o, line, r->h, e);
}

/* ---- lines ------------------------------------------------------------ */

static int
reader_typed(struct reader *r, const char *type, json_t *line, struct err *e)
{
	reader_launch_fn *fn;

	if (strcmp(type, "run") == 0)
		return err_set(e, "a second header: this is more than one "
		    "record, and each needs a file of its own");
	if (strcmp(type, "cell") == 0)
		return reader_cell_line(r, line, e);
	if (strcmp(type, "launch") == 0)
		return reader_launch_line(r, line, e);
	fn = reader_launch_find(type);
	return fn != NULL ? reader_launch_part(r, type, line, fn, e) : 0;
}

static int
reader_line(struct reader *r, json_t *line, struct err *e)
{
	const char *type;

	if (reader_fields_text(line, "type", &type, e) < 0)
		return -1;
	if (reader_typed(r, type, line, e) < 0)
		return err_prefix(e, "%s", type);
	return 0;
}

/* A line of JSON; the first is the header. */
static int
reader_json(struct reader *r, const char *text, size_t len, bool first,
    struct err *e)
{
	json_error_t why;
	json_t *line = json_loadb(text, len, 0, &why);
	int status;

	if (line == NULL && !first)
		status = err_set(e, "not JSON (column %d): the file is "
		    "damaged here", why.column);
	else if (!json_is_object(line))
		status = first ?
		    reader_schema_foreign(&reader_schema_record, e) :
		    err_set(e, "not a JSON object");
	else if (first)
		status = reader_header(r, line, e);
	else
		status = reader_line(r, line, e);
	json_decref(line);
	return status;
}

static int
reader_text(struct reader *r, const char *text, size_t len, bool first,
    struct err *e)
{
	int status = first ? 0 : reader_sample_text(&r->open, text, len, e);

	if (status < 0)
		return err_prefix(e, "sample");
	return status > 0 ? 0 : reader_json(r, text, len, first, e);
}

/* At the end of the file: was there a record at all, and all of it? */
static int
reader_finish(const struct reader *r, const struct reader_lines *lines,
    struct err *e)
{
	if (lines->number > 0)
		return lines->torn > 0 && r->h->torn != NULL ?
		    r->h->torn(r->h->arg, lines->number + 1) : 0;
	return err_set(e, "no vmstress record: %s", lines->torn == 0 ?
	    "empty file" : "the first line has no end");
}

static int
reader_all(struct reader *r, struct reader_lines *lines, const char *name,
    struct err *e)
{
	const char *text;
	size_t len;
	int status;

	while ((status = reader_lines_next(lines, &text, &len, e)) > 0)
		if (reader_text(r, text, len, lines->number == 1, e) < 0)
			return err_prefix(e, "%s:%lu", name, lines->number);
	if (status == 0)
		status = reader_finish(r, lines, e);
	return status < 0 ? err_prefix(e, "%s", name) : 0;
}

int
reader_stream(FILE *in, const char *name, const struct reader_handler *h,
    struct err *e)
{
	struct reader_lines lines;
	struct reader r = { .h = h };
	int status;

	reader_lines_init(&lines, in);
	status = reader_all(&r, &lines, name, e);
	reader_launch_free(&r.open);
	reader_lines_free(&lines);
	free(r.cells);
	return status;
}

int
reader_run(const char *path, const struct reader_handler *h, struct err *e)
{
	bool standard = strcmp(path, "-") == 0;
	FILE *in;
	int status;

	if (standard)
		return reader_stream(stdin, "standard input", h, e);
	in = fopen(path, "re");
	if (in == NULL)
		return err_errno(e, "%s: cannot open the record", path);
	status = reader_stream(in, path, h, e);
	fclose(in);
	return status;
}
