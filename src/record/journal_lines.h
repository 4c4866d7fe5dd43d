/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a cell reports (engine/protocol.h) as lines of the journal.  `run`
 * uses it while the cell runs, `import` on output that was kept.
 */
#ifndef VMSTRESS_JOURNAL_LINES_H
#define VMSTRESS_JOURNAL_LINES_H

#include "base/err.h"
#include "engine/protocol.h"
#include "record/json_line.h"

/*
 * The "launch" line, which comes before all others of the launch: where it
 * runs, when it was started (RFC 3339; NULL: not known), and what the cell's
 * `describe` line says (NULL: there was none).  -1 with an error when that
 * line is malformed.
 */
int journal_lines_launch(const struct protocol_launch *launch,
    const char *started, const struct protocol_line *describe,
    struct json_line **out, struct err *e);

/*
 * One other line: sample, phase, curve, histogram, gauge, note, stall,
 * memory, skew, rusage, end, and what observers saw: counter, kstat, slab,
 * usage, profile, stack.  *out is NULL for a keyword that gives no line.
 * -1 with an error for a line whose fields are missing or malformed.
 */
int journal_lines_make(const struct protocol_line *line, int cell, int launch,
    struct json_line **out, struct err *e);

#endif
