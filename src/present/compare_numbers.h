/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The numbers of a comparison as people read them, rounded; "-" for what is not
 * known.  COMPARE_NUMBER_MAX bytes always suffice.
 */
#ifndef VMSTRESS_COMPARE_NUMBERS_H
#define VMSTRESS_COMPARE_NUMBERS_H

#include <stddef.h>

#include "present/compare.h"

#define COMPARE_NUMBER_MAX 64

/* "309.5k", or a time if that is the unit; returns the buffer. */
const char *compare_number(char *buf, size_t len, const struct compare_row *row,
    double value);

/* "29.6%", "+12.3%", "[-80.8, +19.4]" in percent, "<.001". */
void compare_share(char *buf, size_t len, double share);
void compare_change(char *buf, size_t len, double change);
void compare_interval(char *buf, size_t len, double low, double high);
void compare_p(char *buf, size_t len, double p);

#endif
