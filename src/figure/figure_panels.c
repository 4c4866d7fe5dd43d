/* SPDX-License-Identifier: BSD-2-Clause */
/* Small multiples; see figure_panels.h. */
#include "config.h"

#include "figure/figure_panels.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* Pixels. */
#define PANELS_ROW 270
#define PANELS_AROUND 90
#define PANELS_WIDTH 1080
/* Characters of a key that a line with points needs beside its name. */
#define PANELS_SAMPLE 8

void
figure_panels_begin(struct figure_panels *p, struct figure *f, size_t n)
{
	const struct figure_range none = { INFINITY, -INFINITY };
	size_t i;

	memset(p, 0, sizeof(*p));
	p->f = f;
	p->n = n;
	p->x = none;
	for (i = 0; i < n; i++)
		p->y[i] = (struct figure_range){ 0, 0 };
}

void
figure_panels_title(struct figure_panels *p, size_t panel, const char *title)
{
	char *name = mem_printf("title_%zu", panel + 1);

	figure_text(p->f, name, "%s", title);
	free(name);
}

static char *
panels_columns(const struct figure_panels *p)
{
	struct str b = { 0 };
	size_t i;

	str_add(&b, "x");
	for (i = 0; i < p->n; i++)
		str_addf(&b, " p%zu", i + 1);
	return b.s;
}

void
figure_panels_series(struct figure_panels *p, const char *name)
{
	char *columns = panels_columns(p);

	figure_series(p->f, columns, "%s", name);
	free(columns);
}

void
figure_panels_launches(struct figure_panels *p)
{
	char *columns = panels_columns(p);

	figure_block(p->f, columns);
	free(columns);
}

void
figure_panels_row(struct figure_panels *p, double x, const double *y)
{
	double row[FIGURE_PANELS_MAX + 1];
	size_t i;

	row[0] = x;
	for (i = 0; i < p->n; i++) {
		row[i + 1] = y[i];
		figure_range_add(&p->y[i], y[i]);
	}
	figure_row_of(p->f, p->n + 1, row);
	figure_range_add(&p->x, x);
	p->at = mem_grow(p->at, p->nat, &p->at_cap, sizeof(*p->at));
	p->at[p->nat++] = x;
}

static int
panels_order(const void *a, const void *b)
{
	return (*(const double *)a > *(const double *)b) -
	    (*(const double *)a < *(const double *)b);
}

static void
panels_array(struct figure_panels *p, const char *name, bool high)
{
	struct str b = { 0 };
	size_t i;

	for (i = 0; i < p->n; i++) {
		const struct figure_range *r = &p->y[i];
		double top = r->high > 0 || r->low < 0 ? r->high * 1.08 : 1;

		str_addf(&b, "%s%.6g", i > 0 ? ", " : "",
		    high ? top : r->low * 1.08);
	}
	figure_line(p->f, "array %s[%zu] = [%s]", name, p->n, str_text(&b));
	str_free(&b);
}

void
figure_panels_end(struct figure_panels *p, double base)
{
	struct figure *f = p->f;
	size_t across = p->n > 2 && p->n != 4 ? 3 : p->n > 1 ? 2 : 1;

	f->template = "panels";
	f->width = PANELS_WIDTH;
	f->height = PANELS_AROUND + PANELS_ROW *
	    (int)((p->n + across - 1) / across);
	figure_wide_key(f);
	f->longest += PANELS_SAMPLE;
	figure_number(f, "width", f->width);
	if (p->nat == 0)
		p->x = (struct figure_range){ 1, 1 };
	else
		qsort(p->at, p->nat, sizeof(*p->at), panels_order);
	figure_number(f, "panels", (double)p->n);
	figure_number(f, "across", (double)across);
	figure_number(f, "xbase", base);
	figure_number(f, "xleft", p->x.low / 1.2);
	figure_number(f, "xright", p->x.high * 1.2);
	panels_array(p, "lows", false);
	panels_array(p, "highs", true);
	figure_scale_at(f, "x", p->at, p->nat, 7);
	free(p->at);
}
