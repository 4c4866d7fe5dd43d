/* SPDX-License-Identifier: BSD-2-Clause */
/* The kernel's log into the journal; see klog.h. */
#include "config.h"

#include "run/klog.h"

#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "os/os.h"

/* A log that never ends must not keep us from the cell. */
#define KLOG_BURST 2000
/* A report of which nothing more came for so long is complete. */
#define KLOG_QUIET_NS 300000000ull
/* At the end of a launch: so long for the rest of a report. */
#define KLOG_PATIENCE_NS 200000000ull

/* ---- lines of the journal --------------------------------------------- */

static struct json_line *
klog_new_line(const struct klog *k, const char *class, const char *phase,
    const char *text)
{
	struct json_line *line = json_line_new();

	json_line_text(line, "type", "log");
	if (k->cell >= 0) {
		json_line_int(line, "cell", k->cell);
		json_line_int(line, "launch", k->launch);
	}
	if (phase != NULL && phase[0] != '\0')
		json_line_text(line, "phase", phase);
	json_line_text(line, "class", class);
	json_line_text(line, "text", text);
	return line;
}

static void
klog_say(struct klog *k, const struct log_event *ev)
{
	char *text;

	if (k->say == NULL || k->seen[ev->class] > 1)
		return;
	text = mem_printf("kernel log: %s: %s", log_class_name(ev->class),
	    str_text(&ev->text));
	k->say(k->arg, text);
	free(text);
}

static void
klog_on_event(void *arg, const struct log_event *ev)
{
	struct klog *k = arg;
	struct json_line *line;
	size_t i;

	k->seen[ev->class]++;
	if (k->event != NULL)
		k->event(k->arg, log_class_name(ev->class));
	if (k->kept == KLOG_EVENTS) {
		k->dropped++;
		return;
	}
	k->kept++;
	line = klog_new_line(k, log_class_name(ev->class), ev->phase,
	    str_text(&ev->text));
	json_line_int(line, "level", ev->level);
	json_line_u64(line, "time_us", ev->time_us);
	json_line_u64(line, "seq", ev->seq);
	for (i = 0; i < ev->ndetail; i++)
		json_line_append_text(line, "detail", ev->detail[i]);
	if (ev->more > 0)
		json_line_u64(line, "more", ev->more);
	k->write(k->arg, line);
	klog_say(k, ev);
}

static void
klog_write_count(struct klog *k, const char *class, uint64_t n,
    const char *what)
{
	char text[160];
	struct json_line *line;

	snprintf(text, sizeof(text), "%" PRIu64 " %s", n, what);
	line = klog_new_line(k, class, NULL, text);
	json_line_u64(line, "count", n);
	k->write(k->arg, line);
}

/* The launch, or the time between two, is over. */
static void
klog_settle(struct klog *k)
{
	log_events_close(&k->events);
	if (k->log.lost > k->lost)
		klog_write_count(k, "lost", k->log.lost - k->lost,
		    "records of the kernel log were overwritten before they "
		    "could be read");
	k->lost = k->log.lost;
	if (k->dropped > 0)
		klog_write_count(k, "dropped", k->dropped,
		    "more events of the kernel log are not kept");
	k->kept = k->dropped = 0;
	memset(k->seen, 0, sizeof(k->seen));
	k->events.phase[0] = '\0';
}

/* ---- following -------------------------------------------------------- */

void
klog_open(struct klog *k, struct err *why)
{
	const char *path = getenv(KLOG_ENVIRONMENT);

	k->events.done = klog_on_event;
	k->events.arg = k;
	k->cell = k->launch = -1;
	if (path != NULL && path[0] == '\0')
		path = NULL;
	if (kernel_log_open(&k->log, path, why) != 0)
		err_prefix(why, "kernel log not followed");
}

void
klog_close(struct klog *k)
{
	if (k->log.fd >= 0)
		klog_look(k);
	klog_settle(k);
	kernel_log_close(&k->log);
}

int
klog_fd(const struct klog *k)
{
	return kernel_log_fd(&k->log);
}

/* It was there and is no more: what follows is not known to be silence. */
static void
klog_give_up(struct klog *k, const struct err *e)
{
	struct json_line *line = json_line_new();
	char *text = mem_printf("kernel log not followed any more: %s",
	    e->text);

	kernel_log_close(&k->log);
	json_line_text(line, "type", "note");
	json_line_text(line, "text", text);
	k->write(k->arg, line);
	free(text);
}

/* Read what there is; user programs may write to the log, too. */
static void
klog_read(struct klog *k)
{
	struct kernel_log_record r;
	struct err e = { 0 };
	int i, rc = 0;

	for (i = 0; i < KLOG_BURST; i++) {
		rc = kernel_log_read(&k->log, &r, &e);
		if (rc <= 0)
			break;
		if (r.facility != KERNEL_LOG_FACILITY)
			continue;
		k->touched_ns = os_now_ns();
		log_events_take(&k->events, r.level, r.seq, r.time_us, r.text);
	}
	if (rc < 0)
		klog_give_up(k, &e);
}

void
klog_look(struct klog *k)
{
	if (k->log.fd < 0)
		return;
	klog_read(k);
	if (k->events.open &&
	    os_now_ns() > k->touched_ns + KLOG_QUIET_NS)
		log_events_close(&k->events);
}

/* ---- launches --------------------------------------------------------- */

void
klog_begin(struct klog *k, int cell, int launch)
{
	klog_look(k);
	klog_settle(k);
	k->cell = cell;
	k->launch = launch;
}

void
klog_line(struct klog *k, const struct protocol_line *l)
{
	char *phase = k->events.phase;
	const char *name;

	if (strcmp(l->keyword, "step") == 0) {
		name = protocol_get(l, "phase");
		snprintf(phase, sizeof(k->events.phase), "%s",
		    name != NULL ? name : "");
	} else if (strcmp(l->keyword, "phase") == 0) {
		name = protocol_get(l, "name");
		if (name != NULL && strcmp(phase, name) == 0)
			phase[0] = '\0';
	}
}

/*
 * A process that the kernel kills is gone before the log says why: what has
 * begun is waited for.
 */
static void
klog_await(struct klog *k)
{
	uint64_t until = os_now_ns() + KLOG_PATIENCE_NS;
	struct pollfd fd = { .fd = klog_fd(k), .events = POLLIN };

	while (k->events.open && os_now_ns() < until) {
		poll(&fd, 1, 20);
		klog_look(k);
	}
}

void
klog_end(struct klog *k)
{
	klog_look(k);
	klog_await(k);
	klog_settle(k);
	k->cell = k->launch = -1;
}
