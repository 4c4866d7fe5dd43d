/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Events on machines that are not here: this file plays the kernel, both its
 * system calls and what it publishes about PMUs and tracepoints.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"
#include "base/mem.h"
#include "os/events.h"
#include "no_rings.h"
#include "os/linux_perf_calls.h"
#include "run/events.h"
#include "run/events_source.h"

#define FAKE_FD 1000

/* ---- the kernel -------------------------------------------------------- */

/* Says with which errno an event is refused, or 0. */
typedef int fake_answer(const struct perf_event_attr *attr, pid_t pid, int cpu);

static fake_answer *answer;
static int opened;		/* and not closed */
static const char *good_filter;

int
linux_perf_calls_open(const struct perf_event_attr *attr, pid_t pid, int cpu,
    int group_fd, unsigned long flags)
{
	assert_int_equal(attr->size, sizeof(*attr));
	assert_int_equal(attr->disabled, 1);
	assert_int_equal(group_fd, -1);
	assert_int_equal(flags, PERF_FLAG_FD_CLOEXEC);
	/* Either this process, or all of a CPU. */
	assert_true((pid == 0 && cpu == -1) || (pid == -1 && cpu >= 0));
	errno = answer(attr, pid, cpu);
	if (errno != 0)
		return -1;
	opened++;
	return FAKE_FD;
}

int
linux_perf_calls_ioctl(int fd, unsigned long request, const void *arg)
{
	assert_int_equal(fd, FAKE_FD);
	assert_int_equal(request, PERF_EVENT_IOC_SET_FILTER);
	if (good_filter != NULL && strcmp(arg, good_filter) == 0)
		return 0;
	errno = EINVAL;
	return -1;
}

ssize_t
linux_perf_calls_read(int fd, void *buf, size_t len)
{
	(void)fd;
	(void)buf;
	(void)len;
	errno = ENOSYS;
	return -1;
}

void
linux_perf_calls_close(int fd)
{
	assert_int_equal(fd, FAKE_FD);
	opened--;
}

static int
accept_all(const struct perf_event_attr *attr, pid_t pid, int cpu)
{
	(void)attr;
	(void)pid;
	(void)cpu;
	return 0;
}

static int refusal;

static int
refuse_all(const struct perf_event_attr *attr, pid_t pid, int cpu)
{
	(void)attr;
	(void)pid;
	(void)cpu;
	return refusal;
}

/* A virtual machine: software and tracepoints only. */
static int
no_pmu(const struct perf_event_attr *attr, pid_t pid, int cpu)
{
	(void)pid;
	(void)cpu;
	return attr->type == PERF_TYPE_SOFTWARE ||
	    attr->type == PERF_TYPE_TRACEPOINT ? 0 : ENOENT;
}

/* A user without privilege, with perf_event_paranoid at 2. */
static int
paranoid_two(const struct perf_event_attr *attr, pid_t pid, int cpu)
{
	if (!attr->exclude_kernel || cpu >= 0)
		return EACCES;
	return no_pmu(attr, pid, cpu);
}

static int
paranoid_two_with_pmu(const struct perf_event_attr *attr, pid_t pid, int cpu)
{
	(void)pid;
	return !attr->exclude_kernel || cpu >= 0 ? EACCES : 0;
}

/* ---- what it publishes ------------------------------------------------- */

static char root[] = "/tmp/vmstress-events-XXXXXX";
static char *pmus, *tracing, *paranoid;

/* Write a file of the fixture and make the folders above it. */
static void
put(const char *file, const char *text)
{
	char *path = mem_printf("%s/%s", root, file), *slash;
	FILE *f;

	for (slash = path + strlen(root) + 1;
	    (slash = strchr(slash, '/')) != NULL; slash++) {
		*slash = '\0';
		mkdir(path, 0755);
		*slash = '/';
	}
	f = fopen(path, "w");
	assert_non_null(f);
	fputs(text, f);
	assert_int_equal(fclose(f), 0);
	free(path);
}

