/* SPDX-License-Identifier: BSD-2-Clause */
/* Texts of a line of a manifest; see campaign_fields.h. */
#include "config.h"

#include "record/campaign_fields.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "record/campaign.h"
#include "record/reader_fields.h"

/* Whoever writes a manifest must not choose what else is read. */
static bool
campaign_fields_inside(const char *file)
{
	const char *part = file;
	size_t len;

	for (;; part += len + 1) {
		len = strcspn(part, "/");
		if (len == 0 || (len == 1 && part[0] == '.') ||
		    (len == 2 && part[0] == '.' && part[1] == '.'))
			return false;
		if (part[len] == '\0')
			return true;
	}
}

static int
campaign_fields_copy(const char *key, const char *value, char **text,
    struct err *e)
{
	if (strlen(value) > CAMPAIGN_TEXT_MAX)
		return err_set(e, "'%s' is longer than %d bytes", key,
		    CAMPAIGN_TEXT_MAX);
	*text = mem_strdup(value);
	return 0;
}

static int
campaign_fields_text(const json_t *line, const struct campaign_field *t,
    struct err *e)
{
	bool must = t->need == CAMPAIGN_REQUIRED || t->need == CAMPAIGN_INSIDE;
	bool inside = t->need == CAMPAIGN_INSIDE ||
	    t->need == CAMPAIGN_INSIDE_OR_NULL;
	const char *value;

	if ((must ? reader_fields_text : reader_fields_text_or_null)(line,
	    t->key, &value, e) < 0)
		return -1;
	if (value == NULL)
		return 0;
	if (inside && !campaign_fields_inside(value))
		return err_set(e, "'%s' is not a file in the folder", t->key);
	return campaign_fields_copy(t->key, value, t->text, e);
}

int
campaign_fields_texts(const json_t *line, const struct campaign_field *f,
    size_t n, struct err *e)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (campaign_fields_text(line, &f[i], e) < 0)
			return -1;
	return 0;
}

int
campaign_fields_list(const json_t *line, const char *key, size_t most,
    char ***texts, size_t *n, struct err *e)
{
	json_t *array = reader_fields_get(line, key);
	size_t i, size = json_array_size(array);
	const char *value;

	if (array == NULL)
		return 0;
	if (!json_is_array(array))
		return err_set(e, "'%s' is not an array", key);
	if (size > most)
		return err_set(e, "'%s' has %zu texts, more than %zu", key,
		    size, most);
	*texts = mem_zalloc(size * sizeof(**texts));
	for (i = 0; i < size; i++) {
		value = json_string_value(json_array_get(array, i));
		if (value == NULL)
			return err_set(e, "'%s' holds something that is not "
			    "text", key);
		if (campaign_fields_copy(key, value, &(*texts)[i], e) < 0)
			return -1;
		*n = i + 1;
	}
	return 0;
}
