/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * All that a guest needs, in one initramfs: this program as /init, its own
 * programs, the plan, the plug-ins, and every shared object and loader that
 * these name.  No shell, no other program.
 */
#ifndef VMSTRESS_PACK_H
#define VMSTRESS_PACK_H

#include <stddef.h>

#include "base/err.h"

/* Where things are inside. */
#define PACK_FOLDER "/vmstress"
#define PACK_PROGRAM PACK_FOLDER "/vmstress"	/* /init links to it */
#define PACK_PLAN PACK_FOLDER "/plan.jsonl"
#define PACK_PLUGINS PACK_FOLDER "/plugins"

struct pack {
	const char *program;	/* vmstress; NULL: the one that runs */
	const char *libexec;	/* folder of its own programs; NULL: ours */
	const char *sysroot;	/* libraries of another architecture; or NULL */
	const char *plan;	/* file for PACK_PLAN: header and cells of a record */
	const char *const *plugins;	/* files for PACK_PLUGINS, by base name */
	size_t nplugins;
};

/*
 * Make it at `path`.  *arch (may be NULL) becomes the architecture of the
 * program as uname -m has it.
 */
int pack_make(const struct pack *p, const char *path, const char **arch,
    struct err *e);

#endif
