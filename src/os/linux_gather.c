/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Linux: the facts that no single file holds: how many sockets and cores there
 * are, settings that each processor or controller has, the configuration that
 * the kernel was built with.
 */
#include "config.h"

#include "os/hypervisor.h"
#include "os/os_internal.h"

#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/mem.h"

#define GATHER_CPU "/sys/devices/system/cpu/"
#define GATHER_NODE "/sys/devices/system/node/"
#define GATHER_CPUINFO_MAX 16384
#define GATHER_CONFIG_MAX (1 << 20)

/* ---- lists ------------------------------------------------------------ */

/* A text of limited length that grows by words; what does not fit is lost. */
struct gather_list {
	char text[POSIX_FACT_MAX];
	size_t len;
};

static void
gather_add(struct gather_list *l, const char *word)
{
	size_t room = sizeof(l->text) - l->len;
	int n = snprintf(l->text + l->len, room, "%s%s",
	    l->len > 0 ? " " : "", word);

	if (n > 0 && (size_t)n < room)
		l->len += (size_t)n;
	else
		l->text[l->len] = '\0';
}

/* A key from a file name: lower case, and no dots and dashes. */
static void
gather_key(char *key, size_t len, const char *prefix, const char *name)
{
	char *s;

	snprintf(key, len, "%s%s", prefix, name);
	for (s = key + strcspn(key, ".") + 1; *s != '\0'; s++)
		*s = isalnum((unsigned char)*s) ?
		    (char)tolower((unsigned char)*s) : '_';
}

/* Report each file of a directory, `suffix` below it, as prefix + name. */
static void
gather_directory(os_fact_fn *fn, void *arg, const char *prefix,
    const char *path, const char *stem, const char *suffix)
{
	char key[320], file[512], text[POSIX_FACT_MAX];
	DIR *dir = opendir(path);
	struct dirent *d;

	if (dir == NULL)
		return;
	while ((d = readdir(dir)) != NULL) {
		if (d->d_name[0] == '.' ||
		    strncmp(d->d_name, stem, strlen(stem)) != 0)
			continue;
		snprintf(file, sizeof(file), "%s%s%s", path, d->d_name, suffix);
		gather_key(key, sizeof(key), prefix, d->d_name);
		if (posix_read(file, text, sizeof(text)) > 0)
			posix_fact(fn, arg, key, text);
	}
	closedir(dir);
}

/* ---- processors ------------------------------------------------------- */

/*
 * The numbers that say where a CPU is; -1 where the kernel does not tell.
 */
struct gather_cpu {
	long package;
	long core;
};

static long
gather_topology(int cpu, const char *file)
{
	char path[128];
	uint64_t v;

	snprintf(path, sizeof(path), GATHER_CPU "cpu%d/topology/%s", cpu, file);
	return posix_read_u64(path, &v) == 0 ? (long)v : -1;
}

static int
gather_cpu_order(const void *a, const void *b)
{
	const struct gather_cpu *x = a, *y = b;

	if (x->package != y->package)
		return x->package < y->package ? -1 : 1;
	return (x->core > y->core) - (x->core < y->core);
}

/* Sockets and cores of the online CPUs. */
static void
gather_cpus(os_fact_fn *fn, void *arg)
{
	int i, n = 0, sockets = 0, cores = 0;
	int room = (int)sysconf(_SC_NPROCESSORS_CONF);
	struct gather_cpu *v;

	if (room < 1)
		return;
	v = mem_array(NULL, (size_t)room, sizeof(*v));
	for (i = 0; i < room; i++) {
		v[n].package = gather_topology(i, "physical_package_id");
		v[n].core = gather_topology(i, "core_id");
		n += v[n].core >= 0;
	}
	qsort(v, (size_t)n, sizeof(*v), gather_cpu_order);
	for (i = 0; i < n; i++) {
		sockets += i == 0 || v[i].package != v[i - 1].package;
		cores += i == 0 || gather_cpu_order(&v[i], &v[i - 1]) != 0;
	}
	free(v);
	if (n > 0) {
		posix_fact_u64(fn, arg, "machine.sockets", (uint64_t)sockets);
		posix_fact_u64(fn, arg, "machine.cores", (uint64_t)cores);
	}
}

/*
 * A setting that each CPU has: the value if all agree, else the value of each
 * run of neighbours: "performance", "0-3 performance, 4-7 powersave".
 */