static int
setup(void **state)
{
	(void)state;
	memcpy(root + sizeof(root) - 7, "XXXXXX", 6);
	assert_non_null(mkdtemp(root));
	pmus = mem_printf("%s/pmus", root);
	tracing = mem_printf("%s/tracing", root);
	paranoid = mem_printf("%s/paranoid", root);
	put("paranoid", "2\n");
	put("pmus/software/type", "1\n");
	put("pmus/msr/type", "9\n");
	put("pmus/msr/format/event", "config:0-63\n");
	put("pmus/msr/events/tsc", "event=0x00\n");
	put("pmus/msr/events/aperf", "event=0x01\n");
	put("pmus/msr/events/aperf.scale", "1.0\n");
	put("tracing/available_events", "tlb:tlb_flush\nsched:sched_switch\n"
	    "syscalls:sys_enter_getppid\n");
	put("tracing/events/tlb/tlb_flush/id", "188\n");
	put("tracing/events/tlb/tlb_flush/format", "name: tlb_flush\nID: 188\n"
	    "format:\n"
	    "\tfield:unsigned short common_type;\toffset:0;\tsize:2;\n"
	    "\tfield:int common_pid;\toffset:4;\tsize:4;\n\n"
	    "\tfield:int reason;\toffset:8;\tsize:4;\tsigned:1;\n"
	    "\tfield:unsigned long pages;\toffset:16;\tsize:8;\n"
	    "\tfield:char comm[16];\toffset:24;\tsize:16;\n\n"
	    "print fmt: \"pages:%ld\", REC->pages\n");
	put("tracing/events/sched/sched_switch/id", "300\n");
	put("tracing/events/syscalls/sys_enter_getppid/id", "305\n");
	os_events_set_root(pmus, tracing, paranoid);
	answer = accept_all;
	good_filter = NULL;
	opened = 0;
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	events_free();
	io_remove_folder(root);
	free(pmus);
	free(tracing);
	free(paranoid);
	/* What was opened to try was closed. */
	return opened == 0 ? 0 : -1;
}

/* A machine with two kinds of processors. */
static void
put_hybrid(void)
{
	put("pmus/cpu_core/type", "4\n");
	put("pmus/cpu_core/cpus", "0-3\n");
	put("pmus/cpu_core/format/event", "config:0-7\n");
	put("pmus/cpu_core/format/umask", "config:8-15\n");
	put("pmus/cpu_atom/type", "10\n");
	put("pmus/cpu_atom/cpus", "4-5,7\n");
	put("pmus/cpu_atom/format/event", "config:0-7\n");
	put("pmus/cpu_atom/events/topdown", "event=0xc4\n");
}

/* A PMU of a memory controller, asked by one CPU. */
static void
put_uncore(void)
{
	put("pmus/uncore_imc/type", "22\n");
	put("pmus/uncore_imc/cpumask", "2\n");
	put("pmus/uncore_imc/format/event", "config:0-7,21\n");
	put("pmus/uncore_imc/format/edge", "config:18\n");
	put("pmus/uncore_imc/format/match", "config1:4-5\n");
	put("pmus/uncore_imc/format/far", "config3:0-5\n");
	put("pmus/uncore_imc/format/broken", "config:9-70\n");
	put("pmus/uncore_imc/events/reads", "event=0x104,edge\n");
	put("pmus/uncore_imc/events/asks", "event=?\n");
	put("pmus/uncore_imc/events/loop", "loop\n");
}

/* ---- helpers ----------------------------------------------------------- */

static struct protocol_launch l;

/* Resolve one name, which stands for one event. */
static const struct protocol_event *
one(const char *name)
{
	struct err e = { 0 };

	protocol_launch_free(&l);
	if (events_resolve(name, &l, &e) != 0)
		fail_msg("%s: %s", name, e.text);
	assert_int_equal(l.nevents, 1);
	return &l.events[0];
}

