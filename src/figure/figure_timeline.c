/* SPDX-License-Identifier: BSD-2-Clause */
/* One launch of a population in time: members, stalls, memory, processors. */
#include "config.h"

#include "figure/figure_kinds.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "figure/figure_scale.h"
#include "present/timeline.h"

/* With more phases than this nothing can be told apart. */
#define TIMELINE_PHASES_MAX 200

/* Pixels: of a panel, around all, of a line of names, and of a plot. */
#define TIMELINE_PANEL 150
#define TIMELINE_AROUND 130
#define TIMELINE_NAMES 20
#define TIMELINE_WIDTH 1080
#define TIMELINE_PLOT 820
#define TIMELINE_CHARACTER 8.5
#define TIMELINE_LEVELS 4

#define TIMELINE_S 1e9
#define TIMELINE_MS 1e6
#define TIMELINE_MIB 0x1p20

/* The axes of all sides of a cell, which are the same. */
struct timeline_axes {
	double seconds, members, cpus;
	struct figure_range stall, memory;
};

/* ---- which launches ---------------------------------------------------------------- */

/* Where a side has a cell: the first launch of it that counts. */
struct timeline_place {
	const char *path;
	const struct gather_cell *cell;
	const struct gather_launch *launch;
};

static const struct gather_launch *
timeline_launch(const struct compare *c, const struct gather_cell *cell)
{
	size_t i;

	for (i = 0; i < cell->nlaunches; i++)
		if (compare_counts(c, &cell->launches[i]))
			return &cell->launches[i];
	return NULL;
}

static bool
timeline_find(const struct compare *c, const struct compare_row *row,
    size_t side, struct timeline_place *at)
{
	const struct compare_side *s = &c->sides[side];
	size_t run, i;

	for (run = 0; run < s->nruns; run++)
		for (i = 0; i < s->runs[run].ncells; i++) {
			at->path = s->runs[run].path;
			at->cell = &s->runs[run].cells[i];
			if (!compare_row_is_of(row, at->cell))
				continue;
			at->launch = timeline_launch(c, at->cell);
			if (at->launch != NULL)
				return true;
		}
	return false;
}

/* Has it phases, and was the rest of the system watched? */
static bool
timeline_watched(const struct gather_cell *cell)
{
	size_t i;

	for (i = 0; i < cell->nmetrics; i++)
		if (cell->metrics[i].effect)
			return strcmp(cell->kind, "phases") == 0;
	return false;
}

/* ---- phases ------------------------------------------------------------------------------ */

/* The last of its round ends the members that the first has made. */
static bool
timeline_ends(const struct timeline *t, size_t i)
{
	const struct timeline_phase *p = &t->phases[i];

	return (i + 1 == t->nphases || t->phases[i + 1].index > p->index) &&
	    strcmp(p->unit, t->phases[0].unit) == 0 &&
	    strcmp(p->name, t->phases[0].name) != 0;
}

/* Names that do not fit beside each other stand above each other, or nowhere. */
static int
timeline_level(const struct timeline_phase *p, double middle, double seconds,
    double *ends)
{
	double width = ((double)str_columns(p->name) + 2) * TIMELINE_CHARACTER /
	    TIMELINE_PLOT * seconds;
	double from = middle - width / 2;
	int level;

	for (level = 0; level < TIMELINE_LEVELS; level++)
		if (from >= ends[level])
			break;
	if (level < TIMELINE_LEVELS)
		ends[level] = from + width;
	return level < TIMELINE_LEVELS ? level : -1;
}

