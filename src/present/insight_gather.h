/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What observers saw, reduced while a record is read: a few sums for each
 * counter, statistic and stack of each launch.
 */
#ifndef VMSTRESS_INSIGHT_GATHER_H
#define VMSTRESS_INSIGHT_GATHER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "present/gather.h"
#include "present/names.h"

/* What somebody wants to know; the rest of a record is passed over. */
enum insight_wanted {
	INSIGHT_COUNTERS = 1,
	INSIGHT_STATISTICS = 2,
	INSIGHT_PROFILE = 4
};

enum insight_kind {
	INSIGHT_COUNTER,
	INSIGHT_KSTAT,
	INSIGHT_SLAB,
	INSIGHT_USAGE,
	INSIGHT_SOURCE,		/* of statistics: what they are of */
	INSIGHT_SAMPLES,	/* of the profile: samples, kernel, user, lost */
	INSIGHT_STACK,
	INSIGHT_KINDS
};

/* Sums over the samples or repetitions of one launch. */
struct insight_value {
	int launch;
	uint64_t index;		/* of the sample that was added last */
	double sum;
	/* Meanwhile; NAN: not known of all samples, or of no use. */
	double ops, ns;
	double enabled_ns, running_ns;
	double least, most;	/* of workers or CPUs; NAN: not known */
};

struct insight_item {
	enum insight_kind kind;
	const char *name;
	struct insight_value *values;	/* one per launch that has it */
	size_t nvalues, values_cap;
	char *status, *reason;		/* why not in some launch, or NULL */
	double *each;			/* of the launch being read */
	size_t neach;
	bool of_cpus;			/* `least` and `most` are of CPUs */
};

/* The measured part of a cell, or one of its phases. */
struct insight_part {
	char *phase;			/* NULL: the measured part */
	char *unit;			/* of its operation */
	struct names names;		/* kind and name of the items */
	struct insight_item *items;
	size_t nitems, items_cap;
	/* Of the profile; NULL: there is none. */
	char *event, *scope, *status, *reason;
	uint64_t rate_hz;
};

struct insight_cell {
	struct insight_part *parts;
	size_t nparts, parts_cap;
	int launches;			/* that ended well */
	int counted_only;		/* of them: those that are no result */
	int last;			/* greatest number of a launch + 1 */
	bool counts;			/* the launch being read ended well */
	bool times;			/* and its times are those of a result */
	char *mode;			/* how was counted, or NULL */
};

struct insight {
	struct gather base;		/* the cells by the same index */
	char *file;
	struct insight_cell *cells;
	size_t ncells, cells_cap;
	size_t bytes;			/* so far */
};

/* Free `in` in any case. */
int insight_read(struct insight *in, const char *path, unsigned wanted,
    struct err *e);
void insight_free(struct insight *in);

/* The item of that name, or NULL. */
const struct insight_item *insight_item(const struct insight_part *p,
    enum insight_kind kind, const char *name);

/* Is there anything of a kind? */
bool insight_has(const struct insight_part *p, enum insight_kind kind);

/* The sum over all launches. */
double insight_sum(const struct insight_item *item);

#endif
