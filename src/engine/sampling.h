/* SPDX-License-Identifier: BSD-2-Clause */
/* The sampling profile of a launch; an observer behind insight.h. */
#ifndef VMSTRESS_SAMPLING_H
#define VMSTRESS_SAMPLING_H

#include <stdint.h>

#include "engine/engine.h"

void sampling_start(struct engine *en);
void sampling_open(struct engine *en);
void sampling_close(struct engine *en, int index, const char *phase,
    uint64_t close_ns);
void sampling_finish(struct engine *en);

/* As insight_look() and insight_wake_by(). */
void sampling_look(struct engine *en);
uint64_t sampling_wake_by(const struct engine *en, uint64_t wake_ns);

#endif
