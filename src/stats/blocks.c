/* SPDX-License-Identifier: BSD-2-Clause */
/* Labels permuted within blocks; see blocks.h. */
#include "config.h"

#include "stats/blocks.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/random.h"
#include "stats/step_down.h"

/* Two statistics that differ by rounding are the same. */
#define BLOCKS_SAME 1e-9

/* ---- signs --------------------------------------------------------------- */

struct blocks_work {
	const double *d;
	size_t blocks, points;
	bool *flipped;		/* blocks */
	bool *known;		/* points with two differences or more */
	double *t, *mean, *sd, *n, *sorted;
	struct step_down down;
};

static void
blocks_point(struct blocks_work *w, size_t point)
{
	double sum = 0, squares = 0, x;
	size_t i, n = 0;

	for (i = 0; i < w->blocks; i++) {
		x = w->d[i * w->points + point];
		if (isnan(x))
			continue;
		sum += w->flipped[i] ? -x : x;
		n++;
	}
	w->n[point] = (double)n;
	w->mean[point] = sum / (double)n;
	for (i = 0; i < w->blocks; i++) {
		x = w->d[i * w->points + point];
		if (isnan(x))
			continue;
		x = (w->flipped[i] ? -x : x) - w->mean[point];
		squares += x * x;
	}
	w->sd[point] = n > 1 ? sqrt(squares / (double)(n - 1)) : NAN;
}

static void
blocks_statistics(struct blocks_work *w)
{
	size_t i, found = 0;
	double floor, se, gap;

	for (i = 0; i < w->points; i++) {
		blocks_point(w, i);
		if (!isnan(w->sd[i]))
			w->sorted[found++] = w->sd[i];
	}
	floor = step_down_floor(w->sorted, found);
	for (i = 0; i < w->points; i++) {
		w->t[i] = 0;
		if (isnan(w->sd[i]))
			continue;
		se = fmax(w->sd[i], floor) / sqrt(w->n[i]);
		gap = fabs(w->mean[i]);
		w->t[i] = se > 0 ? gap / se : gap > 0 ? INFINITY : 0;
	}
}

static void
blocks_count(struct blocks_work *w)
{
	blocks_statistics(w);
	step_down_count(&w->down, w->t);
}

/* The next choice in the order of binary numbers, the first block last. */
static bool
blocks_next(struct blocks_work *w)
{
	size_t i;

	for (i = w->blocks; i-- > 1;) {
		w->flipped[i] = !w->flipped[i];
		if (w->flipped[i])
			return true;
	}
	return false;
}

/*
 * A labelling and its mirror image have the same statistics, so that the first
 * block keeps its sign, and each that is tried stands for two.
 */
static void
blocks_run(struct blocks_work *w, uint64_t seed, struct labelling *l)
{
	struct random r = { seed };
	size_t i;

	l->exact = w->blocks < 64 &&
	    UINT64_C(1) << w->blocks <= LABELLING_MAX;
	blocks_count(w);
	while (l->exact && blocks_next(w))
		blocks_count(w);
	while (!l->exact && w->down.tried < LABELLING_MAX) {
		for (i = 1; i < w->blocks; i++)
			w->flipped[i] = random_below(&r, 2) == 1;
		blocks_count(w);
	}
	l->tried = l->exact ? 2 * w->down.tried : w->down.tried;
	l->smallest_p = 1.0 / (double)w->down.tried;
}

int
blocks_max_t(const double *d, size_t blocks, size_t points, uint64_t seed,
    double *p, struct labelling *l)
{
	struct blocks_work w = { .d = d, .blocks = blocks, .points = points };
	double *numbers;
	size_t i;

	if (blocks < 2 || points == 0 || !step_down_usable(d, blocks * points))
		return -1;
	numbers = mem_array(NULL, 5 * points, sizeof(*numbers));
	w.t = numbers;
	w.mean = numbers + points;
	w.sd = numbers + 2 * points;
	w.n = numbers + 3 * points;
	w.sorted = numbers + 4 * points;
	w.flipped = mem_zalloc(blocks * sizeof(*w.flipped));
	w.known = mem_zalloc(points * sizeof(*w.known));
	blocks_statistics(&w);
	for (i = 0; i < points; i++)
		w.known[i] = !isnan(w.sd[i]);
	step_down_begin(&w.down, w.t, points);
	blocks_run(&w, seed, l);
	step_down_finish(&w.down, w.known, p);
	step_down_free(&w.down);
	free(w.flipped);
	free(w.known);
	free(numbers);
	return 0;
}

