/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Linux: what could have changed a number.  Nearly every fact is a row of a
 * table that says which file holds it; what this kernel does not have is not
 * reported.  The few facts that must be gathered from many files are in
 * linux_gather.c.
 */
#include "config.h"

#include "os/os_internal.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* Enough of a file for every row; /proc/cpuinfo is long, its start will do. */
#define FACTS_TEXT_MAX 16384

#define FACTS_CPU "/sys/devices/system/cpu/"
#define FACTS_NODE "/sys/devices/system/node/"
#define FACTS_THP "/sys/kernel/mm/transparent_hugepage/"
#define FACTS_KHUGE FACTS_THP "khugepaged/"
#define FACTS_KSM "/sys/kernel/mm/ksm/"
#define FACTS_ZSWAP "/sys/module/zswap/parameters/"
#define FACTS_DMI "/sys/class/dmi/id/"
#define FACTS_CLOCK "/sys/devices/system/clocksource/clocksource0/"

struct facts_row {
	const char *key;
	const char *path;
	const char *field;	/* line of the file; NULL: all of it */
};

static const struct facts_row facts_rows[] = {
	{ "kernel.proc_version", "/proc/version", NULL },
	{ "kernel.cmdline", "/proc/cmdline", NULL },
	{ "kernel.tainted", "/proc/sys/kernel/tainted", NULL },
	{ "kernel.preempt", "/sys/kernel/debug/sched/preempt", NULL },
	{ "kernel.realtime", "/sys/kernel/realtime", NULL },
	{ "kernel.lsm", "/sys/kernel/security/lsm", NULL },

	{ "machine.vendor", FACTS_DMI "sys_vendor", NULL },
	{ "machine.product", FACTS_DMI "product_name", NULL },
	{ "machine.product_version", FACTS_DMI "product_version", NULL },
	{ "machine.board", FACTS_DMI "board_name", NULL },
	{ "machine.bios_vendor", FACTS_DMI "bios_vendor", NULL },
	{ "machine.bios_version", FACTS_DMI "bios_version", NULL },
	{ "machine.bios_date", FACTS_DMI "bios_date", NULL },
	{ "machine.devicetree_model", "/proc/device-tree/model", NULL },
	{ "machine.cpu_vendor", "/proc/cpuinfo", "vendor_id" },
	{ "machine.cpu_model", "/proc/cpuinfo", "model name" },
	{ "machine.cpu_family", "/proc/cpuinfo", "cpu family" },
	{ "machine.cpu_model_number", "/proc/cpuinfo", "model" },
	{ "machine.cpu_stepping", "/proc/cpuinfo", "stepping" },
	{ "machine.microcode", "/proc/cpuinfo", "microcode" },
	{ "machine.cpu_flags", "/proc/cpuinfo", "flags" },
	{ "machine.cpu_bugs", "/proc/cpuinfo", "bugs" },
	{ "machine.cpu_implementer", "/proc/cpuinfo", "CPU implementer" },
	{ "machine.cpu_part", "/proc/cpuinfo", "CPU part" },
	{ "machine.cpu_variant", "/proc/cpuinfo", "CPU variant" },
	{ "machine.cpu_revision", "/proc/cpuinfo", "CPU revision" },
	{ "machine.cpu_features", "/proc/cpuinfo", "Features" },
	{ "machine.cpu_isa", "/proc/cpuinfo", "isa" },
	{ "machine.cpu_list_online", FACTS_CPU "online", NULL },
	{ "machine.cpu_list_possible", FACTS_CPU "possible", NULL },
	{ "machine.smt_active", FACTS_CPU "smt/active", NULL },
	{ "machine.smt_control", FACTS_CPU "smt/control", NULL },
	{ "machine.nodes_online", FACTS_NODE "online", NULL },
	{ "machine.nodes_memory", FACTS_NODE "has_normal_memory", NULL },
	{ "machine.memory", "/proc/meminfo", "MemTotal" },
	{ "machine.hugepage_size", "/proc/meminfo", "Hugepagesize" },
	{ "machine.clocksource", FACTS_CLOCK "current_clocksource", NULL },
	{ "machine.clocksources", FACTS_CLOCK "available_clocksource", NULL },

	{ "vm.hypervisor", "/sys/hypervisor/type", NULL },

	{ "tunables.aslr", "/proc/sys/kernel/randomize_va_space", NULL },
	{ "tunables.mmap_rnd_bits", "/proc/sys/vm/mmap_rnd_bits", NULL },
	{ "tunables.intel_no_turbo", FACTS_CPU "intel_pstate/no_turbo", NULL },
	{ "tunables.intel_pstate", FACTS_CPU "intel_pstate/status", NULL },
	{ "tunables.intel_max_perf_pct", FACTS_CPU "intel_pstate/max_perf_pct",
	  NULL },
	{ "tunables.amd_pstate", FACTS_CPU "amd_pstate/status", NULL },
	{ "tunables.cpufreq_boost", FACTS_CPU "cpufreq/boost", NULL },
	{ "tunables.cpuidle_driver", FACTS_CPU "cpuidle/current_driver", NULL },
	{ "tunables.cpuidle_governor", FACTS_CPU "cpuidle/current_governor",
	  NULL },
	{ "tunables.cpu_list_isolated", FACTS_CPU "isolated", NULL },
	{ "tunables.cpu_list_nohz_full", FACTS_CPU "nohz_full", NULL },
	{ "tunables.cpu_list_offline", FACTS_CPU "offline", NULL },
	{ "tunables.thp_enabled", FACTS_THP "enabled", NULL },
	{ "tunables.thp_defrag", FACTS_THP "defrag", NULL },
	{ "tunables.thp_shmem_enabled", FACTS_THP "shmem_enabled", NULL },
	{ "tunables.thp_zero_page", FACTS_THP "use_zero_page", NULL },
	{ "tunables.thp_shrink_underused", FACTS_THP "shrink_underused", NULL },
	{ "tunables.khugepaged_defrag", FACTS_KHUGE "defrag", NULL },
	{ "tunables.khugepaged_pages_to_scan", FACTS_KHUGE "pages_to_scan",
	  NULL },
	{ "tunables.khugepaged_scan_sleep_ms",
	  FACTS_KHUGE "scan_sleep_millisecs", NULL },
	{ "tunables.khugepaged_alloc_sleep_ms",
	  FACTS_KHUGE "alloc_sleep_millisecs", NULL },
	{ "tunables.khugepaged_max_ptes_none", FACTS_KHUGE "max_ptes_none",
	  NULL },
	{ "tunables.khugepaged_max_ptes_shared", FACTS_KHUGE "max_ptes_shared",
	  NULL },
	{ "tunables.khugepaged_max_ptes_swap", FACTS_KHUGE "max_ptes_swap",
	  NULL },
	{ "tunables.hugepages", "/proc/sys/vm/nr_hugepages", NULL },
	{ "tunables.hugepages_overcommit",
	  "/proc/sys/vm/nr_overcommit_hugepages", NULL },
	{ "tunables.ksm_run", FACTS_KSM "run", NULL },
	{ "tunables.ksm_pages_to_scan", FACTS_KSM "pages_to_scan", NULL },
	{ "tunables.lru_gen", "/sys/kernel/mm/lru_gen/enabled", NULL },
	{ "tunables.lru_gen_min_ttl_ms", "/sys/kernel/mm/lru_gen/min_ttl_ms",
	  NULL },
	{ "tunables.numa_balancing", "/proc/sys/kernel/numa_balancing", NULL },
	{ "tunables.numa_demotion", "/sys/kernel/mm/numa/demotion_enabled",
	  NULL },
	{ "tunables.zone_reclaim_mode", "/proc/sys/vm/zone_reclaim_mode", NULL },
	{ "tunables.swappiness", "/proc/sys/vm/swappiness", NULL },
	{ "tunables.page_cluster", "/proc/sys/vm/page-cluster", NULL },
	{ "tunables.vma_readahead", "/sys/kernel/mm/swap/vma_ra_enabled", NULL },
	{ "tunables.zswap_enabled", FACTS_ZSWAP "enabled", NULL },
	{ "tunables.zswap_compressor", FACTS_ZSWAP "compressor", NULL },
	{ "tunables.zswap_max_pool_percent", FACTS_ZSWAP "max_pool_percent",
	  NULL },
	{ "tunables.overcommit_memory", "/proc/sys/vm/overcommit_memory", NULL },
	{ "tunables.overcommit_ratio", "/proc/sys/vm/overcommit_ratio", NULL },
	{ "tunables.overcommit_kbytes", "/proc/sys/vm/overcommit_kbytes", NULL },
	{ "tunables.min_free_kbytes", "/proc/sys/vm/min_free_kbytes", NULL },
	{ "tunables.watermark_scale_factor",
	  "/proc/sys/vm/watermark_scale_factor", NULL },
	{ "tunables.watermark_boost_factor",
	  "/proc/sys/vm/watermark_boost_factor", NULL },
	{ "tunables.percpu_pagelist_high_fraction",
	  "/proc/sys/vm/percpu_pagelist_high_fraction", NULL },
	{ "tunables.compaction_proactiveness",
	  "/proc/sys/vm/compaction_proactiveness", NULL },
	{ "tunables.unprivileged_userfaultfd",
	  "/proc/sys/vm/unprivileged_userfaultfd", NULL },
	{ "tunables.dirty_ratio", "/proc/sys/vm/dirty_ratio", NULL },
	{ "tunables.dirty_background_ratio",
	  "/proc/sys/vm/dirty_background_ratio", NULL },
	{ "tunables.max_map_count", "/proc/sys/vm/max_map_count", NULL },
	{ "tunables.pid_max", "/proc/sys/kernel/pid_max", NULL },
	{ "tunables.threads_max", "/proc/sys/kernel/threads-max", NULL },
	{ "tunables.file_max", "/proc/sys/fs/file-max", NULL },
	{ "tunables.nr_open", "/proc/sys/fs/nr_open", NULL },
	{ "tunables.pipe_max_size", "/proc/sys/fs/pipe-max-size", NULL },
	{ "tunables.pipe_user_pages_soft", "/proc/sys/fs/pipe-user-pages-soft",
	  NULL },
	{ "tunables.pipe_user_pages_hard", "/proc/sys/fs/pipe-user-pages-hard",
	  NULL },
	{ "tunables.nmi_watchdog", "/proc/sys/kernel/nmi_watchdog", NULL },
	{ "tunables.watchdog", "/proc/sys/kernel/watchdog", NULL },
	{ "tunables.timer_migration", "/proc/sys/kernel/timer_migration", NULL },
	{ "tunables.perf_event_paranoid", "/proc/sys/kernel/perf_event_paranoid",
	  NULL },
	{ "tunables.kptr_restrict", "/proc/sys/kernel/kptr_restrict", NULL },
	{ "tunables.sched_autogroup", "/proc/sys/kernel/sched_autogroup_enabled",
	  NULL },
	{ "tunables.sched_schedstats", "/proc/sys/kernel/sched_schedstats",
	  NULL },
	{ "tunables.sched_features", "/sys/kernel/debug/sched/features", NULL },
	{ "tunables.sched_base_slice_ns",
	  "/sys/kernel/debug/sched/base_slice_ns", NULL },
	{ "tunables.sched_ext", "/sys/kernel/sched_ext/state", NULL },
	{ "tunables.sched_ext_ops", "/sys/kernel/sched_ext/root/ops", NULL },
	{ "tunables.rcu_expedited", "/sys/kernel/rcu_expedited", NULL },
	{ "tunables.rcu_normal", "/sys/kernel/rcu_normal", NULL },
	{ "tunables.tracer", "/sys/kernel/tracing/current_tracer", NULL },
	{ "tunables.kfence_sample_interval_ms",
	  "/sys/module/kfence/parameters/sample_interval", NULL },

	{ "limits.cgroup", "/proc/self/cgroup", NULL },
	{ "limits.oom_score_adj", "/proc/self/oom_score_adj", NULL },
	{ "limits.cpus_allowed", "/proc/self/status", "Cpus_allowed_list" },
	{ "limits.nodes_allowed", "/proc/self/status", "Mems_allowed_list" },
	{ "limits.seccomp", "/proc/self/status", "Seccomp" },

	{ "ids.boot_id", "/proc/sys/kernel/random/boot_id", NULL },
	{ "ids.uptime", "/proc/uptime", NULL },
};

