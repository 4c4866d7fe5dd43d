/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which limit it was.  The limits of a system answer with a handful of errors
 * that look alike; the one that is used up at that moment is the one.
 */
#ifndef VMSTRESS_REFUSAL_H
#define VMSTRESS_REFUSAL_H

#include <stddef.h>

#include "os/os.h"

/* os_limits(), or the table of a test. */
typedef void refusal_limits_fn(os_limit_fn *fn, void *arg);

/*
 * Write to `buf` why `call` ("fork", "pipe", "mmap", "pthread_create", ...)
 * was refused with `errnum`: "fork: cgroup pids.max is 500 (500 in use)", or
 * the text of the error when no limit of that kind is seen to be used up.
 * Ask while what was built is alive: `limits` is walked at once.
 */
void refusal_explain(char *buf, size_t len, const char *call, int errnum,
    refusal_limits_fn *limits);

#endif
