/* SPDX-License-Identifier: BSD-2-Clause */
/* The part of os.h that is the same on every POSIX system. */
#include "config.h"

#include "os/os_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define NS_PER_S 1000000000u

/* No system that is known today gives a process a higher number. */
#define POSIX_PID_MAX 4194304

/* ---- time ------------------------------------------------------------- */

/* The raw clock is not slewed, so two machines' seconds are equally long. */
#ifdef CLOCK_MONOTONIC_RAW
#define POSIX_CLOCK CLOCK_MONOTONIC_RAW
#define POSIX_CLOCK_NAME "CLOCK_MONOTONIC_RAW"
#else
#define POSIX_CLOCK CLOCK_MONOTONIC
#define POSIX_CLOCK_NAME "CLOCK_MONOTONIC"
#endif

uint64_t
os_now_ns(void)
{
	struct timespec ts;

	clock_gettime(POSIX_CLOCK, &ts);
	return (uint64_t)ts.tv_sec * NS_PER_S + (uint64_t)ts.tv_nsec;
}

const char *
os_clock_name(void)
{
	return POSIX_CLOCK_NAME;
}

void
posix_sleep(uint64_t ns)
{
	struct timespec ts;

	ts.tv_sec = (time_t)(ns / NS_PER_S);
	ts.tv_nsec = (long)(ns % NS_PER_S);
	nanosleep(&ts, NULL);
}

/*
 * Relative sleeps, because no system sleeps by the raw clock.  Sleeping runs
 * by a clock that may be slewed, hence the second look.
 */
void
os_sleep_until(uint64_t deadline_ns)
{
	struct timespec ts;
	uint64_t now;

	while ((now = os_now_ns()) < deadline_ns) {
		ts.tv_sec = (time_t)((deadline_ns - now) / NS_PER_S);
		ts.tv_nsec = (long)((deadline_ns - now) % NS_PER_S);
		if (nanosleep(&ts, NULL) != 0)
			return;
	}
}

/* ---- machine ---------------------------------------------------------- */

int
os_cpus_online(void)
{
	long n = sysconf(_SC_NPROCESSORS_ONLN);

	return n > 0 ? (int)n : 1;
}

size_t
os_page_size(void)
{
	return (size_t)sysconf(_SC_PAGESIZE);
}

/* ---- children --------------------------------------------------------- */

long
posix_reap(bool *none_left)
{
	long reaped = 0;
	pid_t pid;

	do {
		pid = waitpid(-1, NULL, WNOHANG);
		if (pid > 0)
			reaped++;
	} while (pid > 0 || (pid < 0 && errno == EINTR));
	*none_left = pid < 0;
	return reaped;
}

/* A child without a signal for its end is waited for with a flag of its own. */
#ifdef __WALL
#define POSIX_WAIT_ANY __WALL
#else
#define POSIX_WAIT_ANY 0
#endif

bool
os_ended(pid_t pid, bool reap)
{
	siginfo_t info;

	memset(&info, 0, sizeof(info));
	if (waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG |
	    POSIX_WAIT_ANY | (reap ? 0 : WNOWAIT)) != 0)
		return errno == ECHILD;
	return info.si_pid == pid;
}

void
posix_kill_children(void)
{
	siginfo_t info;
	pid_t pid;

	for (pid = 2; pid <= POSIX_PID_MAX; pid++)
		if (waitid(P_PID, (id_t)pid, &info,
		    WEXITED | WNOHANG | WNOWAIT) == 0)
			kill(pid, SIGKILL);
}

/* ---- files ------------------------------------------------------------ */

ssize_t
posix_read(const char *path, char *buf, size_t len)
{
	size_t have = 0;
	ssize_t n;
	int fd;

	buf[0] = '\0';
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	do {
		n = read(fd, buf + have, len - 1 - have);
		if (n > 0)
			have += (size_t)n;
	} while ((n > 0 && have < len - 1) || (n < 0 && errno == EINTR));
	buf[have] = '\0';
	close(fd);
	return n < 0 && have == 0 ? -1 : (ssize_t)have;
}

int
posix_read_u64(const char *path, uint64_t *value)
{
	char buf[64], *end;
	uint64_t v;

	if (posix_read(path, buf, sizeof(buf)) <= 0)
		return -1;
	/* strtoull() would take a sign, and -1 is not a large number. */
	if (buf[0] < '0' || buf[0] > '9')
		return -1;
	errno = 0;
	v = strtoull(buf, &end, 10);
	if (errno != 0)
		return -1;
	*value = v;
	return 0;
}

