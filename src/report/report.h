/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A report on records: what they say in words, figures with their numbers, and
 * tables, as one page of HTML or as Markdown with figures beside it.
 */
#ifndef VMSTRESS_REPORT_H
#define VMSTRESS_REPORT_H

#include "base/err.h"
#include "figure/figure.h"
#include "present/results.h"
#include "report/report_doc.h"

enum report_format { REPORT_HTML, REPORT_MD };

struct report {
	/* To be set before; source.compare as for figure_source_read(). */
	struct figure_source source;
	const char *templates;		/* the folder of plots/ */
	const char *command;		/* that makes it again */
	/* Filled. */
	struct results *results;	/* of each input; without a record
					 * there is no `file` */
	size_t nresults;
	struct figures figures;
	struct report_drawn {
		char *file;		/* the drawing; NULL: there is none */
		char *missing;		/* why not */
	} *drawn;			/* of each figure */
	char *undrawn;			/* what went wrong first, or NULL */
	bool no_gnuplot;		/* nothing but that it is not there */
	struct report_doc doc;
};

/* Read the records, which are kept, and make the figures; free in any case. */
int report_read(struct report *r, const struct compare_input *in, size_t n,
    struct err *e);

/*
 * Draw, and write the whole report or nothing.  What could not be drawn is no
 * error: the report says so, and r->undrawn.
 */
int report_write(struct report *r, const char *path, enum report_format format,
    struct err *e);
void report_free(struct report *r);

#endif
