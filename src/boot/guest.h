/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Inside: process 1 of a kernel that matrix has booted.  Mounts what is needed,
 * runs the plan that the image carries, tells the host (wire.h), and turns the
 * machine off.
 */
#ifndef VMSTRESS_GUEST_H
#define VMSTRESS_GUEST_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

/* Name of the virtio port, where the kernel has virtio. */
#define GUEST_PORT "org.vmstress.0"
/* The serial port otherwise. */
#define GUEST_SERIAL "/dev/ttyS1"

struct guest {
	uint64_t seed;		/* of the order of launches in this boot */
	bool config;		/* send /proc/config.gz */
};

/*
 * Arguments "key=value" from the kernel's command line: seed=N, config=1.
 * Others are the kernel's own and passed over.
 */
int guest_arguments(struct guest *g, char *const *args, int n, struct err *e);

/*
 * Everything; ends with the power off.  Returns only where there is no power to
 * turn off or when the caller is not process 1 of a machine of its own: -1 with
 * an error.
 */
int guest_main(const struct guest *g, struct err *e);

#endif
