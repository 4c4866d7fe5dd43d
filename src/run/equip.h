/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the launches of a run are equipped with: the events of each cell found
 * and the way to count them chosen, once for all launches.
 *
 * Counting and sampling always cost somebody something: a task that forks, a
 * processor that changes tasks, a fault that is counted.  So they have a launch
 * of their own, behind the others of the cell, and what is timed is never
 * counted.
 */
#ifndef VMSTRESS_EQUIP_H
#define VMSTRESS_EQUIP_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "engine/protocol.h"
#include "plan/plan.h"
#include "run/counting.h"
#include "run/guard.h"

/* Of --profile: samples a second on each CPU.  A prime, not to run in step. */
#define EQUIP_PROFILE_HZ 997

/* Events and profile of the cells that ask for the same. */
struct equip_kit {
	const char *events, *profile;	/* of the plan */
	struct protocol_launch counted;	/* only its events are filled */
	struct protocol_launch sampled;	/* only its profile */
};

struct equip {
	struct counting counting;
	bool chosen;
	struct equip_kit *kits;
	size_t nkits, kits_cap;
};

/*
 * Does everybody know the events and profiles that the plan asks for?  What a
 * machine cannot count is another matter.  -1 with an error.
 */
int equip_check(const struct plan *p, struct err *e);

/*
 * Choose the way to count, and mark the cells of `cells` that count in a launch
 * of its own (counts_apart).  -1 with an error when the plan wishes for a way
 * that is not possible here, or when the guardian died.
 */
int equip_begin(struct equip *q, const struct plan *p, struct plan_cell *cells,
    struct guard *g, struct err *e);

/* A new guardian takes over from one that was killed. */
int equip_again(struct equip *q, struct guard *g, struct err *e);

/*
 * Why the plan is not followed to the letter: a better way to count that was
 * not possible.  NULL: it is.
 */
const char *equip_note(const struct equip *q);

/* Give launch `launch` of a cell what it is to have; -1 with an error. */
int equip_launch(struct equip *q, const struct plan_cell *c, int launch,
    struct protocol_launch *l, struct err *e);

void equip_free(struct equip *q);

#endif
