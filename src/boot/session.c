/* SPDX-License-Identifier: BSD-2-Clause */
/* One boot of one kernel; see session.h.  How it ended is in session_judge.c. */
#include "config.h"

#include "boot/session.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "boot/session_state.h"
#include "os/os.h"
#include "os/threads.h"
#include "run/interrupt.h"

#define SESSION_TICK_MS 100
/* What a guest may take between two launches, and to turn itself off. */
#define SESSION_IDLE_NS	UINT64_C(120000000000)
#define SESSION_OFF_NS	UINT64_C(30000000000)
/* After a panic: time for the last lines, until it resets itself. */
#define SESSION_PANIC_NS UINT64_C(5000000000)
/* The guest ends a launch that hangs by itself, unless it hangs, too. */
#define SESSION_LAUNCH_NS UINT64_C(60000000000)
#define SESSION_CPUS_MAX 1024

static void
session_deadline(struct session_state *s, uint64_t ns)
{
	s->deadline_ns = os_now_ns() + ns;
}

/* ---- what the guest says ------------------------------------------------ */

static void
session_hello(struct session_state *s, const char *text)
{
	if (s->stage != SESSION_BOOTING) {
		s->again = true;
		return;
	}
	s->stage = SESSION_IDLE;
	session_deadline(s, SESSION_IDLE_NS);
	if (strcmp(text, WIRE_VERSION) != 0)
		err_set(&s->protocol, "the guest speaks '%s', not %s", text,
		    WIRE_VERSION);
}

static void
session_begin(struct session_state *s, const char *text)
{
	struct wire_begin b;

	if (wire_begin_read(text, &b) != 0) {
		err_set(&s->protocol, "the guest began something that is no "
		    "launch: '%s'", text);
		return;
	}
	s->stage = SESSION_LAUNCH;
	session_deadline(s, b.timeout_ns + SESSION_LAUNCH_NS);
	free(s->launch_text);
	s->launch_text = mem_strdup(b.text);
	s->k = b.k;
	s->n = b.n;
	if (s->session->on_begin != NULL)
		s->session->on_begin(s->session->arg, &b);
}

/* "ok", or a word and the reason. */
static void
session_said_end(struct session_state *s, const char *text)
{
	size_t word = strcspn(text, " ");

	s->stage = SESSION_OVER;
	session_deadline(s, SESSION_OFF_NS);
	s->ok = word == 2 && strncmp(text, "ok", 2) == 0;
	free(s->why);
	s->why = mem_strdup(text + word + (text[word] == ' '));
}

static void
session_message(void *arg, enum wire_kind kind, const char *text)
{
	struct session_state *s = arg;

	/* A second record in the first one, or what nobody understands. */
	if (s->again || s->protocol.set)
		return;
	switch (kind) {
	case WIRE_HELLO:
		session_hello(s, text);
		break;
	case WIRE_CONFIG:
		if (s->session->on_config != NULL)
			s->session->on_config(s->session->arg, text);
		break;
	case WIRE_BEGIN:
		session_begin(s, text);
		break;
	case WIRE_LINE:
		if (s->session->on_line != NULL)
			s->session->on_line(s->session->arg, text);
		break;
	case WIRE_END:
		session_said_end(s, text);
		break;
	case WIRE_KINDS:
		break;
	}
}

/* Everything that is there; false at the end. */
static bool
session_read_port(struct session_state *s)
{
	char block[65536];
	ssize_t n;

	while ((n = read(s->port, block, sizeof(block))) > 0)
		wire_take(&s->wire, block, (size_t)n, session_message, s);
	return n < 0 && (errno == EAGAIN || errno == EINTR);
}

/* ---- processors ----------------------------------------------------------- */

/*
 * Its threads come one after the other, so it is tried until all are there.
 * Binding them is what was asked for, not what the result hangs on.
 */
static void
session_pin(struct session_state *s)
{
	struct session *session = s->session;
	const char *prefix = session->runner->cpu_threads;
	pid_t threads[SESSION_CPUS_MAX];
	int i, n;

	/* Later than hello it would not be what the record says. */
	if (session->pinned || s->stage != SESSION_BOOTING ||
	    session->cpus == NULL ||
	    session->ncpus > SESSION_CPUS_MAX)
		return;
	if (prefix == NULL) {
		session->pinned = os_threads_pin(s->pid, session->cpus[0]) == 0;
		return;
	}
	n = os_threads_named(s->pid, prefix, threads, SESSION_CPUS_MAX);
	if (n != session->ncpus)
		return;
	for (i = 0; i < n; i++)
		if (os_threads_pin(threads[i], session->cpus[i]) != 0)
			return;
	session->pinned = true;
}

