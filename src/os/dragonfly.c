/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * DragonFly BSD 5.8 and later.  Type-checked by eye only; it has not run on
 * such a system.
 */
#include "config.h"

#include "os/os_internal.h"

#include <sys/param.h>
#include <sys/procctl.h>
#include <sys/wait.h>

#include <errno.h>
#include <pthread.h>
#include <pthread_np.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "workload.h"

#define DRAGONFLY_PAUSE_NS 1000000u

/*
 * The kernel cuts longer sleeps to kern.umtx_timeout_max, 2 s; one second per
 * call stays below it, so that the end of a sleep means what it says.
 */
#define DRAGONFLY_SLEEP_US 1000000u

static int
dragonfly_cannot(void)
{
	errno = ENOTSUP;
	return -1;
}

/* ---- processors ------------------------------------------------------- */

/* The thread calls return their error. */
static int
dragonfly_result(int error)
{
	if (error == 0)
		return 0;
	errno = error;
	return -1;
}

int
os_cpus_allowed(int *cpus, int max)
{
	cpu_set_t set;
	int cpu, n = 0;

	CPU_ZERO(&set);
	if (dragonfly_result(pthread_getaffinity_np(pthread_self(),
	    sizeof(set), &set)) != 0)
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
	cpu_set_t set;
	int i;

	CPU_ZERO(&set);
	for (i = 0; i < n; i++) {
		if (cpus[i] < 0 || cpus[i] >= CPU_SETSIZE)
			return dragonfly_result(EINVAL);
		CPU_SET(cpus[i], &set);
	}
	if (n <= 0)
		return dragonfly_result(EINVAL);
	return dragonfly_result(pthread_setaffinity_np(pthread_self(),
	    sizeof(set), &set));
}

int
os_pin(int cpu)
{
	return os_pin_set(&cpu, 1);
}

/* ---- memory ----------------------------------------------------------- */

int
os_thp(void *addr, size_t len, int how)
{
	(void)addr;
	(void)len;
	return how == VMS_THP_SYSTEM ? 0 : dragonfly_cannot();
}

int
os_mappings(void)
{
	return dragonfly_cannot();
}

/* ---- waiting on a shared word ----------------------------------------- */

/*
 * umtx_sleep() works on the word's physical address, so between processes too.
 * It ends early for many reasons, any fork() of the process among them: then
 * the caller looks again, with its own idea of the time that is left.
 */
int
os_wait(_Atomic uint32_t *word, uint32_t value, uint64_t timeout_ns)
{
	uint64_t us = timeout_ns / 1000 + (timeout_ns % 1000 > 0);
	int rc;

	if (timeout_ns == 0 || us > DRAGONFLY_SLEEP_US)
		us = DRAGONFLY_SLEEP_US;
	rc = umtx_sleep((volatile const int *)(uintptr_t)word, (int)value,
	    (int)us);
	if (rc == 0 || errno != EWOULDBLOCK)
		return 0;
	/* A whole sleep of a longer wait is only an early return. */
	if (timeout_ns == 0 || timeout_ns / 1000 > us)
		return 0;
	errno = ETIMEDOUT;
	return -1;
}

/* Zero sleepers and all of them are both spelled 0. */
void
os_wake(_Atomic uint32_t *word, int n)
{
	if (n > 0)
		umtx_wakeup((volatile const int *)(uintptr_t)word,
		    n < 1000000 ? n : 0);
}

/* ---- processes -------------------------------------------------------- */

/* Being one already, from an earlier call, is as good. */
int
os_adopt_orphans(void)
{
	if (procctl(P_PID, getpid(), PROC_REAP_ACQUIRE, NULL) == 0 ||
	    errno == EALREADY)
		return 0;
	return -1;
}

/* See linux.c: the parent's change is what tells that it is gone. */
int
os_die_with_parent(void)
{
#ifdef PROC_PDEATHSIG_CTL
	pid_t parent = getppid();
	int sig = SIGKILL;

	if (procctl(P_PID, 0, PROC_PDEATHSIG_CTL, &sig) != 0)
		return -1;
	if (getppid() != parent)
		raise(SIGKILL);
	return 0;
#else
	return dragonfly_cannot();
#endif
}

/*
 * The system names one child at a time.  Each is waited for before the next is
 * asked for, because a dying child would be named again; a reaped child's
 * children are named after it.
 */
