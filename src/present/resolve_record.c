/* SPDX-License-Identifier: BSD-2-Clause */
/* Times and samples of the launches of a record; see resolve_record.h. */
#include "config.h"

#include "present/resolve_record.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

static struct resolve_cell *
record_cell(struct resolve_record *r, int id)
{
	while (r->ncells <= (size_t)id) {
		r->cells = mem_grow(r->cells, r->ncells, &r->cells_cap,
		    sizeof(*r->cells));
		memset(&r->cells[r->ncells++], 0, sizeof(*r->cells));
	}
	return &r->cells[id];
}

/* The place of a launch, empty; most come in rising order. */
static struct resolve_samples *
record_place(struct resolve_cell *c, int launch)
{
	size_t at = c->nsamples;

	while (at > 0 && c->samples[at - 1].launch > launch)
		at--;
	if (at > 0 && c->samples[at - 1].launch == launch) {
		free(c->samples[at - 1].log);
		memset(&c->samples[at - 1], 0, sizeof(*c->samples));
		c->samples[at - 1].launch = launch;
		return &c->samples[at - 1];
	}
	c->samples = mem_grow(c->samples, c->nsamples, &c->samples_cap,
	    sizeof(*c->samples));
	memmove(c->samples + at + 1, c->samples + at,
	    (c->nsamples - at) * sizeof(*c->samples));
	c->nsamples++;
	memset(&c->samples[at], 0, sizeof(*c->samples));
	c->samples[at].launch = launch;
	return &c->samples[at];
}

static void
record_samples(struct resolve_samples *s, const struct reader_launch *l)
{
	size_t i;

	s->log = mem_array(NULL, (size_t)l->samples, sizeof(*s->log));
	for (i = 0; i < l->nworks && s->n < (size_t)l->samples; i++) {
		const struct reader_work *w = &l->works[i];

		if (w->phase != NULL)
			continue;
		if (w->ops == 0 || w->elapsed_ns == 0)
			break;
		s->log[s->n++] = log((double)w->ops / (double)w->elapsed_ns *
		    1e9);
	}
	if (s->n == (size_t)l->samples)
		return;
	free(s->log);
	s->log = NULL;
	s->n = 0;
}

/* How long was the launch before, with all that is around it? */
static void
record_apart(struct resolve_record *r, const struct reader_launch *l)
{
	struct resolve_cell *c;

	if (r->before < 0 || l->started_s < 0 || l->started_s < r->before_s)
		return;
	c = record_cell(r, r->before);
	c->apart_ns = mem_grow(c->apart_ns, c->napart, &c->apart_cap,
	    sizeof(*c->apart_ns));
	c->apart_ns[c->napart++] = (double)(l->started_s - r->before_s) * 1e9;
}

static int
record_on_launch(void *arg, const struct reader_launch *l)
{
	struct resolve_record *r = arg;
	bool counts = strcmp(l->status, "ok") == 0 && !l->counts_only;
	struct resolve_cell *c = record_cell(r, l->cell);
	struct resolve_samples *s;

	record_apart(r, l);
	r->before = counts && l->started_s >= 0 ? l->cell : -1;
	r->before_s = l->started_s;
	if (counts) {
		s = record_place(c, l->launch);
		if (l->samples > 0)
			record_samples(s, l);
		c->inside_ns += fmax((double)l->wall_ns, (double)l->elapsed_ns);
		c->sampled_ns += (double)l->elapsed_ns;
		c->samples_told += l->samples;
		c->launches++;
	}
	return r->told(arg, l);
}

int
resolve_record_read(struct resolve_record *r, const char *path, struct err *e)
{
	struct reader_handler h;
	int status;

	memset(r, 0, sizeof(*r));
	gather_handler(&r->base, &h, e);
	r->base.path = mem_strdup(path);
	r->told = h.launch;
	r->before = -1;
	h.launch = record_on_launch;
	h.arg = r;
	status = reader_run(path, &h, e);
	facts_sort(&r->base.facts);
	if (r->base.ncells > 0)
		record_cell(r, (int)r->base.ncells - 1);
	return status;
}

void
resolve_record_free(struct resolve_record *r)
{
	size_t i, k;

	for (i = 0; i < r->ncells; i++) {
		for (k = 0; k < r->cells[i].nsamples; k++)
			free(r->cells[i].samples[k].log);
		free(r->cells[i].samples);
		free(r->cells[i].apart_ns);
	}
	free(r->cells);
	gather_free(&r->base);
}

static int
record_compare(const void *a, const void *b)
{
	const struct resolve_samples *x = a, *y = b;

	return (x->launch > y->launch) - (x->launch < y->launch);
}

const struct resolve_samples *
resolve_record_samples(const struct resolve_record *r, int cell, int launch)
{
	const struct resolve_cell *c = &r->cells[cell];
	const struct resolve_samples wanted = { .launch = launch };

	if (c->nsamples == 0)
		return NULL;
	return bsearch(&wanted, c->samples, c->nsamples, sizeof(wanted),
	    record_compare);
}
