/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The contract for a group of processes of our own, so that events can be
 * counted for its members alone (counter.h).  A part of the contract with the
 * operating system, see os.h; Linux has it in linux_group.c, and on systems
 * without it everything is -1 with ENOTSUP.
 */
#ifndef VMSTRESS_GROUP_H
#define VMSTRESS_GROUP_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * The path that a group below the caller's own would have, for the run of
 * process `owner`.  0, or -1 with errno: ENOENT: no hierarchy of groups that
 * can be used for it is mounted.
 */
int os_group_path(pid_t owner, char *path, size_t len);

/*
 * Make it.  Groups that runs have left whose owner is gone are removed.  0, or
 * -1 with errno.
 */
int os_group_make(const char *path);

/* The calling process goes there, with what it starts from then on. */
int os_group_enter(const char *path);

/*
 * Remove it; members that are about to end are waited for, at most
 * `timeout_ns`.  None there is 0.
 */
int os_group_remove(const char *path, uint64_t timeout_ns);

#endif
