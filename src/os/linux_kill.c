/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Linux: the end of every descendant.
 *
 * Only children are killed.  When a child dies its children become the
 * caller's (see os_adopt_orphans), and so on, until there is none.  Where
 * children are found, /proc, is only a hint: the kernel itself is asked whether
 * a number is a child's before it gets a signal, and a child's number cannot
 * be given away before the caller reaps it.  So a stale list, or the /proc of
 * another PID namespace, makes the search slow but never hits a stranger.
 *
 * The one case that needs care is a deep tree in a kernel that does not list
 * children: looking through all processes once for each generation would take
 * forever.  The look therefore remembers who is whose parent, and reaping a
 * process leads directly to the orphans it left.
 */
#include "config.h"

#include "os/os_internal.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define KILL_PAUSE_MIN_NS 50000u
#define KILL_PAUSE_MAX_NS 1000000u

/* Finding may take one part in this many of the time. */
#define KILL_LOOK_SHARE 4

/*
 * More children than this are a population; looking may take one part in so
 * many of the time, and the first looks leave parents to the last.
 */
#define KILL_MANY 200
#define KILL_MANY_SHARE 10
#define KILL_LEAVES 20

struct kill_kin {
	pid_t parent;
	pid_t pid;
};

/* Everybody's parents as of the last look, in the order of kill_order(). */
struct kill_kins {
	struct kill_kin *v;
	size_t n, cap;
};

/* ---- one process ------------------------------------------------------ */

/*
 * Is it a child of the caller that was not reaped yet?  Nothing is reaped by
 * asking.  __WALL includes children that a clone made without SIGCHLD; kernels
 * before 4.7 refuse it here.
 */
static bool
kill_is_child(pid_t pid)
{
	const int ask = WEXITED | WNOHANG | WNOWAIT;
	siginfo_t info;

	if (waitid(P_PID, (id_t)pid, &info, ask | __WALL) == 0)
		return true;
	return errno == EINVAL && waitid(P_PID, (id_t)pid, &info, ask) == 0;
}

/* A process by a descriptor, where the kernel has them (since 5.3), or -1. */
static int
kill_open(pid_t pid)
{
#ifdef SYS_pidfd_open
	return (int)syscall(SYS_pidfd_open, pid, 0);
#else
	(void)pid;
	return -1;
#endif
}

static int
kill_send(int fd)
{
#ifdef SYS_pidfd_send_signal
	return (int)syscall(SYS_pidfd_send_signal, fd, SIGKILL, NULL, 0);
#else
	(void)fd;
	return -1;
#endif
}

/*
 * If the child ends and is reaped between question and signal, which happens
 * while SIGCHLD is ignored, its number may be somebody else's, but not the
 * descriptor.
 */
static int
kill_signal(pid_t pid)
{
	int rc = -1, fd = kill_open(pid);

	if (kill_is_child(pid))
		rc = fd >= 0 ? kill_send(fd) : kill(pid, SIGKILL);
	if (fd >= 0)
		close(fd);
	return rc;
}

/* How many were killed: 1 or 0. */
static long
kill_child(pid_t pid)
{
	return pid > 0 && kill_signal(pid) == 0;
}

/* ---- finding children ------------------------------------------------- */

typedef long kill_each_fn(pid_t pid);

/* Sum of fn over the numbers of a text like "12 345 ", which comes in pieces. */
static long
kill_numbers(int fd, kill_each_fn *fn)
{
	char buf[4096];
	ssize_t n, i;
	pid_t pid = 0;
	long sum = 0;

	while ((n = read(fd, buf, sizeof(buf))) > 0) {
		for (i = 0; i < n; i++) {
			if (buf[i] >= '0' && buf[i] <= '9') {
				pid = pid * 10 + (buf[i] - '0');
				continue;
			}
			sum += pid > 0 ? fn(pid) : 0;
			pid = 0;
		}
	}
	return sum + (pid > 0 ? fn(pid) : 0);
}

/* The number that a directory of /proc is named after, or 0. */
static pid_t
kill_name(const char *name)
{
	return name[0] >= '1' && name[0] <= '9' ? (pid_t)atol(name) : 0;
}

/*
 * Sum of fn over the children that the kernel lists for each of the caller's
 * threads, if it has such lists.
 */
