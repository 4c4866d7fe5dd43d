/* SPDX-License-Identifier: BSD-2-Clause */
/* The launch that is being read; see reader_launch.h. */
#include "config.h"

#include "record/reader_launch.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "record/reader_fields.h"
#include "record/reader_sample.h"

static const char *const reader_launch_statuses[] = {
	"ok", "skipped", "failed", "interrupted", NULL
};

/* ---- beginning and dropping ------------------------------------------- */

static void
reader_launch_drop(struct reader_open *o)
{
	size_t i;

	for (i = 0; i < o->npending; i++) {
		free(o->pending[i].text);
		free(o->pending[i].unit);
		free(o->pending[i].limit);
		free(o->pending[i].timeline);
	}
	reader_insight_drop(&o->insight);
	free(o->count_mode);
	o->count_mode = NULL;
	reader_remarks_drop(&o->remarks);
	o->npending = 0;
	o->pending_bytes = 0;
	o->open = false;
}

void
reader_launch_begin(struct reader_open *o, int cell, int launch, int workers)
{
	uint64_t *ops = o->sum.ops, *aside_ns = o->sum.aside_ns;
	size_t size = (size_t)workers * sizeof(*ops);

	reader_launch_drop(o);
	if (workers > o->workers_cap) {
		ops = mem_array(ops, (size_t)workers, sizeof(*ops));
		aside_ns = mem_array(aside_ns, (size_t)workers,
		    sizeof(*aside_ns));
		o->values = mem_array(o->values, (size_t)workers,
		    2 * sizeof(*o->values));
		o->workers_cap = workers;
	}
	memset(ops, 0, size);
	memset(aside_ns, 0, size);
	memset(&o->sum, 0, sizeof(o->sum));
	o->sum.ops = ops;
	o->sum.aside_ns = aside_ns;
	o->sum.started_s = -1;
	o->sum.cell = cell;
	o->sum.launch = launch;
	o->sum.workers = workers;
	o->aside = true;
	o->open = true;
}

void
reader_launch_free(struct reader_open *o)
{
	reader_launch_drop(o);
	free(o->sum.ops);
	free(o->sum.aside_ns);
	free(o->values);
	free(o->latency);
	free(o->pending);
	reader_insight_free(&o->insight);
	reader_remarks_free(&o->remarks);
}

int
reader_launch_describe(struct reader_open *o, const json_t *line,
    struct err *e)
{
	json_t *times = reader_fields_get(line, "times");
	const char *mode;

	if (times != NULL && !json_is_boolean(times))
		return err_set(e, "'times' is neither true nor false");
	o->sum.counts_only = json_is_false(times);
	if (reader_fields_text_or_null(line, "count_mode", &mode, e) < 0)
		return -1;
	o->count_mode = mode != NULL ? mem_strdup(mode) : NULL;
	o->sum.count_mode = o->count_mode;
	o->sum.started_s = reader_fields_moment(line, "started");
	return reader_fields_u64_or(line, "op_bytes", 0, &o->sum.op_bytes, e);
}

int
reader_launch_charge(struct reader_open *o, size_t bytes, struct err *e)
{
	if (bytes > READER_PENDING_MAX ||
	    (o->pending_bytes += bytes) > READER_PENDING_MAX)
		return err_set(e, "one launch has more than %u MiB of phases, "
		    "curves, counters, stacks, notes and the like",
		    READER_PENDING_MAX >> 20);
	return 0;
}

/* ---- what adds up ----------------------------------------------------- */

static int
reader_launch_buckets(struct histogram *into, const json_t *line,
    uint64_t *total, struct err *e)
{
	json_t *array = reader_fields_get(line, "buckets"), *pair;
	uint64_t index, count;
	size_t i, n = json_array_size(array);

	if (!json_is_array(array))
		return err_set(e, "'buckets' is missing or no array");
	for (i = 0; i < n; i++) {
		pair = json_array_get(array, i);
		if (json_array_size(pair) != 2 ||
		    !reader_fields_whole(json_array_get(pair, 0), &index) ||
		    !reader_fields_whole(json_array_get(pair, 1), &count))
			return err_set(e, "'buckets' holds something that is "
			    "not [index, count]");
		if (index >= HISTOGRAM_BUCKETS)
			return err_set(e, "'buckets' has an index above %d",
			    HISTOGRAM_BUCKETS - 1);
		if (reader_fields_sum(&into->bucket[index], count, "buckets",
		    e) < 0 || reader_fields_sum(total, count, "buckets", e) < 0)
			return -1;
	}
	return 0;
}

