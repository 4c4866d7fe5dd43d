/* SPDX-License-Identifier: BSD-2-Clause */
/* The lines that a cell writes; their meaning is in protocol.h. */
#include "config.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/io.h"
#include "base/mem.h"
#include "base/param.h"
#include "engine/engine.h"
#include "os/os.h"

void
emit_line(struct engine *en, const struct str *line)
{
	if (io_write_all(en->out_fd, str_text(line), line->len) != 0)
		return;		/* the supervisor is gone: control.c notices */
}

void
emit_hello(struct engine *en)
{
	struct str line = { 0 };

	protocol_begin(&line, "vmstress-out");
	protocol_u64(&line, "version", PROTOCOL_VERSION);
	protocol_text(&line, "tool", PACKAGE_VERSION);
	protocol_end(&line);
	emit_line(en, &line);
	str_free(&line);
}

void
emit_note(struct engine *en, const char *fmt, ...)
{
	struct str line = { 0 };
	char text[ERR_MAX];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	protocol_begin(&line, "note");
	protocol_text(&line, "text", text);
	protocol_end(&line);
	emit_line(en, &line);
	str_free(&line);
}

/* The size of the population that is asked for; false: there is none. */
static bool
emit_population(const struct engine *en, uint64_t *value)
{
	const struct vms_workload *wl = en->workload;
	const struct vms_param *row = wl->population != NULL ?
	    param_find(wl->params, wl->population) : NULL;

	if (row == NULL || row->type != VMS_COUNT)
		return false;
	memcpy(value, (const char *)en->cell.params + row->offset,
	    sizeof(*value));
	return true;
}

void
emit_describe(struct engine *en)
{
	const struct vms_workload *wl = en->workload;
	struct str line = { 0 };
	uint64_t population;

	protocol_begin(&line, "describe");
	protocol_text(&line, "unit", wl->unit);
	protocol_text(&line, "kind", kind_of(en)->name);
	if (wl->net != NULL)
		protocol_text(&line, "net", wl->net);
	if (wl->op_bytes != NULL && wl->op_bytes(&en->cell) != 0)
		protocol_u64(&line, "op_bytes", wl->op_bytes(&en->cell));
	if (wl->memory != NULL)
		protocol_u64(&line, "memory_bytes", wl->memory(&en->cell));
	if (wl->tasks != NULL)
		protocol_u64(&line, "tasks", wl->tasks(&en->cell));
	if (wl->fds != NULL)
		protocol_u64(&line, "fds", wl->fds(&en->cell));
	if (wl->pipes != NULL)
		protocol_u64(&line, "pipes", wl->pipes(&en->cell));
	if (wl->mappings != NULL)
		protocol_u64(&line, "more_mappings", wl->mappings(&en->cell));
	if (emit_population(en, &population))
		protocol_u64(&line, "population", population);
	protocol_u64(&line, "static", en->is_static ? 1 : 0);
	protocol_u64(&line, "bound", en->bound ? 1 : 0);
	protocol_u64(&line, "urgent", en->urgent ? 1 : 0);
	if (en->shared->mappings > 0)
		protocol_i64(&line, "mappings", en->shared->mappings);
	protocol_text(&line, "clock", os_clock_name());
	protocol_double(&line, "clock_cost_ns", en->clock_cost_ns);
	protocol_u64(&line, "clock_step_ns", en->clock_step_ns);
	protocol_u64(&line, "page_bytes", os_page_size());
	protocol_end(&line);
	emit_line(en, &line);
	str_free(&line);
}

static void
emit_histogram(struct engine *en, const struct histogram *h)
{
	struct str line = { 0 };
	const char *comma = "";
	unsigned i;

	protocol_begin(&line, "histogram");
	protocol_u64(&line, "count", h->count);
	protocol_u64(&line, "sum_ns", h->sum_ns);
	protocol_u64(&line, "max_ns", h->max_ns);
	protocol_double(&line, "timing_cost_ns", en->timing_cost_ns);
	str_add(&line, " buckets=");
	for (i = 0; i < HISTOGRAM_BUCKETS; i++) {
		if (h->bucket[i] == 0)
			continue;
		str_addf(&line, "%s%u:%llu", comma, i,
		    (unsigned long long)h->bucket[i]);
		comma = ",";
	}
	protocol_end(&line);
	emit_line(en, &line);
	str_free(&line);
}

