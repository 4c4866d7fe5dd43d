/* SPDX-License-Identifier: BSD-2-Clause */
/* JSON objects built field by field; see json_line.h. */
#include "config.h"

#include "record/json_line.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"

struct json_line {
	json_t *object;
};

/*
 * The library shares our rule for memory: an allocation does not fail.  So
 * nothing below can lose a field for want of it.
 */
struct json_line *
json_line_new(void)
{
	struct json_line *j = mem_zalloc(sizeof(*j));

	json_set_alloc_funcs(mem_zalloc, free);
	j->object = json_object();
	return j;
}

void
json_line_free(struct json_line *j)
{
	if (j == NULL)
		return;
	json_decref(j->object);
	free(j);
}

/* Append text to `b` with U+FFFD in the place of every bad byte. */
static void
json_line_repair(struct str *b, const char *text, size_t len)
{
	size_t bad;

	while (!str_utf8(text, len, &bad)) {
		str_addn(b, text, bad);
		str_add(b, "\xef\xbf\xbd");
		text += bad + 1;
		len -= bad + 1;
	}
	str_addn(b, text, len);
}

static json_t *
json_line_string_value(const char *text)
{
	size_t len = strlen(text), bad;
	struct str b = { 0 };
	json_t *value;

	if (str_utf8(text, len, &bad))
		return json_stringn_nocheck(text, len);
	json_line_repair(&b, text, len);
	value = json_stringn_nocheck(str_text(&b), b.len);
	str_free(&b);
	return value;
}

/* Set a field; takes over `value`. */
static void
json_line_set(json_t *object, const char *key, json_t *value)
{
	struct str b = { 0 };

	json_line_repair(&b, key, strlen(key));
	json_object_set_new_nocheck(object, str_text(&b), value);
	str_free(&b);
}

/* The field `key` of `object`; `empty` (taken over) when there is none. */
static json_t *
json_line_member(json_t *object, const char *key, json_t *empty)
{
	struct str b = { 0 };
	json_t *member;

	json_line_repair(&b, key, strlen(key));
	member = json_object_get(object, str_text(&b));
	if (json_typeof(empty) == (member ? json_typeof(member) : JSON_NULL)) {
		json_decref(empty);
	} else {
		json_object_set_new_nocheck(object, str_text(&b), empty);
		member = empty;
	}
	str_free(&b);
	return member;
}

/* JSON integers end at 2^63 - 1 for many readers; larger ones are text. */
static json_t *
json_line_u64_value(uint64_t value)
{
	json_t *text;
	char *digits;

	if (value <= INT64_MAX)
		return json_integer((json_int_t)value);
	digits = mem_printf("%llu", (unsigned long long)value);
	text = json_string_nocheck(digits);
	free(digits);
	return text;
}

void
json_line_text(struct json_line *j, const char *key, const char *value)
{
	json_line_set(j->object, key,
	    value != NULL ? json_line_string_value(value) : json_null());
}

void
json_line_int(struct json_line *j, const char *key, int64_t value)
{
	json_line_set(j->object, key, json_integer(value));
}

void
json_line_u64(struct json_line *j, const char *key, uint64_t value)
{
	json_line_set(j->object, key, json_line_u64_value(value));
}

void
json_line_real(struct json_line *j, const char *key, double value)
{
	json_line_set(j->object, key,
	    isfinite(value) ? json_real(value) : json_null());
}

void
json_line_bool(struct json_line *j, const char *key, bool value)
{
	json_line_set(j->object, key, json_boolean(value));
}

void
json_line_null(struct json_line *j, const char *key)
{
	json_line_set(j->object, key, json_null());
}

void
json_line_u64s(struct json_line *j, const char *key, const uint64_t *v,
    size_t n)
{
	json_t *array = json_array();
	size_t i;

	for (i = 0; i < n; i++)
		json_array_append_new(array, json_line_u64_value(v[i]));
	json_line_set(j->object, key, array);
}

void
json_line_ints(struct json_line *j, const char *key, const int *v, size_t n)
{
	json_t *array = json_array();
	size_t i;

	for (i = 0; i < n; i++)
		json_array_append_new(array, json_integer(v[i]));
	json_line_set(j->object, key, array);
}

void
json_line_u64_pair(struct json_line *j, const char *key, uint64_t first,
    uint64_t second)
{
	json_t *array = json_line_member(j->object, key, json_array());
	json_t *pair = json_array();

	json_array_append_new(pair, json_line_u64_value(first));
	json_array_append_new(pair, json_line_u64_value(second));
	json_array_append_new(array, pair);
}

void
json_line_list(struct json_line *j, const char *key)
{
	json_line_set(j->object, key, json_array());
}

void
json_line_append_text(struct json_line *j, const char *key, const char *value)
{
	json_array_append_new(json_line_member(j->object, key, json_array()),
	    json_line_string_value(value));
}

void
json_line_append_real(struct json_line *j, const char *key, double value)
{
	json_array_append_new(json_line_member(j->object, key, json_array()),
	    isfinite(value) ? json_real(value) : json_null());
}

void
json_line_fact(struct json_line *j, const char *section, const char *key,
    const char *value)
{
	json_t *object = json_line_member(j->object, section, json_object());

	json_line_set(object, key,
	    value != NULL ? json_line_string_value(value) : json_null());
}

void
json_line_object(struct json_line *j, const char *key, struct json_line *child)
{
	json_line_set(j->object, key, json_incref(child->object));
	json_line_free(child);
}

void
json_line_append(struct json_line *j, const char *key, struct json_line *child)
{
	json_array_append(json_line_member(j->object, key, json_array()),
	    child->object);
	json_line_free(child);
}

void
json_line_merge(struct json_line *j, struct json_line *from)
{
	if (from == NULL)
		return;
	json_object_update_missing(j->object, from->object);
	json_line_free(from);
}

char *
json_line_string(const struct json_line *j)
{
	size_t len = json_dumpb(j->object, NULL, 0, JSON_COMPACT);
	char *text = mem_zalloc(len + 1);

	json_dumpb(j->object, text, len, JSON_COMPACT);
	return text;
}
