/* SPDX-License-Identifier: BSD-2-Clause */
/* Flame graphs of profiles, and of two against each other; see folded.h. */
#include "config.h"

#include "present/folded.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/str.h"
#include "present/flame_draw.h"

void
flame_print(const struct folded *f, FILE *out)
{
	struct flame_stack *stacks = mem_array(NULL, f->count + 1,
	    sizeof(*stacks));
	struct flame_picture p = {
		.title = f->title, .about = f->about, .stacks = stacks,
		.count = f->count, .prefix = f->prefix,
	};
	size_t i;

	for (i = 0; i < f->count; i++)
		stacks[i] = (struct flame_stack){
			.frames = f->list[i].frames,
			.count = f->list[i].count,
		};
	flame_draw(&p, out);
	free(stacks);
}

/* ---- against a base -------------------------------------------------------- */

static double
flame_total(const struct folded *f)
{
	double total = 0;
	size_t i;

	for (i = 0; i < f->count; i++)
		total += f->list[i].count;
	return total;
}

/* The next stack of both, which are sorted alike; there is one. */
static struct flame_stack
flame_next(const struct folded *base, size_t *b, const struct folded *new,
    size_t *n)
{
	struct flame_stack s = { 0 };
	int order = *b == base->count ? 1 : *n == new->count ? -1 :
	    folded_compare(&base->list[*b], &new->list[*n]);

	s.frames = order < 0 ? base->list[*b].frames : new->list[*n].frames;
	if (order <= 0)
		s.base = base->list[(*b)++].count;
	if (order >= 0)
		s.count = new->list[(*n)++].count;
	return s;
}

static char *
flame_about(const struct folded *base, const char *base_name,
    const struct folded *new, double gone)
{
	struct str b = { 0 };

	str_addf(&b, "width: share; colour: difference from %s; %.0f and %.0f "
	    "samples", base_name, base->samples, new->samples);
	if (gone >= 0.1)
		str_addf(&b, "; %.1f%% of the base in stacks that are gone",
		    gone);
	return b.s;
}

void
flame_print_difference(const struct folded *base, const char *base_name,
    const struct folded *new, FILE *out)
{
	double scale = flame_total(new) / flame_total(base), gone = 0;
	struct flame_stack *stacks = mem_array(NULL, base->count + new->count +
	    1, sizeof(*stacks));
	struct flame_picture p = {
		.stacks = stacks, .prefix = new->prefix, .differs = true,
	};
	char *title = mem_printf("%s, against %s", new->title, base_name);
	size_t b = 0, n = 0;
	char *about;

	while (b < base->count || n < new->count) {
		stacks[p.count] = flame_next(base, &b, new, &n);
		if (!(stacks[p.count].count > 0))
			gone += stacks[p.count].base;
		stacks[p.count++].base *= scale;
	}
	about = flame_about(base, base_name, new, gone / flame_total(base) *
	    100);
	p.title = title;
	p.about = about;
	flame_draw(&p, out);
	free(title);
	free(about);
	free(stacks);
}

void
flame_print_stacks(const struct folded *base, const struct folded *new,
    FILE *out)
{
	struct flame_stack s;
	struct str safe = { 0 };
	size_t b = 0, n = 0;

	while (b < base->count || n < new->count) {
		s = flame_next(base, &b, new, &n);
		str_reset(&safe);
		str_add_safe(&safe, s.frames);
		fprintf(out, "%s %.0f %.0f\n", str_text(&safe), s.base,
		    s.count);
	}
	str_free(&safe);
}
