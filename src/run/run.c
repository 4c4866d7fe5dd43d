/* SPDX-License-Identifier: BSD-2-Clause */
/* A run: launches in the order of the schedule; see run.h. */
#include "config.h"

#include "run/run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/mem.h"
#include "run/equip.h"
#include "run/interrupt.h"
#include "run/paths.h"
#include "run/preflight.h"
#include "run/scribe.h"

/* The cell gives up by itself first; then the guardian gets its turn. */
#define RUN_TIMEOUT_SLACK_NS 45000000000ull

/* Two questions to the cell and a launch of a few members. */
#define RUN_CALIBRATE_NS 150000000000ull

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
	uint64_t *member_bytes;		/* of each cell, see preflight.h */
	struct plan plan;		/* the cells, as they are equipped */
	struct equip equip;
	struct scribe scribe;
};

void
run_now_text(char *buf, size_t len)
{
	time_t now = time(NULL);
	struct tm tm;

	gmtime_r(&now, &tm);
	strftime(buf, len, "%Y-%m-%dT%H:%M:%SZ", &tm);
}

uint64_t
run_timeout_ns(const struct plan_cell *c)
{
	return plan_timeout_ns(c) + RUN_TIMEOUT_SLACK_NS + GUARD_KILL_NS +
	    (c->workload->population != NULL ? RUN_CALIBRATE_NS : 0);
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
	if (equip_again(&s->equip, &s->guard, e) != 0)
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
	};
	int rc;

	scribe_attend(&s->scribe, &a);
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
	if (run_block(s->r->place, &c, s->launch, &s->block, why) == 0)
		return 0;
	return equip_launch(&s->equip, s->c, s->launch, &s->block, why) == 0;
}

static int
run_one(struct run_state *s, struct attend_result *result, struct err *e)
{
	struct err why = { 0 };
	int rc = run_calibrate(s, e);

	memset(result, 0, sizeof(*result));
	if (rc != 0)
		return rc;
	scribe_begin(&s->scribe, s->c->id, s->launch, &s->block);
	if (run_own_block(s, &why) == 0) {
		snprintf(result->status, sizeof(result->status), "skipped");
		snprintf(result->reason, sizeof(result->reason), "%s",
		    why.text);
	} else {
		judge_begin(&s->scribe.judge, &s->block, place_ncpu(s->r->place),
		    s->r->setup != NULL && s->r->setup->swap.len > 0);
		rc = run_attend(s, result, e);
	}
	if (rc == 0)
		scribe_end(&s->scribe, result);
	protocol_launch_free(&s->block);
	if (rc == 0 && s->scribe.error.set) {
		*e = s->scribe.error;
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

	schedule = plan_schedule(&s->plan, &n);
	for (k = 0; k < n && rc == 0 && !outcome->interrupted; k++) {
		if (interrupt_count() > 0) {
			outcome->interrupted = true;
			break;
		}
		if (run_is_done(s->r, &schedule[k]))
			continue;
		s->c = &s->plan.cells[schedule[k].cell];
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
	free(s->member_bytes);
	free(s->plan.cells);
	equip_free(&s->equip);
	scribe_free(&s->scribe);
}

/* What is to be counted, and how; there is a guardian from now on. */
static int
run_equip(struct run_state *s, struct err *e)
{
	const char *note;

	if (run_need_guard(s, e) != 0 ||
	    equip_begin(&s->equip, s->r->plan, s->plan.cells, &s->guard, e) != 0)
		return -1;
	note = equip_note(&s->equip);
	if (note != NULL)
		scribe_note(&s->scribe, note);
	return 0;
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
	struct run_state s = {
		.r = r,
		.guard = { .fd = -1 },
		.plan = *r->plan,
		.scribe = { .journal = r->journal, .watch = r->watch },
	};
	size_t bytes = r->plan->ncells * sizeof(*s.plan.cells);
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
	s.plan.cells = mem_zalloc(bytes);
	memcpy(s.plan.cells, r->plan->cells, bytes);
	if (run_find_programs(&s, e) == 0 && run_equip(&s, e) == 0)
		rc = run_schedule(&s, outcome, e);
	run_free(&s);
	return rc;
}
