/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Rate workloads: workers call run() in batches until told to stop; the main
 * thread reads their counters from outside at measured times.  All workers
 * keep the load up until after the last reading.
 */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "engine/engine.h"
#include "engine/insight.h"
#include "os/os.h"

/*
 * A call of run() should last about 100 us: two clock readings and one store
 * then cost less than 0.1%, and a sample of 100 ms is exact to 0.1%.
 */
#define RATE_CALL_MIN_NS 50000
#define RATE_CALL_MAX_NS 200000
#define RATE_BATCH_MAX (1ll << 30)
/* A worker that did nothing while measured may show that it is alive. */
#define RATE_PATIENCE_NS 10000000000ull

static int
rate_run_failed(struct engine_worker *w, int64_t rc)
{
	host_fail(w->engine, &w->view, 0, "run returned %lld", (long long)rc);
	return -1;
}

static int
rate_batches(struct engine_worker *w)
{
	int64_t (*run)(struct vms_worker *, int64_t) = w->engine->workload->run;
	struct vms_worker *view = &w->view;
	uint64_t ops = 0, before, after = os_now_ns();
	int64_t n = 1, did;

	while (!vms_stopping(view)) {
		errno = 0;
		did = run(view, n);
		if (did < 0)
			return rate_run_failed(w, did);
		ops += (uint64_t)did;
		atomic_store_explicit(&view->slot->ops, ops,
		    memory_order_relaxed);
		before = after;
		after = os_now_ns();
		if (after - before < RATE_CALL_MIN_NS && n < RATE_BATCH_MAX)
			n *= 2;
		else if (after - before > RATE_CALL_MAX_NS && n > 1)
			n /= 2;
	}
	return 0;
}

/*
 * One operation a call, each timed.  Time set aside inside the call is not the
 * operation's.  A call that did a whole group counts as one, with the mean.
 */
static int
rate_singles(struct engine_worker *w)
{
	int64_t (*run)(struct vms_worker *, int64_t) = w->engine->workload->run;
	struct vms_worker *view = &w->view;
	_Atomic uint64_t *aside = &view->slot->aside_ns;
	uint64_t ops = 0, t0, t1, set_aside;
	int64_t did;

	while (!vms_stopping(view)) {
		set_aside = atomic_load_explicit(aside, memory_order_relaxed);
		errno = 0;
		t0 = os_now_ns();
		did = run(view, 1);
		t1 = os_now_ns();
		if (did < 0)
			return rate_run_failed(w, did);
		if (did == 0)
			continue;
		t0 += atomic_load_explicit(aside, memory_order_relaxed) -
		    set_aside;
		histogram_add(w->block->latency,
		    t1 > t0 ? (t1 - t0) / (uint64_t)did : 0);
		ops += (uint64_t)did;
		atomic_store_explicit(&view->slot->ops, ops,
		    memory_order_relaxed);
	}
	return 0;
}

static int
rate_work(struct engine_worker *w)
{
	return w->engine->plan.latency ? rate_singles(w) : rate_batches(w);
}

static uint32_t
rate_last_stage(const struct engine *en)
{
	(void)en;
	return 1;
}

/* ---- the sampler ------------------------------------------------------ */

/* All counters at one moment; the moment is the middle of the reading. */
struct rate_reading {
	uint64_t at_ns;
	uint64_t *ops, *aside_ns;
};

static uint64_t
rate_read_once(const struct engine *en, struct rate_reading *r)
{
	uint64_t t0 = os_now_ns(), t1;
	int i;

	for (i = 0; i < en->plan.workers; i++) {
		struct vms_slot *slot = &en->workers[i].block->slot;

		r->ops[i] = atomic_load_explicit(&slot->ops,
		    memory_order_relaxed);
		r->aside_ns[i] = atomic_load_explicit(&slot->aside_ns,
		    memory_order_relaxed);
	}
	t1 = os_now_ns();
	r->at_ns = t0 + (t1 - t0) / 2;
	return t1 - t0;
}

/*
 * A reading during which we were preempted is not of one moment: read again,
 * a few times at most, until it took less than 1/500 of the interval.
 */
static void
rate_read(const struct engine *en, struct rate_reading *r)
{
	uint64_t longest = en->plan.interval_ns / 500;
	int tries = 5;

	while (rate_read_once(en, r) > longest && --tries > 0)
		continue;
}

