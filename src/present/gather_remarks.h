/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What was remarked while launches ran: lines of the kernel's log, and whether
 * a launch is a fair one.
 */
#ifndef VMSTRESS_GATHER_REMARKS_H
#define VMSTRESS_GATHER_REMARKS_H

#include <stddef.h>
#include <stdint.h>

#include "record/reader.h"

struct gather;

/* All that is of one class, and the first of it. */
struct gather_said {
	char *class;
	uint64_t count;
	char *text;
	char *phase;		/* or NULL */
	int cell, launch;	/* -1: between launches */
};

struct gather_remarks {
	struct gather_said *said;
	size_t nsaid, cap;
};

/* Handlers of the reader; `arg` is a struct gather. */
int gather_remarks_log(void *arg, int cell, int launch,
    const struct reader_log *log);
int gather_remarks_validity(void *arg, int cell, int launch,
    const struct reader_validity *v);

void gather_remarks_free(struct gather_remarks *r);

#endif
