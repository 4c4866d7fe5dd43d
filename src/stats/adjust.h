/* SPDX-License-Identifier: BSD-2-Clause */
/* Many tests at once: p values adjusted in place, each at most 1. */
#ifndef VMSTRESS_ADJUST_H
#define VMSTRESS_ADJUST_H

#include <stddef.h>

/* No false alarm at all among them, with probability 1 - alpha (Holm 1979). */
void adjust_holm(double *p, size_t n);

/*
 * At most a share of alpha of those below it is false, on average (Benjamini,
 * Hochberg 1995).
 */
void adjust_false_discovery(double *p, size_t n);

#endif
