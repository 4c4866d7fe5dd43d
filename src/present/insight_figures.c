/* SPDX-License-Identifier: BSD-2-Clause */
/* Medians over launches, and what is worth looking at; see the header. */
#include "config.h"

#include "present/insight_figures.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "base/units.h"
#include "stats/summary.h"

#define FIGURES_SECOND_NS 1e9

/* Below it the zeros of a count could not be counted at a glance. */
#define FIGURES_SMALL 0.001

/* ---- over launches ---------------------------------------------------- */

/* Numbers of several launches, of which some have none. */
struct figures_list {
	double *v;
	size_t n;
};

static void
figures_add(struct figures_list *l, double value)
{
	if (isfinite(value))
		l->v[l->n++] = value;
}

static double
figures_median(const struct figures_list *l)
{
	return l->n > 0 ? summary_median(l->v, l->n) : NAN;
}

static double
figures_cv(const struct figures_list *l)
{
	double mean = l->n > 1 ? summary_mean(l->v, l->n) : 0;

	return mean != 0 ? summary_sd(l->v, l->n) / fabs(mean) : NAN;
}

/* What a statistic is of: "vmstat" of "vmstat.pgfault". */
static const struct insight_item *
figures_source(const struct insight_part *p, const struct insight_item *item)
{
	const struct insight_item *source;
	char *name;

	if (item->kind != INSIGHT_KSTAT)
		return NULL;
	name = mem_strndup(item->name, strcspn(item->name, "."));
	source = insight_item(p, INSIGHT_SOURCE, name);
	free(name);
	return source;
}

enum { PER_OP, PER_S, TOTAL, RUNNING, LEAST, MOST, LISTS };

static void
figures_launch(struct figures_list *l, const struct insight_value *v,
    double sum)
{
	figures_add(&l[TOTAL], sum);
	if (v->ops > 0)
		figures_add(&l[PER_OP], sum / v->ops);
	if (v->ns > 0)
		figures_add(&l[PER_S], sum / (v->ns / FIGURES_SECOND_NS));
	if (v->enabled_ns > 0)
		figures_add(&l[RUNNING], v->running_ns / v->enabled_ns);
	figures_add(&l[LEAST], v->least);
	figures_add(&l[MOST], v->most);
}

void
insight_figures(const struct insight_part *p, const struct insight_item *item,
    struct insight_figures *f)
{
	const struct insight_item *of = figures_source(p, item);
	struct figures_list l[LISTS] = { { NULL, 0 } };
	const struct insight_value *v;
	size_t i, k = 0;
	int j;

	/* A launch in which its source was read and it did not move has 0. */
	if (of == NULL)
		of = item;
	for (j = 0; j < LISTS; j++)
		l[j].v = mem_array(NULL, of->nvalues, sizeof(*l[j].v));
	for (i = 0; i < of->nvalues; i++) {
		v = &of->values[i];
		if (k < item->nvalues && item->values[k].launch == v->launch)
			figures_launch(l, v, item->values[k++].sum);
		else
			figures_launch(l, v, 0);
	}
	f->per_op = figures_median(&l[PER_OP]);
	f->per_s = figures_median(&l[PER_S]);
	f->total = figures_median(&l[TOTAL]);
	f->cv = figures_cv(&l[l[PER_OP].n > 0 ? PER_OP : TOTAL]);
	f->running = figures_median(&l[RUNNING]);
	f->least = figures_median(&l[LEAST]);
	f->most = figures_median(&l[MOST]);
	f->launches = (int)l[TOTAL].n;
	for (j = 0; j < LISTS; j++)
		free(l[j].v);
}

/* ---- order ------------------------------------------------------------ */

/* What explains most, in the order of a reader's questions. */
static const char *const figures_known[] = {
	"usage.user_ns", "usage.system_ns", "usage.minor_faults",
	"usage.major_faults", "usage.voluntary", "usage.involuntary",
	"vmstat.pgfault", "vmstat.pgmajfault", "stat.ctxt", "stat.processes",
	"interrupts.TLB", "interrupts.CAL", "interrupts.RES",
	"stat.steal_ns", "stat.iowait_ns", "stat.irq_ns", "stat.softirq_ns",
	"vmstat.pswpin", "vmstat.pswpout", "swap.used_bytes",
	"vmstat.pgscan_kswapd", "vmstat.pgscan_direct",
	"vmstat.pgsteal_kswapd", "vmstat.pgsteal_direct",
	"vmstat.compact_stall", "vmstat.thp_fault_alloc",
	"vmstat.thp_split_page", "vmstat.nr_tlb_remote_flush",
	"vmstat.nr_tlb_remote_flush_received", "schedstat.run_ns",
	"schedstat.wait_ns", "psi.cpu_some_us", "psi.memory_some_us",
	"psi.io_some_us",
};

