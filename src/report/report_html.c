/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A report as one page of HTML that fetches nothing.  How it looks is in
 * report.css, what sorts its tables in report.js, beside the templates of
 * figures; the page can be read without either.
 */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/units.h"
#include "report/report_escape.h"
#include "report/report_file.h"
#include "report/report_parts.h"

/* Numbers of a figure that are worth paper; others are open on request. */
#define HTML_PRINTED_ROWS 100

static const char *const html_tones[] = {
	[REPORT_PLAIN] = "", [REPORT_BETTER] = "better",
	[REPORT_WORSE] = "worse", [REPORT_SAME] = "same",
	[REPORT_OPEN] = "open", [REPORT_WARN] = "warn",
};

static void
html_class(struct str *b, enum report_tone tone)
{
	if (tone != REPORT_PLAIN)
		str_addf(b, " class=\"%s\"", html_tones[tone]);
}

/* ---- tables ---------------------------------------------------------------------- */

/* The script takes a plain number from the text. */
static bool
html_is_plain(const struct report_cell *cell)
{
	char *end;
	double value = strtod(cell->text, &end);

	return end != cell->text && *end == '\0' && value == cell->key;
}

static void
html_cell(struct str *b, const struct report_table *t, size_t at)
{
	const struct report_cell *cell = &t->cells[at];
	const struct report_column *column = &t->columns[at % t->ncolumns];
	bool head = at % t->ncolumns == 0;
	bool number = column->right && (!isnan(cell->key) ||
	    cell->text[0] == '-' || cell->text[0] == '\0');
	char key[UNITS_MAX];

	str_addf(b, head ? "<th scope=\"row\"" : "<td");
	if (number || cell->tone != REPORT_PLAIN)
		str_addf(b, " class=\"%s%s%s\"", number ? "n" : "", number &&
		    cell->tone != REPORT_PLAIN ? " " : "",
		    html_tones[cell->tone]);
	if (isfinite(cell->key) && !html_is_plain(cell))
		str_addf(b, " data-k=\"%s\"", units_put_real(key, sizeof(key),
		    cell->key));
	str_add(b, ">");
	if (cell->target != NULL)
		str_addf(b, "<a href=\"#%s\">", cell->target);
	report_escape_html(b, cell->text);
	if (cell->target != NULL)
		str_add(b, "</a>");
	str_add(b, head ? "</th>" : "</td>");
}

static void
html_rows(struct str *b, const struct report_table *t)
{
	size_t i, rows = report_rows(t);

	str_add(b, "<tbody>\n");
	for (i = 0; i < rows * t->ncolumns; i++) {
		if (i % t->ncolumns == 0 && t->cells[i].id != NULL)
			str_addf(b, "<tr id=\"%s\">", t->cells[i].id);
		else if (i % t->ncolumns == 0)
			str_add(b, "<tr>");
		html_cell(b, t, i);
		if (i % t->ncolumns == t->ncolumns - 1)
			str_add(b, "</tr>\n");
	}
	str_add(b, "</tbody>");
}

/* Wide ones scroll by themselves, also by keyboard. */
static void
html_table(struct str *b, const struct report_table *t)
{
	size_t i;

	if (t->folded) {
		str_add(b, "<details><summary>");
		report_escape_html(b, t->caption);
		str_addf(b, " (%zu rows)</summary>\n", report_rows(t));
	}
	str_addf(b, "<div class=\"scroll\" tabindex=\"0\" role=\"region\" "
	    "aria-labelledby=\"%s-caption\">\n<table id=\"%s\"><caption "
	    "id=\"%s-caption\">", t->id, t->id, t->id);
	report_escape_html(b, t->caption);
	str_add(b, "</caption>\n<thead><tr>");
	for (i = 0; i < t->ncolumns; i++) {
		str_addf(b, "<th scope=\"col\"%s>", t->columns[i].right ?
		    " class=\"n\"" : "");
		report_escape_html(b, t->columns[i].title);
		str_add(b, "</th>");
	}
	str_add(b, "</tr></thead>\n");
	html_rows(b, t);
	str_addf(b, "</table></div>\n%s", t->folded ? "</details>\n" : "");
}

/* ---- other blocks --------------------------------------------------------------------- */

static void
html_figure(struct str *b, const struct report_figure *f)
{
	size_t i, rows = 0;

	str_addf(b, "<figure id=\"%s\"%s>\n<figcaption>", f->id, f->plate ?
	    " class=\"plate\"" : "");
	report_escape_html(b, f->title);
	str_add(b, "</figcaption>\n");
	if (f->svg != NULL) {
		str_addf(b, "<div class=\"scroll\" tabindex=\"0\" "
		    "role=\"region\" aria-label=\"drawing\">%s</div>\n", f->svg);
	} else {
		str_add(b, "<p class=\"warn\">Not drawn: ");
		report_escape_html(b, f->missing);
		str_add(b, "</p>\n");
	}
	for (i = 0; i < f->ntables; i++)
		rows += report_rows(f->tables[i]);
	if (f->ntables > 0)
		str_addf(b, "<details%s%s><summary>The numbers (%zu row%s%s)"
		    "</summary>\n", rows > HTML_PRINTED_ROWS ?
		    " class=\"long\"" : "", f->svg != NULL ? "" : " open",
		    rows, rows == 1 ? "" : "s", rows > HTML_PRINTED_ROWS ?
		    ", not printed" : "");
	if (f->ntables > 0)
		str_add(b, "<div class=\"tables\">\n");
	for (i = 0; i < f->ntables; i++)
		html_table(b, f->tables[i]);
	str_addf(b, "%s</figure>\n", f->ntables > 0 ? "</div></details>\n" :
	    "");
}

