/* SPDX-License-Identifier: BSD-2-Clause */
/* Systems of whose statistics nothing is known. */
#include "config.h"

#include "os/statistics.h"

#include <errno.h>

struct os_statistics *
os_statistics_open(const char *root)
{
	(void)root;
	errno = ENOTSUP;
	return NULL;
}

int
os_statistics_read(struct os_statistics *s, uint64_t *at_ns,
    os_statistics_fn *fn, void *arg)
{
	(void)s;
	(void)at_ns;
	(void)fn;
	(void)arg;
	errno = ENOTSUP;
	return -1;
}

int
os_statistics_slabs(struct os_statistics *s, os_statistics_fn *fn, void *arg)
{
	(void)s;
	(void)fn;
	(void)arg;
	errno = ENOTSUP;
	return -1;
}

void
os_statistics_close(struct os_statistics *s)
{
	(void)s;
}
