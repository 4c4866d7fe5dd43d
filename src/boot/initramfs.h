/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The file system that a guest boots into: a cpio archive ("newc"), gzipped.
 * The same contents give the same bytes.
 */
#ifndef VMSTRESS_INITRAMFS_H
#define VMSTRESS_INITRAMFS_H

#include <stddef.h>

#include "base/err.h"

struct initramfs;

/* A new archive at `path`, which must not exist. */
struct initramfs *initramfs_new(const char *path, struct err *e);

/* Paths inside are absolute; the folders above are made when needed. */
int initramfs_folder(struct initramfs *a, const char *path, struct err *e);
int initramfs_file(struct initramfs *a, const char *path, const char *source,
    int mode, struct err *e);
int initramfs_text(struct initramfs *a, const char *path, const char *text,
    struct err *e);
int initramfs_link(struct initramfs *a, const char *path, const char *to,
    struct err *e);
int initramfs_device(struct initramfs *a, const char *path, int major,
    int minor, struct err *e);

/* Finish it, on disk; -1 when something could not be written: it is removed. */
int initramfs_close(struct initramfs *a, struct err *e);
/* Give it up and remove the file; NULL does nothing. */
void initramfs_drop(struct initramfs *a);

#endif
