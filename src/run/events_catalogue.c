/* SPDX-License-Identifier: BSD-2-Clause */
/* The list of all events, from the sources that resolve them. */
#include "config.h"

#include "run/events_catalogue.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "os/events.h"
#include "run/events_source.h"

struct catalogue {
	void (*fn)(void *arg, const struct events_entry *entry);
	void *arg;
	enum events_kind kind;
};

const char *
events_catalogue_kind(enum events_kind kind)
{
	static const char *const names[EVENTS_KINDS] = {
		[EVENTS_KIND_SOFTWARE] = "software",
		[EVENTS_KIND_HARDWARE] = "hardware",
		[EVENTS_KIND_PROCESSOR] = "processor",
		[EVENTS_KIND_PMU] = "pmu",
		[EVENTS_KIND_TRACEPOINT] = "tracepoint",
	};

	return names[kind];
}

const char *
events_catalogue_set(size_t i, const char *const **members)
{
	const char *name = events_sets_at(i);

	*members = name != NULL ? events_sets_find(name) : NULL;
	return name;
}

static void
catalogue_tell(const struct catalogue *c, const char *name,
    const struct protocol_event *v)
{
	struct events_entry entry = { c->kind, name, v->status, v->reason };

	c->fn(c->arg, &entry);
}

/* Resolve a name and tell of what it stands for. */
static void
catalogue_name(void *arg, const char *name)
{
	const struct catalogue *c = arg;
	struct protocol_launch l = { 0 };
	size_t i;

	events_name(name, EVENTS_COUNT, &l);
	for (i = 0; i < l.nevents; i++)
		catalogue_tell(c, l.events[i].name, &l.events[i]);
	protocol_launch_free(&l);
}

static void
catalogue_table(struct catalogue *c, bool software)
{
	const char *name;
	uint32_t type;
	size_t i;

	for (i = 0; (name = events_table_at(i, &type)) != NULL; i++)
		if ((type == EVENTS_SOFTWARE) == software)
			catalogue_name(c, name);
}

/* ---- PMUs -------------------------------------------------------------- */

/* Beside an event are files about the unit of what it counts. */
static bool
catalogue_is_event(const char *file)
{
	return strchr(file, '.') == NULL;
}

static void
catalogue_pmu(struct catalogue *c, const char *pmu)
{
	char *folder = mem_printf("%s/events", pmu), *name;
	char **events;
	int i, n = os_events_pmu_names(folder, &events);

	free(folder);
	for (i = 0; i < n; i++) {
		if (!catalogue_is_event(events[i]))
			continue;
		name = mem_printf("%s/%s/", pmu, events[i]);
		catalogue_name(c, name);
		free(name);
	}
	if (n >= 0)
		os_events_free_names(events, n);
}

static void
catalogue_pmus(struct catalogue *c)
{
	char **pmus;
	int i, n = os_events_pmu_names("", &pmus);

	for (i = 0; i < n; i++)
		catalogue_pmu(c, pmus[i]);
	if (n >= 0)
		os_events_free_names(pmus, n);
}

/* ---- tracepoints ------------------------------------------------------- */

static int
catalogue_compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The first one is tried, for there are thousands and they are all alike. */
static void
catalogue_lines(struct catalogue *c, char *text)
{
	struct protocol_launch l = { 0 };
	char *line, *save = NULL, **lines = NULL;
	size_t i, n = 0, cap = 0;

	for (line = strtok_r(text, "\n", &save); line != NULL;
	    line = strtok_r(NULL, "\n", &save)) {
		lines = mem_grow(lines, n, &cap, sizeof(*lines));
		lines[n++] = line;
	}
	if (n > 0) {
		qsort(lines, n, sizeof(*lines), catalogue_compare);
		events_name(lines[0], EVENTS_COUNT, &l);
	}
	for (i = 0; i < n; i++)
		catalogue_tell(c, lines[i], &l.events[0]);
	protocol_launch_free(&l);
	free(lines);
}

static void
catalogue_tracepoints(struct catalogue *c)
{
	char *text = events_tracepoint_all();
	struct protocol_event v = { 0 };

	if (text != NULL) {
		catalogue_lines(c, text);
		free(text);
		return;
	}
	events_reason_tracing(&v, errno);
	catalogue_tell(c, NULL, &v);
	events_name_clear(&v);
}

/* What kind an event is of, that was not found in a list. */
static enum events_kind
catalogue_kind_of(const char *name, const struct protocol_event *v)
{
	if (strchr(name, '/') != NULL && strchr(name, '[') == NULL)
		return EVENTS_KIND_PMU;
	if (v->type == EVENTS_TRACEPOINT)
		return EVENTS_KIND_TRACEPOINT;
	if (v->type == EVENTS_SOFTWARE)
		return EVENTS_KIND_SOFTWARE;
	return strstr(name, "::") != NULL ?
	    EVENTS_KIND_PROCESSOR : EVENTS_KIND_HARDWARE;
}

void
events_catalogue_one(const char *name,
    void (*fn)(void *arg, const struct events_entry *entry), void *arg)
{
	struct catalogue c = { .fn = fn, .arg = arg };
	struct protocol_launch l = { 0 };
	size_t i;

	events_name(name, EVENTS_COUNT, &l);
	for (i = 0; i < l.nevents; i++) {
		c.kind = catalogue_kind_of(name, &l.events[i]);
		catalogue_tell(&c, l.events[i].name, &l.events[i]);
	}
	protocol_launch_free(&l);
}

void
events_catalogue(void (*fn)(void *arg, const struct events_entry *entry),
    void *arg)
{
	struct catalogue c = { .fn = fn, .arg = arg };

	c.kind = EVENTS_KIND_SOFTWARE;
	catalogue_table(&c, true);
	c.kind = EVENTS_KIND_HARDWARE;
	catalogue_table(&c, false);
	c.kind = EVENTS_KIND_PROCESSOR;
	events_pfm_each(catalogue_name, &c);
	c.kind = EVENTS_KIND_PMU;
	catalogue_pmus(&c);
	c.kind = EVENTS_KIND_TRACEPOINT;
	catalogue_tracepoints(&c);
}
