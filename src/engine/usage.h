/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the workers used in each sample or phase: the line `usage`.  An
 * observer; see insight.h for when its hooks are called.
 */
#ifndef VMSTRESS_ENGINE_USAGE_H
#define VMSTRESS_ENGINE_USAGE_H

#include <stdint.h>

#include "engine/engine.h"
#include "os/usage.h"

void usage_start(struct engine *en);
void usage_open(struct engine *en);
void usage_mark(struct engine *en, int index, uint64_t now_ns);
void usage_close(struct engine *en, int index, const char *phase,
    uint64_t close_ns);
void usage_finish(struct engine *en);

#endif
