/* SPDX-License-Identifier: BSD-2-Clause */
/* Programs of others, run to their end; see command.h. */
#include "config.h"

#include "boot/command.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/mem.h"
#include "os/os.h"
#include "run/interrupt.h"

extern char **environ;

/* How often it is looked whether the program has ended without a word. */
#define COMMAND_TICK_MS 10
#define COMMAND_OUTPUT_MAX (4u << 20)
/* How much of standard error is kept, and how many lines of it are told. */
#define COMMAND_TAIL 600
#define COMMAND_LINES 4

struct command {
	const char *name;
	pid_t pid;
	int fds[2];		/* its standard output and error; -1: ended */
	struct str *output;
	struct str tail;	/* of standard error */
	bool ended;
	int status;
	int interrupts;		/* that came before it was started */
};

/* ---- finding ----------------------------------------------------------- */

static bool
command_executable(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISREG(st.st_mode) &&
	    access(path, X_OK) == 0;
}

char *
command_find(const char *name)
{
	const char *at = getenv("PATH");
	size_t len;
	char *path;

	if (name[0] == '\0')
		return NULL;
	if (strchr(name, '/') != NULL)
		return command_executable(name) ? mem_strdup(name) : NULL;
	if (at == NULL)
		at = "/usr/bin:/bin";
	for (;; at += len + 1) {
		len = strcspn(at, ":");
		/* An empty folder of PATH is the present one. */
		path = mem_printf("%.*s/%s", len > 0 ? (int)len : 1,
		    len > 0 ? at : ".", name);
		if (command_executable(path))
			return path;
		free(path);
		if (at[len] == '\0')
			return NULL;
	}
}

/* ---- starting ---------------------------------------------------------- */

/*
 * In another folder through a shell, which every system has; the call for it in
 * posix_spawn() has not one name everywhere.  A new array, not its words.
 */
static char **
command_words(char *const argv[], char *path, const char *dir)
{
	static char sh[] = "/bin/sh", c[] = "-c",
	    script[] = "cd -- \"$1\" && shift && exec \"$@\"";
	char **words;
	size_t n = 0, i = 0;

	while (argv[n] != NULL)
		n++;
	words = mem_array(NULL, n + 6, sizeof(*words));
	if (dir != NULL) {
		words[i++] = sh;
		words[i++] = c;
		words[i++] = script;
		words[i++] = sh;
		words[i++] = (char *)dir;
	}
	words[i++] = path;
	memcpy(words + i, argv + 1, n * sizeof(*words));
	return words;
}

/* Ours in English, for the errors that are told.  A new array. */
static char **
command_environment(void)
{
	static char english[] = "LC_ALL=C";
	char **env;
	size_t n = 0, to = 0, i;

	while (environ[n] != NULL)
		n++;
	env = mem_array(NULL, n + 2, sizeof(*env));
	env[to++] = english;
	for (i = 0; i < n; i++)
		if (strncmp(environ[i], "LC_ALL=", 7) != 0 &&
		    strncmp(environ[i], "LANGUAGE=", 9) != 0)
			env[to++] = environ[i];
	env[to] = NULL;
	return env;
}

/*
 * A group of its own, so that what it has started is killed with it; and no
 * signal handled in another way than at a shell.
 */
