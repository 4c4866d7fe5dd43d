/* SPDX-License-Identifier: BSD-2-Clause */
/* Lists of event names; see event_list.h. */
#include "config.h"

#include "base/event_list.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"

/* How long a name is; -1 when something in it stays open. */
static long
event_list_length(const char *text, struct err *e)
{
	bool slash = false, bracket = false;
	long n;

	for (n = 0; text[n] != '\0'; n++) {
		if (text[n] == ',' && !slash && !bracket)
			break;
		if (text[n] == '[' && !slash)
			bracket = true;
		else if (text[n] == ']')
			bracket = false;
		else if (text[n] == '/' && !bracket)
			slash = !slash;
	}
	if (!slash && !bracket)
		return n;
	return err_set(e, "'%.80s': the '%c' is not closed", text,
	    bracket ? '[' : '/');
}

char *
event_list_next(const char **rest, struct err *e)
{
	const char *text = *rest;
	long len;
	char *name;

	if (*text == '\0')
		return NULL;
	text += strspn(text, " \t");
	len = event_list_length(text, e);
	if (len < 0)
		return NULL;
	*rest = text + len + (text[len] == ',' ? 1 : 0);
	while (len > 0 && (text[len - 1] == ' ' || text[len - 1] == '\t'))
		len--;
	if (len == 0) {
		err_set(e, "an empty name of an event");
		return NULL;
	}
	name = mem_strndup(text, (size_t)len);
	return name;
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

	while ((name = event_list_next(&list, e)) != NULL) {
		if (event_list_has(names, n, name)) {
			free(name);
			continue;
		}
		names = mem_grow(names, n, &cap, sizeof(*names));
		names[n++] = name;
	}
	if (n == 0 && !e->set)
		err_set(e, "an empty name of an event");
	for (i = 0; i < n; i++) {
		str_addf(&b, "%s%s", i > 0 ? "," : "", names[i]);
		free(names[i]);
	}
	free(names);
	text = e->set ? NULL : mem_strdup(str_text(&b));
	str_free(&b);
	return text;
}
