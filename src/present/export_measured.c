/* SPDX-License-Identifier: BSD-2-Clause */
/* Which cells and launches are exported; see export_measured.h. */
#include "config.h"

#include "present/export_measured.h"

#include <string.h>

#include "present/gather_launch.h"

bool
export_wants(const struct export_choice *c, const struct gather_cell *cell)
{
	return cell->id >= 0 && (c->cell < 0 || cell->id == c->cell);
}

bool
export_counts(const struct export_choice *c, const struct gather_launch *l)
{
	return l->status == GATHER_OK && (c->keep_invalid || l->rules == NULL);
}

static void
export_leave_launch(const struct export_choice *c,
    const struct gather_launch *l, struct export_left *left)
{
	if (export_counts(c, l))
		return;
	if (l->status == GATHER_OK)
		left->invalid++;
	else if (l->status == GATHER_COUNTED)
		left->counted++;
	else
		left->unfinished++;
}

void
export_leave(const struct gather *g, const struct export_choice *c,
    struct export_left *left)
{
	size_t i, k;

	for (i = 0; i < g->ncells; i++)
		for (k = 0; export_wants(c, &g->cells[i]) &&
		    k < g->cells[i].nlaunches; k++)
			export_leave_launch(c, &g->cells[i].launches[k], left);
}

const char *
export_better(const struct gather_metric *m)
{
	if (m->gauge)
		return "";
	return m->lower ? "lower" : "higher";
}

void
export_line(const char *line, FILE *out, struct export_left *left)
{
	left->too_long += strlen(line) + 1 > left->limit;
	fprintf(out, "%s\n", line);
}

/* ---- before anything is written ---------------------------------------- */

int
export_check_csv(const struct gather *g, const struct export_choice *c,
    struct err *e)
{
	size_t i;

	for (i = 0; i < g->ncells; i++)
		if (export_wants(c, &g->cells[i]))
			return 0;
	if (c->cell < 0)
		return err_set(e, "there are no cells in the record");
	return err_set(e, "there is no cell %d in the record", c->cell);
}

int
export_check_gobench(const struct gather *g, const struct export_choice *c,
    struct err *e)
{
	const struct gather_cell *cell;
	size_t i, k;

	if (export_check_csv(g, c, e) != 0)
		return -1;
	for (i = 0; i < g->ncells; i++) {
		cell = &g->cells[i];
		for (k = 0; export_wants(c, cell) && k < cell->nlaunches; k++)
			if (export_counts(c, &cell->launches[k]))
				return 0;
	}
	return err_set(e, "no launch counts: none ended well with times%s",
	    c->keep_invalid ? "" : " and is valid");
}
