/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Kernels by the name of a package: downloaded and unpacked into a cache by
 * the distribution's own tools (apt-get, dpkg-deb), never installed.
 */
#ifndef VMSTRESS_FETCH_H
#define VMSTRESS_FETCH_H

#include "base/err.h"

/* "deb:" in front of the name of a package. */
#define FETCH_PREFIX "deb:"

/*
 * The kernel of a package, "linux-image-6.1.0-50-cloud-amd64", or of one of
 * another architecture, "linux-image-cloud-arm64:arm64", and the file of
 * its configuration (NULL: it has none); new strings.  `say` gets a sentence
 * when something has to be downloaded; may be NULL.  A package that is in the
 * cache is not asked for again: one name is one kernel for good, unless it is a
 * package without files that only names another.
 */
int fetch_package(const char *package, char **kernel, char **config,
    void (*say)(void *arg, const char *text), void *arg, struct err *e);

#endif