static long
kill_listed(kill_each_fn *fn)
{
	DIR *dir = opendir("/proc/self/task");
	char path[64];
	struct dirent *d;
	long sum = 0;
	int fd;

	if (dir == NULL)
		return 0;
	while ((d = readdir(dir)) != NULL) {
		if (kill_name(d->d_name) == 0)
			continue;
		snprintf(path, sizeof(path), "/proc/self/task/%d/children",
		    (int)kill_name(d->d_name));
		fd = open(path, O_RDONLY | O_CLOEXEC);
		if (fd < 0)
			continue;
		sum += kill_numbers(fd, fn);
		close(fd);
	}
	closedir(dir);
	return sum;
}

/*
 * The parent in /proc/PID/stat: "pid (name) state parent ...", where the name
 * may hold anything, parentheses too.
 */
static pid_t
kill_parent(pid_t pid)
{
	char path[64], buf[512], *s;
	int parent;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	if (posix_read(path, buf, sizeof(buf)) <= 0)
		return 0;
	s = strrchr(buf, ')');
	if (s == NULL || sscanf(s, ") %*c %d", &parent) != 1)
		return 0;
	return (pid_t)parent;
}

/*
 * Remember a process.  Without memory it is forgotten, and the next look finds
 * it when it has become a child: this must work when memory is short.
 */
static void
kill_remember(struct kill_kins *k, pid_t parent, pid_t pid)
{
	size_t cap = k->cap > 0 ? k->cap * 2 : 1024;
	struct kill_kin *v;

	if (k->n == k->cap) {
		v = realloc(k->v, cap * sizeof(*v));
		if (v == NULL)
			return;
		k->v = v;
		k->cap = cap;
	}
	k->v[k->n].parent = parent;
	k->v[k->n++].pid = pid;
}

static int
kill_order(const void *a, const void *b)
{
	const struct kill_kin *x = a, *y = b;

	return (x->parent > y->parent) - (x->parent < y->parent);
}

/* Look through all processes: kill children, remember the others. */
static long
kill_scan(struct kill_kins *k)
{
	DIR *dir = opendir("/proc");
	const pid_t self = getpid();
	pid_t pid, parent;
	struct dirent *d;
	long killed = 0;

	k->n = 0;
	if (dir == NULL)
		return 0;
	while ((d = readdir(dir)) != NULL) {
		pid = kill_name(d->d_name);
		parent = pid > 0 ? kill_parent(pid) : 0;
		if (parent == self)
			killed += kill_child(pid);
		else if (parent > 0)
			kill_remember(k, parent, pid);
	}
	closedir(dir);
	if (k->n > 0)
		qsort(k->v, k->n, sizeof(*k->v), kill_order);
	return killed;
}

/*
 * Kill the children there are, which is at least one.  A child that is dying
 * is still found and counted, so none at all means that /proc is not mounted
 * or belongs to another PID namespace.
 */
static void
kill_look(struct kill_kins *k)
{
	if (kill_listed(kill_child) == 0 && kill_scan(k) == 0)
		posix_kill_children();
}

/* ---- reaping ---------------------------------------------------------- */

/* Kill those whose parent was `parent`, which has just been reaped. */
static void
kill_orphans(const struct kill_kins *k, pid_t parent)
{
	size_t low = 0, high = k->n, mid;

	while (low < high) {
		mid = low + (high - low) / 2;
		if (k->v[mid].parent < parent)
			low = mid + 1;
		else
			high = mid;
	}
	for (; low < k->n && k->v[low].parent == parent; low++)
		kill_child(k->v[low].pid);
}

/* Reap who has ended, without waiting: waiting is what makes it quadratic. */
static long
kill_reap(const struct kill_kins *k, bool *none_left)
{
	long reaped = 0;
	pid_t pid;

	do {
		pid = waitpid(-1, NULL, WNOHANG | __WALL);
		if (pid > 0) {
			reaped++;
			kill_orphans(k, pid);
		}
	} while (pid > 0 || (pid < 0 && errno == EINTR));
	*none_left = pid < 0;
	return reaped;
}

/* ---- a whole population ------------------------------------------------- */

