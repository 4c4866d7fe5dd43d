/* SPDX-License-Identifier: BSD-2-Clause */
/* Sentences on what the kernel said, and on launches that are not valid. */
#ifndef VMSTRESS_RESULTS_REMARKS_H
#define VMSTRESS_RESULTS_REMARKS_H

#include "present/gather.h"
#include "present/results.h"

/* Fills r->log, and appends to r->notes. */
void results_remarks(struct results *r, const struct gather *from);

/* How many launches of a cell are marked; NAN: nobody has judged them. */
double results_remarks_invalid(const struct gather_cell *c);

#endif
