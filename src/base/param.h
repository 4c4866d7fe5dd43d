/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Parameter rows at work: text into a workload's typed struct and back.  Used
 * by the plan (to check and canonicalize) and by the cell (to fill the struct).
 */
#ifndef VMSTRESS_PARAM_H
#define VMSTRESS_PARAM_H

#include "base/err.h"
#include "base/str.h"
#include "workload.h"

/* The row of that name, or NULL. */
const struct vms_param *param_find(const struct vms_param *rows,
    const char *name);

/* How many rows a table has; NULL counts as empty. */
int param_count(const struct vms_param *rows);

/*
 * Parse `text` into the field of `params` that `row` describes.  Strings are
 * not copied: `text` must outlive the struct.  The error says what was wrong
 * and what is right: "'12q' is not a size (try 64M)", "'3' is below the
 * minimum 4", "'shraed' is not one of: private, shared (did you mean
 * 'shared'?)".
 */
int param_set(const struct vms_param *row, void *params, const char *text,
    struct err *e);

/* Every field to its default. */
int param_defaults(const struct vms_param *rows, void *params, struct err *e);

/* Append the canonical text of a field: "128M", "shared", "true". */
void param_put(const struct vms_param *row, const void *params, struct str *b);

/* "size (4K..1T)", "one of: private, shared", ...: what the row accepts. */
void param_accepts(const struct vms_param *row, struct str *b);

/*
 * Are the rows well formed?  Names unique and lower case, defaults and bounds
 * parse and agree, choices present, fields inside the struct.
 */
int param_check_table(const struct vms_param *rows, size_t params_size,
    struct err *e);

#endif
