/* SPDX-License-Identifier: BSD-2-Clause */
/* Latencies: their percentiles, and how they are distributed. */
#include "config.h"

#include "figure/figure_kinds.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "figure/figure_axis.h"
#include "figure/figure_launches.h"

/* Operations that must lie beyond a quantile (statistics: tails). */
#define LATENCY_BEYOND 10

/* Steps of the curve of percentiles for each nine. */
#define LATENCY_STEPS 16

/* Of a distribution what is beyond is for the other figure. */
#define LATENCY_TAIL 0.99

/* The histograms of one line, one of each unit. */
struct latency {
	struct histogram *units;
	size_t n;
	uint64_t least;		/* operations */
	double low, high;	/* of everything that is drawn */
};

static void
latency_read(struct latency *l, const struct figure_span *s)
{
	struct histogram *h;
	size_t i, k, left = 0;

	l->n = 0;
	for (i = 0; i < s->n; i += figure_launches_unit(s, i))
		l->n++;
	l->units = mem_zalloc(l->n * sizeof(*l->units));
	h = l->units - 1;
	for (i = 0; i < s->n; i++, left--) {
		const struct figure_launch *from = &s->launches[i];

		if (left == 0) {
			left = figure_launches_unit(s, i);
			h++;
		}
		for (k = 0; k < from->nbuckets; k++) {
			h->bucket[from->buckets[k].bucket] +=
			    from->buckets[k].count;
			h->count += from->buckets[k].count;
		}
		if (from->max_ns > h->max_ns)
			h->max_ns = from->max_ns;
	}
	l->least = l->units[0].count;
	for (i = 1; i < l->n; i++)
		if (l->units[i].count < l->least)
			l->least = l->units[i].count;
}

/* On a logarithmic axis there is no 0. */
static double
latency_quantile(struct latency *l, size_t unit, double q)
{
	double ns = fmax(1, (double)histogram_quantile(&l->units[unit], q));

	l->low = fmin(l->low, ns);
	l->high = fmax(l->high, ns);
	return ns;
}

/* Is there any line long enough? */
static size_t
latency_usable(const struct figure_span *const *spans, size_t n,
    const struct figure_span **usable)
{
	struct latency l;
	size_t i, k = 0;

	for (i = 0; i < n; i++) {
		latency_read(&l, spans[i]);
		if (l.least >= 2 * LATENCY_BEYOND)
			usable[k++] = spans[i];
		free(l.units);
	}
	return k;
}

/* A figure with titles; NULL: nothing to show. */
static struct figure *
latency_begin(struct figures *set, const struct figure_kind *kind,
    const struct figure_launches *all, const struct figure_span *const *spans,
    size_t n, const char *what)
{
	struct figure_differs d = figure_launches_differ(all, spans, n);
	char *common = figure_launches_common(all, spans[0], &d);
	char *note = figure_launches_note(all, spans, n);
	struct figure *f = figure_new(set, kind,
	    all->points[spans[0]->point].cell->workload, "");

	figure_title(f, "%s: %s", common, what);
	figure_alt(f, "%s of %s, %zu lines", what, common, n);
	figure_text(f, "title", "%s", f->title);
	figure_text(f, "note", "%s", note);
	figure_text(f, "unit", "time of one %s",
	    all->points[spans[0]->point].cell->unit);
	free(common);
	free(note);
	return f;
}

static void
latency_series(struct figure *f, const struct figure_launches *all,
    const struct figure_span *const *spans, size_t n, size_t i,
    const char *columns)
{
	struct figure_differs d = figure_launches_differ(all, spans, n);
	char *name = figure_launches_name(all, spans[i], &d);

	figure_series(f, columns, "%s", name);
	free(name);
}

/* ---- percentiles -------------------------------------------------------------- */

/* The n-th of them as 1 / (1 - q), rising; is it one that people name? */
static double
latency_nines(int n, bool *named)
{
	const int median = 4;	/* of these come before it */

	*named = n == median || (n > median && n % LATENCY_STEPS == 0);
	if (n == median)
		return 2;
	return pow(10, (double)(n < median ? n + 1 : n) / LATENCY_STEPS);
}

/* One unit, or the mean of all for SIZE_MAX. */
static void
latency_percentiles_of(struct figure *f, struct latency *l, size_t unit)
{
	double x, sum;
	bool named;
	size_t i;
	int n;

	for (n = 0; ; n++) {
		x = latency_nines(n, &named);
		if (x * LATENCY_BEYOND > (double)l->least * 1.000001)
			break;
		if (unit != SIZE_MAX) {
			figure_row(f, 2, x, latency_quantile(l, unit,
			    1 - 1 / x));
			continue;
		}
		sum = 0;
		for (i = 0; i < l->n; i++)
			sum += log(latency_quantile(l, i, 1 - 1 / x));
		sum = exp(sum / (double)l->n);
		figure_row(f, 3, x, sum, named ? sum : NAN);
	}
}

static void
latency_percentile_tics(struct figure *f, double most)
{
	struct str tics = { 0 };
	double x = 100;
	int nines;

	str_add(&tics, "'50%%' 2, '90%%' 10");
	for (nines = 0; x <= most * 1.2; nines++, x *= 10)
		str_addf(&tics, ", '99%s%.*s%%%%' %.10g", nines > 0 ? "." : "",
		    nines, "999999999999999", x);
	figure_line(f, "set xtics (%s)", str_text(&tics));
	figure_line(f, "set xrange [1:%.10g]", most * 1.2);
	str_free(&tics);
}

