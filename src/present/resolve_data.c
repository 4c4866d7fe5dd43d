/* SPDX-License-Identifier: BSD-2-Clause */
/* A planned comparison for programs: CSV and JSON; see resolve_print.h. */
#include "config.h"

#include <math.h>
#include <stdlib.h>

#include "present/csv.h"
#include "present/resolve_print.h"
#include "record/json_line.h"

#define DATA_NS 1e9

static double
data_cv(const struct resolve_row *row, enum variance_level level)
{
	return row->why == RESOLVE_FINE ?
	    sqrt(row->variance.part[level].variance) : NAN;
}

/* 0 stands for "none" in these. */
static double
data_count(size_t n)
{
	return n > 0 ? (double)n : NAN;
}

/* 0: not known, or none. */
static double
data_seconds(double ns)
{
	return ns > 0 ? ns / DATA_NS : NAN;
}

/* ---- csv ---------------------------------------------------------------- */

void
resolve_print_csv(const struct resolve *r, FILE *out)
{
	size_t i, k;

	fprintf(out, "workload,params,mode,pin,metric,why,workers,boots,"
	    "launches,cv_boot,cv_launch,cv_sample,sd,launches_per_boot,"
	    "samples_per_launch,needed,seconds,needed_in_all\n");
	for (i = 0; i < r->nrows; i++) {
		const struct resolve_row *row = &r->rows[i];
		const struct resolve_point *p = &r->points[row->point];
		const char *const words[] = {
			p->workload, p->params_all, p->mode, p->pin,
			row->metric, row->why != RESOLVE_FINE ?
			    resolve_why(row->why) : ""
		};
		const double numbers[] = {
			(double)row->boots, (double)row->launches,
			data_cv(row, VARIANCE_BOOT),
			data_cv(row, VARIANCE_LAUNCH),
			data_cv(row, VARIANCE_SAMPLE), row->sd,
			data_count(row->per_boot), data_count(row->per_launch),
			data_count(row->needed), row->time_ns / DATA_NS,
			data_count(row->needed_in_all)
		};

		for (k = 0; k < sizeof(words) / sizeof(words[0]); k++) {
			csv_text(words[k], out);
			fputc(',', out);
		}
		fprintf(out, "%d", p->workers);
		for (k = 0; k < sizeof(numbers) / sizeof(numbers[0]); k++) {
			fputc(',', out);
			csv_real(numbers[k], out);
		}
		fprintf(out, "\n");
	}
}

/* ---- json --------------------------------------------------------------- */

static void
data_put_count(struct json_line *j, const char *key, size_t n)
{
	if (n > 0)
		json_line_u64(j, key, n);
	else
		json_line_null(j, key);
}

static struct json_line *
data_point(const struct resolve *r, const struct resolve_row *row)
{
	const struct resolve_point *p = &r->points[row->point];
	struct json_line *j = json_line_new();

	json_line_text(j, "workload", p->workload);
	json_line_text(j, "params", p->params_all);
	json_line_text(j, "mode", p->mode);
	json_line_int(j, "workers", p->workers);
	json_line_text(j, "pin", p->pin);
	json_line_text(j, "metric", row->metric);
	json_line_bool(j, "headline", row->headline);
	json_line_text(j, "why", row->why != RESOLVE_FINE ?
	    resolve_why(row->why) : NULL);
	json_line_u64(j, "boots", row->boots);
	json_line_u64(j, "launches", row->launches);
	json_line_real(j, "cv_boot", data_cv(row, VARIANCE_BOOT));
	json_line_real(j, "cv_launch", data_cv(row, VARIANCE_LAUNCH));
	json_line_real(j, "cv_sample", data_cv(row, VARIANCE_SAMPLE));
	json_line_bool(j, "samples_dependent", row->dependent);
	json_line_real(j, "launch_s", data_seconds(p->launch_ns));
	json_line_real(j, "sample_s", data_seconds(p->sample_ns));
	json_line_bool(j, "inside_only", p->inside_only);
	json_line_real(j, "sd", row->sd);
	data_put_count(j, "launches_per_boot", row->per_boot);
	data_put_count(j, "samples_per_launch", row->per_launch);
	data_put_count(j, "needed", row->needed);
	json_line_real(j, "seconds", row->time_ns / DATA_NS);
	data_put_count(j, "needed_in_all", row->needed_in_all);
	return j;
}

static struct json_line *
data_plan(const struct resolve_plan *plan)
{
	struct json_line *j = json_line_new();

	json_line_u64(j, "points", plan->points);
	data_put_count(j, "needed", plan->needed);
	data_put_count(j, "launches_per_boot", plan->per_boot);
	data_put_count(j, "samples_per_launch", plan->per_launch);
	json_line_real(j, "seconds", plan->time_ns / DATA_NS);
	json_line_u64(j, "beyond", plan->beyond);
	json_line_real(j, "seen_with_most", plan->seen);
	return j;
}

static struct json_line *
data_kernel(const struct resolve_kernel *k)
{
	struct json_line *j = json_line_new();

	json_line_text(j, "name", k->name);
	json_line_u64(j, "boots", k->boots);
	json_line_u64(j, "launches", k->launches);
	json_line_u64(j, "invalid", k->invalid);
	return j;
}

void
resolve_print_json(const struct resolve *r, FILE *out)
{
	struct json_line *j = json_line_new();
	size_t i;
	char *text;

	json_line_text(j, "unit", r->boots ? "boot" : "launch");
	json_line_real(j, "resolve", r->effect);
	json_line_real(j, "alpha", r->alpha);
	json_line_real(j, "power", r->power);
	json_line_real(j, "boot_s", data_seconds(r->boot_ns));
	json_line_u64(j, "most", RESOLVE_UNITS_MAX);
	json_line_list(j, "kernels");
	for (i = 0; i < r->nkernels; i++)
		json_line_append(j, "kernels", data_kernel(&r->kernels[i]));
	json_line_list(j, "points");
	for (i = 0; i < r->nrows; i++)
		json_line_append(j, "points", data_point(r, &r->rows[i]));
	json_line_object(j, "plan", data_plan(&r->plan));
	json_line_list(j, "noisiest");
	for (i = 0; i < r->nnoisy; i++)
		json_line_append(j, "noisiest", data_point(r,
		    &r->rows[r->noisy[i]]));
	if (r->rest.points > 0)
		json_line_object(j, "without_noisiest", data_plan(&r->rest));
	else
		json_line_null(j, "without_noisiest");
	text = json_line_string(j);
	fprintf(out, "%s\n", text);
	free(text);
	json_line_free(j);
}
