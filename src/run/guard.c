/* SPDX-License-Identifier: BSD-2-Clause */
/* The supervisor's side of the guardian; see guard.h. */
#include "config.h"

#include "run/guard.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/io.h"
#include "base/str.h"
#include "os/group.h"
#include "os/os.h"

extern char **environ;

/*
 * The socket's far end becomes GUARD_FD.  An addclose first: posix_spawn's
 * dup2 onto itself would keep close-on-exec.
 */
static int
guard_spawn(struct guard *g, const char *path, int theirs)
{
	char *argv[] = { (char *)(uintptr_t)"vmstress-guardian", g->folder,
	    NULL };
	posix_spawn_file_actions_t actions;
	int rc;

	rc = posix_spawn_file_actions_init(&actions);
	if (rc != 0)
		return rc;
	rc = posix_spawn_file_actions_adddup2(&actions, theirs, GUARD_FD);
	if (rc == 0)
		rc = posix_spawn(&g->pid, path, &actions, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	return rc;
}

static int
guard_socket(int fds[2])
{
	int i, high;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, fds) != 0)
		return -1;
	for (i = 0; i < 2; i++) {
		/* Above GUARD_FD, so that dup2 always makes a new one. */
		high = fcntl(fds[i], F_DUPFD_CLOEXEC, GUARD_FD + 1);
		close(fds[i]);
		fds[i] = high;
	}
	return fds[0] < 0 || fds[1] < 0 ? -1 : 0;
}

/* Without a place for it cells use the temporary directory itself. */
static void
guard_make_folder(struct guard *g)
{
	const char *tmpdir = getenv("TMPDIR");
	int n = snprintf(g->folder, sizeof(g->folder), "%s/vmstress-XXXXXX",
	    tmpdir != NULL && tmpdir[0] == '/' ? tmpdir : "/tmp");

	if (n < 0 || (size_t)n >= sizeof(g->folder) ||
	    mkdtemp(g->folder) == NULL)
		g->folder[0] = '\0';
}

static void
guard_remove_folder(struct guard *g)
{
	if (g->folder[0] != '\0')
		io_remove_folder(g->folder);
	g->folder[0] = '\0';
}

static void
guard_remove_group(struct guard *g)
{
	if (g->group[0] != '\0')
		os_group_remove(g->group, GUARD_GROUP_NS);
	g->group[0] = '\0';
}

int
guard_start(struct guard *g, const char *path, struct err *e)
{
	char hello[16];
	int fds[2], rc;

	g->pid = 0;
	g->fd = -1;
	g->group[0] = '\0';
	if (guard_socket(fds) != 0)
		return err_errno(e, "cannot make a socket for the guardian");
	guard_make_folder(g);
	rc = guard_spawn(g, path, fds[1]);
	close(fds[1]);
	g->fd = fds[0];
	if (rc != 0) {
		guard_remove_folder(g);
		g->pid = 0;
		close(g->fd);
		errno = rc;
		return err_errno(e, "cannot start %s", path);
	}
	if (recv(g->fd, hello, sizeof(hello), 0) != 5) {
		guard_stop(g);
		return err_set(e, "%s did not start", path);
	}
	/* What the guardian cannot end any more when it dies comes to us. */
	os_adopt_orphans();
	return 0;
}

static int
guard_send_bytes(struct guard *g, const char *text, size_t len,
    const int fds[3])
{
	union {
		struct cmsghdr align;
		char buf[CMSG_SPACE(3 * sizeof(int))];
	} control;
	struct iovec iov = { (void *)(uintptr_t)text, len };
	struct msghdr msg;
	struct cmsghdr *c;

	memset(&msg, 0, sizeof(msg));
	memset(&control, 0, sizeof(control));
	msg.msg_iov = &iov;
	msg.msg_iovlen = 1;
	if (fds != NULL) {
		msg.msg_control = control.buf;
		msg.msg_controllen = sizeof(control.buf);
		c = CMSG_FIRSTHDR(&msg);
		c->cmsg_level = SOL_SOCKET;
		c->cmsg_type = SCM_RIGHTS;
		c->cmsg_len = CMSG_LEN(3 * sizeof(int));
		memcpy(CMSG_DATA(c), fds, 3 * sizeof(int));
	}
	return sendmsg(g->fd, &msg, MSG_NOSIGNAL) < 0 ? -1 : 0;
}

static int
guard_send(struct guard *g, const char *text, const int fds[3])
{
	return guard_send_bytes(g, text, strlen(text), fds);
}

static ssize_t
guard_receive(struct guard *g, char *text, size_t len, int flags)
{
	ssize_t n;

	do {
		n = recv(g->fd, text, len - 1, flags);
	} while (n < 0 && errno == EINTR);
	if (n > 0)
		text[n] = '\0';
	return n;
}

/* Start what the message asks for; the pid, or -1. */
static pid_t
guard_start_one(struct guard *g, const char *message, size_t len,
    const int fds[3], struct err *e)
{
	char text[GUARD_PACKET_MAX];

	if (guard_send_bytes(g, message, len, fds) != 0 ||
	    guard_receive(g, text, sizeof(text), 0) <= 0) {
		guard_stop(g);
		return err_set(e, "the guardian died");
	}
	if (strncmp(text, "started ", 8) == 0)
		return (pid_t)atol(text + 8);
	if (strncmp(text, "refused ", 8) == 0)
		errno = atoi(text + 8);
	else
		errno = EPROTO;
	return err_errno(e, "the guardian cannot start a program");
}

