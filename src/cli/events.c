/* SPDX-License-Identifier: BSD-2-Clause */
/* vmstress events: what this machine can count, and why not the rest. */
#include "config.h"

#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "base/str.h"
#include "cli/cli.h"
#include "present/table.h"
#include "record/json_line.h"
#include "run/events.h"
#include "run/events_catalogue.h"

enum { EVENTS_JSON };

/* Lists are wrapped here where there is no terminal. */
#define EVENTS_WIDTH 79

static const struct cli_option events_options[] = {
	{ "json", 0, NULL, "the same as JSON, always with every event" },
	CLI_OPTIONS_END
};

/* An event that is wanted, or several that are summed up. */
struct events_row {
	enum events_kind kind;
	char *name;
	char *status, *reason;
	size_t count;		/* of names in a row that sums up, or 0 */
};

struct events_list {
	const char *pattern;	/* NULL: everything, summed up */
	bool json;
	struct events_row *rows;
	size_t count, cap;
};

/* ---- gathering --------------------------------------------------------- */

/* Shell patterns; a word is also found within a name. */
static bool
events_match(const char *pattern, const char *name)
{
	size_t i, n = strlen(pattern);

	if (fnmatch(pattern, name, FNM_CASEFOLD) == 0)
		return true;
	for (i = 0; name[i] != '\0'; i++)
		if (strncasecmp(name + i, pattern, n) == 0)
			return true;
	return false;
}

/* How much of a name stands for all of its kind: "sched", "skl". */
static size_t
events_stem(const struct events_list *list, const struct events_entry *entry)
{
	if (list->pattern != NULL || list->json || entry->name == NULL)
		return 0;
	if (entry->kind == EVENTS_KIND_TRACEPOINT ||
	    entry->kind == EVENTS_KIND_PROCESSOR)
		return strcspn(entry->name, ":");
	return 0;
}

