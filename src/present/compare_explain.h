/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What else changed between two kernels: what the kernel counted of itself,
 * what workers used and what was counted for them, for each operation.  Ranked,
 * and with the share of false ones under control (Benjamini, Hochberg 1995) at
 * 10%; it explains, and is no part of any verdict.
 */
#ifndef VMSTRESS_COMPARE_EXPLAIN_H
#define VMSTRESS_COMPARE_EXPLAIN_H

#include <stdio.h>

#include "base/err.h"
#include "present/compare.h"
#include "present/insight_gather.h"

/*
 * Read the records of a comparison once more, in the order in which they were
 * given, and print what changed most; -1 with an error.
 */
int compare_explain(const struct compare *c, const struct compare_input *in,
    size_t n, FILE *out, struct err *e);

/* Cell and phase as one text to sort by, and as a reader knows them. */
char *compare_explain_key(const struct gather_cell *cell,
    const struct insight_part *p);
char *compare_explain_where(const char *key);

#endif
