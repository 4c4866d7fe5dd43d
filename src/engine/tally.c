/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Counting events while a launch is measured.  Everything is opened when the
 * workers are there, so that they do not inherit the descriptors, and enabled
 * as the last thing before the gate; a sample or a phase then costs a reading
 * of each counter and one line each.
 *
 * What is counted depends on the mode.  The group of the cell, or the CPUs,
 * have the main thread and the responsiveness probe in them: their own work,
 * which the record cannot take apart, is in the counts.  Of a worker as a task
 * it is not, but neither are tasks that it started before the first gate, nor
 * the exit of a process.
 */
#include "config.h"

#include "engine/tally.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "observe/count.h"

struct tally {
	struct count count;
	struct count_event *events;	/* those that can be tried */
	const struct protocol_event **plan;	/* their lines */
	int n;
	pid_t *tasks;			/* of the workers, or NULL */
	int *cpus;			/* that are online, or NULL */
	int group_fd;
	bool enabled;
	bool marked;			/* samples have their lines already */
	struct str line, block;
};

/* ---- lines ------------------------------------------------------------- */

static void
tally_begin_line(struct tally *t, int index, const char *phase,
    const char *name, const char *status)
{
	protocol_begin(&t->line, "counter");
	protocol_i64(&t->line, "index", index);
	if (phase != NULL)
		protocol_text(&t->line, "phase", phase);
	protocol_text(&t->line, "name", name);
	protocol_text(&t->line, "status", status);
}

/* Lines are gathered, and go out with one call. */
static void
tally_end_line(struct tally *t)
{
	protocol_end(&t->line);
	str_addn(&t->block, t->line.s, t->line.len);
}

static void
tally_flush(struct engine *en, struct tally *t)
{
	if (t->block.len > 0)
		emit_line(en, &t->block);
	str_reset(&t->block);
}

static void
tally_reason(struct tally *t, int errnum, const char *reason)
{
	if (errnum != 0)
		protocol_i64(&t->line, "errno", errnum);
	if (reason != NULL)
		protocol_text(&t->line, "reason", reason);
}

static void
tally_put_values(struct tally *t, int event, const struct count_result *r)
{
	const struct count_row *row = &t->count.rows[event];
	int i, *cpus;

	protocol_u64(&t->line, "value", r->value);
	protocol_u64(&t->line, "raw", r->raw);
	protocol_u64(&t->line, "enabled_ns", r->enabled_ns);
	protocol_u64(&t->line, "running_ns", r->running_ns);
	if (r->each == NULL)
		return;
	protocol_list(&t->line, "each", r->each, row->n);
	if (t->cpus == NULL)
		return;
	cpus = mem_array(NULL, (size_t)row->n, sizeof(*cpus));
	for (i = 0; i < row->n; i++)
		cpus[i] = t->cpus[row->place[i]];
	protocol_int_list(&t->line, "cpus", cpus, row->n);
	free(cpus);
}

/* What is never counted was said at the start. */
static void
tally_report(struct engine *en, int index, const char *phase)
{
	struct tally *t = en->tally;
	struct count_result r;
	int i;

	for (i = 0; i < t->n; i++) {
		if (t->count.rows[i].status != COUNT_OK)
			continue;
		count_result(&t->count, i, &r);
		tally_begin_line(t, index, phase, t->plan[i]->name,
		    count_status_name(r.status));
		if (r.status == COUNT_OK || r.status == COUNT_SCALED)
			tally_put_values(t, i, &r);
		else
			tally_reason(t, r.errnum, r.reason);
		tally_end_line(t);
		free(r.each);
	}
	tally_flush(en, t);
}

/* Events that the supervisor could not make out, and that cannot be opened. */
static void
tally_report_never(struct engine *en, const struct err *why)
{
	struct tally *t = en->tally;
	const char *status = why != NULL && why->num == ENOTSUP ?
	    "not_supported" : "error";
	size_t k;
	int i;

	for (k = 0; k < en->plan.nevents; k++) {
		const struct protocol_event *v = &en->plan.events[k];

		if (v->status == NULL && why == NULL)
			continue;
		tally_begin_line(t, 0, NULL, v->name, v->status != NULL ?
		    v->status : status);
		if (v->status != NULL)
			tally_reason(t, 0, v->reason);
		else
			tally_reason(t, why->num, why->text);
		tally_end_line(t);
	}
	for (i = 0; i < t->n && why == NULL; i++) {
		const struct count_row *row = &t->count.rows[i];

		if (row->status == COUNT_OK)
			continue;
		tally_begin_line(t, 0, NULL, t->plan[i]->name,
		    count_status_name(row->status));
		tally_reason(t, row->errnum, row->reason);
		tally_end_line(t);
	}
	tally_flush(en, t);
}

/* ---- opening ----------------------------------------------------------- */

