/* SPDX-License-Identifier: BSD-2-Clause */
/* The columns of the results table, and what stands in them. */
#include "config.h"

#include "present/results_columns.h"

#include <math.h>
#include <string.h>

#include "base/units.h"

/* ---- cells of the table ----------------------------------------------- */

static void
print_real(struct str *b, double value)
{
	char text[UNITS_MAX];

	if (!isnan(value))
		str_add(b, units_round(text, sizeof(text), value));
}

static void
print_time(struct str *b, double ns)
{
	char text[UNITS_MAX];

	if (!isnan(ns))
		str_add(b, units_round_time(text, sizeof(text), ns));
}

static void
print_percent(struct str *b, double share)
{
	if (!isnan(share))
		str_addf(b, "%.1f%%", share * 100);
}

/* 100% is one CPU, as in time(1). */
static void
print_cpus(struct str *b, double cpus)
{
	if (!isnan(cpus))
		str_addf(b, "%.0f%%", cpus * 100);
}

static void
print_cell(struct str *b, const struct results_row *row)
{
	str_addf(b, "%d", row->cell);
}

static void
print_workload(struct str *b, const struct results_row *row)
{
	str_add(b, row->workload);
}

static void
print_params(struct str *b, const struct results_row *row)
{
	str_add(b, row->params_short);
}

static void
print_mode(struct str *b, const struct results_row *row)
{
	str_add(b, row->mode);
}

static void
print_workers(struct str *b, const struct results_row *row)
{
	str_addf(b, "%d", row->workers);
}

static void
print_pin(struct str *b, const struct results_row *row)
{
	str_add(b, row->pin);
}

static void
print_metric(struct str *b, const struct results_row *row)
{
	str_add(b, row->metric);
}

/* A value of the row in its unit. */
static void
print_value(struct str *b, const struct results_row *row, double value)
{
	char text[UNITS_MAX];

	if (strcmp(row->unit, "ns") == 0)
		print_time(b, value);
	else if (strncmp(row->unit, "bytes", strlen("bytes")) == 0 &&
	    !isnan(value))
		str_add(b, units_round_bytes(text, sizeof(text), value));
	else
		print_real(b, value);
}

static void
print_median(struct str *b, const struct results_row *row)
{
	print_value(b, row, row->median);
}

static void
print_low(struct str *b, const struct results_row *row)
{
	print_value(b, row, row->low);
}

static void
print_high(struct str *b, const struct results_row *row)
{
	print_value(b, row, row->high);
}

static void
print_cv(struct str *b, const struct results_row *row)
{
	print_percent(b, row->cv);
}

static void
print_system_share(struct str *b, const struct results_row *row)
{
	print_percent(b, row->system_share);
}

static void
print_bytes(struct str *b, const struct results_row *row)
{
	char text[UNITS_MAX];

	if (!isnan(row->bytes_per_s))
		str_addf(b, "%s/s", units_round_bytes(text, sizeof(text),
		    row->bytes_per_s));
}

/* One worker is the cell: its own rate says nothing more. */
static void
print_worker_min(struct str *b, const struct results_row *row)
{
	if (row->workers > 1)
		print_real(b, row->worker_min);
}

static void
print_worker_max(struct str *b, const struct results_row *row)
{
	if (row->workers > 1)
		print_real(b, row->worker_max);
}

static void
print_fair(struct str *b, const struct results_row *row)
{
	if (row->workers > 1 && !isnan(row->fairness))
		str_addf(b, "%.3f", row->fairness);
}

static void
print_p50(struct str *b, const struct results_row *row)
{
	print_time(b, row->p50_ns);
}

static void
print_p90(struct str *b, const struct results_row *row)
{
	print_time(b, row->p90_ns);
}

static void
print_p99(struct str *b, const struct results_row *row)
{
	print_time(b, row->p99_ns);
}

static void
print_p999(struct str *b, const struct results_row *row)
{
	print_time(b, row->p999_ns);
}

