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
	const char *serial;	/* the port where there is no virtio */
};

/*
 * Is the caller process 1 of a system that an image of ours (pack.h) has
 * booted?  -1 with an error when it is not; nothing is changed to find out.
 */
int guest_check(struct err *e);

/*
 * Arguments "key=value" from the kernel's command line: seed=N, config=1,
 * port=/dev/ttyS0.
 * Others are the kernel's own and passed over.
 */
int guest_arguments(struct guest *g, char *const *args, int n, struct err *e);

/*
 * Everything, after guest_check(); ends with the power off.  `say` gets a
 * sentence when there is no port to the host.  Returns only where there is no
 * power to turn off or no machine that is the guest's own: -1 with an error.
 */
int guest_main(const struct guest *g, void (*say)(const char *text),
    struct err *e);

#endif
