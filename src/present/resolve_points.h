/* SPDX-License-Identifier: BSD-2-Clause */
/* Records as points with their costs, and rows with their spread. */
#ifndef VMSTRESS_RESOLVE_POINTS_H
#define VMSTRESS_RESOLVE_POINTS_H

#include "present/resolve.h"
#include "present/resolve_record.h"

/* From records in the order of their kernels and boots. */
void resolve_points(struct resolve *r, const struct resolve_record *records,
    size_t n);

#endif