static const struct facts_row facts_now_rows[] = {
	{ "env.loadavg", "/proc/loadavg", NULL },
	{ "env.uptime", "/proc/uptime", NULL },
	{ "env.pressure_cpu", "/proc/pressure/cpu", NULL },
	{ "env.pressure_memory", "/proc/pressure/memory", NULL },
	{ "env.pressure_io", "/proc/pressure/io", NULL },
	{ "env.cpu_ticks", "/proc/stat", "cpu" },
	{ "env.memory_free", "/proc/meminfo", "MemFree" },
	{ "env.memory_available", "/proc/meminfo", "MemAvailable" },
	{ "env.buffers", "/proc/meminfo", "Buffers" },
	{ "env.cached", "/proc/meminfo", "Cached" },
	{ "env.dirty", "/proc/meminfo", "Dirty" },
	{ "env.writeback", "/proc/meminfo", "Writeback" },
	{ "env.anonymous", "/proc/meminfo", "AnonPages" },
	{ "env.anonymous_huge", "/proc/meminfo", "AnonHugePages" },
	{ "env.shmem", "/proc/meminfo", "Shmem" },
	{ "env.slab", "/proc/meminfo", "Slab" },
	{ "env.slab_unreclaimable", "/proc/meminfo", "SUnreclaim" },
	{ "env.kernel_stack", "/proc/meminfo", "KernelStack" },
	{ "env.page_tables", "/proc/meminfo", "PageTables" },
	{ "env.percpu", "/proc/meminfo", "Percpu" },
	{ "env.committed", "/proc/meminfo", "Committed_AS" },
	{ "env.hugepages_free", "/proc/meminfo", "HugePages_Free" },
	{ "env.swap_free", "/proc/meminfo", "SwapFree" },
	{ "env.swap_in_pages", "/proc/vmstat", "pswpin" },
	{ "env.swap_out_pages", "/proc/vmstat", "pswpout" },
	{ "env.oom_kills", "/proc/vmstat", "oom_kill" },
	{ "env.compact_stalls", "/proc/vmstat", "compact_stall" },
	{ "env.khugepaged_pages_collapsed", FACTS_KHUGE "pages_collapsed",
	  NULL },
	{ "env.thp_split", "/proc/vmstat", "thp_split_page" },
	{ "env.files", "/proc/sys/fs/file-nr", NULL },
	{ "env.buddyinfo", "/proc/buddyinfo", NULL },
	{ "env.package_throttles",
	  FACTS_CPU "cpu0/thermal_throttle/package_throttle_count", NULL },
	{ "env.temperature_millidegrees", "/sys/class/thermal/thermal_zone0/temp",
	  NULL },
};

