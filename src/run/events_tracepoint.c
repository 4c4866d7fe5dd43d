/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Tracepoints by name, with a filter and modes: "tlb:tlb_flush[reason==1]".
 * They are not asked of libpfm4, which sees them only where debugfs happens to
 * be mounted.
 */
#include "config.h"

#include "run/events_source.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "os/events.h"

#define TRACEPOINT_FIELD "\tfield:"

/* A name taken apart. */
struct tracepoint {
	char *system;
	char *event;
	const char *modes;	/* within `text` */
	char *filter;		/* or NULL */
	char *text;
	bool certain;		/* it can be nothing else */
};

static bool
tracepoint_word(const char *s)
{
	return *s != '\0' && s[strspn(s, "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-")] == '\0';
}

/* False when it does not look like one.  Free `text` and `filter`. */
static bool
tracepoint_parse(const char *name, struct tracepoint *t)
{
	char *bracket, *colon;

	memset(t, 0, sizeof(*t));
	t->certain = strncmp(name, "tp:", 3) == 0;
	t->text = mem_strdup(t->certain ? name + 3 : name);
	bracket = strchr(t->text, '[');
	if (bracket != NULL) {
		if (bracket[strlen(bracket) - 1] != ']')
			return false;
		*bracket = '\0';
		t->filter = mem_strndup(bracket + 1, strlen(bracket + 1) - 1);
		t->certain = true;
	}
	t->system = t->text;
	colon = strchr(t->text, ':');
	if (colon == NULL)
		return false;
	*colon = '\0';
	t->event = colon + 1;
	t->modes = "";
	colon = strchr(t->event, ':');
	if (colon != NULL) {
		*colon = '\0';
		t->modes = colon + 1;
	}
	/* "cylces:k" is a slip of something else. */
	if (!t->certain && t->event[strspn(t->event, "ukh")] == '\0')
		return false;
	return tracepoint_word(t->system) && tracepoint_word(t->event);
}

static enum events_found
tracepoint_find(const struct tracepoint *t, struct protocol_event *v)
{
	char *end, *file, *text;
	int error;

	v->type = EVENTS_TRACEPOINT;
	if (events_table_modes(t->modes, v) < 0)
		return EVENTS_UNKNOWN;
	file = mem_printf("events/%s/%s/id", t->system, t->event);
	text = os_events_tracepoint_text(file);
	error = errno;
	free(file);
	if (text == NULL && error == ENOENT)
		return EVENTS_UNKNOWN;
	if (text == NULL)
		return events_reason_tracing(v, error);
	v->config = strtoull(text, &end, 10);
	error = end == text || *end != '\0' ? EINVAL : 0;
	free(text);
	if (error != 0)
		return events_reason_tracing(v, error);
	if (t->filter != NULL)
		v->filter = mem_strdup(t->filter);
	return EVENTS_FOUND;
}

enum events_found
events_tracepoint(const char *name, struct protocol_event *v)
{
	const char *plain = strncmp(name, "tp:", 3) == 0 ? name + 3 : name;
	enum events_found found = EVENTS_UNKNOWN;
	struct tracepoint t;

	if (tracepoint_parse(name, &t))
		found = tracepoint_find(&t, v);
	if (found == EVENTS_UNKNOWN && t.certain)
		found = events_reason(v, "unknown_event",
		    "there is no tracepoint '%.*s' in this kernel",
		    (int)strcspn(plain, "["), plain);
	free(t.text);
	free(t.filter);
	/* One name, whether or not it was said what kind it is of. */
	v->name = mem_strdup(plain);
	return found;
}

char *
events_tracepoint_all(void)
{
	return os_events_tracepoint_text("available_events");
}

/* "field:int reason;" or "field:char comm[16];": the last word before. */
static void
tracepoint_field(const char *line, struct str *list)
{
	size_t end = strcspn(line, ";[\n"), start = end;

	while (start > 0 && strchr(" *", line[start - 1]) == NULL)
		start--;
	if (start < end && strncmp(line + start, "common_", 7) != 0)
		str_addf(list, "%s%.*s", list->len > 0 ? ", " : "",
		    (int)(end - start), line + start);
}

char *
events_tracepoint_fields(const char *name)
{
	struct str list = { 0 };
	struct tracepoint t;
	char *file, *text = NULL;
	const char *at;

	if (tracepoint_parse(name, &t)) {
		file = mem_printf("events/%s/%s/format", t.system, t.event);
		text = os_events_tracepoint_text(file);
		free(file);
	}
	for (at = text; at != NULL; ) {
		at = strstr(at, TRACEPOINT_FIELD);
		if (at == NULL)
			break;
		at += strlen(TRACEPOINT_FIELD);
		tracepoint_field(at, &list);
	}
	free(text);
	free(t.text);
	free(t.filter);
	return list.s;
}
