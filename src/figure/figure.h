/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Figures: what is measured as columns of numbers, and a template of gnuplot
 * that draws them.  A figure knows its data and the few words that its template
 * needs; how it looks is the template's business (plots/NAME.gp).
 */
#ifndef VMSTRESS_FIGURE_H
#define VMSTRESS_FIGURE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/str.h"
#include "present/compare.h"
#include "present/insight_gather.h"

/* More of them in one figure cannot be told apart. */
#define FIGURE_SERIES_MAX 12

/* Bytes of a text in a figure; the rest is cut off. */
#define FIGURE_TEXT_MAX 120

/* ---- what figures are made of --------------------------------------------- */

struct figure_source {
	struct compare compare;		/* with one side or more */
	const struct compare_input *in;
	size_t nin;
	/* Of each input; read when a figure asks, see figure_insight(). */
	struct insight **insight;
};

/*
 * Read and match the records; `compare` may be set up before as for
 * compare_read().  The inputs are kept.  Free it in any case.
 */
int figure_source_read(struct figure_source *s, const struct compare_input *in,
    size_t n, struct err *e);
void figure_source_free(struct figure_source *s);

/* What observers saw, with profiles; NULL with an error. */
const struct insight *figure_insight(struct figure_source *s, size_t input,
    struct err *e);

/* ---- one figure -------------------------------------------------------------- */

struct figure {
	const struct figure_kind *kind;
	const char *template;	/* the name of its kind, or what kinds share */
	char *file;		/* without suffix: "throughput-zfod-fault_s" */
	char *part, *other;	/* what it is of, as figure_new() was told */
	char *title;		/* one line of text */
	char *alt;		/* what it shows, for who cannot see it */
	int width, height;	/* pixels, without the lines of the key */
	int key_width;		/* room of the key; 0: all of it */
	struct str data;	/* the .dat */
	struct str head;	/* settings before the template */
	struct str names;	/* of its series so far, as gnuplot has them */
	size_t series, blocks;
	size_t longest;		/* of its names, in columns */
	char *svg;		/* ready, of a figure that gnuplot does not draw */
};

struct figures {
	struct figure *list;
	size_t count, cap;
};

struct figure_kind {
	const char *name;	/* of the template, too */
	const char *summary;	/* what it answers, for --list */
	/* Append what there is to show, which may be nothing; -1: error. */
	int (*make)(struct figures *set, const struct figure_kind *kind,
	    struct figure_source *s, struct err *e);
	bool text;		/* it makes sense with --term dumb */
};

/* The kinds there are, ended by one without a name. */
extern const struct figure_kind *const figure_kinds[];

/* Every kind, or the one that is named; unknown names are an error. */
int figures_make(struct figures *set, struct figure_source *s,
    const char *only, struct err *e);
void figures_free(struct figures *set);

/* ---- building one -------------------------------------------------------------- */

/*
 * A new figure; valid until the next one.  The parts name the file: whatever
 * they contain, it is short, plain and new in the set.
 */
struct figure *figure_new(struct figures *set, const struct figure_kind *kind,
    const char *part, const char *other);

void figure_title(struct figure *f, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
void figure_alt(struct figure *f, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* A variable of the template. */
void figure_text(struct figure *f, const char *name, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
void figure_number(struct figure *f, const char *name, double value);

/* A line of gnuplot of our own making, never text out of a record. */
void figure_line(struct figure *f, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/*
 * Tics from 0 to `most` on an axis, "y" or "x2", with few digits and one prefix
 * of the SI: 0, 0.5M, 1M.
 */
void figure_tics(struct figure *f, const char *axis, double most);

/*
 * A block of data, in the file one after the other: the name is for the key,
 * the columns are words by which the template asks for them.
 */
void figure_series(struct figure *f, const char *columns, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* The same without a name: more columns of what was named last. */
void figure_block(struct figure *f, const char *columns);
/* A row of it: texts first, then so many doubles, NAN is "NaN". */
void figure_cell(struct figure *f, const char *text);
void figure_row(struct figure *f, size_t n, ...);
void figure_row_of(struct figure *f, size_t n, const double *values);

/* "a, b" of those that are not empty; a new string. */
char *figure_join(const char *a, const char *b);

#endif
