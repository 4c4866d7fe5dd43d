/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One name of an event: the sources are asked what it stands for, and the
 * kernel whether it would count that for us.
 */
#include "config.h"

#include "run/events_source.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "os/events.h"

/* The upper half of the number says on which kind of processors. */
#define NAME_PMU_SHIFT 32

/* ---- asking the kernel ------------------------------------------------- */

static int
name_open(const struct protocol_event *v, const char *exclude,
    const char *filter, bool sample, int cpu)
{
	struct os_event o = {
		.type = v->type,
		.config = v->config,
		.config1 = v->config1,
		.config2 = v->config2,
		.exclude = exclude,
		.filter = filter,
		.cpu = cpu,
		.sample = sample,
	};

	return os_events_try(&o) == 0 ? 0 : errno;
}

/*
 * As a part of this process, and where a PMU is not part of a processor, on the
 * CPU that answers for it.
 */
static int
name_open_somewhere(const struct protocol_event *v, const char *exclude,
    const char *filter, bool sample)
{
	int error = name_open(v, exclude, filter, sample, -1);

	if (error == EINVAL && v->ncpus > 0)
		error = name_open(v, exclude, filter, sample, v->cpus[0]);
	return error;
}

/* Without the letters that nobody asked for: guest, and hypervisor. */
static char *
name_plain(const struct protocol_event *v)
{
	struct str plain = { 0 };
	const char *s = v->exclude;
	char *copy;

	for (; s != NULL && *s != '\0'; s++)
		if (*s == 'u' || *s == 'k')
			str_addn(&plain, s, 1);
	copy = plain.len > 0 ? mem_strdup(plain.s) : NULL;
	str_free(&plain);
	return copy;
}

static bool
name_excludes(const struct protocol_event *v, char mode)
{
	return v->exclude != NULL && strchr(v->exclude, mode) != NULL;
}

static void
name_set_exclude(struct protocol_event *v, char *exclude)
{
	free(v->exclude);
	v->exclude = exclude;
}

/*
 * Some PMUs refuse to hear about guests.  A clock counts the same whatever is
 * excluded, and without the kernel everybody may count it.
 */
static int
name_try(struct protocol_event *v, const char *filter, bool sample)
{
	int error = name_open_somewhere(v, v->exclude, filter, sample);
	char *plain;

	if (error == EINVAL && v->exclude != NULL) {
		plain = name_plain(v);
		error = name_open_somewhere(v, plain, filter, sample);
		if (error == 0)
			name_set_exclude(v, plain);
		else
			free(plain);
	}
	if (error == EACCES && events_reason_clock(v) && !sample &&
	    name_open_somewhere(v, "k", filter, sample) == 0) {
		name_set_exclude(v, mem_strdup("k"));
		error = 0;
	}
	/* Permission is asked first; without it, is there anything to count? */
	if (error == EACCES && !name_excludes(v, 'k') &&
	    name_open_somewhere(v, "k", NULL, sample) == ENOENT)
		error = ENOENT;
	return error;
}

static void
name_filter_reason(struct protocol_event *v)
{
	char *fields = events_tracepoint_fields(v->name);

	events_reason(v, "unknown_event", "the kernel does not accept the "
	    "filter '%s'%s%s", v->filter, fields != NULL ?
	    "; the tracepoint has the fields " : "",
	    fields != NULL ? fields : "");
	free(fields);
}

static void
name_verify(struct protocol_event *v, bool sample)
{
	int error;

	if (!sample)
		events_reason_masked(v);
	if (v->status != NULL)
		return;
	error = name_try(v, v->filter, sample);
	if (error == EINVAL && v->filter != NULL &&
	    name_try(v, NULL, sample) == 0)
		name_filter_reason(v);
	else if (error != 0)
		events_reason_open(v, error, sample);
}

/* ---- asking the sources ------------------------------------------------ */

