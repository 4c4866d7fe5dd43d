/* SPDX-License-Identifier: BSD-2-Clause */
/* Files of a test, in a directory of its own that goes away at its end. */
#ifndef VMSTRESS_SCRATCH_FILE_H
#define VMSTRESS_SCRATCH_FILE_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char scratch_dir[] = "/tmp/vmstress-test-XXXXXX";
static char scratch_path[sizeof(scratch_dir) + 64];

static inline void
scratch_begin(void)
{
	memcpy(scratch_dir + sizeof(scratch_dir) - 7, "XXXXXX", 6);
	assert_non_null(mkdtemp(scratch_dir));
	snprintf(scratch_path, sizeof(scratch_path), "%s/record.jsonl",
	    scratch_dir);
}

static inline void
scratch_end(void)
{
	unlink(scratch_path);
	assert_int_equal(rmdir(scratch_dir), 0);
}

/* Make the file hold these bytes. */
static inline void
scratch_put(const char *bytes, size_t len)
{
	FILE *f = fopen(scratch_path, "w");

	assert_non_null(f);
	assert_int_equal(fwrite(bytes, 1, len, f), len);
	assert_int_equal(fclose(f), 0);
}

/* All that is left to read, as a new string. */
static inline char *
scratch_read_all(FILE *f)
{
	size_t len = 0, n;
	char *text = NULL;

	do {
		text = realloc(text, len + 4097);
		assert_non_null(text);
		n = fread(text + len, 1, 4096, f);
		len += n;
	} while (n > 0);
	text[len] = '\0';
	return text;
}

/* What a file holds, as a new string. */
static inline char *
scratch_get(const char *path)
{
	FILE *f = fopen(path, "r");
	char *text;

	assert_non_null(f);
	text = scratch_read_all(f);
	fclose(f);
	return text;
}

#endif
