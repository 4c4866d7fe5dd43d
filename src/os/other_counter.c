/* SPDX-License-Identifier: BSD-2-Clause */
/* No way to count events of the hardware and the kernel. */
#include "config.h"

#include "os/counter.h"

#include <errno.h>
#include <stdio.h>

static int
counter_none(void)
{
	errno = ENOTSUP;
	return -1;
}

int
os_counter_open(const struct os_counter_event *event,
    const struct os_counter_place *place)
{
	(void)event;
	(void)place;
	return counter_none();
}

int
os_counter_enable(int fd)
{
	(void)fd;
	return counter_none();
}

int
os_counter_disable(int fd)
{
	(void)fd;
	return counter_none();
}

int
os_counter_read(int fd, struct os_counter_value *value)
{
	(void)fd;
	(void)value;
	return counter_none();
}

void
os_counter_close(int fd)
{
	(void)fd;
}

bool
os_counter_masked(const struct os_counter_event *event)
{
	(void)event;
	return false;
}

void
os_counter_permission(const struct os_counter_event *event, bool cpu,
    char *text, size_t len)
{
	(void)event;
	(void)cpu;
	snprintf(text, len, "not permitted");
}

int
os_counter_open_dummy(const struct os_counter_place *place)
{
	(void)place;
	return counter_none();
}

int
os_counter_cpus(int *cpus, int max)
{
	(void)cpus;
	(void)max;
	return counter_none();
}

pid_t
os_counter_self(void)
{
	return counter_none();
}
