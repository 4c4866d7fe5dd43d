/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What observers saw, matched over all records: a point for each cell and
 * phase, and in it the launches of every side.
 */
#ifndef VMSTRESS_FIGURE_VIEWS_H
#define VMSTRESS_FIGURE_VIEWS_H

#include "figure/figure.h"

/* A cell of one record. */
struct figure_seen {
	size_t side;
	const struct gather_cell *cell;
	const struct insight_part *part;
};

struct figure_view {
	const struct compare_row *row;	/* one of the cell's */
	const char *phase, *unit;	/* NULL: the measured part, not known */
	bool headline;			/* the cell is known for this phase */
	struct figure_seen *seen;
	size_t nseen, cap;
	size_t number;			/* as it came */
};

struct figure_views {
	struct figure_view *list;	/* in the order of the rows */
	size_t count, cap;
};

/* Free `p` in any case; it is valid as long as the source. */
int figure_views_read(struct figure_source *s, struct figure_views *p,
    struct err *e);
void figure_views_free(struct figure_views *p);

/* "pipe-chain/1 teardown"; a new string. */
char *figure_view_title(const struct figure_view *p);

/*
 * One number for each launch of a side that counts; `counted`: also launches
 * whose times are no result.
 */
struct figure_numbers {
	double *v;
	size_t n;
};

/* What `number` says of a launch, but NAN. */
struct figure_numbers figure_view_numbers(const struct compare *c,
    const struct figure_view *p, size_t side, bool counted,
    double (*number)(const struct insight_part *part, int launch,
    const void *arg), const void *arg);

/*
 * The value of an item in a launch: 0 when its source was read and it did not
 * change; false: it is not known.
 */
bool figure_view_value(const struct insight_part *part,
    enum insight_kind kind, const char *name, int launch,
    struct insight_value *v);

double figure_numbers_mean(const struct figure_numbers *n);

#endif
