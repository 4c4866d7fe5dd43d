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
};

static const struct figure_kind kinds_growth = {
	.name = "growth",
	.summary = "time per operation against a size, with its slope",
	.make = figure_growth,
	.text = true,
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
	&kinds_throughput,
	&kinds_speedup,
	&kinds_growth,
	&kinds_memory,
	&kinds_timeline,
	&kinds_cpu,
	&kinds_counters,
	&kinds_ipi,
	NULL
};
