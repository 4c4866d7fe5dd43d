/* SPDX-License-Identifier: BSD-2-Clause */
/* What a comparison or a measurement comes to, in words; all are new strings. */
#ifndef VMSTRESS_REPORT_WORDS_H
#define VMSTRESS_REPORT_WORDS_H

#include "present/compare.h"
#include "report/report_doc.h"

/* "zfod/1 size=4M, 2 workers, thread mode: fault/s" */
char *report_words_point(const struct compare *c,
    const struct compare_row *row);

/* "+12.3% (95% interval [+10.1, +14.4]%, p = 0.008), 309.5k to 347.6k" */
char *report_words_change(const struct compare_row *row, size_t side);

/* "Of 9 points 2 are better, 1 is worse, 6 are undecided." */
char *report_words_counts(const struct compare *c, size_t side);

/* "Proven the same (within 2%)", and why, or NULL: nothing need be said. */
char *report_words_verdict(const struct compare *c, enum compare_verdict v);
char *report_words_meaning(const struct compare *c, enum compare_verdict v);
enum report_tone report_words_tone(enum compare_verdict v);

/*
 * Of rows that differ in nothing but their workers: "zfod/1 size=4M: fault/s
 * 309.5k with 1 worker, 336.7k with 2, 300.6k with 4 (higher is better)"
 */
char *report_words_sweep(const struct compare *c,
    const struct compare_row *const *rows, size_t n, size_t side);

/* "launch", "launches", "boot", "boots" */
const char *report_words_unit(const struct compare *c, size_t n);

#endif
