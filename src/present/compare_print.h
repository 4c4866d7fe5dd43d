/* SPDX-License-Identifier: BSD-2-Clause */
/* A comparison as text: 72 columns of ASCII that go into a mail or a commit. */
#ifndef VMSTRESS_COMPARE_PRINT_H
#define VMSTRESS_COMPARE_PRINT_H

#include <stdio.h>

#include "present/compare.h"

void compare_print_text(const struct compare *c, FILE *out);

/*
 * In the manner of benchstat, mmtests, ministat(1), and as a table of Markdown: the
 * same numbers, laid out as their readers know them.
 */
void compare_print_benchstat(const struct compare *c, FILE *out);
void compare_print_mmtests(const struct compare *c, FILE *out);
void compare_print_ministat(const struct compare *c, FILE *out);
void compare_print_markdown(const struct compare *c, FILE *out);

/* One object with the sides and every point, the values of units included. */
void compare_print_json(const struct compare *c, FILE *out);

/* One row for each point and side but the first; NAN is an empty field. */
void compare_print_csv(const struct compare *c, FILE *out);

/* What the text says of points that are undecided, at least one. */
void compare_print_undecided(const struct compare *c, size_t side, FILE *out);

/* "launch", "boots". */
const char *compare_print_unit(const struct compare *c, size_t n);

#endif
