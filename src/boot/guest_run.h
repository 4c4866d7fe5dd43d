/* SPDX-License-Identifier: BSD-2-Clause */
/* The plan of the image, run in a child of process 1. */
#ifndef VMSTRESS_GUEST_RUN_H
#define VMSTRESS_GUEST_RUN_H

#include <stdint.h>

#include "boot/guest_link.h"

/*
 * All of it: what comes of it goes to the host, how it ended to
 * guest_link_status().  `seed` draws the order of the launches.
 */
void guest_run(struct guest_link *l, uint64_t seed);

#endif
