/* SPDX-License-Identifier: BSD-2-Clause */
/* In what the machines of two records differ, beside what was measured. */
#ifndef VMSTRESS_COMPARE_ENV_H
#define VMSTRESS_COMPARE_ENV_H

#include <stdbool.h>
#include <stddef.h>

#include "present/facts.h"

struct compare_env {
	const char *key;
	const char *base, *new;	/* NULL: not known; of the facts */
	bool expected;		/* the kernel is another one, or built anew */
};

/*
 * Facts that are not the same, sorted by key: the expected ones are what is
 * compared, the others confound the comparison.  What is never the same twice
 * (the boot, load, free memory) is left out.  A new array; free it.
 */
struct compare_env *compare_env_differences(const struct facts *base,
    const struct facts *new, size_t *count);

#endif
