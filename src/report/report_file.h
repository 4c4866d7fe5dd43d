/* SPDX-License-Identifier: BSD-2-Clause */
/* Files that are there whole or not at all. */
#ifndef VMSTRESS_REPORT_FILE_H
#define VMSTRESS_REPORT_FILE_H

#include <stddef.h>

#include "base/err.h"

/*
 * Write a file under another name beside it, then give it its own.  What is
 * there and is no plain file, like /dev/stdout, is written to as it is.
 */
int report_file_write(const char *path, const char *bytes, size_t len,
    struct err *e);

/* All of a file as a new string; NULL with an error. */
char *report_file_read(const char *path, struct err *e);

#endif
