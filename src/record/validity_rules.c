/* SPDX-License-Identifier: BSD-2-Clause */
/* The rules by which a launch is judged; see validity.h. */
#include "config.h"

#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "record/validity.h"

static const char *const names[VALIDITY_RULES] = {
	[VALIDITY_STEAL] = "steal",
	[VALIDITY_LOAD] = "load",
	[VALIDITY_SWAP] = "swap",
	[VALIDITY_THROTTLE] = "throttle",
	[VALIDITY_FREQUENCY] = "frequency",
	[VALIDITY_GOVERNOR] = "governor",
	[VALIDITY_CLOCKSOURCE] = "clocksource",
	[VALIDITY_CLOCK] = "clock",
	[VALIDITY_LOG] = "log",
	[VALIDITY_OPERATIONS] = "operations",
	[VALIDITY_RESOLUTION] = "resolution",
	[VALIDITY_SKEW] = "skew",
	[VALIDITY_DRIFTS] = "drift",
};

/* The line in the making. */
struct verdict {
	struct json_line *line;
	struct json_line *numbers;	/* come after the reasons */
	bool valid;
};

static void __attribute__((format(printf, 3, 4)))
breaks(struct verdict *d, enum validity_rule rule, const char *fmt, ...)
{
	char text[256];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	d->valid = false;
	json_line_append_text(d->line, "rules", names[rule]);
	json_line_append_text(d->line, "reasons", text);
}

/* ---- the machine ------------------------------------------------------ */

static void
judge_steal(const struct validity *v, struct verdict *d)
{
	double share;

	if (v->nstat == 0 || v->total_ns <= 0)
		return;
	share = (double)v->steal_ns / (double)v->total_ns;
	json_line_real(d->numbers, "steal_share", share);
	if (share > VALIDITY_STEAL_SHARE &&
	    v->steal_ns > (int64_t)VALIDITY_TICKS_NS)
		breaks(d, VALIDITY_STEAL, "steal %.1f%% of CPU time "
		    "(limit %.0f%%)", share * 100, VALIDITY_STEAL_SHARE * 100);
}

/* What was busy and was not busy for the workers. */
static void
judge_load(const struct validity *v, struct verdict *d)
{
	double others_ns = (double)v->busy_ns - (double)v->used_ns, cpus;

	if (v->nstat == 0 || v->nstat != v->nusage || v->nrates == 0 ||
	    v->stat_elapsed_ns == 0 || v->own_tasks)
		return;
	if (v->kernel_threads_ns != UINT64_MAX) {
		others_ns -= (double)v->kernel_threads_ns;
		json_line_real(d->numbers, "kernel_threads_cpus",
		    (double)v->kernel_threads_ns /
		    (double)v->stat_elapsed_ns);
	}
	/* They are not counted by the same clock. */
	if (others_ns < 0)
		others_ns = 0;
	cpus = others_ns / (double)v->stat_elapsed_ns;
	json_line_real(d->numbers, "others_cpus", cpus);
	if (v->ncpus == 0 || v->workers > v->ncpus)
		return;
	if (cpus > VALIDITY_OTHERS_SHARE * v->workers &&
	    others_ns > (double)VALIDITY_TICKS_NS)
		breaks(d, VALIDITY_LOAD, "others used %.2f CPUs beside %d "
		    "worker%s (limit %.2f)", cpus, v->workers,
		    v->workers == 1 ? "" : "s",
		    VALIDITY_OTHERS_SHARE * v->workers);
}

static void
judge_swap(const struct validity *v, struct verdict *d)
{
	if (v->nvmstat == 0)
		return;
	json_line_int(d->numbers, "swap_in_pages", v->swap_in);
	json_line_int(d->numbers, "swap_out_pages", v->swap_out);
	if (!v->swap_is_fine && (v->swap_in > 0 || v->swap_out > 0))
		breaks(d, VALIDITY_SWAP, "%" PRId64 " pages swapped in and %"
		    PRId64 " out", v->swap_in, v->swap_out);
}

static void
judge_settings(const struct validity *v, struct verdict *d)
{
	static const struct {
		enum validity_rule rule;
		const char *what, *key;
	} settings[] = {
		{ VALIDITY_FREQUENCY, "the range of frequencies",
		  "frequency_changed" },
		{ VALIDITY_GOVERNOR, "the frequency governor",
		  "governor_changed" },
		{ VALIDITY_CLOCKSOURCE, "the clock source",
		  "clocksource_changed" },
	};
	size_t i;

	if (v->have_throttles)
		json_line_u64(d->numbers, "throttle_events", v->throttles);
	if (v->have_throttles && v->throttles > 0)
		breaks(d, VALIDITY_THROTTLE, "the processor was throttled %"
		    PRIu64 " time%s", v->throttles,
		    v->throttles == 1 ? "" : "s");
	for (i = 0; i < sizeof(settings) / sizeof(settings[0]); i++) {
		if (v->changed[settings[i].rule][0] == '\0')
			continue;
		json_line_bool(d->numbers, settings[i].key, true);
		breaks(d, settings[i].rule, "%s changed %s", settings[i].what,
		    v->changed[settings[i].rule]);
	}
}

static void
judge_clock(const struct validity *v, struct verdict *d)
{
	uint64_t step = (uint64_t)llabs((long long)v->step_ns);

	if (!v->have_step)
		return;
	json_line_int(d->numbers, "time_of_day_moved_ns", v->step_ns);
	if (step > VALIDITY_STEP_NS && (double)step >
	    VALIDITY_SLEW_SHARE * (double)v->step_of_ns)
		breaks(d, VALIDITY_CLOCK, "the time of day was set by %+.3f s, "
		    "or the machine stood still", (double)v->step_ns * 1e-9);
}

