/* SPDX-License-Identifier: BSD-2-Clause */
/* Records of the kernel's log from a descriptor; see kernel_log.h. */
#include "config.h"

#include "os/kernel_log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"

/* A record that has been read and room for the next. */
#define KERNEL_LOG_BUF (2 * KERNEL_LOG_RECORD_MAX)

/* ---- a record --------------------------------------------------------- */

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return -1;
}

/* Undo \xNN; a NUL becomes a blank, since it would end the text. */
static void
decode(char *s)
{
	char *to = s;
	int high, low;

	while (*s != '\0') {
		if (s[0] == '\\' && s[1] == 'x' &&
		    (high = hex_digit(s[2])) >= 0 &&
		    (low = hex_digit(s[3])) >= 0) {
			*to = (char)(high * 16 + low);
			if (*to == '\0')
				*to = ' ';
			to++;
			s += 4;
		} else {
			*to++ = *s++;
		}
	}
	*to = '\0';
}

/* A number and what has to follow it. */
static bool
take_number(char **at, char after, uint64_t *value)
{
	char *end;

	if (**at < '0' || **at > '9')
		return false;
	errno = 0;
	*value = strtoull(*at, &end, 10);
	if (errno != 0 || *end != after)
		return false;
	*at = end + 1;
	return true;
}

bool
kernel_log_parse(char *line, struct kernel_log_record *r)
{
	char *text = strchr(line, ';');
	uint64_t prefix;

	if (text == NULL || !take_number(&line, ',', &prefix) ||
	    !take_number(&line, ',', &r->seq) ||
	    !take_number(&line, ',', &r->time_us) || line > text ||
	    prefix > 1023)
		return false;
	decode(text + 1);
	r->facility = (int)(prefix >> 3);
	r->level = (int)(prefix & 7);
	r->text = text + 1;
	return true;
}

/* ---- the stream of them ----------------------------------------------- */

/* Is it one whose end poll() does not find? */
static int
follow_file(struct kernel_log *l, const char *path, struct err *e)
{
	struct stat st;
	int flags = O_RDONLY;

	if (stat(path, &st) < 0)
		return err_errno(e, "%s", path);
	/* A FIFO that somebody may write to has no end. */
	if (S_ISFIFO(st.st_mode))
		flags = O_RDWR;
	l->fd = open(path, flags | O_NONBLOCK | O_CLOEXEC);
	if (l->fd < 0)
		return err_errno(e, "%s", path);
	l->polled = !S_ISREG(st.st_mode);
	lseek(l->fd, 0, SEEK_END);
	return 0;
}

int
kernel_log_open(struct kernel_log *l, const char *path, struct err *e)
{
	memset(l, 0, sizeof(*l));
	l->fd = -1;
	if (path != NULL) {
		if (follow_file(l, path, e) != 0)
			return -1;
	} else {
		l->fd = kernel_log_device(e);
		l->polled = true;
		if (l->fd < 0)
			return -1;
	}
	l->buf = mem_zalloc(KERNEL_LOG_BUF);
	return 0;
}

int
kernel_log_fd(const struct kernel_log *l)
{
	return l->polled ? l->fd : -1;
}

/* The next whole line of the buffer, terminated, or NULL. */
static char *
next_line(struct kernel_log *l)
{
	char *line, *end;
	bool skip;

	for (;;) {
		line = l->buf + l->at;
		end = memchr(line, '\n', l->have - l->at);
		if (end == NULL)
			return NULL;
		*end = '\0';
		l->at = (size_t)(end - l->buf) + 1;
		skip = l->skip;
		l->skip = false;
		/* Lines that begin with a blank say which device it was. */
		if (!skip && *line != ' ')
			return line;
	}
}

/* Read more: 1, 0: there is nothing now, -1 with an error. */
static int
fill(struct kernel_log *l, struct err *e)
{
	ssize_t n;

	memmove(l->buf, l->buf + l->at, l->have - l->at);
	l->have -= l->at;
	l->at = 0;
	if (l->have > KERNEL_LOG_BUF - KERNEL_LOG_RECORD_MAX) {
		l->have = 0;
		l->skip = true;
	}
	do {
		/* EPIPE: the reader was too slow, the next read goes on. */
		n = read(l->fd, l->buf + l->have, KERNEL_LOG_RECORD_MAX);
	} while (n < 0 && (errno == EPIPE || errno == EINTR));
	if (n > 0) {
		l->have += (size_t)n;
		return 1;
	}
	if (n == 0 || errno == EAGAIN)
		return 0;
	return err_errno(e, "cannot be read any more");
}

/* Sequence numbers have no gaps but those of what was overwritten. */
static void
count_lost(struct kernel_log *l, uint64_t seq)
{
	if (l->have_seq && seq > l->next_seq)
		l->lost += seq - l->next_seq;
	l->have_seq = true;
	l->next_seq = seq + 1;
}

int
kernel_log_read(struct kernel_log *l, struct kernel_log_record *r,
    struct err *e)
{
	char *line;
	int rc;

	if (l->fd < 0)
		return 0;
	for (;;) {
		while ((line = next_line(l)) != NULL) {
			if (!kernel_log_parse(line, r))
				continue;
			count_lost(l, r->seq);
			return 1;
		}
		rc = fill(l, e);
		if (rc <= 0)
			return rc;
	}
}

void
kernel_log_close(struct kernel_log *l)
{
	if (l->fd >= 0)
		close(l->fd);
	free(l->buf);
	memset(l, 0, sizeof(*l));
	l->fd = -1;
}
