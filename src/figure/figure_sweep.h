/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The sweeps over workers of a comparison: rows of one workload and metric, as
 * lines of which each is of one side and one setting of everything else.
 */
#ifndef VMSTRESS_FIGURE_SWEEP_H
#define VMSTRESS_FIGURE_SWEEP_H

#include "figure/figure.h"

#define FIGURE_CONFIDENCE 0.95

/* Of the units of a side at a point, through logarithms. */
struct figure_mean {
	double mean, low, high;	/* NAN: no value, less than two units */
};

struct figure_mean figure_mean(const struct compare *c,
    const struct compare_row *row, size_t side);

struct figure_line_of {
	char *name;		/* side and what differs: "6.17, thread" */
	size_t side;
	const struct compare_row **rows;	/* rising workers, with values */
	size_t nrows;
};

struct figure_sweep {
	const struct compare *compare;
	const char *workload, *metric;
	bool lower;		/* is better */
	char *note;		/* "means of 5 launches, bars: 95% intervals" */
	struct figure_line_of *lines;	/* at most FIGURE_SERIES_MAX */
	size_t nlines;
};

/*
 * Call `draw` for every sweep with two worker counts or more, of the metrics
 * that workloads are known for; one with too many lines comes in parts.
 */
void figure_sweeps(struct figure_source *s, struct figures *set,
    const struct figure_kind *kind,
    void (*draw)(struct figures *set, const struct figure_kind *kind,
    const struct figure_sweep *w));

/*
 * The rows of such metrics, sorted by workload, metric, setting and workers; a
 * new array.  And: are two of one figure, of one line?  0: yes.
 */
const struct compare_row **figure_sweep_rows(const struct compare *c,
    size_t *n);
int figure_sweep_same(const struct compare_row *a, const struct compare_row *b);
int figure_sweep_same_line(const struct compare_row *a,
    const struct compare_row *b);

/* Tics at the worker counts there are. */
void figure_sweep_tics(struct figure *f, const struct figure_sweep *w);

/* "5 launches", "4 to 6 boots": how many units the sides have; a new string. */
char *figure_units(const struct compare *c);

#endif
