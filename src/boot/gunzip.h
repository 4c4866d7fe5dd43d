/* SPDX-License-Identifier: BSD-2-Clause */
/* The beginning of what a gzipped file holds, or all of it. */
#ifndef VMSTRESS_GUNZIP_H
#define VMSTRESS_GUNZIP_H

#include <stddef.h>

#include "base/err.h"
#include "base/str.h"

/* At most `max` bytes into *out, which is emptied first. */
int gunzip_file(const char *path, size_t max, struct str *out, struct err *e);

#endif
