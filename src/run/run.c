/* SPDX-License-Identifier: BSD-2-Clause */
/* A run: launches in the order of the schedule; see run.h. */
#include "config.h"

#include "run/run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/mem.h"
#include "record/journal_lines.h"
#include "run/interrupt.h"
#include "run/judge.h"
#include "run/klog.h"
#include "run/paths.h"
#include "run/preflight.h"

/* The cell gives up by itself first; then the guardian gets its turn. */
#define RUN_TIMEOUT_SLACK_NS 45000000000ull

/* Nobody has measured the members of this cell yet. */
#define RUN_UNKNOWN UINT64_MAX

struct run_state {
	const struct run *r;
	struct guard guard;
	char *guardian, *cell, *cell_dynamic;
	/* Of the launch that goes on. */
	const struct plan_cell *c;
	int launch;
	struct protocol_launch block;
	char started[32];
	bool opened;			/* its launch line is written */
	struct json_line **pending;	/* lines that came before it */
	size_t npending, pending_cap;
	struct err journal_error;	/* the record cannot be written */
	uint64_t *member_bytes;		/* of each cell, see preflight.h */
	struct klog klog;
	struct judge judge;
};

void
run_now_text(char *buf, size_t len)
{
	time_t now = time(NULL);
	struct tm tm;

	gmtime_r(&now, &tm);
	strftime(buf, len, "%Y-%m-%dT%H:%M:%SZ", &tm);
}

static void
run_write(struct run_state *s, struct json_line *line)
{
	if (s->journal_error.set)
		json_line_free(line);
	else
		journal_write(s->r->journal, line, &s->journal_error);
}

/* The launch line is written with what `describe` says, if it comes at all. */
static void
run_open(struct run_state *s, const struct protocol_line *describe)
{
	struct json_line *line;
	struct err e = { 0 };
	size_t i;

	if (s->opened)
		return;
	s->opened = true;
	if (journal_lines_launch(&s->block, s->started, describe, &line, &e) ==
	    0 || journal_lines_launch(&s->block, s->started, NULL, &line,
	    &s->journal_error) == 0)
		run_write(s, line);
	for (i = 0; i < s->npending; i++)
		run_write(s, s->pending[i]);
	s->npending = 0;
}

static void
run_keep(struct run_state *s, struct json_line *line)
{
	if (s->opened) {
		run_write(s, line);
		return;
	}
	s->pending = mem_grow(s->pending, s->npending, &s->pending_cap,
	    sizeof(struct json_line *));
	s->pending[s->npending++] = line;
}

static void
run_show_rate(struct run_state *s, const struct protocol_line *l)
{
	struct err e = { 0 };
	uint64_t *ops = NULL, elapsed_ns, sum = 0;
	int i, n;

	if (s->r->watch->rate == NULL ||
	    protocol_get_u64(l, "elapsed_ns", &elapsed_ns, &e) != 0)
		return;
	n = protocol_get_list(l, "ops", &ops, &e);
	for (i = 0; i < n; i++)
		sum += ops[i];
	free(ops);
	if (n > 0 && elapsed_ns > 0)
		s->r->watch->rate(s->r->watch->arg,
		    (double)sum * 1e9 / (double)elapsed_ns);
}

static void
run_on_line(void *arg, const struct protocol_line *l)
{
	struct run_state *s = arg;
	const char *text = protocol_get(l, "text");
	struct json_line *line = NULL;
	struct err e = { 0 };

	klog_line(&s->klog, l);
	judge_line(&s->judge, l);
	if (strcmp(l->keyword, "describe") == 0)
		run_open(s, l);
	else if (journal_lines_make(l, s->c->id, s->launch, &line, &e) == 0 &&
	    line != NULL)
		run_keep(s, line);
	if (strcmp(l->keyword, "sample") == 0)
		run_show_rate(s, l);
	else if (strcmp(l->keyword, "note") == 0 && text != NULL &&
	    s->r->watch->note != NULL)
		s->r->watch->note(s->r->watch->arg, text);
}

static void
run_on_tick(void *arg)
{
	struct run_state *s = arg;

	klog_look(&s->klog);
	if (s->r->watch->tick != NULL)
		s->r->watch->tick(s->r->watch->arg);
}

/* ---- the kernel's log -------------------------------------------------- */

static void
run_on_log(void *arg)
{
	struct run_state *s = arg;

	klog_look(&s->klog);
}

/* What comes between two launches is of none of them. */
static void
run_log_line(void *arg, struct json_line *line)
{
	struct run_state *s = arg;

	if (s->klog.cell >= 0)
		run_keep(s, line);
	else
		run_write(s, line);
}

