/* SPDX-License-Identifier: BSD-2-Clause */
/* Counted events as a table, and what could not be counted. */
#include "config.h"

#include "present/insight_print.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "present/insight_figures.h"
#include "present/table.h"

static void
print_number(struct table *t, const struct insight_item *item, double value)
{
	struct str b = { 0 };

	insight_number(&b, item, value);
	table_cell(t, str_text(&b));
	str_free(&b);
}

static void
print_percent(struct table *t, double share)
{
	struct str b = { 0 };

	insight_print_percent(&b, share);
	table_cell(t, str_text(&b));
	str_free(&b);
}

static struct table *
print_columns(const struct insight_part *p, bool wide)
{
	struct table *t = table_new();
	char *per = mem_printf("per %s", p->unit != NULL ? p->unit :
	    "operation");

	table_column(t, "event", false);
	table_column(t, per, true);
	table_column(t, "per second", true);
	table_column(t, "total", true);
	table_column(t, "cv", true);
	table_column(t, "counted", true);
	if (wide) {
		table_column(t, "min/w", true);
		table_column(t, "max/w", true);
		table_column(t, "min/cpu", true);
		table_column(t, "max/cpu", true);
		table_column(t, "launches", true);
	}
	free(per);
	return t;
}

static void
print_row(struct table *t, const struct insight_item *item,
    const struct insight_figures *f, bool wide)
{
	table_cell(t, item->name);
	print_number(t, item, f->per_op);
	print_number(t, item, f->per_s);
	print_number(t, item, f->total);
	print_percent(t, f->cv);
	/* All of the time is nothing to speak of. */
	print_percent(t, f->running < 0.9995 ? f->running : NAN);
	if (!wide)
		return;
	print_number(t, item, item->of_cpus ? NAN : f->least);
	print_number(t, item, item->of_cpus ? NAN : f->most);
	print_number(t, item, item->of_cpus ? f->least : NAN);
	print_number(t, item, item->of_cpus ? f->most : NAN);
	table_cellf(t, "%d", f->launches);
}

/* ---- what was not counted --------------------------------------------- */

static bool
print_same(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static bool
print_same_reason(const struct insight_item *a, const struct insight_item *b)
{
	return b->kind == INSIGHT_COUNTER && b->status != NULL &&
	    print_same(a->status, b->status) &&
	    print_same(a->reason, b->reason);
}

/* "not supported: cycles:k, cycles:u: this machine has no PMU" */
static void
print_group(const struct insight_part *p, size_t first, FILE *out)
{
	const struct insight_item *item = &p->items[first];
	struct str b = { 0 };
	const char *at;
	size_t i;

	for (at = item->status; *at != '\0'; at++)
		str_addf(&b, "%c", *at == '_' ? ' ' : *at);
	for (i = first; i < p->nitems; i++)
		if (print_same_reason(item, &p->items[i]))
			str_addf(&b, "%s%s", i == first ? ": " : ", ",
			    p->items[i].name);
	if (item->reason != NULL)
		str_addf(&b, ": %s", item->reason);
	insight_print_safe(out, str_text(&b));
	putc('\n', out);
	str_free(&b);
}

static void
print_reasons(const struct insight_part *p, FILE *out)
{
	size_t i, k;

	for (i = 0; i < p->nitems; i++) {
		if (p->items[i].kind != INSIGHT_COUNTER ||
		    p->items[i].status == NULL)
			continue;
		for (k = 0; k < i; k++)
			if (print_same_reason(&p->items[i], &p->items[k]))
				break;
		if (k == i)
			print_group(p, i, out);
	}
}

/* Of "cycles:k" it is "instructions:k"; NULL when there is none. */
static const struct insight_item *
print_partner(const struct insight_part *p, const struct insight_item *cycles)
{
	static const char name[] = "cycles";
	const struct insight_item *found;
	char *other;

	if (cycles->kind != INSIGHT_COUNTER || cycles->nvalues == 0 ||
	    strncmp(cycles->name, name, strlen(name)) != 0 ||
	    (cycles->name[strlen(name)] != ':' &&
	    cycles->name[strlen(name)] != '\0'))
		return NULL;
	other = mem_printf("instructions%s", cycles->name + strlen(name));
	found = insight_item(p, INSIGHT_COUNTER, other);
	free(other);
	return found != NULL && found->nvalues > 0 ? found : NULL;
}

/* "instructions per cycle: 1.50 :u, 1.20 :k" */
static void
print_ipc(const struct insight_part *p, FILE *out)
{
	const struct insight_item *other;
	struct insight_figures f, g;
	const char *modes;
	size_t i, n = 0;

	for (i = 0; i < p->nitems; i++) {
		other = print_partner(p, &p->items[i]);
		if (other == NULL)
			continue;
		insight_figures(p, &p->items[i], &f);
		insight_figures(p, other, &g);
		if (!(f.total > 0))
			continue;
		modes = strchr(p->items[i].name, ':');
		fprintf(out, "%s%.2f", n++ > 0 ? ", " :
		    "instructions per cycle: ", g.total / f.total);
		if (modes != NULL) {
			putc(' ', out);
			insight_print_safe(out, modes);
		}
	}
	if (n > 0)
		putc('\n', out);
}

/* ---- the whole -------------------------------------------------------- */

/* What ran while it was counted. */
static const char *
print_mode(const struct insight_cell *c)
{
	static const char *const modes[][2] = {
		{ "cgroup", "the cell (cgroup)" },
		{ "system", "all that ran on the machine (system)" },
		{ "task", "the workers (task)" },
	};
	size_t i;

	for (i = 0; c->mode != NULL && i < sizeof(modes) / sizeof(modes[0]);
	    i++)
		if (strcmp(c->mode, modes[i][0]) == 0)
			return modes[i][1];
	return "a launch";
}

void
counters_print(const struct insight_cell *c, const struct insight_part *p,
    FILE *out, bool wide)
{
	struct table *t = print_columns(p, wide);
	struct insight_figures f;
	int launches = 0;
	size_t i;

	for (i = 0; i < p->nitems; i++) {
		if (p->items[i].kind != INSIGHT_COUNTER ||
		    p->items[i].nvalues == 0)
			continue;
		insight_figures(p, &p->items[i], &f);
		print_row(t, &p->items[i], &f, wide);
		if (f.launches > launches)
			launches = f.launches;
	}
	if (launches > 0) {
		fprintf(out, "counters of %s, %d launch%s\n", print_mode(c),
		    launches, launches == 1 ? "" : "es");
		table_print(t, out);
		print_ipc(p, out);
	}
	print_reasons(p, out);
	table_free(t);
}
