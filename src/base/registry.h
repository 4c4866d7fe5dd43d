/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The workloads that this program knows: the built-in table, generated from
 * workloads/Makemodule.am, and the plug-ins loaded since.
 */
#ifndef VMSTRESS_REGISTRY_H
#define VMSTRESS_REGISTRY_H

#include "base/err.h"
#include "workload.h"

/* One row of the generated table (workloads/table.c). */
struct registry_row {
	const struct vms_workload *workload;
	const char *about;	/* the first comment of its source file */
};

extern const struct registry_row registry_builtin[];	/* ends with NULL */

/* The i-th known workload, in the table's order, plug-ins last; or NULL. */
const struct vms_workload *registry_at(int i);

/* By name; on failure the error names the nearest one. */
const struct vms_workload *registry_find(const char *name, struct err *e);

/* The documentation paragraph of a workload, or NULL for a plug-in. */
const char *registry_about(const struct vms_workload *wl);

/* The file a workload was loaded from, or NULL for a built-in. */
const char *registry_file(const struct vms_workload *wl);

/*
 * ABI, name, hooks that its kind requires, and parameter rows.  The error says
 * which is missing.
 */
int registry_check(const struct vms_workload *wl, struct err *e);

/*
 * Make a workload known.  `file` names where it came from and is copied.
 * Fails when it is not well formed or its name is taken.
 */
int registry_add(const struct vms_workload *wl, const char *file,
    struct err *e);

#endif
