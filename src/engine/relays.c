/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Rows of relays; see workload_relays.h.  The members are made
 * by a program of their own (src/target/member.c), group by group: a fork of
 * this one would cost half as much memory again.
 */
#include "config.h"

#include "engine/relays.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/io.h"
#include "base/mem.h"
#include "engine/engine.h"
#include "os/bare.h"
#include "os/os.h"
#include "target/member.h"

#define RELAYS_PROGRAM "vmstress-member"
/* Descriptors below this may be inherited: a worker has few. */
#define RELAYS_FDS 64
#define RELAYS_LOOK_MS 200
/* Places kept for the last group, and how long it is tried to make it. */
#define RELAYS_RESERVE 4
#define RELAYS_TRY_NS 10000000000u
#define RELAYS_PAUSE_NS 10000000u
/* What a copy of the program takes in the page cache. */
#define RELAYS_COPY_BYTES (1u << 20)

_Static_assert(MEMBER_STAMP == VMS_RELAY_STAMP, "one bit for both");

/* A group that is being made. */
struct relays_group {
	int in, out, life, stamps;
	int report[2];
	uint64_t members, first;
	pid_t leader;		/* the parent of the members, none of them */
	uint64_t made;
};

static const char *const relays_calls[] = {
	[MEMBER_NOTHING] = NULL,
	[MEMBER_PIPE] = "pipe",
	[MEMBER_FORK] = "fork",
	[MEMBER_MAP] = "mmap",
	[MEMBER_EXEC] = "exec",
};

/* ---- the program ---------------------------------------------------------- */

/* The members' program, or the copy that only this group runs. */
static int
relays_path(const struct vms_worker *w, const struct vms_relays *r,
    uint64_t group, char *path, size_t len)
{
	int n;

	if (r->member == VMS_MEMBER_EXEC_COPY)
		n = snprintf(path, len, "%s/%s-%d-%llu", r->dir,
		    RELAYS_PROGRAM, w->index,
		    (unsigned long long)group);
	else
		n = snprintf(path, len, "%s/%s", w->cell->targets,
		    RELAYS_PROGRAM);
	errno = ENAMETOOLONG;
	return n > 0 && (size_t)n < len ? 0 : -1;
}

/* As many as there can be, and one for a group that only closes the gap. */
static uint64_t
relays_groups(const struct vms_relays *r)
{
	return r->members / r->group + 2;
}

static int
relays_copy_bytes(int from, int to)
{
	char block[65536];
	ssize_t n;

	while ((n = read(from, block, sizeof(block))) > 0)
		if (io_write_all(to, block, (size_t)n) != 0)
			return -1;
	return n < 0 ? -1 : 0;
}

static int
relays_copy(struct vms_worker *w, const struct vms_relays *r, uint64_t group)
{
	char original[PATH_MAX], path[PATH_MAX];
	int from = -1, to = -1, rc = -1;

	snprintf(original, sizeof(original), "%s/%s", w->cell->targets,
	    RELAYS_PROGRAM);
	if (relays_path(w, r, group, path, sizeof(path)) == 0 &&
	    (from = open(original, O_RDONLY | O_CLOEXEC)) >= 0 &&
	    (to = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
	    0700)) >= 0)
		rc = relays_copy_bytes(from, to);
	if (rc != 0)
		vms_fail(w, "cannot copy %s to %s", original, path);
	if (from >= 0)
		close(from);
	/* An open file that can be written to cannot be executed. */
	if (to >= 0)
		close(to);
	return rc;
}

static int
relays_copies(struct vms_worker *w, const struct vms_relays *r)
{
	uint64_t i, n = relays_groups(r);

	for (i = 0; i < n && !vms_stopping(w); i++) {
		errno = 0;
		if (!vms_room(w->cell, RELAYS_COPY_BYTES))
			return vms_fail(w, "memory budget: no room for %llu "
			    "copies of the members' program",
			    (unsigned long long)n);
		if (relays_copy(w, r, i) != 0)
			return -1;
	}
	return 0;
}

