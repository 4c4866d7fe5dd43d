/* SPDX-License-Identifier: BSD-2-Clause */
/* Lists of event names; see event_list.h. */
#include "config.h"

#include "base/event_list.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"

/* Of what somebody wrote, so much is repeated in an error. */
#define EVENT_LIST_QUOTE 80

/*
 * The end of a filter, behind its bracket; NULL when there is none.  In quotes
 * everything is text.
 */
static const char *
event_list_filter(const char *s)
{
	char quote = '\0';
	int depth = 0;

	for (; *s != '\0'; s++) {
		if (quote != '\0') {
			if (*s == quote)
				quote = '\0';
			continue;
		}
		if (*s == '"' || *s == '\'')
			quote = *s;
		else if (*s == '[')
			depth++;
		else if (*s == ']' && --depth == 0)
			return s + 1;
	}
	return NULL;
}

static bool
event_list_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* The end of the item that starts at `s`, with the blanks after it. */
static const char *
event_list_item_end(const char *s, struct err *e)
{
	const char *at, *slash;

	for (at = s; *at != '\0' && *at != ','; at++) {
		if (*at == '[') {
			at = event_list_filter(at);
			if (at == NULL) {
				err_set(e, "event '%.*s': '[' without ']'",
				    EVENT_LIST_QUOTE, s);
				return NULL;
			}
			if (*at != '\0' && *at != ',' && !event_list_blank(*at)) {
				err_set(e, "event '%.*s': something follows "
				    "the filter", EVENT_LIST_QUOTE, s);
				return NULL;
			}
			at--;
		} else if (*at == '/') {
			slash = strchr(at + 1, '/');
			if (slash == NULL) {
				err_set(e, "event '%.*s': the second '/' is "
				    "missing", EVENT_LIST_QUOTE, s);
				return NULL;
			}
			at = slash;
		}
	}
	return at;
}

/* Outside of a filter, a name has no blanks, and nothing unprintable. */
static int
event_list_check_item(const char *item, struct err *e)
{
	const char *at;

	if (*item == '\0')
		return err_set(e, "a list of events has an empty item "
		    "(`none` is for no events)");
	if (*item == '[' || *item == '/' || *item == ':')
		return err_set(e, "event '%.*s' has no name", EVENT_LIST_QUOTE,
		    item);
	for (at = item; *at != '\0' && *at != '['; at++)
		if (event_list_blank(*at) || strchr("]\"'", *at) != NULL)
			return err_set(e, "event '%.*s': there is a '%c' in "
			    "its name", EVENT_LIST_QUOTE, item, *at);
	for (at = item; *at != '\0'; at++)
		if (iscntrl((unsigned char)*at))
			return err_set(e, "event '%.*s': there is a control "
			    "character in it", EVENT_LIST_QUOTE, item);
	return 0;
}

char *
event_list_next(const char **list, struct err *e)
{
	const char *start = *list, *end;
	char *item;
	size_t len;

	while (event_list_blank(*start))
		start++;
	end = event_list_item_end(start, e);
	if (end == NULL)
		return NULL;
	*list = *end == ',' ? end + 1 : NULL;
	len = (size_t)(end - start);
	while (len > 0 && event_list_blank(start[len - 1]))
		len--;
	item = mem_strndup(start, len);
	if (event_list_check_item(item, e) < 0) {
		free(item);
		return NULL;
	}
	return item;
}

/* Is the name a whole one of the list so far? */
static bool
event_list_has(char **names, size_t n, const char *name)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (strcmp(names[i], name) == 0)
			return true;
	return false;
}

char *
event_list_canonical(const char *list, struct err *e)
{
	char **names = NULL, *name, *text;
	size_t n = 0, cap = 0, i;
	struct str b = { 0 };

	while (list != NULL && (name = event_list_next(&list, e)) != NULL) {
		if (event_list_has(names, n, name)) {
			free(name);
			continue;
		}
		names = mem_grow(names, n, &cap, sizeof(*names));
		names[n++] = name;
	}
	for (i = 0; i < n; i++) {
		str_addf(&b, "%s%s", i > 0 ? "," : "", names[i]);
		free(names[i]);
	}
	free(names);
	text = e->set ? NULL : mem_strdup(str_text(&b));
	str_free(&b);
	return text;
}
