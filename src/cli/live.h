/* SPDX-License-Identifier: BSD-2-Clause */
/* A line on a terminal that is written over itself. */
#ifndef VMSTRESS_LIVE_H
#define VMSTRESS_LIVE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

/* Show it on stderr, cut to the terminal's width. */
void live_draw(const char *text);

/* Take it away when it is open. */
void live_wipe(bool *open);

/*
 * Append ", 40 s left" when so much was left `spent_ns` ago; nothing when that
 * is over or unknown (0).
 */
void live_left(struct str *b, uint64_t left_ns, uint64_t spent_ns);

#endif
