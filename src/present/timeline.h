/* SPDX-License-Identifier: BSD-2-Clause */
/* One launch in time: its phases and what the system did in each. */
#ifndef VMSTRESS_TIMELINE_H
#define VMSTRESS_TIMELINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "record/reader.h"

/* Memory at a moment; UINT64_MAX: not recorded. */
struct timeline_memory {
	bool known;
	uint64_t available;
	uint64_t bytes[READER_SPENT];
};

struct timeline_phase {
	char *name, *unit;
	uint64_t index;			/* how many of this name came before */
	uint64_t ops, elapsed_ns;
	uint64_t members;		/* of the population; 0: not known */
	struct timeline_memory after;
	uint64_t step_ns, *stalls;	/* the worst of each step */
	size_t nstalls;
	double user_cpus, system_cpus;	/* NAN: not recorded */
};

struct timeline {
	struct timeline_phase *phases;	/* as they came */
	size_t nphases, cap;
	struct timeline_memory start;
	int cell, launch;
	struct err *e;
};

/* Free `t` in any case.  No phase: there is no such launch, or it has none. */
int timeline_read(struct timeline *t, const char *path, int cell, int launch,
    struct err *e);
void timeline_free(struct timeline *t);

#endif
