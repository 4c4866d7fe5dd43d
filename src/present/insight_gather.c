/* SPDX-License-Identifier: BSD-2-Clause */
/* Counters, statistics and stacks as sums per launch; see insight_gather.h. */
#include "config.h"

#include "present/insight_gather.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "present/gather_launch.h"
#include "present/insight_store.h"

/* What was slowed down by counting has no rate. */
static double
insight_time(const struct insight *in, int cell, uint64_t ns)
{
	return in->cells[cell].times ? (double)ns : NAN;
}

/* Keep the first of several texts. */
static void
insight_keep(char **to, const char *text)
{
	if (*to == NULL && text != NULL)
		*to = mem_strdup(text);
}

/* ---- what the reader tells -------------------------------------------- */

/* How many launches of the cell ended well, as `base` knows them. */
static void
insight_count(struct insight *in, int cell)
{
	const struct gather_cell *from = &in->base.cells[cell];
	struct insight_cell *c = &in->cells[cell];
	size_t i;

	c->launches = c->counted_only = 0;
	for (i = 0; i < from->nlaunches; i++) {
		c->launches += from->launches[i].status == GATHER_OK ||
		    from->launches[i].status == GATHER_COUNTED;
		c->counted_only += from->launches[i].status == GATHER_COUNTED;
	}
}

static int
insight_on_launch(void *arg, const struct reader_launch *l)
{
	struct insight *in = arg;
	struct insight_cell *c;

	while (in->ncells <= (size_t)l->cell) {
		in->cells = mem_grow(in->cells, in->ncells, &in->cells_cap,
		    sizeof(*in->cells));
		memset(&in->cells[in->ncells++], 0, sizeof(*in->cells));
	}
	c = &in->cells[l->cell];
	if (l->launch < c->last)
		insight_store_forget(c, l->launch);
	else
		c->last = l->launch + 1;
	c->counts = strcmp(l->status, "ok") == 0;
	c->times = !l->counts_only;
	if (c->counts)
		insight_keep(&c->mode, l->count_mode);
	gather_launch_begin(&in->base.cells[l->cell], l);
	return 0;
}

/* Parts stand in the order in which a launch goes through its phases. */
static int
insight_on_phase(void *arg, int cell, int launch, const struct reader_phase *p)
{
	struct insight *in = arg;
	struct insight_part *part = insight_store_part(in, cell, p->name);

	(void)launch;
	if (part != NULL)
		insight_keep(&part->unit, p->unit);
	return part != NULL ? 0 : -1;
}

/* Sums over the launch of what each worker or CPU counted. */
static void
insight_each(struct insight_item *item, struct insight_value *v,
    const struct reader_counter *c)
{
	size_t i;

	if (c->neach == 0 || (item->neach != 0 && item->neach != c->neach)) {
		v->least = v->most = NAN;
		return;
	}
	if (item->neach == 0) {
		item->each = mem_array(item->each, c->neach,
		    sizeof(*item->each));
		memset(item->each, 0, c->neach * sizeof(*item->each));
		item->neach = c->neach;
	}
	item->of_cpus = c->of_cpus;
	v->least = INFINITY;
	v->most = 0;
	for (i = 0; i < c->neach; i++) {
		item->each[i] += (double)c->each[i];
		v->least = fmin(v->least, item->each[i]);
		v->most = fmax(v->most, item->each[i]);
	}
}

static int
insight_on_counter(void *arg, int cell, int launch,
    const struct reader_counter *c)
{
	struct insight *in = arg;
	struct insight_part *p;
	struct insight_item *item;
	struct insight_value *v;

	if (!in->cells[cell].counts)
		return 0;
	p = insight_store_part(in, cell, c->work.phase);
	item = p != NULL ? insight_store_item(in, p, INSIGHT_COUNTER, c->name) : NULL;
	if (item == NULL)
		return -1;
	if (!c->counted) {
		insight_keep(&item->status, c->status);
		insight_keep(&item->reason, c->reason);
		return 0;
	}
	v = insight_store_value(in, item, launch, &c->work,
	    insight_time(in, cell, c->work.elapsed_ns));
	if (v == NULL)
		return -1;
	v->sum += (double)c->value;
	v->enabled_ns += (double)c->enabled_ns;
	v->running_ns += (double)c->running_ns;
	insight_each(item, v, c);
	return 0;
}

/* Add to an item without more to it. */
static int
insight_add(struct insight *in, struct insight_part *p,
    enum insight_kind kind, const char *name, int launch,
    const struct reader_work *w, double ns, double sum)
{
	struct insight_item *item = insight_store_item(in, p, kind, name);
	struct insight_value *v;

	v = item != NULL ? insight_store_value(in, item, launch, w, ns) : NULL;
	if (v == NULL)
		return -1;
	v->sum += sum;
	return 0;
}

static int
insight_deltas(struct insight *in, int cell, int launch,
    const struct reader_deltas *d, enum insight_kind kind)
{
	double ns = insight_time(in, cell, d->elapsed_ns > 0 ?
	    d->elapsed_ns : d->work.elapsed_ns);
	struct insight_part *p;
	size_t i;

	if (!in->cells[cell].counts)
		return 0;
	p = insight_store_part(in, cell, d->work.phase);
	if (p == NULL)
		return -1;
	for (i = 0; i < d->nsources; i++)
		if (insight_add(in, p, INSIGHT_SOURCE, d->sources[i], launch,
		    &d->work, ns, 0) < 0)
			return -1;
	for (i = 0; i < d->ndeltas; i++)
		if (insight_add(in, p, kind, d->names[i], launch, &d->work, ns,
		    (double)d->deltas[i]) < 0)
			return -1;
	return 0;
}

