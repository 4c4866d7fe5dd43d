/* SPDX-License-Identifier: BSD-2-Clause */
/* vmstress is not the first process here. */
#include "config.h"

#include "os/guest.h"

#include <errno.h>

int
os_guest_mount(struct err *e)
{
	errno = ENOTSUP;
	return err_errno(e, "cannot be the first process of this system");
}

int
os_guest_root(char *name, size_t len)
{
	(void)name;
	(void)len;
	errno = ENOTSUP;
	return -1;
}

int
os_guest_port(const char *virtio, const char *serial, char *path, size_t len)
{
	(void)virtio;
	(void)serial;
	(void)path;
	(void)len;
	errno = ENOTSUP;
	return -1;
}

int
os_guest_quiet(void)
{
	errno = ENOTSUP;
	return -1;
}

void
os_guest_drain(int fd)
{
	(void)fd;
}

int
os_guest_power_off(void)
{
	errno = ENOTSUP;
	return -1;
}
