/* SPDX-License-Identifier: BSD-2-Clause */
/* The lines of a launch that say what is counted and sampled; see protocol.h. */
#include "config.h"

#include "engine/protocol_events.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* ---- writing ----------------------------------------------------------- */

static void
events_text(struct str *line, const char *key, const char *value)
{
	if (value != NULL)
		protocol_text(line, key, value);
}

static void
events_put(struct str *line, const char *keyword,
    const struct protocol_event *v)
{
	protocol_begin(line, keyword);
	protocol_text(line, "name", v->name);
	events_text(line, "status", v->status);
	events_text(line, "reason", v->reason);
	if (v->status != NULL)
		return;
	protocol_u64(line, "type", v->type);
	protocol_u64(line, "config", v->config);
	if (v->config1 != 0)
		protocol_u64(line, "config1", v->config1);
	if (v->config2 != 0)
		protocol_u64(line, "config2", v->config2);
	events_text(line, "exclude", v->exclude);
	events_text(line, "filter", v->filter);
	if (v->cpus != NULL)
		protocol_int_list(line, "cpus", v->cpus, v->ncpus);
}

static void
events_flush(struct str *b, struct str *line)
{
	protocol_end(line);
	str_addn(b, line->s, line->len);
}

void
protocol_events_put(struct str *b, const struct protocol_launch *l)
{
	struct str line = { 0 };
	size_t i;

	if (l->count_mode != NULL) {
		protocol_begin(&line, "count");
		protocol_text(&line, "mode", l->count_mode);
		events_text(&line, "group", l->count_group);
		events_flush(b, &line);
	}
	for (i = 0; i < l->nevents; i++) {
		events_put(&line, "event", &l->events[i]);
		events_flush(b, &line);
	}
	if (l->profile != NULL) {
		events_put(&line, "profile", l->profile);
		protocol_u64(&line, "rate_hz", l->profile_hz);
		events_flush(b, &line);
	}
	str_free(&line);
}

/* ---- reading ----------------------------------------------------------- */

static char *
events_copy(const struct protocol_line *line, const char *key)
{
	const char *value = protocol_get(line, key);

	return value != NULL ? mem_strdup(value) : NULL;
}

static int
events_u64(const struct protocol_line *line, const char *key, uint64_t *value,
    struct err *e)
{
	*value = 0;
	return protocol_get(line, key) == NULL ? 0 :
	    protocol_get_u64(line, key, value, e);
}

static int
events_cpus(const struct protocol_line *line, struct protocol_event *v,
    struct err *e)
{
	int i;

	if (protocol_get(line, "cpus") == NULL)
		return 0;
	v->ncpus = protocol_get_int_list(line, "cpus", &v->cpus, e);
	for (i = 0; i < v->ncpus; i++)
		if (v->cpus[i] < 0)
			return err_set(e, "line '%s': %d is not a CPU",
			    line->keyword, v->cpus[i]);
	return v->ncpus < 0 ? -1 : 0;
}

/* Fill `v`, which is freed with the launch, also after an error. */
static int
events_take(const struct protocol_line *line, struct protocol_event *v,
    struct err *e)
{
	uint64_t type;
	const char *name;

	if (protocol_get_text(line, "name", &name, e) < 0)
		return -1;
	v->name = mem_strdup(name);
	v->status = events_copy(line, "status");
	v->reason = events_copy(line, "reason");
	if (v->status != NULL)
		return 0;
	v->exclude = events_copy(line, "exclude");
	v->filter = events_copy(line, "filter");
	if (v->exclude != NULL &&
	    v->exclude[strspn(v->exclude, "ukhgi")] != '\0')
		return err_set(e, "line '%s': field 'exclude': '%.80s' is not "
		    "out of the letters ukhgi", line->keyword, v->exclude);
	if (protocol_get_u64(line, "type", &type, e) < 0 ||
	    protocol_get_u64(line, "config", &v->config, e) < 0 ||
	    events_u64(line, "config1", &v->config1, e) < 0 ||
	    events_u64(line, "config2", &v->config2, e) < 0)
		return -1;
	if (type > UINT32_MAX)
		return err_set(e, "line '%s': field 'type' is too large",
		    line->keyword);
	v->type = (uint32_t)type;
	return events_cpus(line, v, e);
}

int
protocol_events_take(struct protocol_launch *l,
    const struct protocol_line *line, struct err *e)
{
	if (l->nevents == PROTOCOL_EVENTS_MAX)
		return err_set(e, "more than %d events", PROTOCOL_EVENTS_MAX);
	return events_take(line, protocol_add_event(l), e);
}

int
protocol_events_take_profile(struct protocol_launch *l,
    const struct protocol_line *line, struct err *e)
{
	if (l->profile != NULL)
		return err_set(e, "a second 'profile' line before 'go'");
	l->profile = mem_zalloc(sizeof(*l->profile));
	if (events_take(line, l->profile, e) < 0 ||
	    events_u64(line, "rate_hz", &l->profile_hz, e) < 0)
		return -1;
	if (l->profile->status == NULL && l->profile_hz == 0)
		return err_set(e, "line 'profile': a rate of 0");
	return 0;
}

int
protocol_events_take_mode(struct protocol_launch *l,
    const struct protocol_line *line, struct err *e)
{
	const char *mode;

	if (l->count_mode != NULL)
		return err_set(e, "a second 'count' line before 'go'");
	if (protocol_get_text(line, "mode", &mode, e) < 0)
		return -1;
	if (strcmp(mode, "cgroup") != 0 && strcmp(mode, "system") != 0 &&
	    strcmp(mode, "task") != 0)
		return err_set(e, "line 'count': field 'mode': '%.80s' is not "
		    "one of: cgroup, system, task", mode);
	l->count_mode = mem_strdup(mode);
	l->count_group = events_copy(line, "group");
	if (strcmp(mode, "cgroup") == 0 && l->count_group == NULL)
		return err_set(e, "line 'count': field 'group' is missing");
	return 0;
}

/* ---- life -------------------------------------------------------------- */

struct protocol_event *
protocol_add_event(struct protocol_launch *l)
{
	struct protocol_event *v;

	l->events = mem_grow(l->events, l->nevents, &l->events_cap,
	    sizeof(*l->events));
	v = &l->events[l->nevents++];
	memset(v, 0, sizeof(*v));
	return v;
}

static void
events_clear(struct protocol_event *v)
{
	free(v->name);
	free(v->status);
	free(v->reason);
	free(v->exclude);
	free(v->filter);
	free(v->cpus);
}

void
protocol_events_free(struct protocol_launch *l)
{
	size_t i;

	for (i = 0; i < l->nevents; i++)
		events_clear(&l->events[i]);
	free(l->events);
	if (l->profile != NULL)
		events_clear(l->profile);
	free(l->profile);
	free(l->count_mode);
	free(l->count_group);
}