static int
relays_nothing(void *arg)
{
	(void)arg;
	return 0;
}

int
relays_probe(struct vms_cell *c, int member)
{
	static char stack[65536];
	pid_t pid;

	if (member != VMS_MEMBER_SHARED)
		return 0;
	pid = os_fork_shared(relays_nothing, NULL, stack, sizeof(stack));
	if (pid < 0 && errno == ENOTSUP)
		return vms_skip(c, "this system has no processes that share "
		    "an address space");
	if (pid > 0)
		waitpid(pid, NULL, 0);
	return 0;
}

int
relays_prepare(struct vms_worker *w, struct vms_relays *r)
{
	r->life = -1;
	r->leaders = mem_zalloc(relays_groups(r) * sizeof(*r->leaders));
	signal(SIGCHLD, SIG_IGN);
	/* Members whose leader is gone must not be somebody's to wait for. */
	if (os_adopt_orphans() != 0 && errno != ENOTSUP)
		return vms_fail(w, "cannot become the parent of orphans");
	return r->member == VMS_MEMBER_EXEC_COPY ? relays_copies(w, r) : 0;
}

void
relays_free(struct vms_worker *w, struct vms_relays *r)
{
	char path[PATH_MAX];
	uint64_t i;

	if (r->leaders == NULL)
		return;
	for (i = 0; r->member == VMS_MEMBER_EXEC_COPY && i < relays_groups(r);
	    i++)
		if (relays_path(w, r, i, path, sizeof(path)) == 0)
			unlink(path);
	free(r->leaders);
	r->leaders = NULL;
}

/* ---- in the parent of a group, before it is one -------------------------------------- */

/* The descriptors of the program, each in its place, and no others. */
static int
relays_descriptors(const struct relays_group *g)
{
	const int from[MEMBER_FDS] = {
		[MEMBER_IN] = g->in, [MEMBER_OUT] = g->out,
		[MEMBER_REPORT] = g->report[1], [MEMBER_LIFE] = g->life,
		[MEMBER_STAMPS] = g->stamps
	};
	int high[MEMBER_FDS], fd;

	for (fd = 0; fd < MEMBER_FDS; fd++)
		high[fd] = from[fd] < 0 ? -1 :
		    fcntl(from[fd], F_DUPFD, RELAYS_FDS);
	for (fd = 0; fd < RELAYS_FDS; fd++)
		close(fd);
	for (fd = 0; fd < MEMBER_FDS; fd++) {
		if (from[fd] < 0)
			continue;
		if (high[fd] < 0 || dup2(high[fd], fd) < 0)
			return -1;
		close(high[fd]);
	}
	return 0;
}

static _Noreturn void
relays_become(const struct vms_worker *w, const struct vms_relays *r,
    const struct relays_group *g)
{
	const struct engine *en = w->cell->engine;
	struct member_report report = { 0, MEMBER_EXEC, 0, 0 };
	char path[PATH_MAX], members[24], first[24], bytes[24], cpu[24];
	char pgrp[24];

	/* Who ends the cell's group does not end us before our members. */
	setpgid(0, 0);
	if (!r->bound && w->cpu >= 0)
		os_pin_set(en->allowed, en->nallowed);
	snprintf(members, sizeof(members), "%llu",
	    (unsigned long long)g->members);
	snprintf(first, sizeof(first), "%llu", (unsigned long long)g->first);
	snprintf(bytes, sizeof(bytes), "%llu",
	    (unsigned long long)r->pipe_bytes);
	snprintf(cpu, sizeof(cpu), "%d", r->bound ? -1 : w->cpu);
	snprintf(pgrp, sizeof(pgrp), "%ld", (long)r->pgrp);
	if (relays_descriptors(g) == 0 &&
	    relays_path(w, r, r->groups, path, sizeof(path)) == 0)
		execl(path, RELAYS_PROGRAM, r->member == VMS_MEMBER_SHARED ?
		    "shared" : "own", members, first, bytes, cpu, pgrp,
		    (char *)NULL);
	report.errnum = errno;
	_exit(write(MEMBER_REPORT, &report, sizeof(report)) < 0 ? 126 : 127);
}

