/* SPDX-License-Identifier: BSD-2-Clause */
/* Progress on stderr; see progress.h. */
#include "config.h"

#include "cli/progress.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/units.h"
#include "cli/live.h"
#include "os/os.h"

void
progress_init(struct progress *p, bool quiet, bool verbose)
{
	memset(p, 0, sizeof(*p));
	p->quiet = quiet;
	p->verbose = verbose;
	p->terminal = isatty(STDERR_FILENO) != 0;
}

/* "[3/16] zfod size=4M process x2, launch 1/3" */
static void
progress_name(const struct progress *p, struct str *b)
{
	str_addf(b, "[%zu/%zu] ", p->k + 1, p->n);
	plan_launch_name(p->cell, p->launch, b);
}

static void
progress_rate(const struct progress *p, struct str *b)
{
	char rate[UNITS_MAX];

	if (p->rate > 0)
		str_addf(b, ", %s %s/s", units_round(rate, sizeof(rate),
		    p->rate), p->cell->workload->unit);
}

/* One line that is written over itself, cut to the terminal's width. */
static void
progress_live(struct progress *p)
{
	struct str b = { 0 };

	progress_name(p, &b);
	progress_rate(p, &b);
	live_left(&b, p->left_ns, os_now_ns() - p->begun_ns);
	live_draw(str_text(&b));
	p->line_open = true;
	p->drawn_ns = os_now_ns();
	str_free(&b);
}

static void
progress_begin(void *arg, size_t k, size_t n, const struct plan_cell *c,
    int launch, uint64_t left_ns)
{
	struct progress *p = arg;

	p->k = k;
	p->n = n;
	p->cell = c;
	p->launch = launch;
	p->left_ns = left_ns;
	p->rate = 0;
	p->begun_ns = os_now_ns();
	if (p->terminal && !p->quiet)
		progress_live(p);
}

static void
progress_on_rate(void *arg, double ops_per_s)
{
	struct progress *p = arg;

	p->rate = ops_per_s;
	if (p->terminal && !p->quiet)
		progress_live(p);
}

static void
progress_tick(void *arg)
{
	struct progress *p = arg;

	/* Often enough to be alive, seldom enough to disturb nobody. */
	if (p->terminal && !p->quiet && os_now_ns() - p->drawn_ns > 900000000)
		progress_live(p);
}

static void
progress_alert(void *arg, const char *text)
{
	struct progress *p = arg;
	struct str b = { 0 };

	if (p->quiet)
		return;
	live_wipe(&p->line_open);
	progress_name(p, &b);
	str_add(&b, ": ");
	str_add_safe(&b, text);
	fprintf(stderr, "%s\n", str_text(&b));
	str_free(&b);
}

static void
progress_note(void *arg, const char *text)
{
	const struct progress *p = arg;

	if (p->verbose)
		progress_alert(arg, text);
}

/* A launch that went well needs a line of its own only in a log. */
static void
progress_end(void *arg, const struct attend_result *r)
{
	struct progress *p = arg;
	struct str b = { 0 };
	bool ok = strcmp(r->status, "ok") == 0;

	live_wipe(&p->line_open);
	if (p->quiet || (ok && p->terminal && !p->verbose))
		return;
	progress_name(p, &b);
	progress_rate(p, &b);
	str_addf(&b, ": %s", r->status);
	if (r->reason[0] != '\0') {
		str_add(&b, ": ");
		str_add_safe(&b, r->reason);
	}
	fprintf(stderr, "%s\n", str_text(&b));
	str_free(&b);
}

struct run_watch
progress_watch(struct progress *p)
{
	struct run_watch w = {
		.begin = progress_begin,
		.rate = progress_on_rate,
		.note = progress_note,
		.alert = progress_alert,
		.tick = progress_tick,
		.end = progress_end,
		.arg = p,
	};

	return w;
}
