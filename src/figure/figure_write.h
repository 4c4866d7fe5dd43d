/* SPDX-License-Identifier: BSD-2-Clause */
/* Figures as files: data, a script that runs alone, and what it draws. */
#ifndef VMSTRESS_FIGURE_WRITE_H
#define VMSTRESS_FIGURE_WRITE_H

#include <stdio.h>

#include "figure/figure.h"

enum figure_format { FIGURE_SVG, FIGURE_PNG, FIGURE_PDF, FIGURE_DUMB };

/* "svg", "png", "pdf"; -1: none of them. */
int figure_format(const char *name);
const char *figure_suffix(enum figure_format format);

struct figure_place {
	const char *dir;	/* made when it is not there */
	const char *templates;	/* the folder of plots/ */
	enum figure_format format;
};

/*
 * DIR/FILE.dat and DIR/FILE.gp, or DIR/FILE.svg if it is ready: the same bytes
 * for the same records.
 */
int figure_write(const struct figure *f, const struct figure_place *at,
    struct err *e);

/* There is no gnuplot: the next figure will not be drawn, either. */
#define FIGURE_NO_GNUPLOT (-2)

/*
 * Run gnuplot on what was written; what it prints (the dumb terminal does) goes
 * to `out`.  -1 or FIGURE_NO_GNUPLOT with an error that says what gnuplot said,
 * or how to get it.
 */
int figure_draw(const struct figure *f, const struct figure_place *at,
    FILE *out, struct err *e);

#endif
