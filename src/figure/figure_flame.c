/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Flame graphs of the cells that were profiled, a figure for each side; and of
 * each side against the base.  What gnuplot draws elsewhere is ready here.
 */
#include "config.h"

#include "figure/figure_kinds.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "present/folded.h"

/* Of one cell; sides without a profile have no stacks. */
struct flames_cell {
	char *key;		/* what the same cell has in each record */
	char *name;		/* for files: "zfod/1-x32" */
	struct folded *sides;
};

struct flames {
	const struct compare *c;
	struct flames_cell *cells;
	size_t count, cap;
};

/* ---- what there is ----------------------------------------------------------- */

static bool
flames_has_stacks(const struct insight_cell *c)
{
	size_t i;

	for (i = 0; i < c->nparts; i++)
		if (insight_has(&c->parts[i], INSIGHT_STACK))
			return true;
	return false;
}

static struct flames_cell *
flames_cell(struct flames *f, const struct gather_cell *g)
{
	char *params = gather_params(g);
	char *key = mem_printf("%s\n%s\n%s\n%s\n%d", g->workload, params,
	    g->mode, g->pin, g->workers);
	struct flames_cell *cell;
	size_t i;

	free(params);
	for (i = 0; i < f->count; i++) {
		if (strcmp(f->cells[i].key, key) != 0)
			continue;
		free(key);
		return &f->cells[i];
	}
	f->cells = mem_grow(f->cells, f->count, &f->cap, sizeof(*f->cells));
	cell = &f->cells[f->count++];
	cell->key = key;
	cell->name = mem_printf("%s-x%d", g->workload, g->workers);
	cell->sides = mem_zalloc(f->c->nsides * sizeof(*cell->sides));
	return cell;
}

/* The profiles of one record go to those of its side. */
static int
flames_take(struct flames *f, const struct insight *in, size_t side,
    struct err *e)
{
	struct folded one;
	struct flames_cell *cell;
	size_t i;
	int rc = 0;

	for (i = 0; i < in->ncells && rc == 0; i++) {
		if (in->base.cells[i].id < 0 ||
		    !flames_has_stacks(&in->cells[i]))
			continue;
		rc = folded_collect(&one, in, in->base.cells[i].id, NULL, e);
		if (rc == 0) {
			cell = flames_cell(f, &in->base.cells[i]);
			if (cell->sides[side].title == NULL) {
				cell->sides[side] = one;
				continue;
			}
			folded_merge(&cell->sides[side], &one);
		}
		folded_free(&one);
	}
	return rc;
}

static int
flames_read(struct flames *f, struct figure_source *s, struct err *e)
{
	const struct insight *in;
	size_t i;

	f->c = &s->compare;
	for (i = 0; i < s->nin; i++) {
		in = figure_insight(s, i, e);
		if (in == NULL || flames_take(f, in, s->compare.side_of[i],
		    e) != 0)
			return -1;
	}
	return 0;
}

static void
flames_free(struct flames *f)
{
	size_t i, side;

	for (i = 0; i < f->count; i++) {
		for (side = 0; side < f->c->nsides; side++)
			folded_free(&f->cells[i].sides[side]);
		free(f->cells[i].sides);
		free(f->cells[i].key);
		free(f->cells[i].name);
	}
	free(f->cells);
}

/* ---- figures ----------------------------------------------------------------- */

/* Both are printed to memory: the picture, and the stacks that it is of. */
static int
flames_text(const struct folded *base, const char *base_name,
    const struct folded *f, bool picture, char **text, struct err *e)
{
	size_t size;
	FILE *out = open_memstream(text, &size);

	if (out == NULL)
		return err_set(e, "flame graph: %s", strerror(errno));
	if (picture && base != NULL)
		flame_print_difference(base, base_name, f, out);
	else if (picture)
		flame_print(f, out);
	else if (base != NULL)
		flame_print_stacks(base, f, out);
	else
		folded_print(f, out);
	if (fclose(out) != 0)
		return err_set(e, "flame graph: %s", strerror(errno));
	return 0;
}

static int
flames_draw(struct figures *set, const struct figure_kind *kind,
    const struct flames *f, const struct flames_cell *cell, size_t side,
    const struct folded *base, struct err *e)
{
	const struct folded *one = &cell->sides[side];
	struct figure *fig = figure_new(set, kind, cell->name,
	    f->c->sides[side].name);
	const char *base_name = f->c->sides[0].name;
	char *stacks = NULL;
	int rc;

	figure_title(fig, "%s%s%s", one->title, base != NULL ? " against " : "",
	    base != NULL ? base_name : "");
	figure_alt(fig, "flame graph%s%s: %s", base != NULL ?
	    " of the difference from " : "", base != NULL ? base_name : "",
	    one->title);
	rc = flames_text(base, base_name, one, true, &fig->svg, e);
	if (rc == 0)
		rc = flames_text(base, base_name, one, false, &stacks, e);
	if (rc == 0)
		str_add(&fig->data, stacks);
	free(stacks);
	return rc;
}

static int
flames_make(struct figures *set, const struct figure_kind *kind,
    struct figure_source *s, bool differs, struct err *e)
{
	struct flames f = { 0 };
	size_t i, side;
	int rc = flames_read(&f, s, e);

	for (i = 0; i < f.count && rc == 0; i++) {
		const struct folded *sides = f.cells[i].sides;

		for (side = differs; side < f.c->nsides && rc == 0; side++)
			if (sides[side].samples > 0 &&
			    (!differs || sides[0].samples > 0))
				rc = flames_draw(set, kind, &f, &f.cells[i],
				    side, differs ? &sides[0] : NULL, e);
	}
	flames_free(&f);
	return rc;
}

int
figure_flame(struct figures *set, const struct figure_kind *kind,
    struct figure_source *s, struct err *e)
{
	return flames_make(set, kind, s, false, e);
}

int
figure_flamediff(struct figures *set, const struct figure_kind *kind,
    struct figure_source *s, struct err *e)
{
	return flames_make(set, kind, s, true, e);
}
