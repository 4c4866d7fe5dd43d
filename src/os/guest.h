/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the first process of a system has to do, for a guest of our own; part of
 * the contract with the operating system.  Everything is -1 with ENOTSUP where
 * vmstress cannot be the first process.
 */
#ifndef VMSTRESS_OS_GUEST_H
#define VMSTRESS_OS_GUEST_H

#include <stddef.h>

#include "base/err.h"

/*
 * Mount what a run reads and needs (/proc, /sys, /dev, /dev/shm, /tmp, tracing,
 * cgroups); what the kernel does not have is left out.  -1 with an error when
 * /proc, /sys or /dev cannot be had.
 */
int os_guest_mount(struct err *e);

/* The type of the root's file system, "tmpfs"; -1 with errno. */
int os_guest_root(char *name, size_t len);

/*
 * Open the port to the host for writing, unbuffered and unchanged bytes: the
 * virtio port of that name, or else the serial device.  The descriptor, with
 * its path in `path`; or -1 with errno.
 */
int os_guest_port(const char *virtio, const char *serial, char *path,
    size_t len);

/*
 * From now on only warnings and what is worse go to the console, which costs
 * the time of whoever makes the kernel print; the log has everything still.
 */
int os_guest_quiet(void);

/* Wait until all that was written to the port has left. */
void os_guest_drain(int fd);

/* Turn the machine off; does not return where that works. */
int os_guest_power_off(void);

#endif