#define FIGURES_KNOWN \
	((int)(sizeof(figures_known) / sizeof(figures_known[0])))

struct figures_rank {
	const struct insight_item *item;
	int rank;
	double size;
};

/* Known ones, the others, memory. */
static int
figures_rank(const struct insight_item *item)
{
	int i;

	if (item->kind == INSIGHT_SLAB)
		return FIGURES_KNOWN + 1;
	for (i = 0; i < FIGURES_KNOWN; i++)
		if (strcmp(item->name, figures_known[i]) == 0)
			break;
	return i;
}

static int
figures_compare(const void *a, const void *b)
{
	const struct figures_rank *x = a, *y = b;

	if (x->rank != y->rank)
		return x->rank < y->rank ? -1 : 1;
	if (x->size != y->size)
		return x->size > y->size ? -1 : 1;
	return strcmp(x->item->name, y->item->name);
}

size_t
insight_statistics(const struct insight_part *p,
    const struct insight_item ***items)
{
	struct figures_rank *r = mem_array(NULL, p->nitems, sizeof(*r));
	struct insight_figures f;
	size_t i, n = 0;

	for (i = 0; i < p->nitems; i++) {
		if (p->items[i].kind != INSIGHT_KSTAT &&
		    p->items[i].kind != INSIGHT_SLAB &&
		    p->items[i].kind != INSIGHT_USAGE)
			continue;
		insight_figures(p, &p->items[i], &f);
		if (isnan(f.total) || insight_sum(&p->items[i]) == 0)
			continue;
		r[n].item = &p->items[i];
		r[n].rank = figures_rank(&p->items[i]);
		r[n++].size = fabs(f.total);
	}
	if (n > 0)
		qsort(r, n, sizeof(*r), figures_compare);
	*items = mem_array(NULL, n, sizeof(const struct insight_item *));
	for (i = 0; i < n; i++)
		(*items)[i] = r[i].item;
	free(r);
	return n;
}

/* ---- numbers ---------------------------------------------------------- */

static bool
figures_ends(const struct insight_item *item, const char *suffix)
{
	return item->kind != INSIGHT_COUNTER && str_ends(item->name, suffix);
}

/* Events of the kernel that count nanoseconds, whoever spells them. */
static bool
figures_is_clock(const struct insight_item *item)
{
	static const char *const clocks[] = { "cpu-clock", "task-clock" };
	const char *name = item->name, *end;
	size_t i, len;

	if (item->kind != INSIGHT_COUNTER)
		return false;
	if (strncmp(name, "perf::", strlen("perf::")) == 0)
		name += strlen("perf::");
	for (i = 0; i < sizeof(clocks) / sizeof(clocks[0]); i++) {
		len = strlen(clocks[i]);
		end = strncasecmp(name, clocks[i], len) == 0 ? name + len : "x";
		if (*end == '\0' || *end == ':')
			return true;
	}
	return false;
}

const char *
insight_unit(const struct insight_item *item)
{
	if (item->kind == INSIGHT_SLAB || figures_ends(item, "_bytes"))
		return "bytes";
	if (figures_ends(item, "_us"))
		return "us";
	return figures_ends(item, "_ns") || figures_is_clock(item) ? "ns" : "";
}

void
insight_number(struct str *b, const struct insight_item *item, double value)
{
	const char *unit = insight_unit(item);
	char text[UNITS_MAX];

	if (isnan(value))
		return;
	if (value < 0)
		str_add(b, "-");
	value = fabs(value);
	if (strcmp(unit, "bytes") == 0)
		units_round_bytes(text, sizeof(text), value);
	else if (unit[0] != '\0')
		units_round_time(text, sizeof(text),
		    strcmp(unit, "us") == 0 ? value * 1000 : value);
	else if (value > 0 && value < FIGURES_SMALL)
		snprintf(text, sizeof(text), "%.2e", value);
	else
		units_round(text, sizeof(text), value);
	str_add(b, text);
}
