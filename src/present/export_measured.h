/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the launches of a record measured, in the forms that other tools read.
 * No text of a record can break a form or drive a terminal.
 */
#ifndef VMSTRESS_EXPORT_MEASURED_H
#define VMSTRESS_EXPORT_MEASURED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/err.h"
#include "present/gather.h"

struct export_choice {
	int cell;		/* -1: all */
	const char *metric;	/* NULL: what a workload is known for */
	bool keep_invalid;	/* launches that broke a rule, too */
};

/* What is not in the output, or not as its reader wants it. */
struct export_left {
	size_t invalid;		/* launches that broke a rule */
	size_t counted;		/* that only counted, and have no times */
	size_t unfinished;	/* that did not end well */
	size_t limit;		/* bytes of a line, with its end, that can be read */
	size_t too_long;	/* lines that are longer */
};

/* -1 with an error: there is no such cell, or nothing to write of it. */
int export_check_csv(const struct gather *g, const struct export_choice *c,
    struct err *e);
int export_check_gobench(const struct gather *g, const struct export_choice *c,
    struct err *e);
int export_check_ministat(const struct gather *g,
    const struct export_choice *c, struct err *e);

/* All launches, one row for each and its metrics: RFC 4180. */
void export_csv(const struct gather *g, const struct export_choice *c,
    FILE *out, struct export_left *left);

/* A line for each launch that counts: the Go benchmark format. */
void export_gobench(const struct gather *g, const struct export_choice *c,
    FILE *out, struct export_left *left);

/* A column for each cell, with one metric of its launches that count. */
void export_ministat(const struct gather *g, const struct export_choice *c,
    FILE *out, struct export_left *left);

/* ---- what the forms share ---------------------------------------------- */

/* Is the cell in the record and wanted? */
bool export_wants(const struct export_choice *c, const struct gather_cell *cell);

/* Does the launch count: it ended well, has times, and is valid or kept? */
bool export_counts(const struct export_choice *c,
    const struct gather_launch *l);

/* What does not count, of all cells that are wanted. */
void export_leave(const struct gather *g, const struct export_choice *c,
    struct export_left *left);

/* "higher", "lower", or "" for what only explains. */
const char *export_better(const struct gather_metric *m);

/* One line, its end included; counts it when it is too long. */
void export_line(const char *line, FILE *out, struct export_left *left);

#endif
