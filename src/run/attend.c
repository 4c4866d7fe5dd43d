/* SPDX-License-Identifier: BSD-2-Clause */
/* Attend one execution of vmstress-cell; see attend.h. */
#include "config.h"

#include "run/attend.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/io.h"
#include "os/os.h"
#include "run/interrupt.h"

#define ATTEND_TICK_MS 200
/* How much of what a dying cell said on standard error is kept. */
#define ATTEND_TAIL 400

struct attend_state {
	const struct attend *a;
	struct attend_result *result;
	struct protocol_reader out;
	int in_fd, err_fd;
	bool have_end;			/* the cell said how it ended */
	bool ended;			/* the guardian says it is gone */
	bool stop_sent, killed, timed_out;
	int wait_status;
	uint64_t kill_at_ns;
	char tail[ATTEND_TAIL];
	size_t tail_len;
};

static void
attend_copy(char *to, size_t len, const char *from)
{
	snprintf(to, len, "%s", from != NULL ? from : "");
}

static void
attend_end_line(struct attend_state *s, const struct protocol_line *l)
{
	struct attend_result *r = s->result;
	const char *num = protocol_get(l, "errno");

	s->have_end = true;
	attend_copy(r->status, sizeof(r->status), protocol_get(l, "status"));
	attend_copy(r->reason, sizeof(r->reason), protocol_get(l, "reason"));
	r->num = num != NULL ? atoi(num) : 0;
}

static void
attend_fail(struct attend_state *s, const char *reason)
{
	attend_copy(s->result->status, sizeof(s->result->status), "failed");
	attend_copy(s->result->reason, sizeof(s->result->reason), reason);
	s->have_end = true;
}

static void
attend_out(struct attend_state *s)
{
	struct protocol_line line;
	struct err e = { 0 };
	char *text;

	while ((text = protocol_read_line(&s->out, &e)) != NULL) {
		if (protocol_parse(text, &line, &e) != 0)
			break;
		if (strcmp(line.keyword, "end") == 0)
			attend_end_line(s, &line);
		else if (s->a->on_line != NULL)
			s->a->on_line(s->a->arg_of_handlers, &line);
	}
	if (!e.set)
		return;
	err_prefix(&e, "vmstress-cell does not speak the protocol");
	attend_fail(s, e.text);
	s->out.eof = true;
	guard_kill(s->a->guard);
}

/* What the cell says on standard error is passed on, and its end kept. */
static void
attend_err(struct attend_state *s)
{
	char buf[4096];
	ssize_t n = read(s->err_fd, buf, sizeof(buf));
	size_t keep;

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0) {
		close(s->err_fd);
		s->err_fd = -1;
		return;
	}
	if (write(STDERR_FILENO, buf, (size_t)n) < 0)
		return;
	keep = (size_t)n < ATTEND_TAIL ? (size_t)n : ATTEND_TAIL;
	if (s->tail_len + keep > ATTEND_TAIL) {
		size_t drop = s->tail_len + keep - ATTEND_TAIL;

		memmove(s->tail, s->tail + drop, s->tail_len - drop);
		s->tail_len -= drop;
	}
	memcpy(s->tail + s->tail_len, buf + n - keep, keep);
	s->tail_len += keep;
}

static void
attend_kill(struct attend_state *s)
{
	if (s->killed)
		return;
	s->killed = true;
	guard_kill(s->a->guard);
}

/* Have the cell end early, with what there is. */
static void
attend_stop(struct attend_state *s)
{
	if (s->stop_sent)
		return;
	s->stop_sent = true;
	if (write(s->in_fd, "stop\n", 5) < 0)
		attend_kill(s);
}

static void
attend_interrupts(struct attend_state *s)
{
	int count = interrupt_count();

	interrupt_drain();
	if (count >= 1)
		attend_stop(s);
	if (count >= 2)
		attend_kill(s);
}

static void
attend_clock(struct attend_state *s)
{
	if (s->kill_at_ns != 0 && os_now_ns() >= s->kill_at_ns && !s->killed) {
		s->timed_out = true;
		attend_kill(s);
	}
	if (s->a->on_tick != NULL)
		s->a->on_tick(s->a->arg_of_handlers);
}

static void
attend_guard(struct attend_state *s)
{
	struct guard_ended ended;
	int rc = guard_read(s->a->guard, &ended);

	if (rc == 0)
		return;
	s->ended = true;
	if (rc > 0) {
		s->wait_status = ended.status;
		s->result->left = ended.left;
		return;
	}
	guard_stop(s->a->guard);
	if (!s->have_end)
		attend_fail(s, "the guardian was killed");
}

/*
 * Until the cell is gone and has been read to the end.  A process that
 * outlived the cell may hold its standard error: that is not waited for.
 */
