/* SPDX-License-Identifier: BSD-2-Clause */
/* What a file is that is no kernel to boot; see image_other.h. */
#include "config.h"

#include "boot/image_other.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "boot/elf_file.h"

#define IMAGE_OTHER_GIVE "give a bzImage (x86), an Image (arm64) or user-mode Linux"
#define IMAGE_OTHER_TEXT_MAX 512

/* By its first bytes; the first row that fits. */
static const struct {
	unsigned at;
	const char *bytes;
	size_t len;
	const char *is;
} image_others[] = {
#define IMAGE_OTHER_ROW(at, bytes, is) { at, bytes, sizeof(bytes) - 1, is }
	IMAGE_OTHER_ROW(0, "!<arch>\ndebian-binary", "a Debian package: give "
	    "deb:NAME, or unpack it with dpkg-deb -x and give its "
	    "boot/vmlinuz"),
	IMAGE_OTHER_ROW(0, "\xed\xab\xee\xdb", "an RPM package: unpack it and give "
	    "its vmlinuz"),
	IMAGE_OTHER_ROW(0, "!<arch>\n", "a library for linking: " IMAGE_OTHER_GIVE),
	IMAGE_OTHER_ROW(4, "zimg", "an arm64 kernel that only firmware can unpack: "
	    "give arch/arm64/boot/Image"),
	IMAGE_OTHER_ROW(0, "MZ", "a program for firmware (EFI), such as a boot "
	    "loader: " IMAGE_OTHER_GIVE),
	IMAGE_OTHER_ROW(0, "\x1f\x8b", "a gzipped file with no arm64 Image in it: "
	    IMAGE_OTHER_GIVE),
	IMAGE_OTHER_ROW(0, "\xfd" "7zXZ", "an xz-compressed file: unpack it, and "
	    IMAGE_OTHER_GIVE),
	IMAGE_OTHER_ROW(0, "\x28\xb5\x2f\xfd", "a zstd-compressed file: unpack it, "
	    "and " IMAGE_OTHER_GIVE),
	IMAGE_OTHER_ROW(0, "BZh", "a bzip2-compressed file: unpack it, and "
	    IMAGE_OTHER_GIVE),
	IMAGE_OTHER_ROW(0, "\x02\x21\x4c\x18", "an lz4-compressed file: unpack it, "
	    "and " IMAGE_OTHER_GIVE),
	IMAGE_OTHER_ROW(0, "070701", "an initramfs, not a kernel: " IMAGE_OTHER_GIVE),
	IMAGE_OTHER_ROW(0, "\x27\x05\x19\x56", "an image for U-Boot: give the Image "
	    "that it was made of"),
	IMAGE_OTHER_ROW(0, "\xd0\x0d\xfe\xed", "a device tree or an image for "
	    "U-Boot: give the Image that it was made of"),
	IMAGE_OTHER_ROW(0, "QFI\xfb", "a disk of a virtual machine: " IMAGE_OTHER_GIVE),
	IMAGE_OTHER_ROW(257, "ustar", "a tar archive: unpack it, and " IMAGE_OTHER_GIVE),
	IMAGE_OTHER_ROW(0, "#!", "a script: " IMAGE_OTHER_GIVE),
	IMAGE_OTHER_ROW(0, "#\n# Automatically generated file; DO NOT EDIT.",
	    "the configuration of a kernel: give the kernel"),
#undef IMAGE_OTHER_ROW
};
#define IMAGE_OTHERS (sizeof(image_others) / sizeof(image_others[0]))

/* ---- ELF --------------------------------------------------------------- */

/* Kernels are linked to the upper half of the addresses. */
static const char *
image_other_elf_is(const struct elf_file *f, const struct binary *b)
{
	if (f->highest >> 63 != 0 && f->type != ELF_FILE_CORE)
		return "a vmlinux, which debuggers read and nobody boots: give "
		    "the arch/x86/boot/bzImage or arch/arm64/boot/Image of the "
		    "same tree";
	if (f->type == ELF_FILE_OBJECT)
		return elf_file_section(b, ".gnu.linkonce.this_module") ?
		    "a module of a kernel: give the kernel" :
		    "an object file: " IMAGE_OTHER_GIVE;
	if (f->type == ELF_FILE_CORE)
		return "a core dump: " IMAGE_OTHER_GIVE;
	if (f->type == ELF_FILE_SHARED && f->interpreter == NULL)
		return "a shared object: " IMAGE_OTHER_GIVE;
	return "a program, and not user-mode Linux: " IMAGE_OTHER_GIVE;
}

static int
image_other_elf(const char *path, const struct binary *b, struct err *e)
{
	struct elf_file f;

	if (elf_file_read(&f, b, e) != 0)
		return err_prefix(e, "%s", path);
	err_set(e, "%s is %s", path, image_other_elf_is(&f, b));
	elf_file_free(&f);
	return -1;
}

/* ---- the rest ---------------------------------------------------------- */

static bool
image_other_text(const struct binary *b)
{
	char text[IMAGE_OTHER_TEXT_MAX];
	size_t len = b->size < sizeof(text) ? (size_t)b->size : sizeof(text);
	size_t i;

	if (!binary_read(b, 0, text, len))
		return false;
	for (i = 0; i < len; i++)
		if ((unsigned char)text[i] < ' ' &&
		    strchr("\t\r\n\f", text[i]) == NULL)
			return false;
	return memchr(text, '\0', len) == NULL;
}

int
image_other(const char *path, const struct binary *b, struct err *e)
{
	size_t i;

	if (b->size == 0)
		return err_set(e, "%s is empty: " IMAGE_OTHER_GIVE, path);
	if (elf_file_is(b))
		return image_other_elf(path, b, e);
	for (i = 0; i < IMAGE_OTHERS; i++)
		if (binary_has(b, image_others[i].at, image_others[i].bytes,
		    image_others[i].len))
			return err_set(e, "%s is %s", path, image_others[i].is);
	if (image_other_text(b))
		return err_set(e, "%s is a text: " IMAGE_OTHER_GIVE, path);
	return err_set(e, "%s is no kernel that can be booted here: "
	    IMAGE_OTHER_GIVE, path);
}

int
image_other_folder(const char *path, struct err *e)
{
	static const char *const built[] = {
		"arch/x86/boot/bzImage", "arch/arm64/boot/Image",
		"boot/vmlinuz", "linux"
	};
	size_t i;
	char *file;

	for (i = 0; i < sizeof(built) / sizeof(built[0]); i++) {
		file = mem_printf("%s/%s", path, built[i]);
		if (access(file, R_OK) == 0)
			err_set(e, "%s is a folder: give %s", path, file);
		free(file);
	}
	return err_set(e, "%s is a folder: " IMAGE_OTHER_GIVE, path);
}
