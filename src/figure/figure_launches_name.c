/* SPDX-License-Identifier: BSD-2-Clause */
/* What launches are called in figures, and which figure shows them. */
#include "config.h"

#include "figure/figure_launches.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

struct figure_differs
figure_launches_differ(const struct figure_launches *all,
    const struct figure_span *const *spans, size_t n)
{
	struct figure_differs d = { false, false, false, false };
	const struct figure_point *a = &all->points[spans[0]->point], *b;
	size_t i;

	for (i = 1; i < n; i++) {
		b = &all->points[spans[i]->point];
		d.params |= strcmp(a->params, b->params) != 0;
		d.workers |= a->cell->workers != b->cell->workers;
		d.mode |= strcmp(a->cell->mode, b->cell->mode) != 0;
		d.pin |= strcmp(a->cell->pin, b->cell->pin) != 0;
	}
	return d;
}

/* Append "x2", "thread" or the like; takes and returns a new string. */
static char *
launches_join(char *text, const char *more)
{
	char *both = figure_join(text, more);

	free(text);
	return both;
}

static char *
launches_workers(char *text, const struct gather_cell *c)
{
	char workers[32];

	snprintf(workers, sizeof(workers), "x%d", c->workers);
	return launches_join(text, workers);
}

static char *
launches_pin(char *text, const struct gather_cell *c)
{
	char *pin = mem_printf("pin %s", c->pin);

	text = launches_join(text, pin);
	free(pin);
	return text;
}

char *
figure_launches_name(const struct figure_launches *all,
    const struct figure_span *s, const struct figure_differs *d)
{
	const struct figure_point *p = &all->points[s->point];
	const struct compare *c = all->compare;
	char *text = mem_strdup(c->nsides > 1 ? c->sides[s->side].name : "");

	if (d->params)
		text = launches_join(text, p->params);
	if (d->workers)
		text = launches_workers(text, p->cell);
	if (d->mode)
		text = launches_join(text, p->cell->mode);
	if (d->pin)
		text = launches_pin(text, p->cell);
	if (text[0] != '\0')
		return text;
	free(text);
	return mem_strdup(c->sides[s->side].name);
}

char *
figure_launches_common(const struct figure_launches *all,
    const struct figure_span *s, const struct figure_differs *d)
{
	const struct figure_point *p = &all->points[s->point];
	char *text = mem_strdup(p->cell->workload);

	if (!d->params)
		text = launches_join(text, p->params);
	if (!d->workers)
		text = launches_workers(text, p->cell);
	if (!d->mode && strcmp(p->cell->mode, "process") != 0)
		text = launches_join(text, p->cell->mode);
	if (!d->pin && strcmp(p->cell->pin, "none") != 0)
		text = launches_pin(text, p->cell);
	return text;
}

void
figure_launches_count(struct figure_counted *n, const struct figure_span *s)
{
	size_t i, units = 0;

	for (i = 0; s != NULL && i < s->n; i += figure_launches_unit(s, i))
		units++;
	if (units == 0)
		return;
	if (n->least == 0 || units < n->least)
		n->least = units;
	if (units > n->most)
		n->most = units;
}

char *
figure_launches_counted(const struct figure_counted *n, bool boots)
{
	const char *unit = boots ? (n->most == 1 ? "boot" : "boots") :
	    (n->most == 1 ? "launch" : "launches");

	return n->least == n->most ? mem_printf("%zu %s", n->most, unit) :
	    mem_printf("%zu to %zu %s", n->least, n->most, unit);
}

char *
figure_launches_note(const struct figure_launches *all,
    const struct figure_span *const *spans, size_t n)
{
	struct figure_counted counted = { 0, 0 };
	bool boots = all->compare->boots;
	char *units, *note;
	size_t i;

	for (i = 0; i < n; i++)
		figure_launches_count(&counted, spans[i]);
	units = figure_launches_counted(&counted, boots);
	note = counted.most == 1 ? mem_printf("of %s", units) :
	    mem_printf("means of %s; faint: every %s", units, boots ?
	    "boot" : "launch");
	free(units);
	return note;
}

void
figure_launches_each(const struct figure_launches *all,
    struct figures *set, const struct figure_kind *kind,
    void (*draw)(struct figures *set, const struct figure_kind *kind,
    const struct figure_launches *all, const struct figure_span *const *spans,
    size_t n))
{
	const struct figure_span *spans[FIGURE_SERIES_MAX];
	size_t n = 0, i, next;

	for (i = 0; i < all->nspans; i = next) {
		const struct figure_span *s = &all->spans[i];

		for (next = i + 1; next < all->nspans &&
		    all->spans[next].point == s->point; next++)
			continue;
		if (n > 0 && (n + (next - i) > FIGURE_SERIES_MAX ||
		    strcmp(all->points[spans[0]->point].cell->workload,
		    all->points[s->point].cell->workload) != 0)) {
			draw(set, kind, all, spans, n);
			n = 0;
		}
		for (; i < next; i++) {
			if (n == FIGURE_SERIES_MAX) {
				draw(set, kind, all, spans, n);
				n = 0;
			}
			spans[n++] = &all->spans[i];
		}
	}
	if (n > 0)
		draw(set, kind, all, spans, n);
}
