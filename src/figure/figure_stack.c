/* SPDX-License-Identifier: BSD-2-Clause */
/* Bars of parts; see figure_stack.h. */
#include "config.h"

#include "figure/figure_stack.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "figure/figure_scale.h"

/* Pixels. */
#define STACK_ROW 26
#define STACK_AROUND 170
#define STACK_BARS 740
#define STACK_WIDTH 960
#define STACK_CHARACTER 8

void
figure_stack_add(struct figure_stack *s, const struct figure_stack_row *row)
{
	s->rows[s->nrows++] = *row;
}

/* What is below 0 lies to the left of it. */
static void
stack_part(struct figure_stack *s, struct figure *f, size_t part,
    struct figure_range *r)
{
	double from, value;
	size_t i, k;

	figure_series(f, "label row from to", "%s", s->parts[part]);
	for (i = 0; i < s->nrows; i++) {
		value = s->rows[i].part[part];
		from = 0;
		for (k = 0; k < part; k++)
			if ((s->rows[i].part[k] < 0) == (value < 0))
				from += s->rows[i].part[k];
		figure_cell(f, s->rows[i].label);
		figure_row(f, 3, (double)(i + 1), from, from + value);
		figure_range_add(r, from + value);
	}
}

static void
stack_points(struct figure_stack *s, struct figure *f, struct figure_range *r)
{
	size_t i, k;

	figure_block(f, "row value");
	for (i = 0; i < s->nrows; i++)
		for (k = 0; k < s->rows[i].npoints; k++) {
			figure_row(f, 2, (double)(i + 1),
			    s->rows[i].points[k]);
			figure_range_add(r, s->rows[i].points[k]);
		}
}

char *
figure_stack_launches(const struct figure_stack *s)
{
	size_t i, least = SIZE_MAX, most = 0;

	for (i = 0; i < s->nrows; i++) {
		least = s->rows[i].npoints < least ? s->rows[i].npoints : least;
		most = s->rows[i].npoints > most ? s->rows[i].npoints : most;
	}
	return figure_launch_count(least, most);
}

void
figure_stack_end(struct figure_stack *s, struct figure *f, double most)
{
	struct figure_range r = { 0, 0 };
	size_t i, columns, longest = 0;

	for (i = 0; i < s->nparts; i++)
		stack_part(s, f, i, &r);
	stack_points(s, f, &r);
	for (i = 0; i < s->nrows; i++) {
		columns = str_columns(s->rows[i].label);
		longest = columns > longest ? columns : longest;
		free(s->rows[i].label);
		free(s->rows[i].points);
	}
	longest = longest > FIGURE_TEXT_MAX ? FIGURE_TEXT_MAX : longest;
	f->template = "stack";
	f->width = STACK_BARS + STACK_CHARACTER * (int)longest;
	f->width = f->width < STACK_WIDTH ? STACK_WIDTH : f->width;
	f->height = STACK_AROUND + STACK_ROW * (int)s->nrows;
	figure_number(f, "rows", (double)s->nrows);
	figure_number(f, "margin", (double)longest + 2);
	figure_number(f, "least", r.low * 1.05);
	figure_number(f, "most", isnan(most) ? r.high * 1.05 : most);
	s->nrows = 0;
}
