/* SPDX-License-Identifier: BSD-2-Clause */
/* The functions of a profile, and how much of it each has. */
#ifndef VMSTRESS_PROFILE_FUNCTIONS_H
#define VMSTRESS_PROFILE_FUNCTIONS_H

#include "present/insight_gather.h"

struct profile_function {
	const char *name;
	double self;		/* samples in it */
	double total;		/* samples in it or what it called */
};

struct profile_functions {
	struct names names;
	struct profile_function *list;	/* greatest self first */
	size_t count, cap;
	double samples;		/* all, also those without a stack */
	double kernel, user, lost;
	int launches;
};

void profile_functions(const struct insight_part *p,
    struct profile_functions *f);
void profile_functions_free(struct profile_functions *f);

/* User code is named "program:function". */
bool profile_is_kernel(const char *frame);

#endif
