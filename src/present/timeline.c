/* SPDX-License-Identifier: BSD-2-Clause */
/* One launch in time; see timeline.h. */
#include "config.h"

#include "present/timeline.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* No figure shows more, and no workload has them. */
#define TIMELINE_PHASES 10000

static bool
timeline_is(const struct timeline *t, int cell, int launch)
{
	return t->cell == cell && t->launch == launch;
}

static void
timeline_empty(struct timeline *t)
{
	size_t i;

	for (i = 0; i < t->nphases; i++) {
		free(t->phases[i].name);
		free(t->phases[i].unit);
		free(t->phases[i].stalls);
	}
	t->nphases = 0;
	memset(&t->start, 0, sizeof(t->start));
}

/* The last phase of a name; NULL: there is none. */
static struct timeline_phase *
timeline_last(struct timeline *t, const char *name)
{
	size_t i;

	for (i = t->nphases; name != NULL && i > 0; i--)
		if (strcmp(t->phases[i - 1].name, name) == 0)
			return &t->phases[i - 1];
	return NULL;
}

/* ---- what the reader tells ------------------------------------------------- */

/* A launch that was done again is told again. */
static int
timeline_on_launch(void *arg, const struct reader_launch *l)
{
	struct timeline *t = arg;

	if (timeline_is(t, l->cell, l->launch))
		timeline_empty(t);
	return 0;
}

static int
timeline_on_phase(void *arg, int cell, int launch, const struct reader_phase *p)
{
	struct timeline *t = arg;
	struct timeline_phase *new, *before;

	if (!timeline_is(t, cell, launch))
		return 0;
	if (t->nphases == TIMELINE_PHASES)
		return err_set(t->e, "cell %d, launch %d has more than %d "
		    "phases", cell, launch, TIMELINE_PHASES);
	t->phases = mem_grow(t->phases, t->nphases, &t->cap,
	    sizeof(*t->phases));
	new = &t->phases[t->nphases];
	before = timeline_last(t, p->name);
	memset(new, 0, sizeof(*new));
	new->name = mem_strdup(p->name);
	new->unit = mem_strdup(p->unit);
	new->index = before != NULL ? before->index + 1 : 0;
	new->ops = p->ops;
	new->elapsed_ns = p->elapsed_ns;
	new->user_cpus = new->system_cpus = NAN;
	t->nphases++;
	return 0;
}

static int
timeline_on_stall(void *arg, int cell, int launch, const struct reader_stall *s)
{
	struct timeline *t = arg;
	struct timeline_phase *p;

	if (!timeline_is(t, cell, launch) || s->ntimeline == 0 ||
	    s->step_ns == 0)
		return 0;
	p = timeline_last(t, s->phase);
	if (p == NULL || p->stalls != NULL)
		return 0;
	p->step_ns = s->step_ns;
	p->nstalls = s->ntimeline;
	p->stalls = mem_array(NULL, p->nstalls, sizeof(*p->stalls));
	memcpy(p->stalls, s->timeline, p->nstalls * sizeof(*p->stalls));
	return 0;
}

/* The first start is what everything is compared with. */
static int
timeline_on_memory(void *arg, int cell, int launch,
    const struct reader_memory *m)
{
	struct timeline *t = arg;
	struct timeline_phase *p = timeline_last(t, m->phase);
	struct timeline_memory *at = p != NULL ? &p->after : NULL;

	if (!timeline_is(t, cell, launch))
		return 0;
	if (m->at != NULL && strcmp(m->at, "start") == 0)
		at = &t->start;
	if (p != NULL)
		p->members = m->members;
	if (at == NULL || at->known)
		return 0;
	at->known = true;
	at->available = m->available;
	memcpy(at->bytes, m->bytes, sizeof(at->bytes));
	return 0;
}

static double
timeline_delta(const struct reader_deltas *d, const char *name)
{
	size_t i;

	for (i = 0; i < d->ndeltas; i++)
		if (strcmp(d->names[i], name) == 0)
			return (double)d->deltas[i];
	return 0;
}

static int
timeline_on_kstat(void *arg, int cell, int launch,
    const struct reader_deltas *d)
{
	struct timeline *t = arg;
	double ns = (double)(d->elapsed_ns > 0 ? d->elapsed_ns :
	    d->work.elapsed_ns);
	bool known = false;
	size_t i;

	if (!timeline_is(t, cell, launch) || d->work.phase == NULL)
		return 0;
	for (i = 0; i < d->nsources; i++)
		known |= strcmp(d->sources[i], "stat") == 0;
	for (i = 0; known && ns > 0 && i < t->nphases; i++) {
		struct timeline_phase *p = &t->phases[i];

		if (p->index != d->work.index ||
		    strcmp(p->name, d->work.phase) != 0)
			continue;
		p->user_cpus = (timeline_delta(d, "stat.user_ns") +
		    timeline_delta(d, "stat.nice_ns")) / ns;
		p->system_cpus = (timeline_delta(d, "stat.system_ns") +
		    timeline_delta(d, "stat.irq_ns") +
		    timeline_delta(d, "stat.softirq_ns")) / ns;
	}
	return 0;
}

/* ---- the whole ---------------------------------------------------------------- */

int
timeline_read(struct timeline *t, const char *path, int cell, int launch,
    struct err *e)
{
	const struct reader_handler h = {
		.launch = timeline_on_launch,
		.phase = timeline_on_phase,
		.stall = timeline_on_stall,
		.memory = timeline_on_memory,
		.kstat = timeline_on_kstat,
		.arg = t,
	};

	memset(t, 0, sizeof(*t));
	t->cell = cell;
	t->launch = launch;
	t->e = e;
	return reader_run(path, &h, e);
}

void
timeline_free(struct timeline *t)
{
	timeline_empty(t);
	free(t->phases);
	memset(t, 0, sizeof(*t));
}
