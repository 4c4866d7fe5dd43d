/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The shared objects and the loader that programs need, and where a guest is to
 * have them so that its loader finds them without a cache or a configuration.
 */
#ifndef VMSTRESS_CLOSURE_H
#define VMSTRESS_CLOSURE_H

#include <stddef.h>

#include "base/err.h"

/* Zero-initialize. */
struct closure {
	struct closure_file {
		char *host;
		char *guest;
	} *files;	/* each guest path once, in the order of finding */
	size_t count, cap;
};

/*
 * Add what a program or shared object needs; it is not in the list itself.  The
 * loader that it names is asked, which knows its cache and its rules; or with a
 * `sysroot`, for another architecture, the libraries there are searched.  The
 * loader for a shared object, which names none, is `loader` (may be NULL: then
 * nothing is added for one).
 */
int closure_add(struct closure *c, const char *file, const char *loader,
    const char *sysroot, struct err *e);
void closure_free(struct closure *c);

/*
 * One line of what `LOADER --list` says.  The name that was asked for and the
 * file that it is are new strings; a name of NULL: the file was named by its
 * path; both NULL: no file (the kernel's own object, an empty line).  -1 when
 * something was not found.
 */
int closure_line(const char *line, char **name, char **path, struct err *e);

#endif
