/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Workloads of every kind that do nothing, as the table of a program that
 * tests the plan.  Include it once: it defines registry_builtin.
 */
#ifndef VMSTRESS_FAKE_WORKLOADS_H
#define VMSTRESS_FAKE_WORKLOADS_H

#include <stddef.h>
#include <stdint.h>

#include "base/registry.h"
#include "workload.h"

struct fake_params {
	uint64_t size;
	uint64_t pages;
	double share;
	int thp;
	bool verify;
	const char *argv;
};

static const char *const fake_thp[] = VMS_THP_CHOICES;

static const struct vms_param fake_zfod_params[] = {
	{ "size", VMS_SIZE, offsetof(struct fake_params, size), "128M", "4K",
	    "1T", NULL, "memory to touch" },
	VMS_THP_PARAM(struct fake_params, thp, fake_thp),
	VMS_PARAMS_END
};

static const struct vms_param fake_fork_params[] = {
	{ "pages", VMS_COUNT, offsetof(struct fake_params, pages), "0", NULL,
	    "1M", NULL, "pages that the parent has touched" },
	{ "share", VMS_PERCENT, offsetof(struct fake_params, share), "50%",
	    "0%", "100%", NULL, "of the pages, to write to" },
	{ "verify", VMS_BOOL, offsetof(struct fake_params, verify), "false",
	    NULL, NULL, NULL, "check every child" },
	VMS_PARAMS_END
};

static const struct vms_param fake_command_params[] = {
	{ "argv", VMS_STRING, offsetof(struct fake_params, argv), "true", NULL,
	    NULL, NULL, "the program and its arguments" },
	VMS_PARAMS_END
};

static int64_t
fake_run(struct vms_worker *w, int64_t n)
{
	(void)w;
	return n;
}

static int64_t
fake_phase(struct vms_worker *w)
{
	(void)w;
	return 1;
}

static int64_t
fake_steps(const struct vms_cell *c)
{
	(void)c;
	return 1;
}

static int
fake_step(struct vms_worker *w, int64_t i)
{
	(void)w;
	(void)i;
	return 0;
}

static const struct vms_phase fake_phases[] = {
	{ "run", "program", fake_phase, true },
	{ NULL, NULL, NULL, false }
};

static const struct vms_workload fake_zfod = {
	.abi = VMS_ABI,
	.name = "zfod",
	.version = 1,
	.summary = "a rate in both modes",
	.kind = VMS_RATE,
	.unit = "fault",
	.modes = VMS_PROCESS | VMS_THREAD,
	.params = fake_zfod_params,
	.params_size = sizeof(struct fake_params),
	.run = fake_run,
};

static const struct vms_workload fake_fork = {
	.abi = VMS_ABI,
	.name = "fork",
	.version = 1,
	.summary = "a rate in processes only",
	.kind = VMS_RATE,
	.unit = "child",
	.modes = VMS_PROCESS,
	.params = fake_fork_params,
	.params_size = sizeof(struct fake_params),
	.run = fake_run,
};

static const struct vms_workload fake_command = {
	.abi = VMS_ABI,
	.name = "command",
	.version = 1,
	.summary = "phases with a text parameter",
	.kind = VMS_PHASES,
	.unit = "program",
	.population = "argv",
	.modes = VMS_PROCESS,
	.params = fake_command_params,
	.params_size = sizeof(struct fake_params),
	.phases = fake_phases,
};

static const struct vms_workload fake_mmap_nth = {
	.abi = VMS_ABI,
	.name = "mmap-nth",
	.version = 1,
	.summary = "a curve in threads only, without parameters",
	.kind = VMS_CURVE,
	.unit = "mmap",
	.modes = VMS_THREAD,
	.steps = fake_steps,
	.step = fake_step,
};

const struct registry_row registry_builtin[] = {
	{ &fake_zfod, "a rate" },
	{ &fake_fork, "a rate" },
	{ &fake_command, "phases" },
	{ &fake_mmap_nth, "a curve" },
	{ NULL, NULL }
};

#endif
