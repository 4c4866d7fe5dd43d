/* SPDX-License-Identifier: BSD-2-Clause */
/* Can the host's own processors run a guest?  See accelerator.h. */
#include "config.h"

#include "boot/accelerator.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/io.h"
#include "base/mem.h"
#include "boot/command.h"

#define ACCELERATOR_DEVICE "/dev/kvm"
#define ACCELERATOR_NS UINT64_C(10000000000)
#define ACCELERATOR_SECTOR 512

/*
 * A boot sector: a letter to QEMU's debug port, then a reset through the
 * keyboard controller, at which `-no-reboot` ends.
 */
static const uint8_t accelerator_code[] = {
	0xb0, 'K',		/* mov	al, 'K' */
	0xe6, 0xe9,		/* out	0xe9, al */
	0xb0, 0xfe,		/* mov	al, 0xfe */
	0xe6, 0x64,		/* out	0x64, al */
	0xf4,			/* hlt */
	0xeb, 0xfd		/* jmp	to the hlt */
};

static int
accelerator_write(char *path, struct err *e)
{
	uint8_t sector[ACCELERATOR_SECTOR] = { 0 };
	int fd = mkstemp(path), rc;

	memcpy(sector, accelerator_code, sizeof(accelerator_code));
	sector[ACCELERATOR_SECTOR - 2] = 0x55;
	sector[ACCELERATOR_SECTOR - 1] = 0xaa;
	if (fd < 0)
		return err_errno(e, "cannot create %s", path);
	rc = io_write_all(fd, sector, sizeof(sector));
	if (rc != 0)
		err_errno(e, "cannot write %s", path);
	close(fd);
	return rc;
}

/* Boot it; what it said must be the letter. */
static int
accelerator_boot(const char *qemu, const char *sector, struct err *e)
{
	char *drive = mem_printf("file=%s,format=raw,if=floppy", sector);
	const char *const argv[] = { qemu, "-nodefaults", "-no-user-config",
	    "-display", "none", "-accel", "kvm", "-cpu", "host", "-m", "16M",
	    "-no-reboot", "-debugcon", "stdio", "-drive", drive, "-boot", "a",
	    NULL };
	struct str out = { 0 };
	int rc;

	rc = command_run((char *const *)(uintptr_t)argv, NULL, ACCELERATOR_NS,
	    &out, e);
	if (rc == 0 && strcmp(str_text(&out), "K") != 0)
		rc = err_set(e, "a guest of one sector does not get through "
		    "its first instructions");
	str_free(&out);
	free(drive);
	return rc;
}

static int
accelerator_try(const char *qemu, struct err *e)
{
	const char *tmpdir = getenv("TMPDIR");
	char *path = mem_printf("%s/vmstress-kvm-XXXXXX",
	    tmpdir != NULL && tmpdir[0] == '/' ? tmpdir : "/tmp");
	int rc = accelerator_write(path, e);

	if (rc == 0) {
		rc = accelerator_boot(qemu, path, e);
		unlink(path);
	}
	free(path);
	return rc;
}

/* Does KVM run kernels of this architecture on this host at all? */
static bool
accelerator_is_native(const char *arch)
{
	struct utsname host;

	if (uname(&host) != 0)
		return false;
	return strcmp(host.machine, arch) == 0 ||
	    (strcmp(host.machine, "x86_64") == 0 && strcmp(arch, "i386") == 0);
}

int
accelerator_kvm(const char *qemu, const char *arch, struct err *e)
{
	static struct err answer;
	static bool asked;

	if (!accelerator_is_native(arch))
		return err_set(e, "this host does not have the processors of "
		    "%s", arch);
	if (access(ACCELERATOR_DEVICE, R_OK | W_OK) != 0)
		return err_errno(e, ACCELERATOR_DEVICE);
	/* Only a PC boots from a sector. */
	if (strcmp(arch, "x86_64") != 0 && strcmp(arch, "i386") != 0)
		return 0;
	if (!asked)
		accelerator_try(qemu, &answer);
	asked = true;
	if (!answer.set)
		return 0;
	*e = answer;
	return -1;
}
