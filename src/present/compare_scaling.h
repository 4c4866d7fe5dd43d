/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How the kernels of a comparison scale: over workers, by the Universal
 * Scalability Law, and over a size of the workload, by the exponent of its
 * time.  Every unit is fitted by itself, and intervals are over units.
 */
#ifndef VMSTRESS_COMPARE_SCALING_H
#define VMSTRESS_COMPARE_SCALING_H

#include <stdio.h>

#include "present/compare.h"
#include "record/json_line.h"

/* Nothing, if no sweep of the comparison is long enough. */
void compare_print_scaling(const struct compare *c, FILE *out);

/* The same as the list "scaling" of an object, an entry for each side. */
void compare_scaling_json(const struct compare *c, struct json_line *j);

#endif
