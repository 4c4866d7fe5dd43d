/* SPDX-License-Identifier: BSD-2-Clause */
/* Programs of others, run to their end: apt-get, dpkg-deb, qemu --version. */
#ifndef VMSTRESS_COMMAND_H
#define VMSTRESS_COMMAND_H

#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

/*
 * argv[0] is searched for in PATH; the list ends with NULL.  Its standard input
 * is empty; its output goes to *output (NULL: nowhere), at most 4 MiB of it.
 * 0 when it ended with status 0; otherwise -1 with an error that has its last
 * lines of standard error.  After `timeout_ns` it is killed (0: never).  `dir`
 * is where it runs (NULL: here).
 */
int command_run(char *const argv[], const char *dir, uint64_t timeout_ns,
    struct str *output, struct err *e);

/* The path of a program as a shell would find it; a new string, or NULL. */
char *command_find(const char *name);

#endif
