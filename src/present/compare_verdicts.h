/* SPDX-License-Identifier: BSD-2-Clause */
/* How often each verdict was given: what one line says of a comparison. */
#ifndef VMSTRESS_COMPARE_VERDICTS_H
#define VMSTRESS_COMPARE_VERDICTS_H

#include <stdio.h>

#include "present/compare.h"
#include "record/json_line.h"

/* Points of a side, by verdict. */
void compare_verdicts_count(const struct compare *c, size_t side,
    size_t count[COMPARE_VERDICTS]);

/*
 * "verdicts: 3 better, 1 worse, 12 same", a line for each side, which of several
 * is named.  Better and worse are always there, others where there are any.
 */
void compare_verdicts_print(const struct compare *c, FILE *out);

/* All of them, of one side, as the object "verdicts". */
void compare_verdicts_json(const struct compare *c, size_t side,
    struct json_line *j);

#endif
