/* SPDX-License-Identifier: BSD-2-Clause */
/* The log of a kernel, followed; see console.h. */
#include "config.h"

#include "boot/console.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "observe/log_class.h"

/* A longer line is cut. */
#define CONSOLE_LINE_MAX 1000

static const char console_panic[] = "Kernel panic - not syncing";

int
console_open(struct console *c, const char *path, struct err *e)
{
	memset(c, 0, sizeof(*c));
	c->fd = open(path, O_RDONLY | O_CLOEXEC);
	if (c->fd < 0)
		return err_errno(e, "%s: cannot follow the log", path);
	return 0;
}

/* Behind "[    1.234567] " and the like. */
static const char *
console_text(const char *line)
{
	const char *end;

	line += strspn(line, " ");
	while (line[0] == '[' && (end = strstr(line, "] ")) != NULL &&
	    line[1 + strspn(line + 1, " 0123456789.TC")] == ']') {
		line = end + 2;
		line += strspn(line, " ");
	}
	return line;
}

/* The first one stays; of what keeps a kernel busy the last one counts. */
static void
console_note(char **place, const char *text, bool last)
{
	if (*place != NULL && !last)
		return;
	free(*place);
	*place = str_safe_copy(text);
}

static void
console_scan(struct console *c, const char *line)
{
	const char *text = console_text(line), *why;
	enum log_class class;

	why = strstr(text, console_panic);
	if (why != NULL) {
		why += strlen(console_panic);
		why += strspn(why, ": ");
		console_note(&c->panic, *why != '\0' ? why : "no reason given",
		    false);
		return;
	}
	/* The console does not tell the level: that of a warning. */
	class = log_class_of(4, text);
	if (class == LOG_CLASS_BUG)
		console_note(&c->oops, text, false);
	if (class == LOG_CLASS_SOFT_LOCKUP || class == LOG_CLASS_RCU_STALL ||
	    class == LOG_CLASS_HUNG_TASK)
		console_note(&c->stuck, text, true);
	/* A rule with scissors comes before, and is no news. */
	if ((class == LOG_CLASS_WARNING && text[0] == 'W') ||
	    class == LOG_CLASS_BUG || class == LOG_CLASS_LOCKDEP) {
		console_note(&c->warning, text, false);
		c->warnings++;
	}
}

static void
console_line(struct console *c)
{
	char **place = &c->tail[c->lines % CONSOLE_TAIL];
	const char *text = str_text(&c->line);

	if (text[strspn(text, " ")] != '\0') {
		console_scan(c, text);
		free(*place);
		*place = str_safe_copy(text);
		c->lines++;
	}
	str_reset(&c->line);
}

static void
console_take(struct console *c, const char *data, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		if (data[i] == '\n')
			console_line(c);
		else if (data[i] != '\r' && data[i] != '\0' &&
		    c->line.len < CONSOLE_LINE_MAX)
			str_addn(&c->line, &data[i], 1);
}

int
console_look(struct console *c)
{
	char block[65536];
	ssize_t n;

	while (c->bytes <= CONSOLE_BYTES_MAX &&
	    (n = read(c->fd, block, sizeof(block))) > 0) {
		c->bytes += (uint64_t)n;
		console_take(c, block, (size_t)n);
	}
	return c->bytes <= CONSOLE_BYTES_MAX ? 0 : -1;
}

char **
console_tail(const struct console *c, size_t *n)
{
	size_t first = c->lines > CONSOLE_TAIL ? c->lines - CONSOLE_TAIL : 0;
	bool rest = c->line.len > 0;
	char **list = mem_zalloc((CONSOLE_TAIL + 1) * sizeof(*list));
	size_t i;

	*n = 0;
	for (i = first; i < c->lines; i++)
		list[(*n)++] = mem_strdup(c->tail[i % CONSOLE_TAIL]);
	/* A line that it died in. */
	if (rest)
		list[(*n)++] = str_safe_copy(str_text(&c->line));
	return list;
}

const char *
console_last(const struct console *c)
{
	return c->lines > 0 ? c->tail[(c->lines - 1) % CONSOLE_TAIL] : NULL;
}

void
console_close(struct console *c)
{
	int i;

	if (c->fd >= 0)
		close(c->fd);
	c->fd = -1;
	for (i = 0; i < CONSOLE_TAIL; i++) {
		free(c->tail[i]);
		c->tail[i] = NULL;
	}
	free(c->panic);
	free(c->oops);
	free(c->stuck);
	free(c->warning);
	c->panic = c->oops = c->stuck = c->warning = NULL;
	str_free(&c->line);
}