/* Emit what happened between two readings; `scratch` holds one list. */
static void
rate_emit(struct engine *en, struct str *line, int index,
    const struct rate_reading *from, const struct rate_reading *to,
    uint64_t *scratch)
{
	int i, n = en->plan.workers;

	protocol_begin(line, "sample");
	protocol_i64(line, "index", index);
	protocol_u64(line, "elapsed_ns", to->at_ns - from->at_ns);
	for (i = 0; i < n; i++)
		scratch[i] = to->ops[i] - from->ops[i];
	protocol_list(line, "ops", scratch, n);
	if (en->workload->net != NULL) {
		for (i = 0; i < n; i++)
			scratch[i] = to->aside_ns[i] - from->aside_ns[i];
		protocol_list(line, "aside_ns", scratch, n);
	}
	protocol_end(line);
	emit_line(en, line);
}

/*
 * Readings at their due times, two kept in turn; returns how many samples.
 * `first` gets the operations before the first sample.
 */
static int
rate_sample(struct engine *en, struct rate_reading r[2], uint64_t *first,
    uint64_t *scratch)
{
	struct str line = { 0 };
	uint64_t due;
	int k;

	insight_open(en);
	rate_read(en, &r[0]);
	memcpy(first, r[0].ops, (size_t)en->plan.workers * sizeof(*first));
	due = r[0].at_ns;
	for (k = 0; k < en->plan.samples; k++) {
		due += en->plan.interval_ns;
		if (control_wait(en, due))
			break;
		rate_read(en, &r[(k + 1) % 2]);
		insight_mark(en, k, r[(k + 1) % 2].at_ns);
		rate_emit(en, &line, k, &r[k % 2], &r[(k + 1) % 2], scratch);
	}
	if (k > 0)
		insight_close(en, 0, NULL, r[k % 2].at_ns);
	str_free(&line);
	return k;
}

/* Workers whose count is still what it was; *one is the last of them. */
static int
rate_idle(const struct engine *en, const uint64_t *was, int *one)
{
	int i, idle = 0;

	for (i = 0; i < en->plan.workers; i++) {
		if (atomic_load(&en->workers[i].block->slot.ops) != was[i])
			continue;
		*one = i;
		idle++;
	}
	return idle;
}

/*
 * A worker without progress must not go unseen.  One that starved while others
 * were measured is a result worth a note; one that finishes nothing any more,
 * though it has a CPU and the load is kept up for it, is a failure.
 */
static void
rate_check_progress(struct engine *en, const uint64_t *first)
{
	uint64_t until = os_now_ns() + RATE_PATIENCE_NS;
	int one, n = en->plan.workers, idle = rate_idle(en, first, &one);
	bool crowded = n > en->nallowed;

	if (idle > 0)
		emit_note(en, "%d of %d workers finished no operation while "
		    "measured", idle, n);
	while ((idle = rate_idle(en, first, &one)) > 0 &&
	    (!crowded || idle == n) && os_now_ns() < until)
		if (control_wait(en, os_now_ns() + 10000000))
			return;
	if (idle > 0 && (!crowded || idle == n))
		host_fail(en, &en->workers[one].view, 0, "no operation was "
		    "finished, also not in %d s after the last sample",
		    (int)(RATE_PATIENCE_NS / 1000000000));
}

static void
rate_measure(struct engine *en)
{
	size_t n = (size_t)en->plan.workers;
	uint64_t *lists = mem_zalloc(6 * n * sizeof(*lists));
	uint64_t *first = lists + 4 * n, *scratch = lists + 5 * n;
	struct rate_reading r[2] = {
		{ 0, lists, lists + n },
		{ 0, lists + 2 * n, lists + 3 * n },
	};

	insight_start(en);
	gate_open(en, 0);
	if (gate_await_started(en) &&
	    !control_wait(en, os_now_ns() + en->plan.warmup_ns) &&
	    rate_sample(en, r, first, scratch) == en->plan.samples)
		rate_check_progress(en, first);
	atomic_store(&en->shared->stop, 1);
	free(lists);
}

const struct engine_kind kind_rate = {
	.name = "rate",
	.last_stage = rate_last_stage,
	.work = rate_work,
	.measure = rate_measure,
};
