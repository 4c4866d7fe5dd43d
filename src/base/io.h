/* SPDX-License-Identifier: BSD-2-Clause */
/* Whole writes to descriptors. */
#ifndef VMSTRESS_IO_H
#define VMSTRESS_IO_H

#include <stddef.h>

/* All of it, or -1 with errno (some may have been written then). */
int io_write_all(int fd, const void *data, size_t len);

#endif
