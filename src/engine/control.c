/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the main thread of a cell waits for: time to pass, the supervisor to
 * speak or die, a worker to die or fail.  Workers and the SIGCHLD handler wake
 * it through a pipe, so that one ppoll() hears everything.
 *
 * In thread mode SIGCHLD is left alone: children there belong to the workload
 * and each of their deaths would wake us.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "engine/engine.h"
#include "engine/insight.h"
#include "engine/watch.h"
#include "os/os.h"

/* The write end for the signal handler, which has no other argument. */
static int control_signal_fd = -1;

static void
control_on_child(int signo)
{
	int saved = errno;

	(void)signo;
	if (write(control_signal_fd, "c", 1) < 0)
		errno = saved;	/* full: a wake-up is under way already */
	errno = saved;
}

static int
control_nonblocking(int fd)
{
	int flags = fcntl(fd, F_GETFL);

	if (flags < 0)
		return -1;
	return fcntl(fd, F_SETFL, flags | O_NONBLOCK);
}

int
control_start(struct engine *en, struct err *e)
{
	struct sigaction sa;

	if (os_pipe(en->event) != 0)
		return err_errno(e, "cannot make a pipe");
	if (control_nonblocking(en->event[0]) != 0 ||
	    control_nonblocking(en->event[1]) != 0)
		return err_errno(e, "cannot make a pipe non-blocking");
	if (en->control_fd >= 0 && control_nonblocking(en->control_fd) != 0)
		return err_errno(e, "cannot make the plan's pipe non-blocking");
	if (en->plan.threads)
		return 0;
	memset(&sa, 0, sizeof(sa));
	sa.sa_handler = control_on_child;
	sa.sa_flags = SA_NOCLDSTOP | SA_RESTART;
	control_signal_fd = en->event[1];
	if (sigaction(SIGCHLD, &sa, NULL) != 0)
		return err_errno(e, "cannot watch child processes");
	return 0;
}

void
control_wake(struct engine *en)
{
	if (write(en->event[1], "w", 1) < 0)
		return;		/* full: a wake-up is under way already */
}

/* The supervisor's lines; its silence for ever means that it is gone. */
static void
control_listen(struct engine *en)
{
	struct err e = { 0 };
	char *line;

	if (en->control_fd < 0)
		return;
	while ((line = protocol_read_line(&en->control, &e)) != NULL)
		if (strcmp(line, "stop") == 0)
			en->stop_asked = true;
	if (!en->control.eof && !e.set)
		return;
	/* Nobody will read a result: leave nothing behind. */
	workers_kill(en);
	watch_remove_file(en);
	_exit(1);
}

static void
control_drain(struct engine *en)
{
	char buf[64];

	while (read(en->event[0], buf, sizeof(buf)) > 0)
		continue;
}

/*
 * The launch takes too long.  Everybody is told to stop first: who is still at
 * it a second later is the one that hangs.
 */
static void
control_overdue(struct engine *en)
{
	if (en->overdue) {
		workers_blame(en);
		return;
	}
	en->overdue = true;
	en->deadline_ns += 1000000000;
	atomic_store(&en->shared->stop, 1);
}

static bool
control_look(struct engine *en)
{
	control_drain(en);
	control_listen(en);
	insight_look(en);
	if (!en->plan.threads)
		workers_reap(en);
	if (en->deadline_ns != 0 && os_now_ns() >= en->deadline_ns)
		control_overdue(en);
	return en->stop_asked || host_failed(en);
}

/* Sleep until a time or an event; 0 has no limit. */
static void
control_poll(struct engine *en, uint64_t wake_ns)
{
	struct pollfd fds[2];
	struct timespec ts;
	uint64_t now = os_now_ns();
	uint64_t left = wake_ns > now ? wake_ns - now : 0;

	fds[0].fd = en->event[0];
	fds[0].events = POLLIN;
	fds[1].fd = en->control_fd;	/* negative: ignored by poll */
	fds[1].events = POLLIN;
	ts.tv_sec = (time_t)(left / 1000000000);
	ts.tv_nsec = (long)(left % 1000000000);
	ppoll(fds, 2, wake_ns != 0 ? &ts : NULL, NULL);
}

bool
control_wait(struct engine *en, uint64_t until_ns)
{
	uint64_t wake_ns = until_ns;

	if (en->deadline_ns != 0 &&
	    (wake_ns == 0 || en->deadline_ns < wake_ns))
		wake_ns = en->deadline_ns;
	for (;;) {
		if (control_look(en))
			return true;
		if (until_ns != 0 && os_now_ns() >= until_ns)
			return false;
		control_poll(en, insight_wake_by(en, wake_ns));
	}
}

void
control_nap(struct engine *en)
{
	control_poll(en, os_now_ns() + 20000000);
	control_drain(en);
	control_listen(en);
	insight_look(en);
	if (!en->plan.threads)
		workers_reap(en);
}

void
control_rest(struct engine *en)
{
	os_sleep_until(os_now_ns() + 1000000);
	control_listen(en);
}