/* ---- reading ---------------------------------------------------------- */

/*
 * The value in a line after its name: behind ':' or '=', or a number.  NULL:
 * the name only begins like this one ("model" and "model name").
 */
static const char *
facts_value(const char *s)
{
	const char *after = s;

	while (*s == ' ' || *s == '\t')
		s++;
	if (*s == ':' || *s == '=') {
		s++;
		while (*s == ' ' || *s == '\t')
			s++;
		return s;
	}
	return s > after && isdigit((unsigned char)*s) ? s : NULL;
}

int
linux_facts_field(const char *text, const char *name, char *buf, size_t len)
{
	size_t n = strlen(name);
	const char *line, *value;

	for (line = text; line != NULL; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (strncmp(line, name, n) != 0)
			continue;
		value = facts_value(line + n);
		if (value == NULL)
			continue;
		n = strcspn(value, "\n");
		while (n > 0 && isspace((unsigned char)value[n - 1]))
			n--;
		if (n >= len)
			n = len - 1;
		memcpy(buf, value, n);
		buf[n] = '\0';
		return 0;
	}
	return -1;
}

int
linux_facts_number(const char *path, const char *name, uint64_t *value)
{
	char text[FACTS_TEXT_MAX], number[64];

	if (posix_read(path, text, sizeof(text)) <= 0 ||
	    linux_facts_field(text, name, number, sizeof(number)) != 0 ||
	    !isdigit((unsigned char)number[0]))
		return -1;
	*value = strtoull(number, NULL, 10);
	return 0;
}

static void
facts_report(os_fact_fn *fn, void *arg, const struct facts_row *r, size_t n)
{
	char text[FACTS_TEXT_MAX] = "", value[POSIX_FACT_MAX];
	const char *path = "";

	for (; n > 0; n--, r++) {
		/* Rows of one file follow each other: it is read once. */
		if (strcmp(r->path, path) != 0) {
			path = r->path;
			posix_read(path, text, sizeof(text));
		}
		if (text[0] == '\0')
			continue;
		if (r->field == NULL)
			posix_fact(fn, arg, r->key, text);
		else if (linux_facts_field(text, r->field, value,
		    sizeof(value)) == 0)
			posix_fact(fn, arg, r->key, value);
	}
}

void
os_facts(os_fact_fn *fn, void *arg)
{
	posix_facts(fn, arg);
	facts_report(fn, arg, facts_rows,
	    sizeof(facts_rows) / sizeof(*facts_rows));
	linux_gather(fn, arg);
}

void
os_facts_now(os_fact_fn *fn, void *arg)
{
	facts_report(fn, arg, facts_now_rows,
	    sizeof(facts_now_rows) / sizeof(*facts_now_rows));
}
