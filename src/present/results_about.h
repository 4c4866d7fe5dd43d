/* SPDX-License-Identifier: BSD-2-Clause */
/* What a record says about the run as a whole; only for results.c. */
#ifndef VMSTRESS_RESULTS_ABOUT_H
#define VMSTRESS_RESULTS_ABOUT_H

#include "present/gather.h"
#include "present/results.h"

/* Label, name, kernel, machine, method and notes. */
void results_about(struct results *r, const struct gather *from);

#endif
