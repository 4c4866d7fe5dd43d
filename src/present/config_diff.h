/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * In what the configurations of two kernels of a campaign differ, as matrix has
 * written it down: lines "CONFIG_X y -> n" of FOLDER/kernels/BASE-NAME.diff.
 */
#ifndef VMSTRESS_CONFIG_DIFF_H
#define VMSTRESS_CONFIG_DIFF_H

#include <stdbool.h>
#include <stddef.h>

/* The lines that are kept; the others are counted. */
#define CONFIG_DIFF_LINES 20

struct config_diff {
	char *path;
	char *lines[CONFIG_DIFF_LINES];		/* safe to print, and cut */
	size_t kept, count;
};

/*
 * False when there is no such file: a configuration is not known.  Free it in
 * any case.
 */
bool config_diff_read(struct config_diff *d, const char *folder,
    const char *base, const char *name);
void config_diff_free(struct config_diff *d);

#endif
