/* SPDX-License-Identifier: BSD-2-Clause */
/* Text tables; see table.h. */
#include "config.h"

#include "present/table.h"

#include <stdarg.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/str.h"

#define TABLE_GAP 2

struct table_column {
	char *title;
	bool right;
	size_t width;		/* of the widest cell; 0: all are empty */
};

/* The text of one place; NULL behind a rest. */
struct table_place {
	char *text;
	bool rest;
};

struct table {
	struct table_column *columns;
	size_t ncolumns, columns_cap;
	struct table_place *places;	/* row by row */
	size_t nplaces, places_cap;
};

struct table *
table_new(void)
{
	return mem_zalloc(sizeof(struct table));
}

void
table_free(struct table *t)
{
	size_t i;

	if (t == NULL)
		return;
	for (i = 0; i < t->ncolumns; i++)
		free(t->columns[i].title);
	for (i = 0; i < t->nplaces; i++)
		free(t->places[i].text);
	free(t->columns);
	free(t->places);
	free(t);
}

void
table_column(struct table *t, const char *title, bool right)
{
	struct table_column *c;

	t->columns = mem_grow(t->columns, t->ncolumns, &t->columns_cap,
	    sizeof(*c));
	c = &t->columns[t->ncolumns++];
	c->title = mem_strdup(title);
	c->right = right;
	c->width = 0;
}

static char *
table_safe(const char *text)
{
	struct str safe = { 0 };

	str_add_safe(&safe, text);
	return safe.s;
}

/* The next place, which takes over `text`. */
static void
table_place(struct table *t, char *text, bool rest)
{
	t->places = mem_grow(t->places, t->nplaces, &t->places_cap,
	    sizeof(*t->places));
	t->places[t->nplaces].text = text;
	t->places[t->nplaces++].rest = rest;
}

void
table_cell(struct table *t, const char *text)
{
	struct table_column *c = &t->columns[t->nplaces % t->ncolumns];
	char *safe = table_safe(text);
	size_t width = str_columns(safe);

	if (width > c->width)
		c->width = width;
	table_place(t, safe, false);
}

void
table_cellf(struct table *t, const char *fmt, ...)
{
	va_list ap, again;
	char *text;
	int len;

	va_start(ap, fmt);
	va_copy(again, ap);
	len = vsnprintf(NULL, 0, fmt, ap);
	text = mem_zalloc((size_t)(len > 0 ? len : 0) + 1);
	vsnprintf(text, (size_t)(len > 0 ? len : 0) + 1, fmt, again);
	table_cell(t, text);
	free(text);
	va_end(again);
	va_end(ap);
}

void
table_rest(struct table *t, const char *text)
{
	struct table_column *c = &t->columns[t->nplaces % t->ncolumns];

	if (c->width == 0)
		c->width = 1;	/* its title tells what is not there */
	table_place(t, table_safe(text), true);
	while (t->nplaces % t->ncolumns != 0)
		table_place(t, NULL, false);
}

/* Columns that a column takes; 0 when it is left out. */
static size_t
table_column_width(const struct table_column *c)
{
	size_t title = str_columns(c->title);

	if (c->width == 0)
		return 0;
	return c->width > title ? c->width : title;
}

size_t
table_width(const struct table *t)
{
	size_t i, width, total = 0;

	for (i = 0; i < t->ncolumns; i++) {
		width = table_column_width(&t->columns[i]);
		if (width > 0)
			total += width + (total > 0 ? TABLE_GAP : 0);
	}
	return total;
}

/* A line in the making: blanks are owed until text follows them. */
struct table_line {
	FILE *out;
	size_t owed;
};

static void
table_text(struct table_line *l, const char *text)
{
	if (*text == '\0')
		return;
	fprintf(l->out, "%*s%s", (int)l->owed, "", text);
	l->owed = 0;
}

static void
table_aligned(struct table_line *l, const struct table_column *c,
    const char *text)
{
	size_t width = table_column_width(c);
	size_t pad = width - str_columns(text);

	if (c->right)
		l->owed += pad;
	table_text(l, text);
	l->owed += c->right ? TABLE_GAP : pad + TABLE_GAP;
}

static void
table_heading(const struct table *t, FILE *out)
{
	struct table_line l = { .out = out };
	size_t i;

	for (i = 0; i < t->ncolumns; i++)
		if (t->columns[i].width > 0)
			table_aligned(&l, &t->columns[i], t->columns[i].title);
	putc('\n', out);
}

static void
table_row(const struct table *t, const struct table_place *places, size_t n,
    FILE *out)
{
	struct table_line l = { .out = out };
	size_t i;

	for (i = 0; i < n && !places[i].rest; i++)
		if (t->columns[i].width > 0)
			table_aligned(&l, &t->columns[i], places[i].text);
	if (i < n)
		table_text(&l, places[i].text);
	putc('\n', out);
}

void
table_print(const struct table *t, FILE *out)
{
	size_t at, n;

	table_heading(t, out);
	for (at = 0; at < t->nplaces; at += t->ncolumns) {
		n = t->nplaces - at < t->ncolumns ? t->nplaces - at :
		    t->ncolumns;
		table_row(t, t->places + at, n, out);
	}
}
