/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A run: the launches of a plan, one after the other, each in a fresh cell
 * under the guardian, every line of theirs in the journal.
 */
#ifndef VMSTRESS_RUN_H
#define VMSTRESS_RUN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "engine/protocol.h"
#include "plan/plan.h"
#include "record/journal.h"
#include "run/attend.h"
#include "run/place.h"
#include "run/setup.h"

/* What a person may want to see while it goes on; NULL members are skipped. */
struct run_watch {
	/* Launch k of n begins; left_ns is what the rest should take. */
	void (*begin)(void *arg, size_t k, size_t n, const struct plan_cell *c,
	    int launch, uint64_t left_ns);
	/* The rate of the sample that has just come, operations per second. */
	void (*rate)(void *arg, double ops_per_s);
	void (*note)(void *arg, const char *text);
	/* What nobody should miss: the kernel has complained. */
	void (*alert)(void *arg, const char *text);
	void (*tick)(void *arg);
	void (*end)(void *arg, const struct attend_result *result);
	void *arg;
};

struct run {
	const struct plan *plan;
	const struct place *place;
	struct journal *journal;
	const struct run_watch *watch;
	/* Launches that an earlier run has done, cell by cell; or NULL. */
	bool (*done)(void *arg, int cell, int launch);
	void *done_arg;
	/* Changes to the system, made already; or NULL. */
	struct setup *setup;
};

struct run_outcome {
	size_t ok, skipped, failed;
	bool interrupted;
};

/* The time now as the record writes it: RFC 3339, UTC; 21 bytes suffice. */
void run_now_text(char *buf, size_t len);

/* Are our own programs there?  Asked before a record is begun. */
int run_ready(struct err *e);

/*
 * When a launch of a cell is over at the latest, whatever happens: what is
 * measured before it and the end that the guardian makes of it included.
 */
uint64_t run_timeout_ns(const struct plan_cell *c);

/*
 * Returns 0 when the run went to its end or was interrupted, -1 with an error
 * when it could not go on (record cannot be written, no guardian); *outcome
 * counts what was done in both cases.
 */
int run_plan(const struct run *r, struct run_outcome *outcome, struct err *e);

/*
 * The block for one launch of a cell, placement included.  1: filled, 0: this
 * machine cannot place it, with the reason in `why` (a skip).  Free it with
 * protocol_launch_free() in both cases.
 */
int run_block(const struct place *place, const struct plan_cell *c, int launch,
    struct protocol_launch *l, struct err *why);

/*
 * Ask the cell program whether a cell could run here and what it needs.
 * `on_line` gets the lines of the answer ("describe", "probe").
 */
int run_probe(struct guard *g, const struct place *place,
    const struct plan_cell *c,
    void (*on_line)(void *arg, const struct protocol_line *line), void *arg,
    struct attend_result *result, struct err *e);

/* Start the guardian for run_probe(). */
int run_guard(struct guard *g, struct err *e);

#endif
