/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A runner: a way to boot a kernel.  What it has to know is how to tell whether
 * it can be used here and which command boots a kernel; everything else (the
 * record, the log, deadlines, how it ended) is the same for all and in
 * machine.c.
 *
 * The command is started under the guardian, with nothing on standard input.
 * What the guest says (wire.h) comes out of its standard output, and it ends
 * when the machine is off.  Other ways to boot fit in as commands as well:
 *
 * ssh	The command is `ssh HOST vmstress guest ...`: its output is that of the
 *	guest program, which keeps a connection instead of a port; a script
 *	beside it has kexec load the kernel before.  The log comes from a serial
 *	console or netconsole.  A machine that never answers again is power
 *	cycled by a command of the user's.
 * kexec, reboot of this machine
 *	The command does not come back.  The manifest has the boot's begin on
 *	disk by then, so `vmstress matrix --resume` from a unit of the new kernel
 *	finds it open, runs the plan, and writes its end; after a panic the
 *	machine comes back with its default kernel, and what is open then was
 *	lost.
 */
#ifndef VMSTRESS_RUNNER_H
#define VMSTRESS_RUNNER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"
#include "boot/arguments.h"
#include "boot/image.h"

/* What every kernel of a campaign gets. */
struct machine {
	int cpus;
	uint64_t memory_bytes;
	bool allow_tcg;
	bool hugepages;			/* asked for */
	char *const *qemu_args;
	size_t nqemu_args;
};

/* What a runner found here; free it with runner_host_free(). */
struct runner_host {
	char *program;			/* path; NULL: the kernel itself */
	char *version;			/* "7.2.22" */
	const char *accelerator;	/* "kvm", "tcg", "none" */
	char *why;			/* why it is not kvm, or NULL */
	char *backing;			/* of the memory, for the record */
	int cpus;			/* that the machine will have */
};

/* One boot. */
struct runner_boot {
	const struct machine *machine;
	const struct runner_host *host;
	const struct image *image;
	const char *kernel, *initramfs;	/* paths */
	const char *append;		/* more arguments for the kernel, or NULL */
	const char *guest;		/* those of the guest program */
	const char *log;		/* file for the console */
	const char *folder;		/* for files that need not stay */
};

struct runner {
	const char *name;
	bool (*takes)(const struct image *image);
	/* -1 with the reason why it cannot be used on this host. */
	int (*prepare)(struct runner_host *h, const struct machine *m,
	    const struct image *image, const char *kernel, struct err *e);
	/* The command; and the kernel's own command line, for the record. */
	void (*command)(const struct runner_boot *b, struct arguments *a,
	    struct str *command_line);
	/* The console is its standard error; otherwise it opens the log. */
	bool log_is_stderr;
	/* What the names of its threads that are processors begin with. */
	const char *cpu_threads;	/* NULL: the process is the processor */
};

extern const struct runner runner_qemu;
extern const struct runner runner_uml;

/* The runner for a kernel; by name, NULL: there is none. */
const struct runner *runner_for(const struct image *image);
const struct runner *runner_named(const char *name);

/* Until the guest must have said hello, unless somebody has said otherwise. */
uint64_t runner_boot_timeout_ns(const struct runner_host *h);

void runner_host_free(struct runner_host *h);

#endif
