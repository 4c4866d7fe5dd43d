/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Everything that was measured as comma-separated values in the long form: one
 * row for each cell, launch and metric.  A launch that measured nothing has a
 * row as well, which says why.
 */
#include "config.h"

#include "present/export_measured.h"

#include <math.h>
#include <stdlib.h>

#include "present/csv.h"
#include "present/gather_launch.h"

/* What all rows of a launch have in common. */
struct export_csv {
	const struct gather *g;
	const struct gather_cell *cell;
	const struct gather_launch *launch;
	const char *params;
	FILE *out;
};

static void
export_csv_text(const struct export_csv *x, const char *text)
{
	csv_text(text, x->out);
	putc(',', x->out);
}

static void
export_csv_int(const struct export_csv *x, int value)
{
	fprintf(x->out, "%d,", value);
}

static const char *
export_csv_valid(const struct gather_launch *l)
{
	if (!l->judged)
		return "";
	return l->rules == NULL ? "yes" : "no";
}

/* `metric`: NULL when there is none. */
static void
export_csv_row(const struct export_csv *x, const struct gather_metric *metric,
    double value)
{
	const struct gather_launch *l = x->launch;

	export_csv_text(x, x->g->label);
	export_csv_text(x, x->g->kernel_release);
	export_csv_text(x, facts_value(&x->g->facts, "ids.boot_id"));
	export_csv_int(x, x->cell->id);
	export_csv_text(x, x->cell->workload);
	export_csv_text(x, x->params);
	export_csv_text(x, x->cell->mode);
	export_csv_text(x, x->cell->pin);
	export_csv_int(x, x->cell->workers);
	export_csv_int(x, l->launch);
	export_csv_text(x, gather_launch_status(l));
	export_csv_text(x, export_csv_valid(l));
	export_csv_text(x, l->rules);
	export_csv_text(x, metric != NULL ? metric->name : NULL);
	export_csv_text(x, metric != NULL ? metric->unit : NULL);
	export_csv_text(x, metric != NULL ? export_better(metric) : NULL);
	csv_real(value, x->out);
	putc(',', x->out);
	csv_text(l->reason != NULL ? l->reason : l->reasons, x->out);
	putc('\n', x->out);
}

static void
export_csv_launch(const struct export_csv *x)
{
	size_t i, rows = 0;
	double value;

	for (i = 0; i < x->cell->nmetrics; i++) {
		value = gather_launch_value(x->launch, i);
		if (!isfinite(value))
			continue;
		export_csv_row(x, &x->cell->metrics[i], value);
		rows++;
	}
	if (rows == 0)
		export_csv_row(x, NULL, NAN);
}

void
export_csv(const struct gather *g, const struct export_choice *c, FILE *out,
    struct export_left *left)
{
	struct export_csv x = { .g = g, .out = out };
	char *params;
	size_t i, k;

	(void)left;	/* everything is there, and lines may be long */
	fputs("label,release,boot_id,cell,workload,params,mode,pin,workers,"
	    "launch,status,valid,rules,metric,unit,better,value,reason\n",
	    out);
	for (i = 0; i < g->ncells; i++) {
		if (!export_wants(c, &g->cells[i]))
			continue;
		x.cell = &g->cells[i];
		x.params = params = gather_params(x.cell);
		for (k = 0; k < x.cell->nlaunches; k++) {
			x.launch = &x.cell->launches[k];
			export_csv_launch(&x);
		}
		free(params);
	}
}
