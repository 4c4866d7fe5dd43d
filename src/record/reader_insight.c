/* SPDX-License-Identifier: BSD-2-Clause */
/* What observers saw during a launch; see reader_insight.h. */
#include "config.h"

#include "record/reader_insight.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "record/reader_fields.h"
#include "record/reader_launch.h"

/* ---- work ------------------------------------------------------------- */

/* More than 64 bits hold is more than is believed. */
static uint64_t
insight_sum(uint64_t a, uint64_t b)
{
	return a > UINT64_MAX - b ? 0 : a + b;
}

int
reader_insight_work(struct reader_open *o, const char *phase, uint64_t index,
    uint64_t ops, uint64_t elapsed_ns, struct err *e)
{
	struct reader_insight *in = &o->insight;
	struct reader_work *w = in->nworks > 0 ?
	    &in->works[in->nworks - 1] : NULL;

	/* A curve has many lines, which are one work. */
	if (w != NULL && w->phase == NULL && phase == NULL &&
	    w->index == index) {
		w->ops = insight_sum(w->ops, ops);
		w->elapsed_ns = insight_sum(w->elapsed_ns, elapsed_ns);
		return 0;
	}
	if (reader_launch_charge(o, sizeof(*w), e) < 0)
		return -1;
	in->works = mem_grow(in->works, in->nworks, &in->works_cap,
	    sizeof(*w));
	w = &in->works[in->nworks++];
	w->phase = phase;
	w->index = index;
	w->known = true;
	w->ops = ops;
	w->elapsed_ns = elapsed_ns;
	return 0;
}

static int
insight_compare(const void *a, const void *b)
{
	const struct reader_work *x = a, *y = b;
	int order;

	if (x->phase == NULL || y->phase == NULL)
		order = (x->phase != NULL) - (y->phase != NULL);
	else
		order = strcmp(x->phase, y->phase);
	return order != 0 ? order : (x->index > y->index) -
	    (x->index < y->index);
}

/* Sorted, and one entry for each sample or phase. */
static void
insight_arrange(struct reader_insight *in)
{
	struct reader_work *w = in->works;
	size_t i, n = 0;

	if (in->nworks == 0)
		return;
	qsort(w, in->nworks, sizeof(*w), insight_compare);
	for (i = 1; i < in->nworks; i++) {
		if (insight_compare(&w[n], &w[i]) != 0) {
			w[++n] = w[i];
			continue;
		}
		w[n].ops = insight_sum(w[n].ops, w[i].ops);
		w[n].elapsed_ns = insight_sum(w[n].elapsed_ns,
		    w[i].elapsed_ns);
	}
	in->nworks = n + 1;
}

static void
insight_find(const struct reader_insight *in, struct reader_work *w)
{
	const struct reader_work *found = NULL;

	if (in->nworks > 0)
		found = bsearch(w, in->works, in->nworks, sizeof(*w),
		    insight_compare);
	w->known = found != NULL;
	w->ops = found != NULL ? found->ops : 0;
	w->elapsed_ns = found != NULL ? found->elapsed_ns : 0;
}

/* ---- keeping ---------------------------------------------------------- */

/* Memory that lives as long as the launch is open; NULL with an error. */
static void *
insight_room(struct reader_open *o, size_t count, size_t size, struct err *e)
{
	struct reader_insight *in = &o->insight;
	void *room;

	if (reader_launch_charge(o, count * size + sizeof(void *), e) < 0)
		return NULL;
	in->kept = mem_grow(in->kept, in->nkept, &in->kept_cap,
	    sizeof(*in->kept));
	room = mem_array(NULL, count > 0 ? count : 1, size);
	in->kept[in->nkept++] = room;
	return room;
}

/* A copy; NULL stays NULL, and so it is with an error. */
static const char *
insight_text(struct reader_open *o, const char *text, struct err *e)
{
	size_t size;
	char *copy;

	if (text == NULL || e->set)
		return NULL;
	size = strlen(text) + 1;
	copy = insight_room(o, size, 1, e);
	return copy != NULL ? memcpy(copy, text, size) : NULL;
}

static const char *
insight_field(struct reader_open *o, const json_t *line, const char *key,
    struct err *e)
{
	const char *text;

	reader_fields_text_or_null(line, key, &text, e);
	return insight_text(o, text, e);
}

/* An array of texts, absent counts as empty. */
static const char *const *
insight_texts(struct reader_open *o, const json_t *line, const char *key,
    size_t *count, struct err *e)
{
	json_t *array = reader_fields_get(line, key);
	const char **texts;
	size_t i, n = json_array_size(array);

	*count = 0;
	if (array != NULL && !json_is_array(array))
		err_set(e, "'%s' is not an array", key);
	texts = e->set ? NULL : insight_room(o, n, sizeof(*texts), e);
	for (i = 0; texts != NULL && i < n; i++) {
		texts[i] = json_string_value(json_array_get(array, i));
		if (texts[i] == NULL)
			err_set(e, "'%s' holds something that is not text",
			    key);
		texts[i] = insight_text(o, texts[i], e);
		if (texts[i] == NULL)
			return NULL;
	}
	*count = texts != NULL ? n : 0;
	return texts;
}

