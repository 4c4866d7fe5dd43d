/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Allocation that does not fail: running out of memory for bookkeeping ends
 * the program with a message.  Memory that a workload tests never comes from
 * here.
 */
#ifndef VMSTRESS_MEM_H
#define VMSTRESS_MEM_H

#include <stddef.h>

void *mem_zalloc(size_t size);
void *mem_array(void *old, size_t count, size_t size);	/* realloc, checked */
char *mem_strdup(const char *s);
char *mem_strndup(const char *s, size_t n);
char *mem_printf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/*
 * Room for one more element in a growing array: doubles `*cap` when `count`
 * has reached it and returns the array, moved or not.
 */
void *mem_grow(void *array, size_t count, size_t *cap, size_t size);

#endif
