/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Linux: processors, memory, waiting and processes.  What is reported about
 * the system is in linux_facts.c and linux_limits.c, the end of descendants in
 * linux_kill.c.
 */
#include "config.h"

#include "os/os_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/futex.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "workload.h"

#define NS_PER_S 1000000000u

/* No kernel is built for more processors; the search for a size ends here. */
#define LINUX_CPUS_MAX (1 << 20)

/* ---- processors ------------------------------------------------------- */

/*
 * The caller's mask, in a set large enough for this kernel; the kernel says
 * EINVAL to one that is too small.
 */
static cpu_set_t *
linux_mask(int *ncpus)
{
	cpu_set_t *set;
	int n;

	for (n = CPU_SETSIZE; n <= LINUX_CPUS_MAX; n *= 2) {
		set = CPU_ALLOC((size_t)n);
		if (set == NULL)
			return NULL;
		if (sched_getaffinity(0, CPU_ALLOC_SIZE(n), set) == 0) {
			*ncpus = n;
			return set;
		}
		CPU_FREE(set);
		if (errno != EINVAL)
			return NULL;
	}
	return NULL;
}

int
os_cpus_allowed(int *cpus, int max)
{
	int cpu, ncpus, n = 0;
	cpu_set_t *set = linux_mask(&ncpus);

	if (set == NULL)
		return -1;
	for (cpu = 0; cpu < ncpus; cpu++) {
		if (!CPU_ISSET_S((size_t)cpu, CPU_ALLOC_SIZE(ncpus), set))
			continue;
		if (n < max)
			cpus[n] = cpu;
		n++;
	}
	CPU_FREE(set);
	return n;
}

static int
linux_highest(const int *cpus, int n)
{
	int i, highest = -1;

	for (i = 0; i < n; i++) {
		if (cpus[i] < 0 || cpus[i] >= LINUX_CPUS_MAX)
			return -1;
		if (cpus[i] > highest)
			highest = cpus[i];
	}
	return highest;
}

int
os_pin_set(const int *cpus, int n)
{
	int i, rc, highest = linux_highest(cpus, n);
	cpu_set_t *set;
	size_t size;

	if (highest < 0) {
		errno = EINVAL;
		return -1;
	}
	set = CPU_ALLOC((size_t)highest + 1);
	if (set == NULL)
		return -1;
	size = CPU_ALLOC_SIZE(highest + 1);
	CPU_ZERO_S(size, set);
	for (i = 0; i < n; i++)
		CPU_SET_S((size_t)cpus[i], size, set);
	rc = sched_setaffinity(0, size, set);
	CPU_FREE(set);
	return rc;
}

/* The lowest real-time priority: above all ordinary threads, below others. */
int
os_urgent(void)
{
	struct sched_param param = { .sched_priority = 1 };

	/* Some C libraries refuse this call by design; the kernel does not. */
	return (int)syscall(SYS_sched_setscheduler, 0,
	    SCHED_FIFO | SCHED_RESET_ON_FORK, &param);
}

int
os_pin(int cpu)
{
	return os_pin_set(&cpu, 1);
}

/* ---- memory ----------------------------------------------------------- */

/*
 * What the tightest memory group above the caller leaves.  memory.high counts:
 * beyond it the kernel reclaims and slows down instead of giving.
 */
static uint64_t
linux_cgroup_room(void)
{
	uint64_t limit, high, used, room = UINT64_MAX;
	struct linux_cgroup cg;

	if (linux_cgroup_find("memory", &cg) != 0)
		return room;
	do {
		if (linux_cgroup_u64(&cg, linux_cgroup_name(&cg, "memory.max",
		    "memory.limit_in_bytes"), &limit) != 0)
			limit = UINT64_MAX;
		if (linux_cgroup_u64(&cg, "memory.high", &high) == 0 &&
		    high < limit)
			limit = high;
		if (limit == UINT64_MAX ||
		    linux_cgroup_memory_used(&cg, &used) != 0)
			continue;
		if (limit <= used)
			room = 0;
		else if (limit - used < room)
			room = limit - used;
	} while (linux_cgroup_up(&cg));
	return room;
}

