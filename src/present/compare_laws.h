/* SPDX-License-Identifier: BSD-2-Clause */
/* How one kernel scales over workers: the law of every unit, and its mean. */
#ifndef VMSTRESS_COMPARE_LAWS_H
#define VMSTRESS_COMPARE_LAWS_H

#include "present/compare_sweep.h"
#include "stats/usl.h"

#define COMPARE_LAWS_CONFIDENCE 0.95

/* Over units; NAN: none of it, or no interval of a single unit. */
struct compare_estimate {
	double mean, low, high;
};

struct compare_laws {
	size_t units;		/* that have all worker counts */
	enum usl_fit fit;	/* USL_FITS: the law does, in every unit */
	struct compare_estimate alpha, beta;
	/* In workers; NAN where not every unit has an end. */
	struct compare_estimate knee, peak;
	/* Where most was seen: the median unit, and the least and greatest. */
	double most, most_from, most_to;
};

struct compare_laws compare_laws(const struct compare_sweep *s, size_t side);

#endif
