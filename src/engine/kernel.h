/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the kernel counted while a launch was measured: the lines `kstat` and
 * `slab`.  An observer; see insight.h for when its hooks are called.
 */
#ifndef VMSTRESS_KERNEL_H
#define VMSTRESS_KERNEL_H

#include <stdint.h>

#include "engine/engine.h"

void kernel_start(struct engine *en);
void kernel_open(struct engine *en);
void kernel_mark(struct engine *en, int index, uint64_t now_ns);
void kernel_close(struct engine *en, int index, const char *phase,
    uint64_t close_ns);
void kernel_finish(struct engine *en);

#endif
