/* SPDX-License-Identifier: BSD-2-Clause */
/* The responsiveness probe of a launch, on the side of the main thread. */
#ifndef VMSTRESS_WATCH_H
#define VMSTRESS_WATCH_H

#include <stdint.h>

#include "engine/engine.h"

/*
 * Make its process, if the plan asks for it; a launch without it goes on, with
 * a note.  It is at rest until watch_go().
 */
void watch_start(struct engine *en);
void watch_go(struct engine *en);
void watch_stop(struct engine *en);

/* Take what it has written down, and notice its end. */
void watch_look(struct engine *en);

/* When to look again, not later than at `wake_ns` (0: no limit). */
uint64_t watch_wake_by(const struct engine *en, uint64_t wake_ns);

/*
 * A phase, or the measured part (`phase` is NULL), is about to begin, and has
 * ended at `close_ns`; that writes the line on it.
 */
void watch_open(struct engine *en);
void watch_close(struct engine *en, int index, const char *phase,
    uint64_t close_ns);

/* In a worker process: it has nothing to do with the probe. */
void watch_release(struct engine *en);

/* The process is about to be left in a hurry. */
void watch_remove_file(struct engine *en);

#endif
