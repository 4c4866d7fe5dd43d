/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a run changes about the system before it starts, on request: limits
 * that would stop it, and swap.  The guardian makes the changes and puts them
 * back (undo.h); here is what to ask of it, and what to do when it dies.
 */
#ifndef VMSTRESS_SETUP_H
#define VMSTRESS_SETUP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"
#include "plan/plan.h"
#include "run/guard.h"
#include "run/place.h"
#include "run/reach.h"
#include "run/undo.h"

struct setup_raise {
	char *name;
	char *lift;		/* the command, for who may not do it */
	uint64_t value, old;
};

struct setup {
	/* What is asked for. */
	bool raise;
	uint64_t swap_bytes;	/* 0: no swap */
	undo_say_fn *say;	/* gets a sentence for every change */
	void *say_arg;
	/* The guardian that has made the changes, for run_plan(). */
	struct guard guard;
	char *state;		/* the file of undo.h, or NULL */
	int state_fd;
	struct setup_raise *raises;
	size_t nraises, cap;
	struct str raised;	/* for the record: "NAME 32768 -> 99840; ..." */
	struct str swap;	/* for the record: the device */
};

/*
 * Which limits to raise, and to what, so that none of `needs` is stopped by
 * one that may be set; appended to s->raises, those of the system first.  What
 * is raised must not meet the next limit of its kind.  Pure.
 */
void setup_collect(struct setup *s, const struct reach *cells, size_t ncells,
    reach_limits_fn *limits);

/*
 * Make the changes for a plan; with neither wish this does nothing.  -1 with
 * an error when one of them cannot be made: then none is.
 */
int setup_begin(struct setup *s, const struct plan *p,
    const struct place *place, struct err *e);

/* A new guardian takes over from one that was killed. */
int setup_again(struct setup *s, struct guard *g, struct err *e);

/*
 * After the guardian has been stopped: what it did not put back because it was
 * killed is put back now.  Frees everything.
 */
void setup_end(struct setup *s);

#endif
