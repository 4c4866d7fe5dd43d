/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Functions whose share of the samples changed between two kernels.  With two
 * profiles a side or more the shares are tested, those that are shown under
 * control of false discovery; with one, what sampling alone explains is left
 * out, and nobody knows how much the next launch would differ.
 */
#ifndef VMSTRESS_COMPARE_PROFILE_H
#define VMSTRESS_COMPARE_PROFILE_H

#include <stdio.h>

#include "present/compare.h"
#include "present/insight_gather.h"

struct compare_profile_share {
	char *key;		/* cell and phase, see compare_explain_key() */
	char *function;		/* NULL: the profile itself */
	size_t side;
	double share;		/* of the samples in it */
	double samples;		/* of the profile */
};

/* Zero-initialize. */
struct compare_profile {
	struct compare_profile_share *shares;
	size_t count, cap;
};

/* The profiles of one record. */
void compare_profile_take(struct compare_profile *p, size_t side,
    const struct insight *in);

/* Nothing, if not both sides have a profile of some cell. */
void compare_profile_print(struct compare_profile *p, const struct compare *c,
    FILE *out);
void compare_profile_free(struct compare_profile *p);

#endif
