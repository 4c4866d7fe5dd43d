/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Counters, statistics of the kernel and profiles of a record, for reading and
 * for other programs.  `wanted` are bits of enum insight_wanted, the same that
 * the record was read with.
 */
#ifndef VMSTRESS_INSIGHT_PRINT_H
#define VMSTRESS_INSIGHT_PRINT_H

#include <stdio.h>

#include "base/str.h"
#include "present/insight_gather.h"

/* Tables; the wide form has all rows and more columns. */
void insight_print_text(const struct insight *in, unsigned wanted, FILE *out,
    bool wide);

/*
 * One row per counter, statistic or function, with one header line for several
 * records; a JSON array with one object per record.
 */
void insight_print_csv(const struct insight *in, size_t count, unsigned wanted,
    FILE *out);
void insight_print_json(const struct insight *in, size_t count,
    unsigned wanted, FILE *out);

/* ---- parts of the text form ------------------------------------------- */

/* Is there anything of this in a part?  `wanted` is one bit. */
bool insight_print_has(const struct insight_part *p, unsigned wanted);

void counters_print(const struct insight_cell *c, const struct insight_part *p,
    FILE *out, bool wide);
void statistics_print(const struct insight_part *p, FILE *out, bool wide);
void profile_print(const struct insight_part *p, FILE *out, bool wide);

/* "zfod/1 size=4M thp=off"; a new text. */
char *insight_print_cell(const struct gather_cell *c);

/* Append a share as "12.3%", nothing for NAN. */
void insight_print_percent(struct str *b, double share);

/* Print text from a record, which may hold anything. */
void insight_print_safe(FILE *out, const char *text);

#endif
