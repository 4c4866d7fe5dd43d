/* SPDX-License-Identifier: BSD-2-Clause */
/* Records as operands, with the names of their kernels: NAME=RECORD. */
#ifndef VMSTRESS_INPUTS_H
#define VMSTRESS_INPUTS_H

#include "present/compare.h"

struct cli_inputs {
	struct compare_input *list;	/* paths are those of the operands */
	char **names;			/* owned */
	size_t count;
};

/*
 * "base=a.jsonl", or a path alone; a path with '=' is written "./a=b".  Free
 * them in any case.
 */
void cli_inputs_take(struct cli_inputs *in, char **operands, size_t n);
void cli_inputs_free(struct cli_inputs *in);

#endif
