/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Curve workloads: the i-th operation is timed with everything that the
 * earlier ones made still there.  Latency is kept against i in logarithmic
 * bins, eight per power of two, so that a million steps fit into a few lines.
 */
#include "config.h"

#include <errno.h>

#include "engine/engine.h"
#include "engine/insight.h"
#include "os/os.h"

/* The same log-linear numbering as the histogram's, with fewer bits. */
static unsigned
curve_bin(uint64_t i)
{
	unsigned bits = 63 - (unsigned)__builtin_clzll(i | 1);
	unsigned shift;

	if (bits <= ENGINE_CURVE_SUB_BITS)
		return (unsigned)i;
	shift = bits - ENGINE_CURVE_SUB_BITS;
	return (shift << ENGINE_CURVE_SUB_BITS) + (unsigned)(i >> shift);
}

static uint64_t
curve_first(unsigned bin)
{
	unsigned shift;

	if (bin < 2u << ENGINE_CURVE_SUB_BITS)
		return bin;
	shift = (bin >> ENGINE_CURVE_SUB_BITS) - 1;
	return (uint64_t)(bin - (shift << ENGINE_CURVE_SUB_BITS)) << shift;
}

static void
curve_book(struct engine_bin *bin, uint64_t ns)
{
	if (bin->count == 0 || ns < bin->min_ns)
		bin->min_ns = ns;
	if (ns > bin->max_ns)
		bin->max_ns = ns;
	bin->count++;
	bin->sum_ns += ns;
}

static int
curve_work(struct engine_worker *w)
{
	const struct vms_workload *wl = w->engine->workload;
	int64_t i, steps = wl->steps(&w->engine->cell);
	uint64_t t0;
	int rc;

	for (i = 0; i < steps && !vms_stopping(&w->view); i++) {
		errno = 0;
		t0 = os_now_ns();
		rc = wl->step(&w->view, i);
		curve_book(&w->block->bins[curve_bin((uint64_t)i)],
		    os_now_ns() - t0);
		if (rc != 0) {
			host_fail(w->engine, &w->view, 0,
			    "step %lld returned %d", (long long)i, rc);
			return -1;
		}
	}
	return 0;
}

static uint32_t
curve_last_stage(const struct engine *en)
{
	(void)en;
	return 1;
}

static void
curve_emit(struct engine *en, int worker)
{
	const struct engine_bin *bins = en->workers[worker].block->bins;
	struct str line = { 0 };
	unsigned i;

	for (i = 0; i < ENGINE_CURVE_BINS; i++) {
		if (bins[i].count == 0)
			continue;
		protocol_begin(&line, "curve");
		protocol_i64(&line, "worker", worker);
		protocol_u64(&line, "first", curve_first(i));
		protocol_u64(&line, "count", bins[i].count);
		protocol_u64(&line, "min_ns", bins[i].min_ns);
		protocol_double(&line, "mean_ns",
		    (double)bins[i].sum_ns / (double)bins[i].count);
		protocol_u64(&line, "max_ns", bins[i].max_ns);
		protocol_end(&line);
		emit_line(en, &line);
	}
	str_free(&line);
}

static void
curve_measure(struct engine *en)
{
	uint64_t end_ns;
	int i;

	insight_start(en);
	insight_open(en);
	gate_open(en, 0);
	if (!gate_await(en, 1))
		return;
	end_ns = os_now_ns();
	insight_close(en, 0, NULL, end_ns);
	for (i = 0; i < en->plan.workers; i++)
		curve_emit(en, i);

}

const struct engine_kind kind_curve = {
	.name = "curve",
	.last_stage = curve_last_stage,
	.work = curve_work,
	.measure = curve_measure,
};
