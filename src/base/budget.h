/* SPDX-License-Identifier: BSD-2-Clause */
/* The rule of the memory budget, for who keeps it and who foretells it. */
#ifndef VMSTRESS_BUDGET_H
#define VMSTRESS_BUDGET_H

#include <stdint.h>

/*
 * Bytes that a cell leaves to the machine when so many are available at its
 * start: a tenth or 1 GiB, whichever is more, but never more than half.
 */
uint64_t budget_reserve(uint64_t available);

#endif
