/* SPDX-License-Identifier: BSD-2-Clause */
/* One launch reduced to a few numbers; see gather_launch.h. */
#include "config.h"

#include "present/gather_launch.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "present/gather_effect.h"
#include "stats/summary.h"

/*
 * Time is divided into user and system by ticks of 10 ms on many systems: of
 * less than a few of them there is no share.
 */
#define GATHER_SHARE_NS 50e6

#define GATHER_SECOND_NS 1e9

/* No workload has as many phases. */
#define GATHER_METRICS 256

/* Operations that must lie beyond a quantile (statistics: tails). */
#define GATHER_BEYOND 10

static const char *const gather_launch_statuses[] = {
	[GATHER_OK] = "ok",
	[GATHER_SKIPPED] = "skipped",
	[GATHER_FAILED] = "failed",
	[GATHER_INTERRUPTED] = "interrupted",
	[GATHER_COUNTED] = "counted",	/* no record says so, see below */
};

static const struct {
	const char *name;
	int beyond_permille;	/* share of operations beyond it; 0: maximum */
} gather_quantiles[] = {
	[GATHER_P50] = { "p50_ns", 500 },
	[GATHER_P90] = { "p90_ns", 100 },
	[GATHER_P99] = { "p99_ns", 10 },
	[GATHER_P999] = { "p999_ns", 1 },
	[GATHER_MAX] = { "max_ns", 0 },
};

/* ---- metrics and their values ----------------------------------------- */

size_t
gather_launch_metric(struct gather_cell *c, char *name, char *unit)
{
	struct gather_metric *m;
	size_t i;

	for (i = 0; i < c->nmetrics; i++) {
		if (strcmp(c->metrics[i].name, name) == 0) {
			free(name);
			free(unit);
			return i;
		}
	}
	c->metrics = mem_grow(c->metrics, c->nmetrics, &c->metrics_cap,
	    sizeof(*m));
	m = &c->metrics[c->nmetrics++];
	memset(m, 0, sizeof(*m));
	m->quantile = -1;
	m->name = name;
	m->unit = unit;
	return i;
}

void
gather_launch_add(struct gather_launch *l, size_t metric, double sum, double weight)
{
	size_t n = metric + 1;

	if (l->nvalues < n) {
		l->values = mem_array(l->values, n, sizeof(*l->values));
		memset(l->values + l->nvalues, 0,
		    (n - l->nvalues) * sizeof(*l->values));
		l->nvalues = n;
	}
	l->values[metric].sum += sum;
	l->values[metric].weight += weight;
}

void
gather_launch_most(struct gather_launch *l, size_t metric, double value)
{
	double old = gather_launch_value(l, metric);

	if (isnan(old))
		gather_launch_add(l, metric, value, 1);
	else if (value > old)
		gather_launch_add(l, metric, value - old, 0);
}

double
gather_launch_value(const struct gather_launch *l, size_t metric)
{
	const struct gather_value *v;

	if (metric >= l->nvalues)
		return NAN;
	v = &l->values[metric];
	return v->weight > 0 ? v->sum / v->weight : NAN;
}

const char *
gather_launch_status(const struct gather_launch *l)
{
	return gather_launch_statuses[l->status];
}

/* ---- a launch --------------------------------------------------------- */

static void
reset(struct gather_launch *l, int launch)
{
	int i;

	free(l->reason);
	free(l->rules);
	free(l->reasons);
	free(l->values);
	memset(l, 0, sizeof(*l));
	l->launch = launch;
	for (i = 0; i < GATHER_ATTRS; i++)
		l->attr[i] = NAN;
}

/* The place of a launch in its cell, empty; most come in rising order. */
static struct gather_launch *
place_of(struct gather_cell *c, int launch)
{
	size_t at = c->nlaunches;

	while (at > 0 && c->launches[at - 1].launch > launch)
		at--;
	if (at > 0 && c->launches[at - 1].launch == launch) {
		reset(&c->launches[at - 1], launch);
		return &c->launches[at - 1];
	}
	c->launches = mem_grow(c->launches, c->nlaunches, &c->launches_cap,
	    sizeof(*c->launches));
	memmove(c->launches + at + 1, c->launches + at,
	    (c->nlaunches - at) * sizeof(*c->launches));
	c->nlaunches++;
	memset(&c->launches[at], 0, sizeof(*c->launches));
	reset(&c->launches[at], launch);
	return &c->launches[at];
}

