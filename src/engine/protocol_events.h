/* SPDX-License-Identifier: BSD-2-Clause */
/* What is counted and sampled in a launch; only for protocol_launch.c. */
#ifndef VMSTRESS_PROTOCOL_EVENTS_H
#define VMSTRESS_PROTOCOL_EVENTS_H

#include "engine/protocol.h"

/* Append the lines `count`, `event` and `profile`, as far as there are any. */
void protocol_events_put(struct str *b, const struct protocol_launch *l);

/* Take one of them; 0, or -1 with an error. */
int protocol_events_take(struct protocol_launch *l,
    const struct protocol_line *line, struct err *e);
int protocol_events_take_profile(struct protocol_launch *l,
    const struct protocol_line *line, struct err *e);
int protocol_events_take_mode(struct protocol_launch *l,
    const struct protocol_line *line, struct err *e);

void protocol_events_free(struct protocol_launch *l);

#endif
