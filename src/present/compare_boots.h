/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How the boots of the sides ended, where records come from campaigns: a kernel
 * that was lost has fewer numbers, or none, and that is a result of its own.
 */
#ifndef VMSTRESS_COMPARE_BOOTS_H
#define VMSTRESS_COMPARE_BOOTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "present/compare.h"
#include "record/json_line.h"

/* Of each side over all campaigns; the sides must be there. */
void compare_boots_count(struct compare *c);

/*
 * "lost in 4 of 4 boots (panic)": why a side may have no result.  A new string;
 * NULL: it is of no campaign, or there is another reason.
 */
char *compare_boots_why(const struct compare *c, size_t side);

/* The tables of all campaigns, each with an empty line behind it. */
void compare_boots_print(const struct compare *c, FILE *out);

/* In what the configuration of a side differs from that of the base. */
void compare_boots_print_configs(const struct compare *c, size_t side,
    FILE *out);

/* The same as a block of code. */
void compare_boots_markdown(const struct compare *c, FILE *out);

/* The list "boots", if there is a campaign. */
void compare_boots_json(const struct compare *c, struct json_line *j);

#endif
