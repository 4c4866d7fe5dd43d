/* SPDX-License-Identifier: BSD-2-Clause */
/* Fields of the protocol as fields of the journal; see journal_fields.h. */
#include "config.h"

#include "record/journal_fields.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* A number that ends at `end`; false when the text is none. */
static bool
take_u64(const char **text, char end, uint64_t *value)
{
	char *stop;

	if (**text < '0' || **text > '9')
		return false;
	errno = 0;
	*value = strtoull(*text, &stop, 10);
	*text = stop;
	return errno == 0 && (*stop == end || *stop == '\0');
}

static int
put_pairs(struct json_line *j, const struct journal_field *f, const char *text,
    struct err *e)
{
	const char *at = text;
	uint64_t first, second;

	for (;;) {
		if (!take_u64(&at, ':', &first) || *at++ != ':' ||
		    !take_u64(&at, ',', &second))
			return err_set(e, "'%s' is not a list of pairs",
			    f->key);
		json_line_u64_pair(j, f->key, first, second);
		if (*at++ == '\0')
			return 0;
	}
}

/* Words between separators; no text is no word. */
static void
put_words(struct json_line *j, const struct journal_field *f, const char *text,
    char separator)
{
	const char *end;
	char *word;

	json_line_list(j, f->key);
	while (*text != '\0') {
		end = strchr(text, separator);
		if (end == NULL)
			end = text + strlen(text);
		word = mem_strndup(text, (size_t)(end - text));
		json_line_append_text(j, f->key, word);
		free(word);
		text = *end != '\0' ? end + 1 : end;
	}
}

/* "name:-12" up to `end`; a name may hold colons. */
static bool
put_delta(struct json_line *values, const char *text, const char *end)
{
	const char *colon = end, *digits;
	long long value;
	char *name, *stop;

	while (colon > text && colon[-1] != ':')
		colon--;
	if (colon <= text + 1)
		return false;
	digits = *colon == '-' ? colon + 1 : colon;
	if (*digits < '0' || *digits > '9')
		return false;
	errno = 0;
	value = strtoll(colon, &stop, 10);
	if (errno != 0 || stop != end)
		return false;
	name = mem_strndup(text, (size_t)(colon - 1 - text));
	json_line_int(values, name, value);
	free(name);
	return true;
}

/* An object of signed numbers; no text is an empty one. */
static int
put_deltas(struct json_line *j, const struct journal_field *f,
    const char *text, struct err *e)
{
	struct json_line *values = json_line_new();
	const char *end;

	while (*text != '\0') {
		end = strchr(text, ',');
		if (end == NULL)
			end = text + strlen(text);
		if (!put_delta(values, text, end)) {
			json_line_free(values);
			return err_set(e, "'%s' is not a list of names with "
			    "numbers", f->key);
		}
		text = *end != '\0' ? end + 1 : end;
	}
	json_line_object(j, f->key, values);
	return 0;
}

static int
put_list(struct json_line *j, const struct protocol_line *line,
    const struct journal_field *f, struct err *e)
{
	uint64_t *v = NULL;
	int n = protocol_get_list(line, f->key, &v, e);

	if (n >= 0)
		json_line_u64s(j, f->key, v, (size_t)n);
	free(v);
	return n < 0 ? -1 : 0;
}

static int
put_number(struct json_line *j, const struct protocol_line *line,
    const struct journal_field *f, struct err *e)
{
	uint64_t value;

	if (protocol_get_u64(line, f->key, &value, e) < 0)
		return -1;
	if (f->type == FIELD_BOOL)
		json_line_bool(j, f->key, value != 0);
	else
		json_line_u64(j, f->key, value);
	return 0;
}

static int
put_missing(struct json_line *j, const struct journal_field *f, struct err *e)
{
	if (f->need == FIELD_REQUIRED)
		return err_set(e, "'%s' is missing", f->key);
	if (f->need == FIELD_NULL)
		json_line_null(j, f->key);
	return 0;
}

static int
put_field(struct json_line *j, const struct protocol_line *line,
    const struct journal_field *f, struct err *e)
{
	const char *text = protocol_get(line, f->key);
	double real;

	if (text == NULL)
		return put_missing(j, f, e);
	switch (f->type) {
	case FIELD_TEXT:
		json_line_text(j, f->key, text);
		return 0;
	case FIELD_U64:
	case FIELD_BOOL:
		return put_number(j, line, f, e);
	case FIELD_REAL:
		if (protocol_get_double(line, f->key, &real, e) < 0)
			return -1;
		json_line_real(j, f->key, real);
		return 0;
	case FIELD_LIST:
		return put_list(j, line, f, e);
	case FIELD_PAIRS:
		return put_pairs(j, f, text, e);
	case FIELD_WORDS:
		put_words(j, f, text, ',');
		return 0;
	case FIELD_FRAMES:
		put_words(j, f, text, ';');
		return 0;
	case FIELD_DELTAS:
		return put_deltas(j, f, text, e);
	}
	return 0;
}

int
journal_fields_put(struct json_line *j, const struct protocol_line *line,
    const struct journal_field *f, struct err *e)
{
	for (; f->key != NULL; f++)
		if (put_field(j, line, f, e) < 0)
			return err_prefix(e, "line '%s'", line->keyword);
	return 0;
}