static void
run_log_event(void *arg, const char *class)
{
	struct run_state *s = arg;

	if (s->klog.cell >= 0)
		judge_log(&s->judge, class);
}

static void
run_log_say(void *arg, const char *text)
{
	struct run_state *s = arg;

	if (s->r->watch->alert != NULL)
		s->r->watch->alert(s->r->watch->arg, text);
}

/* Before the first launch; a log that cannot be followed is said once. */
static void
run_follow_log(struct run_state *s)
{
	struct json_line *line;
	struct err why = { 0 };

	if (s->klog.write != NULL)
		return;
	s->klog.write = run_log_line;
	s->klog.event = run_log_event;
	s->klog.say = run_log_say;
	s->klog.arg = s;
	klog_open(&s->klog, &why);
	if (!why.set)
		return;
	line = json_line_new();
	json_line_text(line, "type", "note");
	json_line_text(line, "text", why.text);
	run_write(s, line);
}

/* ---- a launch --------------------------------------------------------- */

static void
run_close(struct run_state *s, const struct attend_result *result)
{
	struct json_line *line;

	run_open(s, NULL);
	klog_end(&s->klog);
	line = judge_end(&s->judge, result->status, s->c->id, s->launch);
	if (line != NULL)
		run_write(s, line);
	line = json_line_new();
	json_line_text(line, "type", "end");
	json_line_int(line, "cell", s->c->id);
	json_line_int(line, "launch", s->launch);
	json_line_text(line, "status", result->status);
	if (result->reason[0] != '\0')
		json_line_text(line, "reason", result->reason);
	if (result->num != 0)
		json_line_int(line, "errno", result->num);
	if (result->left != 0)
		json_line_int(line, "left_processes", result->left);
	run_write(s, line);
	if (!s->journal_error.set)
		journal_sync(s->r->journal, &s->journal_error);
}

/* A workload from a plug-in needs the cell program that can load code. */
static const char *
run_cell_program(const struct run_state *s)
{
	return s->block.plugin != NULL ? s->cell_dynamic : s->cell;
}

/* A guardian that was killed is replaced: its cells are gone with it. */
static int
run_need_guard(struct run_state *s, struct err *e)
{
	if (s->guard.pid > 0)
		return 0;
	if (guard_start(&s->guard, s->guardian, e) != 0)
		return -1;
	return s->r->setup == NULL ? 0 : setup_again(s->r->setup, &s->guard, e);
}

static int
run_attend(struct run_state *s, struct attend_result *result, struct err *e)
{
	struct attend a = {
		.guard = &s->guard,
		.cell = run_cell_program(s),
		.arg = "--launch",
		.timeout_ns = plan_timeout_ns(s->c) + RUN_TIMEOUT_SLACK_NS,
		.on_line = run_on_line,
		.on_tick = run_on_tick,
		.more_fd = klog_fd(&s->klog),
		.on_more = run_on_log,
		.arg_of_handlers = s,
	};
	int rc;

	if (run_need_guard(s, e) != 0)
		return -1;
	rc = attend_launch(&a, &s->block, result, e);
	if (rc == 0 || s->guard.pid > 0)
		return rc;
	/* The guardian had been killed since the last launch: a new one. */
	err_clear(e);
	if (run_need_guard(s, e) != 0)
		return -1;
	return attend_launch(&a, &s->block, result, e);
}

/*
 * Before the first launch of a cell with a large population: what one member
 * takes.
 */
static int
run_calibrate(struct run_state *s, struct err *e)
{
	struct preflight cell = { .member_bytes = 0 };
	uint64_t *known = &s->member_bytes[s->c->id];

	if (s->c->workload->population == NULL || *known != RUN_UNKNOWN)
		return 0;
	*known = 0;
	if (run_need_guard(s, e) != 0)
		return -1;
	if (preflight_cell(&s->guard, s->r->place, s->c, &cell, e) != 0) {
		/* The launch finds a new guardian, or says why not. */
		err_clear(e);
		return 0;
	}
	*known = cell.member_bytes;
	return 0;
}

/* The block of the launch, with what is known of its members. */
static int
run_own_block(struct run_state *s, struct err *why)
{
	struct plan_cell c = *s->c;

	c.member_bytes = s->member_bytes[c.id] == RUN_UNKNOWN ? 0 :
	    s->member_bytes[c.id];
	return run_block(s->r->place, &c, s->launch, &s->block, why);
}

