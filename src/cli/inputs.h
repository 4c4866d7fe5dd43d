/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Records as operands, with the names of their kernels: NAME=RECORD, and
 * campaigns, which are all their records.
 */
#ifndef VMSTRESS_INPUTS_H
#define VMSTRESS_INPUTS_H

#include "base/err.h"
#include "present/compare.h"

struct cli_inputs {
	struct compare_input *list;
	size_t count;
	struct compare_campaign *campaigns;	/* among the operands */
	size_t ncampaigns;
	char **texts;				/* owned */
	size_t ntexts;
};

/*
 * "base=a.jsonl", or a path alone; a path with '=' is written "./a=b".  A folder
 * is a campaign: the records of its boots that count, named by their kernels, in
 * the order of the kernels in the manifest; an input without a path stands for a
 * kernel without records.  Free them in any case.
 */
int cli_inputs_take(struct cli_inputs *in, char **operands, size_t n,
    struct err *e);

/* The same, but an operand is only a path, and kernels without records are not
 * there. */
int cli_inputs_paths(struct cli_inputs *in, char **operands, size_t n,
    struct err *e);
/* Their paths; free the array. */
char **cli_inputs_list(const struct cli_inputs *in);
void cli_inputs_free(struct cli_inputs *in);

#endif