/* ---- in the worker -------------------------------------------------------- */

static void
relays_stopped_by(struct vms_relays *r, const char *call, int errnum)
{
	if (r->call != NULL || call == NULL)
		return;
	r->call = call;
	r->errnum = errnum;
}

/* Is the row to grow no further? */
static bool
relays_full(const struct vms_worker *w, const struct vms_relays *r)
{
	return r->call != NULL || r->budget || vms_stopping(w);
}

/* The leader's report; a leader that is gone without one is a failure. */
static int
relays_hear(struct vms_worker *w, struct vms_relays *r, struct relays_group *g)
{
	struct pollfd pfd = { .fd = g->report[0], .events = POLLIN };
	struct member_report report;

	while (poll(&pfd, 1, RELAYS_LOOK_MS) != 1) {
		if (vms_stopping(w))
			return 0;
		if (kill(g->leader, 0) != 0 && poll(&pfd, 1, 0) != 1) {
			errno = 0;
			return vms_fail(w, "the leader of a group was killed");
		}
	}
	if (read(g->report[0], &report, sizeof(report)) !=
	    (ssize_t)sizeof(report) || report.call > MEMBER_EXEC)
		return vms_fail(w, "cannot hear from the leader of a group");
	g->made = report.made;
	if (r->pgrp == 0)
		r->pgrp = report.group;
	relays_stopped_by(r, relays_calls[report.call], report.errnum);
	return 0;
}

/* One group from g->in to g->out; g->made says how much of it there is. */
static int
relays_make(struct vms_worker *w, struct vms_relays *r, struct relays_group *g,
    uint64_t members)
{
	int rc;

	g->members = members;
	g->made = 0;
	g->leader = fork();
	if (g->leader == 0)
		relays_become(w, r, g);
	if (g->leader < 0) {
		relays_stopped_by(r, "fork", errno);
		return 0;
	}
	r->leaders[r->groups] = g->leader;
	rc = relays_hear(w, r, g);
	if (g->made > 0)
		r->groups++;
	r->made += g->made;
	g->first += members;
	return rc;
}

/* Whole groups, as long as there is more to make than one. */
static int
relays_grow(struct vms_worker *w, struct vms_relays *r, struct relays_group *g)
{
	uint64_t workers = (uint64_t)w->cell->workers;
	uint64_t bytes = 2 * r->group * (r->member_bytes + r->later_bytes);
	int last = g->out, fds[2], rc = 0;

	while (rc == 0 && r->members - r->made > r->group &&
	    !relays_full(w, r)) {
		r->budget = !vms_room(w->cell, workers *
		    (bytes + r->made * r->later_bytes));
		if (r->budget)
			break;
		if (pipe(fds) != 0) {
			relays_stopped_by(r, "pipe", errno);
			break;
		}
		g->out = fds[1];
		rc = relays_make(w, r, g, r->group);
		close(fds[1]);
		/* Without a group, the last one begins where this one should. */
		close(g->made > 0 ? g->in : fds[0]);
		if (g->made > 0)
			g->in = fds[0];
	}
	g->out = last;
	return rc;
}

/* Processes that do nothing but hold a place. */
static void
relays_reserve(pid_t reserve[RELAYS_RESERVE])
{
	int i;

	for (i = 0; i < RELAYS_RESERVE; i++) {
		reserve[i] = fork();
		if (reserve[i] == 0) {
			pause();
			_exit(0);
		}
	}
}

