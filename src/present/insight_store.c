/* SPDX-License-Identifier: BSD-2-Clause */
/* Parts, items and their values; see insight_store.h. */
#include "config.h"

#include "present/insight_store.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* More is kept of no record, and more different phases of no cell. */
#define INSIGHT_BYTES_MAX	((size_t)1 << 30)
#define INSIGHT_PARTS_MAX	512

/* ---- parts and items -------------------------------------------------- */

static int
insight_charge(struct insight *in, size_t bytes)
{
	if ((in->bytes += bytes) <= INSIGHT_BYTES_MAX)
		return 0;
	return err_set(in->base.e, "the record has more different counters, "
	    "statistics and stacks than %zu MiB hold", INSIGHT_BYTES_MAX >> 20);
}

struct insight_part *
insight_store_part(struct insight *in, int cell, const char *phase)
{
	struct insight_cell *c = &in->cells[cell];
	struct insight_part *p;
	size_t i;

	for (i = 0; i < c->nparts; i++) {
		p = &c->parts[i];
		if ((phase == NULL) == (p->phase == NULL) &&
		    (phase == NULL || strcmp(p->phase, phase) == 0))
			return p;
	}
	if (c->nparts == INSIGHT_PARTS_MAX) {
		err_set(in->base.e, "cell %d has more than %d different phases",
		    cell, INSIGHT_PARTS_MAX);
		return NULL;
	}
	c->parts = mem_grow(c->parts, c->nparts, &c->parts_cap, sizeof(*p));
	p = &c->parts[c->nparts++];
	memset(p, 0, sizeof(*p));
	p->phase = phase != NULL ? mem_strdup(phase) : NULL;
	if (phase == NULL)
		p->unit = mem_strdup(in->base.cells[cell].unit);
	return p;
}

/* The key of an item is its kind and its name. */
static char *
insight_key(enum insight_kind kind, const char *name)
{
	return mem_printf("%c%s", 'a' + (int)kind, name);
}

struct insight_item *
insight_store_item(struct insight *in, struct insight_part *p,
    enum insight_kind kind, const char *name)
{
	char *key = insight_key(kind, name);
	size_t i = names_add(&p->names, key, strlen(key));
	struct insight_item *item;

	free(key);
	if (i < p->nitems)
		return &p->items[i];
	p->items = mem_grow(p->items, p->nitems, &p->items_cap,
	    sizeof(*p->items));
	item = &p->items[p->nitems++];
	memset(item, 0, sizeof(*item));
	item->kind = kind;
	item->name = p->names.text[i] + 1;
	return insight_charge(in, sizeof(*item) + strlen(name) + 32) < 0 ?
	    NULL : item;
}

/* The value of a launch, which is the one being read. */
struct insight_value *
insight_store_value(struct insight *in, struct insight_item *item, int launch,
    const struct reader_work *w, double ns)
{
	struct insight_value *v = NULL;

	if (item->nvalues > 0)
		v = &item->values[item->nvalues - 1];
	if (v == NULL || v->launch != launch) {
		if (insight_charge(in, sizeof(*v)) < 0)
			return NULL;
		item->values = mem_grow(item->values, item->nvalues,
		    &item->values_cap, sizeof(*v));
		v = &item->values[item->nvalues++];
		memset(v, 0, sizeof(*v));
		v->launch = launch;
		v->least = v->most = NAN;
		item->neach = 0;
	} else if (v->index == w->index) {
		return v;	/* the same work again, for another PMU */
	}
	v->index = w->index;
	v->ops += w->known ? (double)w->ops : NAN;
	v->ns += ns > 0 ? ns : NAN;
	return v;
}

/* A launch that was done before counts no more. */
void
insight_store_forget(struct insight_cell *c, int launch)
{
	struct insight_item *item;
	size_t i, k, n, from;

	for (i = 0; i < c->nparts; i++) {
		for (k = 0; k < c->parts[i].nitems; k++) {
			item = &c->parts[i].items[k];
			for (from = n = 0; from < item->nvalues; from++)
				if (item->values[from].launch != launch)
					item->values[n++] = item->values[from];
			item->nvalues = n;
		}
	}
}

/* ---- looking ---------------------------------------------------------- */

const struct insight_item *
insight_item(const struct insight_part *p, enum insight_kind kind,
    const char *name)
{
	char *key = insight_key(kind, name);
	size_t i = names_get(&p->names, key, strlen(key));

	free(key);
	return i < p->nitems ? &p->items[i] : NULL;
}

bool
insight_has(const struct insight_part *p, enum insight_kind kind)
{
	size_t i;

	for (i = 0; i < p->nitems; i++)
		if (p->items[i].kind == kind)
			return true;
	return false;
}

double
insight_sum(const struct insight_item *item)
{
	double sum = 0;
	size_t i;

	for (i = 0; item != NULL && i < item->nvalues; i++)
		sum += item->values[i].sum;
	return sum;
}

/* ---- the end ------------------------------------------------------------ */

void
insight_store_free(struct insight_part *p)
{
	size_t i;

	for (i = 0; i < p->nitems; i++) {
		free(p->items[i].values);
		free(p->items[i].status);
		free(p->items[i].reason);
		free(p->items[i].each);
	}
	free(p->items);
	names_free(&p->names);
	free(p->phase);
	free(p->unit);
	free(p->event);
	free(p->scope);
	free(p->status);
	free(p->reason);
}
