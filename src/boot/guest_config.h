/* SPDX-License-Identifier: BSD-2-Clause */
/* The configuration of the kernel that runs, for its host. */
#ifndef VMSTRESS_GUEST_CONFIG_H
#define VMSTRESS_GUEST_CONFIG_H

#include "boot/guest_link.h"

/* Every line of /proc/config.gz; nothing where there is none. */
void guest_config_send(struct guest_link *l);

#endif
