/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * FreeBSD 12 and later.  Type-checked by eye only; it has not run on such a
 * system.
 */
#include "config.h"

#include "os/os_internal.h"

#include <sys/param.h>
#include <sys/cpuset.h>
#include <sys/procctl.h>
#include <sys/procdesc.h>
#include <sys/sysctl.h>
#include <sys/time.h>
#include <sys/umtx.h>
#include <sys/user.h>
#include <sys/wait.h>

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "workload.h"

#define NS_PER_S 1000000000u
#define FREEBSD_PAUSE_NS 1000000u

static int
freebsd_cannot(void)
{
	errno = ENOTSUP;
	return -1;
}

/* ---- processors ------------------------------------------------------- */

int
os_cpus_allowed(int *cpus, int max)
{
	cpuset_t set;
	int cpu, n = 0;

	CPU_ZERO(&set);
	if (cpuset_getaffinity(CPU_LEVEL_WHICH, CPU_WHICH_TID, -1, sizeof(set),
	    &set) != 0)
		return -1;
	for (cpu = 0; cpu < CPU_SETSIZE; cpu++) {
		if (!CPU_ISSET(cpu, &set))
			continue;
		if (n < max)
			cpus[n] = cpu;
		n++;
	}
	return n;
}

int
os_pin_set(const int *cpus, int n)
{
	cpuset_t set;
	int i;

	CPU_ZERO(&set);
	for (i = 0; i < n; i++) {
		if (cpus[i] < 0 || cpus[i] >= CPU_SETSIZE) {
			errno = EINVAL;
			return -1;
		}
		CPU_SET(cpus[i], &set);
	}
	if (n <= 0) {
		errno = EINVAL;
		return -1;
	}
	if (cpuset_setaffinity(CPU_LEVEL_WHICH, CPU_WHICH_TID, -1, sizeof(set),
	    &set) == 0)
		return 0;
	/* No such CPU, or not one of ours, is EDEADLK here. */
	if (errno == EDEADLK)
		errno = EINVAL;
	return -1;
}

int
os_pin(int cpu)
{
	return os_pin_set(&cpu, 1);
}

/* ---- memory ----------------------------------------------------------- */

/* Superpages are the pmap's own decision for all mappings. */
int
os_thp(void *addr, size_t len, int how)
{
	(void)addr;
	(void)len;
	return how == VMS_THP_SYSTEM ? 0 : freebsd_cannot();
}

/* ---- waiting on a shared word ----------------------------------------- */

/* Not the PRIVATE operations: the word may be in memory shared by processes. */
int
os_wait(_Atomic uint32_t *word, uint32_t value, uint64_t timeout_ns)
{
	struct timespec t;
	int rc;

	t.tv_sec = (time_t)(timeout_ns / NS_PER_S);
	t.tv_nsec = (long)(timeout_ns % NS_PER_S);
	/* The fourth argument is the size of the time that the fifth is. */
	rc = _umtx_op((void *)(uintptr_t)word, UMTX_OP_WAIT_UINT, value,
	    timeout_ns > 0 ? (void *)(uintptr_t)sizeof(t) : NULL,
	    timeout_ns > 0 ? &t : NULL);
	return rc != 0 && errno == ETIMEDOUT ? -1 : 0;
}

void
os_wake(_Atomic uint32_t *word, int n)
{
	_umtx_op((void *)(uintptr_t)word, UMTX_OP_WAKE, (u_long)n, NULL, NULL);
}

/* ---- processes -------------------------------------------------------- */

/* Being one already, from an earlier call, is as good. */
int
os_adopt_orphans(void)
{
	if (procctl(P_PID, getpid(), PROC_REAP_ACQUIRE, NULL) == 0 ||
	    errno == EBUSY)
		return 0;
	return -1;
}

