/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A run that was cut short, read back from its record: the plan it followed
 * and the launches that need not be done again.
 */
#ifndef VMSTRESS_RESUME_H
#define VMSTRESS_RESUME_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "plan/plan.h"

struct resume {
	struct plan plan;
	bool **done;		/* [cell][launch] */
	size_t ndone;		/* launches that are done */
};

/*
 * Every cell must be in the record, and its workload here with the version and
 * the parameters that it had then; plug-ins are loaded by the caller before.
 * A launch is done when it ended ok, skipped or failed; an interrupted one, or
 * one without an end, is not.  On failure nothing is left to free.
 */
int resume_read(struct resume *r, const char *path, struct err *e);

bool resume_done(const struct resume *r, int cell, int launch);
void resume_free(struct resume *r);

#endif
