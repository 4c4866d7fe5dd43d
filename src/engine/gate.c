/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Starting and finishing together.  One word counts arrivals over all stages,
 * one holds the number of the next closed stage; both only go up, so nobody
 * can miss an opening.
 */
#include "config.h"

#include <limits.h>

#include "engine/engine.h"
#include "os/os.h"

bool
gate_pass(struct engine_worker *w, uint32_t stage)
{
	struct engine *en = w->engine;
	struct engine_shared *sh = en->shared;
	uint32_t all = (uint32_t)en->plan.workers * (stage + 1);
	uint32_t open;

	if (atomic_fetch_add(&sh->arrived, 1) + 1 == all)
		os_wake(&sh->arrived, 1);
	while ((open = atomic_load(&sh->gate)) <= stage)
		os_wait(&sh->gate, open, 0);
	return open != ENGINE_GATE_ABORT;
}

/*
 * Main: until a counter reaches `all`.  The last to count wakes us; a worker
 * that dies or fails does not, hence the short sleeps with a look around in
 * between.
 */
static bool
gate_await_count(struct engine *en, _Atomic uint32_t *counter, uint32_t all)
{
	uint32_t count;

	while ((count = atomic_load(counter)) < all) {
		if (control_wait(en, os_now_ns()))
			return false;
		os_wait(counter, count, 20000000);
	}
	return !control_wait(en, os_now_ns());
}

bool
gate_await(struct engine *en, uint32_t stage)
{
	return gate_await_count(en, &en->shared->arrived,
	    (uint32_t)en->plan.workers * (stage + 1));
}

bool
gate_await_started(struct engine *en)
{
	return gate_await_count(en, &en->shared->started,
	    (uint32_t)en->plan.workers);
}

uint64_t
gate_open(struct engine *en, uint32_t stage)
{
	uint64_t now = os_now_ns();

	atomic_store(&en->shared->gate, stage + 1);
	os_wake(&en->shared->gate, INT_MAX);
	return now;
}

void
gate_abort(struct engine *en)
{
	atomic_store(&en->shared->stop, 1);
	atomic_store(&en->shared->gate, ENGINE_GATE_ABORT);
	os_wake(&en->shared->gate, INT_MAX);
}
