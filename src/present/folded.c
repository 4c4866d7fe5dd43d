/* SPDX-License-Identifier: BSD-2-Clause */
/* Stacks of profiles, sorted and printed; see folded.h. */
#include "config.h"

#include "present/folded.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "present/insight_print.h"
#include "present/profile_functions.h"

/* ---- collecting ------------------------------------------------------- */

/* What was asked for, and what there is of it. */
struct folded_choice {
	int cell;
	const char *phase;
	int cells, parts;	/* with stacks */
	bool phases;		/* some are of phases */
	bool cell_found, phase_found;
	const char *reason;	/* why there is none, or NULL */
};

static bool
folded_chosen(const struct insight *in, size_t cell,
    const struct insight_part *p, const struct folded_choice *c)
{
	if (c->cell >= 0 && in->base.cells[cell].id != c->cell)
		return false;
	return c->phase == NULL ||
	    (p->phase != NULL && strcmp(p->phase, c->phase) == 0);
}

static void
folded_survey(const struct insight *in, struct folded_choice *c)
{
	const struct insight_part *p;
	size_t i, k;
	int before;

	for (i = 0; i < in->base.ncells; i++)
		c->cell_found |= in->base.cells[i].id >= 0 &&
		    in->base.cells[i].id == c->cell;
	for (i = 0; i < in->ncells; i++) {
		before = c->parts;
		for (k = 0; k < in->cells[i].nparts; k++) {
			p = &in->cells[i].parts[k];
			if (!folded_chosen(in, i, p, c))
				continue;
			c->phase_found = true;
			if (c->reason == NULL)
				c->reason = p->reason;
			if (!insight_has(p, INSIGHT_STACK))
				continue;
			c->phases |= p->phase != NULL;
			c->parts++;
		}
		c->cells += c->parts > before;
	}
}

static int
folded_check(const struct folded_choice *c, struct err *e)
{
	if (c->cell >= 0 && !c->cell_found)
		return err_set(e, "there is no cell %d in the record", c->cell);
	if (c->phase != NULL && !c->phase_found)
		return err_set(e, "there is no phase '%s' in %s", c->phase,
		    c->cell >= 0 ? "this cell" : "the record");
	if (c->parts == 0 && c->reason != NULL)
		return err_set(e, "no stacks were sampled: %s", c->reason);
	if (c->parts == 0)
		return err_set(e, "there is no profile in %s (run with "
		    "--profile)", c->cell >= 0 || c->phase != NULL ?
		    "this part of the record" : "the record");
	return 0;
}

/* A name as a frame, in which no semicolon may stand. */
static void
folded_frame(struct str *b, const char *name)
{
	for (; *name != '\0'; name++)
		str_addn(b, *name == ';' ? "," : name, 1);
	str_add(b, ";");
}

/* The frames that tell parts from each other, when there are several. */
static char *
folded_prefix(const struct gather_cell *g, const struct insight_part *p,
    const struct folded_choice *c)
{
	struct str b = { 0 };
	char *name, *cell;

	str_add(&b, "");
	if (c->cells > 1) {
		name = insight_print_cell(g);
		cell = mem_printf("cell %d: %s", g->id, name);
		folded_frame(&b, cell);
		free(cell);
		free(name);
	}
	if (c->parts > 1 && c->phases)
		folded_frame(&b, p->phase != NULL ? p->phase :
		    "[measured part]");
	return b.s;
}

static void
folded_add(struct folded *f, const struct insight_part *p, const char *prefix)
{
	struct profile_functions all;
	size_t i;

	for (i = 0; i < p->nitems; i++) {
		if (p->items[i].kind != INSIGHT_STACK)
			continue;
		f->list = mem_grow(f->list, f->count, &f->cap,
		    sizeof(*f->list));
		f->list[f->count].frames = mem_printf("%s%s", prefix,
		    p->items[i].name);
		f->list[f->count++].count = insight_sum(&p->items[i]);
	}
	profile_functions(p, &all);
	f->samples += all.samples;
	f->kernel += all.kernel;
	f->user += all.user;
	profile_functions_free(&all);
}

/* The end of a frame comes before all that a frame can hold. */
int
folded_compare(const void *a, const void *b)
{
	const struct folded_stack *p = a, *q = b;
	const char *x = p->frames, *y = q->frames;

	for (; *x != '\0' && *x == *y; x++)
		y++;
	if (*x == *y)
		return 0;
	if (*x == '\0' || *y == '\0')
		return *x == '\0' ? -1 : 1;
	if (*x == ';' || *y == ';')
		return *x == ';' ? -1 : 1;
	return (unsigned char)*x < (unsigned char)*y ? -1 : 1;
}

