/* SPDX-License-Identifier: BSD-2-Clause */
/* A folder of a test with any files in it, which goes away at its end. */
#ifndef VMSTRESS_SCRATCH_FOLDER_H
#define VMSTRESS_SCRATCH_FOLDER_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"

static char scratch_folder[64];

static inline void
scratch_folder_begin(void)
{
	strcpy(scratch_folder, "/tmp/vmstress-test-XXXXXX");
	assert_non_null(mkdtemp(scratch_folder));
}

static inline void
scratch_folder_end(void)
{
	io_remove_folder(scratch_folder);
	assert_int_not_equal(access(scratch_folder, F_OK), 0);
}

/* Both as fixtures of a test that needs nothing else. */
static inline int
scratch_folder_setup(void **state)
{
	(void)state;
	scratch_folder_begin();
	return 0;
}

static inline int
scratch_folder_teardown(void **state)
{
	(void)state;
	scratch_folder_end();
	return 0;
}

/* The path of a name inside; valid for 31 calls more. */
static inline const char *
scratch_in(const char *name)
{
	static char paths[32][512];
	static int next;

	next = (next + 1) % 32;
	snprintf(paths[next], sizeof(paths[next]), "%s/%s", scratch_folder,
	    name);
	return paths[next];
}

/* Make a file with these bytes, and the folders above it. */
static inline const char *
scratch_file(const char *name, const void *bytes, size_t len)
{
	const char *path = scratch_in(name);
	char folder[512], *slash;
	FILE *f;

	snprintf(folder, sizeof(folder), "%s", path);
	for (slash = folder + strlen(scratch_folder) + 1;
	    (slash = strchr(slash, '/')) != NULL; *slash++ = '/') {
		*slash = '\0';
		mkdir(folder, 0755);
	}
	f = fopen(path, "w");
	assert_non_null(f);
	assert_int_equal(fwrite(bytes, 1, len, f), len);
	assert_int_equal(fclose(f), 0);
	return path;
}

static inline const char *
scratch_text(const char *name, const char *text)
{
	return scratch_file(name, text, strlen(text));
}

#endif
