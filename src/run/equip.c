/* SPDX-License-Identifier: BSD-2-Clause */
/* What the launches of a run are equipped with; see equip.h. */
#include "config.h"

#include "run/equip.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "run/events.h"

/* The types of perf_event_open(2) that no processor counts. */
enum { EQUIP_SOFTWARE = 1, EQUIP_TRACEPOINT = 2 };

static bool
equip_is(const char *text, const char *word)
{
	return text != NULL && strcmp(text, word) == 0;
}

static bool
equip_wants_profile(const struct plan_cell *c)
{
	return c->profile != NULL && !equip_is(c->profile, "none");
}

static bool
equip_needed(const struct plan *p)
{
	size_t i;

	for (i = 0; i < p->ncells; i++)
		if (equip_wants_profile(&p->cells[i]) ||
		    !equip_is(p->cells[i].events, "none"))
			return true;
	return false;
}

/* Is there an event that a processor counts, beside those of software? */
static bool
equip_has_hardware(const struct protocol_launch *l)
{
	size_t i;

	for (i = 0; i < l->nevents; i++)
		if (l->events[i].status == NULL &&
		    l->events[i].type != EQUIP_SOFTWARE &&
		    l->events[i].type != EQUIP_TRACEPOINT)
			return true;
	return false;
}

static int
equip_find(struct equip_kit *kit, struct err *e)
{
	const char *events = equip_is(kit->events, "auto") ? "default" :
	    kit->events;

	if (events != NULL && !equip_is(events, "none") &&
	    events_resolve(events, &kit->counted, e) != 0)
		return -1;
	if (kit->profile == NULL || equip_is(kit->profile, "none"))
		return 0;
	if (events_resolve_profile(equip_is(kit->profile, "auto") ? "" :
	    kit->profile, &kit->sampled, e) != 0)
		return -1;
	kit->sampled.profile_hz = EQUIP_PROFILE_HZ;
	return 0;
}

static const struct equip_kit *
equip_kit_of(struct equip *q, const struct plan_cell *c, struct err *e)
{
	struct equip_kit *kit;
	size_t i;

	for (i = 0; i < q->nkits; i++)
		if (equip_is(q->kits[i].events, c->events) &&
		    equip_is(q->kits[i].profile, c->profile))
			return &q->kits[i];
	q->kits = mem_grow(q->kits, q->nkits, &q->kits_cap, sizeof(*q->kits));
	kit = &q->kits[q->nkits++];
	memset(kit, 0, sizeof(*kit));
	kit->events = c->events;
	kit->profile = c->profile;
	return equip_find(kit, e) == 0 ? kit : NULL;
}

/*
 * What was asked for is counted, or the record says why not.  Unasked, a
 * launch more is worth it where a processor counts: what the kernel counts in
 * software, the statistics have for nothing.  VMSTRESS_EVENTS=none spares it.
 */
static bool
equip_wants_events(const struct equip *q, const struct plan_cell *c,
    const struct equip_kit *kit)
{
	if (!equip_is(c->events, "auto"))
		return kit->counted.nevents > 0;
	return q->counting.mode != PLAN_COUNT_NONE &&
	    !equip_is(getenv("VMSTRESS_EVENTS"), "none") &&
	    equip_has_hardware(&kit->counted);
}

static int
equip_known(const struct protocol_event *v, const char *setting,
    const struct plan_cell *c, struct err *e)
{
	if (!equip_is(v->status, "unknown_event"))
		return 0;
	err_set(e, "%s", v->reason);
	return err_prefix(e, "workload '%s': setting '%s'", c->workload->name,
	    setting);
}

/* Does a cell name events?  Ours are known, and found when they are counted. */
static bool
equip_names(const struct plan_cell *c)
{
	return !(equip_is(c->events, "auto") || equip_is(c->events, "none")) ||
	    !(equip_is(c->profile, "auto") || equip_is(c->profile, "none"));
}

int
equip_check(const struct plan *p, struct err *e)
{
	struct equip q = { .nkits = 0 };
	const struct equip_kit *kit;
	size_t i, k;

	for (i = 0; i < p->ncells && !e->set; i++) {
		if (!equip_names(&p->cells[i]))
			continue;
		kit = equip_kit_of(&q, &p->cells[i], e);
		for (k = 0; kit != NULL && k < kit->counted.nevents &&
		    !e->set; k++)
			equip_known(&kit->counted.events[k], "events",
			    &p->cells[i], e);
		if (kit != NULL && kit->sampled.profile != NULL && !e->set)
			equip_known(kit->sampled.profile, "profile",
			    &p->cells[i], e);
	}
	equip_free(&q);
	return e->set ? -1 : 0;
}

int
equip_begin(struct equip *q, const struct plan *p, struct plan_cell *cells,
    struct guard *g, struct err *e)
{
	const struct equip_kit *kit;
	size_t i;

	if (!equip_needed(p))
		return 0;
	if (counting_choose(&q->counting, g, p->counting, e) != 0)
		return -1;
	q->chosen = true;
	for (i = 0; i < p->ncells; i++) {
		kit = equip_kit_of(q, &cells[i], e);
		if (kit == NULL)
			return -1;
		cells[i].counts_apart = equip_wants_profile(&cells[i]) ||
		    equip_wants_events(q, &cells[i], kit);
	}
	return 0;
}

int
equip_again(struct equip *q, struct guard *g, struct err *e)
{
	return q->chosen ? counting_again(&q->counting, g, e) : 0;
}

const char *
equip_note(const struct equip *q)
{
	return q->chosen && q->counting.why.len > 0 ?
	    str_text(&q->counting.why) : NULL;
}

/* ---- a launch ----------------------------------------------------------- */

static void
equip_refuse_one(struct protocol_event *v, const char *why)
{
	if (v->status != NULL)
		return;
	v->status = mem_strdup("not_permitted");
	v->reason = mem_strdup(why);
}

/* Nothing can be counted: what was asked for says so. */
static void
equip_refuse(const struct equip *q, struct protocol_launch *l)
{
	const char *why = q->counting.why.len > 0 ?
	    str_text(&q->counting.why) : "counting was switched off";
	size_t i;

	for (i = 0; i < l->nevents; i++)
		equip_refuse_one(&l->events[i], why);
	if (l->profile != NULL)
		equip_refuse_one(l->profile, why);
}

int
equip_launch(struct equip *q, const struct plan_cell *c, int launch,
    struct protocol_launch *l, struct err *e)
{
	const struct equip_kit *kit;

	l->counts_only = launch >= c->launches;
	if (!q->chosen || !l->counts_only)
		return 0;
	kit = equip_kit_of(q, c, e);
	if (kit == NULL)
		return -1;
	if (equip_wants_events(q, c, kit))
		events_copy(&kit->counted, l);
	if (equip_wants_profile(c))
		events_copy(&kit->sampled, l);
	if (q->counting.mode == PLAN_COUNT_NONE)
		equip_refuse(q, l);
	else
		counting_put(&q->counting, l);
	return 0;
}

void
equip_free(struct equip *q)
{
	size_t i;

	for (i = 0; i < q->nkits; i++) {
		protocol_launch_free(&q->kits[i].counted);
		protocol_launch_free(&q->kits[i].sampled);
	}
	free(q->kits);
	counting_free(&q->counting);
	events_free();
}
