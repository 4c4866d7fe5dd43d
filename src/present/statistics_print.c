/* SPDX-License-Identifier: BSD-2-Clause */
/* Statistics of the kernel that moved, as a table. */
#include "config.h"

#include "present/insight_print.h"

#include <stdlib.h>

#include "base/mem.h"
#include "present/insight_figures.h"
#include "present/table.h"

/* More rows than this are read by nobody who did not ask for all. */
#define STATISTICS_ROWS 25

static void
statistics_number(struct table *t, const struct insight_item *item,
    double value)
{
	struct str b = { 0 };

	insight_number(&b, item, value);
	table_cell(t, str_text(&b));
	str_free(&b);
}

static void
statistics_row(struct table *t, const struct insight_part *p,
    const struct insight_item *item)
{
	struct insight_figures f;
	struct str b = { 0 };

	insight_figures(p, item, &f);
	table_cellf(t, "%s%s", item->kind == INSIGHT_SLAB ? "slab." : "",
	    item->name);
	statistics_number(t, item, f.per_op);
	statistics_number(t, item, f.per_s);
	statistics_number(t, item, f.total);
	insight_print_percent(&b, f.cv);
	table_cell(t, str_text(&b));
	str_free(&b);
}

void
statistics_print(const struct insight_part *p, FILE *out, bool wide)
{
	const struct insight_item **items;
	size_t i, n = insight_statistics(p, &items);
	size_t shown = wide || n <= STATISTICS_ROWS ? n : STATISTICS_ROWS;
	struct table *t = table_new();
	char *per = mem_printf("per %s", p->unit != NULL ? p->unit :
	    "operation");

	table_column(t, "statistic", false);
	table_column(t, per, true);
	table_column(t, "per second", true);
	table_column(t, "total", true);
	table_column(t, "cv", true);
	for (i = 0; i < shown; i++)
		statistics_row(t, p, items[i]);
	fputs(n > 0 ? "statistics of the whole system; usage.* of the workers\n"
	    : "no statistic of the kernel moved\n", out);
	if (n > 0)
		table_print(t, out);
	if (shown < n)
		fprintf(out, "%zu more moved (see --wide)\n", n - shown);
	table_free(t);
	free(items);
	free(per);
}
