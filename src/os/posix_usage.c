/* SPDX-License-Identifier: BSD-2-Clause */
/* What the calling process has used, as POSIX has it. */
#include "config.h"

#include "os/os_internal.h"

#include <sys/resource.h>
#include <sys/time.h>

static uint64_t
usage_ns(struct timeval tv)
{
	return (uint64_t)tv.tv_sec * 1000000000u + (uint64_t)tv.tv_usec * 1000u;
}

int
posix_usage_self(struct os_usage *u)
{
	struct rusage own, children;

	if (getrusage(RUSAGE_SELF, &own) != 0 ||
	    getrusage(RUSAGE_CHILDREN, &children) != 0)
		return -1;
	u->run_ns = OS_USAGE_UNKNOWN;
	u->user_ns = usage_ns(own.ru_utime);
	u->system_ns = usage_ns(own.ru_stime);
	u->children_user_ns = usage_ns(children.ru_utime);
	u->children_system_ns = usage_ns(children.ru_stime);
	u->minor_faults = (uint64_t)own.ru_minflt + (uint64_t)children.ru_minflt;
	u->major_faults = (uint64_t)own.ru_majflt + (uint64_t)children.ru_majflt;
	u->voluntary = (uint64_t)own.ru_nvcsw + (uint64_t)children.ru_nvcsw;
	u->involuntary = (uint64_t)own.ru_nivcsw +
	    (uint64_t)children.ru_nivcsw;
	return 0;
}
