/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Linux: what another process has used.  Faults are exact in /proc/PID/stat,
 * times are not: they come in hundredths of a second there, so that those of
 * the process itself are read from its clocks.  Context switches are in
 * /proc/PID/status alone, of one thread, and cost much more.
 */
#include "config.h"

#include "os/os_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/*
 * The clocks of a process by its id, as clock_getcpuclockid() makes the last of
 * them: ticks in either mode, ticks in user mode, and the time on a processor.
 */
enum { USAGE_TICKS, USAGE_TICKS_USER, USAGE_RUN };

int
os_usage_open(struct os_usage_source *s, pid_t pid)
{
	char path[64];

	s->pid = pid;
	s->fd = -1;
	if (pid == 0)
		return 0;
	snprintf(path, sizeof(path), "/proc/%ld/stat", (long)pid);
	s->fd = open(path, O_RDONLY | O_CLOEXEC);
	return s->fd >= 0 ? 0 : -1;
}

void
os_usage_close(struct os_usage_source *s)
{
	if (s->fd >= 0)
		close(s->fd);
	s->fd = -1;
}

static bool
usage_clock(pid_t pid, unsigned which, uint64_t *ns)
{
	struct timespec t;

	if (clock_gettime((clockid_t)((~(unsigned)pid << 3) | which), &t) != 0)
		return false;
	*ns = (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
	return true;
}

/* Without such clocks the ticks of the text remain. */
static void
usage_times(pid_t pid, struct os_usage *u)
{
	uint64_t user, both, run;

	if (!usage_clock(pid, USAGE_TICKS_USER, &user) ||
	    !usage_clock(pid, USAGE_TICKS, &both) ||
	    !usage_clock(pid, USAGE_RUN, &run) || both < user)
		return;
	u->run_ns = run;
	u->user_ns = user;
	u->system_ns = both - user;
}

/*
 * After the name, which may hold anything but ends with the last parenthesis:
 * state, 6 numbers, minor faults, those of children, major ones, those of
 * children, user time, system time, and the same of children.
 */
int
linux_usage_parse(const char *text, uint64_t tick_ns, struct os_usage *u)
{
	enum { SKIP = 6, WANTED = 8 };
	const char *at = strrchr(text, ')');
	uint64_t v[WANTED];
	char *end;
	int i;

	if (at == NULL || at[1] != ' ' || at[2] == '\0')
		return -1;
	at += 3;
	for (i = -SKIP; i < WANTED; i++) {
		/* Of those that are skipped some are negative. */
		if (*at != ' ' || (i >= 0 && (at[1] < '0' || at[1] > '9')))
			return -1;
		errno = 0;
		if (i < 0)
			strtoll(at, &end, 10);
		else
			v[i] = strtoull(at, &end, 10);
		if (end == at || errno != 0)
			return -1;
		at = end;
	}
	u->minor_faults = v[0] + v[1];
	u->major_faults = v[2] + v[3];
	u->run_ns = OS_USAGE_UNKNOWN;
	u->user_ns = v[4] * tick_ns;
	u->system_ns = v[5] * tick_ns;
	u->children_user_ns = v[6] * tick_ns;
	u->children_system_ns = v[7] * tick_ns;
	u->voluntary = u->involuntary = OS_USAGE_UNKNOWN;
	return 0;
}

int
os_usage_read(const struct os_usage_source *s, struct os_usage *u)
{
	long ticks = sysconf(_SC_CLK_TCK);
	char text[1024];
	ssize_t n;

	if (s->pid == 0)
		return posix_usage_self(u);
	do {
		n = pread(s->fd, text, sizeof(text) - 1, 0);
	} while (n < 0 && errno == EINTR);
	if (n <= 0)
		return -1;
	text[n] = '\0';
	if (linux_usage_parse(text, 1000000000u /
	    (uint64_t)(ticks > 0 ? ticks : 100), u) != 0)
		return -1;
	usage_times(s->pid, u);
	return 0;
}
