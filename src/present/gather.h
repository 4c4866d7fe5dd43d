/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a record says about each cell and launch, reduced to a few numbers per
 * launch while it is read.  The step between the reader and the rows.
 */
#ifndef VMSTRESS_GATHER_H
#define VMSTRESS_GATHER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "present/facts.h"
#include "present/gather_remarks.h"
#include "record/reader.h"

/* Numbers of a launch that are no metric of their own. */
enum gather_attr {
	GATHER_WORKER_MIN,
	GATHER_WORKER_MAX,
	GATHER_FAIRNESS,
	GATHER_BYTES_PER_S,
	GATHER_TIMING_COST_NS,
	GATHER_START_SKEW_NS,
	GATHER_STOP_SKEW_NS,
	GATHER_USER_CPUS,
	GATHER_SYSTEM_CPUS,
	GATHER_SYSTEM_SHARE,
	GATHER_ATTRS
};

/* The percentiles that are shown. */
enum gather_quantile {
	GATHER_P50,
	GATHER_P90,
	GATHER_P99,
	GATHER_P999,
	GATHER_MAX,
	GATHER_QUANTILES
};

enum gather_status {
	GATHER_OK,
	GATHER_SKIPPED,
	GATHER_FAILED,
	GATHER_INTERRUPTED,
	/* It ended well, but counting cost time: its times are no result. */
	GATHER_COUNTED
};

struct gather_metric {
	char *name;
	char *unit;
	bool lower;		/* is better */
	bool headline;
	bool gauge;		/* explains, is no result: neither is better */
	/* Of the load on the rest of the system: stands after the results. */
	bool effect;
	bool detail;		/* one of many: in text with --wide */
	int quantile;		/* enum gather_quantile; -1: none */
	/* A sentence on the smallest of its partial populations, or NULL. */
	char *partial;
	uint64_t reached;	/* by that one */
	bool unsupported;	/* by this machine, in some launch */
};

/* A value in the making: sum / weight, absent when the weight is 0. */
struct gather_value {
	double sum;
	double weight;
};

struct gather_launch {
	int launch;
	enum gather_status status;
	char *reason;			/* or NULL */
	double attr[GATHER_ATTRS];	/* NAN: not measured */
	struct gather_value *values;	/* one per metric of the cell so far */
	size_t nvalues;
	/* Of a rate, a curve, or the first headline phase; 0: not known. */
	uint64_t ops;
	uint64_t last_first;		/* of the last bin of its curve */
	bool judged;			/* by the rules of validity */
	char *rules, *reasons;		/* that it broke; or NULL */
};

struct gather_cell {
	int id;				/* -1: not in the record */
	char *workload;			/* "zfod/1" */
	char *unit;
	char *net;
	char *kind;
	char *mode;
	char *pin;
	struct gather_param {
		char *name;
		char *text;
	} *params;
	size_t nparams;
	int workers;
	int planned;			/* launches */
	int samples;
	uint64_t interval_ns;
	struct gather_metric *metrics;
	size_t nmetrics, metrics_cap;
	struct gather_launch *launches;	/* rising, the last try of each */
	size_t nlaunches, launches_cap;
	size_t current;			/* index of the one being told */
	/* What the system spent before it; UINT64_MAX: not known. */
	uint64_t setup[READER_SPENT], start[READER_SPENT];
};

struct gather_note {
	char *text;
	int *cells;			/* in order of appearance */
	size_t ncells, cells_cap;
	bool whole_run;
};

struct gather {
	char *label, *name;		/* or NULL */
	char *kernel_name, *kernel_release;
	char *cpu_model, *cpus, *arch;
	struct facts facts;
	struct gather_cell *cells;	/* by id */
	size_t ncells, cells_cap;
	struct gather_note *notes;
	size_t nnotes, notes_cap;
	bool more_notes;		/* than are kept */
	struct gather_remarks remarks;
	char *path;			/* or NULL */
	unsigned long torn_line;	/* the last, without an end; 0: none */
	struct err *e;			/* of the reading */
};

/* What fills `g`, for somebody who reads more of a record than this. */
void gather_handler(struct gather *g, struct reader_handler *h, struct err *e);

int gather_read(struct gather *g, const char *path, struct err *e);
void gather_free(struct gather *g);

/*
 * What its kernel is called: by the campaign that booted it, else its label, or
 * the release.
 */
const char *gather_name(const struct gather *g);

/* "size=4M thp=off", all parameters of a cell; a new string. */
char *gather_params(const struct gather_cell *c);

/* Is it what the workload is known for?  Said so, or the first result. */
bool gather_headline(const struct gather_cell *c,
    const struct gather_metric *m);

#endif
