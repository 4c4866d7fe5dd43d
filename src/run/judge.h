/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Whether a launch is a fair one (record/validity.h), with what only can be
 * seen from outside the cell: settings of the machine before and after it.
 */
#ifndef VMSTRESS_JUDGE_H
#define VMSTRESS_JUDGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/protocol.h"
#include "record/json_line.h"
#include "record/validity.h"

struct judge_fact {
	char *key, *value;
};

#define JUDGE_FACTS 16

struct judge {
	struct validity validity;
	struct judge_fact before[JUDGE_FACTS];
	size_t nbefore;
	uint64_t begun_ns;
	uint64_t kernel_threads_ns;	/* until then; UINT64_MAX: not known */
	int64_t ahead_ns;		/* the time of day, of our clock */
};

/* A launch begins, on a machine with so many CPUs. */
void judge_begin(struct judge *j, const struct protocol_launch *l, int ncpus,
    bool swap_is_fine);
void judge_line(struct judge *j, const struct protocol_line *l);
void judge_log(struct judge *j, const char *class);

/* It has ended: the line of the journal, or NULL if it gave no numbers. */
struct json_line *judge_end(struct judge *j, const char *status, int cell,
    int launch);

void judge_free(struct judge *j);

#endif