/* Per-worker rates: the slowest, the fastest, and how equal they are. */
static void
take_workers(struct gather_launch *to, const struct reader_launch *l)
{
	double *rates = mem_array(NULL, (size_t)l->workers, sizeof(*rates));
	double seconds = (double)l->elapsed_ns / GATHER_SECOND_NS;
	size_t n = (size_t)l->workers;
	int i;

	for (i = 0; i < l->workers; i++)
		rates[i] = (double)l->ops[i] / seconds;
	to->attr[GATHER_WORKER_MIN] = summary_min(rates, n);
	to->attr[GATHER_WORKER_MAX] = summary_max(rates, n);
	to->attr[GATHER_FAIRNESS] = summary_fairness(rates, n);
	free(rates);
}

/*
 * The rate of the cell is the sum of its workers' rates, and the net rate that
 * of their rates over the time that each did not set aside.
 */
static void
take_rate(struct gather_cell *c, struct gather_launch *to,
    const struct reader_launch *l)
{
	double seconds = (double)l->elapsed_ns / GATHER_SECOND_NS;
	double rate = 0, net = 0, own;
	size_t metric;
	int i;

	if (l->elapsed_ns == 0)
		return;
	for (i = 0; i < l->workers; i++) {
		rate += (double)l->ops[i] / seconds;
		to->ops += l->ops[i];
	}
	metric = gather_launch_metric(c, mem_printf("%s/s", c->unit),
	    mem_printf("%s/s", c->unit));
	gather_launch_add(to, metric, rate, 1);
	take_workers(to, l);
	if (l->op_bytes > 0)
		to->attr[GATHER_BYTES_PER_S] = rate * (double)l->op_bytes;
	if (c->net == NULL || l->aside_ns == NULL)
		return;
	for (i = 0; i < l->workers; i++) {
		if (l->aside_ns[i] >= l->elapsed_ns)
			return;		/* nothing left to divide by */
		own = (double)(l->elapsed_ns - l->aside_ns[i]);
		net += (double)l->ops[i] / (own / GATHER_SECOND_NS);
	}
	metric = gather_launch_metric(c, mem_printf("%s/s", c->net),
	    mem_printf("%s/s", c->unit));
	gather_launch_add(to, metric, net, 1);
}

bool
gather_launch_tail(uint64_t count, int beyond_permille)
{
	return beyond_permille == 0 ||
	    count >= (uint64_t)(GATHER_BEYOND * 1000 / beyond_permille);
}

static double
quantile_of(const struct histogram *h, int beyond_permille)
{
	if (beyond_permille == 0)
		return (double)h->max_ns;
	return (double)histogram_quantile(h,
	    (double)(1000 - beyond_permille) / 1000);
}

static void
take_latency(struct gather_cell *c, struct gather_launch *to,
    const struct reader_launch *l)
{
	size_t metric;
	int q, beyond;

	if (l->latency == NULL)
		return;
	for (q = 0; q < GATHER_QUANTILES; q++) {
		beyond = gather_quantiles[q].beyond_permille;
		if (!gather_launch_tail(l->latency->count, beyond))
			continue;
		metric = gather_launch_metric(c,
		    mem_strdup(gather_quantiles[q].name), mem_strdup("ns"));
		c->metrics[metric].lower = true;
		c->metrics[metric].quantile = q;
		gather_launch_add(to, metric, quantile_of(l->latency, beyond), 1);
	}
	if (l->timing_cost_ns > 0)
		to->attr[GATHER_TIMING_COST_NS] = l->timing_cost_ns;
}

/* Skew of the gate, and how many CPUs were busy in user and kernel mode. */
static void
take_attrs(struct gather_launch *to, const struct reader_launch *l)
{
	double wall_ns = (double)(l->wall_ns > 0 ? l->wall_ns : l->elapsed_ns);
	double busy_ns;

	if (l->have_skew) {
		to->attr[GATHER_START_SKEW_NS] = (double)l->start_skew_ns;
		to->attr[GATHER_STOP_SKEW_NS] = (double)l->stop_skew_ns;
	}
	if (l->have_cpu && wall_ns > 0) {
		to->attr[GATHER_USER_CPUS] = (double)l->user_ns / wall_ns;
		to->attr[GATHER_SYSTEM_CPUS] = (double)l->system_ns / wall_ns;
	}
	busy_ns = (double)l->user_ns + (double)l->system_ns;
	if (l->have_cpu && busy_ns >= GATHER_SHARE_NS)
		to->attr[GATHER_SYSTEM_SHARE] = (double)l->system_ns / busy_ns;
}

