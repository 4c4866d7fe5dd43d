/* SPDX-License-Identifier: BSD-2-Clause */
/* Numbers against references, to a relative error; include after cmocka.h. */
#ifndef VMSTRESS_TEST_NEAR_H
#define VMSTRESS_TEST_NEAR_H

#include <math.h>

static void
near_within(double got, double wanted, double error)
{
	if (!(fabs(got - wanted) <= error * fabs(wanted)))
		fail_msg("%.17g is not %.17g", got, wanted);
}

/* To ten digits. */
static inline void
near(double got, double wanted)
{
	near_within(got, wanted, 1e-10);
}

#endif
