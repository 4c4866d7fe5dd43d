/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * FreeBSD and DragonFly: statistics are system controls, some of 4 bytes, which
 * wrap.  Type-checked by eye only; it has not run on such a system.
 */
#include "config.h"

#include "os/statistics.h"

#include <sys/param.h>
#include <sys/sysctl.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "os/os_internal.h"

/* The name of a value is what follows the prefix. */
struct statistics_row {
	const char *prefix, *name, *source;
};

#define STATISTICS_VM "vm.stats.vm."
#define STATISTICS_SYS "vm.stats.sys."

static const struct statistics_row statistics_rows[] = {
	{ STATISTICS_VM, "v_vm_faults", "vm" },
	{ STATISTICS_VM, "v_io_faults", "vm" },
	{ STATISTICS_VM, "v_cow_faults", "vm" },
	{ STATISTICS_VM, "v_cow_optim", "vm" },
	{ STATISTICS_VM, "v_zfod", "vm" },
	{ STATISTICS_VM, "v_ozfod", "vm" },
	{ STATISTICS_VM, "v_forks", "vm" },
	{ STATISTICS_VM, "v_vforks", "vm" },
	{ STATISTICS_VM, "v_rforks", "vm" },
	{ STATISTICS_VM, "v_forkpages", "vm" },
	{ STATISTICS_VM, "v_vforkpages", "vm" },
	{ STATISTICS_VM, "v_tfree", "vm" },
	{ STATISTICS_VM, "v_dfree", "vm" },
	{ STATISTICS_VM, "v_pfree", "vm" },
	{ STATISTICS_VM, "v_reactivated", "vm" },
	{ STATISTICS_VM, "v_pdwakeups", "vm" },
	{ STATISTICS_VM, "v_pdpages", "vm" },
	{ STATISTICS_VM, "v_intrans", "vm" },
	{ STATISTICS_VM, "v_swapin", "vm" },
	{ STATISTICS_VM, "v_swapout", "vm" },
	{ STATISTICS_VM, "v_swappgsin", "vm" },
	{ STATISTICS_VM, "v_swappgsout", "vm" },
	{ STATISTICS_VM, "v_free_count", "vm" },
	{ STATISTICS_VM, "v_active_count", "vm" },
	{ STATISTICS_VM, "v_inactive_count", "vm" },
	{ STATISTICS_VM, "v_laundry_count", "vm" },
	{ STATISTICS_VM, "v_wire_count", "vm" },
	{ STATISTICS_SYS, "v_swtch", "sys" },
	{ STATISTICS_SYS, "v_trap", "sys" },
	{ STATISTICS_SYS, "v_syscall", "sys" },
	{ STATISTICS_SYS, "v_intr", "sys" },
	{ STATISTICS_SYS, "v_soft", "sys" },
	{ STATISTICS_SYS, "v_ipi", "sys" },
	{ STATISTICS_SYS, "v_timer", "sys" },
	{ "vm.pmap.", "pv_entries", "pmap" },
	{ "vm.pmap.", "pv_entry_count", "pmap" },
};

#define STATISTICS_ROWS \
	(sizeof(statistics_rows) / sizeof(statistics_rows[0]))

/* Of all processors together, as the kernel numbers them. */
static const char *const statistics_times[] = {
	"user_ns", "nice_ns", "system_ns", "irq_ns", "idle_ns",
};

#define STATISTICS_TIMES \
	(sizeof(statistics_times) / sizeof(statistics_times[0]))

/* Enough for the longest name of a control. */
#define STATISTICS_NAME_MAX 64

struct os_statistics {
	uint64_t value[STATISTICS_ROWS];	/* continued beyond 32 bits */
	char name[STATISTICS_ROWS][STATISTICS_NAME_MAX];
	uint64_t time_unit_ns;			/* 0: it is not known */
};

/*
 * By how much one of 32 bits rose since the last time, or fell, modulo 2^32:
 * the nearer of the two.
 */
static int
statistics_update(struct os_statistics *s, size_t i)
{
	union {
		uint32_t u32;
		uint64_t u64;
	} v;
	size_t len = sizeof(v);

	memset(&v, 0, sizeof(v));
	if (sysctlbyname(s->name[i], &v, &len, NULL, 0) != 0)
		return -1;
	if (len == sizeof(v.u32))
		s->value[i] += (uint64_t)(int64_t)(int32_t)(v.u32 -
		    (uint32_t)s->value[i]);
	else
		s->value[i] = v.u64;
	return 0;
}

struct os_statistics *
os_statistics_open(const char *root)
{
	const struct statistics_row *row = statistics_rows;
	struct os_statistics *s;
	size_t i, n;

	if (root != NULL) {
		errno = ENOTSUP;
		return NULL;
	}
	s = mem_zalloc(sizeof(*s));
	for (i = 0; i < STATISTICS_ROWS; i++, row++) {
		n = strlen(row->prefix);
		memcpy(s->name[i], row->prefix, n);
		memcpy(s->name[i] + n, row->name, strlen(row->name) + 1);
	}
	s->time_unit_ns = bsd_system_time_unit();
	return s;
}

/* Under the same names as on Linux; how many there were. */
static int
statistics_read_times(const struct os_statistics *s, os_statistics_fn *fn,
    void *arg)
{
	long times[STATISTICS_TIMES];
	size_t i, len = sizeof(times);

	if (s->time_unit_ns == 0 ||
	    sysctlbyname("kern.cp_time", times, &len, NULL, 0) != 0 ||
	    len != sizeof(times))
		return 0;
	for (i = 0; i < STATISTICS_TIMES; i++)
		fn(arg, "stat", statistics_times[i],
		    strlen(statistics_times[i]),
		    (uint64_t)times[i] * s->time_unit_ns);
	return (int)STATISTICS_TIMES;
}

int
os_statistics_read(struct os_statistics *s, uint64_t *at_ns,
    os_statistics_fn *fn, void *arg)
{
	const struct statistics_row *row = statistics_rows;
	uint64_t from_ns = os_now_ns();
	int n = statistics_read_times(s, fn, arg);
	size_t i;

	for (i = 0; i < STATISTICS_ROWS; i++, row++) {
		if (statistics_update(s, i) != 0)
			continue;
		fn(arg, row->source, row->name, strlen(row->name),
		    s->value[i]);
		n++;
	}
	*at_ns = from_ns + (os_now_ns() - from_ns) / 2;
	return n > 0 ? 0 : -1;
}

int
os_statistics_slabs(struct os_statistics *s, os_statistics_fn *fn, void *arg)
{
	(void)s;
	(void)fn;
	(void)arg;
	errno = ENOTSUP;
	return -1;
}

void
os_statistics_close(struct os_statistics *s)
{
	free(s);
}
