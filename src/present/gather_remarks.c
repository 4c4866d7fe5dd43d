/* SPDX-License-Identifier: BSD-2-Clause */
/* Lines of the kernel's log, and verdicts; see gather_remarks.h. */
#include "config.h"

#include "present/gather_remarks.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "present/gather.h"

/* There are a dozen classes; a record that has many more is made up. */
#define GATHER_CLASSES 100

int
gather_remarks_log(void *arg, int cell, int launch,
    const struct reader_log *log)
{
	struct gather_remarks *r = &((struct gather *)arg)->remarks;
	struct gather_said *s;
	size_t i;

	for (i = 0; i < r->nsaid; i++)
		if (strcmp(r->said[i].class, log->class) == 0)
			break;
	if (i == GATHER_CLASSES)
		return 0;
	if (i < r->nsaid) {
		r->said[i].count += log->count;
		return 0;
	}
	r->said = mem_grow(r->said, r->nsaid, &r->cap, sizeof(*s));
	s = &r->said[r->nsaid++];
	s->class = mem_strdup(log->class);
	s->text = mem_strdup(log->text);
	s->phase = log->phase != NULL ? mem_strdup(log->phase) : NULL;
	s->count = log->count;
	s->cell = cell;
	s->launch = launch;
	return 0;
}

int
gather_remarks_validity(void *arg, int cell, int launch,
    const struct reader_validity *v)
{
	struct gather *g = arg;
	struct gather_cell *c = &g->cells[cell];
	struct gather_launch *l = &c->launches[c->current];

	(void)launch;
	l->judged = true;
	if (v->valid || l->rules != NULL)
		return 0;
	l->rules = mem_strdup(v->rules);
	l->reasons = mem_strdup(v->reasons);
	return 0;
}

void
gather_remarks_free(struct gather_remarks *r)
{
	size_t i;

	for (i = 0; i < r->nsaid; i++) {
		free(r->said[i].class);
		free(r->said[i].text);
		free(r->said[i].phase);
	}
	free(r->said);
}