/* Which sample or phase a line is of. */
static void
insight_whose(struct reader_open *o, const json_t *line,
    struct reader_work *w, struct err *e)
{
	reader_fields_u64_or(line, "index", 0, &w->index, e);
	w->phase = insight_field(o, line, "phase", e);
}

/* Put the line into the row of those that wait, unless there is an error. */
static int
insight_keep(struct reader_open *o, const struct reader_seen *s, struct err *e)
{
	struct reader_insight *in = &o->insight;

	if (e->set || reader_launch_charge(o, sizeof(*s), e) < 0)
		return -1;
	in->seen = mem_grow(in->seen, in->nseen, &in->seen_cap, sizeof(*s));
	in->seen[in->nseen++] = *s;
	return 0;
}

/* ---- the lines -------------------------------------------------------- */

/* One number for each worker, or for each of several processors. */
static void
insight_each(struct reader_open *o, const json_t *line,
    struct reader_counter *c, struct err *e)
{
	json_t *array = reader_fields_get(line, "each");
	json_t *cpus = reader_fields_get(line, "cpus");
	size_t n = json_array_size(array), want;
	uint64_t *each;

	if (array == NULL || e->set)
		return;
	want = cpus != NULL ? json_array_size(cpus) : (size_t)o->sum.workers;
	if (json_is_array(array) && n != want) {
		err_set(e, "'each' has %zu numbers for %zu %s", n, want,
		    cpus != NULL ? "CPUs" : "workers");
		return;
	}
	each = insight_room(o, n, sizeof(*each), e);
	if (each == NULL)
		return;
	memset(each, 0, n * sizeof(*each));
	if (reader_fields_add(line, "each", each, (int)n, e) < 0)
		return;
	c->each = each;
	c->neach = n;
	c->of_cpus = cpus != NULL;
}

int
reader_insight_counter(struct reader_open *o, const json_t *line,
    const struct reader_handler *h, struct err *e)
{
	struct reader_seen s = { .type = SEEN_COUNTER };
	struct reader_counter *c = &s.u.counter;
	const char *name, *status;

	if (h->counter == NULL)
		return 0;
	memset(c, 0, sizeof(*c));
	insight_whose(o, line, &c->work, e);
	reader_fields_text(line, "name", &name, e);
	reader_fields_text(line, "status", &status, e);
	c->name = insight_text(o, name, e);
	c->status = insight_text(o, status, e);
	c->reason = insight_field(o, line, "reason", e);
	if (e->set)
		return -1;
	c->counted = reader_fields_get(line, "value") != NULL &&
	    (strcmp(status, "ok") == 0 || strcmp(status, "scaled") == 0);
	reader_fields_u64_or(line, "value", 0, &c->value, e);
	reader_fields_u64_or(line, "enabled_ns", 0, &c->enabled_ns, e);
	reader_fields_u64_or(line, "running_ns", 0, &c->running_ns, e);
	insight_each(o, line, c, e);
	return insight_keep(o, &s, e);
}

/* The object of names and signed numbers. */
static void
insight_values(struct reader_open *o, const json_t *line,
    struct reader_deltas *d, struct err *e)
{
	json_t *values = reader_fields_get(line, "values"), *value;
	size_t i = 0, n = json_object_size(values);
	const char **names, *name;
	int64_t *deltas;

	if (!json_is_object(values))
		err_set(e, "'values' is missing or no object");
	names = e->set ? NULL : insight_room(o, n, sizeof(*names), e);
	deltas = e->set ? NULL : insight_room(o, n, sizeof(*deltas), e);
	if (e->set)
		return;
	json_object_foreach(values, name, value) {
		if (!json_is_integer(value))
			err_set(e, "'values' holds something that is not a "
			    "whole number");
		names[i] = insight_text(o, name, e);
		if (names[i] == NULL)
			return;
		deltas[i++] = json_integer_value(value);
	}
	d->names = names;
	d->deltas = deltas;
	d->ndeltas = n;
}

static int
insight_deltas(struct reader_open *o, const json_t *line,
    struct reader_seen *s, struct err *e)
{
	struct reader_deltas *d = &s->u.deltas;

	memset(d, 0, sizeof(*d));
	insight_whose(o, line, &d->work, e);
	reader_fields_u64_or(line, "elapsed_ns", 0, &d->elapsed_ns, e);
	d->sources = insight_texts(o, line, "sources", &d->nsources, e);
	insight_values(o, line, d, e);
	return insight_keep(o, s, e);
}

int
reader_insight_kstat(struct reader_open *o, const json_t *line,
    const struct reader_handler *h, struct err *e)
{
	struct reader_seen s = { .type = SEEN_KSTAT };

	return h->kstat != NULL ? insight_deltas(o, line, &s, e) : 0;
}