static void
tally_take_events(struct engine *en, struct tally *t)
{
	size_t k;

	t->events = mem_zalloc(en->plan.nevents * sizeof(*t->events));
	t->plan = mem_zalloc(en->plan.nevents * sizeof(*t->plan));
	for (k = 0; k < en->plan.nevents; k++) {
		const struct protocol_event *v = &en->plan.events[k];

		if (v->status != NULL)
			continue;
		t->events[t->n] = (struct count_event){
			.os = {
				.type = v->type,
				.config = v->config,
				.config1 = v->config1,
				.config2 = v->config2,
				.exclude = v->exclude,
				.filter = v->filter,
			},
			.cpus = v->cpus,
			.ncpus = v->ncpus,
		};
		t->plan[t->n++] = v;
	}
}

static void
tally_tasks(struct engine *en, struct tally *t, struct count_places *p)
{
	int i;

	t->tasks = mem_zalloc((size_t)en->plan.workers * sizeof(*t->tasks));
	for (i = 0; i < en->plan.workers; i++)
		t->tasks[i] = en->workers[i].block->task;
	p->task = true;
	p->tasks = t->tasks;
	p->n = en->plan.workers;
}

/*
 * Partners were there before they could inherit a counter.  An exit is what
 * phases are about, and where a count of next to nothing would be believed.
 */
static void
tally_note_tasks(struct engine *en)
{
	uint32_t n = 0;
	int i;

	for (i = 0; i < en->plan.workers; i++)
		n += atomic_load(&en->workers[i].block->partners);
	if (n > 0)
		emit_note(en, "counted are the workers and what they start "
		    "while measured: the events of %lu partner tasks are not",
		    (unsigned long)n);
	if (en->workload->kind == VMS_PHASES)
		emit_note(en, "what a process does while it exits is hardly "
		    "counted: newer kernels end its events before");
}

static int
tally_cpus(struct tally *t, struct count_places *p)
{
	int n = os_counter_cpus(NULL, 0);

	if (n <= 0)
		return -1;
	t->cpus = mem_zalloc((size_t)n * sizeof(*t->cpus));
	p->n = os_counter_cpus(t->cpus, n);
	/* One may have come meanwhile, and one gone. */
	if (p->n > n)
		p->n = n;
	p->cpus = t->cpus;
	return p->n > 0 ? 0 : -1;
}

/* 0, or -1 with the reason. */
static int
tally_places(struct engine *en, struct tally *t, struct count_places *p,
    struct err *why)
{
	const char *mode = en->plan.count_mode;

	if (mode == NULL)
		return err_set(why, "the plan does not say how to count");
	if (strcmp(mode, "task") == 0) {
		tally_tasks(en, t, p);
		return 0;
	}
	if (tally_cpus(t, p) != 0)
		return err_errno(why, "cannot count events of CPUs");
	if (strcmp(mode, "cgroup") != 0)
		return 0;
	t->group_fd = open(en->plan.count_group, O_RDONLY | O_DIRECTORY |
	    O_CLOEXEC);
	p->group_fd = t->group_fd;
	return t->group_fd >= 0 ? 0 : err_errno(why, "cannot open the group "
	    "%s", en->plan.count_group);
}

void
tally_start(struct engine *en)
{
	struct count_places places = { .group_fd = -1 };
	struct err why = { 0 };
	struct tally *t;

	if (en->plan.nevents == 0)
		return;
	t = en->tally = mem_zalloc(sizeof(*t));
	t->group_fd = -1;
	if (tally_places(en, t, &places, &why) != 0) {
		tally_report_never(en, &why);
		return;
	}
	tally_take_events(en, t);
	count_open(&t->count, t->events, t->n, &places);
	tally_report_never(en, NULL);
	if (places.task)
		tally_note_tasks(en);
	if (t->count.left_out.len > 0)
		emit_note(en, "events are not counted on %s",
		    str_text(&t->count.left_out));
}

/* ---- counting ---------------------------------------------------------- */

/* The first reading is of counters that stand still. */
void
tally_open(struct engine *en)
{
	struct tally *t = en->tally;

	if (t == NULL)
		return;
	if (t->enabled)
		count_disable(&t->count);
	count_read(&t->count);
	t->marked = false;
	t->enabled = true;
	count_enable(&t->count);
}

void
tally_mark(struct engine *en, int index, uint64_t now_ns)
{
	struct tally *t = en->tally;

	(void)now_ns;
	if (t == NULL)
		return;
	count_read(&t->count);
	t->marked = true;
	tally_report(en, index, NULL);
}

void
tally_close(struct engine *en, int index, const char *phase, uint64_t close_ns)
{
	struct tally *t = en->tally;

	(void)close_ns;
	if (t == NULL || !t->enabled)
		return;
	count_disable(&t->count);
	t->enabled = false;
	if (t->marked)
		return;
	count_read(&t->count);
	tally_report(en, index, phase);
}

void
tally_finish(struct engine *en)
{
	struct tally *t = en->tally;

	if (t == NULL)
		return;
	count_free(&t->count);
	if (t->group_fd >= 0)
		close(t->group_fd);
	free(t->events);
	free(t->plan);
	free(t->tasks);
	free(t->cpus);
	str_free(&t->line);
	str_free(&t->block);
	free(t);
	en->tally = NULL;
}