static long
dragonfly_kill(uint64_t start_ns, uint64_t timeout_ns)
{
	union reaper_info ri;
	bool none_left;
	long reaped = 0;

	for (;;) {
		reaped += posix_reap(&none_left);
		if (none_left)
			return reaped;
		memset(&ri, 0, sizeof(ri));
		if (procctl(P_PID, getpid(), PROC_REAP_STATUS, &ri) != 0)
			return -1;
		if (ri.status.pid_head > 1 &&
		    kill(ri.status.pid_head, SIGKILL) == 0 &&
		    waitpid(ri.status.pid_head, NULL, WNOHANG) ==
		    ri.status.pid_head) {
			reaped++;
			continue;
		}
		if (os_now_ns() - start_ns >= timeout_ns)
			return -1;
		posix_sleep(DRAGONFLY_PAUSE_NS / 10);
	}
}

long
os_kill_descendants(uint64_t timeout_ns)
{
	long reaped = dragonfly_kill(os_now_ns(), timeout_ns);

	if (reaped < 0)
		errno = ETIMEDOUT;
	return reaped;
}

/* Every child is seen by a wait() for any. */
pid_t
os_fork_apart(void)
{
	return dragonfly_cannot();
}

/* The headers seen do not say whether the C library can start a child on a
 * stack of ours. */
/* ---- statistics ------------------------------------------------------- */

/* Microseconds, whatever the rate of the clock. */
uint64_t
bsd_system_time_unit(void)
{
	return 1000;
}

/* ---- what could have changed the number ------------------------------- */

const struct bsd_fact bsd_system_facts[] = {
	{ "kernel.osreldate", "kern.osreldate", BSD_NUMBER },
	{ "kernel.bootfile", "kern.bootfile", BSD_TEXT },
	{ "machine.cpu_model", "hw.model", BSD_TEXT },
	{ "machine.cpus", "hw.ncpu", BSD_NUMBER },
	{ "machine.topology", "hw.cpu_topology.tree", BSD_TEXT },
	{ "machine.memory_bytes", "hw.physmem", BSD_NUMBER },
	{ "machine.clocksource", "kern.cputimer.name", BSD_TEXT },
	{ "vm.guest", "kern.vmm_guest", BSD_TEXT },
	{ "tunables.overcommit", "vm.overcommit", BSD_NUMBER },
	{ "tunables.randomize_mmap", "vm.randomize_mmap", BSD_NUMBER },
	{ "tunables.meltdown_mitigation", "machdep.meltdown_mitigation",
	  BSD_NUMBER },
	{ "tunables.spectre_mitigation", "machdep.spectre_mitigation", BSD_TEXT },
	{ "tunables.mds_mitigation", "machdep.mds_mitigation", BSD_TEXT },
	{ "tunables.swap_pages", "vm.swap_size", BSD_NUMBER },
	{ "tunables.maxproc", "kern.maxproc", BSD_NUMBER },
	{ "tunables.maxprocperuid", "kern.maxprocperuid", BSD_NUMBER },
	{ "tunables.maxfiles", "kern.maxfiles", BSD_NUMBER },
	{ "tunables.pipe_size", "kern.pipe.size", BSD_NUMBER },
	{ NULL, NULL, BSD_TEXT }
};

const struct bsd_fact bsd_system_facts_now[] = {
	{ "env.free_pages", "vm.stats.vm.v_free_count", BSD_NUMBER },
	{ "env.inactive_pages", "vm.stats.vm.v_inactive_count", BSD_NUMBER },
	{ "env.cache_pages", "vm.stats.vm.v_cache_count", BSD_NUMBER },
	{ "env.wired_pages", "vm.stats.vm.v_wire_count", BSD_NUMBER },
	{ "env.swap_in_pages", "vm.stats.vm.v_swappgsin", BSD_NUMBER },
	{ "env.swap_out_pages", "vm.stats.vm.v_swappgsout", BSD_NUMBER },
	{ "env.pv_entries", "vm.pmap_pv_entries", BSD_NUMBER },
	{ "env.files", "kern.openfiles", BSD_NUMBER },
	{ NULL, NULL, BSD_TEXT }
};

const struct bsd_limit bsd_system_limits[] = {
	{ "kern.maxproc", OS_COUNTS_TASKS, NULL, false,
	  "echo kern.maxproc=%llu >>/boot/loader.conf && reboot" },
	{ "kern.maxprocperuid", OS_COUNTS_TASKS, NULL, true,
	  "sysctl kern.maxprocperuid=%llu" },
	{ "kern.maxfiles", OS_COUNTS_FILES, "kern.openfiles", false,
	  "sysctl kern.maxfiles=%llu" },
	{ "kern.maxfilesperproc", OS_COUNTS_FDS, NULL, false,
	  "sysctl kern.maxfilesperproc=%llu" },
	{ NULL, OS_COUNTS_TASKS, NULL, false, NULL }
};
