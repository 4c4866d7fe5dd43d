/* SPDX-License-Identifier: BSD-2-Clause */
/* The lines of a profile; shared by sampling.c and sampling_report.c. */
#ifndef VMSTRESS_SAMPLING_REPORT_H
#define VMSTRESS_SAMPLING_REPORT_H

#include "engine/engine.h"
#include "observe/profile.h"

/* The measured part, or a phase of one repeat or, when merged, of more. */
struct sampling_part {
	int index;
	char *phase;		/* or NULL */
	int merged;		/* repeats in it */
};

/* Names that stand for programs without one. */
#define SAMPLING_NAME_OTHERS 0	/* too many to be told apart */
#define SAMPLING_NAME_GONE 1	/* of processes that had ended */

struct sampling_result {
	struct profile *profile;	/* used up */
	const struct sampling_part *part;
	int nparts;
	char *const *names;	/* of the other programs */
	const char *scope;
	const char *without;	/* what was not sampled and why, or NULL */
};

/* It could not be done, as errno `num` says; 0: there is a status already. */
void sampling_report_refused(struct engine *en, int num, const char *reason);

/* Everything; takes up to some hundred milliseconds. */
void sampling_report(struct engine *en, const struct sampling_result *r);

#endif
