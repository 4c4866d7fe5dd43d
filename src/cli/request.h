/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What `run` and `check` are asked to do: a workload or config, the options
 * that override it, the machine it is for - and the plan that follows.
 */
#ifndef VMSTRESS_REQUEST_H
#define VMSTRESS_REQUEST_H

#include "base/err.h"
#include "cli/cli.h"
#include "plan/config_plan.h"
#include "plan/plan.h"
#include "run/place.h"

struct request {
	struct config_override *overrides;
	size_t noverrides, overrides_cap;
	char **owned;			/* texts that overrides point to */
	size_t nowned, owned_cap;
	struct place *place;
	int ncpu;			/* that "ncpu" stands for; 0: as many as here */
	struct plan plan;
};

/* The rows that both commands share; they stand first in their tables. */
#define REQUEST_OPTIONS							\
	{ "workers", 'w', "LIST", "worker counts: 4  1,2,4..ncpu  10%..100%" },	\
	{ "mode", 'm', "LIST", "process, thread, or process,thread" },		\
	{ "param", 'p', "KEY=VALUE", "a parameter of the workload; repeat for more" }, \
	{ "pin", 0, "LIST", "none, compact, scatter, cores, l3, numa, list:0,2" }, \
	{ "launches", 0, "N", "independent executions of every cell" },	\
	{ "samples", 0, "N", "samples of every launch" },		\
	{ "interval", 0, "TIME", "length of a sample: 500ms, 5s" },	\
	{ "warmup", 0, "TIME", "unmeasured time before the samples" },	\
	{ "timeout", 0, "TIME", "when a launch counts as hung" },	\
	{ "latency", 0, NULL, "time every operation: percentiles" },	\
	{ "probe", 0, NULL, "watch how the rest of the system fares" },	\
	{ "no-probe", 0, NULL, "do not, although it is a population" },	\
	{ "events", 0, "LIST", "events to count: default, tlb, cycles:k, none" }, \
	{ "profile", 0, "[=EVENT", "sample call chains, in a launch more" },	\
	{ "counting", 0, "HOW", "auto, cgroup, system, task, none" },	\
	{ "no-statistics", 0, NULL, "do not read what the kernel counts" },	\
	{ "order", 0, "ORDER", "random (each round anew) or listed" },	\
	{ "seed", 0, "N", "of the random order" },			\
	{ "label", 0, "TEXT", "name of the kernel or change under test" }, \
	{ "plugin", 0, "FILE", "load workloads from a shared object" }

enum {
	REQUEST_WORKERS, REQUEST_MODE, REQUEST_PARAM, REQUEST_PIN,
	REQUEST_LAUNCHES, REQUEST_SAMPLES, REQUEST_INTERVAL, REQUEST_WARMUP,
	REQUEST_TIMEOUT, REQUEST_LATENCY, REQUEST_PROBE, REQUEST_NO_PROBE,
	REQUEST_EVENTS, REQUEST_PROFILE, REQUEST_COUNTING, REQUEST_NO_STATISTICS,
	REQUEST_ORDER, REQUEST_SEED, REQUEST_LABEL, REQUEST_PLUGIN, REQUEST_COUNT
};

/* Take one of the shared options; -1 with an error. */
int request_option(struct request *q, const struct cli_option *o,
    const char *value, struct err *e);

/* Load the topology; needed before request_plan() and for every run. */
int request_place(struct request *q, struct err *e);

/* Make the plan for a workload, a config file or a shipped config. */
int request_plan(struct request *q, const char *what, struct err *e);

void request_free(struct request *q);

#endif