void
gather_launch_begin(struct gather_cell *c, const struct reader_launch *l)
{
	struct gather_launch *to = place_of(c, l->launch);
	int status = 0;

	c->current = (size_t)(to - c->launches);
	while (strcmp(gather_launch_statuses[status], l->status) != 0)
		status++;
	to->status = (enum gather_status)status;
	if (to->status == GATHER_OK && l->counts_only)
		to->status = GATHER_COUNTED;
	gather_effect_begin(c);
	to->reason = l->reason != NULL ? mem_strdup(l->reason) : NULL;
	if (to->status != GATHER_OK)
		return;
	if (strcmp(c->kind, "rate") == 0)
		take_rate(c, to, l);
	take_attrs(to, l);
	take_latency(c, to, l);
}

/* A phase that this machine cannot do has no rate, not one of 0. */
static bool
take_is_unsupported(const struct reader_phase *p)
{
	static const char word[] = "unsupported";

	return p->ops == 0 && p->limit != NULL &&
	    strncmp(p->limit, word, sizeof(word) - 1) == 0;
}

/* Keep the smallest population that a phase reached. */
static void
take_partial(struct gather_metric *m, const struct reader_phase *p)
{
	if (p->limit == NULL ||
	    (m->partial != NULL && m->reached <= p->reached))
		return;
	free(m->partial);
	if (take_is_unsupported(p))
		m->partial = mem_printf("%s: %s", p->name, p->limit);
	else
		m->partial = mem_printf("%s reached only %" PRIu64 " of %"
		    PRIu64 ": %s", p->name, p->reached, p->asked, p->limit);
	m->reached = p->reached;
}

/* A phase that was repeated counts with the sum of its repetitions. */
int
gather_launch_phase(struct gather_cell *c, const struct reader_phase *p,
    struct err *e)
{
	struct gather_launch *to = &c->launches[c->current];
	size_t metric, first = 0;

	if (to->status != GATHER_OK)
		return 0;
	metric = gather_launch_metric(c, mem_printf("%s %s/s", p->name, p->unit),
	    mem_printf("%s/s", p->unit));
	if (c->nmetrics > GATHER_METRICS)
		return err_set(e, "cell %d has more than %d different phases",
		    c->id, GATHER_METRICS);
	c->metrics[metric].headline |= p->headline;
	while (!c->metrics[first].headline && first < metric)
		first++;
	to->ops += p->headline && first == metric ? p->ops : 0;
	take_partial(&c->metrics[metric], p);
	if (take_is_unsupported(p)) {
		c->metrics[metric].unsupported = true;
		return 0;
	}
	gather_launch_add(to, metric, (double)p->ops,
	    (double)p->elapsed_ns / GATHER_SECOND_NS);
	return 0;
}

/* Bins are ever longer, so the last one is where the curve ended up. */
void
gather_launch_curve(struct gather_cell *c, const struct reader_curve *b)
{
	struct gather_launch *to = &c->launches[c->current];
	double sum = b->mean_ns * (double)b->count;
	size_t all, last;

	if (to->status != GATHER_OK || !isfinite(b->mean_ns))
		return;
	all = gather_launch_metric(c, mem_printf("ns/%s", c->unit),
	    mem_printf("ns/%s", c->unit));
	last = gather_launch_metric(c, mem_printf("last ns/%s", c->unit),
	    mem_printf("ns/%s", c->unit));
	c->metrics[all].lower = c->metrics[last].lower = true;
	to->ops += b->count;
	gather_launch_add(to, all, sum, (double)b->count);
	gather_launch_add(to, last, 0, 0);
	if (b->first > to->last_first) {
		to->last_first = b->first;
		memset(&to->values[last], 0, sizeof(to->values[last]));
	}
	if (b->first == to->last_first)
		gather_launch_add(to, last, sum, (double)b->count);
}

/* A value that explains the result; its name carries the unit. */
int
gather_launch_gauge(struct gather_cell *c, const char *name, double value,
    struct err *e)
{
	struct gather_launch *to = &c->launches[c->current];
	size_t metric;

	if (to->status != GATHER_OK || !isfinite(value))
		return 0;
	metric = gather_launch_metric(c, mem_strdup(name), mem_strdup(""));
	if (c->nmetrics > GATHER_METRICS)
		return err_set(e, "cell %d has more than %d different gauges",
		    c->id, GATHER_METRICS);
	c->metrics[metric].gauge = true;
	gather_launch_add(to, metric, value, 1);
	return 0;
}

void
gather_launch_free(struct gather_cell *c)
{
	size_t i;

	for (i = 0; i < c->nmetrics; i++) {
		free(c->metrics[i].name);
		free(c->metrics[i].unit);
		free(c->metrics[i].partial);
	}
	for (i = 0; i < c->nlaunches; i++) {
		free(c->launches[i].reason);
		free(c->launches[i].rules);
		free(c->launches[i].reasons);
		free(c->launches[i].values);
	}
	free(c->metrics);
	free(c->launches);
}
