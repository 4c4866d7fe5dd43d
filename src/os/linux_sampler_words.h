/* SPDX-License-Identifier: BSD-2-Clause */
/* Why samples cannot be taken, in words; only for linux_sampler.c. */
#ifndef VMSTRESS_LINUX_SAMPLER_WORDS_H
#define VMSTRESS_LINUX_SAMPLER_WORDS_H

#include "os/sampler.h"

/* The current errno refused the event, or the memory for samples; -1. */
int linux_sampler_words_event(const struct os_sampler_plan *plan,
    struct err *e);
int linux_sampler_words_ring(struct err *e);

/* Why the kernel's code is not seen. */
const char *linux_sampler_words_user_only(void);

#endif