/* See linux.c: the parent's change is what tells that it is gone. */
int
os_die_with_parent(void)
{
	pid_t parent = getppid();
	int sig = SIGKILL;

	if (procctl(P_PID, 0, PROC_PDEATHSIG_CTL, &sig) != 0)
		return -1;
	if (getppid() != parent)
		raise(SIGKILL);
	return 0;
}

/*
 * A child with a descriptor is not seen by a wait() for any.  The descriptor
 * stays open on purpose: the child is killed when the last copy is closed.
 */
pid_t
os_fork_apart(void)
{
	int fd;

	return pdfork(&fd, PD_CLOEXEC);
}

/*
 * The kernel kills the whole subtree; again, because members may fork while it
 * does.  ESRCH, nobody to kill, means that only zombies are left.
 */
long
os_kill_descendants(uint64_t timeout_ns)
{
	uint64_t start = os_now_ns();
	struct procctl_reaper_kill rk;
	bool none_left;
	long reaped = 0;

	for (;;) {
		reaped += posix_reap(&none_left);
		if (none_left)
			return reaped;
		memset(&rk, 0, sizeof(rk));
		rk.rk_sig = SIGKILL;
		if (procctl(P_PID, getpid(), PROC_REAP_KILL, &rk) != 0 &&
		    errno != ESRCH)
			return -1;
		if (os_now_ns() - start >= timeout_ns)
			break;
		posix_sleep(FREEBSD_PAUSE_NS);
	}
	errno = ETIMEDOUT;
	return -1;
}

/* Records of varying size, each beginning with its own. */
int
os_mappings(void)
{
	int mib[4] = { CTL_KERN, KERN_PROC, KERN_PROC_VMMAP, getpid() };
	struct kinfo_vmentry entry;
	size_t len = 0, at;
	char *buf;
	int n = 0;

	if (sysctl(mib, 4, NULL, &len, NULL, 0) != 0)
		return -1;
	/* Making the buffer may itself make mappings. */
	len += len / 3 + 4096;
	buf = malloc(len);
	if (buf == NULL)
		return -1;
	if (sysctl(mib, 4, buf, &len, NULL, 0) != 0) {
		free(buf);
		return -1;
	}
	for (at = 0; at + sizeof(int) <= len; n++) {
		memset(&entry, 0, sizeof(entry));
		memcpy(&entry, buf + at, sizeof(int));
		if (entry.kve_structsize <= 0)
			break;
		at += (size_t)entry.kve_structsize;
	}
	free(buf);
	return n;
}

/* ---- statistics ------------------------------------------------------- */

/* Ticks of the clock that keeps statistics. */
uint64_t
bsd_system_time_unit(void)
{
	struct clockinfo ci;
	size_t len = sizeof(ci);

	if (sysctlbyname("kern.clockrate", &ci, &len, NULL, 0) != 0 ||
	    len != sizeof(ci) || ci.stathz <= 0)
		return 0;
	return NS_PER_S / (uint64_t)ci.stathz;
}

/* ---- what could have changed the number ------------------------------- */

