/* SPDX-License-Identifier: BSD-2-Clause */
/* What a load does to the rest of the system; see gather_effect.h. */
#include "config.h"

#include "present/gather_effect.h"

#include <string.h>

#include "base/mem.h"
#include "present/gather_launch.h"

/* No workload has so many phases that there are more figures than this. */
#define EFFECT_METRICS 1024

const char *const gather_effect_parts[READER_SPENT] = {
	[READER_PAGE_TABLES] = "page_tables",
	[READER_KERNEL_STACK] = "kernel_stack",
	[READER_SLAB] = "slab",
	[READER_ANONYMOUS] = "anonymous",
};

void
gather_effect_begin(struct gather_cell *c)
{
	int i;

	for (i = 0; i < READER_SPENT; i++)
		c->setup[i] = c->start[i] = UINT64_MAX;
}

/* Takes over `name`. */
static struct gather_metric *
effect_metric(struct gather_cell *c, char *name, const char *unit)
{
	size_t metric = gather_launch_metric(c, name, mem_strdup(unit));

	c->metrics[metric].effect = true;
	return &c->metrics[metric];
}

static int
effect_check(const struct gather_cell *c, struct err *e)
{
	if (c->nmetrics > EFFECT_METRICS)
		return err_set(e, "cell %d has more than %d different figures "
		    "of stalls and memory", c->id, EFFECT_METRICS);
	return 0;
}

/* ---- stalls -------------------------------------------------------------- */

/* Of the phases that the workload is known for, or of the whole. */
static bool
effect_prominent(const struct gather_cell *c, const char *phase)
{
	size_t i, len = phase != NULL ? strlen(phase) : 0;

	for (i = 0; phase != NULL && i < c->nmetrics; i++)
		if (c->metrics[i].headline &&
		    strncmp(c->metrics[i].name, phase, len) == 0 &&
		    c->metrics[i].name[len] == ' ')
			return true;
	return phase == NULL;
}

static void
effect_stall(struct gather_cell *c, const char *phase, const char *what,
    bool detail, uint64_t ns)
{
	struct gather_metric *m = effect_metric(c, mem_printf("%s%s%s",
	    phase != NULL ? phase : "", phase != NULL ? " " : "", what), "ns");

	m->lower = true;
	m->detail = detail;
	gather_launch_most(&c->launches[c->current], (size_t)(m - c->metrics),
	    (double)ns);
}

/* Of a phase that was repeated the worst counts. */
int
gather_effect_stall(struct gather_cell *c, const struct reader_stall *s,
    struct err *e)
{
	if (c->launches[c->current].status != GATHER_OK || s->rounds == 0)
		return 0;
	effect_stall(c, s->phase, "stall_worst_ns",
	    !effect_prominent(c, s->phase), s->worst_ns);
	if (gather_launch_tail(s->rounds, 10))
		effect_stall(c, s->phase, "stall_p99_ns", true, s->p99_ns);
	return effect_check(c, e);
}

/* ---- memory -------------------------------------------------------------- */

/* How much more is spent now; false: not known. */
static bool
effect_more(uint64_t before, uint64_t now, double *bytes)
{
	if (before == UINT64_MAX || now == UINT64_MAX)
		return false;
	*bytes = (double)now - (double)before;
	return true;
}

static bool
effect_more_sum(const uint64_t *before, const uint64_t *now, double *bytes)
{
	double part;
	int i;

	*bytes = 0;
	for (i = 0; i < READER_SPENT; i++) {
		if (!effect_more(before[i], now[i], &part))
			return false;
		*bytes += part;
	}
	return true;
}

static void
effect_gauge(struct gather_cell *c, char *name, const char *unit, double value)
{
	struct gather_metric *m = effect_metric(c, name, unit);

	m->gauge = true;
	gather_launch_add(&c->launches[c->current],
	    (size_t)(m - c->metrics), value, 1);
}

/* The whole is that of the moment when it was most: the full size. */
static void
effect_members(struct gather_cell *c, const struct reader_memory *m)
{
	double bytes, members = (double)m->members;
	struct gather_metric *all;
	int i;

	if (m->members == 0)
		return;
	for (i = 0; i < READER_SPENT; i++)
		if (effect_more(c->start[i], m->bytes[i], &bytes))
			effect_gauge(c, mem_printf("%s %s_bytes/member",
			    m->phase, gather_effect_parts[i]), "bytes/member",
			    bytes / members);
	if (!effect_more_sum(c->start, m->bytes, &bytes))
		return;
	all = effect_metric(c, mem_strdup("memory bytes/member"),
	    "bytes/member");
	all->lower = true;
	gather_launch_most(&c->launches[c->current],
	    (size_t)(all - c->metrics), bytes / members);
}

static void
effect_left(struct gather_cell *c, const struct reader_memory *m)
{
	double bytes;
	int i;

	if (effect_more_sum(c->setup, m->bytes, &bytes))
		effect_gauge(c, mem_strdup("not_returned_bytes"), "bytes",
		    bytes);
	for (i = 0; i < READER_SPENT; i++)
		if (effect_more(c->setup[i], m->bytes[i], &bytes))
			effect_gauge(c, mem_printf("not_returned "
			    "%s_bytes", gather_effect_parts[i]), "bytes", bytes);
}

int
gather_effect_memory(struct gather_cell *c, const struct reader_memory *m,
    struct err *e)
{
	if (c->launches[c->current].status != GATHER_OK)
		return 0;
	if (m->at == NULL)
		effect_members(c, m);
	else if (strcmp(m->at, "setup") == 0)
		memcpy(c->setup, m->bytes, sizeof(c->setup));
	else if (strcmp(m->at, "start") == 0)
		memcpy(c->start, m->bytes, sizeof(c->start));
	else if (strcmp(m->at, "end") == 0)
		effect_left(c, m);
	return effect_check(c, e);
}