static int
insight_on_kstat(void *arg, int cell, int launch, const struct reader_deltas *d)
{
	return insight_deltas(arg, cell, launch, d, INSIGHT_KSTAT);
}

static int
insight_on_slab(void *arg, int cell, int launch, const struct reader_deltas *d)
{
	return insight_deltas(arg, cell, launch, d, INSIGHT_SLAB);
}

static int
insight_on_usage(void *arg, int cell, int launch, const struct reader_usage *u)
{
	static const char *const names[READER_USED] = {
		[READER_USER_NS] = "usage.user_ns",
		[READER_SYSTEM_NS] = "usage.system_ns",
		[READER_MINOR_FAULTS] = "usage.minor_faults",
		[READER_MAJOR_FAULTS] = "usage.major_faults",
		[READER_VOLUNTARY] = "usage.voluntary",
		[READER_INVOLUNTARY] = "usage.involuntary",
	};
	struct insight *in = arg;
	double ns = insight_time(in, cell, u->elapsed_ns > 0 ?
	    u->elapsed_ns : u->work.elapsed_ns);
	struct insight_part *p;
	int i;

	if (!in->cells[cell].counts)
		return 0;
	p = insight_store_part(in, cell, u->work.phase);
	if (p == NULL)
		return -1;
	for (i = 0; i < READER_USED; i++)
		if (u->used[i] != UINT64_MAX && insight_add(in, p,
		    INSIGHT_USAGE, names[i], launch, &u->work, ns,
		    (double)u->used[i]) < 0)
			return -1;
	return 0;
}

static int
insight_on_profile(void *arg, int cell, int launch,
    const struct reader_profile *f)
{
	const struct {
		const char *name;
		uint64_t value;
	} counts[] = {
		{ "samples", f->samples }, { "kernel", f->kernel },
		{ "user", f->user }, { "lost", f->lost },
	};
	struct insight *in = arg;
	struct insight_part *p;
	size_t i;

	if (!in->cells[cell].counts)
		return 0;
	p = insight_store_part(in, cell, f->work.phase);
	if (p == NULL)
		return -1;
	insight_keep(&p->event, f->name);
	if (!f->sampled) {
		insight_keep(&p->status, f->status);
		insight_keep(&p->reason, f->reason);
		return 0;
	}
	insight_keep(&p->scope, f->scope);
	if (f->rate_hz > 0)
		p->rate_hz = f->rate_hz;
	for (i = 0; i < sizeof(counts) / sizeof(counts[0]); i++)
		if (insight_add(in, p, INSIGHT_SAMPLES, counts[i].name, launch,
		    &f->work, NAN, (double)counts[i].value) < 0)
			return -1;
	return 0;
}

/* "root;...;leaf": a semicolon within a frame is none of those between. */
static int
insight_on_stack(void *arg, int cell, int launch, const struct reader_stack *k)
{
	struct insight *in = arg;
	struct insight_part *p;
	struct str folded = { 0 };
	size_t i, at;
	int status;

	if (!in->cells[cell].counts)
		return 0;
	p = insight_store_part(in, cell, k->work.phase);
	if (p == NULL)
		return -1;
	for (i = 0; i < k->nframes; i++) {
		if (i > 0)
			str_add(&folded, ";");
		at = folded.len;
		str_add(&folded, k->frames[i][0] != '\0' ? k->frames[i] :
		    "[unknown]");
		for (; at < folded.len; at++)
			if (folded.s[at] == ';')
				folded.s[at] = ',';
	}
	status = insight_add(in, p, INSIGHT_STACK, str_text(&folded), launch,
	    &k->work, NAN, (double)k->count);
	str_free(&folded);
	return status;
}

/* ---- the whole -------------------------------------------------------- */

int
insight_read(struct insight *in, const char *path, unsigned wanted,
    struct err *e)
{
	struct reader_handler h;
	size_t i;

	memset(in, 0, sizeof(*in));
	gather_handler(&in->base, &h, e);
	h.arg = in;		/* it begins with `base` */
	h.launch = insight_on_launch;
	h.phase = insight_on_phase;
	h.curve = NULL;
	h.gauge = NULL;
	h.stall = NULL;
	h.memory = NULL;
	if (wanted & INSIGHT_COUNTERS)
		h.counter = insight_on_counter;
	if (wanted & INSIGHT_STATISTICS) {
		h.kstat = insight_on_kstat;
		h.slab = insight_on_slab;
		h.usage = insight_on_usage;
	}
	if (wanted & INSIGHT_PROFILE) {
		h.profile = insight_on_profile;
		h.stack = insight_on_stack;
	}
	in->file = mem_strdup(path);
	if (reader_run(path, &h, e) < 0)
		return -1;
	for (i = 0; i < in->ncells; i++)
		if (in->base.cells[i].id >= 0)
			insight_count(in, (int)i);
	return 0;
}

void
insight_free(struct insight *in)
{
	size_t i, k;

	for (i = 0; i < in->ncells; i++) {
		for (k = 0; k < in->cells[i].nparts; k++)
			insight_store_free(&in->cells[i].parts[k]);
		free(in->cells[i].parts);
		free(in->cells[i].mode);
	}
	free(in->cells);
	free(in->file);
	gather_free(&in->base);
	memset(in, 0, sizeof(*in));
}
