/* SPDX-License-Identifier: BSD-2-Clause */
/* What a report says; see report_doc.h. */
#include "config.h"

#include "report/report_doc.h"

#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

char *
report_cut(const char *text, size_t most)
{
	size_t len = str_cut(text, most);

	return mem_printf("%.*s%s", (int)len, text, text[len] != '\0' ? "..." :
	    "");
}

static char *doc_format(size_t most, const char *fmt, va_list args)
    __attribute__((format(printf, 2, 0)));

static char *
doc_format(size_t most, const char *fmt, va_list args)
{
	struct str b = { 0 };
	char *cut;

	str_addv(&b, fmt, args);
	cut = report_cut(str_text(&b), most);
	str_free(&b);
	return cut;
}

/* ---- blocks -------------------------------------------------------------------- */

static struct report_block *
doc_block(struct report_doc *d, enum report_block_kind kind)
{
	struct report_block *b;

	d->list = mem_grow(d->list, d->count, &d->cap, sizeof(*d->list));
	b = &d->list[d->count++];
	memset(b, 0, sizeof(*b));
	b->kind = kind;
	return b;
}

void
report_heading(struct report_doc *d, int level, const char *id,
    const char *fmt, ...)
{
	struct report_block *b = doc_block(d, REPORT_HEADING);
	va_list args;

	b->level = level;
	b->id = id != NULL ? mem_strdup(id) : NULL;
	va_start(args, fmt);
	b->text = doc_format(REPORT_TEXT_MAX, fmt, args);
	va_end(args);
}

void
report_say(struct report_doc *d, enum report_tone tone, const char *fmt, ...)
{
	struct report_block *b = doc_block(d, REPORT_PARAGRAPH);
	va_list args;

	b->tone = tone;
	va_start(args, fmt);
	b->text = doc_format(REPORT_TEXT_MAX, fmt, args);
	va_end(args);
}

void
report_item(struct report_doc *d, enum report_tone tone, const char *fmt, ...)
{
	struct report_block *b = doc_block(d, REPORT_ITEM);
	va_list args;

	b->tone = tone;
	va_start(args, fmt);
	b->text = doc_format(REPORT_TEXT_MAX, fmt, args);
	va_end(args);
}

void
report_code(struct report_doc *d, const char *text)
{
	doc_block(d, REPORT_CODE)->text = mem_strdup(text);
}

void
report_link(struct report_doc *d, const char *target, const char *fmt, ...)
{
	struct report_block *b = &d->list[d->count - 1];
	va_list args;

	if (target == NULL || target[0] == '\0')
		return;
	b->links = mem_array(b->links, b->nlinks + 1, sizeof(*b->links));
	b->links[b->nlinks].target = mem_strdup(target);
	va_start(args, fmt);
	b->links[b->nlinks++].text = doc_format(REPORT_CELL_MAX, fmt, args);
	va_end(args);
}

/* ---- tables and figures ---------------------------------------------------------- */

struct report_table *
report_table(struct report_doc *d, const char *id, const char *fmt, ...)
{
	struct report_block *b = doc_block(d, REPORT_TABLE);
	va_list args;

	b->table = mem_zalloc(sizeof(*b->table));
	b->table->id = mem_strdup(id);
	va_start(args, fmt);
	b->table->caption = doc_format(REPORT_TEXT_MAX, fmt, args);
	va_end(args);
	return b->table;
}

struct report_figure *
report_figure(struct report_doc *d, const char *id)
{
	struct report_block *b = doc_block(d, REPORT_FIGURE);

	b->figure = mem_zalloc(sizeof(*b->figure));
	b->figure->id = mem_strdup(id);
	return b->figure;
}

struct report_table *
report_figure_table(struct report_figure *f, const char *caption)
{
	struct report_table *t = mem_zalloc(sizeof(*t));

	f->tables = mem_grow(f->tables, f->ntables, &f->cap,
	    sizeof(struct report_table *));
	f->tables[f->ntables++] = t;
	t->id = mem_printf("%s-data-%zu", f->id, f->ntables);
	t->caption = report_cut(caption, REPORT_CELL_MAX);
	return t;
}

void
report_column(struct report_table *t, const char *title, bool right)
{
	t->columns = mem_grow(t->columns, t->ncolumns, &t->columns_cap,
	    sizeof(*t->columns));
	t->columns[t->ncolumns++] = (struct report_column){
		.title = report_cut(title, REPORT_CELL_MAX), .right = right,
	};
}

static void
doc_cell(struct report_table *t, double key, char *text)
{
	t->cells = mem_grow(t->cells, t->ncells, &t->cells_cap,
	    sizeof(*t->cells));
	t->cells[t->ncells++] = (struct report_cell){
		.text = text, .key = key,
	};
}

void
report_cell(struct report_table *t, const char *text)
{
	doc_cell(t, NAN, report_cut(text, REPORT_CELL_MAX));
}

void
report_cellf(struct report_table *t, const char *fmt, ...)
{
	va_list args;
	char *text;

	va_start(args, fmt);
	text = doc_format(REPORT_CELL_MAX, fmt, args);
	va_end(args);
	doc_cell(t, NAN, text);
}

void
report_number(struct report_table *t, double key, const char *text)
{
	doc_cell(t, key, report_cut(text, REPORT_CELL_MAX));
}

void
report_cell_tone(struct report_table *t, enum report_tone tone)
{
	t->cells[t->ncells - 1].tone = tone;
}

void
report_cell_target(struct report_table *t, const char *target)
{
	t->cells[t->ncells - 1].target = mem_strdup(target);
}

void
report_cell_id(struct report_table *t, const char *id)
{
	t->cells[t->ncells - 1].id = mem_strdup(id);
}

size_t
report_rows(const struct report_table *t)
{
	return t->ncolumns > 0 ? t->ncells / t->ncolumns : 0;
}

/* ---- the end ------------------------------------------------------------------------ */

static void
doc_free_table(struct report_table *t)
{
	size_t i;

	if (t == NULL)
		return;
	for (i = 0; i < t->ncolumns; i++)
		free(t->columns[i].title);
	for (i = 0; i < t->ncells; i++) {
		free(t->cells[i].text);
		free(t->cells[i].target);
		free(t->cells[i].id);
	}
	free(t->columns);
	free(t->cells);
	free(t->id);
	free(t->caption);
	free(t);
}

static void
doc_free_figure(struct report_figure *f)
{
	size_t i;

	if (f == NULL)
		return;
	for (i = 0; i < f->ntables; i++)
		doc_free_table(f->tables[i]);
	free(f->tables);
	free(f->id);
	free(f->title);
	free(f->alt);
	free(f->svg);
	free(f->file);
	free(f->missing);
	free(f);
}

void
report_doc_free(struct report_doc *d)
{
	size_t i, k;

	for (i = 0; i < d->count; i++) {
		struct report_block *b = &d->list[i];

		for (k = 0; k < b->nlinks; k++) {
			free(b->links[k].text);
			free(b->links[k].target);
		}
		free(b->links);
		free(b->id);
		free(b->text);
		doc_free_table(b->table);
		doc_free_figure(b->figure);
	}
	free(d->list);
	memset(d, 0, sizeof(*d));
}