static int
run_one(struct run_state *s, struct attend_result *result, struct err *e)
{
	struct err why = { 0 };
	int rc = run_calibrate(s, e);

	memset(result, 0, sizeof(*result));
	if (rc != 0)
		return rc;
	s->opened = false;
	klog_begin(&s->klog, s->c->id, s->launch);
	run_now_text(s->started, sizeof(s->started));
	if (run_own_block(s, &why) == 0) {
		snprintf(result->status, sizeof(result->status), "skipped");
		snprintf(result->reason, sizeof(result->reason), "%s",
		    why.text);
	} else {
		judge_begin(&s->judge, &s->block, place_ncpu(s->r->place),
		    s->r->setup != NULL && s->r->setup->swap.len > 0);
		rc = run_attend(s, result, e);
	}
	if (rc == 0)
		run_close(s, result);
	judge_free(&s->judge);
	protocol_launch_free(&s->block);
	if (rc == 0 && s->journal_error.set) {
		*e = s->journal_error;
		rc = -1;
	}
	return rc;
}

static void
run_count(struct run_outcome *o, const struct attend_result *result)
{
	if (strcmp(result->status, "ok") == 0)
		o->ok++;
	else if (strcmp(result->status, "skipped") == 0)
		o->skipped++;
	else if (strcmp(result->status, "interrupted") == 0)
		o->interrupted = true;
	else
		o->failed++;
}

static bool
run_is_done(const struct run *r, const struct plan_launch *l)
{
	return r->done != NULL && r->done(r->done_arg, l->cell, l->launch);
}

/* What the launches from `k` on should take. */
static uint64_t
run_left_ns(const struct run *r, const struct plan_launch *schedule,
    size_t k, size_t n)
{
	uint64_t ns = 0;

	for (; k < n; k++)
		if (!run_is_done(r, &schedule[k]))
			ns += plan_launch_ns(&r->plan->cells[schedule[k].cell]);
	return ns;
}

static int
run_schedule(struct run_state *s, struct run_outcome *outcome, struct err *e)
{
	const struct run_watch *watch = s->r->watch;
	struct attend_result result;
	struct plan_launch *schedule;
	size_t k, n;
	int rc = 0;

	schedule = plan_schedule(s->r->plan, &n);
	for (k = 0; k < n && rc == 0 && !outcome->interrupted; k++) {
		if (interrupt_count() > 0) {
			outcome->interrupted = true;
			break;
		}
		if (run_is_done(s->r, &schedule[k]))
			continue;
		run_follow_log(s);
		s->c = &s->r->plan->cells[schedule[k].cell];
		s->launch = schedule[k].launch;
		if (watch->begin != NULL)
			watch->begin(watch->arg, k, n, s->c, s->launch,
			    run_left_ns(s->r, schedule, k, n));
		rc = run_one(s, &result, e);
		if (rc != 0)
			break;
		run_count(outcome, &result);
		if (watch->end != NULL)
			watch->end(watch->arg, &result);
	}
	free(schedule);
	return rc;
}

static int
run_find_programs(struct run_state *s, struct err *e)
{
	s->guardian = paths_program("vmstress-guardian", e);
	s->cell = paths_program("vmstress-cell", e);
	s->cell_dynamic = paths_program("vmstress-cell-dynamic", e);
	return e->set ? -1 : 0;
}

static void
run_free(struct run_state *s)
{
	guard_stop(&s->guard);
	free(s->guardian);
	free(s->cell);
	free(s->cell_dynamic);
	free(s->pending);
	free(s->member_bytes);
}

int
run_ready(struct err *e)
{
	struct run_state s = { .guard = { .fd = -1 } };
	int rc = run_find_programs(&s, e);

	free(s.guardian);
	free(s.cell);
	free(s.cell_dynamic);
	return rc;
}

int
run_plan(const struct run *r, struct run_outcome *outcome, struct err *e)
{
	struct run_state s = { .r = r, .guard = { .fd = -1 } };
	int rc = -1;

	memset(outcome, 0, sizeof(*outcome));
	if (!place_is_real(r->place))
		return err_set(e, "the topology is that of HWLOC_SYNTHETIC or "
		    "HWLOC_XMLFILE, not of this machine: plans for it can be "
		    "checked, not run");
	if (r->setup != NULL) {
		s.guard = r->setup->guard;
		r->setup->guard = (struct guard){ .fd = -1 };
	}
	s.member_bytes = mem_array(NULL, r->plan->ncells, sizeof(uint64_t));
	memset(s.member_bytes, 0xff, r->plan->ncells * sizeof(uint64_t));
	if (run_find_programs(&s, e) == 0)
		rc = run_schedule(&s, outcome, e);
	if (s.klog.write != NULL)
		klog_close(&s.klog);
	run_free(&s);
	return rc;
}
