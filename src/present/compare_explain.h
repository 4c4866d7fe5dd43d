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
 * Read the records of a comparison once more, and print what changed most; -1
 * with an error.
 */
int compare_explain(const struct compare *c, FILE *out, struct err *e);

/* Cell and phase as one text to sort by, and as a reader knows them. */
char *compare_explain_key(const struct gather_cell *cell,
    const struct insight_part *p);
char *compare_explain_where(const char *key);

/*
 * A line of numbers, what they are of and where, that is of a side if there are
 * several; or several lines, if it would be too long.
 */
void compare_explain_line(const struct compare *c, size_t side,
    const char *numbers, const char *text, const char *key, FILE *out);

#endif