static int
command_attributes(posix_spawnattr_t *attr)
{
	sigset_t none, all;

	sigemptyset(&none);
	sigfillset(&all);
	sigdelset(&all, SIGKILL);
	sigdelset(&all, SIGSTOP);
	posix_spawnattr_setsigmask(attr, &none);
	posix_spawnattr_setsigdefault(attr, &all);
	posix_spawnattr_setpgroup(attr, 0);
	return posix_spawnattr_setflags(attr, POSIX_SPAWN_SETSIGMASK |
	    POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
}

/* 0, or an errno. */
static int
command_spawn(struct command *c, char *const words[], int out, int error)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attr;
	char **env;
	int rc;

	rc = posix_spawn_file_actions_init(&actions);
	if (rc != 0)
		return rc;
	rc = posix_spawnattr_init(&attr);
	if (rc != 0) {
		posix_spawn_file_actions_destroy(&actions);
		return rc;
	}
	env = command_environment();
	rc = command_attributes(&attr);
	if (rc == 0)
		rc = posix_spawn_file_actions_addopen(&actions, STDIN_FILENO,
		    "/dev/null", O_RDONLY, 0);
	if (rc == 0)
		rc = posix_spawn_file_actions_adddup2(&actions, out,
		    STDOUT_FILENO);
	if (rc == 0)
		rc = posix_spawn_file_actions_adddup2(&actions, error,
		    STDERR_FILENO);
	if (rc == 0)
		rc = posix_spawn(&c->pid, words[0], &actions, &attr, words,
		    env);
	free(env);
	posix_spawnattr_destroy(&attr);
	posix_spawn_file_actions_destroy(&actions);
	return rc;
}

/* A pipe whose ends are none of the three that every program has. */
static int
command_pipe(int fds[2])
{
	int i, fd;

	if (os_pipe(fds) != 0)
		return -1;
	for (i = 0; i < 2; i++) {
		if (fds[i] > STDERR_FILENO)
			continue;
		fd = fcntl(fds[i], F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
		if (fd < 0) {
			close(fds[0]);
			close(fds[1]);
			return -1;
		}
		close(fds[i]);
		fds[i] = fd;
	}
	return 0;
}

static int
command_start(struct command *c, char *const argv[], const char *dir,
    struct err *e)
{
	int out[2], error[2], rc;
	char *path, **words;

	path = command_find(argv[0]);
	if (path == NULL)
		return err_set(e, "%s: there is no such program here", argv[0]);
	if (command_pipe(out) != 0) {
		free(path);
		return err_errno(e, "cannot run %s: no pipe", argv[0]);
	}
	if (command_pipe(error) != 0) {
		err_errno(e, "cannot run %s: no pipe", argv[0]);
		close(out[0]);
		close(out[1]);
		free(path);
		return -1;
	}
	words = command_words(argv, path, dir);
	rc = command_spawn(c, words, out[1], error[1]);
	free(words);
	free(path);
	close(out[1]);
	close(error[1]);
	c->fds[0] = out[0];
	c->fds[1] = error[0];
	fcntl(out[0], F_SETFL, O_NONBLOCK);
	fcntl(error[0], F_SETFL, O_NONBLOCK);
	errno = rc;
	return rc == 0 ? 0 : err_errno(e, "cannot run %s", argv[0]);
}

/* ---- attending --------------------------------------------------------- */

static void
command_keep(struct command *c, int which, const char *data, size_t n)
{
	size_t room, extra;

	if (which == 0) {
		if (c->output == NULL)
			return;
		room = COMMAND_OUTPUT_MAX - c->output->len;
		str_addn(c->output, data, n < room ? n : room);
		return;
	}
	str_addn(&c->tail, data, n);
	if (c->tail.len <= 2 * COMMAND_TAIL)
		return;
	extra = c->tail.len - COMMAND_TAIL;
	memmove(c->tail.s, c->tail.s + extra, COMMAND_TAIL + 1);
	c->tail.len = COMMAND_TAIL;
}

/* What can be read now, a bounded amount so that the time is looked at. */
static void
command_read(struct command *c, int which)
{
	char data[4096];
	ssize_t n;
	int i;

	for (i = 0; i < 64 && c->fds[which] >= 0; i++) {
		n = read(c->fds[which], data, sizeof(data));
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN)
			return;
		if (n > 0) {
			command_keep(c, which, data, (size_t)n);
			continue;
		}
		close(c->fds[which]);
		c->fds[which] = -1;
	}
}

