/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Results for reading: a heading, one table, and sentences on what went
 * wrong or deserves attention.
 */
#include "config.h"

#include "present/results.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "present/results_columns.h"
#include "present/table.h"

/* What goes first when the terminal is too narrow. */
static const enum column dispensable[] = {
	COLUMN_P90, COLUMN_P999, COLUMN_WORKER_MAX, COLUMN_WORKER_MIN,
	COLUMN_MAX, COLUMN_FAIR, COLUMN_P50, COLUMN_P99, COLUMN_CV,
	COLUMN_SYSTEM_SHARE,
};

/* Why there is no number in a row. */
static void
print_reason(struct str *b, const struct results_row *row)
{
	const char *status = results_status(row);

	if (strcmp(status, "skipped") == 0)
		str_addf(b, "unsupported: %s", row->reason != NULL ?
		    row->reason : "no reason given");
	else if (strcmp(status, "missing") == 0)
		str_add(b, "not measured");
	else
		str_add(b, status);
}

static void
print_row(struct table *t, const struct results_row *row, bool first,
    const bool *shown)
{
	struct str b = { 0 };
	int i;

	for (i = 0; i < COLUMNS; i++) {
		if (!shown[i])
			continue;
		str_reset(&b);
		if (i == COLUMN_MEDIAN && isnan(row->median)) {
			print_reason(&b, row);
			table_rest(t, str_text(&b));
			break;
		}
		if (first || !results_columns[i].per_cell)
			results_columns[i].print(&b, row);
		table_cell(t, str_text(&b));
	}
	str_free(&b);
}

/* The percentiles stand beside the headline, not in rows of their own. */
static struct table *
print_table(const struct results *r, bool wide, const bool *shown)
{
	struct table *t = table_new();
	int cell = -1;
	size_t i;

	for (i = 0; i < COLUMNS; i++)
		if (shown[i])
			table_column(t, results_columns[i].title,
			    results_columns[i].right);
	for (i = 0; i < r->nrows; i++) {
		if (r->rows[i].quantile && r->rows[i].cell == cell)
			continue;
		if ((r->rows[i].gauge || r->rows[i].detail) && !wide)
			continue;
		print_row(t, &r->rows[i], r->rows[i].cell != cell, shown);
		cell = r->rows[i].cell;
	}
	return t;
}

/* ---- what is worth a column ------------------------------------------- */

static bool
print_modes_differ(const struct results *r)
{
	size_t i;

	for (i = 1; i < r->nrows; i++)
		if (strcmp(r->rows[i].mode, r->rows[0].mode) != 0)
			return true;
	return false;
}

static bool
print_pins_differ(const struct results *r)
{
	size_t i;

	for (i = 1; i < r->nrows; i++)
		if (strcmp(r->rows[i].pin, r->rows[0].pin) != 0)
			return true;
	return false;
}

/* Does a sentence below the table speak of this cell? */
static bool
print_has_sentence(const struct results_row *row)
{
	const char *status = results_status(row);

	return strcmp(status, "ok") != 0 &&
	    !(strcmp(status, "skipped") == 0 && row->launches == 0);
}

static bool
print_speaks_of_cells(const struct results *r)
{
	size_t i;

	for (i = 0; i < r->nrows; i++)
		if (print_has_sentence(&r->rows[i]))
			return true;
	return r->nnotes > 0 || r->nlog > 0;
}

/* What is the same everywhere stands in the heading. */
static void
print_choose(const struct results *r, bool wide, bool *shown)
{
	int i;

	for (i = 0; i < COLUMNS; i++)
		shown[i] = wide || !results_columns[i].wide;
	shown[COLUMN_CELL] = wide || print_speaks_of_cells(r);
	shown[COLUMN_MODE] = wide || print_modes_differ(r);
	shown[COLUMN_PIN] = wide || print_pins_differ(r);
}

/*
 * Leave columns out, the least telling first, until the table fits.  Their
 * titles go to `missing`.
 */
static struct table *
print_fit(const struct results *r, bool *shown, int width,
    struct str *missing)
{
	struct table *t = print_table(r, false, shown);
	size_t i, before, n = sizeof(dispensable) / sizeof(dispensable[0]);

	for (i = 0; i < n && table_width(t) > (size_t)width; i++) {
		before = table_width(t);
		shown[dispensable[i]] = false;
		table_free(t);
		t = print_table(r, false, shown);
		if (table_width(t) < before)
			str_addf(missing, "%s%s", missing->len > 0 ? ", " : "",
			    results_columns[dispensable[i]].title);
	}
	return t;
}

/* ---- heading and sentences -------------------------------------------- */

