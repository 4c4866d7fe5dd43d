/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a person sees on stderr while a run goes on: one live line on a
 * terminal, one plain line per launch elsewhere, nothing with -q.
 */
#ifndef VMSTRESS_PROGRESS_H
#define VMSTRESS_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"
#include "run/run.h"

struct progress {
	bool quiet, verbose, terminal;
	size_t k, n;			/* launch k of n */
	const struct plan_cell *cell;
	int launch;
	double rate;			/* of the last sample; 0: none yet */
	uint64_t begun_ns, left_ns, drawn_ns;
	bool line_open;			/* a live line is on the screen */
};

void progress_init(struct progress *p, bool quiet, bool verbose);

/* The watch for run_plan(); `p` must outlive it. */
struct run_watch progress_watch(struct progress *p);

#endif
