/* SPDX-License-Identifier: BSD-2-Clause */
/* Which limits of the system would stop a cell, before it is started. */
#ifndef VMSTRESS_PREFLIGHT_H
#define VMSTRESS_PREFLIGHT_H

#include <stdint.h>

#include "os/os.h"

/* What a cell needs at its peak; 0: nothing worth counting. */
struct preflight_need {
	uint64_t tasks;		/* processes and threads, workers included */
	uint64_t fds;		/* descriptors of one process */
	uint64_t memory_bytes;
};

/* What every run has beside the workers: supervisor, guardian, cell. */
#define PREFLIGHT_OWN_TASKS 3
#define PREFLIGHT_OWN_FDS 16

/*
 * Call `each` for every limit that is too low, with the amount needed on top
 * of what is in use.  Returns how many there are.
 */
int preflight_check(const struct preflight_need *need,
    void (*each)(void *arg, const struct os_limit *limit, uint64_t needed),
    void *arg);

#endif
