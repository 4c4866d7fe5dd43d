/* SPDX-License-Identifier: BSD-2-Clause */
/* Many tests at once; see adjust.h. */
#include "config.h"

#include "stats/adjust.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"

struct adjust_item {
	double p;
	size_t at;
};

static int
adjust_rising(const void *a, const void *b)
{
	const struct adjust_item *x = a, *y = b;

	return (x->p > y->p) - (x->p < y->p);
}

static struct adjust_item *
adjust_sorted(const double *p, size_t n)
{
	struct adjust_item *items = mem_array(NULL, n, sizeof(*items));
	size_t i;

	for (i = 0; i < n; i++)
		items[i] = (struct adjust_item){ p[i], i };
	qsort(items, n, sizeof(*items), adjust_rising);
	return items;
}

void
adjust_holm(double *p, size_t n)
{
	struct adjust_item *items = adjust_sorted(p, n);
	double most = 0;
	size_t i;

	for (i = 0; i < n; i++) {
		most = fmax(most, items[i].p * (double)(n - i));
		p[items[i].at] = fmin(most, 1);
	}
	free(items);
}

void
adjust_false_discovery(double *p, size_t n)
{
	struct adjust_item *items = adjust_sorted(p, n);
	double least = 1;
	size_t i;

	for (i = n; i-- > 0;) {
		least = fmin(least, items[i].p * (double)n / (double)(i + 1));
		p[items[i].at] = least;
	}
	free(items);
}
