/* SPDX-License-Identifier: BSD-2-Clause */
/* Limits against needs; see preflight.h. */
#include "config.h"

#include "run/preflight.h"

struct preflight {
	const struct preflight_need *need;
	void (*each)(void *arg, const struct os_limit *limit, uint64_t needed);
	void *arg;
	int count;
};

/* The part of the need that a limit counts; 0: none. */
static uint64_t
preflight_needed(const struct preflight_need *need, enum os_counts counts)
{
	switch (counts) {
	case OS_COUNTS_TASKS:
		return need->tasks + PREFLIGHT_OWN_TASKS;
	case OS_COUNTS_FDS:
		return need->fds + PREFLIGHT_OWN_FDS;
	case OS_COUNTS_MEMORY:
		return need->memory_bytes;
	default:
		return 0;
	}
}

static void
preflight_limit(void *arg, const struct os_limit *limit)
{
	struct preflight *p = arg;
	uint64_t needed = preflight_needed(p->need, limit->counts);

	if (needed == 0 || limit->value == UINT64_MAX)
		return;
	if (limit->used <= limit->value &&
	    limit->value - limit->used >= needed)
		return;
	p->count++;
	if (p->each != NULL)
		p->each(p->arg, limit, needed);
}

int
preflight_check(const struct preflight_need *need,
    void (*each)(void *arg, const struct os_limit *limit, uint64_t needed),
    void *arg)
{
	struct preflight p = { need, each, arg, 0 };

	os_limits(preflight_limit, &p);
	return p.count;
}
