/* SPDX-License-Identifier: BSD-2-Clause */
/* What the kernel spends on the load. */
#ifndef VMSTRESS_FOOTPRINT_H
#define VMSTRESS_FOOTPRINT_H

#include <stdint.h>

#include "engine/engine.h"

/*
 * A reading now, if the plan asks for the probe: at a moment of the launch,
 * "setup" or "start", or after a phase.  `members` were alive in a population
 * at its full size, -1: there is none.  The last one is taken when two agree or
 * a second has passed.
 */
void footprint_report(struct engine *en, int index, const char *at);
void footprint_report_phase(struct engine *en, int index, const char *phase,
    int64_t members);
void footprint_report_end(struct engine *en);

#endif