/* ---- facts ------------------------------------------------------------ */

/* Put "..." over text[len] and what precedes it of the same character. */
static size_t
posix_fact_cut(char *text, size_t len)
{
	while (len > 0 && ((unsigned char)text[len] & 0xc0) == 0x80)
		len--;
	memcpy(text + len, "...", 4);
	return len + 3;
}

void
posix_fact(os_fact_fn *fn, void *arg, const char *key, const char *value)
{
	char text[POSIX_FACT_MAX];
	size_t len = 0;
	bool blank = false, line = false;
	const char *s;

	for (s = value; *s != '\0'; s++) {
		unsigned char c = (unsigned char)*s;

		if (c <= ' ' || c == 0x7f) {
			blank = true;
			line = line || c == '\n';
			continue;
		}
		if (len + 8 >= sizeof(text)) {
			text[len] = (char)c;
			len = posix_fact_cut(text, len);
			break;
		}
		if (blank && len > 0) {
			if (line)
				text[len++] = ';';
			text[len++] = ' ';
		}
		blank = line = false;
		text[len++] = (char)c;
		text[len] = '\0';
	}
	text[len] = '\0';
	if (len > 0)
		fn(arg, key, text);
}

void
posix_fact_u64(os_fact_fn *fn, void *arg, const char *key, uint64_t value)
{
	char text[32];

	snprintf(text, sizeof(text), "%" PRIu64, value);
	fn(arg, key, text);
}

static const struct posix_rlimit {
	const char *key;
	int resource;
} posix_rlimits[] = {
	{ "limits.rlimit_core", RLIMIT_CORE },
	{ "limits.rlimit_cpu", RLIMIT_CPU },
	{ "limits.rlimit_data", RLIMIT_DATA },
	{ "limits.rlimit_fsize", RLIMIT_FSIZE },
	{ "limits.rlimit_nofile", RLIMIT_NOFILE },
	{ "limits.rlimit_stack", RLIMIT_STACK },
#ifdef RLIMIT_AS
	{ "limits.rlimit_as", RLIMIT_AS },
#endif
#ifdef RLIMIT_MEMLOCK
	{ "limits.rlimit_memlock", RLIMIT_MEMLOCK },
#endif
#ifdef RLIMIT_MSGQUEUE
	{ "limits.rlimit_msgqueue", RLIMIT_MSGQUEUE },
#endif
#ifdef RLIMIT_NICE
	{ "limits.rlimit_nice", RLIMIT_NICE },
#endif
#ifdef RLIMIT_NPROC
	{ "limits.rlimit_nproc", RLIMIT_NPROC },
#endif
#ifdef RLIMIT_RSS
	{ "limits.rlimit_rss", RLIMIT_RSS },
#endif
#ifdef RLIMIT_RTPRIO
	{ "limits.rlimit_rtprio", RLIMIT_RTPRIO },
#endif
#ifdef RLIMIT_RTTIME
	{ "limits.rlimit_rttime", RLIMIT_RTTIME },
#endif
#ifdef RLIMIT_SIGPENDING
	{ "limits.rlimit_sigpending", RLIMIT_SIGPENDING },
#endif
#ifdef RLIMIT_SBSIZE
	{ "limits.rlimit_sbsize", RLIMIT_SBSIZE },
#endif
#ifdef RLIMIT_SWAP
	{ "limits.rlimit_swap", RLIMIT_SWAP },
#endif
};

static uint64_t
posix_rlim(rlim_t limit)
{
	return limit == RLIM_INFINITY ? UINT64_MAX : (uint64_t)limit;
}

static void
posix_put_rlim(char *buf, size_t len, rlim_t limit)
{
	if (limit == RLIM_INFINITY)
		snprintf(buf, len, "unlimited");
	else
		snprintf(buf, len, "%" PRIu64, (uint64_t)limit);
}

