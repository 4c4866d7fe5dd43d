/* SPDX-License-Identifier: BSD-2-Clause */
/* Data and script of a figure; see figure_write.h. */
#include "config.h"

#include "figure/figure_write.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/mem.h"

/* Of the key below: pixels of a line, of a character, and of a sample. */
#define WRITE_KEY_LINE 22
#define WRITE_KEY_CHARACTER 8
#define WRITE_KEY_SAMPLE 110

#define WRITE_MAIL_COLUMNS 72
#define WRITE_MAIL_LINE 24	/* pixels of a figure for each line of text */

static const char *const write_suffixes[] = {
	[FIGURE_SVG] = "svg", [FIGURE_PNG] = "png", [FIGURE_PDF] = "pdf",
	[FIGURE_DUMB] = "txt",
};

int
figure_format(const char *name)
{
	int i;

	for (i = FIGURE_SVG; i <= FIGURE_PDF; i++)
		if (strcmp(write_suffixes[i], name) == 0)
			return i;
	return -1;
}

const char *
figure_suffix(enum figure_format format)
{
	return write_suffixes[format];
}

/* Names that do not fit beside each other take lines below the figure. */
static void
write_key(const struct figure *f, int *columns_of, int *lines_of)
{
	size_t longest = f->longest < FIGURE_TEXT_MAX ? f->longest :
	    FIGURE_TEXT_MAX;
	int width = f->key_width > 0 ? f->key_width : f->width;
	size_t columns = (size_t)width / (longest * WRITE_KEY_CHARACTER +
	    WRITE_KEY_SAMPLE);
	size_t lines;

	if (columns == 0)
		columns = 1;
	/* One more than the series: some have an ideal to compare with. */
	lines = (f->series + columns) / columns;
	*columns_of = (int)columns;
	*lines_of = (int)lines;
}

/* ---- the script ---------------------------------------------------------------- */

static void
write_terminal(const struct figure *f, enum figure_format format, FILE *out)
{
	static const int sizes[] = {
		[FIGURE_SVG] = 15, [FIGURE_PNG] = 12, [FIGURE_PDF] = 11,
		[FIGURE_DUMB] = 12,
	};
	int columns, lines, height, size = sizes[format];

	write_key(f, &columns, &lines);
	height = f->height + lines * WRITE_KEY_LINE;
	switch (format) {
	case FIGURE_SVG:
		fprintf(out, "set terminal svg size %d,%d dynamic noenhanced "
		    "font 'sans-serif,%d' background rgb 'white'\n", f->width,
		    height, size);
		break;
	case FIGURE_PNG:
		fprintf(out, "set terminal pngcairo size %d,%d noenhanced font "
		    "'sans,%d'\n", f->width, height, size);
		break;
	case FIGURE_PDF:
		fprintf(out, "set terminal pdfcairo size %.2fin,%.2fin "
		    "noenhanced font 'sans,%d'\n", f->width / 120.0,
		    height / 120.0, size);
		break;
	case FIGURE_DUMB:
		fprintf(out, "set terminal dumb nofeed noenhanced mono size "
		    "%d,%d\n", WRITE_MAIL_COLUMNS, f->height /
		    WRITE_MAIL_LINE + (int)f->series);
		break;
	}
	if (format != FIGURE_DUMB)
		fprintf(out, "set output '%s.%s'\n", f->file,
		    write_suffixes[format]);
	fprintf(out, "mail = %d\nkeylines = %d\nkeycolumns = %d\npixels = %d\n"
	    "fontsize = %d\n", format == FIGURE_DUMB, lines, columns, height,
	    size);
}

static int
write_template(const char *folder, const char *name, FILE *out, struct err *e)
{
	char *path = mem_printf("%s/%s.gp", folder, name);
	FILE *in = fopen(path, "re");
	char block[4096];
	size_t got;

	if (in == NULL) {
		err_set(e, "%s: cannot read the template: %s", path,
		    strerror(errno));
	} else {
		fprintf(out, "\n# ---- %s ----\n", name);
		while ((got = fread(block, 1, sizeof(block), in)) > 0)
			fwrite(block, 1, got, out);
		if (ferror(in))
			err_set(e, "%s: %s", path, strerror(errno));
		fclose(in);
	}
	free(path);
	return e->set ? -1 : 0;
}

static int
write_script(const struct figure *f, const struct figure_place *at, FILE *out,
    struct err *e)
{
	fprintf(out, "# Made by vmstress; `gnuplot %s.gp` draws it again.\n",
	    f->file);
	write_terminal(f, at->format, out);
	fprintf(out, "data = '%s.dat'\nseries = %zu\n", f->file, f->series);
	if (f->series > 0)
		fprintf(out, "array names[%zu] = [%s]\n", f->series,
		    str_text(&f->names));
	fputs(str_text(&f->head), out);
	if (write_template(at->templates, "style", out, e) != 0)
		return -1;
	return write_template(at->templates, f->template, out, e);
}

/* ---- files ------------------------------------------------------------------------ */

static int
write_folder(const char *dir, struct err *e)
{
	struct stat st;

	if (dir[0] == '\0')
		return err_set(e, "the folder for figures has no name");
	if (mkdir(dir, 0777) == 0)
		return 0;
	if (errno != EEXIST)
		return err_set(e, "%s: cannot make the folder: %s", dir,
		    strerror(errno));
	if (stat(dir, &st) != 0 || !S_ISDIR(st.st_mode))
		return err_set(e, "%s: is no folder (--output DIR)", dir);
	return 0;
}

static FILE *
write_open(const struct figure *f, const struct figure_place *at,
    const char *suffix, char **path, struct err *e)
{
	FILE *out;

	*path = mem_printf("%s/%s.%s", at->dir, f->file, suffix);
	out = fopen(*path, "we");
	if (out == NULL)
		err_set(e, "%s: cannot write: %s", *path, strerror(errno));
	return out;
}

static int
write_close(FILE *out, const char *path, struct err *e)
{
	int bad = ferror(out);

	if ((fclose(out) != 0 || bad) && !e->set)
		err_set(e, "%s: cannot write: %s", path, strerror(errno));
	return e->set ? -1 : 0;
}

static int
write_data(const struct figure *f, const struct figure_place *at,
    const char *suffix, const char *bytes, struct err *e)
{
	char *path;
	FILE *out = write_open(f, at, suffix, &path, e);

	if (out != NULL) {
		fputs(bytes, out);
		write_close(out, path, e);
	}
	free(path);
	return e->set ? -1 : 0;
}

int
figure_write(const struct figure *f, const struct figure_place *at,
    struct err *e)
{
	char *path;
	FILE *out;

	if (write_folder(at->dir, e) != 0)
		return -1;
	if (write_data(f, at, "dat", str_text(&f->data), e) != 0)
		return -1;
	if (f->svg != NULL)
		return write_data(f, at, "svg", f->svg, e);
	out = write_open(f, at, "gp", &path, e);
	if (out != NULL) {
		write_script(f, at, out, e);
		write_close(out, path, e);
	}
	free(path);
	return e->set ? -1 : 0;
}
