/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the kernel spends on the load: readings of the whole system's counts
 * before it, between its phases and after it, always while all workers stand
 * at a gate or are gone.
 */
#include "config.h"

#include "engine/footprint.h"

#include "os/os.h"

/* The last reading waits for two that agree, at most so long. */
#define FOOTPRINT_SETTLE_NS UINT64_C(1000000000)
#define FOOTPRINT_STEP_NS UINT64_C(100000000)
#define FOOTPRINT_AGREE_BYTES (64u << 10)

static void
footprint_field(struct str *line, const char *key, uint64_t bytes)
{
	if (bytes != OS_MEMORY_UNKNOWN)
		protocol_u64(line, key, bytes);
}

static void
footprint_emit(struct engine *en, int index, const char *key,
    const char *moment, int64_t members, const struct os_kernel_memory *m)
{
	struct str line = { 0 };

	protocol_begin(&line, "memory");
	protocol_i64(&line, "index", index);
	protocol_text(&line, key, moment);
	if (members >= 0)
		protocol_i64(&line, "members", members);
	footprint_field(&line, "page_tables_bytes", m->page_tables_bytes);
	footprint_field(&line, "kernel_stack_bytes", m->kernel_stack_bytes);
	footprint_field(&line, "slab_bytes", m->slab_bytes);
	footprint_field(&line, "slab_unreclaimable_bytes",
	    m->slab_unreclaimable_bytes);
	footprint_field(&line, "percpu_bytes", m->percpu_bytes);
	footprint_field(&line, "anonymous_bytes", m->anonymous_bytes);
	footprint_field(&line, "swap_used_bytes", m->swap_used_bytes);
	footprint_field(&line, "available_bytes", m->available_bytes);
	protocol_end(&line);
	emit_line(en, &line);
	str_free(&line);
}

void
footprint_report(struct engine *en, int index, const char *at)
{
	struct os_kernel_memory m;

	if (en->plan.probe && os_kernel_memory(&m) == 0)
		footprint_emit(en, index, "at", at, -1, &m);
}

void
footprint_report_phase(struct engine *en, int index, const char *phase,
    int64_t members)
{
	struct os_kernel_memory m;

	if (en->plan.probe && os_kernel_memory(&m) == 0)
		footprint_emit(en, index, "phase", phase, members, &m);
}

static bool
footprint_agree(uint64_t a, uint64_t b)
{
	return (a > b ? a - b : b - a) <= FOOTPRINT_AGREE_BYTES;
}

/*
 * What a process leaves is freed late, after the CPUs have forgotten it.  On a
 * machine that is busy otherwise no two readings ever agree.
 */
void
footprint_report_end(struct engine *en)
{
	struct os_kernel_memory before, m;
	uint64_t until_ns = os_now_ns() + FOOTPRINT_SETTLE_NS;

	if (!en->plan.probe || host_failed(en) || os_kernel_memory(&m) != 0)
		return;
	do {
		before = m;
		if (control_wait(en, os_now_ns() + FOOTPRINT_STEP_NS) ||
		    os_kernel_memory(&m) != 0)
			return;
	} while (os_now_ns() < until_ns &&
	    !(footprint_agree(before.page_tables_bytes, m.page_tables_bytes) &&
	    footprint_agree(before.kernel_stack_bytes, m.kernel_stack_bytes) &&
	    footprint_agree(before.slab_bytes, m.slab_bytes) &&
	    footprint_agree(before.anonymous_bytes, m.anonymous_bytes)));
	footprint_emit(en, 0, "at", "end", -1, &m);
}
