/* SPDX-License-Identifier: BSD-2-Clause */
/* A kernel's log that has one reader only (syslogd reads /dev/klog), or none. */
#include "config.h"

#include <errno.h>

#include "os/kernel_log.h"

int
kernel_log_device(struct err *e)
{
	err_set(e, "this system lets nobody read it beside syslogd");
	e->num = ENOTSUP;
	return -1;
}
