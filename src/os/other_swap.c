/* SPDX-License-Identifier: BSD-2-Clause */
/* No way to add swap for the length of a run. */
#include "config.h"

#include "os/os.h"

#include <errno.h>

int
os_swap_active(char *name, size_t len)
{
	(void)name;
	(void)len;
	errno = ENOTSUP;
	return -1;
}

int
os_swap_device(char *name, size_t len, bool *added)
{
	(void)name;
	(void)len;
	(void)added;
	errno = ENOTSUP;
	return -1;
}

int
os_swap_on(const char *name, uint64_t bytes)
{
	(void)name;
	(void)bytes;
	errno = ENOTSUP;
	return -1;
}

int
os_swap_off(const char *name, bool added)
{
	(void)name;
	(void)added;
	errno = ENOTSUP;
	return -1;
}
