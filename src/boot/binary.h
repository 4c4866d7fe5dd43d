/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Files of bytes in somebody else's format, which may be anything: every read
 * is checked against the size.
 */
#ifndef VMSTRESS_BINARY_H
#define VMSTRESS_BINARY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct binary {
	int fd;			/* -1: it is in memory */
	const unsigned char *bytes;
	uint64_t size;
};

/* Opens regular files only; binary_close() it when this was 0. */
int binary_open(struct binary *b, const char *path, struct err *e);
void binary_close(struct binary *b);

/* One that is in memory, which stays the caller's. */
struct binary binary_of(const void *bytes, size_t len);

/* All of [at, at + len) into `to`; false when the file ends before. */
bool binary_read(const struct binary *b, uint64_t at, void *to, size_t len);

/* Does it have these bytes there? */
bool binary_has(const struct binary *b, uint64_t at, const void *bytes,
    size_t len);

/*
 * The text at `at`, up to its NUL or `max` bytes; a new string, or NULL when
 * the file ends before either.
 */
char *binary_text(const struct binary *b, uint64_t at, size_t max);

/* Where the bytes are first, from `from` on; UINT64_MAX: nowhere. */
uint64_t binary_find(const struct binary *b, uint64_t from, const void *bytes,
    size_t len);

/* Little endian numbers of 2, 4 and 8 bytes. */
uint64_t binary_number(const void *bytes, size_t len);

#endif
