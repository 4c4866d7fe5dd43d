/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vmstress-guardian: the parent of all cells; see guard.h.  It links nothing
 * but the system layer, has a session of its own so that a terminal's ^C does
 * not reach the run behind the supervisor's back, and outlives the supervisor
 * just long enough to clean up: processes, and what it has changed about the
 * system on behalf of the run.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/io.h"
#include "os/group.h"
#include "os/os.h"
#include "run/guard.h"
#include "run/undo.h"

/* Arguments of a command. */
#define GUARDIAN_ARGS_MAX 256

static int guardian_wake_fd = -1;	/* for the signal handler */
static const char *guardian_folder = "";	/* for files of cells; see guard.h */
static char guardian_group[GUARD_GROUP_MAX];	/* of cells; or empty */

static void
guardian_on_child(int signo)
{
	int saved = errno;

	(void)signo;
	if (write(guardian_wake_fd, "c", 1) < 0)
		errno = saved;	/* full: a wake-up is under way already */
	errno = saved;
}

static void
guardian_signals(void (*others)(int), void (*child)(int))
{
	static const int signals[] = {
		SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE, SIGXFSZ
	};
	struct sigaction sa;
	size_t i;

	memset(&sa, 0, sizeof(sa));
	sa.sa_handler = others;
	for (i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		sigaction(signals[i], &sa, NULL);
	sa.sa_handler = child;
	sa.sa_flags = SA_NOCLDSTOP | SA_RESTART;
	sigaction(SIGCHLD, &sa, NULL);
}

static void
guardian_say(const char *word, long a, long b)
{
	char text[64];
	int n = snprintf(text, sizeof(text), "%s %ld %ld", word, a, b);

	/* A supervisor that is gone is noticed by the next read. */
	if (send(GUARD_FD, text, (size_t)n, MSG_NOSIGNAL) < 0)
		return;
}

static _Noreturn void
guardian_become(const char *path, char *const argv[], const int fds[3])
{
	int i;

	guardian_signals(SIG_DFL, SIG_DFL);
	setpgid(0, 0);
	/* It has worked before.  Where it does not, the cell counts nothing. */
	if (guardian_group[0] != '\0' && os_group_enter(guardian_group) != 0)
		fprintf(stderr, "vmstress: cannot move a cell into %s: %s\n",
		    guardian_group, strerror(errno));
	for (i = 0; i < 3; i++)
		if (dup2(fds[i], i) < 0)
			_exit(127);
	execv(path, argv);
	fprintf(stderr, "cannot execute %s: %s\n", path, strerror(errno));
	_exit(127);
}

/*
 * Everything that a cell has made: its process group at one blow, then, where
 * the system hands orphans to us, whatever left the group.
 */
static long
guardian_end(pid_t cell)
{
	long left;

	if (cell > 0)
		kill(-cell, SIGKILL);
	left = os_kill_descendants(GUARD_KILL_NS);
	if (guardian_folder[0] != '\0')
		io_empty_folder(guardian_folder);
	return left;
}

static void
guardian_warn(void *arg, const char *text)
{
	(void)arg;
	fprintf(stderr, "vmstress: %s\n", text);
}

/* "done ERRNO TEXT"; rc is 0, or -1 with errno. */
static void
guardian_done(int rc, const char *text)
{
	char answer[UNDO_NAME_MAX + 32];
	int n = snprintf(answer, sizeof(answer), "done %d %s",
	    rc == 0 ? 0 : errno, text);

	if (send(GUARD_FD, answer, (size_t)n, MSG_NOSIGNAL) < 0)
		return;
}

static void
guardian_leave_group(void)
{
	if (guardian_group[0] != '\0' &&
	    os_group_remove(guardian_group, GUARD_GROUP_NS) != 0)
		fprintf(stderr, "vmstress: cannot remove %s: %s\n",
		    guardian_group, strerror(errno));
	guardian_group[0] = '\0';
}

/* A process of its own tries, since there is no way back for who moves. */
static int
guardian_try_group(const char *path)
{
	int status = 0;
	pid_t pid = fork();

	if (pid == 0)
		_exit(os_group_enter(path) == 0 ? 0 : errno & 0xff);
	if (pid < 0)
		return -1;
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -1;
	errno = WIFEXITED(status) ? WEXITSTATUS(status) : ECHILD;
	return errno == 0 ? 0 : -1;
}

/* `path` "-": none. */
static int
guardian_set_group(const char *path)
{
	int errnum;

	guardian_leave_group();
	if (strcmp(path, "-") == 0)
		return 0;
	errno = ENAMETOOLONG;
	if (strlen(path) >= sizeof(guardian_group) || os_group_make(path) != 0)
		return -1;
	snprintf(guardian_group, sizeof(guardian_group), "%s", path);
	if (guardian_try_group(path) == 0)
		return 0;
	errnum = errno;
	guardian_leave_group();
	errno = errnum;
	return -1;
}

/* Changes to the system, which end with this program. */
static void
guardian_change(struct undo *undo, char *text)
{
	char name[UNDO_NAME_MAX] = "-";
	uint64_t value, old = 0;
	int rc;

	errno = EINVAL;
	if (strncmp(text, "state ", 6) == 0) {
		guardian_done(undo_open(undo, text + 6), "-");
	} else if (sscanf(text, "raise %63s %" SCNu64, name, &value) == 2) {
		rc = undo_raise(undo, name, value, &old);
		snprintf(name, sizeof(name), "%" PRIu64, old);
		guardian_done(rc, name);
	} else if (sscanf(text, "swap %" SCNu64, &value) == 1) {
		rc = undo_swap(undo, value, name);
		guardian_done(rc, name);
	} else if (strncmp(text, "group ", 6) == 0) {
		guardian_done(guardian_set_group(text + 6), "-");
	}
}

static pid_t
guardian_start(const char *path, char *const argv[], const int fds[3])
{
	pid_t pid = fork();

	if (pid == 0)
		guardian_become(path, argv, fds);
	if (pid < 0) {
		guardian_say("refused", errno, 0);
		return 0;
	}
	guardian_say("started", pid, 0);
	return pid;
}

/* "ARG PATH" */
static pid_t
guardian_launch(char *arg, const int fds[3])
{
	char *argv[] = { (char *)(uintptr_t)"vmstress-cell", arg, NULL };
	char *path = strchr(arg, ' ');

	if (path == NULL) {
		guardian_say("refused", EINVAL, 0);
		return 0;
	}
	*path++ = '\0';
	return guardian_start(path, argv, fds);
}

/* Arguments, each one followed by a NUL. */
static pid_t
guardian_command(char *text, size_t len, const int fds[3])
{
	char *argv[GUARDIAN_ARGS_MAX + 1];
	size_t at, n = 0;

	for (at = 0; at < len && n < GUARDIAN_ARGS_MAX; at += strlen(text + at) + 1)
		argv[n++] = text + at;
	argv[n] = NULL;
	if (n == 0 || at < len) {
		guardian_say("refused", E2BIG, 0);
		return 0;
	}
	return guardian_start(argv[0], argv, fds);
}

/* One message and the descriptors that came with it; 0 at the end. */
static ssize_t
guardian_receive(char *text, size_t len, int fds[3], int *nfds)
{
	union {
		struct cmsghdr align;
		char buf[CMSG_SPACE(3 * sizeof(int))];
	} control;
	struct iovec iov = { text, len - 1 };
	struct msghdr msg;
	struct cmsghdr *c;
	ssize_t n;

	memset(&msg, 0, sizeof(msg));
	msg.msg_iov = &iov;
	msg.msg_iovlen = 1;
	msg.msg_control = control.buf;
	msg.msg_controllen = sizeof(control.buf);
	*nfds = 0;
	n = recvmsg(GUARD_FD, &msg, 0);
	if (n <= 0)
		return n < 0 && errno == EINTR ? -1 : 0;
	text[n] = '\0';
	c = CMSG_FIRSTHDR(&msg);
	if (c != NULL && c->cmsg_type == SCM_RIGHTS &&
	    c->cmsg_len == CMSG_LEN(3 * sizeof(int))) {
		memcpy(fds, CMSG_DATA(c), 3 * sizeof(int));
		*nfds = 3;
	}
	return n;
}

/* Handle one message; false when the supervisor is gone. */
static bool
guardian_message(pid_t *cell, struct undo *undo)
{
	char text[GUARD_PACKET_MAX];
	int fds[3], nfds, i;
	ssize_t n = guardian_receive(text, sizeof(text), fds, &nfds);

	if (n < 0)
		return true;
	if (n == 0)
		return false;
	for (i = 0; i < nfds; i++)
		fcntl(fds[i], F_SETFD, FD_CLOEXEC);
	if (strncmp(text, "launch ", 7) == 0 && nfds == 3 && *cell == 0)
		*cell = guardian_launch(text + 7, fds);
	else if (strncmp(text, "command ", 8) == 0 && nfds == 3 && *cell == 0)
		*cell = guardian_command(text + 8, (size_t)n - 8, fds);
	else if (strcmp(text, "kill") == 0 && *cell != 0)
		kill(-*cell, SIGKILL);
	else if (*cell == 0)
		guardian_change(undo, text);
	for (i = 0; i < nfds; i++)
		close(fds[i]);
	return true;
}

/* Reap; when the cell is among them, end what it left and report. */
static void
guardian_reap(pid_t *cell)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		if (pid != *cell)
			continue;
		guardian_say("ended", status, guardian_end(pid));
		*cell = 0;
	}
}

