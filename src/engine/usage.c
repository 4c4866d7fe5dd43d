/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the workers used, and those of their children that they waited for, read
 * from outside by the main thread: processes one by one, threads as the whole
 * cell.  The line `rusage` has the same of the whole measured part, from the
 * workers themselves.
 *
 * Of how times are divided nobody knows more than the kernel does: where it
 * looks at each tick only, Linux books all of a process that saw no tick in
 * kernel mode, such as a child of a short life, as user time.  For those the
 * times of the whole system (`stat` in the line `kstat`) are nearer to the truth.
 */
#include "config.h"

#include "engine/usage.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "observe/consumed.h"
#include "os/os.h"

/* Each takes a descriptor and some microseconds of every reading. */
#define USAGE_WORKERS_MAX 512

struct usage {
	struct os_usage_source *source;
	int nsources;
	struct os_usage last;	/* of all workers together */
	uint64_t last_ns;	/* when that was */
	bool readable;		/* the last time */
	bool marked;		/* a sample has ended */
	struct str line;	/* keeps its memory */
};

static void
usage_free(struct usage *u)
{
	int i;

	for (i = 0; i < u->nsources; i++)
		os_usage_close(&u->source[i]);
	free(u->source);
	str_free(&u->line);
	free(u);
}

/* A worker without an id is gone: the launch has failed. */
static int
usage_open_source(const struct engine *en, struct os_usage_source *s, int i)
{
	if (en->plan.threads)
		return os_usage_open(s, 0);
	if (en->workers[i].pid > 0)
		return os_usage_open(s, en->workers[i].pid);
	errno = ESRCH;
	return -1;
}

void
usage_start(struct engine *en)
{
	int i, n = en->plan.threads ? 1 : en->plan.workers;
	struct usage *u;

	if (!en->plan.statistics)
		return;
	if (n > USAGE_WORKERS_MAX) {
		emit_note(en, "what workers use is not read for each sample or "
		    "phase: more than %d of them", USAGE_WORKERS_MAX);
		return;
	}
	u = mem_zalloc(sizeof(*u));
	u->source = mem_zalloc((size_t)n * sizeof(*u->source));
	for (i = 0; i < n; i++, u->nsources++) {
		if (usage_open_source(en, &u->source[i], i) == 0)
			continue;
		if (errno != ENOTSUP)
			emit_note(en, "what workers use is not read for each "
			    "sample or phase: worker %d: %s", i,
			    strerror(errno));
		usage_free(u);
		return;
	}
	en->usage = u;
}

static bool
usage_read_all(struct usage *u, struct os_usage *sum)
{
	struct os_usage one;
	int i;

	memset(sum, 0, sizeof(*sum));
	for (i = 0; i < u->nsources; i++) {
		if (os_usage_read(&u->source[i], &one) != 0)
			return false;
		consumed_add(sum, &one);
	}
	return true;
}

/* True: `used` has the difference to the last time. */
static bool
usage_read(struct usage *u, struct os_usage *used, uint64_t *elapsed_ns)
{
	uint64_t from_ns = os_now_ns(), at_ns;
	bool before = u->readable;
	struct os_usage now;

	u->readable = usage_read_all(u, &now);
	at_ns = from_ns + (os_now_ns() - from_ns) / 2;
	*elapsed_ns = at_ns - u->last_ns;
	if (before && u->readable)
		consumed_between(&u->last, &now, used);
	u->last = now;
	u->last_ns = at_ns;
	return before && u->readable;
}

static void
usage_add_known(struct str *line, const char *key, uint64_t value)
{
	if (value != OS_USAGE_UNKNOWN)
		protocol_u64(line, key, value);
}

static void
usage_report(struct engine *en, int index, const char *phase)
{
	struct usage *u = en->usage;
	struct str *line = &u->line;
	struct os_usage used;
	uint64_t elapsed_ns;

	if (!usage_read(u, &used, &elapsed_ns))
		return;
	protocol_begin(line, "usage");
	protocol_i64(line, "index", index);
	if (phase != NULL)
		protocol_text(line, "phase", phase);
	protocol_u64(line, "elapsed_ns", elapsed_ns);
	usage_add_known(line, "user_ns", used.user_ns);
	usage_add_known(line, "system_ns", used.system_ns);
	usage_add_known(line, "minor_faults", used.minor_faults);
	usage_add_known(line, "major_faults", used.major_faults);
	usage_add_known(line, "voluntary", used.voluntary);
	usage_add_known(line, "involuntary", used.involuntary);
	protocol_end(line);
	emit_line(en, line);
}

void
usage_open(struct engine *en)
{
	struct usage *u = en->usage;
	struct os_usage used;
	uint64_t elapsed_ns;

	if (u == NULL)
		return;
	u->marked = false;
	usage_read(u, &used, &elapsed_ns);
}

void
usage_mark(struct engine *en, int index, uint64_t now_ns)
{
	(void)now_ns;
	if (en->usage == NULL)
		return;
	en->usage->marked = true;
	usage_report(en, index, NULL);
}

/* Samples have had their lines. */
void
usage_close(struct engine *en, int index, const char *phase,
    uint64_t close_ns)
{
	(void)close_ns;
	if (en->usage != NULL && !en->usage->marked)
		usage_report(en, index, phase);
}

void
usage_finish(struct engine *en)
{
	if (en->usage != NULL)
		usage_free(en->usage);
	en->usage = NULL;
}
