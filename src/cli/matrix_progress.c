/* SPDX-License-Identifier: BSD-2-Clause */
/* Progress of a campaign on stderr; see matrix_progress.h. */
#include "config.h"

#include "cli/matrix_progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/units.h"
#include "cli/live.h"
#include "os/os.h"

void
matrix_progress_init(struct matrix_progress *p, bool quiet)
{
	memset(p, 0, sizeof(*p));
	p->quiet = quiet;
	p->terminal = isatty(STDERR_FILENO) != 0;
}

void
matrix_progress_free(struct matrix_progress *p)
{
	str_free(&p->what);
	str_free(&p->launch);
}

static void
matrix_progress_live(struct matrix_progress *p)
{
	struct str b = { 0 };

	if (p->quiet || !p->terminal)
		return;
	str_addf(&b, "[%zu/%zu] %s%s%s", p->done + 1, p->total,
	    str_text(&p->what), p->launch.len > 0 ? ": " : "",
	    str_text(&p->launch));
	live_left(&b, p->left_ns, os_now_ns() - p->said_ns);
	live_draw(str_text(&b));
	p->line_open = true;
	p->drawn_ns = os_now_ns();
	str_free(&b);
}

static void
matrix_progress_line(struct matrix_progress *p, const char *text)
{
	struct str b = { 0 };

	live_wipe(&p->line_open);
	str_add_safe(&b, text);
	fprintf(stderr, "%s\n", str_text(&b));
	str_free(&b);
}

static void
matrix_progress_say(void *arg, const char *text)
{
	struct matrix_progress *p = arg;

	if (!p->quiet)
		matrix_progress_line(p, text);
}

static void
matrix_progress_boot(void *arg, const struct campaign *c,
    const struct campaign_boot *b, size_t done, size_t total, uint64_t left_ns)
{
	struct matrix_progress *p = arg;

	p->done = done;
	p->total = total;
	p->left_ns = left_ns;
	p->said_ns = os_now_ns();
	str_reset(&p->launch);
	str_reset(&p->what);
	str_addf(&p->what, "round %d of %d, %s", b->round, c->settings.boots,
	    c->kernels[b->kernel].name);
	matrix_progress_live(p);
}

static void
matrix_progress_launch(void *arg, const struct wire_begin *b, uint64_t left_ns)
{
	struct matrix_progress *p = arg;

	p->left_ns = left_ns;
	p->said_ns = os_now_ns();
	str_reset(&p->launch);
	str_addf(&p->launch, "%s (%" PRIu64 " of %" PRIu64 ")", b->text, b->k,
	    b->n);
	matrix_progress_live(p);
}

static void
matrix_progress_tick(void *arg)
{
	struct matrix_progress *p = arg;

	if (os_now_ns() - p->drawn_ns > 900000000)
		matrix_progress_live(p);
}

/* "[3/12] round 2 of 6, new: lost (panic): ..., 41 s; 4min left" */
static void
matrix_progress_end(void *arg, const struct campaign *c,
    const struct campaign_boot *b)
{
	struct matrix_progress *p = arg;
	const char *state = campaign_state_name(b->state);
	struct str line = { 0 };
	char time[UNITS_MAX];

	if (p->quiet)
		return;
	str_addf(&line, "[%zu/%zu] %s: %s", p->done + 1, p->total,
	    str_text(&p->what), state);
	if (b->how != NULL)
		str_addf(&line, " (%s)", b->how);
	if (b->reason != NULL)
		str_addf(&line, ": %s", b->reason);
	/* One that could not be booted took no time and has no log. */
	if (c->kernels[b->kernel].problem == NULL) {
		str_addf(&line, ", %s", units_round_time(time, sizeof(time),
		    (double)b->elapsed_ns));
		if (b->state == CAMPAIGN_LOST || b->state == CAMPAIGN_FAILED)
			str_addf(&line, "; its log: %s", b->log);
	}
	matrix_progress_line(p, str_text(&line));
	str_free(&line);
}

struct matrix_watch
matrix_progress_watch(struct matrix_progress *p)
{
	return (struct matrix_watch){
		.say = matrix_progress_say,
		.boot = matrix_progress_boot,
		.launch = matrix_progress_launch,
		.tick = matrix_progress_tick,
		.end = matrix_progress_end,
		.arg = p,
	};
}