/* ---- the boot ------------------------------------------------------------- */

static int
session_create(const char *path, struct err *e)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);

	if (fd < 0)
		err_errno(e, "cannot create %s", path);
	return fd;
}

static int
session_start(struct session_state *s, int log, int said, struct err *e)
{
	const struct session *session = s->session;
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	int port[2];

	if (null < 0)
		return err_errno(e, "/dev/null");
	if (os_pipe(port) != 0) {
		close(null);
		return err_errno(e, "cannot make a pipe for the guest");
	}
	s->port = port[0];
	fcntl(s->port, F_SETFL, O_NONBLOCK);
	s->pid = guard_command(session->guard, s->arguments.list, null, port[1],
	    session->runner->log_is_stderr ? log : said, e);
	close(port[1]);
	close(null);
	return s->pid < 0 ? -1 : 0;
}

/* End it, and say why; the first reason stays. */
static void
session_kill(struct session_state *s, enum session_killed why)
{
	if (s->killed != SESSION_NOT_KILLED)
		return;
	s->killed = why;
	guard_kill(s->session->guard);
}

static void
session_check(struct session_state *s)
{
	if (console_look(&s->console) != 0)
		session_kill(s, SESSION_KILLED_FLOOD);
	if (s->console.panic != NULL && !s->panicked) {
		s->panicked = true;
		session_deadline(s, SESSION_PANIC_NS);
	}
	if (interrupt_count() > 0)
		session_kill(s, SESSION_KILLED_INTERRUPT);
	else if (s->again || s->protocol.set)
		session_kill(s, SESSION_KILLED_USELESS);
	else if (os_now_ns() >= s->deadline_ns)
		session_kill(s, SESSION_KILLED_LATE);
}

static int
session_attend(struct session_state *s, struct err *e)
{
	struct pollfd fds[3] = {
		{ .fd = s->port, .events = POLLIN },
		{ .fd = s->session->guard->fd, .events = POLLIN },
		{ .fd = interrupt_fd(), .events = POLLIN },
	};
	int got = 0;

	while (got == 0) {
		if (poll(fds, 3, SESSION_TICK_MS) < 0 && errno != EINTR)
			return err_errno(e, "cannot wait for the guest");
		interrupt_drain();
		if (fds[0].fd >= 0 && !session_read_port(s))
			fds[0].fd = -1;
		session_pin(s);
		session_check(s);
		if (s->session->on_tick != NULL)
			s->session->on_tick(s->session->arg);
		got = guard_read(s->session->guard, &s->ended);
	}
	if (got < 0)
		return err_set(e, "the guardian died");
	/* What was said last is still in the pipe and in the file. */
	session_read_port(s);
	console_look(&s->console);
	return 0;
}

static int
session_boot(struct session_state *s, struct err *e)
{
	const struct session *session = s->session;
	int log = session_create(session->boot->log, e);
	int said = log < 0 ? -1 : session_create(session->said, e);
	int rc = -1;

	if (said >= 0 && console_open(&s->console, session->boot->log, e) == 0)
		rc = session_start(s, log, said, e);
	if (log >= 0)
		close(log);
	if (said >= 0)
		close(said);
	if (rc != 0)
		return -1;
	session_deadline(s, session->boot_timeout_ns);
	return session_attend(s, e);
}

int
session_run(struct session *session, struct session_end *end,
    struct err *e)
{
	struct session_state s = {
		.session = session,
		.port = -1,
		.console = { .fd = -1 },
	};
	struct str line = { 0 };
	uint64_t begun = os_now_ns();
	int rc;

	memset(end, 0, sizeof(*end));
	session->runner->command(session->boot, &s.arguments, &line);
	rc = session_boot(&s, e);
	if (rc == 0) {
		session_judge(&s, end);
		end->elapsed_ns = os_now_ns() - begun;
	}
	if (s.port >= 0)
		close(s.port);
	console_close(&s.console);
	wire_free(&s.wire);
	arguments_free(&s.arguments);
	str_free(&line);
	free(s.launch_text);
	free(s.why);
	return rc;
}

void
session_end_free(struct session_end *end)
{
	size_t i;

	for (i = 0; i < end->ntail; i++)
		free(end->tail[i]);
	free(end->tail);
	end->tail = NULL;
	end->ntail = 0;
}
