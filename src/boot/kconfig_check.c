/* SPDX-License-Identifier: BSD-2-Clause */
/* What a kernel has to have built in to be the kernel of a guest. */
#include "config.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "boot/kconfig.h"

/* Kinds of kernels as bits. */
#define CHECK_BZIMAGE (1u << IMAGE_BZIMAGE)
#define CHECK_ARM64 (1u << IMAGE_ARM64)
#define CHECK_UML (1u << IMAGE_UML)
#define CHECK_ALL (CHECK_BZIMAGE | CHECK_ARM64 | CHECK_UML)
/* Not where the port through virtio, which comes first, is built in. */
#define CHECK_UNLESS_VIRTIO (1u << 31)

/*
 * A guest has no modules.  `least` is 0 for what has to be "y", and else the
 * least number.
 */
static const struct {
	const char *name;
	unsigned kinds;
	long least;
	const char *why;
} kconfig_checks[] = {
	{ "CONFIG_64BIT", CHECK_ALL, 0, "programs of 64 bits" },
	{ "CONFIG_BINFMT_ELF", CHECK_ALL, 0, "programs" },
	{ "CONFIG_BLK_DEV_INITRD", CHECK_ALL, 0, "initramfs" },
	{ "CONFIG_DEVTMPFS", CHECK_ALL, 0, "/dev" },
	{ "CONFIG_FILE_LOCKING", CHECK_ALL, 0, "locks of files" },
	{ "CONFIG_FUTEX", CHECK_ALL, 0, "waiting" },
	{ "CONFIG_NULL_CHAN", CHECK_UML, 0, "consoles" },
	{ "CONFIG_PCI_HOST_GENERIC", CHECK_ARM64, 0, "the line to the host" },
	{ "CONFIG_PRINTK", CHECK_ALL, 0, "the log of the kernel" },
	{ "CONFIG_PROC_FS", CHECK_ALL, 0, "/proc" },
	{ "CONFIG_RD_GZIP", CHECK_ALL, 0, "initramfs" },
	{ "CONFIG_SERIAL_8250_CONSOLE", CHECK_BZIMAGE, 0, "console" },
	{ "CONFIG_SERIAL_8250_PCI", CHECK_ARM64 | CHECK_UNLESS_VIRTIO, 0,
	    "the line to the host, or virtio" },
	{ "CONFIG_SERIAL_8250_RUNTIME_UARTS", CHECK_BZIMAGE, 2,
	    "the line to the host" },
	{ "CONFIG_SERIAL_8250_RUNTIME_UARTS", CHECK_ARM64 |
	    CHECK_UNLESS_VIRTIO, 1, "the line to the host, or virtio" },
	{ "CONFIG_SERIAL_AMBA_PL011_CONSOLE", CHECK_ARM64, 0, "console" },
	{ "CONFIG_SSL", CHECK_UML, 0, "the line to the host" },
	{ "CONFIG_SYSFS", CHECK_ALL, 0, "/sys" },
	{ "CONFIG_TMPFS", CHECK_ALL, 0, "/tmp" },
	{ "CONFIG_TTY", CHECK_ALL, 0, "console" },
	{ "CONFIG_UNIX", CHECK_ALL, 0, "sockets between our programs" },
};
#define KCONFIG_CHECKS (sizeof(kconfig_checks) / sizeof(kconfig_checks[0]))

static bool
kconfig_enough(const char *value, long least)
{
	return least == 0 ? strcmp(value, "y") == 0 :
	    strtol(value, NULL, 10) >= least;
}

static bool
kconfig_has_virtio(const struct kconfig *k)
{
	return strcmp(kconfig_value(k, "CONFIG_VIRTIO_CONSOLE"), "y") == 0 &&
	    strcmp(kconfig_value(k, "CONFIG_VIRTIO_PCI"), "y") == 0;
}

/* Is row i asked of such a kernel? */
static bool
kconfig_asked(const struct kconfig *k, enum image_kind kind, size_t i)
{
	unsigned kinds = kconfig_checks[i].kinds;

	return (kinds & 1u << kind) != 0 &&
	    ((kinds & CHECK_UNLESS_VIRTIO) == 0 || !kconfig_has_virtio(k));
}

int
kconfig_check(const struct kconfig *k, enum image_kind kind, struct err *e)
{
	struct str missing = { 0 };
	const char *value;
	size_t i;

	for (i = 0; i < KCONFIG_CHECKS; i++) {
		value = kconfig_value(k, kconfig_checks[i].name);
		if (!kconfig_asked(k, kind, i) ||
		    kconfig_enough(value, kconfig_checks[i].least))
			continue;
		str_addf(&missing, "%s%s", missing.len > 0 ? ", " : "",
		    kconfig_checks[i].name);
		if (kconfig_checks[i].least > 0)
			str_addf(&missing, "=%ld (%s", kconfig_checks[i].least,
			    kconfig_checks[i].why);
		else
			str_addf(&missing, "=y (%s", kconfig_checks[i].why);
		if (strcmp(value, "n") != 0)
			str_addf(&missing, "; it has %s", value);
		str_add(&missing, ")");
	}
	if (missing.len > 0)
		err_set(e, "the kernel lacks what a guest needs: %s: build it "
		    "with these", str_text(&missing));
	i = missing.len;
	str_free(&missing);
	return i > 0 ? -1 : 0;
}
