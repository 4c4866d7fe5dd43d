/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Workloads from shared objects.  Linked into vmstress and the dynamic twin of
 * vmstress-cell only: a static program cannot load code.
 */
#ifndef VMSTRESS_PLUGIN_H
#define VMSTRESS_PLUGIN_H

#include "base/err.h"
#include "workload.h"

/*
 * Load a plug-in and add its workload to the registry.  The object exports one
 * struct named vms_workload_NAME; NAME is that of the file (`lib` prefix and
 * suffix removed, dashes become underscores).
 */
const struct vms_workload *plugin_load(const char *file, struct err *e);

#endif
