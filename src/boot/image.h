/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a file is that is said to be a kernel: told by its contents, so that a
 * wrong file is named before anything is booted.
 */
#ifndef VMSTRESS_IMAGE_H
#define VMSTRESS_IMAGE_H

#include "base/err.h"

enum image_kind {
	IMAGE_BZIMAGE,		/* x86: arch/x86/boot/bzImage, vmlinuz */
	IMAGE_ARM64,		/* arch/arm64/boot/Image, also gzipped */
	IMAGE_UML		/* user-mode Linux: an executable */
};

struct image {
	enum image_kind kind;
	const char *arch;	/* as uname -m has it: "x86_64", "aarch64" */
	char *version;		/* "6.1.0-50-cloud-amd64 (...) #1 SMP ...", or NULL */
};

/* "bzImage", "arm64 Image", "user-mode Linux". */
const char *image_kind_name(enum image_kind kind);

/*
 * Fill *image (image_free() it), or -1 with an error that says what the file is
 * instead ("a vmlinux for debuggers: give arch/x86/boot/bzImage").
 */
int image_identify(const char *path, struct image *image, struct err *e);
void image_free(struct image *image);

#endif