static void
command_wait(struct command *c, int how)
{
	pid_t pid;

	do {
		pid = waitpid(c->pid, &c->status, how);
	} while (pid < 0 && errno == EINTR);
	/* Somebody else reaped it: how it ended is not known. */
	if (pid < 0)
		c->status = -1;
	c->ended = pid != 0;
}

static void
command_kill(struct command *c)
{
	kill(-c->pid, SIGKILL);
	kill(c->pid, SIGKILL);
	command_wait(c, 0);
}

/*
 * Until the program has ended; a child that it leaves behind may keep the pipes
 * open and is not waited for.
 */
static int
command_attend(struct command *c, uint64_t timeout_ns, struct err *e)
{
	uint64_t start_ns = os_now_ns();
	struct pollfd p[2];
	int i;

	while (!c->ended) {
		for (i = 0; i < 2; i++)
			p[i] = (struct pollfd){ c->fds[i], POLLIN, 0 };
		poll(p, 2, COMMAND_TICK_MS);
		command_wait(c, WNOHANG);
		for (i = 0; i < 2; i++)
			command_read(c, i);
		if (c->ended)
			break;
		if (interrupt_count() != c->interrupts) {
			command_kill(c);
			return err_set(e, "%s: interrupted", c->name);
		}
		if (timeout_ns > 0 && os_now_ns() - start_ns > timeout_ns) {
			command_kill(c);
			return err_set(e, "%s: killed, not ready after %llu s",
			    c->name, (unsigned long long)
			    (timeout_ns / 1000000000u));
		}
	}
	return 0;
}

/* ---- the end ----------------------------------------------------------- */

/* The last lines of standard error as one: "E: a; E: b"; a new string. */
static char *
command_complaint(const struct command *c)
{
	char *text = mem_strdup(str_text(&c->tail)), *at, *safe;
	size_t len = strlen(text);
	struct str out = { 0 };
	int lines = 0;

	while (len > 0 && strchr(" \r\n", text[len - 1]) != NULL)
		text[--len] = '\0';
	for (at = text + len; at > text; at--)
		if (at[-1] == '\n' && ++lines == COMMAND_LINES)
			break;
	for (at = strtok(at, "\r\n"); at != NULL; at = strtok(NULL, "\r\n")) {
		str_add(&out, out.len > 0 ? "; " : "");
		str_add(&out, at);
	}
	safe = str_safe_copy(str_text(&out));
	str_free(&out);
	free(text);
	return safe;
}

static int
command_verdict(const struct command *c, struct err *e)
{
	char *words, *how;

	if (WIFEXITED(c->status) && WEXITSTATUS(c->status) == 0)
		return 0;
	if (c->status == -1)
		how = mem_strdup("nobody knows how it ended");
	else if (WIFSIGNALED(c->status))
		how = mem_printf("killed by signal %d (%s)",
		    WTERMSIG(c->status), strsignal(WTERMSIG(c->status)));
	else
		how = mem_printf("ended with status %d",
		    WEXITSTATUS(c->status));
	words = command_complaint(c);
	err_set(e, "%s %s%s%s", c->name, how, words[0] != '\0' ? ": " : "",
	    words);
	free(words);
	free(how);
	return -1;
}

int
command_run(char *const argv[], const char *dir, uint64_t timeout_ns,
    struct str *output, struct err *e)
{
	struct command c = { .name = argv[0], .fds = { -1, -1 },
	    .output = output, .interrupts = interrupt_count() };
	int rc, i;

	if (output != NULL)
		str_reset(output);
	rc = command_start(&c, argv, dir, e);
	if (rc == 0)
		rc = command_attend(&c, timeout_ns, e);
	if (rc == 0)
		rc = command_verdict(&c, e);
	for (i = 0; i < 2; i++)
		if (c.fds[i] >= 0)
			close(c.fds[i]);
	str_free(&c.tail);
	return rc;
}
