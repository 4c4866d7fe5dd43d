/* SPDX-License-Identifier: BSD-2-Clause */
/* Rows of numbers from what a record holds; see results.h. */
#include "config.h"

#include "present/results.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "present/gather_launch.h"
#include "present/results_about.h"
#include "present/results_remarks.h"
#include "stats/summary.h"

/* ---- names of a cell -------------------------------------------------- */

/*
 * The cells of one workload, which are compared with the first of them: a
 * parameter differs among them if any differs from the first.
 */
struct results_group {
	const struct gather_cell *first;
	bool *differs;		/* one per parameter of the first */
};

struct results_groups {
	struct results_group *list;
	size_t count, cap;
};

static const char *
results_param(const struct gather_cell *c, const char *name)
{
	size_t i;

	for (i = 0; i < c->nparams; i++)
		if (strcmp(c->params[i].name, name) == 0)
			return c->params[i].text;
	return NULL;
}

/* The group of a workload, made when there is none; neighbours are likely. */
static struct results_group *
results_group(struct results_groups *gs, const struct gather_cell *c)
{
	struct results_group *g;
	size_t i;

	for (i = gs->count; i > 0; i--)
		if (strcmp(gs->list[i - 1].first->workload, c->workload) == 0)
			return &gs->list[i - 1];
	gs->list = mem_grow(gs->list, gs->count, &gs->cap, sizeof(*g));
	g = &gs->list[gs->count++];
	g->first = c;
	g->differs = mem_zalloc(c->nparams * sizeof(*g->differs));
	return g;
}

static void
results_group_all(struct results_groups *gs, const struct gather *from)
{
	const struct gather_cell *c;
	struct results_group *g;
	const char *text;
	size_t i, k;

	for (i = 0; i < from->ncells; i++) {
		c = &from->cells[i];
		if (c->id < 0)
			continue;
		g = results_group(gs, c);
		for (k = 0; k < g->first->nparams; k++) {
			text = results_param(c, g->first->params[k].name);
			if (text == NULL ||
			    strcmp(text, g->first->params[k].text) != 0)
				g->differs[k] = true;
		}
	}
}

static void
results_groups_free(struct results_groups *gs)
{
	size_t i;

	for (i = 0; i < gs->count; i++)
		free(gs->list[i].differs);
	free(gs->list);
}

/* As gather_params(), but only what differs in the group. */
static char *
results_params_short(const struct gather_cell *c, const struct results_group *g)
{
	struct str b = { 0 };
	size_t i, k;

	str_add(&b, "");
	for (i = 0; i < c->nparams; i++) {
		for (k = 0; k < g->first->nparams; k++)
			if (strcmp(g->first->params[k].name,
			    c->params[i].name) == 0)
				break;
		if (k < g->first->nparams && !g->differs[k])
			continue;
		str_addf(&b, "%s%s=%s", b.len > 0 ? " " : "",
		    c->params[i].name, c->params[i].text);
	}
	return b.s;
}

/* ---- numbers of a cell ------------------------------------------------ */

/* Values of the launches that count; the array has room for all launches. */
static size_t
results_values(const struct gather_cell *c, size_t metric, double *values)
{
	size_t i, n = 0;
	double v;

	for (i = 0; i < c->nlaunches; i++) {
		v = c->launches[i].status == GATHER_OK ?
		    gather_launch_value(&c->launches[i], metric) : NAN;
		if (!isnan(v))
			values[n++] = v;
	}
	return n;
}

static double
results_attr(const struct gather_cell *c, enum gather_attr attr,
    double *values)
{
	size_t i, n = 0;

	for (i = 0; i < c->nlaunches; i++)
		if (c->launches[i].status == GATHER_OK &&
		    !isnan(c->launches[i].attr[attr]))
			values[n++] = c->launches[i].attr[attr];
	return n > 0 ? summary_median(values, n) : NAN;
}

static void
results_summarize(struct results_row *row, const double *values, size_t n)
{
	row->launches = (int)n;
	if (n == 0)
		return;
	row->median = summary_median(values, n);
	row->low = summary_min(values, n);
	row->high = summary_max(values, n);
	if (n > 1 && summary_mean(values, n) != 0)
		row->cv = summary_sd(values, n) / summary_mean(values, n);
}

/* How the launches of a cell ended, and the first reason of one that did not
 * end well. */
