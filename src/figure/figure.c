/* SPDX-License-Identifier: BSD-2-Clause */
/* Building figures; see figure.h. */
#include "config.h"

#include "figure/figure.h"

#include <ctype.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define FIGURE_WIDTH 960
#define FIGURE_HEIGHT 600
#define FIGURE_FILE_MAX 80

/* ---- text -------------------------------------------------------------------- */

/* Characters that XML does not allow, and its "]]>", which gnuplot writes as is. */
static size_t
figure_forbidden(const char *text)
{
	if (strncmp(text, "\xef\xbf\xbe", 3) == 0 ||
	    strncmp(text, "\xef\xbf\xbf", 3) == 0 ||
	    strncmp(text, "]]>", 3) == 0)
		return 3;
	return 0;
}

/*
 * What came out of a record is made short and free of what means something to
 * terminals or XML.  No character is cut in two.
 */
static char *
figure_safe(const char *text)
{
	char *safe = str_safe_copy(text), *from = safe, *to = safe;
	size_t skip;

	while (*from != '\0' && to - safe < FIGURE_TEXT_MAX) {
		skip = figure_forbidden(from);
		*to++ = skip > 0 ? '?' : *from;
		from += skip > 0 ? skip : 1;
	}
	while (to > safe && ((unsigned char)*from & 0xc0) == 0x80) {
		from--;
		to--;
	}
	*to = '\0';
	return safe;
}

/*
 * In single quotes gnuplot neither expands nor runs anything, but takes two of
 * them for one only in some places (5.4 not at the beginning): a text has none,
 * but U+2019 instead.
 */
static void
figure_quote(struct str *b, const char *text)
{
	char *safe = figure_safe(text);
	const char *s;

	str_add(b, "'");
	for (s = safe; *s != '\0'; s++) {
		if (*s == '\'')
			str_add(b, "\xe2\x80\x99");
		else
			str_addn(b, s, 1);
	}
	str_addf(b, "%s'", strlen(text) > FIGURE_TEXT_MAX ? "..." : "");
	free(safe);
}

static char *figure_format(const char *fmt, va_list args)
    __attribute__((format(printf, 1, 0)));

static char *
figure_format(const char *fmt, va_list args)
{
	struct str b = { 0 };

	str_add(&b, "");
	str_addv(&b, fmt, args);
	return b.s;
}

/* Letters, digits and a few signs stay; others become an underscore. */
static void
figure_plain(struct str *b, const char *text)
{
	for (; *text != '\0' && b->len < FIGURE_FILE_MAX; text++)
		str_addf(b, "%c", isalnum((unsigned char)*text) ||
		    strchr(".-", *text) != NULL ? *text : '_');
}

char *
figure_join(const char *a, const char *b)
{
	return mem_printf("%s%s%s", a, a[0] != '\0' && b[0] != '\0' ? ", " : "",
	    b);
}

/* ---- one figure --------------------------------------------------------------- */

static bool
figure_has_file(const struct figures *set, const char *file)
{
	size_t i;

	for (i = 0; i < set->count; i++)
		if (strcmp(set->list[i].file, file) == 0)
			return true;
	return false;
}

static char *
figure_file(const struct figures *set, const struct figure_kind *kind,
    const char *part, const char *other)
{
	struct str b = { 0 };
	char *file;
	int i;

	str_add(&b, kind->name);
	if (part[0] != '\0')
		str_add(&b, "-");
	figure_plain(&b, part);
	if (other[0] != '\0')
		str_add(&b, "-");
	figure_plain(&b, other);
	file = mem_strdup(str_text(&b));
	for (i = 2; figure_has_file(set, file); i++) {
		free(file);
		file = mem_printf("%s-%d", str_text(&b), i);
	}
	str_free(&b);
	return file;
}

struct figure *
figure_new(struct figures *set, const struct figure_kind *kind,
    const char *part, const char *other)
{
	char *file = figure_file(set, kind, part, other);
	struct figure *f;

	set->list = mem_grow(set->list, set->count, &set->cap,
	    sizeof(*set->list));
	f = &set->list[set->count++];
	memset(f, 0, sizeof(*f));
	f->kind = kind;
	f->template = kind->name;
	f->file = file;
	f->part = mem_strdup(part);
	f->other = mem_strdup(other);
	f->title = mem_strdup("");
	f->alt = mem_strdup("");
	f->width = FIGURE_WIDTH;
	f->height = FIGURE_HEIGHT;
	str_add(&f->data, "");
	str_add(&f->head, "");
	str_add(&f->names, "");
	return f;
}

void
figure_title(struct figure *f, const char *fmt, ...)
{
	va_list args;

	free(f->title);
	va_start(args, fmt);
	f->title = figure_format(fmt, args);
	va_end(args);
}

void
figure_alt(struct figure *f, const char *fmt, ...)
{
	va_list args;

	free(f->alt);
	va_start(args, fmt);
	f->alt = figure_format(fmt, args);
	va_end(args);
}

