/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Phases workloads: all workers go through the table in step.  A phase lasts
 * from the opening of its gate to the return of its last worker.
 */
#include "config.h"

#include <errno.h>

#include "engine/engine.h"
#include "os/os.h"

static int
phases_count(const struct engine *en)
{
	int n = 0;

	while (en->workload->phases[n].name != NULL)
		n++;
	return n;
}

/* Phase p of repeat k runs behind the gate of this stage. */
static uint32_t
phases_stage(const struct engine *en, int repeat, int p)
{
	return (uint32_t)(repeat * phases_count(en) + p);
}

static uint32_t
phases_last_stage(const struct engine *en)
{
	return phases_stage(en, en->plan.samples, 0);
}

static int
phases_run(struct engine_worker *w, const struct vms_phase *ph)
{
	int64_t did;

	w->block->asked = 0;
	w->block->explain_ns = 0;
	errno = 0;
	did = ph->fn(&w->view);
	w->block->phase_end_ns = os_now_ns() - w->block->explain_ns;
	w->block->phase_ops = did;
	if (did >= 0)
		return 0;
	host_fail(w->engine, &w->view, 0, "phase %s returned %lld", ph->name,
	    (long long)did);
	return -1;
}

static int
phases_work(struct engine_worker *w)
{
	const struct engine *en = w->engine;
	uint32_t stage, last = phases_last_stage(en);
	uint32_t n = (uint32_t)phases_count(en);

	for (stage = 0; stage < last; stage++) {
		if (stage > 0 && !gate_pass(w, stage))
			return -1;
		if (phases_run(w, &en->workload->phases[stage % n]) != 0)
			return -1;
	}
	return 0;
}

/* What the workers of one phase did, together. */
static void
phases_emit(struct engine *en, int repeat, const struct vms_phase *ph,
    uint64_t open_ns)
{
	int64_t ops = 0, asked = 0, reached = 0;
	const char *limit = NULL;
	uint64_t end_ns = open_ns;
	struct str line = { 0 };
	int i;

	for (i = 0; i < en->plan.workers; i++) {
		const struct engine_block *b = en->workers[i].block;

		ops += b->phase_ops;
		if (b->phase_end_ns > end_ns)
			end_ns = b->phase_end_ns;
		if (b->asked == 0)
			continue;
		asked += b->asked;
		reached += b->reached;
		limit = b->limit;
	}
	protocol_begin(&line, "phase");
	protocol_i64(&line, "index", repeat);
	protocol_text(&line, "name", ph->name);
	protocol_text(&line, "unit", ph->unit);
	protocol_i64(&line, "ops", ops);
	protocol_u64(&line, "elapsed_ns", end_ns - open_ns);
	protocol_u64(&line, "headline", ph->headline ? 1 : 0);
	if (limit != NULL) {
		protocol_i64(&line, "asked", asked);
		protocol_i64(&line, "reached", reached);
		protocol_text(&line, "limit", limit);
	}
	protocol_end(&line);
	emit_line(en, &line);
	str_free(&line);
}

static void
phases_measure(struct engine *en)
{
	int k, p, n = phases_count(en);
	uint64_t open_ns;

	for (k = 0; k < en->plan.samples; k++) {
		for (p = 0; p < n; p++) {
			open_ns = gate_open(en, phases_stage(en, k, p));
			/* Done is when all stand before the next gate. */
			if (!gate_await(en, phases_stage(en, k, p) + 1))
				return;
			phases_emit(en, k, &en->workload->phases[p], open_ns);
		}
	}
}

const struct engine_kind kind_phases = {
	.name = "phases",
	.last_stage = phases_last_stage,
	.work = phases_work,
	.measure = phases_measure,
};