static void
timeline_names(struct figure *f, const struct timeline *t, double seconds)
{
	double ends[TIMELINE_LEVELS], at = 0, length;
	struct str levels = { 0 };
	int level, levels_used = 1;
	char *name;
	size_t i;

	for (i = 0; i < TIMELINE_LEVELS; i++)
		ends[i] = -seconds;
	for (i = 0; i < t->nphases; i++) {
		length = (double)t->phases[i].elapsed_ns / TIMELINE_S;
		level = timeline_level(&t->phases[i], at + length / 2, seconds,
		    ends);
		str_addf(&levels, "%s%d", i > 0 ? ", " : "", level);
		if (level >= levels_used)
			levels_used = level + 1;
		name = mem_printf("phase_%zu", i + 1);
		figure_text(f, name, "%s", t->phases[i].name);
		free(name);
		at += length;
	}
	figure_line(f, "array levels[%zu] = [%s]", t->nphases,
	    str_text(&levels));
	figure_number(f, "levels_used", levels_used);
	f->height += levels_used * TIMELINE_NAMES;
	str_free(&levels);
}

static void
timeline_bounds(struct figure *f, const struct timeline *t)
{
	struct str bounds = { 0 };
	double at = 0;
	size_t i;

	str_add(&bounds, "0");
	for (i = 0; i < t->nphases; i++) {
		at += (double)t->phases[i].elapsed_ns / TIMELINE_S;
		str_addf(&bounds, ", %.9g", at);
	}
	figure_line(f, "array bounds[%zu] = [%s]", t->nphases + 1,
	    str_text(&bounds));
	figure_number(f, "phases", (double)t->nphases);
	str_free(&bounds);
}

/* ---- blocks of data ------------------------------------------------------------------------ */

/* How much more there is of something since the start, in MiB. */
static double
timeline_more(uint64_t before, uint64_t now)
{
	if (before == UINT64_MAX || now == UINT64_MAX)
		return NAN;
	return ((double)now - (double)before) / TIMELINE_MIB;
}

static void
timeline_row_memory(struct figure *f, struct timeline_axes *a,
    const struct timeline *t, double at, const struct timeline_memory *m)
{
	double v[1 + 1 + READER_SPENT];
	size_t i;

	v[0] = at;
	v[1] = timeline_more(m->available, t->start.available);
	for (i = 0; i < READER_SPENT; i++)
		v[2 + i] = timeline_more(t->start.bytes[i], m->bytes[i]);
	for (i = 1; i < sizeof(v) / sizeof(v[0]); i++)
		figure_range_add(&a->memory, v[i]);
	if (f != NULL)
		figure_row_of(f, sizeof(v) / sizeof(v[0]), v);
}

static void
timeline_row(struct figure *f, double x, double y)
{
	if (f != NULL)
		figure_row(f, 2, x, y);
}

static void
timeline_row_cpus(struct figure *f, double x, double system, double user)
{
	if (f != NULL)
		figure_row(f, 3, x, system, user);
}

static void
timeline_block(struct figure *f, const char *columns)
{
	if (f != NULL)
		figure_block(f, columns);
}

/* Straight between the moments at which they are known. */
static void
timeline_members(struct figure *f, struct timeline_axes *a,
    const struct timeline *t)
{
	double at = 0, now;
	size_t i;

	timeline_block(f, "time members");
	timeline_row(f, 0, 0);
	for (i = 0; i < t->nphases; i++) {
		at += (double)t->phases[i].elapsed_ns / TIMELINE_S;
		now = timeline_ends(t, i) ? 0 : (double)t->phases[i].members;
		timeline_row(f, at, now);
		a->members = fmax(a->members, now);
	}
	a->seconds = fmax(a->seconds, at);
}

static void
timeline_stalls(struct figure *f, struct timeline_axes *a,
    const struct timeline *t)
{
	const struct timeline_phase *p;
	double at = 0, from, length, ms;
	size_t i, k;

	timeline_block(f, "time stall");
	for (i = 0; i < t->nphases; i++) {
		p = &t->phases[i];
		length = (double)p->elapsed_ns / TIMELINE_S;
		for (k = 0; k < p->nstalls; k++) {
			from = (double)p->step_ns * (double)k / TIMELINE_S;
			ms = (double)p->stalls[k] / TIMELINE_MS;
			if (from > length || !(ms > 0))
				continue;
			timeline_row(f, at + from, ms);
			figure_range_add(&a->stall, ms);
		}
		at += length;
	}
	/* A block without a row is none. */
	timeline_row(f, at, NAN);
}

