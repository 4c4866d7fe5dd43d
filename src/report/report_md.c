/* SPDX-License-Identifier: BSD-2-Clause */
/* A report as Markdown, as GitHub and others show it. */
#include "config.h"

#include <ctype.h>
#include <string.h>

#include "report/report_escape.h"
#include "report/report_parts.h"

/* What is safe in the address of a link stays. */
static void
md_address(struct str *b, const char *path)
{
	for (; *path != '\0'; path++) {
		if (isalnum((unsigned char)*path) ||
		    strchr("/._-", *path) != NULL)
			str_addn(b, path, 1);
		else
			str_addf(b, "%%%02X", (unsigned)(unsigned char)*path);
	}
}

static void
md_rule(struct str *b, const struct report_table *t)
{
	size_t i;

	str_add(b, "|");
	for (i = 0; i < t->ncolumns; i++)
		str_add(b, t->columns[i].right ? "--:|" : "---|");
	str_add(b, "\n");
}

static void
md_table(struct str *b, const struct report_table *t)
{
	size_t i, cells = report_rows(t) * t->ncolumns;

	if (t->ncolumns == 0)
		return;
	str_add(b, "\n**");
	report_escape_md(b, t->caption);
	str_add(b, "**\n\n|");
	for (i = 0; i < t->ncolumns; i++) {
		str_add(b, " ");
		report_escape_md(b, t->columns[i].title);
		str_add(b, " |");
	}
	str_add(b, "\n");
	md_rule(b, t);
	for (i = 0; i < cells; i++) {
		str_add(b, i % t->ncolumns == 0 ? "| " : " ");
		report_escape_md(b, t->cells[i].text);
		str_add(b, i % t->ncolumns == t->ncolumns - 1 ? " |\n" : " |");
	}
}

static void
md_figure(struct str *b, const struct report_figure *f)
{
	size_t i;

	str_addf(b, "\n<a id=\"%s\"></a>\n\n", f->id);
	if (f->file != NULL) {
		str_add(b, "![");
		report_escape_md(b, f->alt);
		str_add(b, "](");
		md_address(b, f->file);
		str_add(b, ")\n\n*");
		report_escape_md(b, f->title);
		str_add(b, "*\n");
	} else {
		str_add(b, "*");
		report_escape_md(b, f->title);
		str_add(b, "*: not drawn: ");
		report_escape_md(b, f->missing != NULL ? f->missing : "");
		str_add(b, "\n");
	}
	if (f->ntables > 0)
		str_add(b, "\n<details><summary>The numbers</summary>\n");
	for (i = 0; i < f->ntables; i++)
		md_table(b, f->tables[i]);
	if (f->ntables > 0)
		str_add(b, "\n</details>\n");
}

/* To figures and headings; rows have no address here. */
static void
md_links(struct str *b, const struct report_block *block)
{
	size_t i;

	for (i = 0; i < block->nlinks; i++) {
		if (strncmp(block->links[i].target, "point-", 6) == 0)
			continue;
		str_add(b, " [");
		report_escape_md(b, block->links[i].text);
		str_addf(b, "](#%s)", block->links[i].target);
	}
}

/* What a colour says in HTML needs no word: texts say it, too. */
static void
md_text(struct str *b, const struct report_block *block)
{
	str_add(b, block->kind == REPORT_ITEM ? "* " : "\n");
	report_escape_md(b, block->text);
	md_links(b, block);
	str_add(b, "\n");
}

static void
md_heading(struct str *b, const struct report_block *block)
{
	if (b->len > 0)
		str_add(b, "\n");
	if (block->id != NULL)
		str_addf(b, "<a id=\"%s\"></a>\n\n", block->id);
	str_addf(b, "%.*s ", block->level, "####");
	report_escape_md(b, block->text);
	str_add(b, "\n");
}

/* By blanks: no line of it can end such a block. */
static void
md_code(struct str *out, const char *text)
{
	size_t len;

	str_add(out, "\n");
	for (; *text != '\0'; text += len + (text[len] == '\n')) {
		len = strcspn(text, "\n");
		str_addf(out, "    %.*s\n", (int)len, text);
	}
}

void
report_md(const struct report *r, struct str *out)
{
	const struct report_doc *d = &r->doc;
	bool list = false;
	size_t i;

	for (i = 0; i < d->count; i++) {
		const struct report_block *block = &d->list[i];

		if (block->kind == REPORT_ITEM && !list)
			str_add(out, "\n");
		list = block->kind == REPORT_ITEM;
		switch (block->kind) {
		case REPORT_HEADING:
			md_heading(out, block);
			break;
		case REPORT_PARAGRAPH:
		case REPORT_ITEM:
			md_text(out, block);
			break;
		case REPORT_CODE:
			md_code(out, block->text);
			break;
		case REPORT_TABLE:
			md_table(out, block->table);
			break;
		case REPORT_FIGURE:
			md_figure(out, block->figure);
			break;
		}
	}
}