static void
counted(const char *name, uint32_t type, uint64_t config, const char *exclude)
{
	const struct protocol_event *v = one(name);

	if (v->status != NULL)
		fail_msg("%s: %s: %s", name, v->status, v->reason);
	assert_int_equal(v->type, type);
	assert_int_equal(v->config, config);
	assert_string_equal(v->exclude != NULL ? v->exclude : "", exclude);
	protocol_launch_free(&l);
}

static void
not_counted(const char *name, const char *status, const char *reason)
{
	const struct protocol_event *v = one(name);

	assert_non_null(v->status);
	assert_string_equal(v->status, status);
	assert_string_equal(v->reason, reason);
	protocol_launch_free(&l);
}

/* ---- what the kernel answers ------------------------------------------- */

static void
test_counted(void **state)
{
	(void)state;
	counted("cycles:k", 0, 0, "uhg");
	counted("page-faults", 1, 2, "");
	counted("tlb:tlb_flush", 2, 188, "");
	counted("tp:tlb:tlb_flush", 2, 188, "");
	counted("tlb:tlb_flush:k", 2, 188, "u");
	counted("msr/tsc/", 9, 0, "");
	counted("msr/aperf/", 9, 1, "");
	counted("r1c4:u", 4, 0x1c4, "khg");
}

static void
test_no_pmu(void **state)
{
	static const char reason[] =
	    "no hardware PMU here, as in most virtual machines";

	(void)state;
	answer = no_pmu;
	not_counted("cycles:k", "not_supported", reason);
	not_counted("dTLB-load-misses", "not_supported", reason);
	not_counted("r1c4", "not_supported", reason);
	not_counted("msr/tsc/", "not_supported",
	    "this kernel does not count it");
	counted("page-faults:u", 1, 2, "k");
}

static int
only_cycles(const struct perf_event_attr *attr, pid_t pid, int cpu)
{
	(void)pid;
	(void)cpu;
	return attr->type == PERF_TYPE_HARDWARE && attr->config == 0 ? 0 :
	    ENOENT;
}

static void
test_errno(void **state)
{
	static const struct {
		int error;
		const char *status, *part;
	} rows[] = {
		{ ENOENT, "not_supported", "this kernel does not count it" },
		{ ENXIO, "not_supported", "this kernel does not count it" },
		{ ENODEV, "not_supported", "this kernel does not count it" },
		{ EINVAL, "not_supported", "its PMU refuses it" },
		{ EOPNOTSUPP, "not_supported", "its PMU refuses it" },
		{ ENOSYS, "not_supported", "a container hides it" },
		{ EACCES, "not_permitted", "perf_event_paranoid is 2" },
		{ EPERM, "not_permitted", "perf_event_paranoid is 2" },
		{ EMFILE, "error", "perf_event_open() failed: " },
		{ EBUSY, "error", "perf_event_open() failed: " },
		{ ESRCH, "error", "perf_event_open() failed: " },
		{ E2BIG, "error", "perf_event_open() failed: " },
	};
	const struct protocol_event *v;
	size_t i;

	(void)state;
	answer = refuse_all;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		refusal = rows[i].error;
		v = one("page-faults");
		assert_non_null(v->status);
		assert_string_equal(v->status, rows[i].status);
		if (strstr(v->reason, rows[i].part) == NULL)
			fail_msg("%d: %s", rows[i].error, v->reason);
	}
	/* With a PMU that lacks this one. */
	answer = only_cycles;
	not_counted("branch-misses", "not_supported",
	    "this processor does not count it");
	protocol_launch_free(&l);
}

