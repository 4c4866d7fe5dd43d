/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What planning wants to know of a record beyond gather.h: how long launches
 * take with all that is around them, and their samples.
 */
#ifndef VMSTRESS_RESOLVE_RECORD_H
#define VMSTRESS_RESOLVE_RECORD_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "present/gather.h"

/* The samples of one launch. */
struct resolve_samples {
	int launch;
	double *log;		/* of each rate; NULL: there are none, or one
				 * that has no logarithm */
	size_t n;
};

struct resolve_cell {
	struct resolve_samples *samples;	/* rising, as told last */
	size_t nsamples, samples_cap;
	/* From the start of a launch to that of the next one. */
	double *apart_ns;
	size_t napart, apart_cap;
	/* Sums over launches that ended well, and their number. */
	double inside_ns, sampled_ns, launches, samples_told;
};

struct resolve_record {
	struct gather base;	/* first: handlers of gather.h get this */
	int (*told)(void *arg, const struct reader_launch *l);
	struct resolve_cell *cells;	/* by id */
	size_t ncells, cells_cap;
	int before;		/* cell of the launch before; -1: none */
	int64_t before_s;	/* when that was started */
	/* Numbers of its kernel and of its boot within all records. */
	size_t kernel, boot;
	size_t order;		/* as it was named */
};

int resolve_record_read(struct resolve_record *r, const char *path,
    struct err *e);
void resolve_record_free(struct resolve_record *r);

/* The samples of a launch, or NULL. */
const struct resolve_samples *resolve_record_samples(
    const struct resolve_record *r, int cell, int launch);

#endif