static void
timeline_memories(struct figure *f, struct timeline_axes *a,
    const struct timeline *t)
{
	double at = 0;
	size_t i;

	timeline_block(f, "time taken page_tables kernel_stacks slab "
	    "anonymous");
	if (!t->start.known) {
		timeline_row(f, 0, NAN);
		return;
	}
	timeline_row_memory(f, a, t, 0, &t->start);
	for (i = 0; i < t->nphases; i++) {
		at += (double)t->phases[i].elapsed_ns / TIMELINE_S;
		if (t->phases[i].after.known)
			timeline_row_memory(f, a, t, at, &t->phases[i].after);
	}
}

/* Two rows for each phase: it is the same from its begin to its end. */
static void
timeline_cpus(struct figure *f, struct timeline_axes *a,
    const struct timeline *t)
{
	const struct timeline_phase *p;
	double at = 0, length;
	size_t i;

	timeline_block(f, "time system user");
	for (i = 0; i < t->nphases; i++) {
		p = &t->phases[i];
		length = (double)p->elapsed_ns / TIMELINE_S;
		if (!isnan(p->system_cpus)) {
			timeline_row_cpus(f, at, p->system_cpus,
			    p->user_cpus);
			timeline_row_cpus(f, at + length, p->system_cpus,
			    p->user_cpus);
			a->cpus = fmax(a->cpus, fmax(p->system_cpus,
			    p->user_cpus));
		}
		at += length;
	}
	timeline_row_cpus(f, at, NAN, NAN);
}

/* All blocks; without a figure only for the axes. */
static void
timeline_blocks(struct figure *f, struct timeline_axes *a,
    const struct timeline *t)
{
	timeline_members(f, a, t);
	timeline_stalls(f, a, t);
	timeline_memories(f, a, t);
	timeline_cpus(f, a, t);
}

/* ---- one figure ------------------------------------------------------------------------------ */

static int
timeline_panels(const struct timeline_axes *a)
{
	return (a->members > 0) + (a->stall.low <= a->stall.high) +
	    (a->memory.high > a->memory.low) + (a->cpus > 0);
}

/* None, half and all of them: the panel is low. */
static void
timeline_members_tics(struct figure *f, double most)
{
	char *half = figure_scale_text(most / 2, "");
	char *all = figure_scale_text(most, "");

	figure_line(f, "set ytics ('0' 0, '%s' %.10g, '%s' %.10g)", half,
	    most / 2, all, most);
	free(half);
	free(all);
}

static void
timeline_axes(struct figure *f, const struct timeline_axes *a)
{
	bool stalls = a->stall.low <= a->stall.high;
	int panels = timeline_panels(a);
	double middle = sqrt(a->stall.low * a->stall.high);

	f->width = TIMELINE_WIDTH;
	f->height = TIMELINE_AROUND + panels * TIMELINE_PANEL;
	figure_number(f, "width", f->width);
	figure_number(f, "panels", panels);
	figure_number(f, "seconds", a->seconds);
	figure_number(f, "members_most", a->members * 1.1);
	timeline_members_tics(f, a->members);
	/* At least two powers of ten, which are the tics. */
	figure_number(f, "stall_low", stalls ? fmin(a->stall.low / 1.3,
	    middle / 10) : NAN);
	figure_number(f, "stall_high", stalls ? fmax(a->stall.high * 1.3,
	    middle * 10) : NAN);
	figure_number(f, "memory_low", a->memory.low * 1.1);
	figure_number(f, "memory_high", a->memory.high * 1.1);
	figure_number(f, "cpus_most", a->cpus * 1.1);
}

