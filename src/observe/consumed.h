/* SPDX-License-Identifier: BSD-2-Clause */
/* What processes used between two readings of it. */
#ifndef VMSTRESS_CONSUMED_H
#define VMSTRESS_CONSUMED_H

#include "os/usage.h"

/* Add one more process; what is not known of one is not known of all. */
void consumed_add(struct os_usage *sum, const struct os_usage *one);

/*
 * The difference, own times and those of children together in user_ns and
 * system_ns.  Where ticks only tell how time is divided and there was none,
 * though there was time, these two are not known.
 */
void consumed_between(const struct os_usage *from, const struct os_usage *to,
    struct os_usage *used);

#endif