static void
test_not_permitted(void **state)
{
	(void)state;
	answer = paranoid_two;
	not_counted("page-faults", "not_permitted",
	    "kernel.perf_event_paranoid is 2: to count in the kernel, run as "
	    "root, or as root: sysctl kernel.perf_event_paranoid=1; without "
	    "that, only what happens in user mode (u)");
	not_counted("context-switches", "not_permitted",
	    "kernel.perf_event_paranoid is 2: to count in the kernel, run as "
	    "root, or as root: sysctl kernel.perf_event_paranoid=1");
	counted("page-faults:u", 1, 2, "k");
	/* Asked without permission it is not permitted; it is not there. */
	not_counted("cycles", "not_supported",
	    "no hardware PMU here, as in most virtual machines");
	/* The clock counts everything either way, and this way it may. */
	counted("task-clock", 1, 1, "k");
	answer = paranoid_two_with_pmu;
	not_counted("cycles", "not_permitted",
	    "kernel.perf_event_paranoid is 2: to count in the kernel, run as "
	    "root, or as root: sysctl kernel.perf_event_paranoid=1; without "
	    "that, only what happens in user mode (u)");
}

static void
test_forbidden(void **state)
{
	(void)state;
	answer = refuse_all;
	refusal = EACCES;
	put("paranoid", "3\n");
	not_counted("page-faults:u", "not_permitted",
	    "kernel.perf_event_paranoid is 3: to count anything, run as root, "
	    "or as root: sysctl kernel.perf_event_paranoid=2");
	refusal = EPERM;
	put("paranoid", "-1\n");
	not_counted("page-faults", "not_permitted",
	    "Operation not permitted: perf_event_open() is forbidden by a "
	    "container or a security module");
	put("paranoid", "what\n");
	not_counted("page-faults", "not_permitted",
	    "Operation not permitted: perf_event_open() is forbidden by a "
	    "container or a security module");
}

static void
test_masked(void **state)
{
	(void)state;
	not_counted("context-switches:u", "masked",
	    "it happens in the kernel, which is excluded, so it would always "
	    "be 0: write context-switches or context-switches:k");
	not_counted("cpu-migrations:u", "masked",
	    "it happens in the kernel, which is excluded, so it would always "
	    "be 0: write cpu-migrations or cpu-migrations:k");
	not_counted("tlb:tlb_flush:u[reason==1]", "masked",
	    "it happens in the kernel, which is excluded, so it would always "
	    "be 0: write tlb:tlb_flush or tlb:tlb_flush:k");
	not_counted("tlb:tlb_flush:u", "masked",
	    "it happens in the kernel, which is excluded, so it would always "
	    "be 0: write tlb:tlb_flush or tlb:tlb_flush:k");
	not_counted("task-clock:k", "masked", "this clock runs in all modes, "
	    "and the kernel would count them all: write task-clock");
	counted("context-switches:k", 1, 3, "u");
	counted("context-switches:uk", 1, 3, "");
	/* System calls are the user's. */
	counted("syscalls:sys_enter_getppid:u", 2, 305, "k");
}

/* ---- modes that a PMU refuses ------------------------------------------ */

static int
no_exclude(const struct perf_event_attr *attr, pid_t pid, int cpu)
{
	(void)pid;
	(void)cpu;
	return attr->exclude_user || attr->exclude_kernel ||
	    attr->exclude_hv || attr->exclude_guest ? EINVAL : 0;
}

static int
no_guest(const struct perf_event_attr *attr, pid_t pid, int cpu)
{
	(void)pid;
	(void)cpu;
	return attr->exclude_hv || attr->exclude_guest ? EINVAL : 0;
}

static void
test_exclude_refused(void **state)
{
	(void)state;
	answer = no_guest;
	counted("cycles", 0, 0, "");
	counted("cycles:k", 0, 0, "u");
	answer = no_exclude;
	counted("msr/tsc/", 9, 0, "");
	not_counted("msr/tsc/k", "not_supported", "Invalid argument: perhaps "
	    "its PMU cannot tell the modes apart; try it without u, k, h");
	/* All modes but the hypervisor's: it is not asked to mind that. */
	counted("msr/tsc/:uk", 9, 0, "");
}

/* ---- tracepoints ------------------------------------------------------- */

