/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * FNV-1a of 64 bits (Fowler, Noll, Vo): for tables, and to tell whether two
 * files are the same.  Not against somebody who wants them to look the same.
 */
#ifndef VMSTRESS_HASH_H
#define VMSTRESS_HASH_H

#include <stddef.h>
#include <stdint.h>

#define HASH_START UINT64_C(14695981039346656037)

/* Of what went before (HASH_START) and these bytes. */
uint64_t hash_bytes(uint64_t hash, const void *data, size_t len);

uint64_t hash_text(const char *text);

/* Of the contents; -1 with errno. */
int hash_file(const char *path, uint64_t *hash);

#endif