static void
latency_percentiles(struct figures *set, const struct figure_kind *kind,
    const struct figure_launches *all, const struct figure_span *const *every,
    size_t total)
{
	const struct figure_span *spans[FIGURE_SERIES_MAX];
	size_t n = latency_usable(every, total, spans), i, k;
	struct latency l = { .low = INFINITY };
	struct figure *f;
	uint64_t most = 0;

	if (n == 0)
		return;
	f = latency_begin(set, kind, all, spans, n,
	    "latency percentiles, lower is better");
	for (i = 0; i < n; i++) {
		latency_read(&l, spans[i]);
		most = l.least > most ? l.least : most;
		latency_series(f, all, spans, n, i, "x mean named");
		latency_percentiles_of(f, &l, SIZE_MAX);
		figure_block(f, "x unit");
		for (k = 0; k < l.n; k++) {
			if (k > 0)
				figure_row(f, 0);
			latency_percentiles_of(f, &l, k);
		}
		free(l.units);
	}
	latency_percentile_tics(f, (double)most / LATENCY_BEYOND);
	figure_axis_log_time(f, "y", l.low, l.high);
}

/* Is there any latency at all? */
static bool
latency_any(const struct compare *c)
{
	size_t side, run, i, k;

	for (side = 0; side < c->nsides; side++)
		for (run = 0; run < c->sides[side].nruns; run++) {
			const struct gather *g = &c->sides[side].runs[run];

			for (i = 0; i < g->ncells; i++)
				for (k = 0; k < g->cells[i].nmetrics; k++)
					if (g->cells[i].metrics[k].quantile >=
					    0)
						return true;
		}
	return false;
}

static int
latency_make(struct figures *set, const struct figure_kind *kind,
    struct figure_source *s, struct err *e,
    void (*draw)(struct figures *set, const struct figure_kind *kind,
    const struct figure_launches *all, const struct figure_span *const *spans,
    size_t n))
{
	struct figure_launches all;
	int rc;

	if (!latency_any(&s->compare))
		return 0;
	rc = figure_launches_read(&all, s, FIGURE_LATENCY, e);
	if (rc == 0)
		figure_launches_each(&all, set, kind, draw);
	figure_launches_free(&all);
	return rc;
}

int
figure_percentiles(struct figures *set, const struct figure_kind *kind,
    struct figure_source *s, struct err *e)
{
	return latency_make(set, kind, s, e, latency_percentiles);
}

/* ---- distribution -------------------------------------------------------------- */

/* A point for every so much, beginning at another share for each line. */
#define LATENCY_POINTS 0.125

/* What is less does not move a line. */
#define LATENCY_VISIBLE 0.001

/* The share of a bucket, where every unit weighs the same. */
static double
latency_share(const struct latency *l, size_t first, size_t end,
    unsigned bucket)
{
	double share = 0;
	size_t i;

	for (i = first; i < end; i++)
		share += (double)l->units[i].bucket[bucket] /
		    (double)l->units[i].count;
	return share / (double)(end - first);
}

/*
 * Rows are the ends of buckets; where nothing was in between, the line stays
 * level up to the next.
 */
static void
latency_shares(struct figure *f, const struct latency *l, size_t first,
    size_t end, double point)
{
	double share = 0, more, drawn = -1, x = -1, low, high = 0;
	unsigned bucket;

	for (bucket = 0; bucket + 1 < HISTOGRAM_BUCKETS; bucket++) {
		more = latency_share(l, first, end, bucket);
		if (!(more > 0))
			continue;
		low = fmax(1, (double)histogram_low(bucket));
		high = fmax(1, (double)histogram_low(bucket + 1));
		if (drawn >= 0 && share + more - drawn < LATENCY_VISIBLE) {
			share += more;
			continue;
		}
		if (x < low)
			figure_row(f, 3, low, share * 100, NAN);
		share = fmin(share + more, 1);
		figure_row(f, 3, high, share * 100, share >= point ?
		    share * 100 : NAN);
		x = high;
		drawn = share;
		while (point <= share)
			point += LATENCY_POINTS;
	}
	if (share > drawn)
		figure_row(f, 3, high, fmin(share, 1) * 100, NAN);
}

static void
latency_distribution(struct figures *set, const struct figure_kind *kind,
    const struct figure_launches *all, const struct figure_span *const *every,
    size_t total)
{
	const struct figure_span *spans[FIGURE_SERIES_MAX];
	size_t n = latency_usable(every, total, spans), i, k;
	struct latency l = { .low = INFINITY };
	struct figure *f;

	if (n == 0)
		return;
	f = latency_begin(set, kind, all, spans, n,
	    "distribution of latency, further left is better");
	for (i = 0; i < n; i++) {
		latency_read(&l, spans[i]);
		latency_series(f, all, spans, n, i, "ns share point");
		latency_shares(f, &l, 0, l.n, (double)(i + 1) / (double)(n + 1)
		    * LATENCY_POINTS);
		figure_block(f, "ns share point");
		for (k = 0; k < l.n; k++) {
			if (k > 0)
				figure_row(f, 0);
			latency_shares(f, &l, k, k + 1, 2);
			latency_quantile(&l, k, 0);
			latency_quantile(&l, k, LATENCY_TAIL);
		}
		free(l.units);
	}
	figure_axis_log_time(f, "x", l.low, l.high);
}

int
figure_distribution(struct figures *set, const struct figure_kind *kind,
    struct figure_source *s, struct err *e)
{
	return latency_make(set, kind, s, e, latency_distribution);
}