/* Several histograms of one launch are merged. */
static int
reader_launch_histogram(struct reader_open *o, const json_t *line,
    const struct reader_handler *h, struct err *e)
{
	uint64_t count, sum_ns, max_ns, total = 0;
	struct histogram *all;
	double cost;

	(void)h;
	if (o->latency == NULL)
		o->latency = mem_zalloc(sizeof(*o->latency));
	all = o->latency;
	if (o->sum.latency == NULL)
		memset(all, 0, sizeof(*all));
	o->sum.latency = all;
	reader_fields_u64(line, "count", &count, e);
	reader_fields_u64(line, "sum_ns", &sum_ns, e);
	reader_fields_u64(line, "max_ns", &max_ns, e);
	reader_fields_real(line, "timing_cost_ns", &cost, e);
	if (e->set || reader_launch_buckets(all, line, &total, e) < 0 ||
	    reader_fields_sum(&all->count, count, "count", e) < 0 ||
	    reader_fields_sum(&all->sum_ns, sum_ns, "sum_ns", e) < 0)
		return -1;
	if (total != count)
		return err_set(e, "'buckets' does not add up to 'count'");
	if (max_ns > all->max_ns)
		all->max_ns = max_ns;
	if (cost > 0)
		o->sum.timing_cost_ns = cost;
	return 0;
}

static int
reader_launch_skew(struct reader_open *o, const json_t *line,
    const struct reader_handler *h, struct err *e)
{
	(void)h;
	if (reader_fields_u64(line, "start_ns", &o->sum.start_skew_ns, e) < 0
	    || reader_fields_u64(line, "stop_ns", &o->sum.stop_skew_ns, e) < 0)
		return -1;
	o->sum.have_skew = true;
	return 0;
}

static int
reader_launch_rusage(struct reader_open *o, const json_t *line,
    const struct reader_handler *h, struct err *e)
{
	(void)h;
	if (reader_fields_u64(line, "user_ns", &o->sum.user_ns, e) < 0 ||
	    reader_fields_u64(line, "system_ns", &o->sum.system_ns, e) < 0 ||
	    reader_fields_u64_or(line, "wall_ns", 0, &o->sum.wall_ns, e) < 0)
		return -1;
	o->sum.have_cpu = true;
	return 0;
}

/* ---- what waits for the end ------------------------------------------- */

/* Queue a line; `p` is copied, its texts too. */
static int
reader_launch_queue(struct reader_open *o, const struct reader_pending *p,
    const char *text, const char *unit, const char *limit, struct err *e)
{
	struct reader_pending *copy;
	size_t bytes = sizeof(*p) + (text != NULL ? strlen(text) : 0) +
	    (unit != NULL ? strlen(unit) : 0) +
	    (limit != NULL ? strlen(limit) : 0);

	if (reader_launch_charge(o, bytes, e) < 0)
		return -1;
	o->pending = mem_grow(o->pending, o->npending, &o->pending_cap,
	    sizeof(*p));
	copy = &o->pending[o->npending++];
	*copy = *p;
	copy->text = text != NULL ? mem_strdup(text) : NULL;
	copy->unit = unit != NULL ? mem_strdup(unit) : NULL;
	copy->limit = limit != NULL ? mem_strdup(limit) : NULL;
	return 0;
}

static int
reader_launch_note(struct reader_open *o, const json_t *line,
    const struct reader_handler *h, struct err *e)
{
	struct reader_pending p = { .type = READER_NOTE };
	const char *text;

	(void)h;
	if (reader_fields_text(line, "text", &text, e) < 0)
		return -1;
	return reader_launch_queue(o, &p, text, NULL, NULL, e);
}

static int
reader_launch_gauge(struct reader_open *o, const json_t *line,
    const struct reader_handler *h, struct err *e)
{
	struct reader_pending p = { .type = READER_GAUGE };
	const char *name;

	(void)h;
	if (reader_fields_text(line, "name", &name, e) < 0 ||
	    reader_fields_real(line, "value", &p.value, e) < 0)
		return -1;
	return reader_launch_queue(o, &p, name, NULL, NULL, e);
}

