/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One operation is HANDICAP_CALLS calls of getppid(): a plug-in that is built
 * twice, with 40 and with 42 calls, costs five percent more the second time,
 * and everybody knows so before it is measured (make verdicts).
 */
#include <unistd.h>

#include "workload.h"

#ifndef HANDICAP_CALLS
#define HANDICAP_CALLS 40
#endif

static int64_t
handicap_run(struct vms_worker *w, int64_t n)
{
	int64_t i;
	int call;

	(void)w;
	for (i = 0; i < n; i++)
		for (call = 0; call < HANDICAP_CALLS; call++)
			(void)getppid();
	return n;
}

const struct vms_workload vms_workload_handicap = {
	.abi = VMS_ABI,
	.name = "handicap",
	.version = 1,
	.summary = "a known number of system calls",
	.kind = VMS_RATE,
	.unit = "op",
	.modes = VMS_PROCESS | VMS_THREAD,
	.run = handicap_run,
};