void
emit_latency(struct engine *en)
{
	struct histogram *all = mem_zalloc(sizeof(*all));
	int i;

	for (i = 0; i < en->plan.workers; i++)
		if (en->workers[i].block->latency != NULL)
			histogram_merge(all, en->workers[i].block->latency);
	if (all->count > 0)
		emit_histogram(en, all);
	free(all);
}

/* Latest minus earliest of one time that every worker noted. */
static uint64_t
emit_skew_of(const struct engine *en, size_t offset)
{
	uint64_t first = UINT64_MAX, last = 0, t;
	int i;

	for (i = 0; i < en->plan.workers; i++) {
		memcpy(&t, (const char *)en->workers[i].block + offset,
		    sizeof(t));
		first = t < first ? t : first;
		last = t > last ? t : last;
	}
	return last - first;
}

static void
emit_skew(struct engine *en)
{
	struct str line = { 0 };

	protocol_begin(&line, "skew");
	protocol_u64(&line, "start_ns",
	    emit_skew_of(en, offsetof(struct engine_block, start_ns)));
	protocol_u64(&line, "stop_ns",
	    emit_skew_of(en, offsetof(struct engine_block, stop_ns)));
	protocol_end(&line);
	emit_line(en, &line);
	str_free(&line);
}

void
emit_usage(struct engine *en)
{
	struct engine_block sum;
	struct str line = { 0 };
	uint64_t wall_ns = 0;
	int i;

	memset(&sum, 0, sizeof(sum));
	for (i = 0; i < en->plan.workers; i++) {
		const struct engine_block *b = en->workers[i].block;

		if (b->start_ns == 0 || b->stop_ns == 0)
			return;		/* a worker that never measured */
		sum.user_ns += b->user_ns;
		sum.system_ns += b->system_ns;
		sum.minor_faults += b->minor_faults;
		sum.major_faults += b->major_faults;
		sum.voluntary += b->voluntary;
		sum.involuntary += b->involuntary;
		if (b->stop_ns - b->start_ns > wall_ns)
			wall_ns = b->stop_ns - b->start_ns;
	}
	emit_skew(en);
	protocol_begin(&line, "rusage");
	protocol_u64(&line, "wall_ns", wall_ns);
	protocol_u64(&line, "user_ns", sum.user_ns);
	protocol_u64(&line, "system_ns", sum.system_ns);
	protocol_u64(&line, "minor_faults", sum.minor_faults);
	protocol_u64(&line, "major_faults", sum.major_faults);
	protocol_u64(&line, "voluntary", sum.voluntary);
	protocol_u64(&line, "involuntary", sum.involuntary);
	protocol_end(&line);
	emit_line(en, &line);
	str_free(&line);
}

/*
 * A failure is being written by its finder for a few nanoseconds; a finder that
 * was killed just then never finishes, so this ends.
 */
static void
emit_await_reason(const struct engine_shared *sh)
{
	uint64_t until = os_now_ns() + 1000000000;

	while (atomic_load(&sh->failed) == 1 && os_now_ns() < until)
		continue;
}

void
emit_end(struct engine *en)
{
	const struct engine_shared *sh = en->shared;
	struct str line = { 0 };

	emit_await_reason(sh);
	protocol_begin(&line, "end");
	if (atomic_load(&sh->failed) == 1) {
		protocol_text(&line, "status", "failed");
		protocol_text(&line, "reason",
		    "a worker failed and was killed before it could say why");
	} else if (atomic_load(&sh->failed) == 2) {
		protocol_text(&line, "status", "failed");
		protocol_text(&line, "reason", sh->text);
		if (sh->errnum != 0)
			protocol_i64(&line, "errno", sh->errnum);
	} else if (en->skipped[0] != '\0') {
		protocol_text(&line, "status", "skipped");
		protocol_text(&line, "reason", en->skipped);
	} else if (en->stop_asked) {
		protocol_text(&line, "status", "interrupted");
		protocol_text(&line, "reason", "stopped on request");
	} else {
		protocol_text(&line, "status", "ok");
	}
	protocol_end(&line);
	emit_line(en, &line);
	str_free(&line);
}
