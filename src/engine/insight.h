/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is watched while a launch is measured, besides its own counts: one seam
 * for the kinds of workload, behind which the observers stand in a row.
 *
 * All calls are the main thread's.  An observer that cannot do its work says so
 * in a line and is silent from then on; it never fails a launch.
 */
#ifndef VMSTRESS_INSIGHT_H
#define VMSTRESS_INSIGHT_H

#include <stdint.h>

#include "engine/engine.h"

/* One observer; NULL hooks are skipped. */
struct insight {
	/* All workers stand before gate 0: open, map and prepare. */
	void (*start)(struct engine *en);
	/*
	 * The measured part or a phase is about to begin, all at a gate.  Not
	 * closed since the last time: that was no result, begin anew.
	 */
	void (*open)(struct engine *en);
	/* Sample `index` of a rate has ended, and the next one has begun. */
	void (*mark)(struct engine *en, int index, uint64_t now_ns);
	/*
	 * The measured part (`phase` is NULL) or a phase has ended, at
	 * `close_ns`.
	 */
	void (*close)(struct engine *en, int index, const char *phase,
	    uint64_t close_ns);
	/* The workers are gone, nothing is timed any more: report and free. */
	void (*finish)(struct engine *en);
};

void insight_start(struct engine *en);
void insight_open(struct engine *en);
void insight_mark(struct engine *en, int index, uint64_t now_ns);
void insight_close(struct engine *en, int index, const char *phase,
    uint64_t close_ns);
void insight_finish(struct engine *en);

/*
 * When an observer has to be called next (insight_look), not later than at
 * `wake_ns` (0: no limit).
 */
void insight_look(struct engine *en);
uint64_t insight_wake_by(const struct engine *en, uint64_t wake_ns);

#endif
