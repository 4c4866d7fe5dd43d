/* SPDX-License-Identifier: BSD-2-Clause */
/* What the kernel counts for the whole system, to be read before and after. */
#ifndef VMSTRESS_STATISTICS_H
#define VMSTRESS_STATISTICS_H

#include <stddef.h>
#include <stdint.h>

/* Files that stay open between readings, and room for what is in them. */
struct os_statistics;

/*
 * One value.  `source` is one of few constant texts ("vmstat"), `name` has
 * `len` bytes and no terminator and is valid during the call, as the system
 * spells it.  Most values only rise; some (of vmstat those that begin with nr_)
 * are a state and fall again.  Values of the system that have 32 bits are
 * continued beyond them.
 */
typedef void os_statistics_fn(void *arg, const char *source, const char *name,
    size_t len, uint64_t value);

/*
 * `root` is a folder that stands for the system's root in a test (where there
 * are files to be read), or NULL.  NULL with ENOTSUP when the system tells
 * nothing of this.
 */
struct os_statistics *os_statistics_open(const char *root);

/*
 * All values of all sources that can be read, in the same order each time;
 * `*at_ns` is the middle of the time that it took.  Allocates nothing unless
 * there is more to read than ever before.  Times are in nanoseconds and those
 * of all processors together.  0, or -1 when there was none.
 */
int os_statistics_read(struct os_statistics *s, uint64_t *at_ns,
    os_statistics_fn *fn, void *arg);

/*
 * Memory in bytes that each cache of the kernel's allocators takes, with the
 * source "slab"; two of the same name are possible.  It walks all of them: not
 * to be called while something is timed.  0, or -1 with errno: ENOTSUP, or
 * EACCES for want of privilege.
 */
int os_statistics_slabs(struct os_statistics *s, os_statistics_fn *fn,
    void *arg);

void os_statistics_close(struct os_statistics *s);

#endif
