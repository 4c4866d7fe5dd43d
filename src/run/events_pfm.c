/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Events by the names that the makers of processors give them, through libpfm4:
 * "skl::DTLB_LOAD_MISSES:WALK_ACTIVE:k".  The only file that knows the library;
 * built without it, no such name is known.
 */
#include "config.h"

#include "run/events_source.h"

#ifdef HAVE_LIBPFM

/* The system's header first: the library brings an older copy of it. */
#include <linux/perf_event.h>

#include <perfmon/pfmlib_perf_event.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"

static enum { PFM_ASLEEP, PFM_AWAKE, PFM_BROKEN } pfm_state;

static bool
pfm_ready(void)
{
	if (pfm_state == PFM_ASLEEP)
		pfm_state = pfm_initialize() == PFM_SUCCESS ?
		    PFM_AWAKE : PFM_BROKEN;
	return pfm_state == PFM_AWAKE;
}

void
events_pfm_free(void)
{
	if (pfm_state == PFM_AWAKE)
		pfm_terminate();
	pfm_state = PFM_ASLEEP;
}

/* ---- encoding ---------------------------------------------------------- */

/* What the library sets and our protocol has no word for. */
static const char *
pfm_beyond(const struct perf_event_attr *a)
{
	if (a->precise_ip != 0)
		return "precise";
	if (a->pinned)
		return "pinned";
	if (a->exclusive)
		return "excl";
	if (a->sample_period != 0)
		return "period or freq";
	return NULL;
}

static void
pfm_take(const struct perf_event_attr *a, struct protocol_event *v)
{
	char exclude[8];
	size_t n = 0;

	v->type = a->type;
	v->config = a->config;
	v->config1 = a->config1;
	v->config2 = a->config2;
	if (a->exclude_user)
		exclude[n++] = 'u';
	if (a->exclude_kernel)
		exclude[n++] = 'k';
	if (a->exclude_hv)
		exclude[n++] = 'h';
	if (a->exclude_guest)
		exclude[n++] = 'g';
	if (a->exclude_idle)
		exclude[n++] = 'i';
	v->exclude = n > 0 ? mem_strndup(exclude, n) : NULL;
}

/* "skl::..." where there is another processor. */
static enum events_found
pfm_elsewhere(const char *name, struct protocol_event *v)
{
	const char *colons = strstr(name, "::");
	size_t len = colons != NULL ? (size_t)(colons - name) : 0;
	pfm_pmu_info_t info;
	pfm_pmu_t pmu;

	pfm_for_all_pmus(pmu) {
		memset(&info, 0, sizeof(info));
		info.size = sizeof(info);
		if (pfm_get_pmu_info(pmu, &info) != PFM_SUCCESS ||
		    len == 0 || strlen(info.name) != len ||
		    strncasecmp(info.name, name, len) != 0)
			continue;
		if (!info.is_present)
			return events_reason(v, "not_supported", "the PMU %s "
			    "(%s) is not in this machine", info.name,
			    info.desc);
	}
	return EVENTS_UNKNOWN;
}

enum events_found
events_pfm(const char *name, struct protocol_event *v)
{
	struct perf_event_attr attr;
	pfm_perf_encode_arg_t arg;
	const char *beyond;
	int r;

	if (!pfm_ready())
		return EVENTS_UNKNOWN;
	memset(&attr, 0, sizeof(attr));
	attr.size = sizeof(attr);
	memset(&arg, 0, sizeof(arg));
	arg.size = sizeof(arg);
	arg.attr = &attr;
	r = pfm_get_os_event_encoding(name, PFM_PLM0 | PFM_PLM3,
	    PFM_OS_PERF_EVENT_EXT, &arg);
	if (r == PFM_ERR_NOTFOUND)
		return pfm_elsewhere(name, v);
	v->name = mem_strdup(name);
	if (r == PFM_ERR_NOTSUPP)
		return events_reason(v, "not_supported",
		    "libpfm4 knows it, but the kernel does not have its PMU");
	if (r != PFM_SUCCESS)
		return events_reason(v, "unknown_event", "libpfm4: %s",
		    pfm_strerror(r));
	beyond = pfm_beyond(&attr);
	if (beyond != NULL)
		return events_reason(v, "not_supported", "vmstress does not "
		    "count with the modifier '%s'", beyond);
	pfm_take(&attr, v);
	return EVENTS_FOUND;
}

/* ---- listing ----------------------------------------------------------- */

/* One event with each of its unit masks, or alone. */
static void
pfm_event(const char *pmu, int index,
    void (*fn)(void *arg, const char *name), void *arg)
{
	pfm_event_attr_info_t attr;
	pfm_event_info_t info;
	int i, masks = 0;
	char *name;

	memset(&info, 0, sizeof(info));
	info.size = sizeof(info);
	if (pfm_get_event_info(index, PFM_OS_PERF_EVENT, &info) != PFM_SUCCESS)
		return;
	for (i = 0; i < info.nattrs; i++) {
		memset(&attr, 0, sizeof(attr));
		attr.size = sizeof(attr);
		if (pfm_get_event_attr_info(index, i, PFM_OS_PERF_EVENT,
		    &attr) != PFM_SUCCESS || attr.type != PFM_ATTR_UMASK)
			continue;
		name = mem_printf("%s::%s:%s", pmu, info.name, attr.name);
		fn(arg, name);
		free(name);
		masks++;
	}
	if (masks > 0)
		return;
	name = mem_printf("%s::%s", pmu, info.name);
	fn(arg, name);
	free(name);
}

/* Those of the system have better names in other sources. */
void
events_pfm_each(void (*fn)(void *arg, const char *name), void *arg)
{
	pfm_pmu_info_t info;
	pfm_pmu_t pmu;
	int i;

	if (!pfm_ready())
		return;
	pfm_for_all_pmus(pmu) {
		memset(&info, 0, sizeof(info));
		info.size = sizeof(info);
		if (pfm_get_pmu_info(pmu, &info) != PFM_SUCCESS ||
		    !info.is_present || info.type == PFM_PMU_TYPE_OS_GENERIC ||
		    strcmp(info.name, "perf") == 0 ||
		    strcmp(info.name, "perf_raw") == 0)
			continue;
		for (i = info.first_event; i >= 0; i = pfm_get_event_next(i))
			pfm_event(info.name, i, fn, arg);
	}
}

#else /* HAVE_LIBPFM */

enum events_found
events_pfm(const char *name, struct protocol_event *v)
{
	(void)name;
	(void)v;
	return EVENTS_UNKNOWN;
}

void
events_pfm_each(void (*fn)(void *arg, const char *name), void *arg)
{
	(void)fn;
	(void)arg;
}

void
events_pfm_free(void)
{
}

#endif