static bool
events_same(const char *a, const char *b)
{
	return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

/* The row that sums up this entry, too, or NULL. */
static struct events_row *
events_summary(struct events_list *list, const struct events_entry *entry,
    size_t stem)
{
	struct events_row *row;
	size_t i;

	for (i = 0; stem > 0 && i < list->count; i++) {
		row = &list->rows[i];
		if (row->count > 0 && row->kind == entry->kind &&
		    strlen(row->name) == stem &&
		    strncmp(row->name, entry->name, stem) == 0 &&
		    events_same(row->reason, entry->reason))
			return row;
	}
	return NULL;
}

static char *
events_text(const char *s)
{
	return s != NULL ? mem_strdup(s) : NULL;
}

static void
events_gather_any(void *arg, const struct events_entry *entry)
{
	struct events_list *list = arg;
	size_t stem = events_stem(list, entry);
	struct events_row *row;

	row = events_summary(list, entry, stem);
	if (row != NULL) {
		row->count++;
		return;
	}
	list->rows = mem_grow(list->rows, list->count, &list->cap,
	    sizeof(*list->rows));
	row = &list->rows[list->count++];
	row->kind = entry->kind;
	row->name = stem > 0 ? mem_strndup(entry->name, stem) :
	    events_text(entry->name);
	row->status = events_text(entry->status);
	row->reason = events_text(entry->reason);
	row->count = stem > 0 ? 1 : 0;
}

static void
events_gather(void *arg, const struct events_entry *entry)
{
	struct events_list *list = arg;

	if (list->pattern == NULL || (entry->name != NULL &&
	    events_match(list->pattern, entry->name)))
		events_gather_any(list, entry);
}

static void
events_list_free(struct events_list *list)
{
	size_t i;

	for (i = 0; i < list->count; i++) {
		free(list->rows[i].name);
		free(list->rows[i].status);
		free(list->rows[i].reason);
	}
	free(list->rows);
}

/* ---- wrapped lists ----------------------------------------------------- */

/* Words on lines that are indented, separated by commas. */
struct events_wrap {
	size_t indent, column;
	bool first;
};

static void
events_wrap_word(struct events_wrap *w, const char *word)
{
	size_t width = cli_width() > 0 ? (size_t)cli_width() : EVENTS_WIDTH;
	struct str text = { 0 };
	size_t n;

	str_add_safe(&text, word);
	n = str_columns(str_text(&text));
	if (!w->first)
		w->column += (size_t)printf(",");
	/* One column is for the comma that may follow. */
	if (!w->first && w->column + 1 + n + 1 > width) {
		printf("\n%*s", (int)w->indent, "");
		w->column = w->indent;
	} else if (!w->first) {
		w->column += (size_t)printf(" ");
	}
	printf("%s", str_text(&text));
	w->column += n;
	w->first = false;
	str_free(&text);
}

/* The sets that are wanted; how many. */
static size_t
events_print_sets(const char *pattern)
{
	const char *const *members;
	const char *name;
	size_t i, count = 0;

	for (i = 0; (name = events_catalogue_set(i, &members)) != NULL; i++) {
		struct events_wrap w = { 12, 12, true };

		if (pattern != NULL && !events_match(pattern, name))
			continue;
		if (count++ == 0)
			printf("sets:\n");
		printf("  %-10s", name);
		if (*members == NULL)
			printf("(nothing)");
		for (; *members != NULL; members++)
			events_wrap_word(&w, *members);
		printf("\n");
	}
	return count;
}

/* ---- everything, summed up --------------------------------------------- */

static void
events_wrap_row(struct events_wrap *w, const struct events_row *row)
{
	char *text;

	if (row->count == 0) {
		events_wrap_word(w, row->name);
		return;
	}
	text = mem_printf("%s (%zu)", row->name, row->count);
	events_wrap_word(w, text);
	free(text);
}

/* Why something is not counted: status in words, reason. */
static char *
events_why(const struct events_row *row)
{
	char *text = mem_printf("%s: %s", row->status, row->reason), *at;

	for (at = text; *at != ':'; at++)
		if (*at == '_')
			*at = ' ';
	return text;
}

/* All rows from `first` on that are of its kind and have its reason. */
static void
events_print_group(const struct events_list *list, size_t first, bool *done)
{
	const struct events_row *head = &list->rows[first], *row;
	struct events_wrap w = { 4, 4, true };
	bool names = head->name != NULL;
	struct str text = { 0 };
	char *why;
	size_t i;

	printf("  %s", events_catalogue_kind(head->kind));
	if (head->status != NULL) {
		why = events_why(head);
		str_add_safe(&text, why);
		printf(": %s", str_text(&text));
		str_free(&text);
		free(why);
	}
	printf(names ? ":\n    " : "\n");
	for (i = first; i < list->count; i++) {
		row = &list->rows[i];
		if (done[i] || row->kind != head->kind ||
		    !events_same(row->reason, head->reason))
			continue;
		done[i] = true;
		if (row->name != NULL)
			events_wrap_row(&w, row);
	}
	if (names)
		printf("\n");
}

static void
events_print_groups(const struct events_list *list, bool counted,
    const char *title)
{
	bool *done = mem_zalloc(list->count + 1);
	size_t i;

	for (i = 0; i < list->count; i++) {
		if (done[i] || (list->rows[i].status == NULL) != counted)
			continue;
		if (title != NULL)
			printf("\n%s:\n", title);
		title = NULL;
		events_print_group(list, i, done);
	}
	free(done);
}

static void
events_print_all(const struct events_list *list)
{
	size_t i;

	events_print_sets(NULL);
	events_print_groups(list, true, "counted here");
	events_print_groups(list, false, "not counted here");
	for (i = 0; i < list->count && list->rows[i].count == 0; i++)
		;
	if (i < list->count)
		printf("\n`vmstress events '%s:*'` lists them singly.\n",
		    list->rows[i].name);
}

/* ---- what a pattern finds ---------------------------------------------- */

static void
events_print_found(const struct events_list *list)
{
	struct table *t;
	char *why;
	size_t i;

	if (events_print_sets(list->pattern) > 0 && list->count > 0)
		printf("\n");
	t = table_new();
	table_column(t, "event", false);
	table_column(t, "kind", false);
	table_column(t, "counted", false);
	for (i = 0; i < list->count; i++) {
		const struct events_row *row = &list->rows[i];

		why = row->status != NULL ? events_why(row) : NULL;
		table_cell(t, row->name);
		table_cell(t, events_catalogue_kind(row->kind));
		table_cell(t, why != NULL ? why : "yes");
		free(why);
	}
	if (list->count > 0)
		table_print(t, stdout);
	table_free(t);
}

static void
events_json_sets(struct json_line *j, const char *pattern)
{
	struct json_line *sets = json_line_new();
	const char *const *members;
	const char *name;
	size_t i;

	for (i = 0; (name = events_catalogue_set(i, &members)) != NULL; i++) {
		if (pattern != NULL && !events_match(pattern, name))
			continue;
		json_line_list(sets, name);
		for (; *members != NULL; members++)
			json_line_append_text(sets, name, *members);
	}
	json_line_object(j, "sets", sets);
}

static void
events_print_json(const struct events_list *list)
{
	struct json_line *j = json_line_new(), *one;
	char *text;
	size_t i;

	events_json_sets(j, list->pattern);
	json_line_list(j, "events");
	for (i = 0; i < list->count; i++) {
		const struct events_row *row = &list->rows[i];

		one = json_line_new();
		json_line_text(one, "name", row->name);
		json_line_text(one, "kind", events_catalogue_kind(row->kind));
		json_line_text(one, "status",
		    row->status != NULL ? row->status : "ok");
		if (row->reason != NULL)
			json_line_text(one, "reason", row->reason);
		json_line_append(j, "events", one);
	}
	text = json_line_string(j);
	printf("%s\n", text);
	free(text);
	json_line_free(j);
}

/*
 * Nothing is called like that, but perhaps it is a name with modes, a filter, or
 * numbers.  CLI_FAILED, and the reason is printed, when it is none.
 */
static int
events_one(struct events_list *list)
{
	struct err e = { 0 };
	int status;

	if (strpbrk(list->pattern, "*?") != NULL ||
	    events_check(list->pattern, &e) < 0)
		return cli_complainf(CLI_FAILED, "events: nothing is called "
		    "'%s'", list->pattern);
	events_catalogue_one(list->pattern, events_gather_any, list);
	if (list->rows[0].status == NULL ||
	    strcmp(list->rows[0].status, "unknown_event") != 0)
		return CLI_OK;
	status = cli_complainf(CLI_FAILED, "events: %s", list->rows[0].reason);
	return status;
}

static bool
events_any_set(const char *pattern)
{
	const char *const *members;
	const char *name;
	size_t i;

	for (i = 0; (name = events_catalogue_set(i, &members)) != NULL; i++)
		if (events_match(pattern, name))
			return true;
	return false;
}

static int
events_list_print(struct events_list *list)
{
	if (list->pattern != NULL && list->count == 0 &&
	    !events_any_set(list->pattern) && events_one(list) != CLI_OK)
		return CLI_FAILED;
	if (list->json)
		events_print_json(list);
	else if (list->pattern != NULL)
		events_print_found(list);
	else
		events_print_all(list);
	return CLI_OK;
}

static int
events_run(int argc, char **argv)
{
	struct events_list list = { 0 };
	const char *value;
	int opt, next, status;

	while ((opt = cli_next_option(&cli_events, argc, argv, &value,
	    &next)) >= 0)
		list.json |= opt == EVENTS_JSON;
	if (opt != CLI_DONE)
		return opt == CLI_HELP ? CLI_OK : CLI_USAGE;
	if (argc - next > 1)
		return cli_complainf(CLI_USAGE, "events: one pattern at most");
	if (next < argc)
		list.pattern = argv[next];
	events_catalogue(events_gather, &list);
	status = events_list_print(&list);
	events_free();
	events_list_free(&list);
	return status;
}

const struct cli_command cli_events = {
	.name = "events",
	.args = "[PATTERN]",
	.summary = "say what this machine can count, and why not the rest",
	.options = events_options,
	.run = events_run,
};
