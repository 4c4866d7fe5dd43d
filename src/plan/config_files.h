/* SPDX-License-Identifier: BSD-2-Clause */
/* A config file and those that it includes, one by way of the other. */
#ifndef VMSTRESS_CONFIG_FILES_H
#define VMSTRESS_CONFIG_FILES_H

#include <stddef.h>
#include <sys/stat.h>

#include "base/err.h"
#include "plan/yaml.h"

/* The config itself and eight includes. */
#define CONFIG_FILES 9

struct config_file {
	struct yaml_tree tree;
	struct stat st;		/* tells whether two names are one file */
};

struct config_files {
	struct config_file list[CONFIG_FILES];	/* the including one first */
	int count;
};

/* `f` must be zeroed; free it after an error, too. */
int config_files_read(struct config_files *f, const char *path,
    struct err *e);

/* From memory, where there is nothing to include. */
int config_files_text(struct config_files *f, const char *file,
    const char *text, size_t len, struct err *e);

void config_files_free(struct config_files *f);

#endif
