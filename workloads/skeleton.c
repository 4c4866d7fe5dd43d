/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One operation is one read of `size` bytes from /dev/zero.  (The first
 * paragraph of this comment says what one operation is, so exactly that it
 * could be written again from the sentence.)
 *
 * This is the template of a workload, and a small real one: a system call and
 * the clearing of user memory.  (The second paragraph says which mechanism of
 * the kernel is stressed, and what workers have in common.)
 *
 * The number says nothing about memory as long as `size` fits into a cache.
 * (The third paragraph says what would make the number lie.  The comment is
 * shown by `vmstress list skeleton` and becomes a part of the manual.)
 */

/*
 * How to make a workload from this file
 *
 *	1. Copy it to workloads/NAME.c and replace "skeleton" by the name, with
 *	   underscores for dashes in identifiers.
 *	2. Remove the hooks, fields and comments that are not required.
 *	3. Add its line to workloads/Makemodule.am, or build a plug-in:
 *	   cc -shared -fPIC -D_GNU_SOURCE -I DIR -o NAME.so NAME.c
 *	   where DIR is the one that has workload.h.
 *
 * It includes system headers and workload.h, nothing else of vmstress, and has
 * no #ifdef for a system: what a machine may lack is found out by probe.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "workload.h"

/*
 * The parameters, filled in before the first hook.  Types of fields have to be
 * those that enum vms_type names.
 */
struct skeleton_params {
	uint64_t size;
};

/* What all workers share, in memory that is shared by processes too. */
struct skeleton_cell {
	int fd;
};

/* What belongs to one worker.  Nobody else's data is on its cache lines. */
struct skeleton_worker {
	unsigned char *buf;
	uint64_t sum;		/* of one byte of every read: stays 0 */
};

/*
 * One row for each parameter: name, type, field, default, bounds, choices,
 * help.  This is all that files, -p, `list`, `check` and the manual know.
 */
static const struct vms_param skeleton_rows[] = {
	{ "size", VMS_SIZE, offsetof(struct skeleton_params, size), "4K", "1",
	    "1G", NULL, "bytes of one read" },
	VMS_PARAMS_END
};

/* Every function has the prefix, although static: a profiler shows it. */
static size_t
skeleton_size(const struct vms_cell *c)
{
	const struct skeleton_params *p = c->params;

	return (size_t)p->size;
}

static uint64_t
skeleton_memory(const struct vms_cell *c)
{
	return (uint64_t)c->workers * skeleton_size(c);
}

static uint64_t
skeleton_op_bytes(const struct vms_cell *c)
{
	return skeleton_size(c);
}

/* A skip is no failure: it says what is missing, and what would help. */
static int
skeleton_probe(struct vms_cell *c)
{
	if (access("/dev/zero", R_OK) != 0)
		return vms_skip(c, "there is no /dev/zero to read from "
		    "(mount the devices)");
	return 0;
}

/* Processes and threads inherit what the cell opens. */
static int
skeleton_setup(struct vms_cell *c)
{
	struct skeleton_cell *cell = c->state;

	cell->fd = open("/dev/zero", O_RDONLY);
	if (cell->fd == -1)
		return vms_cell_fail(c, "cannot open /dev/zero");
	return 0;
}

/* The worker already runs where it belongs, so its memory is local. */
static int
skeleton_worker_init(struct vms_worker *w)
{
	struct skeleton_worker *s = w->state;
	size_t i, size = skeleton_size(w->cell);

	s->buf = malloc(size);
	if (s->buf == NULL)
		return vms_fail(w, "cannot allocate %zu bytes", size);
	for (i = 0; i < size; i++)
		s->buf[i] = 0xff;	/* to see that reads do something */
	return 0;
}

/*
 * The measured part.  No lock, no allocation, no output, and no system call
 * that is not the operation.  Results of calls are checked here; what costs
 * more than an addition is left to verify.
 */
static int64_t
skeleton_run(struct vms_worker *w, int64_t n)
{
	const struct skeleton_cell *cell = w->cell->state;
	struct skeleton_worker *s = w->state;
	size_t size = skeleton_size(w->cell);
	int64_t i;

	for (i = 0; i < n; i++) {
		if (read(cell->fd, s->buf, size) != (ssize_t)size)
			return vms_fail(w, "cannot read %zu bytes", size);
		s->sum += s->buf[0];
	}
	return n;
}

