/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A sweep of points compared at once: step-down maxT over permutations of the
 * labels (Westfall, Young 1993).  A unit, a boot or a launch, has one value at
 * each point, and all of them move together when its label does, so that what
 * points have in common is not counted as evidence many times.
 *
 * The statistic of a point is |difference of means| / standard error, where no
 * standard deviation counts as less than the lower quartile of those over the
 * sweep: with few units a chance of hardly any variation would else win.
 */
#ifndef VMSTRESS_LABELLING_H
#define VMSTRESS_LABELLING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* So many labellings are all tried; of more, as many are drawn. */
#define LABELLING_MAX 20000

struct labelling {
	bool exact;		/* every labelling was tried */
	size_t tried;		/* the one at hand included */
	double smallest_p;	/* that this number of units can give */
};

/*
 * v[unit * points + point]: nbase units, then nnew; NAN is a value that is
 * missing.  Fills p[point], adjusted over the sweep; NAN where a side has less
 * than two values.  A point that does not differ has 1.  The same seed draws
 * the same labellings.  -1 when a side has less than two units or a value is
 * infinite.
 */
int labelling_max_t(const double *v, size_t nbase, size_t nnew, size_t points,
    uint64_t seed, double *p, struct labelling *l);

/*
 * The fewest units a side, of as many on both, that can give a p of alpha or
 * less; 0: no number can, as too few labellings would be drawn.
 */
size_t labelling_units(double alpha);

#endif
