/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Phases workloads: all workers go through the table in step.  A phase lasts
 * from the opening of its gate to the return of its last worker.
 */
#include "config.h"

#include <errno.h>

#include "engine/engine.h"
#include "engine/footprint.h"
#include "engine/insight.h"
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

/* When the last worker was through. */
static uint64_t
phases_end(const struct engine *en, uint64_t open_ns)
{
	uint64_t end_ns = open_ns;
	int i;

	for (i = 0; i < en->plan.workers; i++)
		if (en->workers[i].block->phase_end_ns > end_ns)
			end_ns = en->workers[i].block->phase_end_ns;
	return end_ns;
}

/*
 * What the workers of one phase did, together; returns the operations, or -1
 * for a phase that is no result.
 */
static int64_t
phases_emit(struct engine *en, int repeat, const struct vms_phase *ph,
    uint64_t elapsed_ns)
{
	int64_t ops = 0, asked = 0, reached = 0;
	const char *limit = NULL;
	struct str line = { 0 };
	int i;

	for (i = 0; i < en->plan.workers; i++) {
		const struct engine_block *b = en->workers[i].block;

		ops += b->phase_ops;
		if (b->asked == 0)
			continue;
		asked += b->asked;
		reached += b->reached;
		limit = b->limit;
	}
	/* What a parameter has switched off is no result, least of all 0. */
	if (ops == 0 && limit == NULL)
		return -1;
	protocol_begin(&line, "phase");
	protocol_i64(&line, "index", repeat);
	protocol_text(&line, "name", ph->name);
	protocol_text(&line, "unit", ph->unit);
	protocol_i64(&line, "ops", ops);
	protocol_u64(&line, "elapsed_ns", elapsed_ns);
	protocol_u64(&line, "headline", ph->headline ? 1 : 0);
	if (limit != NULL) {
		protocol_i64(&line, "asked", asked);
		protocol_i64(&line, "reached", reached);
		protocol_text(&line, "limit", limit);
	}
	protocol_end(&line);
	emit_line(en, &line);
	str_free(&line);
	return ops;
}

/* Whoever follows from outside can tell what happens in which phase. */
static void
phases_announce(struct engine *en, int repeat, const char *name)
{
	struct str line = { 0 };

	protocol_begin(&line, "step");
	protocol_i64(&line, "index", repeat);
	protocol_text(&line, "phase", name);
	protocol_end(&line);
	emit_line(en, &line);
	str_free(&line);
}

/*
 * One time through the table.  A population grows in the first phase, whose
 * operations are its members.
 */
static bool
phases_repeat(struct engine *en, int repeat)
{
	const struct vms_phase *ph = en->workload->phases;
	int64_t ops, members = -1;
	uint64_t open_ns, end_ns;
	int p;

	for (p = 0; ph[p].name != NULL; p++) {
		phases_announce(en, repeat, ph[p].name);
		insight_open(en);
		open_ns = gate_open(en, phases_stage(en, repeat, p));
		/* Done is when all stand before the next gate. */
		if (!gate_await(en, phases_stage(en, repeat, p) + 1))
			return false;
		end_ns = phases_end(en, open_ns);
		ops = phases_emit(en, repeat, &ph[p], end_ns - open_ns);
		if (ops < 0)
			continue;
		insight_close(en, repeat, ph[p].name, end_ns);
		if (p == 0 && en->workload->population != NULL)
			members = ops;
		footprint_report_phase(en, repeat, ph[p].name, members);
	}
	return true;
}

static void
phases_measure(struct engine *en)
{
	int k;

	insight_start(en);
	for (k = 0; k < en->plan.samples; k++) {
		if (k > 0)
			footprint_report(en, k, "start");
		if (!phases_repeat(en, k))
			return;
	}
}

const struct engine_kind kind_phases = {
	.name = "phases",
	.last_stage = phases_last_stage,
	.work = phases_work,
	.measure = phases_measure,
};