static long
kill_count(pid_t pid)
{
	(void)pid;
	return 1;
}

static pid_t kill_whose;	/* whose children kill_grandchild() is to hit */

static long
kill_grandchild(pid_t pid)
{
	int fd = kill_open(pid);
	long killed = fd >= 0 && kill_parent(pid) == kill_whose &&
	    kill_send(fd) == 0;

	if (fd >= 0)
		close(fd);
	return killed;
}

/*
 * The children of a child, or if it has none, the child.  A parent that ends
 * before its children leaves all of them to the caller; and when it is the
 * owner of an address space that they share, the kernel looks for the next one
 * among all these, for every death.
 */
static long
kill_leaves(pid_t child)
{
	char path[64];
	long killed = 0;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/children", (int)child,
	    (int)child);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0) {
		kill_whose = child;
		killed = kill_numbers(fd, kill_grandchild);
		close(fd);
	}
	return killed > 0 ? killed : kill_child(child);
}

/*
 * Each wait() would look through all children that still live, with the lock
 * that they need to end; so SIGCHLD is ignored, the kernel reaps, and what
 * looks through them all is given a small part of the time.  Returns as
 * kill_all(); of the survivors of the first look nobody is counted.
 */
static long
kill_many(struct kill_kins *k, long reaped, uint64_t deadline_ns)
{
	struct sigaction ignore = { .sa_handler = SIG_IGN };
	uint64_t now = os_now_ns();
	bool none_left;
	int look;

	sigemptyset(&ignore.sa_mask);
	if (sigaction(SIGCHLD, &ignore, NULL) != 0)
		return -1;
	for (look = 0; now < deadline_ns; look++) {
		if (look == 0)
			reaped += kill_listed(kill_leaves);
		else if (look < KILL_LEAVES)
			kill_listed(kill_leaves);
		else
			kill_look(k);
		posix_sleep(KILL_MANY_SHARE * (os_now_ns() - now));
		now = os_now_ns();
		/* Those that had ended before are still there to be reaped. */
		kill_reap(k, &none_left);
		if (none_left)
			return reaped;
	}
	errno = ETIMEDOUT;
	return -1;
}

/* ---- all of them ------------------------------------------------------ */

static long
kill_all(struct kill_kins *k, uint64_t deadline_ns)
{
	uint64_t now, look_ns = 0, pause_ns = KILL_PAUSE_MIN_NS;
	long n, reaped = 0;
	bool none_left;

	for (;;) {
		n = kill_reap(k, &none_left);
		reaped += n;
		if (none_left)
			return reaped;
		now = os_now_ns();
		if (now >= deadline_ns)
			break;
		if (now >= look_ns) {
			if (kill_listed(kill_count) > KILL_MANY)
				return kill_many(k, reaped, deadline_ns);
			kill_look(k);
			look_ns = os_now_ns();
			look_ns += KILL_LOOK_SHARE * (look_ns - now);
		}
		pause_ns = n > 0 ? KILL_PAUSE_MIN_NS : pause_ns * 2;
		if (pause_ns > KILL_PAUSE_MAX_NS)
			pause_ns = KILL_PAUSE_MAX_NS;
		posix_sleep(pause_ns);
	}
	errno = ETIMEDOUT;
	return -1;
}

/*
 * While SIGCHLD is ignored, the kernel reaps children itself and gives their
 * numbers away; so it is not ignored here, unless there are too many.  For the
 * same reason no other thread may reap meanwhile.  A tree that forks faster than /proc can be read
 * may outlive the timeout: kill its process group first.
 */
long
os_kill_descendants(uint64_t timeout_ns)
{
	struct sigaction dfl = { .sa_handler = SIG_DFL }, old;
	struct kill_kins k = { NULL, 0, 0 };
	uint64_t now = os_now_ns();
	int saved_errno;
	long reaped;

	sigemptyset(&dfl.sa_mask);
	if (sigaction(SIGCHLD, &dfl, &old) != 0)
		return -1;
	reaped = kill_all(&k, timeout_ns > UINT64_MAX - now ? UINT64_MAX :
	    now + timeout_ns);
	saved_errno = errno;
	free(k.v);
	sigaction(SIGCHLD, &old, NULL);
	errno = saved_errno;
	return reaped;
}
