/* SPDX-License-Identifier: BSD-2-Clause */
/* What processors did while it was measured: user, system, interrupts, idle. */
#include "config.h"

#include "figure/figure_kinds.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "figure/figure_views.h"
#include "figure/figure_stack.h"

enum { CPU_SYSTEM, CPU_IRQ, CPU_USER, CPU_STEAL, CPU_IOWAIT, CPU_IDLE,
    CPU_PARTS };

static const char *const cpu_parts[CPU_PARTS] = {
	[CPU_SYSTEM] = "system",
	[CPU_IRQ] = "interrupts",
	[CPU_USER] = "user",
	[CPU_STEAL] = "steal",
	[CPU_IOWAIT] = "waiting for I/O",
	[CPU_IDLE] = "idle",
};

static const struct {
	const char *name;
	int part;
} cpu_times[] = {
	{ "stat.system_ns", CPU_SYSTEM },
	{ "stat.irq_ns", CPU_IRQ },
	{ "stat.softirq_ns", CPU_IRQ },
	{ "stat.user_ns", CPU_USER },
	{ "stat.nice_ns", CPU_USER },
	{ "stat.steal_ns", CPU_STEAL },
	{ "stat.iowait_ns", CPU_IOWAIT },
	{ "stat.idle_ns", CPU_IDLE },
};

#define CPU_TIMES (sizeof(cpu_times) / sizeof(cpu_times[0]))

/* ---- shares ----------------------------------------------------------------------- */

/* Percent of the part *arg; below it in the bar when `up` is set. */
struct cpu_ask {
	int part;
	bool up;		/* all parts up to this one */
};

static double
cpu_share(const struct insight_part *part, int launch, const void *arg)
{
	const struct cpu_ask *ask = arg;
	struct insight_value v;
	double all = 0, asked = 0;
	size_t i;

	for (i = 0; i < CPU_TIMES; i++) {
		if (!figure_view_value(part, INSIGHT_KSTAT, cpu_times[i].name,
		    launch, &v))
			return NAN;
		/* Clocks of the kernel that run backwards a little. */
		v.sum = fmax(0, v.sum);
		all += v.sum;
		if (ask->up ? cpu_times[i].part <= ask->part :
		    cpu_times[i].part == ask->part)
			asked += v.sum;
	}
	return all > 0 ? 100 * asked / all : NAN;
}

/* ---- figures ------------------------------------------------------------------------ */

struct cpu_draw {
	struct figures *set;
	const struct figure_kind *kind;
	const struct compare *c;
	struct figure_stack stack;
	const struct figure_view *first;	/* of the figure */
};

static void
cpu_end(struct cpu_draw *d)
{
	const struct figure_view *p = d->first;
	struct figure *f;
	char *title, *launches;

	if (d->stack.nrows == 0)
		return;
	title = figure_view_title(p);
	launches = figure_stack_launches(&d->stack);
	f = figure_new(d->set, d->kind, p->row->workload, p->phase != NULL ?
	    p->phase : "");
	figure_title(f, "%s: what the processors did", title);
	figure_alt(f, "shares of system, interrupts, user and idle time of %s "
	    "for each kernel", title);
	figure_text(f, "title", "%s", f->title);
	figure_text(f, "note", "share of the time of all CPUs; means of %s, "
	    "circles: system and interrupts of each launch", launches);
	figure_text(f, "xlabel", "%% of the time of all CPUs");
	figure_stack_end(&d->stack, f, 100);
	free(title);
	free(launches);
}

/* "size=4M x2 thread: 6.17" */
static char *
cpu_label(const struct cpu_draw *d, const struct figure_view *p, size_t side)
{
	const struct compare_row *row = p->row;
	char *cell = mem_printf("%s%sx%d%s", row->params,
	    row->params[0] != '\0' ? " " : "", row->workers,
	    strcmp(row->mode, "process") != 0 ? " thread" : "");
	char *label = figure_join(d->c->nsides > 1 ? d->c->sides[side].name :
	    "", cell);

	free(cell);
	return label;
}

static void
cpu_bar(struct cpu_draw *d, const struct figure_view *p, size_t side)
{
	struct cpu_ask ask = { .part = CPU_IRQ, .up = true };
	struct figure_stack_row bar = { .label = NULL };
	struct figure_numbers n = figure_view_numbers(d->c, p, side, false,
	    cpu_share, &ask);

	if (n.n == 0) {
		free(n.v);
		return;
	}
	bar.points = n.v;
	bar.npoints = n.n;
	ask.up = false;
	for (ask.part = 0; ask.part < CPU_PARTS; ask.part++) {
		n = figure_view_numbers(d->c, p, side, false, cpu_share, &ask);
		bar.part[ask.part] = figure_numbers_mean(&n);
		free(n.v);
	}
	bar.label = cpu_label(d, p, side);
	if (d->stack.nrows == FIGURE_STACK_ROWS)
		cpu_end(d);
	if (d->stack.nrows == 0)
		d->first = p;
	figure_stack_add(&d->stack, &bar);
}

static bool
cpu_same_figure(const struct figure_view *a, const struct figure_view *b)
{
	char *x = figure_view_title(a), *y = figure_view_title(b);
	bool same = strcmp(x, y) == 0;

	free(x);
	free(y);
	return same;
}

/* All points of the workload and phase of this one. */
static void
cpu_figure(struct cpu_draw *d, const struct figure_views *all, size_t first)
{
	size_t i, side;

	for (i = 0; i < first; i++)
		if (cpu_same_figure(&all->list[i], &all->list[first]))
			return;
	for (i = first; i < all->count; i++) {
		if (!cpu_same_figure(&all->list[i], &all->list[first]))
			continue;
		for (side = 0; side < d->c->nsides; side++)
			cpu_bar(d, &all->list[i], side);
	}
	cpu_end(d);
}

int
figure_cpu(struct figures *set, const struct figure_kind *kind,
    struct figure_source *s, struct err *e)
{
	struct cpu_draw d = {
		.set = set, .kind = kind, .c = &s->compare,
		.stack = { .parts = cpu_parts, .nparts = CPU_PARTS },
	};
	struct figure_views all = { 0 };
	size_t i;
	int rc = figure_views_read(s, &all, e);

	for (i = 0; rc == 0 && i < all.count; i++)
		if (all.list[i].headline || d.c->all)
			cpu_figure(&d, &all, i);
	figure_views_free(&all);
	return rc;
}
