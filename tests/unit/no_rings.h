/* SPDX-License-Identifier: BSD-2-Clause */
/* Perf events that cannot be mapped: for tests that only count. */
#ifndef VMSTRESS_TEST_NO_RINGS_H
#define VMSTRESS_TEST_NO_RINGS_H

#include <errno.h>

#include "os/linux_perf_calls.h"

void *
linux_perf_calls_map(int fd, size_t len)
{
	(void)fd;
	(void)len;
	errno = ENOSYS;
	return NULL;
}

void
linux_perf_calls_unmap(void *p, size_t len)
{
	(void)p;
	(void)len;
}

#endif
