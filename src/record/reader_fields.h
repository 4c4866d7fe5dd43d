/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Typed fields of a parsed line; only for the reader.  Each returns 0, or -1
 * with an error that names the field.  A field that is null counts as absent.
 */
#ifndef VMSTRESS_READER_FIELDS_H
#define VMSTRESS_READER_FIELDS_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/* The field, or NULL when it is absent. */
json_t *reader_fields_get(const json_t *line, const char *key);

/* Required text; optional text, which is NULL when absent. */
int reader_fields_text(const json_t *line, const char *key, const char **value,
    struct err *e);
int reader_fields_text_or_null(const json_t *line, const char *key,
    const char **value, struct err *e);

/* Required text out of a list that ends with NULL. */
int reader_fields_choice(const json_t *line, const char *key,
    const char *const *choices, const char **value, struct err *e);

/* A whole number, required; and one with a value for when it is absent. */
int reader_fields_u64(const json_t *line, const char *key, uint64_t *value,
    struct err *e);
int reader_fields_u64_or(const json_t *line, const char *key, uint64_t absent,
    uint64_t *value, struct err *e);

/* A required whole number between bounds, inclusive. */
int reader_fields_int(const json_t *line, const char *key, int low, int high,
    int *value, struct err *e);

/* A number; NAN when absent. */
int reader_fields_real(const json_t *line, const char *key, double *value,
    struct err *e);

/* Seconds since 1970 of "2026-11-20T10:20:30Z"; -1: absent, or no such text. */
int64_t reader_fields_moment(const json_t *line, const char *key);

/* False when absent. */
int reader_fields_bool(const json_t *line, const char *key, bool *value,
    struct err *e);

/* A required array of `count` whole numbers, added to `sum`. */
int reader_fields_add(const json_t *line, const char *key, uint64_t *sum,
    int count, struct err *e);

/* One whole number as it stands in a field or an array. */
bool reader_fields_whole(const json_t *number, uint64_t *value);

/* sum += value, unless that is too large for 64 bits. */
int reader_fields_sum(uint64_t *sum, uint64_t value, const char *key,
    struct err *e);

#endif
