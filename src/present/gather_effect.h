/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a load does to the rest of the system: stalls, and memory that the
 * kernel spends on it.  But for the names only for gather.c and gather_launch.c.
 */
#ifndef VMSTRESS_GATHER_EFFECT_H
#define VMSTRESS_GATHER_EFFECT_H

#include "present/gather.h"

/* "slab", ... of the metrics "PHASE slab_bytes/member". */
extern const char *const gather_effect_parts[READER_SPENT];

/* The launch that begins has no readings yet. */
void gather_effect_begin(struct gather_cell *c);

int gather_effect_stall(struct gather_cell *c, const struct reader_stall *s,
    struct err *e);
int gather_effect_memory(struct gather_cell *c, const struct reader_memory *m,
    struct err *e);

#endif
