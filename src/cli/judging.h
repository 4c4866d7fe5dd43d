/* SPDX-License-Identifier: BSD-2-Clause */
/* The options of commands that judge records: how, and what counts. */
#ifndef VMSTRESS_JUDGING_H
#define VMSTRESS_JUDGING_H

#include "base/err.h"
#include "present/compare.h"

/* The rows that these commands share. */
#define CLI_JUDGING_OPTIONS						\
	{ "alpha", 0, "P", "false alarms allowed in the whole table; 0.05" }, \
	{ "ci", 0, "OF", "intervals hold for each point, or for the family" }, \
	{ "col", 0, "FACT", "what names a kernel, like kernel.version" },	\
	{ "min-effect", 0, "SHARE", "the least change that matters; 2%" },	\
	{ "null", 0, "RECORD", "the base once more: the A/A floor; repeatable" }, \
	{ "seed", 0, "N", "of labellings that are drawn; 1" },		\
	{ "all", 0, NULL, "details as well" },				\
	{ "keep-invalid", 0, NULL, "launches that broke a rule count, too" }

#define CLI_JUDGING_COUNT 8

/* Zero-initialize, and free in any case. */
struct cli_judging {
	struct compare_input *null;
	size_t nnull;
};

/*
 * Take one of them by its long name.  1: taken, 0: it is none of them, -1 with an error.
 */
int cli_judging_option(struct cli_judging *j, struct compare *c,
    const char *command, const char *option, const char *value, struct err *e);
void cli_judging_free(struct cli_judging *j);

#endif
