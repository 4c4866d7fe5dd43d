/* SPDX-License-Identifier: BSD-2-Clause */
/* Small multiples: several quantities over one axis, a line for each side. */
#ifndef VMSTRESS_FIGURE_PANELS_H
#define VMSTRESS_FIGURE_PANELS_H

#include "figure/figure.h"
#include "figure/figure_scale.h"

#define FIGURE_PANELS_MAX 9

struct figure_panels {
	struct figure *f;
	size_t n;
	struct figure_range x, y[FIGURE_PANELS_MAX];
	double *at;		/* of the x axis */
	size_t nat, at_cap;
};

/* `n` panels of `f`. */
void figure_panels_begin(struct figure_panels *p, struct figure *f, size_t n);
void figure_panels_title(struct figure_panels *p, size_t panel,
    const char *title);

/* Means of a series, then its launches; rows are x and a value each panel. */
void figure_panels_series(struct figure_panels *p, const char *name);
void figure_panels_launches(struct figure_panels *p);
void figure_panels_row(struct figure_panels *p, double x, const double *y);

/* `base` is that of the x axis's logarithm. */
void figure_panels_end(struct figure_panels *p, double base);

#endif
