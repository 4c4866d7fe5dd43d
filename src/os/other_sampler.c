/* SPDX-License-Identifier: BSD-2-Clause */
/* No sampling of what processors do, and no names of kernel functions. */
#include "config.h"

#include "os/sampler.h"

#include <errno.h>
#include <stddef.h>

struct os_sampler *
os_sampler_open(const struct os_sampler_plan *plan, struct err *e)
{
	(void)plan;
	err_set(e, "vmstress cannot take samples on this system");
	e->num = ENOTSUP;
	return NULL;
}

const char *
os_sampler_without(const struct os_sampler *s)
{
	(void)s;
	return NULL;
}

void
os_sampler_enable(struct os_sampler *s)
{
	(void)s;
}

void
os_sampler_disable(struct os_sampler *s)
{
	(void)s;
}

void
os_sampler_drain(struct os_sampler *s, const struct os_sampler_sink *sink,
    void *arg)
{
	(void)s;
	(void)sink;
	(void)arg;
}

void
os_sampler_close(struct os_sampler *s)
{
	(void)s;
}

int
os_kernel_symbols(os_symbol_fn *fn, void *arg)
{
	(void)fn;
	(void)arg;
	errno = ENOTSUP;
	return -1;
}

int
os_program_symbols(os_symbol_fn *fn, void *arg)
{
	(void)fn;
	(void)arg;
	errno = ENOTSUP;
	return -1;
}

int
os_same_program(pid_t pid, char *name, size_t len)
{
	(void)pid;
	(void)name;
	(void)len;
	errno = ENOTSUP;
	return -1;
}