static void
gather_per_cpu(os_fact_fn *fn, void *arg, const char *key, const char *file)
{
	char path[128], text[128], last[128] = "", word[320];
	int cpu, first = 0, runs = 0, n = (int)sysconf(_SC_NPROCESSORS_CONF);
	struct gather_list all = { "", 0 };

	for (cpu = 0; cpu <= n; cpu++) {
		text[0] = '\0';
		snprintf(path, sizeof(path), GATHER_CPU "cpu%d/%s", cpu, file);
		if (cpu < n && posix_read(path, text, sizeof(text)) > 0)
			text[strcspn(text, "\n")] = '\0';
		if (cpu > 0 && (cpu == n || strcmp(text, last) != 0)) {
			runs++;
			snprintf(word, sizeof(word), "%s%d-%d %s",
			    runs > 1 ? ", " : "", first, cpu - 1,
			    last[0] != '\0' ? last : "none");
			gather_add(&all, word);
			first = cpu;
		}
		if (cpu < n)
			memcpy(last, text, sizeof(last));
	}
	posix_fact(fn, arg, key, runs > 1 ? all.text : last);
}

/* The idle states of the first CPU, disabled ones in parentheses. */
static void
gather_idle_states(os_fact_fn *fn, void *arg)
{
	char path[128], name[64], word[80];
	struct gather_list all = { "", 0 };
	uint64_t disabled;
	int i;

	for (i = 0; ; i++) {
		snprintf(path, sizeof(path),
		    GATHER_CPU "cpu0/cpuidle/state%d/name", i);
		if (posix_read(path, name, sizeof(name)) <= 0)
			break;
		name[strcspn(name, "\n")] = '\0';
		snprintf(path, sizeof(path),
		    GATHER_CPU "cpu0/cpuidle/state%d/disable", i);
		if (posix_read_u64(path, &disabled) != 0)
			disabled = 0;
		snprintf(word, sizeof(word), disabled ? "(%s)" : "%s", name);
		gather_add(&all, word);
	}
	posix_fact(fn, arg, "tunables.cpuidle_states", all.text);
}

/* x86 only: elsewhere the flag does not exist, and its absence says nothing. */
static void
gather_hypervisor(os_fact_fn *fn, void *arg)
{
	char text[GATHER_CPUINFO_MAX], flags[POSIX_FACT_MAX];

	char name[HYPERVISOR_NAME_MAX];

	if (posix_read("/proc/cpuinfo", text, sizeof(text)) > 0 &&
	    linux_facts_field(text, "flags", flags, sizeof(flags)) == 0)
		fn(arg, "vm.hypervisor_flag",
		    strstr(flags, " hypervisor") != NULL ? "yes" : "no");
	if (hypervisor_name(name) == 0)
		fn(arg, "vm.hypervisor_name", name);
}

/* ---- memory ----------------------------------------------------------- */

/* /proc/swaps without its heading. */
static void
gather_swaps(os_fact_fn *fn, void *arg)
{
	char text[POSIX_FACT_MAX];
	const char *rest;

	if (posix_read("/proc/swaps", text, sizeof(text)) <= 0)
		return;
	rest = strchr(text, '\n');
	if (rest == NULL || rest[1] == '\0')
		rest = "none";
	posix_fact(fn, arg, "tunables.swap_devices", rest);
}

/* ---- control groups --------------------------------------------------- */

/* A setting of the caller's groups, by controller and version. */
static const struct gather_group {
	const char *controller;
	const char *v2;		/* NULL: version 1 only */
	const char *v1;		/* NULL: version 2 only */
} gather_groups[] = {
	{ "pids", "pids.max", "pids.max" },
	{ "memory", "memory.max", "memory.limit_in_bytes" },
	{ "memory", "memory.high", NULL },
	{ "memory", "memory.low", NULL },
	{ "memory", "memory.swap.max", "memory.memsw.limit_in_bytes" },
	{ "memory", NULL, "memory.swappiness" },
	{ "memory", "memory.oom.group", NULL },
	{ "cpu", "cpu.max", "cpu.cfs_quota_us" },
	{ "cpu", NULL, "cpu.cfs_period_us" },
	{ "cpu", "cpu.weight", "cpu.shares" },
	{ "cpuset", "cpuset.cpus.effective", "cpuset.effective_cpus" },
	{ "cpuset", "cpuset.mems.effective", "cpuset.effective_mems" },
};

/* The keys are those of the files: "limits.cgroup_pids_max". */
static void
gather_cgroups(os_fact_fn *fn, void *arg)
{
	const struct gather_group *g = gather_groups;
	const struct gather_group *end = g +
	    sizeof(gather_groups) / sizeof(*g);
	char key[128], path[PATH_MAX], text[POSIX_FACT_MAX];
	struct linux_cgroup cg;
	const char *file;

	for (; g < end; g++) {
		if (linux_cgroup_find(g->controller, &cg) != 0)
			continue;
		file = linux_cgroup_name(&cg, g->v2, g->v1);
		if (file == NULL ||
		    !linux_cgroup_path(&cg, file, path, sizeof(path)) ||
		    posix_read(path, text, sizeof(text)) <= 0)
			continue;
		gather_key(key, sizeof(key), "limits.cgroup_", file);
		posix_fact(fn, arg, key, text);
	}
}

