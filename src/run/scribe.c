/* SPDX-License-Identifier: BSD-2-Clause */
/* What comes of launches, written down; see scribe.h. */
#include "config.h"

#include "run/scribe.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "record/journal_lines.h"

static void
scribe_write(struct scribe *s, struct json_line *line)
{
	if (s->error.set)
		json_line_free(line);
	else
		journal_write(s->journal, line, &s->error);
}

/* The launch line is written with what `describe` says, if it comes at all. */
static void
scribe_open(struct scribe *s, const struct protocol_line *describe)
{
	struct json_line *line;
	struct err e = { 0 };
	size_t i;

	if (s->opened)
		return;
	s->opened = true;
	if (journal_lines_launch(s->block, s->started, describe, &line, &e) ==
	    0 || journal_lines_launch(s->block, s->started, NULL, &line,
	    &s->error) == 0)
		scribe_write(s, line);
	for (i = 0; i < s->npending; i++)
		scribe_write(s, s->pending[i]);
	s->npending = 0;
}

static void
scribe_keep(struct scribe *s, struct json_line *line)
{
	if (s->opened) {
		scribe_write(s, line);
		return;
	}
	s->pending = mem_grow(s->pending, s->npending, &s->pending_cap,
	    sizeof(struct json_line *));
	s->pending[s->npending++] = line;
}

static void
scribe_show_rate(struct scribe *s, const struct protocol_line *l)
{
	struct err e = { 0 };
	uint64_t *ops = NULL, elapsed_ns, sum = 0;
	int i, n;

	if (s->watch->rate == NULL ||
	    protocol_get_u64(l, "elapsed_ns", &elapsed_ns, &e) != 0)
		return;
	n = protocol_get_list(l, "ops", &ops, &e);
	for (i = 0; i < n; i++)
		sum += ops[i];
	free(ops);
	if (n > 0 && elapsed_ns > 0)
		s->watch->rate(s->watch->arg,
		    (double)sum * 1e9 / (double)elapsed_ns);
}

static void
scribe_on_line(void *arg, const struct protocol_line *l)
{
	struct scribe *s = arg;
	const char *text = protocol_get(l, "text");
	struct json_line *line = NULL;
	struct err e = { 0 };

	klog_line(&s->klog, l);
	judge_line(&s->judge, l);
	if (strcmp(l->keyword, "describe") == 0)
		scribe_open(s, l);
	else if (journal_lines_make(l, s->cell, s->launch, &line, &e) == 0 &&
	    line != NULL)
		scribe_keep(s, line);
	if (strcmp(l->keyword, "sample") == 0)
		scribe_show_rate(s, l);
	else if (strcmp(l->keyword, "note") == 0 && text != NULL &&
	    s->watch->note != NULL)
		s->watch->note(s->watch->arg, text);
}

static void
scribe_on_tick(void *arg)
{
	struct scribe *s = arg;

	klog_look(&s->klog);
	if (s->watch->tick != NULL)
		s->watch->tick(s->watch->arg);
}

/* ---- the kernel's log -------------------------------------------------- */

static void
scribe_on_log(void *arg)
{
	struct scribe *s = arg;

	klog_look(&s->klog);
}

/* What comes between two launches is of none of them. */
static void
scribe_log_line(void *arg, struct json_line *line)
{
	struct scribe *s = arg;

	if (s->klog.cell >= 0)
		scribe_keep(s, line);
	else
		scribe_write(s, line);
}

static void
scribe_log_event(void *arg, const char *class)
{
	struct scribe *s = arg;

	if (s->klog.cell >= 0)
		judge_log(&s->judge, class);
}

static void
scribe_log_say(void *arg, const char *text)
{
	struct scribe *s = arg;

	if (s->watch->alert != NULL)
		s->watch->alert(s->watch->arg, text);
}

void
scribe_note(struct scribe *s, const char *text)
{
	struct json_line *line = json_line_new();

	json_line_text(line, "type", "note");
	json_line_text(line, "text", text);
	scribe_write(s, line);
}

/* Before the first launch; a log that cannot be followed is said once. */
static void
scribe_follow_log(struct scribe *s)
{
	struct err why = { 0 };

	if (s->klog.write != NULL)
		return;
	s->klog.write = scribe_log_line;
	s->klog.event = scribe_log_event;
	s->klog.say = scribe_log_say;
	s->klog.arg = s;
	klog_open(&s->klog, &why);
	if (!why.set)
		return;
	scribe_note(s, why.text);
}

/* ---- a launch --------------------------------------------------------- */

void
scribe_begin(struct scribe *s, int cell, int launch,
    const struct protocol_launch *block)
{
	scribe_follow_log(s);
	s->cell = cell;
	s->launch = launch;
	s->block = block;
	s->opened = false;
	klog_begin(&s->klog, cell, launch);
	run_now_text(s->started, sizeof(s->started));
}

void
scribe_attend(struct scribe *s, struct attend *a)
{
	a->on_line = scribe_on_line;
	a->on_tick = scribe_on_tick;
	a->more_fd = klog_fd(&s->klog);
	a->on_more = scribe_on_log;
	a->arg_of_handlers = s;
}

void
scribe_end(struct scribe *s, const struct attend_result *result)
{
	struct json_line *line;

	scribe_open(s, NULL);
	klog_end(&s->klog);
	line = judge_end(&s->judge, result->status, s->cell, s->launch);
	if (line != NULL)
		scribe_write(s, line);
	line = json_line_new();
	json_line_text(line, "type", "end");
	json_line_int(line, "cell", s->cell);
	json_line_int(line, "launch", s->launch);
	json_line_text(line, "status", result->status);
	if (result->reason[0] != '\0')
		json_line_text(line, "reason", result->reason);
	if (result->num != 0)
		json_line_int(line, "errno", result->num);
	if (result->left != 0)
		json_line_int(line, "left_processes", result->left);
	scribe_write(s, line);
	if (!s->error.set)
		journal_sync(s->journal, &s->error);
	judge_free(&s->judge);
}

void
scribe_free(struct scribe *s)
{
	size_t i;

	judge_free(&s->judge);
	for (i = 0; i < s->npending; i++)
		json_line_free(s->pending[i]);
	free(s->pending);
	if (s->klog.write != NULL)
		klog_close(&s->klog);
}