pid_t
guard_launch(struct guard *g, const char *cell, const char *arg,
    int in, int out, int err, struct err *e)
{
	char text[GUARD_PACKET_MAX];
	int fds[3] = { in, out, err };
	int n;

	n = snprintf(text, sizeof(text), "launch %s %s", arg, cell);
	if (n >= (int)sizeof(text))
		return err_set(e, "path of vmstress-cell is too long");
	return guard_start_one(g, text, (size_t)n, fds, e);
}

pid_t
guard_command(struct guard *g, char *const argv[], int in, int out, int err,
    struct err *e)
{
	static const char word[] = "command ";
	struct str text = { 0 };
	int fds[3] = { in, out, err };
	pid_t pid = -1;
	size_t i;

	str_add(&text, word);
	for (i = 0; argv[i] != NULL; i++)
		str_addn(&text, argv[i], strlen(argv[i]) + 1);
	if (text.len >= GUARD_PACKET_MAX)
		err_set(e, "the command line of %s is longer than %d bytes",
		    argv[0], GUARD_PACKET_MAX);
	else
		pid = guard_start_one(g, str_text(&text), text.len, fds, e);
	str_free(&text);
	return pid;
}

/* Take "done ERRNO TEXT" apart; 0, or -1 with that errno. */
static int
guard_done(const char *text, char *answer, size_t len)
{
	char *end;
	long num;

	errno = EPROTO;
	if (strncmp(text, "done ", 5) != 0)
		return -1;
	num = strtol(text + 5, &end, 10);
	snprintf(answer, len, "%s", *end == ' ' ? end + 1 : "");
	errno = (int)num;
	return num == 0 ? 0 : -1;
}

/* Ask for a change; what comes back with it goes to `answer`. */
static int
guard_change(struct guard *g, const char *ask, char *answer, size_t len,
    struct err *e)
{
	char text[GUARD_PACKET_MAX];

	if (guard_send(g, ask, NULL) != 0 ||
	    guard_receive(g, text, sizeof(text), 0) <= 0) {
		guard_stop(g);
		return err_set(e, "the guardian died");
	}
	if (guard_done(text, answer, len) == 0)
		return 0;
	return err_errno(e, "the guardian cannot do it");
}

int
guard_state(struct guard *g, const char *path, struct err *e)
{
	char text[GUARD_PACKET_MAX], none[2];

	snprintf(text, sizeof(text), "state %s", path);
	return guard_change(g, text, none, sizeof(none), e);
}

int
guard_raise(struct guard *g, const char *name, uint64_t value, uint64_t *old,
    struct err *e)
{
	char text[GUARD_PACKET_MAX], was[32];

	snprintf(text, sizeof(text), "raise %s %" PRIu64, name, value);
	if (guard_change(g, text, was, sizeof(was), e) != 0)
		return -1;
	*old = strtoull(was, NULL, 10);
	return 0;
}

int
guard_swap(struct guard *g, uint64_t bytes, char *device, size_t len,
    struct err *e)
{
	char text[64];

	snprintf(text, sizeof(text), "swap %" PRIu64, bytes);
	return guard_change(g, text, device, len, e);
}

int
guard_group(struct guard *g, const char *path, struct err *e)
{
	char text[GUARD_PACKET_MAX], none[2];

	if (path != NULL && strlen(path) >= sizeof(g->group)) {
		errno = ENAMETOOLONG;
		return err_errno(e, "cannot use the group");
	}
	/* From here on it may be there, whatever becomes of the guardian. */
	if (path != NULL)
		snprintf(g->group, sizeof(g->group), "%s", path);
	snprintf(text, sizeof(text), "group %s", path != NULL ? path : "-");
	if (guard_change(g, text, none, sizeof(none), e) == 0 && path != NULL)
		return 0;
	if (g->pid > 0)
		g->group[0] = '\0';
	return e->set ? -1 : 0;
}

int
guard_read(struct guard *g, struct guard_ended *ended)
{
	char text[GUARD_PACKET_MAX];
	ssize_t n = guard_receive(g, text, sizeof(text), MSG_DONTWAIT);

	if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
		return 0;
	if (n <= 0)
		return -1;
	if (sscanf(text, "ended %d %ld", &ended->status, &ended->left) != 2)
		return 0;
	return 1;
}

void
guard_kill(struct guard *g)
{
	if (guard_send(g, "kill", NULL) != 0)
		guard_stop(g);
}

void
guard_stop(struct guard *g)
{
	if (g->fd >= 0)
		close(g->fd);
	g->fd = -1;
	if (g->pid > 0)
		while (waitpid(g->pid, NULL, 0) < 0 && errno == EINTR)
			continue;
	g->pid = 0;
	os_kill_descendants(GUARD_KILL_NS);
	guard_remove_group(g);
	guard_remove_folder(g);
}
