/* SPDX-License-Identifier: BSD-2-Clause */
/* The columns that a row of results can have in text, left to right. */
#ifndef VMSTRESS_RESULTS_COLUMNS_H
#define VMSTRESS_RESULTS_COLUMNS_H

#include "base/str.h"
#include "present/results.h"

enum column {
	COLUMN_CELL,
	COLUMN_WORKLOAD,
	COLUMN_PARAMS,
	COLUMN_MODE,
	COLUMN_WORKERS,
	COLUMN_PIN,
	COLUMN_METRIC,
	COLUMN_MEDIAN,
	COLUMN_LOW,
	COLUMN_HIGH,
	COLUMN_CV,
	COLUMN_SYSTEM_SHARE,
	COLUMN_BYTES,
	COLUMN_WORKER_MIN,
	COLUMN_WORKER_MAX,
	COLUMN_FAIR,
	COLUMN_P50,
	COLUMN_P90,
	COLUMN_P99,
	COLUMN_P999,
	COLUMN_MAX,
	COLUMN_TIMING,
	COLUMN_START_SKEW,
	COLUMN_STOP_SKEW,
	COLUMN_USER,
	COLUMN_SYSTEM,
	COLUMN_LAUNCHES,
	COLUMNS
};

struct results_column {
	const char *title;
	bool right;
	bool wide;		/* only in the wide form */
	bool per_cell;		/* told once, in the first row of a cell */
	/* Append what stands there; nothing when it was not measured. */
	void (*print)(struct str *b, const struct results_row *row);
};

extern const struct results_column results_columns[COLUMNS];

#endif
