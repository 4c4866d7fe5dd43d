/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a record says, one row per cell and metric: the numbers behind `show`
 * in all its forms.
 *
 *	rate	UNIT/s, NET/s
 *	phases	PHASE UNIT/s for each phase
 *	curve	ns/UNIT over all steps, last ns/UNIT over the last bin
 *	all	p50_ns to max_ns, if latency was measured; with the probe
 *		[PHASE ]stall_worst_ns and stall_p99_ns, memory bytes/member
 *
 * Percentiles are those of a launch, and then the median over launches; one is
 * given only if in every launch at least ten operations lie beyond it.  A cell
 * without a number has one row, which says why.
 */
#ifndef VMSTRESS_RESULTS_H
#define VMSTRESS_RESULTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/err.h"

struct results_row {
	int cell;
	char *workload;		/* "zfod/1" */
	char *params;		/* "size=128M thp=off", all of them */
	char *params_short;	/* those that differ within the workload */
	char *mode;
	int workers;
	char *pin;
	char *metric;		/* "fault/s", "fault-only/s", "p99 ns", ... */
	char *unit;		/* "fault/s", "ns/child", "ns" */
	const char *better;	/* "higher", "lower", or NULL: a gauge */
	bool headline;		/* what its workload is known for */
	bool gauge;		/* explains the others; in text with --wide */
	bool detail;		/* one of many; in text with --wide */
	bool quantile;		/* of the latency; the headline has it too */
	/* Over launches that ended ok; NAN when there is none. */
	double median, low, high;	/* low: least, high: greatest */
	double cv;			/* sd / mean over launches; NAN if < 2 */
	int launches;		/* that count here */
	int failed, skipped, interrupted, planned;
	/*
	 * Median over launches, in the first row of a cell only, percentiles
	 * in its headline; NAN when it does not apply or was not measured.
	 */
	double worker_min, worker_max, fairness;
	double bytes_per_s;
	double p50_ns, p90_ns, p99_ns, p999_ns, max_ns;
	double timing_cost_ns;
	double start_skew_ns, stop_skew_ns;
	double user_cpus, system_cpus;	/* 1: one CPU busy */
	double system_share;		/* of the workers' CPU time */
	/* Launches that are not valid; NAN: nobody has judged them. */
	double invalid;
	char *reason;		/* first reason of a failure or skip, or NULL */
};

struct results {
	char *file;
	char *label;		/* or NULL */
	char *name;		/* or NULL */
	char *kernel;		/* "Linux 6.18.44", or NULL */
	char *machine;		/* CPU model and count, or NULL */
	char *method;		/* "5 launches x 3 samples x 1s", or NULL */
	struct results_row *rows;
	size_t nrows, cap;
	char **notes;		/* distinct notes, with the cells they are of */
	size_t nnotes;
	char **log;		/* of the kernel: one sentence a class */
	size_t nlog;
};

int results_read(struct results *r, const char *path, struct err *e);
void results_free(struct results *r);

/* "ok", "failed", "skipped", "interrupted", "missing": the row in a word. */
const char *results_status(const struct results_row *row);

/*
 * "cell 3: of 5 launches, 2 failed: fork: out of memory"; a new string, with
 * text of the record as it is, or NULL: there is nothing to say.
 */
char *results_sentence(const struct results_row *row);

/*
 * The forms.  `width` is that of the terminal, 0: no limit; columns that do
 * not fit are left out, except in the wide form.  CSV has its header line once
 * and JSON is an array of records, so that several can be printed together;
 * what is not known is an empty field or null.
 */
void results_print_text(const struct results *r, FILE *out, bool wide,
    int width);
void results_print_csv(const struct results *r, size_t count, FILE *out);
void results_print_json(const struct results *r, size_t count, FILE *out);

#endif