static void
html_links(struct str *b, const struct report_block *block)
{
	size_t i;

	for (i = 0; i < block->nlinks; i++) {
		str_addf(b, " <a href=\"#%s\">", block->links[i].target);
		report_escape_html(b, block->links[i].text);
		str_add(b, "</a>");
	}
}

static void
html_text(struct str *b, const struct report_block *block)
{
	bool item = block->kind == REPORT_ITEM;

	str_add(b, item ? "<li" : "<p");
	html_class(b, block->tone);
	str_add(b, ">");
	report_escape_html(b, block->text);
	html_links(b, block);
	str_add(b, item ? "</li>\n" : "</p>\n");
}

/* No level is left out, whatever the parts ask for. */
static void
html_heading(struct str *b, const struct report_block *block, int *level)
{
	int now = block->level > *level + 1 ? *level + 1 : block->level;

	*level = now;
	str_addf(b, "<h%d", now);
	if (block->id != NULL)
		str_addf(b, " id=\"%s\"", block->id);
	str_add(b, ">");
	report_escape_html(b, block->text);
	str_addf(b, "</h%d>\n", now);
}

static void
html_contents(struct str *b, const struct report_doc *d)
{
	size_t i;

	str_add(b, "<nav aria-label=\"contents\"><ul>\n");
	for (i = 0; i < d->count; i++) {
		const struct report_block *block = &d->list[i];

		if (block->kind != REPORT_HEADING || block->level != 2)
			continue;
		str_addf(b, "<li><a href=\"#%s\">", block->id);
		report_escape_html(b, block->text);
		str_add(b, "</a></li>\n");
	}
	str_add(b, "</ul></nav>\n");
}

static void
html_block(struct str *b, const struct report_block *block, int *level)
{
	switch (block->kind) {
	case REPORT_HEADING:
		html_heading(b, block, level);
		break;
	case REPORT_PARAGRAPH:
	case REPORT_ITEM:
		html_text(b, block);
		break;
	case REPORT_CODE:
		str_add(b, "<pre><code>");
		report_escape_html(b, block->text);
		str_add(b, "</code></pre>\n");
		break;
	case REPORT_TABLE:
		html_table(b, block->table);
		break;
	case REPORT_FIGURE:
		html_figure(b, block->figure);
		break;
	}
}

static void
html_body(struct str *b, const struct report_doc *d)
{
	bool list = false, item;
	int level = 0;
	size_t i;

	str_add(b, "<body>\n<main>\n");
	for (i = 0; i < d->count; i++) {
		item = d->list[i].kind == REPORT_ITEM;
		if (item != list)
			str_add(b, item ? "<ul>\n" : "</ul>\n");
		list = item;
		html_block(b, &d->list[i], &level);
		if (i == 0)
			html_contents(b, d);
	}
	str_addf(b, "%s</main>\n", list ? "</ul>\n" : "");
}

/* ---- the page -------------------------------------------------------------------------- */

static char *
html_piece(const struct report *r, const char *name, struct err *e)
{
	char *path = mem_printf("%s/%s", r->templates, name);
	char *text = report_file_read(path, e);

	free(path);
	return text;
}

/* Nothing may be fetched from anywhere, whatever the records contain. */
static void
html_head(struct str *b, const struct report *r, const char *css)
{
	char *title = report_title(r), *cut = report_cut(title,
	    REPORT_CELL_MAX);

	str_add(b, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n"
	    "<meta charset=\"utf-8\">\n<meta http-equiv=\""
	    "Content-Security-Policy\" content=\"default-src 'none'; "
	    "style-src 'unsafe-inline'; script-src 'unsafe-inline'; "
	    "img-src data:\">\n<meta name=\"viewport\" "
	    "content=\"width=device-width, initial-scale=1\">\n"
	    "<meta name=\"color-scheme\" content=\"light dark\">\n"
	    "<meta name=\"generator\" content=\"vmstress " PACKAGE_VERSION
	    "\">\n<title>");
	report_escape_html(b, cut);
	str_add(b, " - vmstress</title>\n<style>\n");
	str_add(b, css);
	str_add(b, "</style>\n</head>\n");
	free(cut);
	free(title);
}

int
report_html(const struct report *r, struct str *out, struct err *e)
{
	char *css = html_piece(r, "report.css", e);
	char *js = css != NULL ? html_piece(r, "report.js", e) : NULL;

	if (js != NULL) {
		html_head(out, r, css);
		html_body(out, &r->doc);
		str_add(out, "<script>\n");
		str_add(out, js);
		str_add(out, "</script>\n</body>\n</html>\n");
	}
	free(css);
	free(js);
	return e->set ? -1 : 0;
}
