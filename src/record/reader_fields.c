/* SPDX-License-Identifier: BSD-2-Clause */
/* Typed fields of a parsed line; see reader_fields.h. */
#include "config.h"

#include "record/reader_fields.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/str.h"

json_t *
reader_fields_get(const json_t *line, const char *key)
{
	json_t *field = json_object_get(line, key);

	return json_is_null(field) ? NULL : field;
}

int
reader_fields_text_or_null(const json_t *line, const char *key,
    const char **value, struct err *e)
{
	json_t *field = reader_fields_get(line, key);

	*value = NULL;
	if (field == NULL)
		return 0;
	if (!json_is_string(field))
		return err_set(e, "'%s' is not text", key);
	*value = json_string_value(field);
	return 0;
}

int
reader_fields_text(const json_t *line, const char *key, const char **value,
    struct err *e)
{
	if (reader_fields_text_or_null(line, key, value, e) < 0)
		return -1;
	if (*value == NULL)
		return err_set(e, "'%s' is missing", key);
	return 0;
}

/* Errors quote the record, which may hold anything. */
static int
reader_fields_bad_choice(const char *key, const char *value, struct err *e)
{
	struct str safe = { 0 };

	str_add_safe(&safe, value);
	err_set(e, "'%s' has the unknown value '%.40s'", key, str_text(&safe));
	str_free(&safe);
	return -1;
}

int
reader_fields_choice(const json_t *line, const char *key,
    const char *const *choices, const char **value, struct err *e)
{
	if (reader_fields_text(line, key, value, e) < 0)
		return -1;
	for (; *choices != NULL; choices++)
		if (strcmp(*value, *choices) == 0)
			return 0;
	return reader_fields_bad_choice(key, *value, e);
}

/* Numbers above 2^63 - 1 are text of digits (json_line.h). */
bool
reader_fields_whole(const json_t *number, uint64_t *value)
{
	const char *text = json_string_value(number);
	uint64_t v = 0;
	unsigned digit;

	if (json_is_integer(number) && json_integer_value(number) >= 0) {
		*value = (uint64_t)json_integer_value(number);
		return true;
	}
	if (text == NULL || *text == '\0')
		return false;
	for (; *text != '\0'; text++) {
		if (*text < '0' || *text > '9')
			return false;
		digit = (unsigned)(*text - '0');
		if (v > (UINT64_MAX - digit) / 10)
			return false;
		v = v * 10 + digit;
	}
	*value = v;
	return true;
}

int
reader_fields_u64(const json_t *line, const char *key, uint64_t *value,
    struct err *e)
{
	json_t *field = reader_fields_get(line, key);

	if (field == NULL)
		return err_set(e, "'%s' is missing", key);
	if (!reader_fields_whole(field, value))
		return err_set(e, "'%s' is not a whole number of 0 or more",
		    key);
	return 0;
}

int
reader_fields_u64_or(const json_t *line, const char *key, uint64_t absent,
    uint64_t *value, struct err *e)
{
	*value = absent;
	if (reader_fields_get(line, key) == NULL)
		return 0;
	return reader_fields_u64(line, key, value, e);
}

int
reader_fields_int(const json_t *line, const char *key, int low, int high,
    int *value, struct err *e)
{
	uint64_t v;

	if (reader_fields_u64(line, key, &v, e) < 0)
		return -1;
	if (v < (uint64_t)low || v > (uint64_t)high)
		return err_set(e, "'%s' is %" PRIu64 ", not between %d and %d",
		    key, v, low, high);
	*value = (int)v;
	return 0;
}

int
reader_fields_real(const json_t *line, const char *key, double *value,
    struct err *e)
{
	json_t *field = reader_fields_get(line, key);

	*value = NAN;
	if (field == NULL)
		return 0;
	if (!json_is_number(field))
		return err_set(e, "'%s' is not a number", key);
	*value = json_number_value(field);
	return 0;
}

int
reader_fields_bool(const json_t *line, const char *key, bool *value,
    struct err *e)
{
	json_t *field = reader_fields_get(line, key);

	*value = false;
	if (field == NULL)
		return 0;
	if (!json_is_boolean(field))
		return err_set(e, "'%s' is neither true nor false", key);
	*value = json_is_true(field);
	return 0;
}

int
reader_fields_sum(uint64_t *sum, uint64_t value, const char *key,
    struct err *e)
{
	if (value > UINT64_MAX - *sum)
		return err_set(e, "'%s' adds up to more than 64 bits hold",
		    key);
	*sum += value;
	return 0;
}

int
reader_fields_add(const json_t *line, const char *key, uint64_t *sum,
    int count, struct err *e)
{
	json_t *array = reader_fields_get(line, key);
	uint64_t value;
	int i;

	if (array == NULL)
		return err_set(e, "'%s' is missing", key);
	if (!json_is_array(array))
		return err_set(e, "'%s' is not an array", key);
	if (json_array_size(array) != (size_t)count)
		return err_set(e, "'%s' has %zu numbers for %d %s", key,
		    json_array_size(array), count,
		    count == 1 ? "worker" : "workers");
	for (i = 0; i < count; i++) {
		if (!reader_fields_whole(json_array_get(array, (size_t)i),
		    &value))
			return err_set(e, "'%s' holds something that is not "
			    "a whole number of 0 or more", key);
		if (reader_fields_sum(&sum[i], value, key, e) < 0)
			return -1;
	}
	return 0;
}

int64_t
reader_fields_moment(const json_t *line, const char *key)
{
	const char *text = json_string_value(json_object_get(line, key));
	struct tm tm = { 0 };
	time_t seconds;
	int end = -1;

	if (text == NULL || sscanf(text, "%4d-%2d-%2dT%2d:%2d:%2dZ%n",
	    &tm.tm_year, &tm.tm_mon, &tm.tm_mday, &tm.tm_hour, &tm.tm_min,
	    &tm.tm_sec, &end) != 6 || end < 0 || text[end] != '\0')
		return -1;
	tm.tm_year -= 1900;
	tm.tm_mon--;
	seconds = timegm(&tm);
	return seconds < 0 ? -1 : seconds;
}
