/* SPDX-License-Identifier: BSD-2-Clause */
/* Headlines of the kernel's log and their reports; see log_events.h. */
#include "config.h"

#include "observe/log_events.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define CUT_HERE "[ cut here ]"

/* ---- the event that is open ------------------------------------------- */

static void
begin(struct log_events *le, enum log_class class, int level, uint64_t seq,
    uint64_t time_us, const char *text)
{
	struct log_event *ev = &le->event;

	memset(ev, 0, sizeof(*ev));
	ev->class = class;
	ev->level = level;
	ev->seq = seq;
	ev->time_us = time_us;
	snprintf(ev->phase, sizeof(ev->phase), "%s", le->phase);
	str_add(&ev->text, text);
	le->open = true;
	le->cut = strstr(text, CUT_HERE) != NULL;
}

static void
attach(struct log_event *ev, const char *text)
{
	if (ev->ndetail == LOG_EVENTS_DETAIL)
		ev->more++;
	else
		ev->detail[ev->ndetail++] = mem_strdup(text);
}

/* Another line tells better what it is: the first one becomes a detail. */
static void
rename_event(struct log_event *ev, enum log_class class, int level,
    const char *text)
{
	if (ev->ndetail == LOG_EVENTS_DETAIL) {
		free(ev->detail[--ev->ndetail]);
		ev->more++;
	}
	memmove(ev->detail + 1, ev->detail, ev->ndetail * sizeof(char *));
	ev->detail[0] = mem_strdup(str_text(&ev->text));
	ev->ndetail++;
	str_reset(&ev->text);
	str_add(&ev->text, text);
	ev->class = class;
	if (level < ev->level)
		ev->level = level;
}

void
log_events_close(struct log_events *le)
{
	struct log_event *ev = &le->event;
	size_t i;

	if (!le->open)
		return;
	le->open = false;
	/* A cut without headline: what came first is all there is. */
	if (le->cut && ev->ndetail > 0) {
		str_reset(&ev->text);
		str_add(&ev->text, ev->detail[0]);
	}
	le->done(le->arg, ev);
	for (i = 0; i < ev->ndetail; i++)
		free(ev->detail[i]);
	str_free(&ev->text);
}

/* ---- lines ------------------------------------------------------------ */

static bool
starts(const char *text, const char *with)
{
	return strncmp(text, with, strlen(with)) == 0;
}

/* "BUG: ..." is followed by "Oops: ...": that is no second one. */
static bool
is_headline(enum log_class class, const char *text)
{
	if (class == LOG_CLASS_BUG)
		return starts(text, "BUG: ") || starts(text, "kernel BUG") ||
		    starts(text, "Kernel ") || starts(text, "UBSAN: ") ||
		    starts(text, "Unable to ") || starts(text, "panic: ") ||
		    starts(text, "Fatal trap ");
	if (class == LOG_CLASS_OOM)
		return strstr(text, "invoked oom-killer") != NULL;
	return true;
}

/* The headline that a "cut here" has announced. */
static bool
names_cut(const struct log_events *le, enum log_class class, const char *text)
{
	return le->cut && strstr(text, CUT_HERE) == NULL &&
	    (class == LOG_CLASS_WARNING || class == LOG_CLASS_BUG);
}

/*
 * A line for the report that is open.  False: it begins something else.  What
 * an OOM report is about stands at its end.
 */
static bool
take_report(struct log_events *le, enum log_class class, int level,
    const char *text)
{
	struct log_event *ev = &le->event;

	if (names_cut(le, class, text)) {
		rename_event(ev, class, level, text);
		le->cut = false;
		return true;
	}
	if (class != LOG_CLASS_NONE && class != LOG_CLASS_OTHER &&
	    class != LOG_CLASS_THROTTLED &&
	    (class != ev->class || is_headline(class, text)))
		return false;
	if (ev->class == LOG_CLASS_OOM &&
	    strstr(text, "Killed process") != NULL) {
		rename_event(ev, LOG_CLASS_OOM, level, text);
		log_events_close(le);
		return true;
	}
	attach(ev, text);
	if (strstr(text, "---[ end ") != NULL)
		log_events_close(le);
	return true;
}

static void
take_line(struct log_events *le, int level, uint64_t seq, uint64_t time_us,
    const char *text)
{
	enum log_class class = log_class_of(level, text);

	if (le->open && time_us > le->last_us + LOG_EVENTS_GAP_US)
		log_events_close(le);
	le->last_us = time_us;
	if (le->open && take_report(le, class, level, text))
		return;
	log_events_close(le);
	if (class == LOG_CLASS_NONE)
		return;
	begin(le, class, level, seq, time_us, text);
	if (!log_class_has_report(class) ||
	    strstr(text, "Killed process") != NULL)
		log_events_close(le);
}

void
log_events_take(struct log_events *le, int level, uint64_t seq,
    uint64_t time_us, const char *text)
{
	char *copy = mem_strdup(text), *rest = copy, *line;

	while ((line = strsep(&rest, "\n")) != NULL)
		if (line[0] != '\0')
			take_line(le, level, seq, time_us, line);
	free(copy);
}
