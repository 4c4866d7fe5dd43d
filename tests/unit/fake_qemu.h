/* SPDX-License-Identifier: BSD-2-Clause */
/* A QEMU that is a script, in the scratch folder. */
#ifndef VMSTRESS_FAKE_QEMU_H
#define VMSTRESS_FAKE_QEMU_H

#include <stdlib.h>
#include <sys/utsname.h>

#include "scratch_folder.h"

/* An architecture that this host's processors cannot be, and one they are. */
static inline const char *
fake_qemu_foreign(void)
{
	struct utsname host;

	assert_int_equal(uname(&host), 0);
	return strcmp(host.machine, "aarch64") == 0 ? "i386" : "aarch64";
}

static inline bool
fake_qemu_is_x86(void)
{
	struct utsname host;

	assert_int_equal(uname(&host), 0);
	return strcmp(host.machine, "x86_64") == 0;
}

/* `body` is what a shell does for anything but --version. */
static inline const char *
fake_qemu(const char *name, const char *body)
{
	char script[1024];
	const char *path;

	snprintf(script, sizeof(script), "#!/bin/sh\n"
	    "[ \"$1\" != --version ] || {\n"
	    "	echo 'QEMU emulator version 9.8.7 (Fake 1:9)'\n"
	    "	exit 0\n"
	    "}\n%s\n", body);
	path = scratch_text(name, script);
	assert_int_equal(chmod(path, 0755), 0);
	return path;
}

/* The scratch folder is all of PATH. */
static inline void
fake_qemu_path(void)
{
	assert_int_equal(setenv("PATH", scratch_folder, 1), 0);
}

#endif