static void
results_count(struct results_row *row, const struct gather_cell *c)
{
	const struct gather_launch *l;
	size_t i;

	row->planned = c->planned;
	for (i = 0; i < c->nlaunches; i++) {
		l = &c->launches[i];
		row->failed += l->status == GATHER_FAILED;
		row->skipped += l->status == GATHER_SKIPPED;
		row->interrupted += l->status == GATHER_INTERRUPTED;
		if (l->status != GATHER_OK && l->reason != NULL &&
		    row->reason == NULL)
			row->reason = mem_strdup(l->reason);
	}
	row->invalid = results_remarks_invalid(c);
}

/* ---- rows ------------------------------------------------------------- */

/* A new row of a cell, with everything but its numbers. */
static struct results_row *
results_row(struct results *r, const struct gather_cell *c,
    const struct results_group *g)
{
	struct results_row *row;

	r->rows = mem_grow(r->rows, r->nrows, &r->cap, sizeof(*row));
	row = &r->rows[r->nrows++];
	memset(row, 0, sizeof(*row));
	row->cell = c->id;
	row->workload = mem_strdup(c->workload);
	row->params = gather_params(c);
	row->params_short = results_params_short(c, g);
	row->mode = mem_strdup(c->mode);
	row->workers = c->workers;
	row->pin = mem_strdup(c->pin);
	row->median = row->low = row->high = row->cv = NAN;
	row->worker_min = row->worker_max = row->fairness = NAN;
	row->bytes_per_s = row->timing_cost_ns = NAN;
	row->p50_ns = row->p90_ns = row->p99_ns = row->p999_ns = NAN;
	row->max_ns = NAN;
	row->start_skew_ns = row->stop_skew_ns = NAN;
	row->user_cpus = row->system_cpus = row->system_share = NAN;
	results_count(row, c);
	return row;
}

static struct results_row *
results_metric(struct results *r, const struct gather_cell *c,
    const struct results_group *g, const struct gather_metric *m)
{
	struct results_row *row = results_row(r, c, g);

	row->metric = mem_strdup(m->name);
	row->unit = mem_strdup(m->unit);
	row->better = m->gauge ? NULL : m->lower ? "lower" : "higher";
	row->gauge = m->gauge;
	row->detail = m->detail;
	row->headline = m->headline;
	row->quantile = m->quantile >= 0;
	return row;
}

/* The row of a cell without numbers: what would have been measured. */
static void
results_empty(struct results *r, const struct gather_cell *c,
    const struct results_group *g)
{
	struct results_row *row = results_row(r, c, g);
	bool curve = strcmp(c->kind, "curve") == 0;

	row->unit = curve ? mem_printf("ns/%s", c->unit) :
	    mem_printf("%s/s", c->unit);
	row->metric = mem_strdup(row->unit);
	row->better = curve ? "lower" : "higher";
	row->headline = true;
}

/* The values that explain a cell come after its results. */
static void
results_gauges(struct results *r, const struct gather_cell *c,
    const struct results_group *g, double *values)
{
	size_t i, n;

	for (i = 0; i < c->nmetrics; i++) {
		n = c->metrics[i].gauge ? results_values(c, i, values) : 0;
		if (n > 0)
			results_summarize(results_metric(r, c, g,
			    &c->metrics[i]), values, n);
	}
}

/* Rows of the percentiles, and the same numbers beside the headline. */
static void
results_latency(struct results *r, const struct gather_cell *c,
    const struct results_group *g, size_t head, double *values)
{
	struct results_row *row;
	double median[GATHER_QUANTILES];
	size_t i, n, ok = 0;
	int q;

	for (i = 0; i < c->nlaunches; i++)
		ok += c->launches[i].status == GATHER_OK;
	for (q = 0; q < GATHER_QUANTILES; q++) {
		median[q] = NAN;
		for (i = 0; i < c->nmetrics; i++)
			if (c->metrics[i].quantile == q)
				break;
		n = i < c->nmetrics ? results_values(c, i, values) : 0;
		if (n == 0 || n < ok)
			continue;
		row = results_metric(r, c, g, &c->metrics[i]);
		results_summarize(row, values, n);
		median[q] = row->median;
	}
	row = &r->rows[head];
	row->p50_ns = median[GATHER_P50];
	row->p90_ns = median[GATHER_P90];
	row->p99_ns = median[GATHER_P99];
	row->p999_ns = median[GATHER_P999];
	row->max_ns = median[GATHER_MAX];
}

