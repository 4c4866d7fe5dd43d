/* SPDX-License-Identifier: BSD-2-Clause */
/* Lists of events, taken apart and made into events of a launch; see events.h. */
#include "config.h"

#include "run/events.h"

#include <stdlib.h>
#include <string.h>

#include "base/event_list.h"
#include "base/mem.h"
#include "os/events.h"
#include "run/events_source.h"

int
events_check(const char *list, struct err *e)
{
	char *item;

	while (list != NULL) {
		item = event_list_next(&list, e);
		if (item == NULL)
			return -1;
		free(item);
	}
	return 0;
}

/* ---- resolving --------------------------------------------------------- */

static void
events_add(const char *item, struct protocol_launch *l)
{
	const char *const *set = events_sets_find(item);

	if (set == NULL)
		events_name(item, EVENTS_COUNT, l);
	for (; set != NULL && *set != NULL; set++)
		events_name(*set, EVENTS_COUNT_SET, l);
}

int
events_resolve(const char *list, struct protocol_launch *l, struct err *e)
{
	char *item;

	if (events_check(list, e) < 0)
		return -1;
	while (list != NULL && l->nevents <= PROTOCOL_EVENTS_MAX) {
		item = event_list_next(&list, e);
		if (item == NULL)
			return -1;
		events_add(item, l);
		free(item);
	}
	if (l->nevents > PROTOCOL_EVENTS_MAX)
		return err_set(e, "more than %d events", PROTOCOL_EVENTS_MAX);
	return 0;
}

/*
 * Take over one event of `from`, which is freed: that which works on the most
 * processors.
 */
static void
events_take_profile(struct protocol_launch *l, struct protocol_launch *from)
{
	struct protocol_event *best = &from->events[0], *v;
	size_t i;

	for (i = 1; i < from->nevents; i++) {
		v = &from->events[i];
		if (v->status == NULL &&
		    (best->status != NULL || v->ncpus >= best->ncpus))
			best = v;
	}
	l->profile = mem_zalloc(sizeof(*l->profile));
	*l->profile = *best;
	memset(best, 0, sizeof(*best));
	protocol_launch_free(from);
}

int
events_resolve_profile(const char *name, struct protocol_launch *l,
    struct err *e)
{
	struct protocol_launch found = { 0 };
	const char *rest = name;
	char *item;

	if (*name == '\0') {
		events_name("cycles", EVENTS_SAMPLE, &found);
		/* Samples of one kind of processors would be half the truth. */
		if (found.nevents > 1 || (found.events[0].status != NULL &&
		    strcmp(found.events[0].status, "not_supported") == 0)) {
			protocol_launch_free(&found);
			events_name("cpu-clock", EVENTS_SAMPLE, &found);
		}
		events_take_profile(l, &found);
		return 0;
	}
	item = event_list_next(&rest, e);
	if (item == NULL)
		return -1;
	if (rest != NULL || events_sets_find(item) != NULL) {
		free(item);
		return err_set(e, "profile: '%.80s' is not one event",
		    name);
	}
	events_name(item, EVENTS_SAMPLE, &found);
	free(item);
	events_take_profile(l, &found);
	return 0;
}

/* ---- copies ------------------------------------------------------------ */

static char *
events_text(const char *s)
{
	return s != NULL ? mem_strdup(s) : NULL;
}

static void
events_copy_one(const struct protocol_event *from, struct protocol_event *to)
{
	*to = *from;
	to->name = events_text(from->name);
	to->status = events_text(from->status);
	to->reason = events_text(from->reason);
	to->exclude = events_text(from->exclude);
	to->filter = events_text(from->filter);
	to->cpus = NULL;
	if (from->cpus != NULL) {
		to->cpus = mem_array(NULL, (size_t)from->ncpus,
		    sizeof(*to->cpus));
		memcpy(to->cpus, from->cpus,
		    (size_t)from->ncpus * sizeof(*to->cpus));
	}
}

void
events_copy(const struct protocol_launch *from, struct protocol_launch *to)
{
	size_t i;

	for (i = 0; i < from->nevents; i++)
		events_copy_one(&from->events[i], protocol_add_event(to));
	if (from->profile == NULL)
		return;
	to->profile = mem_zalloc(sizeof(*to->profile));
	events_copy_one(from->profile, to->profile);
	to->profile_hz = from->profile_hz;
}

void
events_free(void)
{
	events_pmu_free();
	events_pfm_free();
	os_events_close();
}
