/* SPDX-License-Identifier: BSD-2-Clause */
/* gnuplot as a child of ours; see figure_write.h. */
#include "config.h"

#include "figure/figure_write.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/mem.h"

#define DRAW_PROGRAM "gnuplot"
#define DRAW_CANNOT 127		/* exit status of a shell that finds nothing */

struct draw {
	int out[2], err[2];	/* pipes */
	struct str said[2];	/* on both */
};

static void
draw_child(const struct draw *d, const struct figure_place *at, char *script)
{
	/* Without what the user has set for his own figures. */
	char program[] = DRAW_PROGRAM, plain[] = "-d";
	char *const argv[] = { program, plain, script, NULL };
	int null = open("/dev/null", O_RDONLY | O_CLOEXEC);

	if (chdir(at->dir) == 0 && dup2(null, 0) == 0 &&
	    dup2(d->out[1], 1) == 1 && dup2(d->err[1], 2) == 2)
		execvp(DRAW_PROGRAM, argv);
	_exit(DRAW_CANNOT);
}

/* Until both ends are closed. */
static void
draw_listen(struct draw *d)
{
	struct pollfd p[2] = {
		{ .fd = d->out[0], .events = POLLIN },
		{ .fd = d->err[0], .events = POLLIN },
	};
	char block[4096];
	ssize_t got;
	int i;

	while (p[0].fd >= 0 || p[1].fd >= 0) {
		if (poll(p, 2, -1) < 0 && errno != EINTR)
			return;
		for (i = 0; i < 2; i++) {
			if (p[i].fd < 0 || p[i].revents == 0)
				continue;
			got = read(p[i].fd, block, sizeof(block));
			if (got > 0)
				str_addn(&d->said[i], block, (size_t)got);
			else if (got == 0 || errno != EINTR)
				p[i].fd = -1;
		}
	}
}

static int
draw_wait(pid_t child)
{
	int status;

	while (waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			return DRAW_CANNOT;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

/* The first line of it that says something; half a figure is of no use. */
static int
draw_failed(const struct figure *f, const struct figure_place *at,
    const char *said, struct err *e)
{
	const char *line = said + strspn(said, " \t\n");
	char *first, *half;

	half = mem_printf("%s/%s.%s", at->dir, f->file,
	    figure_suffix(at->format));
	unlink(half);
	free(half);
	first = mem_strndup(line, strcspn(line, "\n"));
	err_set(e, "%s/%s.gp: gnuplot failed: %s", at->dir, f->file,
	    first[0] != '\0' ? first : "it did not say why");
	free(first);
	return -1;
}

/* In ASCII: quotes as figures have them, the sign of micro, others as "?". */
static void
draw_ascii(const char *text, size_t len, FILE *out)
{
	size_t i;

	for (i = 0; i < len; i++) {
		if (((unsigned char)text[i] & 0xc0) == 0x80 ||
		    (unsigned char)text[i] < ' ')
			continue;
		if ((unsigned char)text[i] < 0x80)
			putc(text[i], out);
		else if (strncmp(&text[i], "\xe2\x80\x99", 3) == 0)
			putc('\'', out);
		else
			putc(strncmp(&text[i], "\xc2\xb5", 2) == 0 ? 'u' : '?',
			    out);
	}
	putc('\n', out);
}

/*
 * For a mail: no blanks at the ends of lines, no empty lines around the figure
 * but one after it.
 */
static void
draw_mail(const char *text, FILE *out)
{
	size_t len, end, empty = 0;
	bool begun = false;

	for (; *text != '\0'; text += len + (text[len] == '\n')) {
		len = strcspn(text, "\n");
		for (end = len; end > 0 && strchr(" \f\r", text[end - 1]) !=
		    NULL; end--)
			continue;
		if (end == 0) {
			empty++;
			continue;
		}
		for (; begun && empty > 0; empty--)
			putc('\n', out);
		begun = true;
		empty = 0;
		draw_ascii(text, end, out);
	}
	if (begun)
		putc('\n', out);
}

/* What is drawn for a mail is in a folder that goes away. */
static void
draw_missing(const struct figure_place *at, struct err *e)
{
	if (at->format == FIGURE_DUMB)
		err_set(e, "gnuplot cannot be run: is it installed?");
	else
		err_set(e, "gnuplot cannot be run: is it installed? (data and "
		    "scripts are in %s)", at->dir);
}

static int
draw_pipes(struct draw *d, struct err *e)
{
	memset(d, 0, sizeof(*d));
	if (pipe(d->out) != 0)
		return err_set(e, "gnuplot: pipe: %s", strerror(errno));
	if (pipe(d->err) == 0)
		return 0;
	err_set(e, "gnuplot: pipe: %s", strerror(errno));
	close(d->out[0]);
	close(d->out[1]);
	return -1;
}

int
figure_draw(const struct figure *f, const struct figure_place *at, FILE *out,
    struct err *e)
{
	struct draw d;
	char *script;
	pid_t child;
	int status = 0;

	if (f->svg != NULL)
		return 0;
	if (draw_pipes(&d, e) != 0)
		return -1;
	script = mem_printf("%s.gp", f->file);
	child = fork();
	if (child == 0)
		draw_child(&d, at, script);
	free(script);
	close(d.out[1]);
	close(d.err[1]);
	if (child < 0) {
		err_set(e, "gnuplot: fork: %s", strerror(errno));
	} else {
		draw_listen(&d);
		status = draw_wait(child);
		if (status == DRAW_CANNOT)
			draw_missing(at, e);
		else if (status != 0)
			draw_failed(f, at, str_text(&d.said[1]), e);
		else if (at->format == FIGURE_DUMB)
			draw_mail(str_text(&d.said[0]), out);
	}
	close(d.out[0]);
	close(d.err[0]);
	str_free(&d.said[0]);
	str_free(&d.said[1]);
	if (!e->set)
		return 0;
	return status == DRAW_CANNOT ? FIGURE_NO_GNUPLOT : -1;
}
