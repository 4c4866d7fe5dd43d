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

bool
gate_await(struct engine *en, uint32_t stage)
{
	struct engine_shared *sh = en->shared;
	uint32_t all = (uint32_t)en->plan.workers * (stage + 1);
	uint32_t arrived;

	/*
	 * The last to arrive wakes us; a worker that dies or fails does not
	 * arrive, hence the short sleeps with a look around in between.
	 */
	while ((arrived = atomic_load(&sh->arrived)) < all) {
		if (control_wait(en, os_now_ns()))
			return false;
		os_wait(&sh->arrived, arrived, 20000000);
	}
	return !control_wait(en, os_now_ns());
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
