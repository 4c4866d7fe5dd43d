/* SPDX-License-Identifier: BSD-2-Clause */
/* No counters that vmstress could ask the kernel for. */
#include "config.h"

#include "os/events.h"

#include <errno.h>

int
os_events_try(const struct os_event *v)
{
	(void)v;
	errno = ENOTSUP;
	return -1;
}

int
os_events_paranoid(int *level)
{
	(void)level;
	errno = ENOTSUP;
	return -1;
}

char *
os_events_pmu_text(const char *file)
{
	(void)file;
	errno = ENOTSUP;
	return NULL;
}

char *
os_events_tracepoint_text(const char *file)
{
	(void)file;
	errno = ENOTSUP;
	return NULL;
}

int
os_events_pmu_names(const char *folder, char ***names)
{
	(void)folder;
	(void)names;
	errno = ENOTSUP;
	return -1;
}

void
os_events_free_names(char **names, int count)
{
	(void)names;
	(void)count;
}

void
os_events_set_root(const char *pmus, const char *tracepoints,
    const char *paranoid)
{
	(void)paranoid;
	(void)pmus;
	(void)tracepoints;
}

void
os_events_close(void)
{
}
