/* SPDX-License-Identifier: BSD-2-Clause */
/* The parts of a report, and the forms it can have; only for report.c. */
#ifndef VMSTRESS_REPORT_PARTS_H
#define VMSTRESS_REPORT_PARTS_H

#include "report/report.h"

/* Each appends to r->doc. */
void report_part_summary(struct report *r);
/* Nothing when no campaign is among the inputs. */
void report_part_boots(struct report *r);
void report_part_machines(struct report *r);
/* With drawings in the text (HTML), or in files below `folder`. */
int report_part_figures(struct report *r, const char *dir, const char *folder,
    struct err *e);
void report_part_tables(struct report *r);
void report_part_notes(struct report *r);

/* Draw all figures into a folder; fills r->drawn. */
int report_draw(struct report *r, const char *dir, struct err *e);

/* The id of the figure that shows a row, its number; "" and 0: none. */
char *report_figure_of(const struct report *r, const struct compare_row *row,
    size_t side, size_t *number);

/* Of a row of a comparison in its table. */
char *report_point_id(size_t side, size_t row);

/* What a side is called in a title. */
char *report_title(const struct report *r);

/* The document in its forms. */
int report_html(const struct report *r, struct str *out, struct err *e);
void report_md(const struct report *r, struct str *out);

#endif
