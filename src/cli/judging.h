/* SPDX-License-Identifier: BSD-2-Clause */
/* The options of commands that judge records: how, and what counts. */
#ifndef VMSTRESS_JUDGING_H
#define VMSTRESS_JUDGING_H

#include "base/err.h"
#include "present/compare.h"

/* Zero-initialize, and free in any case. */
struct cli_judging {
	struct compare_input *null;
	size_t nnull;
};

/*
 * Take an option by its long name: alpha, ci, col, min-effect, null, seed, all
 * or keep-invalid.  1: taken, 0: it is none of them, -1 with an error.
 */
int cli_judging_option(struct cli_judging *j, struct compare *c,
    const char *command, const char *option, const char *value, struct err *e);
void cli_judging_free(struct cli_judging *j);

#endif