void
events_name_clear(struct protocol_event *v)
{
	free(v->name);
	free(v->status);
	free(v->reason);
	free(v->exclude);
	free(v->filter);
	free(v->cpus);
	memset(v, 0, sizeof(*v));
}

typedef enum events_found name_source(const char *name,
    struct protocol_event *v);

static enum events_found
name_ask(name_source *source, const char *name, struct protocol_event *v)
{
	events_name_clear(v);
	return source(name, v);
}

/*
 * A name like that of a tracepoint may be one of libpfm4's, so that is asked
 * even where tracepoints cannot be looked at.
 */
static enum events_found
name_find(const char *name, struct protocol_event *v)
{
	struct protocol_event other = { 0 };
	enum events_found found;

	found = name_ask(events_table, name, v);
	if (found == EVENTS_UNKNOWN && strchr(name, '[') == NULL)
		found = name_ask(events_pmu, name, v);
	if (found == EVENTS_UNKNOWN)
		found = name_ask(events_tracepoint, name, v);
	if (found == EVENTS_UNKNOWN)
		return name_ask(events_pfm, name, v);
	if (found != EVENTS_WRONG || strcmp(v->status, "unknown_event") == 0 ||
	    strchr(name, '/') != NULL)
		return found;
	if (name_ask(events_pfm, name, &other) != EVENTS_FOUND) {
		events_name_clear(&other);
		return found;
	}
	events_name_clear(v);
	*v = other;
	return EVENTS_FOUND;
}

/* ---- names that nobody knows ------------------------------------------- */

/* A search that keeps a copy of a name that does not last. */
struct name_near {
	struct str_nearest near;
	char *kept;
};

static void
name_near_passing(void *arg, const char *name)
{
	struct name_near *n = arg;

	str_nearest_try(&n->near, name);
	if (n->near.best != name)
		return;
	free(n->kept);
	n->kept = mem_strdup(name);
	n->near.best = n->kept;
}

/* Names of a text, one a line, are cut apart in place. */
static void
name_near_lines(struct str_nearest *near, char *text)
{
	char *line, *save = NULL;

	for (line = strtok_r(text, "\n", &save); line != NULL;
	    line = strtok_r(NULL, "\n", &save))
		str_nearest_try(near, line);
}

static void
name_unknown(const char *name, bool of_set, struct protocol_event *v)
{
	struct name_near near = { { 0 }, NULL };
	char *stem, *modes, *all;
	const char *known;
	uint32_t type;
	size_t i;

	if (of_set) {
		events_reason(v, "not_supported", "%s", strchr(name, ':') ?
		    "this kernel has no such tracepoint" :
		    "this system has no such event");
		return;
	}
	/* What may be a tracepoint has a colon that is no modifier's. */
	stem = mem_strdup(name);
	modes = strrchr(stem, ':');
	if (modes != NULL && modes[1 + strspn(modes + 1, "ukh")] == '\0')
		*modes = '\0';
	else
		modes = NULL;
	near.near.wanted = stem;
	for (i = 0; (known = events_table_at(i, &type)) != NULL; i++)
		str_nearest_try(&near.near, known);
	for (i = 0; (known = events_sets_at(i)) != NULL; i++)
		if (modes == NULL)
			str_nearest_try(&near.near, known);
	all = strchr(stem, ':') != NULL ? events_tracepoint_all() : NULL;
	if (all != NULL)
		name_near_lines(&near.near, all);
	if (strchr(stem, ':') != NULL)
		events_pfm_each(name_near_passing, &near);
	if (near.near.best != NULL)
		events_reason(v, "unknown_event",
		    "unknown event '%s'; did you mean %s%s%s", name, near.near.best,
		    modes != NULL ? ":" : "", modes != NULL ? modes + 1 : "");
	else
		events_reason(v, "unknown_event", "unknown event '%s'; "
		    "`vmstress events` lists what there is", name);
	free(all);
	free(near.kept);
	free(stem);
}

/* ---- kinds of processors ----------------------------------------------- */

