/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a kernel is, by its contents; see image.h.
 *
 * Source: Documentation/arch/x86/boot.rst and Documentation/arch/arm64/
 * booting.rst of Linux.
 */
#include "config.h"

#include "boot/image.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/str.h"
#include "boot/binary.h"
#include "boot/elf_file.h"
#include "boot/gunzip.h"
#include "boot/image_other.h"

/* x86: offsets of the setup header. */
enum {
	IMAGE_X86_SECTORS = 0x1f1, IMAGE_X86_SYSSIZE = 0x1f4,
	IMAGE_X86_FLAG = 0x1fe, IMAGE_X86_MAGIC = 0x202,
	IMAGE_X86_PROTOCOL = 0x206, IMAGE_X86_VERSION = 0x20e,
	IMAGE_X86_XLOADFLAGS = 0x236
};
#define IMAGE_X86_SECTOR 512
/* Since this protocol there are xloadflags, whose bit 0 says 64 bits. */
#define IMAGE_X86_WITH_XLOADFLAGS 0x20c

#define IMAGE_ARM64_MAGIC 0x38
/* Of a gzipped one: enough for its magic, and more than one has. */
#define IMAGE_HEAD 64
#define IMAGE_UNPACKED_MAX ((size_t)256 << 20)

#define IMAGE_BANNER "Linux version "
#define IMAGE_VERSION_MAX 512

static const char *const image_kinds[] = {
	[IMAGE_BZIMAGE] = "bzImage",
	[IMAGE_ARM64] = "arm64 Image",
	[IMAGE_UML] = "user-mode Linux",
};

const char *
image_kind_name(enum image_kind kind)
{
	return image_kinds[kind];
}

/* ---- versions ---------------------------------------------------------- */

/* One line that can be printed, as a new string; takes `text`, may be NULL. */
static char *
image_version_line(char *text)
{
	char *safe;

	if (text == NULL)
		return NULL;
	text[strcspn(text, "\n")] = '\0';
	safe = text[0] != '\0' ? str_safe_copy(text) : NULL;
	free(text);
	return safe;
}

/*
 * The banner that the kernel prints first.  There may be another one with
 * nothing behind its '#', from before the number of the build was known.
 */
static char *
image_banner(const struct binary *b)
{
	size_t len = strlen(IMAGE_BANNER);
	char *version, *number;
	uint64_t at = 0;

	for (;; at++) {
		at = binary_find(b, at, IMAGE_BANNER, len);
		if (at == UINT64_MAX)
			return NULL;
		version = image_version_line(binary_text(b, at + len,
		    IMAGE_VERSION_MAX));
		number = version != NULL ? strrchr(version, '#') : NULL;
		if (number != NULL && number[1] >= '0' && number[1] <= '9' &&
		    version[0] >= '0' && version[0] <= '9')
			return version;
		free(version);
	}
}

/* ---- kinds ------------------------------------------------------------- */

/* A number in a header; 0 when the file ends before. */
static uint64_t
image_number(const struct binary *b, uint64_t at, size_t len)
{
	unsigned char bytes[8] = { 0 };

	return binary_read(b, at, bytes, len) ? binary_number(bytes, len) : 0;
}

/* Each is 1: this is one and *image is filled; 0: something else; or -1. */

static int
image_bzimage(const char *path, const struct binary *b, struct image *image,
    struct err *e)
{
	uint64_t version, size;

	if (image_number(b, IMAGE_X86_FLAG, 2) != 0xaa55 ||
	    !binary_has(b, IMAGE_X86_MAGIC, "HdrS", 4))
		return 0;
	/* 0 sectors are 4, for the sake of old boot loaders. */
	size = image_number(b, IMAGE_X86_SECTORS, 1);
	size = ((size > 0 ? size : 4) + 1) * IMAGE_X86_SECTOR +
	    image_number(b, IMAGE_X86_SYSSIZE, 4) * 16;
	if (size > b->size)
		return err_set(e, "%s is a bzImage that is cut off: it has %llu "
		    "of %llu bytes", path, (unsigned long long)b->size,
		    (unsigned long long)size);
	image->kind = IMAGE_BZIMAGE;
	image->arch = image_number(b, IMAGE_X86_PROTOCOL, 2) >=
	    IMAGE_X86_WITH_XLOADFLAGS &&
	    (image_number(b, IMAGE_X86_XLOADFLAGS, 2) & 1) != 0 ?
	    "x86_64" : "i386";
	version = image_number(b, IMAGE_X86_VERSION, 2);
	if (version != 0)
		image->version = image_version_line(binary_text(b, version +
		    IMAGE_X86_SECTOR, IMAGE_VERSION_MAX));
	return 1;
}

static int
image_arm64(const char *path, const struct binary *b, struct image *image,
    struct err *e)
{
	(void)path;
	(void)e;
	if (!binary_has(b, IMAGE_ARM64_MAGIC, "ARM\x64", 4))
		return 0;
	image->kind = IMAGE_ARM64;
	image->arch = "aarch64";
	image->version = image_banner(b);
	return 1;
}

static int
image_gzipped(const char *path, const struct binary *b, struct image *image,
    struct err *e)
{
	struct str unpacked = { 0 };
	struct binary inside;
	int rc;

	if (!binary_has(b, 0, "\x1f\x8b", 2))
		return 0;
	rc = gunzip_file(path, IMAGE_HEAD, &unpacked, e);
	inside = binary_of(unpacked.s, unpacked.len);
	if (rc == 0 && binary_has(&inside, IMAGE_ARM64_MAGIC, "ARM\x64", 4)) {
		rc = gunzip_file(path, IMAGE_UNPACKED_MAX, &unpacked, e);
		inside = binary_of(unpacked.s, unpacked.len);
		if (rc == 0)
			rc = image_arm64(path, &inside, image, e);
	}
	str_free(&unpacked);
	return rc;
}

static int
image_uml(const char *path, const struct binary *b, struct image *image,
    struct err *e)
{
	struct err ignored = { 0 };
	struct elf_file f;
	const char *arch;

	if (!elf_file_is(b) || !elf_file_section(b, ".uml.setup.init") ||
	    elf_file_read(&f, b, &ignored) != 0)
		return 0;
	arch = elf_file_arch(&f);
	elf_file_free(&f);
	if (arch == NULL)
		return err_set(e, "%s is user-mode Linux for a machine that "
		    "cannot be a guest", path);
	if (access(path, X_OK) != 0)
		return err_set(e, "%s is user-mode Linux, but not executable: "
		    "chmod +x it", path);
	image->kind = IMAGE_UML;
	image->arch = arch;
	image->version = image_banner(b);
	return 1;
}

static int (*const image_probes[])(const char *path, const struct binary *b,
    struct image *image, struct err *e) = {
	image_bzimage, image_arm64, image_gzipped, image_uml
};
#define IMAGE_PROBES (sizeof(image_probes) / sizeof(image_probes[0]))

int
image_identify(const char *path, struct image *image, struct err *e)
{
	struct binary b;
	struct stat st;
	size_t i;
	int rc = 0;

	*image = (struct image){ 0 };
	if (stat(path, &st) == 0 && S_ISDIR(st.st_mode))
		return image_other_folder(path, e);
	if (binary_open(&b, path, e) != 0)
		return -1;
	for (i = 0; rc == 0 && i < IMAGE_PROBES; i++)
		rc = image_probes[i](path, &b, image, e);
	if (rc == 0)
		rc = image_other(path, &b, e);
	binary_close(&b);
	return rc > 0 ? 0 : -1;
}

void
image_free(struct image *image)
{
	free(image->version);
	image->version = NULL;
}
