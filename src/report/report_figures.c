/* SPDX-License-Identifier: BSD-2-Clause */
/* The figures of a report, each with the numbers behind it. */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "figure/figure_write.h"
#include "report/report_file.h"
#include "report/report_parts.h"
#include "report/report_svg.h"

/* Of one block of data; a figure with more has them all in its file. */
#define FIGURES_ROWS_MAX 500

/* ---- drawing -------------------------------------------------------------------- */

/* What gnuplot said, without the folder that nobody will find again. */
static char *
figures_said(const struct err *e)
{
	const char *at = strstr(e->text, "gnuplot");

	if (at == NULL)
		at = e->text;
	return mem_strndup(at, strcspn(at, "("));
}

static void
figures_missing(struct report *r, size_t i, const struct err *e)
{
	r->drawn[i].missing = figures_said(e);
	if (r->undrawn == NULL)
		r->undrawn = mem_strdup(r->drawn[i].missing);
}

int
report_draw(struct report *r, const char *dir, struct err *e)
{
	struct figure_place at = {
		.dir = dir, .templates = r->templates, .format = FIGURE_SVG,
	};
	struct err why = { 0 };
	size_t i;
	int rc;

	r->drawn = mem_zalloc((r->figures.count + 1) * sizeof(*r->drawn));
	for (i = 0; i < r->figures.count; i++) {
		const struct figure *f = &r->figures.list[i];

		if (figure_write(f, &at, e) != 0)
			return -1;
		if (r->no_gnuplot && f->svg == NULL) {
			figures_missing(r, i, &why);
			continue;
		}
		err_clear(&why);
		rc = figure_draw(f, &at, NULL, &why);
		if (rc == 0)
			r->drawn[i].file = mem_printf("%s.svg", f->file);
		else
			figures_missing(r, i, &why);
		r->no_gnuplot |= rc == FIGURE_NO_GNUPLOT;
	}
	return 0;
}

/* ---- which shows what --------------------------------------------------------------- */

static bool
figures_shows(const struct figure *f, const struct compare_row *row)
{
	return strcmp(f->part, row->workload) == 0 &&
	    strcmp(f->other, row->metric) == 0;
}

/* Is it the forest of a side, and has it this row? */
static bool
figures_is_forest(const struct figure *f, const struct compare_row *row,
    const char *side)
{
	char *label;
	bool has;

	if (strcmp(f->kind->name, "forest") != 0 ||
	    strcmp(f->part, side) != 0)
		return false;
	label = mem_printf("%s%s%s x%d%s, %s", row->workload,
	    row->params[0] != '\0' ? " " : "", row->params, row->workers,
	    strcmp(row->mode, "process") != 0 ? " thread" : "", row->metric);
	has = strstr(str_text(&f->data), label) != NULL;
	free(label);
	return has;
}

char *
report_figure_of(const struct report *r, const struct compare_row *row,
    size_t side, size_t *number)
{
	const char *name = r->source.compare.sides[side].name;
	const struct figure *list = r->figures.list;
	size_t i, n = r->figures.count;

	*number = 0;
	for (i = 0; i < n && *number == 0; i++)
		if (figures_shows(&list[i], row))
			*number = i + 1;
	for (i = 0; i < n && *number == 0; i++)
		if (figures_is_forest(&list[i], row, name))
			*number = i + 1;
	for (i = 0; i < n && *number == 0; i++)
		if (strcmp(list[i].part, row->workload) == 0)
			*number = i + 1;
	return *number > 0 ? mem_printf("figure-%zu", *number) :
	    mem_strdup("");
}

/* ---- its numbers ---------------------------------------------------------------------- */

/* The next word of a line of data, quotes removed; a new string or NULL. */
static char *
figures_word(const char **line)
{
	const char *at = *line + strspn(*line, " ");
	size_t len;
	char *word;

	if (*at == '"') {
		at++;
		len = strcspn(at, "\"");
		*line = at + len + (at[len] == '"');
	} else {
		len = strcspn(at, " ");
		*line = at + len;
		if (len == 0)
			return NULL;
	}
	word = mem_strndup(at, len);
	return word;
}

static void
figures_columns(struct report_table *t, const char *line)
{
	char *word;

	while ((word = figures_word(&line)) != NULL) {
		report_column(t, word, true);
		free(word);
	}
}

