/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The output of a cell that ran without a supervisor (`vmstress-cell <plan
 * >out`) into a record.  Such output often comes over a serial line: carriage
 * returns are dropped, and lines that are not the protocol's are counted and
 * left out.
 */
#ifndef VMSTRESS_IMPORT_H
#define VMSTRESS_IMPORT_H

#include <stddef.h>

#include "base/err.h"
#include "plan/plan.h"
#include "record/journal.h"

struct import_counts {
	size_t launches;	/* with an end */
	size_t unfinished;	/* without one: recorded as failed */
	size_t foreign;		/* lines that were left out */
};

/*
 * Read `path` twice: once for the plan that was run (into *p, which the caller
 * frees), once for the lines.  The journal must be open and empty.
 */
int import_run(struct plan *p, const char *path, struct journal *j,
    struct import_counts *counts, struct err *e);

#endif
