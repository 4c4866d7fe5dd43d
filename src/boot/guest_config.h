/* SPDX-License-Identifier: BSD-2-Clause */
/* The configuration of the kernel that runs, for its host. */
#ifndef VMSTRESS_GUEST_CONFIG_H
#define VMSTRESS_GUEST_CONFIG_H

#include "boot/guest_link.h"

/*
 * The text of a file that is compressed with gzip; -1 when it is not there, not
 * whole or too long to be a configuration.
 */
int guest_config_read(const char *path, struct str *text);

/* Every line of /proc/config.gz; nothing where there is none. */
void guest_config_send(struct guest_link *l);

#endif