static void
posix_rlimit_facts(os_fact_fn *fn, void *arg)
{
	char soft[32], hard[32], text[96];
	struct rlimit r;
	size_t i;

	for (i = 0; i < sizeof(posix_rlimits) / sizeof(*posix_rlimits); i++) {
		if (getrlimit(posix_rlimits[i].resource, &r) != 0)
			continue;
		posix_put_rlim(soft, sizeof(soft), r.rlim_cur);
		posix_put_rlim(hard, sizeof(hard), r.rlim_max);
		snprintf(text, sizeof(text), "soft %s hard %s", soft, hard);
		fn(arg, posix_rlimits[i].key, text);
	}
}

void
posix_facts(os_fact_fn *fn, void *arg)
{
	struct utsname u;

	if (uname(&u) == 0) {
		posix_fact(fn, arg, "kernel.name", u.sysname);
		posix_fact(fn, arg, "kernel.release", u.release);
		posix_fact(fn, arg, "kernel.version", u.version);
		posix_fact(fn, arg, "machine.arch", u.machine);
	}
	posix_fact_u64(fn, arg, "machine.page_bytes", os_page_size());
	posix_fact_u64(fn, arg, "machine.cpus_online",
	    (uint64_t)os_cpus_online());
	posix_rlimit_facts(fn, arg);
}

/* ---- limits ----------------------------------------------------------- */

static void
posix_limit(os_limit_fn *fn, void *arg, struct os_limit l, int resource,
    bool exempt, uint64_t (*used)(void))
{
	struct rlimit r;

	if (getrlimit(resource, &r) != 0)
		return;
	l.value = exempt ? UINT64_MAX : posix_rlim(r.rlim_cur);
	if (used != NULL && l.value != UINT64_MAX)
		l.used = used();
	fn(arg, &l);
}

void
posix_limits(os_limit_fn *fn, void *arg, bool nproc_exempt,
    uint64_t (*tasks)(void), bool memlock_exempt)
{
	(void)nproc_exempt;
	(void)tasks;
	(void)memlock_exempt;
#ifdef RLIMIT_NPROC
	posix_limit(fn, arg, (struct os_limit){ .name = "RLIMIT_NPROC",
	    .counts = OS_COUNTS_TASKS, .lift = "ulimit -u %llu" },
	    RLIMIT_NPROC, nproc_exempt, tasks);
#endif
	posix_limit(fn, arg, (struct os_limit){ .name = "RLIMIT_NOFILE",
	    .counts = OS_COUNTS_FDS, .lift = "ulimit -n %llu" },
	    RLIMIT_NOFILE, false, NULL);
#ifdef RLIMIT_MEMLOCK
	/* The shell counts in KiB: its number is not ours to put in. */
	posix_limit(fn, arg, (struct os_limit){ .name = "RLIMIT_MEMLOCK",
	    .counts = OS_COUNTS_LOCKED, .lift = "ulimit -l unlimited" },
	    RLIMIT_MEMLOCK, memlock_exempt, NULL);
#endif
}

/* The resource of a name that may be raised; -1: none. */
static int
posix_resource(const char *name)
{
#ifdef RLIMIT_NPROC
	if (strcmp(name, "RLIMIT_NPROC") == 0)
		return RLIMIT_NPROC;
#endif
	return strcmp(name, "RLIMIT_NOFILE") == 0 ? RLIMIT_NOFILE : -1;
}

enum os_scope
posix_limit_scope(const char *name)
{
	return posix_resource(name) >= 0 ? OS_SCOPE_PROCESS : OS_SCOPE_NONE;
}

/* The resource of that name and what is in force; -1 with errno. */
static int
posix_rlimit(const char *name, struct rlimit *r)
{
	int resource = posix_resource(name);

	if (resource < 0)
		errno = ENOTSUP;
	return resource >= 0 && getrlimit(resource, r) == 0 ? resource : -1;
}

int
posix_limit_get(const char *name, uint64_t *value)
{
	struct rlimit r;

	if (posix_rlimit(name, &r) < 0)
		return -1;
	*value = posix_rlim(r.rlim_cur);
	return 0;
}

int
posix_limit_set(const char *name, uint64_t value)
{
	struct rlimit r;
	int resource = posix_rlimit(name, &r);

	if (resource < 0)
		return -1;
	r.rlim_cur = value == UINT64_MAX ? RLIM_INFINITY : (rlim_t)value;
	if (posix_rlim(r.rlim_max) < value)
		r.rlim_max = r.rlim_cur;
	return setrlimit(resource, &r);
}
