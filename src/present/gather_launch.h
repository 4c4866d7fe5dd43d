/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One launch reduced to a few numbers: a value for each metric of its cell,
 * and attributes.  Only for gather.c and the rows.
 */
#ifndef VMSTRESS_GATHER_LAUNCH_H
#define VMSTRESS_GATHER_LAUNCH_H

#include "present/gather.h"

/* A launch that ended; it takes the place of an earlier try. */
void gather_launch_begin(struct gather_cell *c, const struct reader_launch *l);

/* Its phases and curves, which follow. */
int gather_launch_phase(struct gather_cell *c, const struct reader_phase *p,
    struct err *e);
int gather_launch_gauge(struct gather_cell *c, const char *name, double value,
    struct err *e);
void gather_launch_curve(struct gather_cell *c, const struct reader_curve *b);

/*
 * The metric of that name, made when it is new.  Takes over `name` and `unit`.
 */
size_t gather_launch_metric(struct gather_cell *c, char *name, char *unit);

/* Add to its value in a launch; or keep the greatest of several. */
void gather_launch_add(struct gather_launch *l, size_t metric, double sum,
    double weight);
void gather_launch_most(struct gather_launch *l, size_t metric, double value);

/* Is the tail behind a quantile populated well enough to print it? */
bool gather_launch_tail(uint64_t count, int beyond_permille);

/* The value of a metric in a launch, NAN when absent. */
double gather_launch_value(const struct gather_launch *l, size_t metric);

/* How it ended in a word: "ok", "failed", "counted", ... */
const char *gather_launch_status(const struct gather_launch *l);

/* Free metrics and launches of a cell. */
void gather_launch_free(struct gather_cell *c);

#endif