static int
guardian_loop(int wake_fd)
{
	struct pollfd fds[2] = {
		{ .fd = GUARD_FD, .events = POLLIN },
		{ .fd = wake_fd, .events = POLLIN },
	};
	struct undo undo = { .fd = -1 };
	char drain[64];
	pid_t cell = 0;
	long left;

	for (;;) {
		if (poll(fds, 2, -1) < 0 && errno != EINTR)
			break;
		while (read(wake_fd, drain, sizeof(drain)) > 0)
			continue;
		guardian_reap(&cell);
		if (fds[0].revents != 0 && !guardian_message(&cell, &undo))
			break;
		fds[0].revents = 0;
	}
	/* What they still use cannot be taken away from them. */
	left = guardian_end(cell);
	guardian_leave_group();
	undo_all(&undo, false, guardian_warn, NULL);
	if (guardian_folder[0] != '\0')
		io_remove_folder(guardian_folder);
	return left < 0 ? 1 : 0;
}

/*
 * What a shell or a make left open would be inherited by all processes of the
 * run, each with a table of descriptors that is larger for it.
 */
static void
guardian_close_inherited(void)
{
	long fd, n = sysconf(_SC_OPEN_MAX);

	for (fd = GUARD_FD + 1; fd < n && fd < 65536; fd++)
		close((int)fd);
}

int
main(int argc, char *argv[])
{
	int wake[2];

	/* Refuse to run by hand: without a socket there is nothing to guard. */
	if (send(GUARD_FD, "hello", 5, MSG_NOSIGNAL) < 0) {
		fputs("vmstress-guardian: is started by vmstress only\n", stderr);
		return 2;
	}
	guardian_close_inherited();
	setsid();
	if ((os_adopt_orphans() != 0 && errno != ENOTSUP) || os_pipe(wake) != 0)
		return 1;
	fcntl(GUARD_FD, F_SETFD, FD_CLOEXEC);
	fcntl(wake[0], F_SETFL, O_NONBLOCK);
	fcntl(wake[1], F_SETFL, O_NONBLOCK);
	guardian_wake_fd = wake[1];
	if (argc > 1 && argv[1][0] == '/' && setenv("TMPDIR", argv[1], 1) == 0)
		guardian_folder = argv[1];
	guardian_signals(SIG_IGN, guardian_on_child);
	return guardian_loop(wake[0]);
}
