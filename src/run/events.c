/* SPDX-License-Identifier: BSD-2-Clause */
/* Lists of events, taken apart and made into events of a launch; see events.h. */
#include "config.h"

#include "run/events.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "os/events.h"
#include "run/events_source.h"

/* Of what somebody wrote, so much is repeated in an error. */
#define EVENTS_QUOTE 80

/* ---- lists ------------------------------------------------------------- */

/*
 * The end of a filter, behind its bracket; NULL when there is none.  In quotes
 * everything is text.
 */
static const char *
events_filter(const char *s)
{
	char quote = '\0';
	int depth = 0;

	for (; *s != '\0'; s++) {
		if (quote != '\0') {
			if (*s == quote)
				quote = '\0';
			continue;
		}
		if (*s == '"' || *s == '\'')
			quote = *s;
		else if (*s == '[')
			depth++;
		else if (*s == ']' && --depth == 0)
			return s + 1;
	}
	return NULL;
}

static bool
events_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* The end of the item that starts at `s`, with the blanks after it. */
static const char *
events_item_end(const char *s, struct err *e)
{
	const char *at, *slash;

	for (at = s; *at != '\0' && *at != ','; at++) {
		if (*at == '[') {
			at = events_filter(at);
			if (at == NULL) {
				err_set(e, "event '%.*s': '[' without ']'",
				    EVENTS_QUOTE, s);
				return NULL;
			}
			if (*at != '\0' && *at != ',' && !events_blank(*at)) {
				err_set(e, "event '%.*s': something follows "
				    "the filter", EVENTS_QUOTE, s);
				return NULL;
			}
			at--;
		} else if (*at == '/') {
			slash = strchr(at + 1, '/');
			if (slash == NULL) {
				err_set(e, "event '%.*s': the second '/' is "
				    "missing", EVENTS_QUOTE, s);
				return NULL;
			}
			at = slash;
		}
	}
	return at;
}

/* Outside of a filter, a name has no blanks, and nothing unprintable. */
static int
events_check_item(const char *item, struct err *e)
{
	const char *at;

	if (*item == '\0')
		return err_set(e, "a list of events has an empty item "
		    "(`none` is for no events)");
	if (*item == '[' || *item == '/' || *item == ':')
		return err_set(e, "event '%.*s' has no name", EVENTS_QUOTE,
		    item);
	for (at = item; *at != '\0' && *at != '['; at++)
		if (events_blank(*at) || strchr("]\"'", *at) != NULL)
			return err_set(e, "event '%.*s': there is a '%c' in "
			    "its name", EVENTS_QUOTE, item, *at);
	for (at = item; *at != '\0'; at++)
		if (iscntrl((unsigned char)*at))
			return err_set(e, "event '%.*s': there is a control "
			    "character in it", EVENTS_QUOTE, item);
	return 0;
}

/*
 * The next item of a list, as a new string, and *list behind it and its comma;
 * NULL with an error.  *list is NULL after the last item.
 */
static char *
events_next(const char **list, struct err *e)
{
	const char *start = *list, *end;
	char *item;
	size_t len;

	while (events_blank(*start))
		start++;
	end = events_item_end(start, e);
	if (end == NULL)
		return NULL;
	*list = *end == ',' ? end + 1 : NULL;
	len = (size_t)(end - start);
	while (len > 0 && events_blank(start[len - 1]))
		len--;
	item = mem_strndup(start, len);
	if (events_check_item(item, e) < 0) {
		free(item);
		return NULL;
	}
	return item;
}

int
events_check(const char *list, struct err *e)
{
	char *item;

	while (list != NULL) {
		item = events_next(&list, e);
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
		item = events_next(&list, e);
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
	item = events_next(&rest, e);
	if (item == NULL)
		return -1;
	if (rest != NULL || events_sets_find(item) != NULL) {
		free(item);
		return err_set(e, "profile: '%.*s' is not one event",
		    EVENTS_QUOTE, name);
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
