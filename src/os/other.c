/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A system that is only known to be POSIX: the smallest thing that works, and
 * where a port begins.  Copy this file, then replace one function after the
 * other by what the system really offers.  What is ENOTSUP here is left out of
 * a run or recorded as unknown; nothing depends on it.
 */
#include "config.h"

#include "os/os_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <unistd.h>

#include "workload.h"

/* Sleeps of os_wait(): short enough to go on soon, long enough to stay idle. */
#define OTHER_YIELDS 64
#define OTHER_PAUSE_MIN_NS 20000u
#define OTHER_PAUSE_MAX_NS 1000000u

static int
other_cannot(void)
{
	errno = ENOTSUP;
	return -1;
}

/* ---- processors ------------------------------------------------------- */

int
os_cpus_allowed(int *cpus, int max)
{
	(void)cpus;
	(void)max;
	return other_cannot();
}

int
os_pin(int cpu)
{
	(void)cpu;
	return other_cannot();
}

int
os_pin_set(const int *cpus, int n)
{
	(void)cpus;
	(void)n;
	return other_cannot();
}

int
os_urgent(void)
{
	return other_cannot();
}

/* ---- memory ----------------------------------------------------------- */

uint64_t
os_memory_available(void)
{
	return 0;
}

int
os_kernel_memory(struct os_kernel_memory *m)
{
	(void)m;
	return other_cannot();
}

int
os_thp(void *addr, size_t len, int how)
{
	(void)addr;
	(void)len;
	return how == VMS_THP_SYSTEM ? 0 : other_cannot();
}

/* ---- waiting on a shared word ----------------------------------------- */

/* Look again and again, ever more rarely. */
int
os_wait(_Atomic uint32_t *word, uint32_t value, uint64_t timeout_ns)
{
	uint64_t start = os_now_ns(), spent, pause_ns = OTHER_PAUSE_MIN_NS;
	int i;

	for (i = 0; atomic_load(word) == value; i++) {
		spent = os_now_ns() - start;
		if (timeout_ns > 0 && spent >= timeout_ns) {
			errno = ETIMEDOUT;
			return -1;
		}
		if (i < OTHER_YIELDS) {
			sched_yield();
			continue;
		}
		if (timeout_ns > 0 && timeout_ns - spent < pause_ns)
			pause_ns = timeout_ns - spent;
		posix_sleep(pause_ns);
		if (pause_ns < OTHER_PAUSE_MAX_NS)
			pause_ns *= 2;
	}
	return 0;
}

/* The sleepers look by themselves. */
void
os_wake(_Atomic uint32_t *word, int n)
{
	(void)word;
	(void)n;
}

/* ---- processes -------------------------------------------------------- */

int
os_adopt_orphans(void)
{
	return other_cannot();
}

int
os_die_with_parent(void)
{
	return other_cannot();
}

/* Children only: without os_adopt_orphans() theirs have gone to init. */
long
os_kill_descendants(uint64_t timeout_ns)
{
	uint64_t start = os_now_ns();
	bool killed = false, none_left;
	long reaped = 0;

	for (;;) {
		reaped += posix_reap(&none_left);
		if (none_left)
			return reaped;
		if (killed && os_now_ns() - start >= timeout_ns)
			break;
		posix_kill_children();
		killed = true;
		posix_sleep(OTHER_PAUSE_MAX_NS);
	}
	errno = ETIMEDOUT;
	return -1;
}

pid_t
os_fork_apart(void)
{
	return other_cannot();
}

void
os_set_name(const char *name)
{
	(void)name;
}

int
os_oom_first(void)
{
	return other_cannot();
}

/* Another thread that forks between the two steps passes the ends on. */
int
os_pipe(int fds[2])
{
	if (pipe(fds) != 0)
		return -1;
	fcntl(fds[0], F_SETFD, FD_CLOEXEC);
	fcntl(fds[1], F_SETFD, FD_CLOEXEC);
	return 0;
}

int
os_self_path(char *buf, size_t len)
{
	(void)buf;
	(void)len;
	return other_cannot();
}

int
os_mappings(void)
{
	return other_cannot();
}

/* ---- what could have changed the number ------------------------------- */

void
os_facts(os_fact_fn *fn, void *arg)
{
	posix_facts(fn, arg);
}

void
os_facts_now(os_fact_fn *fn, void *arg)
{
	(void)fn;
	(void)arg;
}

void
os_steady(os_fact_fn *fn, void *arg)
{
	(void)fn;
	(void)arg;
}

/* Whether the system counts the caller's tasks is not known: assume it does. */
void
os_limits(os_limit_fn *fn, void *arg)
{
	posix_limits(fn, arg, false, NULL, false);
}

enum os_scope
os_limit_scope(const char *name)
{
	return posix_limit_scope(name);
}

int
os_limit_get(const char *name, uint64_t *value)
{
	return posix_limit_get(name, value);
}

int
os_limit_set(const char *name, uint64_t value)
{
	return posix_limit_set(name, value);
}
