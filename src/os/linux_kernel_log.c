/* SPDX-License-Identifier: BSD-2-Clause */
/* Linux: /dev/kmsg, which every reader reads for itself, a record at a time. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "os/kernel_log.h"

#define KERNEL_LOG_PATH "/dev/kmsg"

static int
explain(struct err *e)
{
	int num = errno;

	if (num == EPERM)
		err_set(e, KERNEL_LOG_PATH " is for root alone; lift that: "
		    "sysctl kernel.dmesg_restrict=0");
	else if (num == ENOENT)
		err_set(e, "there is no " KERNEL_LOG_PATH);
	else
		err_errno(e, KERNEL_LOG_PATH);
	e->num = num;
	return -1;
}

int
kernel_log_device(struct err *e)
{
	int fd = open(KERNEL_LOG_PATH, O_RDONLY | O_NONBLOCK | O_CLOEXEC);

	if (fd < 0)
		return explain(e);
	if (lseek(fd, 0, SEEK_END) < 0) {
		explain(e);
		close(fd);
		return -1;
	}
	return fd;
}