static void
attend_loop(struct attend_state *s)
{
	enum { GUARD, OUT, ERR, SIGNAL, MORE, N };
	struct pollfd fds[N];

	while (!s->ended || !s->out.eof) {
		fds[GUARD].fd = s->ended ? -1 : s->a->guard->fd;
		fds[OUT].fd = s->out.eof ? -1 : s->out.fd;
		fds[ERR].fd = s->err_fd;
		fds[SIGNAL].fd = interrupt_fd();
		fds[GUARD].events = fds[OUT].events = POLLIN;
		fds[ERR].events = fds[SIGNAL].events = POLLIN;
		fds[MORE].fd = s->a->on_more != NULL ? s->a->more_fd : -1;
		fds[MORE].events = POLLIN;
		if (poll(fds, N, ATTEND_TICK_MS) > 0) {
			if (fds[OUT].fd >= 0 && fds[OUT].revents != 0)
				attend_out(s);
			if (fds[ERR].fd >= 0 && fds[ERR].revents != 0)
				attend_err(s);
			if (fds[MORE].fd >= 0 && fds[MORE].revents != 0)
				s->a->on_more(s->a->arg_of_handlers);
			if (fds[GUARD].fd >= 0 && fds[GUARD].revents != 0)
				attend_guard(s);
		}
		if (interrupt_count() > 0)
			attend_interrupts(s);
		if (s->a->stop != NULL && *s->a->stop)
			attend_stop(s);
		attend_clock(s);
	}
}

/* The last line that the cell said on standard error, or "". */
static const char *
attend_last_words(struct attend_state *s, char *buf, size_t len)
{
	char *line;

	while (s->tail_len > 0 && s->tail[s->tail_len - 1] == '\n')
		s->tail_len--;
	snprintf(buf, len, "%.*s", (int)s->tail_len, s->tail);
	line = strrchr(buf, '\n');
	return line != NULL ? line + 1 : buf;
}

/* The cell is gone without an `end` line: say what is known. */
static void
attend_explain(struct attend_state *s)
{
	char words[ATTEND_TAIL + 1], text[ERR_MAX];
	const char *last = attend_last_words(s, words, sizeof(words));
	int status = s->wait_status;

	if (s->timed_out)
		snprintf(text, sizeof(text), "timeout: vmstress-cell was killed "
		    "after %.0f s", (double)s->a->timeout_ns * 1e-9);
	else if (WIFSIGNALED(status))
		snprintf(text, sizeof(text), "vmstress-cell was killed by "
		    "signal %d (%s)", WTERMSIG(status),
		    strsignal(WTERMSIG(status)));
	else
		snprintf(text, sizeof(text), "vmstress-cell ended with status "
		    "%d and no result%s%s", WEXITSTATUS(status),
		    last[0] != '\0' ? ": " : "", last);
	attend_fail(s, text);
}

/* The three pipes; ours are kept here, the cell's are in theirs[]. */
static int
attend_pipes(struct attend_state *s, int theirs[3], struct err *e)
{
	int in[2], out[2], err[2];

	if (os_pipe(in) != 0)
		return err_errno(e, "cannot make a pipe");
	if (os_pipe(out) != 0) {
		err_errno(e, "cannot make a pipe");
		goto close_in;
	}
	if (os_pipe(err) != 0) {
		err_errno(e, "cannot make a pipe");
		goto close_out;
	}
	fcntl(out[0], F_SETFL, O_NONBLOCK);
	fcntl(err[0], F_SETFL, O_NONBLOCK);
	s->in_fd = in[1];
	protocol_reader_init(&s->out, out[0]);
	s->err_fd = err[0];
	theirs[0] = in[0];
	theirs[1] = out[1];
	theirs[2] = err[1];
	return 0;
close_out:
	close(out[0]);
	close(out[1]);
close_in:
	close(in[0]);
	close(in[1]);
	return -1;
}

static int
attend_start(struct attend_state *s, const struct protocol_launch *l,
    struct err *e)
{
	struct str block = { 0 };
	int theirs[3] = { -1, -1, -1 }, i;
	pid_t pid;

	if (attend_pipes(s, theirs, e) != 0)
		return -1;
	pid = guard_launch(s->a->guard, s->a->cell, s->a->arg, theirs[0],
	    theirs[1], theirs[2], e);
	for (i = 0; i < 3; i++)
		close(theirs[i]);
	if (pid > 0) {
		protocol_put_launch(&block, l);
		/* A cell that dies before it has read this explains itself. */
		io_write_all(s->in_fd, str_text(&block), block.len);
		str_free(&block);
	}
	return pid > 0 ? 0 : -1;
}

int
attend_launch(const struct attend *a, const struct protocol_launch *l,
    struct attend_result *result, struct err *e)
{
	struct attend_state s;
	int rc;

	memset(&s, 0, sizeof(s));
	memset(result, 0, sizeof(*result));
	s.a = a;
	s.result = result;
	s.in_fd = s.err_fd = s.out.fd = -1;
	if (a->timeout_ns != 0)
		s.kill_at_ns = os_now_ns() + a->timeout_ns;
	rc = attend_start(&s, l, e);
	if (rc == 0) {
		attend_loop(&s);
		if (!s.have_end && interrupt_count() >= 2) {
			attend_copy(result->status, sizeof(result->status),
			    "interrupted");
			attend_copy(result->reason, sizeof(result->reason),
			    "stopped at once on request");
		} else if (!s.have_end) {
			attend_explain(&s);
		}
	}
	if (s.in_fd >= 0)
		close(s.in_fd);
	if (s.err_fd >= 0)
		close(s.err_fd);
	if (s.out.fd >= 0)
		close(s.out.fd);
	protocol_reader_free(&s.out);
	return rc;
}