static void
relays_release(const pid_t reserve[RELAYS_RESERVE])
{
	int i;

	for (i = 0; i < RELAYS_RESERVE; i++) {
		if (reserve[i] <= 0)
			continue;
		kill(reserve[i], SIGKILL);
		waitpid(reserve[i], NULL, 0);
	}
}

/*
 * The last group ends in `out`.  When a limit has come first it is one member,
 * which closes the gap.  Others may take the places that were given up for it,
 * until they have met the limit, too: hence several tries.
 */
static int
relays_close(struct vms_worker *w, struct vms_relays *r,
    struct relays_group *g)
{
	uint64_t until = os_now_ns() + RELAYS_TRY_NS;
	int rc;

	for (;;) {
		rc = relays_make(w, r, g, relays_full(w, r) ? 1 :
		    r->members - r->made);
		if (rc != 0 || g->made > 0 || vms_stopping(w))
			return rc;
		if (os_now_ns() > until)
			break;
		os_sleep_until(os_now_ns() + RELAYS_PAUSE_NS);
	}
	errno = r->errnum;
	return vms_fail(w, "cannot close the row of %llu processes: %s",
	    (unsigned long long)r->made, r->call != NULL ? r->call :
	    "no group was made");
}

/* Groups until the row stands or must stop, and the last one. */
static int
relays_grow_all(struct vms_worker *w, struct vms_relays *r,
    struct relays_group *g)
{
	pid_t reserve[RELAYS_RESERVE];
	int rc;

	relays_reserve(reserve);
	rc = relays_grow(w, r, g);
	relays_release(reserve);
	return rc == 0 ? relays_close(w, r, g) : rc;
}

static void
relays_say_limit(struct vms_worker *w, const struct vms_relays *r)
{
	int64_t asked = (int64_t)r->members, made = (int64_t)r->made;

	if (made == asked)
		return;
	if (r->call != NULL)
		vms_refused(w, asked, made, r->call, r->errnum);
	else
		vms_partial(w, asked, made, r->budget ? "memory budget" :
		    "stopped");
}

int
relays_build(struct vms_worker *w, struct vms_relays *r, int in, int out,
    int stamps)
{
	struct relays_group g = { .out = out, .stamps = stamps,
	    .first = r->first };
	int life[2], rc;

	r->made = r->groups = 0;
	r->pgrp = 0;
	r->budget = false;
	r->call = NULL;
	r->errnum = 0;
	g.in = dup(in);
	if (g.in < 0 || pipe(life) != 0)
		return vms_fail(w, "cannot make the pipes of a row");
	r->life = life[0];
	g.life = life[1];
	if (pipe(g.report) != 0) {
		rc = vms_fail(w, "cannot make the pipes of a row");
	} else {
		rc = relays_grow_all(w, r, &g);
		close(g.report[0]);
		close(g.report[1]);
	}
	close(g.in);
	close(life[1]);
	relays_say_limit(w, r);
	return rc;
}

/* ---- the end -------------------------------------------------------------- */

void
relays_kill(struct vms_relays *r, int signo, bool leaders)
{
	uint64_t i;

	for (i = 0; leaders && i < r->groups; i++)
		kill(r->leaders[i], signo);
	if (!leaders && r->pgrp > 0)
		kill(-r->pgrp, signo);
}

void
relays_await_end(struct vms_relays *r)
{
	char none;

	while (read(r->life, &none, 1) < 0 && errno == EINTR)
		continue;
	close(r->life);
	r->life = -1;
	r->groups = 0;
}

/* The last few may be on their way out when their descriptors are gone. */
int
relays_verify(struct vms_worker *w, const struct vms_relays *r)
{
	uint64_t until = os_now_ns() + 30000000000u;

	while (r->pgrp > 0 && kill(-r->pgrp, 0) == 0) {
		errno = 0;
		if (os_now_ns() > until)
			return vms_fail(w, "processes of a row are left after "
			    "its end");
		os_sleep_until(os_now_ns() + 10000000);
	}
	return 0;
}