void
figure_text(struct figure *f, const char *name, const char *fmt, ...)
{
	va_list args;
	char *text;

	va_start(args, fmt);
	text = figure_format(fmt, args);
	va_end(args);
	str_addf(&f->head, "%s = ", name);
	figure_quote(&f->head, text);
	str_add(&f->head, "\n");
	free(text);
}

void
figure_number(struct figure *f, const char *name, double value)
{
	if (isnan(value))
		str_addf(&f->head, "%s = NaN\n", name);
	else
		str_addf(&f->head, "%s = %.10g\n", name, value);
}

void
figure_line(struct figure *f, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	str_addv(&f->head, fmt, args);
	va_end(args);
	str_add(&f->head, "\n");
}

/* 1, 2 or 5 times a power of ten, so that there are about five of them. */
static double
figure_step(double most)
{
	double step = pow(10, floor(log10(most / 5)));

	if (most / step > 25)
		return step * 5;
	return most / step > 10 ? step * 2 : step;
}

void
figure_tics(struct figure *f, const char *axis, double most)
{
	static const char *const prefixes[] = { "", "k", "M", "G", "T", "P" };
	size_t prefix = 0;
	double scale = 1, step;
	int i;

	if (!(most > 0) || !isfinite(most))
		return;
	while (most / scale >= 1000 &&
	    prefix + 1 < sizeof(prefixes) / sizeof(prefixes[0])) {
		scale *= 1000;
		prefix++;
	}
	step = figure_step(most);
	str_addf(&f->head, "set %stics (", axis);
	for (i = 0; i * step <= most * 1.0001; i++)
		str_addf(&f->head, "%s'%g%s' %.10g", i > 0 ? ", " : "",
		    i * step / scale, i > 0 ? prefixes[prefix] : "", i * step);
	str_add(&f->head, ")\n");
}

/* ---- its data ------------------------------------------------------------------- */

void
figure_series(struct figure *f, const char *columns, const char *fmt, ...)
{
	va_list args;
	char *name, *safe;

	va_start(args, fmt);
	name = figure_format(fmt, args);
	va_end(args);
	safe = figure_safe(name);
	str_addf(&f->data, "%s# %s\n%s\n", f->blocks++ > 0 ? "\n\n" : "",
	    safe, columns);
	if (f->series++ > 0)
		str_add(&f->names, ", ");
	figure_quote(&f->names, name);
	if (str_columns(safe) > f->longest)
		f->longest = str_columns(safe);
	free(safe);
	free(name);
}

void
figure_block(struct figure *f, const char *columns)
{
	str_addf(&f->data, "%s%s\n", f->blocks++ > 0 ? "\n\n" : "", columns);
}

/* In double quotes, where a data file has no escapes but its own. */
void
figure_cell(struct figure *f, const char *text)
{
	struct str *b = &f->data;
	char *safe = figure_safe(text);
	size_t i;

	str_add(b, "\"");
	for (i = 0; safe[i] != '\0'; i++)
		str_addf(b, "%c", strchr("\"\\", safe[i]) != NULL ? '\'' :
		    safe[i]);
	str_add(b, "\" ");
	free(safe);
}

static void
figure_value(struct figure *f, size_t i, double value)
{
	if (i > 0)
		str_add(&f->data, " ");
	if (isfinite(value))
		str_addf(&f->data, "%.10g", value);
	else
		str_add(&f->data, "NaN");
}

void
figure_row(struct figure *f, size_t n, ...)
{
	va_list args;
	size_t i;

	va_start(args, n);
	for (i = 0; i < n; i++)
		figure_value(f, i, va_arg(args, double));
	va_end(args);
	str_add(&f->data, "\n");
}

void
figure_row_of(struct figure *f, size_t n, const double *values)
{
	size_t i;

	for (i = 0; i < n; i++)
		figure_value(f, i, values[i]);
	str_add(&f->data, "\n");
}

/* ---- all of them ------------------------------------------------------------------ */

int
figures_make(struct figures *set, struct figure_source *s, const char *only,
    struct err *e)
{
	struct str names = { 0 };
	bool found = false;
	size_t i;
	int rc = 0;

	for (i = 0; figure_kinds[i] != NULL && rc == 0; i++) {
		const struct figure_kind *kind = figure_kinds[i];

		str_addf(&names, "%s%s", i > 0 ? ", " : "", kind->name);
		if (only != NULL && strcmp(only, kind->name) != 0)
			continue;
		found = true;
		rc = kind->make(set, kind, s, e);
	}
	if (!found)
		rc = err_set(e, "there is no figure '%s'; there are: %s", only,
		    str_text(&names));
	str_free(&names);
	return rc;
}

void
figures_free(struct figures *set)
{
	size_t i;

	for (i = 0; i < set->count; i++) {
		free(set->list[i].file);
		free(set->list[i].part);
		free(set->list[i].other);
		free(set->list[i].title);
		free(set->list[i].alt);
		free(set->list[i].svg);
		str_free(&set->list[i].data);
		str_free(&set->list[i].head);
		str_free(&set->list[i].names);
	}
	free(set->list);
	memset(set, 0, sizeof(*set));
}