/* Those that are the same become one. */
static void
folded_sort(struct folded *f)
{
	size_t i, n = 0;

	if (f->count > 0)
		qsort(f->list, f->count, sizeof(*f->list), folded_compare);
	for (i = 0; i < f->count; i++) {
		if (n > 0 && strcmp(f->list[i].frames,
		    f->list[n - 1].frames) == 0) {
			f->list[n - 1].count += f->list[i].count;
			free(f->list[i].frames);
		} else {
			f->list[n++] = f->list[i];
		}
	}
	f->count = n;
}

/* ---- what they are of ------------------------------------------------- */

static char *
folded_title(const struct insight *in, const struct gather_cell *g,
    const struct insight_part *p, const struct folded_choice *c)
{
	struct str b = { 0 };
	char *name;

	if (c->cells > 1) {
		str_addf(&b, "%s, %d cells", in->base.name != NULL ?
		    in->base.name : in->file, c->cells);
		if (c->phase != NULL)
			str_addf(&b, ", phase %s", c->phase);
	} else {
		name = insight_print_cell(g);
		str_addf(&b, "cell %d: %s, %s mode, %d worker%s", g->id, name,
		    g->mode, g->workers, g->workers == 1 ? "" : "s");
		free(name);
		if (c->parts > 1)
			str_addf(&b, ", %d phases", c->parts);
		else if (p->phase != NULL)
			str_addf(&b, ", phase %s", p->phase);
	}
	if (in->base.label != NULL)
		str_addf(&b, ", label %s", in->base.label);
	return b.s;
}

static char *
folded_about(const struct folded *f, const struct insight_part *p)
{
	double both = f->kernel + f->user;
	struct str b = { 0 };

	str_addf(&b, "%.0f samples", f->samples);
	if (p != NULL && p->event != NULL)
		str_addf(&b, " of %s", p->event);
	if (p != NULL && p->rate_hz > 0)
		str_addf(&b, " at %llu Hz", (unsigned long long)p->rate_hz);
	if (both > 0)
		str_addf(&b, ": %.1f%% kernel, %.1f%% user",
		    f->kernel / both * 100, f->user / both * 100);
	return b.s;
}

int
folded_collect(struct folded *f, const struct insight *in, int cell,
    const char *phase, struct err *e)
{
	struct folded_choice c = { .cell = cell, .phase = phase };
	const struct insight_part *p, *first = NULL;
	size_t i, k;
	char *prefix;

	memset(f, 0, sizeof(*f));
	folded_survey(in, &c);
	if (folded_check(&c, e) < 0)
		return -1;
	f->prefix = (c.cells > 1) + (c.parts > 1 && c.phases);
	for (i = 0; i < in->ncells; i++) {
		for (k = 0; k < in->cells[i].nparts; k++) {
			p = &in->cells[i].parts[k];
			if (!folded_chosen(in, i, p, &c) ||
			    !insight_has(p, INSIGHT_STACK))
				continue;
			prefix = folded_prefix(&in->base.cells[i], p, &c);
			folded_add(f, p, prefix);
			free(prefix);
			if (first == NULL)
				f->title = folded_title(in,
				    &in->base.cells[i], p, &c);
			first = first != NULL ? first : p;
		}
	}
	f->about = folded_about(f, first);
	folded_sort(f);
	return 0;
}

/* What was said of the samples no longer holds, but of their number. */
void
folded_merge(struct folded *f, const struct folded *other)
{
	size_t i;

	for (i = 0; i < other->count; i++) {
		f->list = mem_grow(f->list, f->count, &f->cap,
		    sizeof(*f->list));
		f->list[f->count].frames = mem_strdup(other->list[i].frames);
		f->list[f->count++].count = other->list[i].count;
	}
	f->samples += other->samples;
	f->kernel += other->kernel;
	f->user += other->user;
	free(f->about);
	f->about = folded_about(f, NULL);
	folded_sort(f);
}

void
folded_free(struct folded *f)
{
	size_t i;

	for (i = 0; i < f->count; i++)
		free(f->list[i].frames);
	free(f->list);
	free(f->title);
	free(f->about);
	memset(f, 0, sizeof(*f));
}

/* ---- printing --------------------------------------------------------- */

static void
folded_line(const struct folded *f, const struct folded_stack *s, FILE *out)
{
	const char *at = s->frames;
	struct str safe = { 0 };
	size_t len;
	char *frame;
	int n;

	for (n = 0;; n++) {
		len = strcspn(at, ";");
		frame = mem_strndup(at, len);
		str_add_safe(&safe, frame);
		if (n >= f->prefix && profile_is_kernel(frame))
			str_add(&safe, "_[k]");
		free(frame);
		if (at[len] == '\0')
			break;
		str_add(&safe, ";");
		at += len + 1;
	}
	fprintf(out, "%s %.0f\n", str_text(&safe), s->count);
	str_free(&safe);
}

void
folded_print(const struct folded *f, FILE *out)
{
	size_t i;

	for (i = 0; i < f->count; i++)
		if (f->list[i].count > 0)
			folded_line(f, &f->list[i], out);
}
