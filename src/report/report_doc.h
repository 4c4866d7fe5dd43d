/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a report says, without how it looks: headings, sentences, tables and
 * figures in the order of reading.  All text is kept as it is in the records, cut
 * to a length that can be read; each form (HTML, Markdown) escapes it.
 */
#ifndef VMSTRESS_REPORT_DOC_H
#define VMSTRESS_REPORT_DOC_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

/* Bytes of a text and of the text of a cell; what is longer is cut off. */
#define REPORT_TEXT_MAX 1000
#define REPORT_CELL_MAX 200

/* How something is meant, which a colour may repeat. */
enum report_tone {
	REPORT_PLAIN,
	REPORT_BETTER,
	REPORT_WORSE,
	REPORT_SAME,
	REPORT_OPEN,
	REPORT_WARN
};

struct report_cell {
	char *text;
	char *target;		/* a link to an id, or NULL */
	char *id;		/* of its row; in the first cell only, or NULL */
	double key;		/* to sort by; NAN: the text */
	enum report_tone tone;
};

struct report_table {
	char *id, *caption;
	bool folded;		/* shown on demand */
	struct report_column {
		char *title;
		bool right;
	} *columns;
	size_t ncolumns, columns_cap;
	struct report_cell *cells;	/* row by row */
	size_t ncells, cells_cap;
};

/* A figure, drawn or not, and the numbers behind it. */
struct report_figure {
	char *id, *title, *alt;
	char *svg;		/* to be put into HTML; NULL: see `file` */
	char *file;		/* beside the report; NULL: not drawn */
	char *missing;		/* why there is no drawing, or NULL */
	bool plate;		/* colours are areas: it keeps white paper */
	struct report_table **tables;
	size_t ntables, cap;
};

enum report_block_kind {
	REPORT_HEADING,
	REPORT_PARAGRAPH,
	REPORT_ITEM,		/* of a list */
	REPORT_CODE,
	REPORT_TABLE,
	REPORT_FIGURE
};

struct report_block {
	enum report_block_kind kind;
	enum report_tone tone;
	int level;		/* HEADING: 1 to 4 */
	char *id;		/* or NULL */
	char *text;
	struct report_link {
		char *text, *target;
	} *links;		/* after the text */
	size_t nlinks;
	struct report_table *table;
	struct report_figure *figure;
};

/* Zero-initialize. */
struct report_doc {
	struct report_block *list;
	size_t count, cap;
};

void report_doc_free(struct report_doc *d);

/* Blocks are valid until the next one. */
void report_heading(struct report_doc *d, int level, const char *id,
    const char *fmt, ...) __attribute__((format(printf, 4, 5)));
void report_say(struct report_doc *d, enum report_tone tone, const char *fmt,
    ...) __attribute__((format(printf, 3, 4)));
void report_item(struct report_doc *d, enum report_tone tone, const char *fmt,
    ...) __attribute__((format(printf, 3, 4)));
void report_code(struct report_doc *d, const char *text);
/* Behind the last block; nothing for an empty target. */
void report_link(struct report_doc *d, const char *target, const char *fmt,
    ...) __attribute__((format(printf, 3, 4)));

/* A table of its own; columns first, then cells row by row. */
struct report_table *report_table(struct report_doc *d, const char *id,
    const char *fmt, ...) __attribute__((format(printf, 3, 4)));
struct report_figure *report_figure(struct report_doc *d, const char *id);
struct report_table *report_figure_table(struct report_figure *f,
    const char *caption);

void report_column(struct report_table *t, const char *title, bool right);
void report_cell(struct report_table *t, const char *text);
void report_cellf(struct report_table *t, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
/* With the number that its text stands for. */
void report_number(struct report_table *t, double key, const char *text);
/* Of the cell that was added last. */
void report_cell_tone(struct report_table *t, enum report_tone tone);
void report_cell_target(struct report_table *t, const char *target);
void report_cell_id(struct report_table *t, const char *id);
size_t report_rows(const struct report_table *t);

/* A text that is at most so long, with "..." for the rest; a new string. */
char *report_cut(const char *text, size_t most);

#endif
