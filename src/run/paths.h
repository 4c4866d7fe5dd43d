/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where our own programs and configs are: beside this program when it runs
 * from its build tree, else where `make install` put them relative to it, else
 * where configure said.  VMSTRESS_LIBEXEC and VMSTRESS_CONFIGS win over all.
 */
#ifndef VMSTRESS_PATHS_H
#define VMSTRESS_PATHS_H

#include "base/err.h"

/* Path of a program of ours, "vmstress-cell"; a new string, NULL on error. */
char *paths_program(const char *name, struct err *e);

/* The file of a shipped config, "quick"; a new string, or NULL: none. */
char *paths_config(const char *name);

/* The folder of the templates of figures; a new string, NULL on error. */
char *paths_templates(struct err *e);

/*
 * Call `each` with the name of every shipped config, in no order; returns
 * how many there are.
 */
int paths_configs(void (*each)(void *arg, const char *name), void *arg);

#endif
