/* SPDX-License-Identifier: BSD-2-Clause */
/* The folder for what can be downloaded again. */
#ifndef VMSTRESS_CACHE_H
#define VMSTRESS_CACHE_H

#include "base/err.h"

/*
 * The folder `name` of it, made with the folders above: below XDG_CACHE_HOME
 * when that is set, else the first of ~/.cache, /var/cache and TMPDIR that can
 * be had.  Nobody else can write to it.  A new string, or NULL with an error.
 */
char *cache_folder(const char *name, struct err *e);

#endif
