/* SPDX-License-Identifier: BSD-2-Clause */
/* Summaries of small arrays.  Pure functions; the input is not changed. */
#ifndef VMSTRESS_SUMMARY_H
#define VMSTRESS_SUMMARY_H

#include <stddef.h>

/* Middle value, mean of the two middle ones for an even count; n >= 1. */
double summary_median(const double *v, size_t n);

double summary_mean(const double *v, size_t n);
double summary_min(const double *v, size_t n);
double summary_max(const double *v, size_t n);

/* Sample standard deviation (n - 1); NAN for n < 2. */
double summary_sd(const double *v, size_t n);

/*
 * Jain's fairness index (Jain, Chiu, Hawe 1984): (sum v)^2 / (n sum v^2), 1
 * when all have the same and 1/n when one has everything.  NAN when the sum
 * is 0.
 */
double summary_fairness(const double *v, size_t n);

#endif