uint64_t
os_memory_available(void)
{
	uint64_t kb, room;

	if (linux_facts_number("/proc/meminfo", "MemAvailable", &kb) != 0)
		return 0;
	room = linux_cgroup_room();
	/* Nothing left is a fact, but 0 is the word for "cannot tell". */
	if (room == 0)
		return 1;
	return kb * 1024 < room ? kb * 1024 : room;
}

int
os_thp(void *addr, size_t len, int how)
{
	int advice;

	if (how == VMS_THP_SYSTEM)
		return 0;
	advice = how == VMS_THP_ON ? MADV_HUGEPAGE : MADV_NOHUGEPAGE;
	if (madvise(addr, len, advice) == 0)
		return 0;
	/* A kernel without huge pages does not know the advice. */
	if (errno == EINVAL && (uintptr_t)addr % os_page_size() == 0)
		errno = ENOTSUP;
	return -1;
}

/* ---- waiting on a shared word ----------------------------------------- */

/*
 * The system call of this name takes a pair of longs on every architecture,
 * whatever the width of the C library's time_t.
 */
struct linux_futex_time {
	long s;
	long ns;
};

/* Not the PRIVATE operations: the word may be in memory shared by processes. */
int
os_wait(_Atomic uint32_t *word, uint32_t value, uint64_t timeout_ns)
{
	struct linux_futex_time t = {
		(long)(timeout_ns / NS_PER_S), (long)(timeout_ns % NS_PER_S)
	};
	long rc;

	rc = syscall(SYS_futex, word, FUTEX_WAIT, value,
	    timeout_ns > 0 ? &t : NULL, NULL, 0);
	return rc < 0 && errno == ETIMEDOUT ? -1 : 0;
}

void
os_wake(_Atomic uint32_t *word, int n)
{
	syscall(SYS_futex, word, FUTEX_WAKE, n, NULL, NULL, 0);
}

/* ---- processes -------------------------------------------------------- */

int
os_adopt_orphans(void)
{
	if (prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0)
		return 0;
	if (errno == EINVAL)
		errno = ENOTSUP;
	return -1;
}

/*
 * The signal comes when the thread that forked the caller ends, even if its
 * process lives on, and the setting is lost by fork and by an exec that
 * changes credentials.
 *
 * A parent that died before the signal was asked for is noticed by the change
 * of the parent's number, whatever the number is: it is 0 when the parent is
 * outside the PID namespace, and 1 is an ordinary parent in a container.  A
 * parent that died before this function was called cannot be noticed here.
 */
int
os_die_with_parent(void)
{
	pid_t parent = getppid();

	if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0)
		return -1;
	if (getppid() != parent)
		raise(SIGKILL);
	return 0;
}

/*
 * The C library knows no child without a signal for its end.  All arguments
 * are 0, so that their order, which depends on the machine, does not matter.
 */
pid_t
os_fork_apart(void)
{
	return (pid_t)syscall(SYS_clone, 0L, 0L, 0L, 0L, 0L);
}

void
os_set_name(const char *name)
{
	prctl(PR_SET_NAME, name, 0, 0, 0);
}

int
os_oom_first(void)
{
	static const char worst[] = "1000\n";
	int fd, rc;

	fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	rc = write(fd, worst, sizeof(worst) - 1) < 0 ? -1 : 0;
	close(fd);
	return rc;
}

int
os_pipe(int fds[2])
{
	return pipe2(fds, O_CLOEXEC);
}

int
os_self_path(char *buf, size_t len)
{
	ssize_t n = readlink("/proc/self/exe", buf, len);

	if (n < 0)
		return -1;
	if ((size_t)n >= len) {
		errno = ENAMETOOLONG;
		return -1;
	}
	buf[n] = '\0';
	return 0;
}

/* Read in pieces: the list grows with what it counts. */
int
os_mappings(void)
{
	char buf[4096];
	ssize_t n, i;
	int fd, lines = 0;

	fd = open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	while ((n = read(fd, buf, sizeof(buf))) > 0)
		for (i = 0; i < n; i++)
			lines += buf[i] == '\n';
	close(fd);
	return n < 0 ? -1 : lines;
}