static int
reader_launch_phase(struct reader_open *o, const json_t *line,
    const struct reader_handler *h, struct err *e)
{
	struct reader_pending p = { .type = READER_PHASE };
	const char *name, *unit, *limit;
	uint64_t index;

	(void)h;
	reader_fields_text(line, "name", &name, e);
	reader_fields_text(line, "unit", &unit, e);
	reader_fields_text_or_null(line, "limit", &limit, e);
	reader_fields_u64(line, "ops", &p.phase.ops, e);
	reader_fields_u64(line, "elapsed_ns", &p.phase.elapsed_ns, e);
	reader_fields_bool(line, "headline", &p.phase.headline, e);
	if (limit != NULL) {
		reader_fields_u64(line, "asked", &p.phase.asked, e);
		reader_fields_u64(line, "reached", &p.phase.reached, e);
	}
	reader_fields_u64_or(line, "index", 0, &index, e);
	if (e->set || reader_launch_queue(o, &p, name, unit, limit, e) < 0)
		return -1;
	return reader_insight_work(o, o->pending[o->npending - 1].text, index,
	    p.phase.ops, p.phase.elapsed_ns, e);
}

static int
reader_launch_curve(struct reader_open *o, const json_t *line,
    const struct reader_handler *h, struct err *e)
{
	struct reader_pending p = { .type = READER_CURVE };
	struct reader_curve *c = &p.curve;

	(void)h;
	reader_fields_int(line, "worker", 0, o->sum.workers - 1, &c->worker, e);
	reader_fields_u64(line, "first", &c->first, e);
	reader_fields_u64(line, "count", &c->count, e);
	reader_fields_u64(line, "min_ns", &c->min_ns, e);
	reader_fields_u64(line, "max_ns", &c->max_ns, e);
	reader_fields_real(line, "mean_ns", &c->mean_ns, e);
	/* A time above 64 bits is none: 2^64 ns are 584 years. */
	if (!e->set && (c->mean_ns < 0 || c->mean_ns > 0x1p64))
		return err_set(e, "'mean_ns' is %g, which is no time",
		    c->mean_ns);
	if (e->set || reader_launch_queue(o, &p, NULL, NULL, NULL, e) < 0)
		return -1;
	return reader_insight_work(o, NULL, 0, c->count, 0, e);
}

/* Of the line that was queued last. */
static int
reader_launch_timeline(struct reader_open *o, const json_t *line, struct err *e)
{
	struct reader_pending *p = &o->pending[o->npending - 1];
	size_t n = json_array_size(reader_fields_get(line, "timeline"));

	if (reader_fields_get(line, "timeline") == NULL)
		return 0;
	if (reader_launch_charge(o, n * sizeof(*p->timeline), e) < 0)
		return -1;
	p->timeline = mem_zalloc((n > 0 ? n : 1) * sizeof(*p->timeline));
	p->stall.timeline = p->timeline;
	p->stall.ntimeline = n;
	return reader_fields_add(line, "timeline", p->timeline, (int)n, e);
}

static int
reader_launch_stall(struct reader_open *o, const json_t *line,
    const struct reader_handler *h, struct err *e)
{
	struct reader_pending p = { .type = READER_STALL };
	const char *phase;

	(void)h;
	reader_fields_text_or_null(line, "phase", &phase, e);
	reader_fields_u64(line, "rounds", &p.stall.rounds, e);
	reader_fields_u64_or(line, "refused", 0, &p.stall.refused, e);
	if (!e->set && p.stall.rounds > 0) {
		reader_fields_u64(line, "worst_ns", &p.stall.worst_ns, e);
		reader_fields_u64(line, "p99_ns", &p.stall.p99_ns, e);
	}
	reader_fields_u64_or(line, "step_ns", 0, &p.stall.step_ns, e);
	if (e->set || reader_launch_queue(o, &p, phase, NULL, NULL, e) < 0)
		return -1;
	return reader_launch_timeline(o, line, e);
}

