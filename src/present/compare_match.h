/* SPDX-License-Identifier: BSD-2-Clause */
/* The cells of all records, matched into rows; only for compare.c. */
#ifndef VMSTRESS_COMPARE_MATCH_H
#define VMSTRESS_COMPARE_MATCH_H

#include "present/compare.h"

/*
 * Make the rows of a comparison whose sides have been read and whose units are
 * known, and put the value of every unit into them.
 */
void compare_match(struct compare *c);

#endif