/* Print text from a record, which may hold anything. */
static void
print_safe(FILE *out, const char *before, const char *text)
{
	struct str b = { 0 };

	if (text == NULL)
		return;
	str_add_safe(&b, text);
	fprintf(out, "%s%s", before, str_text(&b));
	str_free(&b);
}

/* Is "key=value" among the words of a text? */
static bool
print_has_word(const char *text, const char *word, size_t len)
{
	const char *at = text;

	while ((at = strstr(at, word)) != NULL) {
		if ((at == text || at[-1] == ' ') &&
		    (at[len] == ' ' || at[len] == '\0'))
			return true;
		at += len;
	}
	return false;
}

/*
 * Parameters that are the same in all cells have no column; of a record of one
 * workload they stand in the heading.
 */
static void
print_common_params(const struct results *r, FILE *out)
{
	struct str common = { 0 };
	const char *at;
	char *copy, *word, *rest;
	size_t i;

	for (i = 1; i < r->nrows; i++)
		if (strcmp(r->rows[i].workload, r->rows[0].workload) != 0)
			return;
	copy = rest = mem_strdup(r->rows[0].params);
	at = r->rows[0].params_short;
	while ((word = strsep(&rest, " ")) != NULL)
		if (word[0] != '\0' && !print_has_word(at, word, strlen(word)))
			str_addf(&common, "%s%s", common.len > 0 ? " " : "",
			    word);
	if (common.len > 0)
		print_safe(out, "", str_text(&common));
	if (common.len > 0)
		putc('\n', out);
	str_free(&common);
	free(copy);
}

static void
print_heading(const struct results *r, FILE *out)
{
	print_safe(out, "", r->file);
	print_safe(out, ": ", r->name);
	print_safe(out, ", label ", r->label);
	putc('\n', out);
	print_safe(out, "", r->kernel);
	print_safe(out, r->kernel != NULL ? " on " : "", r->machine);
	if (r->kernel != NULL || r->machine != NULL)
		putc('\n', out);
	if (r->nrows == 0 || r->method == NULL)
		return;
	fputs(r->method, out);
	if (!print_modes_differ(r))
		fprintf(out, ", %s mode", r->rows[0].mode);
	if (!print_pins_differ(r))
		print_safe(out, ", pin ", r->rows[0].pin);
	putc('\n', out);
	print_common_params(r, out);
}

static void
print_count(struct str *b, int n, const char *singular, const char *plural)
{
	if (n > 0)
		str_addf(b, ", %d %s", n, n == 1 ? singular : plural);
}

/* "cell 3: of 5 launches, 2 failed, 1 was not done: fork: out of memory" */
char *
results_sentence(const struct results_row *row)
{
	struct str b = { 0 };

	if (!print_has_sentence(row))
		return NULL;
	str_addf(&b, "cell %d: of %d launch%s", row->cell, row->planned,
	    row->planned == 1 ? "" : "es");
	print_count(&b, row->failed, "failed", "failed");
	print_count(&b, row->interrupted, "was interrupted",
	    "were interrupted");
	print_count(&b, row->skipped, "was skipped", "were skipped");
	print_count(&b, row->planned - row->launches - row->failed -
	    row->interrupted - row->skipped, "gave no number",
	    "gave no number");
	if (row->reason != NULL)
		str_addf(&b, ": %s", row->reason);
	return b.s;
}

static void
print_sentences(const struct results *r, FILE *out)
{
	char *text;
	size_t i;

	for (i = 0; i < r->nrows; i++) {
		if (i > 0 && r->rows[i].cell == r->rows[i - 1].cell)
			continue;
		text = results_sentence(&r->rows[i]);
		print_safe(out, "", text);
		if (text != NULL)
			putc('\n', out);
		free(text);
	}
	for (i = 0; i < r->nnotes; i++) {
		print_safe(out, "note: ", r->notes[i]);
		putc('\n', out);
	}
	if (r->nlog > 0)
		fputs("kernel log:\n", out);
	for (i = 0; i < r->nlog; i++) {
		print_safe(out, "  ", r->log[i]);
		putc('\n', out);
	}
}

void
results_print_text(const struct results *r, FILE *out, bool wide, int width)
{
	struct str missing = { 0 };
	bool shown[COLUMNS];
	struct table *t;

	print_heading(r, out);
	putc('\n', out);
	print_choose(r, wide, shown);
	if (wide || width <= 0)
		t = print_table(r, wide, shown);
	else
		t = print_fit(r, shown, width, &missing);
	if (r->nrows > 0)
		table_print(t, out);
	else
		fputs("no cells\n", out);
	if (missing.len > 0)
		fprintf(out, "not shown for lack of width: %s (see --wide)\n",
		    str_text(&missing));
	if (print_speaks_of_cells(r))
		putc('\n', out);
	print_sentences(r, out);
	table_free(t);
	str_free(&missing);
}