static void
test_filter(void **state)
{
	const struct protocol_event *v;

	(void)state;
	good_filter = "reason==1";
	v = one("tlb:tlb_flush[reason==1]");
	assert_null(v->status);
	assert_string_equal(v->name, "tlb:tlb_flush[reason==1]");
	assert_string_equal(v->filter, "reason==1");
	assert_int_equal(v->config, 188);
	not_counted("tlb:tlb_flush[reson==1]", "unknown_event",
	    "the kernel does not accept the filter 'reson==1'; the tracepoint "
	    "has the fields reason, pages, comm");
	not_counted("cycles[x]", "unknown_event",
	    "there is no tracepoint 'cycles' in this kernel");
}

static void
test_no_tracepoint(void **state)
{
	struct err e = { 0 };
	size_t i;

	(void)state;
	not_counted("tp:tlb:tlb_flash", "unknown_event",
	    "there is no tracepoint 'tlb:tlb_flash' in this kernel");
	not_counted("tlb:tlb_flash", "unknown_event",
	    "unknown event 'tlb:tlb_flash'; did you mean tlb:tlb_flush");
	not_counted("sched:sched_swich:k", "unknown_event",
	    "unknown event 'sched:sched_swich:k'; did you mean "
	    "sched:sched_switch:k");
	/* No mistake of the user's, when a set names it. */
	protocol_launch_free(&l);
	assert_int_equal(events_resolve("ipi", &l, &e), 0);
	assert_int_equal(l.nevents, 5);
	for (i = 0; i < l.nevents; i++) {
		assert_string_equal(l.events[i].status, "not_supported");
		assert_string_equal(l.events[i].reason,
		    "this kernel has no such tracepoint");
	}
	protocol_launch_free(&l);
}

static void
test_tracing_missing(void **state)
{
	char *nowhere = mem_printf("%s/nowhere", root);

	(void)state;
	os_events_set_root(pmus, nowhere, paranoid);
	not_counted("tp:tlb:tlb_flush", "unknown_event",
	    "there is no tracepoint 'tlb:tlb_flush' in this kernel");
	free(nowhere);
}

static void
test_tracing_reasons(void **state)
{
	static const struct {
		int error;
		const char *status, *part;
	} rows[] = {
		{ EPERM, "not_permitted", "mount -t tracefs" },
		{ EACCES, "not_permitted", "mount -o remount,mode=750,gid=GROUP" },
		{ ENODEV, "not_supported", "no tracepoints" },
		{ ENOTSUP, "not_supported", "on this system" },
		{ EIO, "error", "cannot be looked at" },
	};
	struct protocol_event v;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		memset(&v, 0, sizeof(v));
		assert_int_equal(events_reason_tracing(&v, rows[i].error),
		    EVENTS_WRONG);
		assert_string_equal(v.status, rows[i].status);
		assert_non_null(strstr(v.reason, rows[i].part));
		events_name_clear(&v);
	}
}

/* ---- PMUs -------------------------------------------------------------- */

static int
uncore_only_by_cpu(const struct perf_event_attr *attr, pid_t pid, int cpu)
{
	(void)pid;
	return attr->type == 22 && cpu != 2 ? EINVAL : 0;
}

static void
test_uncore(void **state)
{
	const struct protocol_event *v;

	(void)state;
	put_uncore();
	answer = uncore_only_by_cpu;
	v = one("uncore_imc/event=0x104,match=3/");
	assert_null(v->status);
	assert_int_equal(v->type, 22);
	/* The low 8 bits, and the ninth at 21. */
	assert_int_equal(v->config, 0x04 | 1 << 21);
	assert_int_equal(v->config1, 3 << 4);
	assert_int_equal(v->ncpus, 1);
	assert_int_equal(v->cpus[0], 2);
	counted("uncore_imc/reads/", 22, 0x04 | 1 << 21 | 1 << 18, "");
	/* What comes later wins. */
	counted("uncore_imc/reads,edge=0/", 22, 0x04 | 1 << 21, "");
	counted("uncore_imc/config=0x1234/", 22, 0x1234, "");
	v = one("uncore_imc/config1=1,config2=2,config=3/");
	assert_int_equal(v->config, 3);
	assert_int_equal(v->config1, 1);
	assert_int_equal(v->config2, 2);
	protocol_launch_free(&l);
}