static void
timeline_figure(struct figures *set, const struct figure_kind *kind,
    const struct compare *c, const struct compare_row *row, size_t side,
    const struct timeline *t, const struct timeline_axes *axes)
{
	struct timeline_axes unused = *axes;
	char *cell = mem_printf("%s%s%s x%d", row->workload, row->params[0] !=
	    '\0' ? " " : "", row->params, row->workers);
	struct figure *f = figure_new(set, kind, row->workload,
	    c->nsides > 1 ? c->sides[side].name : "");

	figure_title(f, "%s in time, %s", cell, c->sides[side].name);
	figure_alt(f, "members, stalls, memory and CPU time over the phases of "
	    "one launch of %s", cell);
	figure_text(f, "title", "%s", f->title);
	figure_text(f, "note", "launch %d, phases laid end to end; stall: what "
	    "a user waits for, lower is better", t->launch);
	timeline_axes(f, axes);
	timeline_names(f, t, axes->seconds);
	timeline_bounds(f, t);
	timeline_blocks(f, &unused, t);
	free(cell);
}

/* The cell of a row for all sides, with the same axes. */
static int
timeline_cell(struct figures *set, const struct figure_kind *kind,
    const struct compare *c, const struct compare_row *row, struct err *e)
{
	struct timeline *of = mem_zalloc(c->nsides * sizeof(*of));
	struct timeline_axes axes = {
		.stall = { INFINITY, -INFINITY },
	};
	struct timeline_place at;
	size_t i;
	int rc = 0;

	for (i = 0; i < c->nsides && rc == 0; i++) {
		if (!timeline_find(c, row, i, &at) || at.path == NULL)
			continue;
		rc = timeline_read(&of[i], at.path, at.cell->id,
		    at.launch->launch, e);
		if (of[i].nphases > 0)
			timeline_blocks(NULL, &axes, &of[i]);
	}
	for (i = 0; i < c->nsides; i++) {
		if (rc == 0 && timeline_panels(&axes) > 0 &&
		    of[i].nphases > 0 &&
		    of[i].nphases <= TIMELINE_PHASES_MAX)
			timeline_figure(set, kind, c, row, i, &of[i], &axes);
		timeline_free(&of[i]);
	}
	free(of);
	return rc;
}

/* ---- all of them --------------------------------------------------------------------------- */

/* How much is done in the cell of a row; 0: it is no population. */
static uint64_t
timeline_size(const struct compare *c, const struct compare_row *row)
{
	struct timeline_place at;
	size_t side;

	for (side = 0; side < c->nsides; side++)
		if (timeline_find(c, row, side, &at) &&
		    timeline_watched(at.cell))
			return at.launch->ops > 0 ? at.launch->ops : 1;
	return 0;
}

/* The first row of its cell? */
static bool
timeline_first(const struct compare *c, size_t row)
{
	const struct compare_row *r = &c->rows[row];

	return row == 0 || strcmp(r->workload, r[-1].workload) != 0 ||
	    strcmp(r->params_all, r[-1].params_all) != 0 ||
	    strcmp(r->mode, r[-1].mode) != 0 ||
	    strcmp(r->pin, r[-1].pin) != 0 || r->workers != r[-1].workers;
}

/* Of each workload the largest cell, the first of several. */
static bool
timeline_largest(const struct compare *c, const uint64_t *size, size_t row)
{
	size_t i;

	for (i = 0; i < c->nrows; i++)
		if (i != row && strcmp(c->rows[i].workload,
		    c->rows[row].workload) == 0 && (size[i] > size[row] ||
		    (size[i] == size[row] && i < row)))
			return false;
	return true;
}

int
figure_timeline(struct figures *set, const struct figure_kind *kind,
    struct figure_source *s, struct err *e)
{
	const struct compare *c = &s->compare;
	uint64_t *size = mem_zalloc((c->nrows > 0 ? c->nrows : 1) *
	    sizeof(*size));
	size_t i;
	int rc = 0;

	for (i = 0; i < c->nrows; i++)
		if (timeline_first(c, i))
			size[i] = timeline_size(c, &c->rows[i]);
	for (i = 0; i < c->nrows && rc == 0; i++)
		if (size[i] > 0 && (c->all || timeline_largest(c, size, i)))
			rc = timeline_cell(set, kind, c, &c->rows[i], e);
	free(size);
	return rc;
}