/* ---- the kernel ------------------------------------------------------- */

/* A file that is there only if the kernel was built with a debug option. */
static const struct gather_sign {
	const char *path;
	const char *option;
} gather_signs[] = {
	{ "/proc/lockdep_stats", "LOCKDEP" },
	{ "/proc/lock_stat", "LOCK_STAT" },
	{ "/sys/kernel/debug/kmemleak", "DEBUG_KMEMLEAK" },
	{ "/sys/kernel/debug/kcsan", "KCSAN" },
	{ "/sys/kernel/debug/kfence", "KFENCE" },
	{ "/sys/kernel/debug/page_owner", "PAGE_OWNER" },
	{ "/sys/kernel/debug/fail_page_alloc", "FAIL_PAGE_ALLOC" },
	{ "/sys/kernel/debug/failslab", "FAILSLAB" },
	{ "/sys/kernel/debug/debug_objects", "DEBUG_OBJECTS" },
	{ "/sys/kernel/debug/kcov", "KCOV" },
	{ "/proc/sys/kernel/kasan", "KASAN" },
};

/* Options of a readable kernel configuration that change what is measured. */
static const char *const gather_options[] = {
	"CONFIG_HZ", "CONFIG_PREEMPT_NONE", "CONFIG_PREEMPT_VOLUNTARY",
	"CONFIG_PREEMPT", "CONFIG_PREEMPT_RT", "CONFIG_PREEMPT_DYNAMIC",
	"CONFIG_NO_HZ_FULL", "CONFIG_KASAN", "CONFIG_KCSAN", "CONFIG_KMSAN",
	"CONFIG_UBSAN", "CONFIG_LOCKDEP", "CONFIG_PROVE_LOCKING",
	"CONFIG_PROVE_RCU", "CONFIG_LOCK_STAT", "CONFIG_DEBUG_VM",
	"CONFIG_DEBUG_VM_PGFLAGS", "CONFIG_DEBUG_PAGEALLOC",
	"CONFIG_DEBUG_LIST", "CONFIG_DEBUG_OBJECTS", "CONFIG_DEBUG_PREEMPT",
	"CONFIG_DEBUG_SPINLOCK", "CONFIG_DEBUG_MUTEXES",
	"CONFIG_DEBUG_ATOMIC_SLEEP", "CONFIG_SLUB_DEBUG_ON",
	"CONFIG_PAGE_POISONING", "CONFIG_PAGE_TABLE_CHECK",
	"CONFIG_INIT_ON_ALLOC_DEFAULT_ON", "CONFIG_INIT_ON_FREE_DEFAULT_ON",
	"CONFIG_LTO_CLANG", "CONFIG_MEMCG", "CONFIG_PER_VMA_LOCK",
	"CONFIG_LRU_GEN", "CONFIG_SCHED_CORE",
};

static void
gather_debug(os_fact_fn *fn, void *arg)
{
	const size_t n = sizeof(gather_signs) / sizeof(*gather_signs);
	struct gather_list all = { "", 0 };
	size_t i;

	for (i = 0; i < n; i++)
		if (access(gather_signs[i].path, F_OK) == 0)
			gather_add(&all, gather_signs[i].option);
	posix_fact(fn, arg, "kernel.debug", all.text);
}

/* The first that exists of the places where a configuration is kept. */
static bool
gather_config_path(char *buf, size_t len)
{
	static const char *const places[] = {
		"/proc/config", "/lib/modules/%s/config",
		"/lib/modules/%s/build/.config", "/boot/config-%s",
		"/proc/config.gz",
	};
	struct utsname u;
	const char *mark;
	size_t i;

	if (uname(&u) != 0)
		return false;
	for (i = 0; i < sizeof(places) / sizeof(*places); i++) {
		mark = strstr(places[i], "%s");
		if (mark == NULL)
			snprintf(buf, len, "%s", places[i]);
		else
			snprintf(buf, len, "%.*s%s%s", (int)(mark - places[i]),
			    places[i], u.release, mark + 2);
		if (access(buf, R_OK) == 0)
			return true;
	}
	return false;
}

/*
 * Where the configuration is, and if it is plain text, the options of
 * gather_options that are set.
 */
