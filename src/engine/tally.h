/* SPDX-License-Identifier: BSD-2-Clause */
/* The observer that counts events; see insight.h for what it is called. */
#ifndef VMSTRESS_TALLY_H
#define VMSTRESS_TALLY_H

#include <stdint.h>

#include "engine/engine.h"

void tally_start(struct engine *en);
void tally_open(struct engine *en);
void tally_mark(struct engine *en, int index, uint64_t now_ns);
void tally_close(struct engine *en, int index, const char *phase,
    uint64_t close_ns);
void tally_finish(struct engine *en);

#endif
