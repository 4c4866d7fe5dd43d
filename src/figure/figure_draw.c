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
	char program[] = DRAW_PROGRAM;
	char *const argv[] = { program, script, NULL };
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

/* Its first line that says something. */
static int
draw_failed(const struct figure *f, const struct figure_place *at,
    const char *said, struct err *e)
{
	const char *line = said + strspn(said, " \t\n");
	char *safe, *first;

	first = mem_strndup(line, strcspn(line, "\n"));
	safe = str_safe_copy(first);
	err_set(e, "%s/%s.gp: gnuplot failed: %s", at->dir, f->file,
	    safe[0] != '\0' ? safe : "it did not say why");
	free(first);
	free(safe);
	return -1;
}

/*
 * For a mail: ASCII, no blanks at the ends of lines, no empty lines around the
 * figure but one after it.
 */
static void
draw_mail(const char *text, FILE *out)
{
	size_t len, i, empty = 0;
	bool begun = false;

	for (; *text != '\0'; text += len + (text[len] == '\n')) {
		size_t end;

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
		for (i = 0; i < end; i++)
			if (((unsigned char)text[i] & 0xc0) != 0x80)
				putc((unsigned char)text[i] < 0x80 ? text[i] :
				    '?', out);
		putc('\n', out);
	}
	if (begun)
		putc('\n', out);
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
	int status;

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
			err_set(e, "gnuplot cannot be run: is it installed? "
			    "(data and scripts are in %s)", at->dir);
		else if (status != 0)
			draw_failed(f, at, str_text(&d.said[1]), e);
		else if (at->format == FIGURE_DUMB)
			draw_mail(str_text(&d.said[0]), out);
	}
	close(d.out[0]);
	close(d.err[0]);
	str_free(&d.said[0]);
	str_free(&d.said[1]);
	return e->set ? -1 : 0;
}
