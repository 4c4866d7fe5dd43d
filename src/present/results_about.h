/* SPDX-License-Identifier: BSD-2-Clause */
/* What a record says about the run as a whole; only for results.c. */
#ifndef VMSTRESS_RESULTS_ABOUT_H
#define VMSTRESS_RESULTS_ABOUT_H

#include "base/str.h"
#include "present/gather.h"
#include "present/results.h"

/* Append " (cells 0-3, 7)"; the array is sorted. */
void results_about_cells(struct str *b, int *cells, size_t n);

/* Label, name, kernel, machine, method and notes. */
void results_about(struct results *r, const struct gather *from);

#endif
