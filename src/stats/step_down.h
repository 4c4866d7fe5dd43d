/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The step-down maxT of Westfall and Young (1993), whatever the labellings are:
 * points stand by what was observed, and each is as extreme in a labelling as
 * the largest statistic among itself and those below it.
 */
#ifndef VMSTRESS_STEP_DOWN_H
#define VMSTRESS_STEP_DOWN_H

#include <stdbool.h>
#include <stddef.h>

struct step_down {
	size_t points;
	double *observed;
	size_t *order;		/* points by falling observed statistic */
	size_t *count;		/* labellings that are as extreme, by point */
	size_t tried;
};

/* t[points], at least 0, of the labelling at hand, which is not counted yet. */
void step_down_begin(struct step_down *s, const double *t, size_t points);

/* One more labelling, that at hand among them. */
void step_down_count(struct step_down *s, const double *t);

/* Fills p[point]: its share of the labellings; NAN where it is not known. */
void step_down_finish(const struct step_down *s, const bool *known, double *p);
void step_down_free(struct step_down *s);

/*
 * What no standard deviation of the sweep counts as less than: the lower
 * quartile, 0 of too few.  Sorts sd[n], in which there is no NAN.
 */
double step_down_floor(double *sd, size_t n);

/* Is no value infinite? */
bool step_down_usable(const double *v, size_t n);

#endif