static int *
name_cpus(const int *cpus, int n)
{
	int *copy = mem_array(NULL, (size_t)n, sizeof(*copy));

	memcpy(copy, cpus, (size_t)n * sizeof(*copy));
	return copy;
}

/* Append an event unless it is there; the launch owns what is in it. */
static void
name_add(struct protocol_launch *l, struct protocol_event *v)
{
	size_t i;

	for (i = 0; i < l->nevents; i++) {
		if (strcasecmp(l->events[i].name, v->name) == 0) {
			events_name_clear(v);
			return;
		}
	}
	*protocol_add_event(l) = *v;
}

/*
 * An event that every kind of processors counts in its own way, so their
 * numbers are not to be added: one for each, or for `only` one.
 */
static void
name_add_each(struct protocol_launch *l, const struct protocol_event *v,
    bool sample, const char *only)
{
	const struct events_core *cores;
	struct protocol_event one;
	int i, n = events_pmu_cores(&cores);

	for (i = 0; i < n; i++) {
		if (only != NULL && strcmp(only, cores[i].name) != 0)
			continue;
		one = *v;
		one.name = mem_printf("%s@%s", v->name, cores[i].name);
		one.config |= (uint64_t)cores[i].type << NAME_PMU_SHIFT;
		one.exclude = v->exclude != NULL ? mem_strdup(v->exclude) :
		    NULL;
		one.cpus = name_cpus(cores[i].cpus, cores[i].ncpus);
		one.ncpus = cores[i].ncpus;
		name_verify(&one, sample);
		name_add(l, &one);
	}
}

/* An event of one kind only: where are these processors? */
static void
name_where(struct protocol_event *v)
{
	const struct events_core *cores;
	int i, n = events_pmu_cores(&cores);

	for (i = 0; i < n && v->cpus == NULL; i++) {
		if (cores[i].type != v->type)
			continue;
		v->cpus = name_cpus(cores[i].cpus, cores[i].ncpus);
		v->ncpus = cores[i].ncpus;
	}
}

/* Does each kind of processors count it by itself; or `only`, if it is set? */
static bool
name_is_each(const struct protocol_event *v, const char *only)
{
	const struct events_core *cores;
	int i, n = events_pmu_cores(&cores);

	if (v->type != EVENTS_HARDWARE && v->type != EVENTS_CACHE)
		return false;
	for (i = 0; i < n; i++)
		if (only == NULL || strcmp(only, cores[i].name) == 0)
			return true;
	return false;
}

/* "cycles:k@cpu_core", as the events of one kind are called in the end. */
static const char *
name_kind(const char *name)
{
	return strpbrk(name, "[/") == NULL ? strchr(name, '@') : NULL;
}

/* Append what was found; `only`: the kind of processors, or NULL. */
static void
name_found(struct protocol_launch *l, struct protocol_event *v, bool sample,
    const char *name, const char *only)
{
	if (name_is_each(v, only)) {
		name_add_each(l, v, sample, only);
		events_name_clear(v);
		return;
	}
	if (only != NULL) {
		free(v->name);
		v->name = mem_strdup(name);
		events_reason(v, "not_supported", "no processors here that "
		    "count it are called '%s'", only);
	} else {
		name_where(v);
		name_verify(v, sample);
	}
	name_add(l, v);
}

void
events_name(const char *name, enum events_use use, struct protocol_launch *l)
{
	const char *kind = name_kind(name);
	struct protocol_event v = { 0 };
	char *stem = kind != NULL ?
	    mem_strndup(name, (size_t)(kind - name)) : mem_strdup(name);

	if (name_find(stem, &v) == EVENTS_FOUND) {
		name_found(l, &v, use == EVENTS_SAMPLE, name,
		    kind != NULL ? kind + 1 : NULL);
	} else {
		if (v.status == NULL)
			name_unknown(name, use == EVENTS_COUNT_SET, &v);
		free(v.name);
		v.name = mem_strdup(name);
		name_add(l, &v);
	}
	free(stem);
}
