/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The lines of a record that are about all launches: the plan and the machine
 * in front of them, and how the machine was when all was done.
 */
#ifndef VMSTRESS_OPENING_H
#define VMSTRESS_OPENING_H

#include "base/err.h"
#include "plan/plan.h"
#include "record/journal.h"
#include "run/place.h"
#include "run/setup.h"

/*
 * What is known of this machine and what a run has changed about it, for the
 * header; the caller may fingerprint_add() to it.
 */
struct json_line *opening_facts(const struct place *place,
    const struct setup *setup);

/*
 * The header and all cells, on disk before anything is measured.  Takes the
 * facts over.
 */
int opening_write(struct journal *j, const struct plan *p,
    struct json_line *facts, struct err *e);

/* How the machine is now, after the last launch. */
int opening_end(struct journal *j, struct err *e);

#endif