static int
reader_launch_memory(struct reader_open *o, const json_t *line,
    const struct reader_handler *h, struct err *e)
{
	static const char *const keys[READER_SPENT] = {
		[READER_PAGE_TABLES] = "page_tables_bytes",
		[READER_KERNEL_STACK] = "kernel_stack_bytes",
		[READER_SLAB] = "slab_bytes",
		[READER_ANONYMOUS] = "anonymous_bytes",
	};
	struct reader_pending p = { .type = READER_MEMORY };
	const char *at, *phase;
	int i;

	(void)h;
	reader_fields_text_or_null(line, "at", &at, e);
	reader_fields_text_or_null(line, "phase", &phase, e);
	if (!e->set && (at == NULL) == (phase == NULL))
		return err_set(e, "field 'at' or 'phase', one of them, "
		    "is required");
	reader_fields_u64_or(line, "members", 0, &p.memory.members, e);
	reader_fields_u64_or(line, "available_bytes", UINT64_MAX,
	    &p.memory.available, e);
	for (i = 0; i < READER_SPENT; i++)
		reader_fields_u64_or(line, keys[i], UINT64_MAX,
		    &p.memory.bytes[i], e);
	return e->set ? -1 :
	    reader_launch_queue(o, &p, at, phase, NULL, e);
}

/* ---- the end ---------------------------------------------------------- */

static int
reader_launch_tell(const struct reader_open *o, struct reader_pending *p,
    const struct reader_handler *h)
{
	int cell = o->sum.cell, launch = o->sum.launch;

	switch (p->type) {
	case READER_NOTE:
		return h->note == NULL ? 0 :
		    h->note(h->arg, cell, launch, p->text);
	case READER_GAUGE:
		return h->gauge == NULL ? 0 :
		    h->gauge(h->arg, cell, launch, p->text, p->value);
	case READER_PHASE:
		p->phase.name = p->text;
		p->phase.unit = p->unit;
		p->phase.limit = p->limit;
		return h->phase == NULL ? 0 :
		    h->phase(h->arg, cell, launch, &p->phase);
	case READER_CURVE:
		return h->curve == NULL ? 0 :
		    h->curve(h->arg, cell, launch, &p->curve);
	case READER_STALL:
		p->stall.phase = p->text;
		return h->stall == NULL ? 0 :
		    h->stall(h->arg, cell, launch, &p->stall);
	case READER_MEMORY:
		p->memory.at = p->text;
		p->memory.phase = p->unit;
		return h->memory == NULL ? 0 :
		    h->memory(h->arg, cell, launch, &p->memory);
	}
	return 0;
}

/* The sums as the handler sees them: what was not recorded is absent. */
static int
reader_launch_report(const struct reader_open *o, const char *status,
    const char *reason, const struct reader_handler *h)
{
	struct reader_launch l = o->sum;

	if (h->launch == NULL)
		return 0;
	l.status = status;
	l.reason = reason;
	if (!o->aside || l.samples == 0)
		l.aside_ns = NULL;
	if (l.latency != NULL && l.latency->count == 0)
		l.latency = NULL;
	l.works = o->insight.works;
	l.nworks = o->insight.nworks;
	return h->launch(h->arg, &l);
}

static int
reader_launch_end(struct reader_open *o, const json_t *line,
    const struct reader_handler *h, struct err *e)
{
	const char *status, *reason;
	size_t i;

	if (reader_fields_choice(line, "status", reader_launch_statuses,
	    &status, e) < 0 ||
	    reader_fields_text_or_null(line, "reason", &reason, e) < 0)
		return -1;
	if (reader_launch_report(o, status, reason, h) < 0)
		return -1;
	for (i = 0; i < o->npending; i++)
		if (reader_launch_tell(o, &o->pending[i], h) < 0)
			return -1;
	if (reader_insight_tell(o, h) < 0 || reader_remarks_tell(o, h) < 0)
		return -1;
	reader_launch_drop(o);
	return 0;
}

reader_launch_fn *
reader_launch_find(const char *type)
{
	static const struct {
		const char *type;
		reader_launch_fn *fn;
	} known[] = {
		{ "sample", reader_sample_line },
		{ "phase", reader_launch_phase },
		{ "curve", reader_launch_curve },
		{ "histogram", reader_launch_histogram },
		{ "gauge", reader_launch_gauge },
		{ "note", reader_launch_note },
		{ "stall", reader_launch_stall },
		{ "memory", reader_launch_memory },
		{ "skew", reader_launch_skew },
		{ "rusage", reader_launch_rusage },
		{ "counter", reader_insight_counter },
		{ "kstat", reader_insight_kstat },
		{ "slab", reader_insight_slab },
		{ "usage", reader_insight_usage },
		{ "profile", reader_insight_profile },
		{ "stack", reader_insight_stack },
		{ "log", reader_remarks_log },
		{ "validity", reader_remarks_validity },
		{ "end", reader_launch_end },
	};
	size_t i;

	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (strcmp(type, known[i].type) == 0)
			return known[i].fn;
	return NULL;
}
