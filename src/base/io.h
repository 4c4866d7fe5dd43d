/* SPDX-License-Identifier: BSD-2-Clause */
/* Whole writes to descriptors, and the removal of whole folders. */
#ifndef VMSTRESS_IO_H
#define VMSTRESS_IO_H

#include <stddef.h>

/* All of it, or -1 with errno (some may have been written then). */
int io_write_all(int fd, const void *data, size_t len);

/*
 * Remove what is in a folder, and the folder itself unless it is to stay.  Does
 * not follow symbolic links or leave the file system; goes on after an error.
 */
void io_empty_folder(const char *path);
void io_remove_folder(const char *path);

#endif
