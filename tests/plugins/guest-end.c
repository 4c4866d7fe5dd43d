/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One operation is the end of the guest that it runs in, or of something in it:
 * for tests of what a host makes of that.  Anywhere else it is skipped.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "workload.h"

enum guest_end_how { GUEST_PANIC, GUEST_EXIT, GUEST_FILL };

struct guest_end_params {
	int how;
};

static const char *const guest_end_hows[] = { "panic", "exit", "fill", NULL };

static const struct vms_param guest_end_rows[] = {
	{ "how", VMS_CHOICE, offsetof(struct guest_end_params, how), "exit",
	    NULL, NULL, guest_end_hows, "what ends: the kernel, the worker, "
	    "the memory for files" },
	VMS_PARAMS_END
};

/* As an image of ours is laid out; a host has no such link. */
static int
guest_end_probe(struct vms_cell *c)
{
	static const char want[] = "/vmstress/vmstress";
	char link[64] = "";

	if (readlink("/init", link, sizeof(link) - 1) < 0 ||
	    strcmp(link, want) != 0)
		return vms_skip(c, "this is no guest of vmstress");
	return 0;
}

static int
guest_end_panic(struct vms_worker *w)
{
	int fd = open("/proc/sysrq-trigger", O_WRONLY);

	if (fd < 0 || write(fd, "c", 1) != 1)
		return vms_fail(w, "cannot crash the kernel");
	for (;;)
		pause();
}

/* Until there is no more; what was written stays. */
static int
guest_end_fill(struct vms_worker *w)
{
	static char block[1 << 16];
	const char *tmpdir = getenv("TMPDIR");
	int fd;

	if (chdir(tmpdir != NULL ? tmpdir : "/tmp") != 0)
		return vms_fail(w, "cannot enter TMPDIR");
	fd = open("filled", O_WRONLY | O_CREAT | O_TRUNC, 0600);
	if (fd < 0)
		return vms_fail(w, "cannot make a file");
	memset(block, 'x', sizeof(block));
	while (write(fd, block, sizeof(block)) > 0)
		;
	return vms_fail(w, "cannot write more");
}

static int64_t
guest_end_run(struct vms_worker *w, int64_t n)
{
	const struct guest_end_params *p = w->cell->params;

	(void)n;
	if (p->how == GUEST_PANIC)
		return guest_end_panic(w);
	if (p->how == GUEST_FILL)
		return guest_end_fill(w);
	_exit(3);
}

const struct vms_workload vms_workload_guest_end = {
	.abi = VMS_ABI,
	.name = "guest-end",
	.version = 1,
	.summary = "the end of a guest, or of something in it",
	.kind = VMS_RATE,
	.unit = "end",
	.modes = VMS_PROCESS,
	.params = guest_end_rows,
	.params_size = sizeof(struct guest_end_params),
	.probe = guest_end_probe,
	.run = guest_end_run,
};
