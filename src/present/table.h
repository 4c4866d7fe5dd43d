/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A text table: cells are given row by row, columns get the width they need.
 * Numbers are right-aligned, text left-aligned, two blanks between columns; no
 * trailing blanks.  Cell text is made safe to print (str_add_safe).
 */
#ifndef VMSTRESS_TABLE_H
#define VMSTRESS_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct table;

struct table *table_new(void);
/* Declare the columns, left to right, before the first cell. */
void table_column(struct table *t, const char *title, bool right);
/* The next cell of the current row; rows fill up from the left. */
void table_cell(struct table *t, const char *text);
void table_cellf(struct table *t, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
/*
 * The rest of the current row is this text, which runs over the columns that
 * follow without widening them: why there is no number.
 */
void table_rest(struct table *t, const char *text);
/* Columns that the table takes on a terminal, rests not counted. */
size_t table_width(const struct table *t);
/* Print with a heading line; columns that are empty everywhere are left out. */
void table_print(const struct table *t, FILE *out);
void table_free(struct table *t);

#endif
