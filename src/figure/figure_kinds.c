/* SPDX-License-Identifier: BSD-2-Clause */
/* The list of figures, in the order of a report. */
#include "config.h"

#include "figure/figure_kinds.h"

static const struct figure_kind kinds_throughput = {
	.name = "throughput",
	.summary = "throughput against workers, with the ideal and the law",
	.make = figure_throughput,
	.text = true,
};

static const struct figure_kind kinds_speedup = {
	.name = "speedup",
	.summary = "speed-up and efficiency against workers",
	.make = figure_speedup,
};

static const struct figure_kind kinds_forest = {
	.name = "forest",
	.summary = "changes against the base, with intervals and verdicts",
	.make = figure_forest,
	.text = true,
};

static const struct figure_kind kinds_heatmap = {
	.name = "heatmap",
	.summary = "changes by kernel or setting and workers, as colours",
	.make = figure_heatmap,
};

static const struct figure_kind kinds_flame = {
	.name = "flame",
	.summary = "flame graph of every profile",
	.make = figure_flame,
};

static const struct figure_kind kinds_flamediff = {
	.name = "flamediff",
	.summary = "flame graph of every profile, with the change from the base",
	.make = figure_flamediff,
};

static const struct figure_kind kinds_percentiles = {
	.name = "percentiles",
	.summary = "percentiles of latency up to the rarest that are known",
	.make = figure_percentiles,
	.text = true,
};

static const struct figure_kind kinds_distribution = {
	.name = "distribution",
	.summary = "what share of the operations took how long",
	.make = figure_distribution,
};

static const struct figure_kind kinds_curve = {
	.name = "curve",
	.summary = "cost of the n-th operation against n",
	.make = figure_curve,
	.text = true,
};

static const struct figure_kind kinds_fairness = {
	.name = "fairness",
	.summary = "slowest and fastest worker relative to their mean",
	.make = figure_fairness,
};

static const struct figure_kind kinds_strip = {
	.name = "strip",
	.summary = "every launch or boot as a point, and the means",
	.make = figure_strip,
};

static const struct figure_kind kinds_drift = {
	.name = "drift",
	.summary = "launches against their mean, in the order they ran",
	.make = figure_drift,
};

static const struct figure_kind kinds_growth = {
	.name = "growth",
	.summary = "time per operation against a size, with its slope",
	.make = figure_growth,
};

static const struct figure_kind kinds_memory = {
	.name = "memory",
	.summary = "memory that the system spends on a member of a population",
	.make = figure_memory,
};

static const struct figure_kind kinds_cpu = {
	.name = "cpu",
	.summary = "shares of system, user and idle time",
	.make = figure_cpu,
};

static const struct figure_kind kinds_counters = {
	.name = "counters",
	.summary = "counted events per operation against workers",
	.make = figure_counters,
};

static const struct figure_kind kinds_ipi = {
	.name = "ipi",
	.summary = "interrupts between processors per operation against workers",
	.make = figure_ipi,
};

static const struct figure_kind kinds_timeline = {
	.name = "timeline",
	.summary = "a launch of a population in time: members, stalls, memory",
	.make = figure_timeline,
};

const struct figure_kind *const figure_kinds[] = {
	&kinds_forest,
	&kinds_heatmap,
	&kinds_throughput,
	&kinds_speedup,
	&kinds_growth,
	&kinds_memory,
	&kinds_timeline,
	&kinds_cpu,
	&kinds_counters,
	&kinds_ipi,
	&kinds_percentiles,
	&kinds_distribution,
	&kinds_curve,
	&kinds_fairness,
	&kinds_strip,
	&kinds_drift,
	&kinds_flame,
	&kinds_flamediff,
	NULL
};
