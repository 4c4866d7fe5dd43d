/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One JSON object, built field by field and written as one line.  Hides the
 * JSON library from everybody else.  Text that is not UTF-8 has its bad bytes
 * replaced by U+FFFD; a number that is not finite becomes null; an unsigned
 * number above 2^63 - 1 becomes text, because many readers cannot hold it.
 */
#ifndef VMSTRESS_JSON_LINE_H
#define VMSTRESS_JSON_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct json_line;

struct json_line *json_line_new(void);
void json_line_free(struct json_line *j);

/* A NULL text is null. */
void json_line_text(struct json_line *j, const char *key, const char *value);
void json_line_int(struct json_line *j, const char *key, int64_t value);
void json_line_u64(struct json_line *j, const char *key, uint64_t value);
void json_line_real(struct json_line *j, const char *key, double value);
void json_line_bool(struct json_line *j, const char *key, bool value);
void json_line_null(struct json_line *j, const char *key);
void json_line_u64s(struct json_line *j, const char *key, const uint64_t *v,
    size_t n);
void json_line_ints(struct json_line *j, const char *key, const int *v,
    size_t n);

/* Append [first, second] to an array field (made when needed). */
void json_line_u64_pair(struct json_line *j, const char *key, uint64_t first,
    uint64_t second);

/* An empty array, for one that may stay empty. */
void json_line_list(struct json_line *j, const char *key);

/* Append to an array field (made when needed). */
void json_line_append_text(struct json_line *j, const char *key,
    const char *value);
void json_line_append_real(struct json_line *j, const char *key, double value);

/*
 * "a.b" style: set text in the object `section` (made when needed) of this
 * object.
 */
void json_line_fact(struct json_line *j, const char *section, const char *key,
    const char *value);

/* Take over `child` as a field, or as the next element of an array field. */
void json_line_object(struct json_line *j, const char *key,
    struct json_line *child);
void json_line_append(struct json_line *j, const char *key,
    struct json_line *child);

/*
 * Take over `from` (NULL does nothing): its fields become fields of this
 * object, except those that it has already.
 */
void json_line_merge(struct json_line *j, struct json_line *from);

/* Compact text without newline; a new string (free it). */
char *json_line_string(const struct json_line *j);

#endif