static void
gather_config(os_fact_fn *fn, void *arg)
{
	const size_t n = sizeof(gather_options) / sizeof(*gather_options);
	char path[512], value[64], word[128], *text;
	struct gather_list all = { "", 0 };
	size_t i;

	if (!gather_config_path(path, sizeof(path)))
		return;
	posix_fact(fn, arg, "kernel.config_path", path);
	text = mem_array(NULL, GATHER_CONFIG_MAX, 1);
	if (posix_read(path, text, GATHER_CONFIG_MAX) > 0) {
		for (i = 0; i < n; i++) {
			if (linux_facts_field(text, gather_options[i], value,
			    sizeof(value)) != 0)
				continue;
			snprintf(word, sizeof(word), "%s=%s",
			    gather_options[i], value);
			gather_add(&all, word);
		}
	}
	free(text);
	posix_fact(fn, arg, "kernel.config_options", all.text);
}

/* Names only: sizes and use counts of modules come and go. */
static void
gather_modules(os_fact_fn *fn, void *arg)
{
	struct gather_list all = { "", 0 };
	char line[512];
	FILE *f = fopen("/proc/modules", "re");

	if (f == NULL)
		return;
	while (fgets(line, sizeof(line), f) != NULL) {
		line[strcspn(line, " \n")] = '\0';
		gather_add(&all, line);
	}
	fclose(f);
	posix_fact(fn, arg, "kernel.modules", all.text);
}

void
linux_gather(os_fact_fn *fn, void *arg)
{
	gather_debug(fn, arg);
	gather_config(fn, arg);
	gather_modules(fn, arg);
	gather_directory(fn, arg, "kernel.livepatch_",
	    "/sys/kernel/livepatch/", "", "/enabled");
	gather_cpus(fn, arg);
	gather_directory(fn, arg, "machine.distance_", GATHER_NODE, "node",
	    "/distance");
	gather_hypervisor(fn, arg);
	gather_per_cpu(fn, arg, "tunables.cpufreq_governor",
	    "cpufreq/scaling_governor");
	gather_per_cpu(fn, arg, "tunables.cpufreq_driver",
	    "cpufreq/scaling_driver");
	gather_per_cpu(fn, arg, "tunables.cpufreq_max_khz",
	    "cpufreq/scaling_max_freq");
	gather_per_cpu(fn, arg, "tunables.cpufreq_min_khz",
	    "cpufreq/scaling_min_freq");
	gather_per_cpu(fn, arg, "tunables.cpufreq_epp",
	    "cpufreq/energy_performance_preference");
	gather_idle_states(fn, arg);
	gather_directory(fn, arg, "tunables.mitigation_",
	    GATHER_CPU "vulnerabilities/", "", "");
	gather_directory(fn, arg, "tunables.thp_",
	    "/sys/kernel/mm/transparent_hugepage/", "hugepages-",
	    "/enabled");
	gather_swaps(fn, arg);
	gather_cgroups(fn, arg);
}

/* ---- what has to stay as it is ------------------------------------------ */

/* Both counts of all processors; a package is counted by each of its CPUs. */
static void
gather_throttles(os_fact_fn *fn, void *arg)
{
	static const char *const files[] = {
		"core_throttle_count", "package_throttle_count"
	};
	int cpu, n = (int)sysconf(_SC_NPROCESSORS_CONF), found = 0;
	uint64_t value, sum = 0;
	char path[128];
	size_t i;

	for (cpu = 0; cpu < n; cpu++) {
		for (i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
			snprintf(path, sizeof(path), GATHER_CPU
			    "cpu%d/thermal_throttle/%s", cpu, files[i]);
			if (posix_read_u64(path, &value) != 0)
				continue;
			sum += value;
			found++;
		}
		/* They have it all, or none of them. */
		if (found == 0)
			return;
	}
	posix_fact_u64(fn, arg, "throttles", sum);
}

void
os_steady(os_fact_fn *fn, void *arg)
{
	static const struct {
		const char *key, *path;
	} files[] = {
		{ "clocksource", "/sys/devices/system/clocksource/clocksource0/"
		  "current_clocksource" },
		{ "frequency.boost", GATHER_CPU "cpufreq/boost" },
		{ "frequency.no_turbo", GATHER_CPU "intel_pstate/no_turbo" },
	};
	char text[128];
	size_t i;

	for (i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		if (posix_read(files[i].path, text, sizeof(text)) > 0)
			posix_fact(fn, arg, files[i].key, text);
	gather_per_cpu(fn, arg, "governor", "cpufreq/scaling_governor");
	gather_per_cpu(fn, arg, "frequency.max_khz", "cpufreq/scaling_max_freq");
	gather_throttles(fn, arg);
}