static void
test_bad_words(void **state)
{
	static const char known[] = "; its words are broken, edge, event, far, "
	    "match; its events are asks, loop, reads";
	static const struct {
		const char *name, *reason;
	} rows[] = {
		{ "uncore_imc/evnt=1/", "no word 'evnt'" },
		{ "uncore_imc/event=0x204/", "the number is too large for "
		    "'event'" },
		{ "uncore_imc/match=4/", "the number is too large for "
		    "'match'" },
		{ "uncore_imc/edge=2/", "the number is too large for 'edge'" },
		{ "uncore_imc/event=x/", "no number is given for 'event'" },
		{ "uncore_imc/event=/", "no number is given for 'event'" },
		{ "uncore_imc/event=-1/", "no number is given for 'event'" },
		{ "uncore_imc/asks/", "a value must be given for 'event'" },
		{ "uncore_imc/loop/", "no word 'loop'" },
		{ "uncore_imc/far=1/", "this is beyond vmstress: 'far'" },
		{ "uncore_imc/broken=1/", "this is beyond vmstress: "
		    "'broken'" },
		{ "uncore_imc//", "no word ''" },
		{ "uncore_imc/event=1,/", "no word ''" },
		{ "uncore_imc/../", "no word '..'" },
	};
	char *reason;
	size_t i;

	(void)state;
	put_uncore();
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		reason = mem_printf("PMU uncore_imc: %s%s", rows[i].reason,
		    known);
		not_counted(rows[i].name, "unknown_event", reason);
		free(reason);
	}
	not_counted("uncore_imc/reads/x", "unknown_event", "'x' behind the "
	    "last '/' is not out of the letters ukh");
	not_counted("uncore_imx/reads/", "unknown_event",
	    "there is no PMU 'uncore_imx'; did you mean uncore_imc");
	not_counted("armv8/reads/", "not_supported", "there is no PMU 'armv8' "
	    "here; there is msr, software, uncore_imc");
}

static void
check_cpus(const struct protocol_event *v, int n, const int *cpus)
{
	assert_int_equal(v->ncpus, n);
	assert_memory_equal(v->cpus, cpus, (size_t)n * sizeof(*cpus));
}

static void
test_hybrid(void **state)
{
	static const int core[] = { 0, 1, 2, 3 }, atom[] = { 4, 5, 7 };
	const struct protocol_event *v;
	struct err e = { 0 };

	(void)state;
	put_hybrid();
	protocol_launch_free(&l);
	assert_int_equal(events_resolve("cycles:k,page-faults,cycles:k", &l,
	    &e), 0);
	assert_int_equal(l.nevents, 3);
	v = l.events;
	/* Sorted by the names of the PMUs. */
	assert_string_equal(v[0].name, "cycles:k@cpu_atom");
	assert_int_equal(v[0].type, 0);
	assert_int_equal(v[0].config, UINT64_C(10) << 32);
	assert_string_equal(v[0].exclude, "uhg");
	check_cpus(&v[0], 3, atom);
	assert_string_equal(v[1].name, "cycles:k@cpu_core");
	assert_int_equal(v[1].config, UINT64_C(4) << 32);
	check_cpus(&v[1], 4, core);
	assert_string_equal(v[2].name, "page-faults");
	assert_null(v[2].cpus);

	protocol_launch_free(&l);
	assert_int_equal(events_resolve("dTLB-load-misses", &l, &e), 0);
	assert_int_equal(l.nevents, 2);
	assert_int_equal(l.events[0].type, 3);
	assert_int_equal(l.events[0].config, UINT64_C(10) << 32 | 0x10003);

	/* These names can be given, too. */
	v = one("cycles:u@cpu_core");
	assert_null(v->status);
	assert_string_equal(v->name, "cycles:u@cpu_core");
	assert_int_equal(v->config, UINT64_C(4) << 32);
	not_counted("cycles@cpu", "not_supported",
	    "no processors here that count it are called 'cpu'");
	not_counted("page-faults@cpu_core", "not_supported",
	    "no processors here that count it are called 'cpu_core'");
	not_counted("frobs@cpu_core", "unknown_event", "unknown event "
	    "'frobs@cpu_core'; `vmstress events` lists what there is");

	/* Of one kind: where is it? */
	v = one("cpu_core/event=0x3c,umask=1/u");
	assert_int_equal(v->type, 4);
	assert_int_equal(v->config, 0x13c);
	check_cpus(v, 4, core);
	v = one("cpu_atom/topdown/");
	assert_int_equal(v->type, 10);
	check_cpus(v, 3, atom);
	v = one("r3c");
	check_cpus(v, 4, core);
	protocol_launch_free(&l);
}

