/* SPDX-License-Identifier: BSD-2-Clause */
/* What observers saw for other programs: CSV and JSON. */
#include "config.h"

#include "present/insight_print.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "present/csv.h"
#include "present/insight_figures.h"
#include "present/profile_functions.h"
#include "record/json_line.h"

/* One row of any section; what it has not is NULL or NAN. */
struct data_row {
	const char *kind;	/* "counter", "statistic", "slab", "usage",
				 * "profile", "function" */
	const char *name, *unit, *status, *reason;
	struct insight_figures f;
	double self, total_share;	/* of a function, its share */
};

typedef void data_row_fn(void *arg, const struct insight *in, size_t cell,
    const struct insight_part *p, const struct data_row *row);

static struct data_row
data_empty(const char *kind, const char *name)
{
	struct data_row r;

	memset(&r, 0, sizeof(r));
	r.kind = kind;
	r.name = name;
	r.unit = "";
	r.f.per_op = r.f.per_s = r.f.total = r.f.cv = NAN;
	r.f.running = r.f.least = r.f.most = NAN;
	r.self = r.total_share = NAN;
	return r;
}

/* ---- the rows of a part ----------------------------------------------- */

/* An event that was counted in some launches only has a row of both. */
static void
data_counters(const struct insight *in, size_t cell,
    const struct insight_part *p, data_row_fn *fn, void *arg)
{
	const struct insight_item *item;
	struct data_row r;
	size_t i;

	for (i = 0; i < p->nitems; i++) {
		item = &p->items[i];
		if (item->kind != INSIGHT_COUNTER)
			continue;
		r = data_empty("counter", item->name);
		r.unit = insight_unit(item);
		insight_figures(p, item, &r.f);
		r.status = r.f.launches == 0 ? item->status :
		    r.f.running < 0.9995 ? "scaled" : "ok";
		r.reason = item->reason;
		fn(arg, in, cell, p, &r);
	}
}

static void
data_statistics(const struct insight *in, size_t cell,
    const struct insight_part *p, data_row_fn *fn, void *arg)
{
	static const char *const kinds[INSIGHT_KINDS] = {
		[INSIGHT_KSTAT] = "statistic", [INSIGHT_SLAB] = "slab",
		[INSIGHT_USAGE] = "usage",
	};
	const struct insight_item **items;
	size_t i, n = insight_statistics(p, &items);
	struct data_row r;

	for (i = 0; i < n; i++) {
		r = data_empty(kinds[items[i]->kind], items[i]->name);
		r.unit = insight_unit(items[i]);
		r.status = "ok";
		insight_figures(p, items[i], &r.f);
		fn(arg, in, cell, p, &r);
	}
	free(items);
}

/* The counts of the profile, and its functions. */
static void
data_profile(const struct insight *in, size_t cell,
    const struct insight_part *p, data_row_fn *fn, void *arg)
{
	struct profile_functions f;
	struct data_row r;
	size_t i;

	profile_functions(p, &f);
	for (i = 0; i < p->nitems; i++) {
		if (p->items[i].kind != INSIGHT_SAMPLES)
			continue;
		r = data_empty("profile", p->items[i].name);
		r.status = "ok";
		r.f.total = insight_sum(&p->items[i]);
		r.f.launches = f.launches;
		fn(arg, in, cell, p, &r);
	}
	if (p->status != NULL) {
		r = data_empty("profile", p->event);
		r.status = p->status;
		r.reason = p->reason;
		fn(arg, in, cell, p, &r);
	}
	for (i = 0; i < f.count; i++) {
		r = data_empty("function", f.list[i].name);
		r.status = "ok";
		r.f.total = f.list[i].self;
		r.f.launches = f.launches;
		r.self = f.list[i].self / f.samples;
		r.total_share = f.list[i].total / f.samples;
		fn(arg, in, cell, p, &r);
	}
	profile_functions_free(&f);
}

static void
data_part(const struct insight *in, size_t cell, const struct insight_part *p,
    unsigned wanted, data_row_fn *fn, void *arg)
{
	if (wanted & INSIGHT_COUNTERS)
		data_counters(in, cell, p, fn, arg);
	if (wanted & INSIGHT_STATISTICS)
		data_statistics(in, cell, p, fn, arg);
	if (wanted & INSIGHT_PROFILE)
		data_profile(in, cell, p, fn, arg);
}

static void
data_rows(const struct insight *in, unsigned wanted, data_row_fn *fn,
    void *arg)
{
	size_t i, k;

	for (i = 0; i < in->ncells; i++)
		for (k = 0; k < in->cells[i].nparts; k++)
			data_part(in, i, &in->cells[i].parts[k], wanted, fn,
			    arg);
}

/* ---- CSV -------------------------------------------------------------- */

static void
csv_params(const struct gather_cell *g, FILE *out)
{
	char *cell = insight_print_cell(g), *params = strchr(cell, ' ');

	csv_text(params != NULL ? params + 1 : "", out);
	free(cell);
}

