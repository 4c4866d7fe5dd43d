/* SPDX-License-Identifier: BSD-2-Clause */
/* What a file is that is no kernel to boot, and what to give instead. */
#ifndef VMSTRESS_IMAGE_OTHER_H
#define VMSTRESS_IMAGE_OTHER_H

#include "base/err.h"
#include "boot/binary.h"

/* Set the error that says so; -1. */
int image_other(const char *path, const struct binary *b, struct err *e);

/* The same for a folder, which may be a tree that a kernel was built in. */
int image_other_folder(const char *path, struct err *e);

#endif