static void
print_max(struct str *b, const struct results_row *row)
{
	print_time(b, row->max_ns);
}

static void
print_timing(struct str *b, const struct results_row *row)
{
	print_time(b, row->timing_cost_ns);
}

static void
print_start_skew(struct str *b, const struct results_row *row)
{
	if (row->workers > 1)
		print_time(b, row->start_skew_ns);
}

static void
print_stop_skew(struct str *b, const struct results_row *row)
{
	if (row->workers > 1)
		print_time(b, row->stop_skew_ns);
}

static void
print_user(struct str *b, const struct results_row *row)
{
	print_cpus(b, row->user_cpus);
}

static void
print_system(struct str *b, const struct results_row *row)
{
	print_cpus(b, row->system_cpus);
}

static void
print_launches(struct str *b, const struct results_row *row)
{
	str_addf(b, "%d/%d", row->launches, row->planned);
}

/* ---- the table -------------------------------------------------------- */

#define ALWAYS	false
#define WIDE	true
#define LEFT	false
#define RIGHT	true

const struct results_column results_columns[COLUMNS] = {
	[COLUMN_CELL] = { "cell", RIGHT, ALWAYS, true, print_cell },
	[COLUMN_WORKLOAD] = { "workload", LEFT, ALWAYS, true, print_workload },
	[COLUMN_PARAMS] = { "params", LEFT, ALWAYS, true, print_params },
	[COLUMN_MODE] = { "mode", LEFT, ALWAYS, true, print_mode },
	[COLUMN_WORKERS] = { "workers", RIGHT, ALWAYS, true, print_workers },
	[COLUMN_PIN] = { "pin", LEFT, ALWAYS, true, print_pin },
	[COLUMN_METRIC] = { "metric", LEFT, ALWAYS, false, print_metric },
	[COLUMN_MEDIAN] = { "median", RIGHT, ALWAYS, false, print_median },
	[COLUMN_LOW] = { "low", RIGHT, WIDE, false, print_low },
	[COLUMN_HIGH] = { "high", RIGHT, WIDE, false, print_high },
	[COLUMN_CV] = { "cv", RIGHT, ALWAYS, false, print_cv },
	[COLUMN_SYSTEM_SHARE] = { "sys", RIGHT, ALWAYS, false,
	    print_system_share },
	[COLUMN_BYTES] = { "bytes/s", RIGHT, WIDE, false, print_bytes },
	[COLUMN_WORKER_MIN] = { "min/w", RIGHT, ALWAYS, false,
	    print_worker_min },
	[COLUMN_WORKER_MAX] = { "max/w", RIGHT, ALWAYS, false,
	    print_worker_max },
	[COLUMN_FAIR] = { "fair", RIGHT, ALWAYS, false, print_fair },
	[COLUMN_P50] = { "p50", RIGHT, ALWAYS, false, print_p50 },
	[COLUMN_P90] = { "p90", RIGHT, ALWAYS, false, print_p90 },
	[COLUMN_P99] = { "p99", RIGHT, ALWAYS, false, print_p99 },
	[COLUMN_P999] = { "p99.9", RIGHT, ALWAYS, false, print_p999 },
	[COLUMN_MAX] = { "max", RIGHT, ALWAYS, false, print_max },
	[COLUMN_TIMING] = { "timing", RIGHT, WIDE, false, print_timing },
	[COLUMN_START_SKEW] = { "start skew", RIGHT, WIDE, false,
	    print_start_skew },
	[COLUMN_STOP_SKEW] = { "stop skew", RIGHT, WIDE, false,
	    print_stop_skew },
	[COLUMN_USER] = { "user", RIGHT, WIDE, false, print_user },
	[COLUMN_SYSTEM] = { "system", RIGHT, WIDE, false, print_system },
	[COLUMN_LAUNCHES] = { "launches", RIGHT, ALWAYS, false,
	    print_launches },
};