static void
results_attrs(struct results_row *row, const struct gather_cell *c,
    double *values)
{
	double *const to[GATHER_ATTRS] = {
		[GATHER_WORKER_MIN] = &row->worker_min,
		[GATHER_WORKER_MAX] = &row->worker_max,
		[GATHER_FAIRNESS] = &row->fairness,
		[GATHER_BYTES_PER_S] = &row->bytes_per_s,
		[GATHER_TIMING_COST_NS] = &row->timing_cost_ns,
		[GATHER_START_SKEW_NS] = &row->start_skew_ns,
		[GATHER_STOP_SKEW_NS] = &row->stop_skew_ns,
		[GATHER_USER_CPUS] = &row->user_cpus,
		[GATHER_SYSTEM_CPUS] = &row->system_cpus,
		[GATHER_SYSTEM_SHARE] = &row->system_share,
	};
	int i;

	for (i = 0; i < GATHER_ATTRS; i++)
		*to[i] = results_attr(c, (enum gather_attr)i, values);
}

/* What the load does to the rest of the system comes after its results. */
static void
results_effects(struct results *r, const struct gather_cell *c,
    const struct results_group *g, double *values)
{
	size_t i, n;

	for (i = 0; i < c->nmetrics; i++) {
		n = c->metrics[i].effect && !c->metrics[i].gauge ?
		    results_values(c, i, values) : 0;
		if (n > 0)
			results_summarize(results_metric(r, c, g,
			    &c->metrics[i]), values, n);
	}
}

static void
results_cell(struct results *r, const struct gather_cell *c,
    const struct results_group *g)
{
	double *values = mem_array(NULL, c->nlaunches, sizeof(*values));
	size_t i, n, first = r->nrows, head = SIZE_MAX;

	for (i = 0; i < c->nmetrics; i++) {
		if (c->metrics[i].quantile >= 0 || c->metrics[i].gauge ||
		    c->metrics[i].effect)
			continue;
		n = results_values(c, i, values);
		if (n == 0)
			continue;
		results_summarize(results_metric(r, c, g, &c->metrics[i]),
		    values, n);
		if (c->metrics[i].headline && head == SIZE_MAX)
			head = r->nrows - 1;
	}
	if (r->nrows == first)
		results_empty(r, c, g);
	if (head == SIZE_MAX)
		head = first;
	r->rows[head].headline = true;
	results_attrs(&r->rows[first], c, values);
	results_latency(r, c, g, head, values);
	results_effects(r, c, g, values);
	results_gauges(r, c, g, values);
	free(values);
}

static void
results_cells(struct results *r, const struct gather *from)
{
	struct results_groups groups = { 0 };
	size_t i;

	results_group_all(&groups, from);
	for (i = 0; i < from->ncells; i++)
		if (from->cells[i].id >= 0)
			results_cell(r, &from->cells[i],
			    results_group(&groups, &from->cells[i]));
	results_groups_free(&groups);
}

/* ---- the whole -------------------------------------------------------- */

int
results_read(struct results *r, const char *path, struct err *e)
{
	struct gather from;
	int status;

	memset(r, 0, sizeof(*r));
	status = gather_read(&from, path, e);
	if (status == 0) {
		r->file = mem_strdup(path);
		results_about(r, &from);
		results_remarks(r, &from);
		results_cells(r, &from);
	}
	gather_free(&from);
	return status;
}

void
results_free(struct results *r)
{
	size_t i;

	for (i = 0; i < r->nrows; i++) {
		free(r->rows[i].workload);
		free(r->rows[i].params);
		free(r->rows[i].params_short);
		free(r->rows[i].mode);
		free(r->rows[i].pin);
		free(r->rows[i].metric);
		free(r->rows[i].unit);
		free(r->rows[i].reason);
	}
	for (i = 0; i < r->nnotes; i++)
		free(r->notes[i]);
	for (i = 0; i < r->nlog; i++)
		free(r->log[i]);
	free(r->log);
	free(r->rows);
	free(r->notes);
	free(r->file);
	free(r->label);
	free(r->name);
	free(r->kernel);
	free(r->machine);
	free(r->method);
	memset(r, 0, sizeof(*r));
}

const char *
results_status(const struct results_row *row)
{
	if (row->failed > 0)
		return "failed";
	if (row->interrupted > 0)
		return "interrupted";
	if (row->skipped > 0)
		return "skipped";
	return row->launches < row->planned ? "missing" : "ok";
}