int
reader_insight_slab(struct reader_open *o, const json_t *line,
    const struct reader_handler *h, struct err *e)
{
	struct reader_seen s = { .type = SEEN_SLAB };

	return h->slab != NULL ? insight_deltas(o, line, &s, e) : 0;
}

int
reader_insight_usage(struct reader_open *o, const json_t *line,
    const struct reader_handler *h, struct err *e)
{
	static const char *const keys[READER_USED] = {
		[READER_USER_NS] = "user_ns",
		[READER_SYSTEM_NS] = "system_ns",
		[READER_MINOR_FAULTS] = "minor_faults",
		[READER_MAJOR_FAULTS] = "major_faults",
		[READER_VOLUNTARY] = "voluntary",
		[READER_INVOLUNTARY] = "involuntary",
	};
	struct reader_seen s = { .type = SEEN_USAGE };
	struct reader_usage *u = &s.u.usage;
	int i;

	if (h->usage == NULL)
		return 0;
	memset(u, 0, sizeof(*u));
	insight_whose(o, line, &u->work, e);
	reader_fields_u64_or(line, "elapsed_ns", 0, &u->elapsed_ns, e);
	for (i = 0; i < READER_USED; i++)
		reader_fields_u64_or(line, keys[i], UINT64_MAX, &u->used[i],
		    e);
	return insight_keep(o, &s, e);
}

int
reader_insight_profile(struct reader_open *o, const json_t *line,
    const struct reader_handler *h, struct err *e)
{
	struct reader_seen s = { .type = SEEN_PROFILE };
	struct reader_profile *p = &s.u.profile;
	const char *name, *status;

	if (h->profile == NULL)
		return 0;
	memset(p, 0, sizeof(*p));
	insight_whose(o, line, &p->work, e);
	reader_fields_text(line, "name", &name, e);
	reader_fields_text(line, "status", &status, e);
	p->name = insight_text(o, name, e);
	p->status = insight_text(o, status, e);
	p->reason = insight_field(o, line, "reason", e);
	p->scope = insight_field(o, line, "scope", e);
	if (e->set)
		return -1;
	p->sampled = strcmp(status, "ok") == 0 &&
	    reader_fields_get(line, "samples") != NULL;
	reader_fields_u64_or(line, "rate_hz", 0, &p->rate_hz, e);
	reader_fields_u64_or(line, "samples", 0, &p->samples, e);
	reader_fields_u64_or(line, "kernel", 0, &p->kernel, e);
	reader_fields_u64_or(line, "user", 0, &p->user, e);
	reader_fields_u64_or(line, "lost", 0, &p->lost, e);
	return insight_keep(o, &s, e);
}

int
reader_insight_stack(struct reader_open *o, const json_t *line,
    const struct reader_handler *h, struct err *e)
{
	struct reader_seen s = { .type = SEEN_STACK };
	struct reader_stack *k = &s.u.stack;

	if (h->stack == NULL)
		return 0;
	memset(k, 0, sizeof(*k));
	insight_whose(o, line, &k->work, e);
	reader_fields_u64(line, "count", &k->count, e);
	k->frames = insight_texts(o, line, "frames", &k->nframes, e);
	if (!e->set && k->nframes == 0)
		return err_set(e, "'frames' is missing or empty");
	return insight_keep(o, &s, e);
}

/* ---- telling ---------------------------------------------------------- */

/* Only what the handler asked for was kept. */
static int
insight_tell(const struct reader_open *o, const struct reader_seen *s,
    const struct reader_handler *h)
{
	int cell = o->sum.cell, launch = o->sum.launch;

	switch (s->type) {
	case SEEN_COUNTER:
		return h->counter(h->arg, cell, launch, &s->u.counter);
	case SEEN_KSTAT:
		return h->kstat(h->arg, cell, launch, &s->u.deltas);
	case SEEN_SLAB:
		return h->slab(h->arg, cell, launch, &s->u.deltas);
	case SEEN_USAGE:
		return h->usage(h->arg, cell, launch, &s->u.usage);
	case SEEN_PROFILE:
		return h->profile(h->arg, cell, launch, &s->u.profile);
	case SEEN_STACK:
		return h->stack(h->arg, cell, launch, &s->u.stack);
	}
	return 0;
}

int
reader_insight_tell(struct reader_open *o, const struct reader_handler *h)
{
	struct reader_insight *in = &o->insight;
	size_t i;

	if (in->nseen > 0)
		insight_arrange(in);
	for (i = 0; i < in->nseen; i++) {
		insight_find(in, &in->seen[i].u.work);
		if (insight_tell(o, &in->seen[i], h) < 0)
			return -1;
	}
	return 0;
}

void
reader_insight_drop(struct reader_insight *in)
{
	size_t i;

	for (i = 0; i < in->nkept; i++)
		free(in->kept[i]);
	in->nkept = in->nseen = in->nworks = 0;
}

void
reader_insight_free(struct reader_insight *in)
{
	reader_insight_drop(in);
	free(in->kept);
	free(in->seen);
	free(in->works);
}