const struct bsd_fact bsd_system_facts[] = {
	{ "kernel.osreldate", "kern.osreldate", BSD_NUMBER },
	{ "kernel.ident", "kern.ident", BSD_TEXT },
	{ "kernel.bootfile", "kern.bootfile", BSD_TEXT },
	{ "kernel.compiler", "kern.compiler_version", BSD_TEXT },
	{ "kernel.hz", "kern.hz", BSD_NUMBER },
	{ "kernel.witness", "debug.witness.watch", BSD_NUMBER },
	{ "kernel.scheduler", "kern.sched.name", BSD_TEXT },
	{ "machine.cpu_model", "hw.model", BSD_TEXT },
	{ "machine.cpus", "hw.ncpu", BSD_NUMBER },
	{ "machine.cores", "kern.smp.cores", BSD_NUMBER },
	{ "machine.threads_per_core", "kern.smp.threads_per_core", BSD_NUMBER },
	{ "machine.nodes", "vm.ndomains", BSD_NUMBER },
	{ "machine.memory_bytes", "hw.physmem", BSD_NUMBER },
	{ "machine.clocksource", "kern.timecounter.hardware", BSD_TEXT },
	{ "machine.eventtimer", "kern.eventtimer.timer", BSD_TEXT },
	{ "vm.guest", "kern.vm_guest", BSD_TEXT },
	{ "tunables.aslr_elf64", "kern.elf64.aslr.enable", BSD_NUMBER },
	{ "tunables.cpu_frequency_mhz", "dev.cpu.0.freq", BSD_NUMBER },
	{ "tunables.cpu_idle_lowest", "hw.acpi.cpu.cx_lowest", BSD_TEXT },
	{ "tunables.superpages", "vm.pmap.pg_ps_enabled", BSD_NUMBER },
	{ "tunables.pti", "vm.pmap.pti", BSD_NUMBER },
	{ "tunables.ibrs_active", "hw.ibrs_active", BSD_NUMBER },
	{ "tunables.mds", "hw.mds_disable_state", BSD_TEXT },
	{ "tunables.ssb_active", "hw.spec_store_bypass_disable_active",
	  BSD_NUMBER },
	{ "tunables.overcommit", "vm.overcommit", BSD_NUMBER },
	{ "tunables.swap_enabled", "vm.swap_enabled", BSD_NUMBER },
	{ "tunables.swap_total_bytes", "vm.swap_total", BSD_NUMBER },
	{ "tunables.maxproc", "kern.maxproc", BSD_NUMBER },
	{ "tunables.maxprocperuid", "kern.maxprocperuid", BSD_NUMBER },
	{ "tunables.pid_max", "kern.pid_max", BSD_NUMBER },
	{ "tunables.maxfiles", "kern.maxfiles", BSD_NUMBER },
	{ "tunables.maxpipekva", "kern.ipc.maxpipekva", BSD_NUMBER },
	{ NULL, NULL, BSD_TEXT }
};

const struct bsd_fact bsd_system_facts_now[] = {
	{ "env.free_pages", "vm.stats.vm.v_free_count", BSD_NUMBER },
	{ "env.inactive_pages", "vm.stats.vm.v_inactive_count", BSD_NUMBER },
	{ "env.laundry_pages", "vm.stats.vm.v_laundry_count", BSD_NUMBER },
	{ "env.wired_pages", "vm.stats.vm.v_wire_count", BSD_NUMBER },
	{ "env.swap_in_pages", "vm.stats.vm.v_swappgsin", BSD_NUMBER },
	{ "env.swap_out_pages", "vm.stats.vm.v_swappgsout", BSD_NUMBER },
	{ "env.pv_entries", "vm.pmap.pv_entry_count", BSD_NUMBER },
	{ "env.files", "kern.openfiles", BSD_NUMBER },
	{ "env.pipe_bytes", "kern.ipc.pipekva", BSD_NUMBER },
	{ NULL, NULL, BSD_TEXT }
};

const struct bsd_limit bsd_system_limits[] = {
	{ "kern.maxproc", OS_COUNTS_TASKS, NULL, false,
	  "sysrc -f /boot/loader.conf kern.maxproc=%llu && reboot" },
	{ "kern.maxprocperuid", OS_COUNTS_TASKS, NULL, true,
	  "sysctl kern.maxprocperuid=%llu" },
	{ "kern.pid_max", OS_COUNTS_TASKS, NULL, false,
	  "sysrc -f /boot/loader.conf kern.pid_max=%llu && reboot" },
	{ "kern.maxfiles", OS_COUNTS_FILES, "kern.openfiles", false,
	  "sysctl kern.maxfiles=%llu" },
	{ "kern.maxfilesperproc", OS_COUNTS_FDS, NULL, false,
	  "sysctl kern.maxfilesperproc=%llu" },
	{ NULL, OS_COUNTS_TASKS, NULL, false, NULL }
};