/* What one kind does not count, the other may. */
static int
no_atom_cache(const struct perf_event_attr *attr, pid_t pid, int cpu)
{
	(void)pid;
	(void)cpu;
	return attr->type == PERF_TYPE_HW_CACHE && attr->config >> 32 == 10 ?
	    ENOENT : 0;
}

static void
test_hybrid_half(void **state)
{
	struct err e = { 0 };

	(void)state;
	put_hybrid();
	answer = no_atom_cache;
	assert_int_equal(events_resolve("LLC-load-misses", &l, &e), 0);
	assert_int_equal(l.nevents, 2);
	assert_string_equal(l.events[0].status, "not_supported");
	assert_string_equal(l.events[0].reason,
	    "this processor does not count it");
	assert_null(l.events[1].status);
	protocol_launch_free(&l);
}

/* ---- profiles ---------------------------------------------------------- */

static int
no_sampling(const struct perf_event_attr *attr, pid_t pid, int cpu)
{
	(void)pid;
	(void)cpu;
	return attr->type == PERF_TYPE_HARDWARE && attr->freq ? EOPNOTSUPP : 0;
}

static void
profile(const char *name, const char *want, const char *status)
{
	struct err e = { 0 };

	protocol_launch_free(&l);
	assert_int_equal(events_resolve_profile(name, &l, &e), 0);
	assert_string_equal(l.profile->name, want);
	assert_int_equal(l.nevents, 0);
	if (status == NULL)
		assert_null(l.profile->status);
	else
		assert_string_equal(l.profile->status, status);
	protocol_launch_free(&l);
}

static void
test_profile(void **state)
{
	(void)state;
	profile("", "cycles", NULL);
	profile("instructions:k", "instructions:k", NULL);
	profile("frobs", "frobs", "unknown_event");
	/* Samples of a clock, unlike its sum, can tell the modes apart. */
	profile("cpu-clock:k", "cpu-clock:k", NULL);
	answer = no_pmu;
	profile("", "cpu-clock", NULL);
	profile("cycles", "cycles", "not_supported");
	answer = no_sampling;
	profile("", "cpu-clock", NULL);
	profile("cycles", "cycles", "not_supported");
	answer = paranoid_two;
	profile("", "cpu-clock", "not_permitted");
	answer = paranoid_two_with_pmu;
	profile("", "cycles", "not_permitted");
}

static void
test_profile_hybrid(void **state)
{
	(void)state;
	put_hybrid();
	profile("", "cpu-clock", NULL);
	/* If it must be one kind, it is the one with more processors. */
	profile("cycles", "cycles@cpu_core", NULL);
	profile("cycles@cpu_atom", "cycles@cpu_atom", NULL);
}

int
main(void)
{
#define CASE(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		CASE(test_counted),
		CASE(test_no_pmu),
		CASE(test_errno),
		CASE(test_not_permitted),
		CASE(test_forbidden),
		CASE(test_masked),
		CASE(test_exclude_refused),
		CASE(test_filter),
		CASE(test_no_tracepoint),
		CASE(test_tracing_missing),
		CASE(test_tracing_reasons),
		CASE(test_uncore),
		CASE(test_bad_words),
		CASE(test_hybrid),
		CASE(test_hybrid_half),
		CASE(test_profile),
		CASE(test_profile_hybrid),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