static void
figures_cell(struct report_table *t, const char *word)
{
	char *end;
	double value = strtod(word, &end);

	if (end == word || *end != '\0')
		report_cell(t, word);
	else if (!isfinite(value))
		report_number(t, NAN, "-");
	else
		report_number(t, value, word);
}

/* As many cells as there are columns. */
static void
figures_row(struct report_table *t, const char *line)
{
	size_t i;
	char *word;

	for (i = 0; i < t->ncolumns; i++) {
		word = figures_word(&line);
		figures_cell(t, word != NULL ? word : "");
		free(word);
	}
}

/* The blocks of a .dat: "# name", columns, rows, empty lines. */
static void
figures_data(struct report_figure *of, const struct figure *f)
{
	char *copy = mem_strdup(str_text(&f->data)), *rest = copy, *line;
	struct report_table *t = NULL;
	char *name = mem_strdup(f->title);
	size_t left = 0;

	while ((line = strsep(&rest, "\n")) != NULL) {
		if (line[0] == '\0') {
			if (t != NULL && left > FIGURES_ROWS_MAX) {
				free(t->caption);
				t->caption = mem_printf("%s: the first %d of "
				    "%zu rows", name, FIGURES_ROWS_MAX, left);
			}
			t = NULL;
		} else if (line[0] == '#' && t == NULL) {
			free(name);
			name = mem_strdup(line + 1 + (line[1] == ' '));
		} else if (t == NULL) {
			t = report_figure_table(of, name);
			figures_columns(t, line);
			left = 0;
		} else if (left++ < FIGURES_ROWS_MAX) {
			figures_row(t, line);
		}
	}
	free(name);
	free(copy);
}

/* ---- the part -------------------------------------------------------------------------- */

/* Colours that are areas with text on them want the paper they were made for. */
static bool
figures_is_plate(const struct figure *f)
{
	return f->svg != NULL || strcmp(f->kind->name, "heatmap") == 0;
}

/* The drawing in the text, or the path of its file. */
static int
figures_drawing(struct report_figure *of, const struct figure *f,
    const char *dir, const char *folder, const char *file, struct err *e)
{
	char *path, *svg;

	if (folder != NULL) {
		of->file = mem_printf("%s/%s", folder, file);
		return 0;
	}
	path = mem_printf("%s/%s", dir, file);
	svg = report_file_read(path, e);
	free(path);
	if (svg == NULL)
		return -1;
	of->plate = figures_is_plate(f);
	of->svg = report_svg(svg, of->id, of->alt, of->plate);
	if (of->svg == NULL)
		of->missing = mem_strdup("what gnuplot drew is no drawing");
	free(svg);
	return 0;
}

static int
figures_one(struct report *r, size_t i, const char *dir, const char *folder,
    struct err *e)
{
	const struct figure *f = &r->figures.list[i];
	char *id = mem_printf("figure-%zu", i + 1);	/* then its title */
	struct report_figure *of = report_figure(&r->doc, id);
	int rc = 0;

	free(id);
	id = report_cut(f->title, REPORT_CELL_MAX);
	of->title = mem_printf("Figure %zu: %s", i + 1, id);
	free(id);
	of->alt = report_cut(f->alt[0] != '\0' ? f->alt : f->title,
	    REPORT_TEXT_MAX);
	figures_data(of, f);
	if (r->drawn[i].file != NULL)
		rc = figures_drawing(of, f, dir, folder, r->drawn[i].file, e);
	else
		of->missing = mem_strdup(r->drawn[i].missing);
	return rc;
}

int
report_part_figures(struct report *r, const char *dir, const char *folder,
    struct err *e)
{
	const char *last = "";
	size_t i;

	report_heading(&r->doc, 2, "figures", "Figures");
	if (r->no_gnuplot)
		report_say(&r->doc, REPORT_WARN, "The figures are not drawn, "
		    "because gnuplot is not installed; their numbers are "
		    "here.");
	if (r->figures.count == 0)
		report_say(&r->doc, REPORT_PLAIN, "There is nothing to draw: "
		    "figures want more than one point, launches that ended "
		    "well, or two kernels.");
	for (i = 0; i < r->figures.count; i++) {
		const struct figure_kind *kind = r->figures.list[i].kind;

		if (strcmp(kind->name, last) != 0)
			report_heading(&r->doc, 3, NULL, "%c%s",
			    kind->summary[0] - 'a' + 'A', kind->summary + 1);
		last = kind->name;
		if (figures_one(r, i, dir, folder, e) != 0)
			return -1;
	}
	return 0;
}
