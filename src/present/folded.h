/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The stacks of one or several profiles, sorted, one text each: what tools for
 * flame graphs read, and what ours is drawn from.
 */
#ifndef VMSTRESS_FOLDED_H
#define VMSTRESS_FOLDED_H

#include <stdio.h>

#include "base/err.h"
#include "present/insight_gather.h"

struct folded_stack {
	char *frames;		/* "root;...;leaf" */
	double count;
};

struct folded {
	/* Sorted so that what has the same first frames stands together. */
	struct folded_stack *list;
	size_t count, cap;
	/* Frames in front of each stack that tell cell and phase; 0 to 2. */
	int prefix;
	char *title;		/* what they are of */
	char *about;		/* how many samples of what */
	double samples, kernel, user;
};

/*
 * The profiles of a cell (-1: all) and phase (NULL: all).  -1 with an error
 * when there is no such cell or phase, or it has no stacks.  Free `f` in any
 * case.
 */
int folded_collect(struct folded *f, const struct insight *in, int cell,
    const char *phase, struct err *e);
void folded_free(struct folded *f);

/* Add the stacks of another record, of the same cell. */
void folded_merge(struct folded *f, const struct folded *other);

/* The order of stacks, which are struct folded_stack. */
int folded_compare(const void *a, const void *b);

/* "root;...;leaf 12" a line; frames of the kernel end with "_[k]". */
void folded_print(const struct folded *f, FILE *out);

/* The same as a picture, an SVG file by itself. */
void flame_print(const struct folded *f, FILE *out);

/* The same of one against another, and both as "root;...;leaf 12 34". */
void flame_print_difference(const struct folded *base, const char *base_name,
    const struct folded *new, FILE *out);
void flame_print_stacks(const struct folded *base, const struct folded *new,
    FILE *out);

#endif