/* errno is part of the message of vms_fail(); 0 keeps it out. */
static int
skeleton_verify(struct vms_worker *w)
{
	const struct skeleton_worker *s = w->state;
	size_t i, size = skeleton_size(w->cell);

	if (skeleton_run(w, 1) != 1)
		return -1;
	errno = 0;
	if (s->sum != 0)
		return vms_fail(w, "some read brought no zero");
	for (i = 0; i < size; i++)
		if (s->buf[i] != 0)
			return vms_fail(w, "byte %zu is not zero", i);
	return 0;
}

/* Also called after a failed run, but not after a failed worker_init. */
static int
skeleton_worker_fini(struct vms_worker *w)
{
	struct skeleton_worker *s = w->state;

	free(s->buf);
	return 0;
}

static int
skeleton_teardown(struct vms_cell *c)
{
	struct skeleton_cell *cell = c->state;

	if (close(cell->fd) != 0)
		return vms_cell_fail(c, "cannot close /dev/zero");
	return 0;
}

/* The only symbol of the file that others see. */
const struct vms_workload vms_workload_skeleton = {
	/* Required.  Always VMS_ABI: which workload.h it was compiled with. */
	.abi = VMS_ABI,

	/* Required.  As in files and commands; also the name of this file. */
	.name = "skeleton",

	/*
	 * Required.  Begins at 1 and goes up when the operation is not what it
	 * was, because results of different versions are never compared.
	 */
	.version = 1,

	/* Required.  One line for `list`: lower case, no full stop. */
	.summary = "the template: a read from /dev/zero",

	/*
	 * Required.  VMS_RATE repeats one operation; VMS_PHASES has parts that
	 * all workers go through in step (test-phases.c); VMS_CURVE times the
	 * n-th operation while all before it stay (test-curve.c).
	 */
	.kind = VMS_RATE,

	/* Required.  What one operation is, in the singular: "fault". */
	.unit = "read",

	/*
	 * Not required.  The name of a second rate, over the time that was not
	 * set aside with vms_aside(): zfod sets munmap aside and calls what
	 * remains "fault-only".
	 */
	.net = NULL,

	/*
	 * Required.  VMS_PROCESS, VMS_THREAD or both; if only one of them, a
	 * comment says why.
	 */
	.modes = VMS_PROCESS | VMS_THREAD,

	/* Not required.  True keeps it out of `list`; leave this out. */
	.hidden = true,

	/* Not required, but one without the other makes no sense. */
	.params = skeleton_rows,
	.params_size = sizeof(struct skeleton_params),

	/* Not required.  The sizes of the zeroed cell->state and w->state. */
	.cell_size = sizeof(struct skeleton_cell),
	.worker_size = sizeof(struct skeleton_worker),

	/*
	 * Not required.  The memory of the whole cell at its peak, by which
	 * `check` tells beforehand that it will not fit.  Called before any
	 * hook: there are parameters, workers and a mode, but no state yet.
	 */
	.memory = skeleton_memory,

	/* Not required.  Bytes of one operation, for the bytes per second. */
	.op_bytes = skeleton_op_bytes,

	/*
	 * Not required.  For workloads with partner tasks: the parameter that
	 * says where they belong (pipe-pingpong.c).
	 */
	.partner_param = NULL,

	/* Not required.  Can it run here?  0, VMS_SKIP or vms_limit(). */
	.probe = skeleton_probe,

	/* Not required.  Once, in the cell process, before any worker. */
	.setup = skeleton_setup,

	/* Not required.  In every worker, before the common start. */
	.worker_init = skeleton_worker_init,

	/*
	 * Required for VMS_RATE.  Do about n operations and return how many it
	 * were, or -1 after vms_fail().  n may be anything from 1 up.
	 */
	.run = skeleton_run,

	/* Required for VMS_PHASES, see test-phases.c. */
	.phases = NULL,

	/* Required for VMS_CURVE, see test-curve.c. */
	.steps = NULL,
	.step = NULL,

	/*
	 * Not required, but every workload has one: is the state what the
	 * operations must leave?  It has to be able to fail.
	 */
	.verify = skeleton_verify,

	/* Not required.  In every worker, after the common end. */
	.worker_fini = skeleton_worker_fini,

	/* Not required.  Once, in the cell process, after all workers. */
	.teardown = skeleton_teardown,
};
