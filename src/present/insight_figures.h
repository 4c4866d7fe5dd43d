/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One counter or statistic over the launches of a cell: medians, as they are
 * shown, and the order in which statistics are worth looking at.
 */
#ifndef VMSTRESS_INSIGHT_FIGURES_H
#define VMSTRESS_INSIGHT_FIGURES_H

#include "base/str.h"
#include "present/insight_gather.h"

struct insight_figures {
	double per_op, per_s, total;	/* medians over launches, or NAN */
	double cv;		/* of `per_op`, or else of `total`; or NAN */
	double running;		/* share of the time counted; NAN: not known */
	double least, most;	/* of the workers or CPUs in a launch, or NAN */
	int launches;		/* with a value */
};

void insight_figures(const struct insight_part *p,
    const struct insight_item *item, struct insight_figures *f);

/*
 * The statistics that moved, the well-known ones first; the number of them.
 * Free *items.
 */
size_t insight_statistics(const struct insight_part *p,
    const struct insight_item ***items);

/* Append a number in the unit that the name of the item tells. */
void insight_number(struct str *b, const struct insight_item *item,
    double value);

/* "ns" for times, "bytes", or "" for counts. */
const char *insight_unit(const struct insight_item *item);

#endif
