/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Any bytes as a record (libFuzzer).  Whatever the reader tells must be within
 * the bounds that its header promises, and an error is a sentence.
 */
#include "config.h"

#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "record/reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Every byte of what is told is looked at, so that a sanitizer sees it. */
static volatile size_t seen;

static void
require(bool truth)
{
	if (!truth)
		abort();
}

static void
look(const char *text)
{
	require(text != NULL);
	seen += strlen(text);
}

static int
on_run(void *arg, const struct reader_run *run)
{
	(void)arg;
	seen += run->label != NULL ? strlen(run->label) : 0;
	seen += run->name != NULL ? strlen(run->name) : 0;
	seen += run->order != NULL ? strlen(run->order) : 0;
	seen += run->counting != NULL ? strlen(run->counting) : 0;
	require(run->ncells >= -1 && run->ncells <= READER_CELLS_MAX);
	return 0;
}

static int
on_fact(void *arg, const char *key, const char *value)
{
	(void)arg;
	look(key);
	look(value);
	require(strchr(key, '.') != NULL);
	return 0;
}

static int
on_cell(void *arg, const struct reader_cell *c)
{
	size_t i;

	(void)arg;
	require(c->id >= 0 && c->id < READER_CELLS_MAX);
	require(c->workers >= 1 && c->workers <= READER_WORKERS_MAX);
	require(c->launches >= 1 && c->launches <= READER_LAUNCHES_MAX);
	look(c->workload);
	look(c->unit);
	look(c->kind);
	look(c->mode);
	look(c->pin);
	for (i = 0; i < c->nparams; i++) {
		look(c->params[i].name);
		look(c->params[i].text);
	}
	return 0;
}

static int
on_launch(void *arg, const struct reader_launch *l)
{
	uint64_t sum = 0;
	unsigned b;
	int i;

	(void)arg;
	look(l->status);
	seen += l->reason != NULL ? strlen(l->reason) : 0;
	for (i = 0; i < l->workers; i++)
		seen += (size_t)l->ops[i] + (size_t)(l->aside_ns != NULL ?
		    l->aside_ns[i] : 0);
	if (l->latency == NULL)
		return 0;
	for (b = 0; b < HISTOGRAM_BUCKETS; b++)
		sum += l->latency->bucket[b];
	require(sum == l->latency->count && sum > 0);
	require(histogram_quantile(l->latency, 0.99) <= l->latency->max_ns);
	return 0;
}

static int
on_note(void *arg, int cell, int launch, const char *text)
{
	(void)arg;
	require((cell >= 0 && launch >= 0) || (cell == -1 && launch == -1));
	look(text);
	return 0;
}

static int
on_gauge(void *arg, int cell, int launch, const char *name, double value)
{
	(void)arg;
	require(cell >= 0 && launch >= 0);
	require(isnan(value) || isfinite(value));
	look(name);
	return 0;
}

static int
on_phase(void *arg, int cell, int launch, const struct reader_phase *p)
{
	(void)arg;
	require(cell >= 0 && launch >= 0);
	look(p->name);
	look(p->unit);
	seen += p->limit != NULL ? strlen(p->limit) : 0;
	return 0;
}

static int
on_curve(void *arg, int cell, int launch, const struct reader_curve *c)
{
	(void)arg;
	require(cell >= 0 && launch >= 0 && c->worker >= 0);
	return 0;
}

static int
on_stall(void *arg, int cell, int launch, const struct reader_stall *s)
{
	(void)arg;
	require(cell >= 0 && launch >= 0);
	seen += s->phase != NULL ? strlen(s->phase) : 0;
	return 0;
}

static int
on_memory(void *arg, int cell, int launch, const struct reader_memory *m)
{
	(void)arg;
	require(cell >= 0 && launch >= 0);
	require((m->at == NULL) != (m->phase == NULL));
	look(m->at != NULL ? m->at : m->phase);
	return 0;
}

static void
look_or_null(const char *text)
{
	seen += text != NULL ? strlen(text) : 0;
}

static int
on_counter(void *arg, int cell, int launch, const struct reader_counter *c)
{
	size_t i;

	(void)arg;
	require(cell >= 0 && launch >= 0);
	look_or_null(c->work.phase);
	look(c->name);
	look(c->status);
	look_or_null(c->reason);
	for (i = 0; i < c->neach; i++)
		seen += (size_t)c->each[i];
	return 0;
}

static int
on_deltas(void *arg, int cell, int launch, const struct reader_deltas *d)
{
	size_t i;

	(void)arg;
	require(cell >= 0 && launch >= 0);
	look_or_null(d->work.phase);
	for (i = 0; i < d->nsources; i++)
		look(d->sources[i]);
	for (i = 0; i < d->ndeltas; i++) {
		look(d->names[i]);
		seen += (size_t)d->deltas[i];
	}
	return 0;
}

static int
on_log(void *arg, int cell, int launch, const struct reader_log *log)
{
	on_note(arg, cell, launch, log->text);
	look(log->class);
	look_or_null(log->phase);
	return 0;
}

static int
on_validity(void *arg, int cell, int launch, const struct reader_validity *v)
{
	(void)arg;
	require(cell >= 0 && launch >= 0);
	look(v->rules);
	look(v->reasons);
	return 0;
}

static int
on_usage(void *arg, int cell, int launch, const struct reader_usage *u)
{
	(void)arg;
	require(cell >= 0 && launch >= 0);
	look_or_null(u->work.phase);
	return 0;
}

static int
on_profile(void *arg, int cell, int launch, const struct reader_profile *p)
{
	(void)arg;
	require(cell >= 0 && launch >= 0);
	look_or_null(p->work.phase);
	look(p->name);
	look(p->status);
	look_or_null(p->scope);
	look_or_null(p->reason);
	return 0;
}

static int
on_stack(void *arg, int cell, int launch, const struct reader_stack *s)
{
	size_t i;

	(void)arg;
	require(cell >= 0 && launch >= 0 && s->nframes > 0);
	look_or_null(s->work.phase);
	for (i = 0; i < s->nframes; i++)
		look(s->frames[i]);
	return 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct reader_handler h = {
		.run = on_run, .fact = on_fact, .cell = on_cell,
		.launch = on_launch, .note = on_note, .gauge = on_gauge,
		.phase = on_phase, .curve = on_curve,
		.stall = on_stall, .memory = on_memory,
		.counter = on_counter, .kstat = on_deltas, .slab = on_deltas,
		.usage = on_usage, .profile = on_profile, .stack = on_stack,
		.log = on_log, .validity = on_validity,
	};
	struct err e = { 0 };
	FILE *in = size > 0 ? fmemopen((void *)(uintptr_t)data, size, "r") :
	    fopen("/dev/null", "r");
	int status;

	require(in != NULL);
	status = reader_stream(in, "record", &h, &e);
	fclose(in);
	require((status < 0) == e.set);
	require(!e.set || strncmp(e.text, "record:", 7) == 0);
	return 0;
}
