/* SPDX-License-Identifier: BSD-2-Clause */
/* In place of plugin.c where code cannot be loaded: in a static program. */
#include "config.h"

#include "base/plugin.h"

#include <stddef.h>

const struct vms_workload *
plugin_load(const char *file, struct err *e)
{
	err_set(e, "cannot load %s: this program is static; plug-ins "
	    "run in vmstress-cell-dynamic", file);
	return NULL;
}
