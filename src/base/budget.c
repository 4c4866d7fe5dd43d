/* SPDX-License-Identifier: BSD-2-Clause */
/* The rule of the memory budget; see budget.h. */
#include "config.h"

#include "base/budget.h"

uint64_t
budget_reserve(uint64_t available)
{
	const uint64_t gib = 1073741824;
	uint64_t reserve = available / 10 > gib ? available / 10 : gib;

	return reserve < available / 2 ? reserve : available / 2;
}