static void
judge_log(const struct validity *v, struct verdict *d)
{
	static const char *const grave[] = {
		"warning", "bug", "lockdep", "soft-lockup", "rcu-stall",
		"hung-task", "oom"
	};
	char text[200] = "";
	size_t i, k, len = 0;

	for (i = 0; i < v->nclasses; i++)
		for (k = 0; k < sizeof(grave) / sizeof(grave[0]); k++)
			if (strcmp(v->classes[i].name, grave[k]) == 0 &&
			    len < sizeof(text))
				len += (size_t)snprintf(text + len,
				    sizeof(text) - len, "%s%s (%" PRIu64 ")",
				    len > 0 ? ", " : "", grave[k],
				    v->classes[i].count);
	if (len > 0)
		breaks(d, VALIDITY_LOG, "in the kernel's log: %s", text);
}

/* ---- the numbers themselves ------------------------------------------- */

static void
judge_operations(const struct validity *v, struct verdict *d)
{
	if (isnan(v->ops_min))
		return;
	json_line_real(d->numbers, "ops_min", v->ops_min);
	if (v->ops_min < VALIDITY_OPS)
		breaks(d, VALIDITY_OPERATIONS, "%.4g operations of a worker in "
		    "a sample (limit %d)", v->ops_min, VALIDITY_OPS);
}

static void
judge_resolution(const struct validity *v, struct verdict *d)
{
	if (v->shortest_ns == UINT64_MAX)
		return;
	json_line_u64(d->numbers, "shortest_ns", v->shortest_ns);
	if (v->clock_step_ns != 0 &&
	    v->shortest_ns / VALIDITY_CLOCK_STEPS < v->clock_step_ns)
		breaks(d, VALIDITY_RESOLUTION, "%" PRIu64 " ns measured with a "
		    "clock of %" PRIu64 " ns (limit %d steps)", v->shortest_ns,
		    v->clock_step_ns, VALIDITY_CLOCK_STEPS);
}

static void
judge_skew(const struct validity *v, struct verdict *d)
{
	double share;

	if (!v->have_skew || v->measured_ns == 0)
		return;
	share = (double)v->start_skew_ns / (double)v->measured_ns;
	json_line_real(d->numbers, "start_skew_share", share);
	if (share > VALIDITY_SKEW_SHARE && v->nrates == 0 && v->ncpus != 0 &&
	    v->workers <= v->ncpus)
		breaks(d, VALIDITY_SKEW, "workers started %.1f%% of the time "
		    "apart (limit %.0f%%)", share * 100,
		    VALIDITY_SKEW_SHARE * 100);
}

/*
 * Spearman's rank correlation of the rates with their order, for rates that
 * are all different (Spearman 1904): 1 - 6 sum d^2 / (n (n^2 - 1)).
 */
static double
rank_correlation(const double *rates, size_t n)
{
	double sum = 0, d;
	size_t i, k, rank;

	for (i = 0; i < n; i++) {
		for (rank = k = 0; k < n; k++)
			rank += rates[k] < rates[i] ||
			    (rates[k] == rates[i] && k < i);
		d = (double)rank - (double)i;
		sum += d * d;
	}
	return 1 - 6 * sum / ((double)n * ((double)n * (double)n - 1));
}

static bool
is_monotone(const double *rates, size_t n)
{
	size_t i, up = 0, down = 0;

	for (i = 1; i < n; i++) {
		up += rates[i] > rates[i - 1];
		down += rates[i] < rates[i - 1];
	}
	return up == n - 1 || down == n - 1;
}

/* The rank correlation is quadratic, and many samples need no more of it. */
#define RANKED_MAX 1000

static void
judge_drift(const struct validity *v, struct verdict *d)
{
	double drift;

	if (v->nrates < 2 || v->rates[0] <= 0)
		return;
	drift = v->rates[v->nrates - 1] / v->rates[0] - 1;
	json_line_real(d->numbers, "drift", drift);
	if (v->nrates > VALIDITY_DRIFT_SAMPLES && v->nrates <= RANKED_MAX)
		json_line_real(d->numbers, "drift_rank",
		    rank_correlation(v->rates, v->nrates));
	if (v->nrates >= VALIDITY_DRIFT_SAMPLES &&
	    fabs(drift) > VALIDITY_DRIFT && is_monotone(v->rates, v->nrates))
		breaks(d, VALIDITY_DRIFTS, "%zu samples in a row are %s, "
		    "%+.1f%% over all (limit %.0f%%)", v->nrates, drift < 0 ?
		    "slower" : "faster", drift * 100, VALIDITY_DRIFT * 100);
}

struct json_line *
validity_judge(const struct validity *v, int cell, int launch)
{
	static void (*const rules[])(const struct validity *v,
	    struct verdict *d) = {
		judge_steal, judge_load, judge_swap, judge_settings,
		judge_clock, judge_log, judge_operations, judge_resolution,
		judge_skew, judge_drift
	};
	struct verdict d = { .valid = true };
	size_t i;

	if (!v->measured)
		return NULL;
	d.line = json_line_new();
	d.numbers = json_line_new();
	json_line_text(d.line, "type", "validity");
	json_line_int(d.line, "cell", cell);
	json_line_int(d.line, "launch", launch);
	/* The verdict is known at the end, and stands in front. */
	json_line_bool(d.line, "valid", true);
	json_line_list(d.line, "rules");
	json_line_list(d.line, "reasons");
	for (i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
		rules[i](v, &d);
	json_line_bool(d.line, "valid", d.valid);
	json_line_merge(d.line, d.numbers);
	return d.line;
}
