/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What FreeBSD and DragonFly share: system controls, whose numbers have 4 or 8
 * bytes depending on system and version, and what is known by their means.
 * Type-checked by eye only; it has not run on such a system.
 */
#include "config.h"

#include "os/hypervisor.h"
#include "os/os_internal.h"

#include <sys/param.h>
#include <sys/sysctl.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- system controls -------------------------------------------------- */

int
bsd_sysctl_u64(const char *name, uint64_t *value)
{
	union {
		uint32_t u32;
		uint64_t u64;
	} v;
	size_t len = 0;

	if (sysctlbyname(name, NULL, &len, NULL, 0) != 0)
		return -1;
	if (len != sizeof(v.u32) && len != sizeof(v.u64)) {
		errno = EINVAL;
		return -1;
	}
	if (sysctlbyname(name, &v, &len, NULL, 0) != 0)
		return -1;
	*value = len == sizeof(v.u32) ? v.u32 : v.u64;
	return 0;
}

static void
bsd_fact_text(os_fact_fn *fn, void *arg, const struct bsd_fact *row)
{
	char text[POSIX_FACT_MAX];
	size_t len = sizeof(text) - 1;

	if (sysctlbyname(row->name, text, &len, NULL, 0) != 0)
		return;
	text[len] = '\0';
	posix_fact(fn, arg, row->key, text);
}

static void
bsd_facts(os_fact_fn *fn, void *arg, const struct bsd_fact *row)
{
	uint64_t value;

	for (; row->key != NULL; row++) {
		if (row->type == BSD_TEXT)
			bsd_fact_text(fn, arg, row);
		else if (bsd_sysctl_u64(row->name, &value) == 0)
			posix_fact_u64(fn, arg, row->key, value);
	}
}

static void
bsd_limits(os_limit_fn *fn, void *arg, const struct bsd_limit *row)
{
	struct os_limit l = { .soft = false };

	for (; row->name != NULL; row++) {
		l.name = row->name;
		l.counts = row->counts;
		l.lift = row->lift;
		if (bsd_sysctl_u64(row->name, &l.value) != 0)
			continue;
		if (row->used == NULL ||
		    bsd_sysctl_u64(row->used, &l.used) != 0)
			l.used = 0;
		if (row->root_exempt && getuid() == 0)
			l.value = UINT64_MAX;
		fn(arg, &l);
	}
}

/* ---- processors ------------------------------------------------------- */

/* There are such priorities, but a child would inherit them. */
int
os_urgent(void)
{
	errno = ENOTSUP;
	return -1;
}

/* ---- memory ----------------------------------------------------------- */

/*
 * Free pages, and those whose content can be had again: the cache queue (where
 * there is one) and the inactive queue, which is nearly all clean pages.
 */
uint64_t
os_memory_available(void)
{
	static const char *const queues[] = {
		"vm.stats.vm.v_free_count", "vm.stats.vm.v_cache_count",
		"vm.stats.vm.v_inactive_count",
	};
	uint64_t count, pages = 0;
	size_t i;

	for (i = 0; i < sizeof(queues) / sizeof(*queues); i++)
		if (bsd_sysctl_u64(queues[i], &count) == 0)
			pages += count;
	return pages * os_page_size();
}

/*
 * Of all that is asked for only the kernel's allocators have a count of their
 * own, and not on every system.
 */
int
os_kernel_memory(struct os_kernel_memory *m)
{
	uint64_t available = os_memory_available();

	m->page_tables_bytes = m->kernel_stack_bytes = OS_MEMORY_UNKNOWN;
	m->slab_unreclaimable_bytes = m->percpu_bytes = OS_MEMORY_UNKNOWN;
	m->anonymous_bytes = m->swap_used_bytes = OS_MEMORY_UNKNOWN;
	if (bsd_sysctl_u64("vm.kmem_map_size", &m->slab_bytes) != 0)
		m->slab_bytes = OS_MEMORY_UNKNOWN;
	m->available_bytes = available != 0 ? available : OS_MEMORY_UNKNOWN;
	return 0;
}

/* ---- processes -------------------------------------------------------- */

int
os_pipe(int fds[2])
{
	return pipe2(fds, O_CLOEXEC);
}

/* The opposite, protection from the OOM killer, is all that there is. */
int
os_oom_first(void)
{
	errno = ENOTSUP;
	return -1;
}

void
os_set_name(const char *name)
{
	setproctitle("%s", name);
}

int
os_self_path(char *buf, size_t len)
{
	int mib[4] = { CTL_KERN, KERN_PROC, KERN_PROC_PATHNAME, -1 };
	size_t n = len;

	return sysctl(mib, 4, buf, &n, NULL, 0);
}

/* ---- what could have changed the number ------------------------------- */

void
os_facts(os_fact_fn *fn, void *arg)
{
	char name[HYPERVISOR_NAME_MAX];

	posix_facts(fn, arg);
	bsd_facts(fn, arg, bsd_system_facts);
	if (hypervisor_name(name) == 0)
		fn(arg, "vm.hypervisor_name", name);
}

void
os_facts_now(os_fact_fn *fn, void *arg)
{
	bsd_facts(fn, arg, bsd_system_facts_now);
}

void
os_limits(os_limit_fn *fn, void *arg)
{
	posix_limits(fn, arg, getuid() == 0, NULL, false);
	bsd_limits(fn, arg, bsd_system_limits);
}

/*
 * A row that names a command of sysctl can be set while the system runs, the
 * others when it boots.
 */
static const struct bsd_limit *
bsd_limit_find(const char *name)
{
	const struct bsd_limit *row = bsd_system_limits;

	for (; row->name != NULL; row++)
		if (strcmp(row->name, name) == 0 &&
		    strncmp(row->lift, "sysctl ", 7) == 0)
			return row;
	return NULL;
}

enum os_scope
os_limit_scope(const char *name)
{
	return bsd_limit_find(name) != NULL ? OS_SCOPE_SYSTEM :
	    posix_limit_scope(name);
}

int
os_limit_get(const char *name, uint64_t *value)
{
	return bsd_limit_find(name) != NULL ? bsd_sysctl_u64(name, value) :
	    posix_limit_get(name, value);
}

int
os_limit_set(const char *name, uint64_t value)
{
	uint32_t narrow = (uint32_t)value;
	size_t len = 0;

	if (bsd_limit_find(name) == NULL)
		return posix_limit_set(name, value);
	if (sysctlbyname(name, NULL, &len, NULL, 0) != 0)
		return -1;
	if (len == sizeof(value))
		return sysctlbyname(name, NULL, NULL, &value, len);
	if (len != sizeof(narrow) || value > INT32_MAX) {
		errno = EINVAL;
		return -1;
	}
	return sysctlbyname(name, NULL, NULL, &narrow, len);
}

void
os_steady(os_fact_fn *fn, void *arg)
{
	/* FreeBSD's name of the clock, and DragonFly's. */
	static const char *const clocks[] = {
		"kern.timecounter.hardware", "kern.cputimer.name"
	};
	char text[128];
	size_t i, len;

	for (i = 0; i < sizeof(clocks) / sizeof(clocks[0]); i++) {
		len = sizeof(text) - 1;
		if (sysctlbyname(clocks[i], text, &len, NULL, 0) != 0)
			continue;
		text[len] = '\0';
		posix_fact(fn, arg, "clocksource", text);
		return;
	}
}
