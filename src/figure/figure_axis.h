/* SPDX-License-Identifier: BSD-2-Clause */
/* Axes on a logarithmic scale, with tics that people read easily. */
#ifndef VMSTRESS_FIGURE_AXIS_H
#define VMSTRESS_FIGURE_AXIS_H

#include "figure/figure.h"

/* Range, scale and tics of the axis "x" or "y"; of times, in ns, or of counts. */
void figure_axis_log_time(struct figure *f, const char *axis, double low,
    double high);
void figure_axis_log(struct figure *f, const char *axis, double low,
    double high);

/* The same for times from 0 to `high` on a linear axis. */
void figure_axis_time(struct figure *f, const char *axis, double high);

/* Range and tics of differences: -5%, 0%, +5%; about `n` of them. */
void figure_axis_percent(struct figure *f, const char *axis, double low,
    double high, double n);

/* 1, 2 or 5 times a power of ten, so that about `n` of them make `width`. */
double figure_axis_step(double width, double n);

#endif
