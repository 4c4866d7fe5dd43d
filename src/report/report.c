/* SPDX-License-Identifier: BSD-2-Clause */
/* A report from beginning to end; see report.h. */
#include "config.h"

#include "report/report.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/io.h"
#include "base/mem.h"
#include "report/report_file.h"
#include "report/report_parts.h"

int
report_read(struct report *r, const struct compare_input *in, size_t n,
    struct err *e)
{
	size_t i;

	if (figure_source_read(&r->source, in, n, e) != 0)
		return -1;
	r->results = mem_zalloc(n * sizeof(*r->results));
	for (i = 0; i < n; i++) {
		if (in[i].path != NULL && results_read(&r->results[i], in[i].path, e) != 0)
			return -1;
		r->nresults++;
	}
	return figures_make(&r->figures, &r->source, NULL, e);
}

char *
report_title(const struct report *r)
{
	const struct compare *c = &r->source.compare;
	struct str b = { 0 };
	size_t i;

	if (c->nsides < 2) {
		str_addf(&b, "%s", c->sides[0].name);
	} else {
		for (i = 1; i < c->nsides; i++)
			str_addf(&b, "%s%s", i == 1 ? "" : i + 1 < c->nsides ?
			    ", " : " and ", c->sides[i].name);
		str_addf(&b, " against %s", c->sides[0].name);
	}
	return b.s;
}

static int
report_parts(struct report *r, const char *dir, const char *folder,
    struct err *e)
{
	char *title = report_title(r);
	int rc;

	report_heading(&r->doc, 1, NULL, "%s", title);
	free(title);
	report_part_summary(r);
	report_part_boots(r);
	report_part_machines(r);
	rc = report_part_figures(r, dir, folder, e);
	report_part_tables(r);
	report_part_notes(r);
	return rc;
}

/* ---- the forms --------------------------------------------------------------------- */

static int
report_write_html(struct report *r, const char *path, struct err *e)
{
	const char *tmp = getenv("TMPDIR");
	char *dir = mem_printf("%s/vmstress-report-XXXXXX", tmp != NULL &&
	    tmp[0] == '/' ? tmp : "/tmp");
	struct str page = { 0 };

	if (mkdtemp(dir) == NULL) {
		err_errno(e, "%s: cannot make a folder", dir);
		free(dir);
		return -1;
	}
	if (report_draw(r, dir, e) == 0 &&
	    report_parts(r, dir, NULL, e) == 0 &&
	    report_html(r, &page, e) == 0)
		report_file_write(path, str_text(&page), page.len, e);
	io_remove_folder(dir);
	free(dir);
	str_free(&page);
	return e->set ? -1 : 0;
}

/* "DIR/report.md" has its figures in DIR/report-figures. */
static int
report_write_md(struct report *r, const char *path, struct err *e)
{
	const char *base = strrchr(path, '/'), *folder;
	char *dir = mem_printf("%.*s-figures", (int)(strlen(path) -
	    (str_ends(path, ".md") ? 3 : 0)), path);
	struct str text = { 0 };

	folder = base != NULL ? dir + (base - path) + 1 : dir;
	if ((r->figures.count == 0 || report_draw(r, dir, e) == 0) &&
	    report_parts(r, dir, folder, e) == 0) {
		report_md(r, &text);
		report_file_write(path, str_text(&text), text.len, e);
	}
	free(dir);
	str_free(&text);
	return e->set ? -1 : 0;
}

int
report_write(struct report *r, const char *path, enum report_format format,
    struct err *e)
{
	return format == REPORT_MD ? report_write_md(r, path, e) :
	    report_write_html(r, path, e);
}

void
report_free(struct report *r)
{
	size_t i;

	for (i = 0; r->drawn != NULL && i < r->figures.count; i++) {
		free(r->drawn[i].file);
		free(r->drawn[i].missing);
	}
	free(r->drawn);
	free(r->undrawn);
	for (i = 0; i < r->nresults; i++)
		results_free(&r->results[i]);
	free(r->results);
	report_doc_free(&r->doc);
	figures_free(&r->figures);
	figure_source_free(&r->source);
}