size_t
blocks_least(double alpha)
{
	double all = 2;
	size_t n;

	for (n = 1; all <= LABELLING_MAX; n++, all *= 2)
		if (2 / all <= alpha)
			return n;
	return 1.0 / LABELLING_MAX <= alpha ? n : 0;
}

/* ---- pairings -------------------------------------------------------------- */

/* From the mean, in deviations; 0 for what is missing or does not vary. */
static void
blocks_standardize(const double *v, size_t blocks, size_t points, size_t point,
    double *z)
{
	double sum = 0, squares = 0, x;
	size_t i, n = 0;

	for (i = 0; i < blocks; i++) {
		x = v[i * points + point];
		sum += isnan(x) ? 0 : x;
		n += !isnan(x);
	}
	for (i = 0; i < blocks; i++) {
		x = v[i * points + point];
		z[i] = isnan(x) ? 0 : x - sum / (double)n;
		squares += z[i] * z[i];
	}
	/* What remains of equal values is rounding. */
	x = sqrt(squares);
	if (!(x > BLOCKS_SAME * fabs(sum)))
		x = INFINITY;
	for (i = 0; i < blocks; i++)
		z[i] /= x;
}

/*
 * products[i * blocks + k]: what the pair of unit i of the base and unit k of
 * the other side adds to the sum of correlations.
 */
static void
blocks_products(const double *base, const double *new, size_t blocks,
    size_t points, double *products)
{
	double *a = mem_array(NULL, blocks, sizeof(*a));
	double *b = mem_array(NULL, blocks, sizeof(*b));
	size_t i, k, point;

	for (i = 0; i < blocks * blocks; i++)
		products[i] = 0;
	for (point = 0; point < points; point++) {
		blocks_standardize(base, blocks, points, point, a);
		blocks_standardize(new, blocks, points, point, b);
		for (i = 0; i < blocks; i++)
			for (k = 0; k < blocks; k++)
				products[i * blocks + k] += a[i] * b[k];
	}
	free(a);
	free(b);
}

static double
blocks_sum(const double *products, const size_t *order, size_t blocks)
{
	double sum = 0;
	size_t i;

	for (i = 0; i < blocks; i++)
		sum += products[i * blocks + order[i]];
	return sum;
}

static void
blocks_swap(size_t *a, size_t *b)
{
	size_t x = *a;

	*a = *b;
	*b = x;
}

/* The next order in lexical order; false: none. */
static bool
blocks_next_order(size_t *order, size_t n)
{
	size_t i = n - 1, k = n - 1;

	while (i > 0 && order[i - 1] > order[i])
		i--;
	if (i == 0)
		return false;
	while (order[k] < order[i - 1])
		k--;
	blocks_swap(&order[i - 1], &order[k]);
	for (k = n - 1; i < k; i++, k--)
		blocks_swap(&order[i], &order[k]);
	return true;
}

static void
blocks_draw_order(size_t *order, size_t n, struct random *r)
{
	size_t i;

	for (i = n; i > 1; i--)
		blocks_swap(&order[i - 1], &order[random_below(r, i)]);
}

static double
blocks_pairings(const double *products, size_t blocks, uint64_t seed)
{
	size_t *order = mem_array(NULL, blocks, sizeof(*order));
	struct random r = { seed };
	double seen, all = 1;
	size_t i, tried = 1, count = 1;

	for (i = 0; i < blocks; i++) {
		order[i] = i;
		all *= (double)(i + 1);
	}
	/* That at hand is one of them. */
	seen = blocks_sum(products, order, blocks);
	seen -= BLOCKS_SAME * fmax(fabs(seen), 1);
	for (;;) {
		if (all > LABELLING_MAX && tried == LABELLING_MAX)
			break;
		if (all > LABELLING_MAX)
			blocks_draw_order(order, blocks, &r);
		else if (!blocks_next_order(order, blocks))
			break;
		count += blocks_sum(products, order, blocks) >= seen;
		tried++;
	}
	free(order);
	return (double)count / (double)tried;
}

double
blocks_alike_p(const double *base, const double *new, size_t blocks,
    size_t points, uint64_t seed)
{
	double *products, p = NAN;
	bool varies = false;
	size_t i;

	if (blocks < 2)
		return NAN;
	products = mem_array(NULL, blocks * blocks, sizeof(*products));
	blocks_products(base, new, blocks, points, products);
	for (i = 0; i < blocks * blocks; i++)
		varies |= products[i] != 0;
	if (varies)
		p = blocks_pairings(products, blocks, seed);
	free(products);
	return p;
}
