/* SPDX-License-Identifier: BSD-2-Clause */
/* Everything about this machine that could change a number, for the record. */
#ifndef VMSTRESS_FINGERPRINT_H
#define VMSTRESS_FINGERPRINT_H

#include "record/json_line.h"

/*
 * What the operating system tells (os_facts, os_facts_now), as an object of
 * sections for journal_run_line(): kernel, machine, tunables, limits, vm, ids,
 * and env for what changes while a run goes on.  A section of which nothing is
 * known is there and empty.
 */
struct json_line *fingerprint_read(void);

/* Only what changes while a run goes on, as one flat object. */
struct json_line *fingerprint_now(void);

/* Put one fact, "section.name", into such an object; also for imported ones. */
void fingerprint_add(struct json_line *facts, const char *key,
    const char *value);

#endif