static void
csv_row(void *arg, const struct insight *in, size_t cell,
    const struct insight_part *p, const struct data_row *r)
{
	const struct gather_cell *g = &in->base.cells[cell];
	const double reals[] = { r->f.per_op, r->f.per_s, r->f.total, r->f.cv,
	    r->f.running, r->f.least, r->f.most, r->self, r->total_share };
	const char *const texts[] = { r->kind, r->name, r->unit, r->status };
	FILE *out = arg;
	size_t i;

	csv_text(g->workload, out);
	putc(',', out);
	csv_params(g, out);
	fprintf(out, ",%s,%d,", g->mode, g->workers);
	csv_text(g->pin, out);
	fprintf(out, ",%d,", g->id);
	csv_text(p->phase, out);
	putc(',', out);
	csv_text(p->unit, out);
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		putc(',', out);
		csv_text(texts[i], out);
	}
	for (i = 0; i < sizeof(reals) / sizeof(reals[0]); i++) {
		putc(',', out);
		csv_real(reals[i], out);
	}
	fprintf(out, ",%d,", r->f.launches);
	csv_text(r->reason, out);
	putc(',', out);
	csv_text(in->base.label, out);
	putc(',', out);
	csv_text(in->file, out);
	putc('\n', out);
}

void
insight_print_csv(const struct insight *in, size_t count, unsigned wanted,
    FILE *out)
{
	size_t i;

	fputs("workload,params,mode,workers,pin,cell,phase,op,kind,name,unit,"
	    "status,per_op,per_second,total,cv,counted,least,most,self,"
	    "inclusive,launches,reason,label,file\n", out);
	for (i = 0; i < count; i++)
		data_rows(&in[i], wanted, csv_row, out);
}

/* ---- JSON ------------------------------------------------------------- */

static void
json_maybe(struct json_line *j, const char *key, double value)
{
	if (isfinite(value))
		json_line_real(j, key, value);
}

static void
json_row(void *arg, const struct insight *in, size_t cell,
    const struct insight_part *p, const struct data_row *r)
{
	struct json_line *rows = arg, *j = json_line_new();

	json_line_int(j, "cell", in->base.cells[cell].id);
	json_line_text(j, "phase", p->phase);
	json_line_text(j, "op", p->unit);
	json_line_text(j, "kind", r->kind);
	json_line_text(j, "name", r->name);
	json_line_text(j, "unit", r->unit);
	json_line_text(j, "status", r->status);
	if (r->reason != NULL)
		json_line_text(j, "reason", r->reason);
	if (strcmp(r->kind, "function") == 0 ||
	    strcmp(r->kind, "profile") == 0) {
		json_line_real(j, "samples", r->f.total);
		json_maybe(j, "self", r->self);
		json_maybe(j, "inclusive", r->total_share);
	} else {
		json_line_real(j, "per_op", r->f.per_op);
		json_line_real(j, "per_second", r->f.per_s);
		json_line_real(j, "total", r->f.total);
		json_line_real(j, "cv", r->f.cv);
		json_maybe(j, "counted", r->f.running);
		json_maybe(j, "least", r->f.least);
		json_maybe(j, "most", r->f.most);
	}
	json_line_int(j, "launches", r->f.launches);
	json_line_append(rows, "rows", j);
}

static struct json_line *
json_cell(const struct insight *in, size_t i)
{
	const struct gather_cell *g = &in->base.cells[i];
	struct json_line *j = json_line_new(), *params = json_line_new();
	size_t k;

	json_line_int(j, "cell", g->id);
	json_line_text(j, "workload", g->workload);
	for (k = 0; k < g->nparams; k++)
		json_line_text(params, g->params[k].name, g->params[k].text);
	json_line_object(j, "params", params);
	json_line_text(j, "mode", g->mode);
	json_line_int(j, "workers", g->workers);
	json_line_text(j, "pin", g->pin);
	json_line_int(j, "launches", in->cells[i].launches);
	json_line_int(j, "counted_only", in->cells[i].counted_only);
	json_line_text(j, "count_mode", in->cells[i].mode);
	return j;
}

static struct json_line *
json_record(const struct insight *in, unsigned wanted)
{
	struct json_line *j = json_line_new();
	size_t i;

	json_line_text(j, "file", in->file);
	json_line_text(j, "label", in->base.label);
	json_line_text(j, "name", in->base.name);
	json_line_list(j, "cells");
	for (i = 0; i < in->ncells; i++)
		if (in->base.cells[i].id >= 0)
			json_line_append(j, "cells", json_cell(in, i));
	json_line_list(j, "rows");
	data_rows(in, wanted, json_row, j);
	return j;
}

/* One record per line. */
void
insight_print_json(const struct insight *in, size_t count, unsigned wanted,
    FILE *out)
{
	struct json_line *j;
	char *text;
	size_t i;

	putc('[', out);
	for (i = 0; i < count; i++) {
		j = json_record(&in[i], wanted);
		text = json_line_string(j);
		fprintf(out, "%s%s", i > 0 ? ",\n" : "", text);
		free(text);
		json_line_free(j);
	}
	fputs("]\n", out);
}
