/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Linux: the texts that hold statistics.  All of them are taken as they come: a
 * line that is not understood is left out.
 */
#ifndef VMSTRESS_LINUX_STATISTICS_PARSE_H
#define VMSTRESS_LINUX_STATISTICS_PARSE_H

#include <stddef.h>
#include <stdint.h>

#include "os/statistics.h"

/* Who gets the values; `tick_ns` is the unit of the times in /proc/stat. */
struct linux_statistics_sink {
	os_statistics_fn *fn;
	void *arg;
	uint64_t tick_ns;
	uint64_t page_bytes;
};

/* `text` is a whole file; `what` belongs to its row in linux_statistics.c. */
typedef void linux_statistics_parse_fn(const struct linux_statistics_sink *to,
    const char *text, const char *what);

linux_statistics_parse_fn linux_statistics_parse_vmstat;
linux_statistics_parse_fn linux_statistics_parse_stat;
linux_statistics_parse_fn linux_statistics_parse_interrupts;
linux_statistics_parse_fn linux_statistics_parse_pressure;
linux_statistics_parse_fn linux_statistics_parse_schedstat;
linux_statistics_parse_fn linux_statistics_parse_swaps;
linux_statistics_parse_fn linux_statistics_parse_slabs;

/* Add the first `n` numbers of a text to `sum`; how many there were. */
int linux_statistics_parse_numbers(const char *text, uint64_t *sum, int n);

#endif
