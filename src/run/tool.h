/* SPDX-License-Identifier: BSD-2-Clause */
/* Which build of vmstress it is that measures, for the record. */
#ifndef VMSTRESS_TOOL_H
#define VMSTRESS_TOOL_H

#include "plan/plan.h"
#include "record/json_line.h"

/*
 * An object of texts: version, compiler, a digest of the program that is
 * measured, and of each plug-in of the plan ("plugin_msync.so").  What cannot
 * be read is not in it.
 */
struct json_line *tool_facts(const struct plan *p);

#endif
