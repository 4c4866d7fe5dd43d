/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Any bytes as a record (libFuzzer).  Whatever the reader tells must be within
 * the bounds that its header promises, and an error is a sentence.  And a blank
 * in every line, which changes nothing but which way the line is read, changes
 * nothing of what is told.
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

/* A hash of numbers that come from samples, in their order. */
static uint64_t told;

static void
tell(uint64_t number)
{
	told = (told ^ number) * UINT64_C(1099511628211);
}

static void
tell_work(const struct reader_work *w)
{
	tell(w->index);
	tell(w->known);
	tell(w->ops);
	tell(w->elapsed_ns);
}

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
	tell((uint64_t)l->cell);
	tell((uint64_t)l->launch);
	tell((uint64_t)l->samples);
	tell(l->elapsed_ns);
	for (i = 0; i < l->workers; i++) {
		tell(l->ops[i]);
		tell(l->aside_ns != NULL ? l->aside_ns[i] : UINT64_MAX);
	}
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
	tell_work(&c->work);
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
	tell_work(&d->work);
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
	tell_work(&u->work);
	look_or_null(u->work.phase);
	return 0;
}

static int
on_profile(void *arg, int cell, int launch, const struct reader_profile *p)
{
	(void)arg;
	require(cell >= 0 && launch >= 0);
	tell_work(&p->work);
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
	tell_work(&s->work);
	look_or_null(s->work.phase);
	for (i = 0; i < s->nframes; i++)
		look(s->frames[i]);
	return 0;
}

/* Read it all; what was told is in `told`. */
static void
read_record(const uint8_t *data, size_t size, struct err *e)
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
	FILE *in = size > 0 ? fmemopen((void *)(uintptr_t)data, size, "r") :
	    fopen("/dev/null", "r");
	int status;

	require(in != NULL);
	told = 0;
	status = reader_stream(in, "record", &h, e);
	fclose(in);
	require((status < 0) == e->set);
	require(!e->set || strncmp(e->text, "record:", 7) == 0);
}

/* With a blank after every brace that begins a line; a new array. */
static uint8_t *
with_blanks(const uint8_t *data, size_t size, size_t *wide)
{
	uint8_t *copy = malloc(2 * size + 1);
	size_t i, n = 0;

	require(copy != NULL);
	for (i = 0; i < size; i++) {
		copy[n++] = data[i];
		if (data[i] == '{' && (i == 0 || data[i - 1] == '\n'))
			copy[n++] = ' ';
	}
	*wide = n;
	return copy;
}

/* The column of what is not JSON is another one with blanks. */
static size_t
error_length(const struct err *e)
{
	const char *column = e->set ? strstr(e->text, "not JSON (column ") :
	    NULL;

	return column != NULL ? (size_t)(column - e->text) :
	    e->set ? strlen(e->text) : 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct err one = { 0 }, other = { 0 };
	uint64_t told_first;
	size_t wide;
	uint8_t *copy = with_blanks(data, size, &wide);

	read_record(data, size, &one);
	told_first = told;
	read_record(copy, wide, &other);
	free(copy);
	require(told_first == told && one.set == other.set);
	require(error_length(&one) == error_length(&other));
	require(memcmp(one.text, other.text, error_length(&one)) == 0);
	return 0;
}
