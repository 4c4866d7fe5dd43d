/* SPDX-License-Identifier: BSD-2-Clause */
/* The service behind vms_refused(): which limit stopped a population. */
#include "config.h"

#include "engine/engine.h"
#include "os/os.h"
#include "os/refusal.h"

struct host_limit {
	os_limit_fn *fn;
	void *arg;
};

/*
 * Only the process itself knows how many mappings it has, and only for one
 * that may have many is it worth to count them.
 */
static void
host_limit_add_own(void *arg, const struct os_limit *limit)
{
	const struct host_limit *h = arg;
	struct os_limit l = *limit;
	int n;

	if (l.counts == OS_COUNTS_MAPPINGS && (n = os_mappings()) > 0)
		l.used = (uint64_t)n;
	h->fn(h->arg, &l);
}

static void
host_limits(os_limit_fn *fn, void *arg)
{
	struct host_limit h = { fn, arg };

	os_limits(host_limit_add_own, &h);
}

/*
 * Looking takes a millisecond, or many where there are many processes: the
 * phase does not pay for it.
 */
void
host_refused(struct vms_worker *w, int64_t asked, int64_t reached,
    const char *call, int errnum)
{
	struct engine *en = w->cell->engine;
	uint64_t since_ns = os_now_ns();
	char text[256];

	refusal_explain(text, sizeof(text), call, errnum, host_limits);
	vms_partial(w, asked, reached, "%s", text);
	en->workers[w->index].block->explain_ns += os_now_ns() - since_ns;
}
