/* SPDX-License-Identifier: BSD-2-Clause */
/* Adjusted p values against R 4.2 (p.adjust). */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "near.h"
#include "stats/adjust.h"

static const double raw[] = { 0.01, 0.02, 0.03, 0.005, 0.6, 0.04 };

static void
expect(void (*adjust)(double *, size_t), const double *wanted)
{
	double p[6];
	size_t i;

	for (i = 0; i < 6; i++)
		p[i] = raw[i];
	adjust(p, 6);
	for (i = 0; i < 6; i++)
		near(p[i], wanted[i]);
}

static void
test_adjust(void **state)
{
	static const double holm[] = { 0.05, 0.08, 0.09, 0.03, 0.60, 0.09 };
	static const double fdr[] = { 0.030, 0.040, 0.045, 0.030, 0.600, 0.048 };
	double one[] = { 0.9 }, high[] = { 0.9, 0.8 };

	(void)state;
	expect(adjust_holm, holm);
	expect(adjust_false_discovery, fdr);
	adjust_holm(one, 1);
	near(one[0], 0.9);
	adjust_holm(high, 2);
	near(high[0], 1);
	near(high[1], 1);
	adjust_false_discovery(one, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_adjust),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
