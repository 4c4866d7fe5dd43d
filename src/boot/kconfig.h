/* SPDX-License-Identifier: BSD-2-Clause */
/* The configuration that a kernel was built with: found, asked, compared. */
#ifndef VMSTRESS_KCONFIG_H
#define VMSTRESS_KCONFIG_H

#include <stddef.h>

#include "base/err.h"
#include "boot/image.h"

struct kconfig {
	struct kconfig_symbol {
		char *name;	/* "CONFIG_SMP" */
		char *value;	/* "y", "m", "n" for "is not set", 64, "text" */
	} *symbols;		/* sorted by name */
	size_t count;
};

/*
 * Where a kernel's configuration is: beside it as config-VERSION or
 * NAME.config, or as the .config of the tree that it was built in.  A new
 * string, or NULL.
 */
char *kconfig_find(const char *kernel, const struct image *image);

/* The configuration that an executable kernel prints (--showconfig). */
int kconfig_show(const char *kernel, struct kconfig *k, struct err *e);

/* Zero-initialize, and free in any case. */
int kconfig_read(struct kconfig *k, const char *path, struct err *e);
int kconfig_write(const struct kconfig *k, const char *path, struct err *e);
void kconfig_free(struct kconfig *k);

/* Its value; "n" for a symbol that is not there. */
const char *kconfig_value(const struct kconfig *k, const char *name);

/*
 * Has it all that a guest of ours needs (a serial console, initramfs, tmpfs,
 * ...)?  0, or -1 with an error that names every symbol that is missing and
 * what it is needed for.
 */
int kconfig_check(const struct kconfig *k, enum image_kind kind,
    struct err *e);

/* Every symbol whose value differs, in order of names; returns their count. */
size_t kconfig_difference(const struct kconfig *a, const struct kconfig *b,
    void (*each)(void *arg, const char *name, const char *in_a,
    const char *in_b), void *arg);

/* What a difference is about, what matters most first. */
enum kconfig_rank {
	KCONFIG_MECHANISM,	/* memory, processes, scheduling, locking, debugging */
	KCONFIG_OTHER,		/* built in otherwise */
	KCONFIG_MODULE,		/* a module or not there, which is all one to a guest */
	KCONFIG_RANKS
};

enum kconfig_rank kconfig_rank(const char *name, const char *in_a,
    const char *in_b);

#endif
