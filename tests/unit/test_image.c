/* SPDX-License-Identifier: BSD-2-Clause */
/* What files are kernels, and what the others are. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <archive.h>
#include <archive_entry.h>
#include <stdlib.h>
#include <string.h>

#include "boot/image.h"
#include "fake_elf.h"
#include "scratch_folder.h"

#define GIVE "give a bzImage (x86), an Image (arm64) or user-mode Linux"
#define UPPER 0xffffffff81000000u

static void
is(const char *path, enum image_kind kind, const char *arch,
    const char *version)
{
	struct image image;
	struct err e = { 0 };

	assert_int_equal(image_identify(path, &image, &e), 0);
	assert_false(e.set);
	assert_int_equal(image.kind, kind);
	assert_string_equal(image.arch, arch);
	if (version == NULL)
		assert_null(image.version);
	else
		assert_string_equal(image.version, version);
	image_free(&image);
}

/* The error begins with the path, and ends so. */
static void
is_not(const char *path, const char *text)
{
	struct image image;
	struct err e = { 0 };

	assert_int_equal(image_identify(path, &image, &e), -1);
	assert_memory_equal(e.text, path, strlen(path));
	assert_string_equal(e.text + strlen(path), text);
}

static void
text_is_not(const char *bytes, const char *text)
{
	is_not(scratch_text("file", bytes), text);
}

static void
bytes_are_not(const void *bytes, size_t len, const char *text)
{
	is_not(scratch_file("file", bytes, len), text);
}

/* One sector of setup and 16 bytes behind it. */
static void
bzimage(unsigned char bytes[1040])
{
	memset(bytes, 0, 1040);
	memcpy(bytes, "MZ", 2);
	bytes[0x1f1] = 1;
	bytes[0x1f4] = 1;
	bytes[0x1fe] = 0x55;
	bytes[0x1ff] = 0xaa;
	memcpy(bytes + 0x202, "HdrS", 4);
	bytes[0x206] = 0x0f;
	bytes[0x207] = 0x02;
	bytes[0x20e] = 0x80;
	bytes[0x236] = 0x7f;
	strcpy((char *)bytes + 0x280, "6.1.0-50 (me@here) #1 SMP");
}

static void
kernels_for_x86(void **state)
{
	unsigned char b[1040];

	(void)state;
	bzimage(b);
	is(scratch_file("k", b, sizeof(b)), IMAGE_BZIMAGE, "x86_64",
	    "6.1.0-50 (me@here) #1 SMP");
	b[0x236] = 0x7e;
	is(scratch_file("k", b, sizeof(b)), IMAGE_BZIMAGE, "i386",
	    "6.1.0-50 (me@here) #1 SMP");
	/* Before there were such flags. */
	b[0x236] = 0x7f;
	b[0x206] = 0x0b;
	is(scratch_file("k", b, sizeof(b)), IMAGE_BZIMAGE, "i386",
	    "6.1.0-50 (me@here) #1 SMP");
	b[0x20e] = 0;
	is(scratch_file("k", b, sizeof(b)), IMAGE_BZIMAGE, "i386", NULL);
	/* A version outside of the file. */
	b[0x20f] = 0xff;
	is(scratch_file("k", b, sizeof(b)), IMAGE_BZIMAGE, "i386", NULL);
	/* Versions are printed. */
	b[0x20e] = 0x80;
	b[0x20f] = 0;
	strcpy((char *)b + 0x280, "6\033[1m\nx");
	is(scratch_file("k", b, sizeof(b)), IMAGE_BZIMAGE, "i386",
	    "6\\x1b[1m");
	bytes_are_not(b, sizeof(b) - 1,
	    " is a bzImage that is cut off: it has 1039 of 1040 bytes");
	b[0x1f1] = 0;
	bytes_are_not(b, sizeof(b),
	    " is a bzImage that is cut off: it has 1040 of 2576 bytes");
	b[0x1fe] = 0;
	bytes_are_not(b, sizeof(b), " is a program for firmware (EFI), such as "
	    "a boot loader: " GIVE);
}

static size_t
arm64(char bytes[4096])
{
	memset(bytes, 0, 4096);
	memcpy(bytes, "MZ", 2);
	memcpy(bytes + 0x38, "ARM\x64", 4);
	strcpy(bytes + 1000, "Linux version %s");
	strcpy(bytes + 2000, "Linux version 6.9 (me@here) (gcc) # \n");
	strcpy(bytes + 3000, "Linux version 6.9 (me@here) (gcc) #7 SMP\n");
	return 4096;
}

static void
gzip(const char *path, const void *bytes, size_t len)
{
	struct archive *a = archive_write_new();
	struct archive_entry *f = archive_entry_new();

	archive_write_set_format_raw(a);
	archive_write_add_filter_gzip(a);
	assert_int_equal(archive_write_open_filename(a, path), 0);
	archive_entry_set_filetype(f, AE_IFREG);
	assert_int_equal(archive_write_header(a, f), 0);
	assert_int_equal(archive_write_data(a, bytes, len), len);
	archive_entry_free(f);
	assert_int_equal(archive_write_free(a), 0);
}

static void
kernels_for_arm64(void **state)
{
	char b[4096], text[ERR_MAX];
	size_t len = arm64(b);
	struct image image;
	struct err e = { 0 };

	(void)state;
	is(scratch_file("k", b, len), IMAGE_ARM64, "aarch64",
	    "6.9 (me@here) (gcc) #7 SMP");
	is(scratch_file("k", b, 3000), IMAGE_ARM64, "aarch64", NULL);
	gzip(scratch_in("k.gz"), b, len);
	is(scratch_in("k.gz"), IMAGE_ARM64, "aarch64",
	    "6.9 (me@here) (gcc) #7 SMP");
	assert_int_equal(truncate(scratch_in("k.gz"), 40), 0);
	snprintf(text, sizeof(text), "cannot unpack %s: truncated gzip input",
	    scratch_in("k.gz"));
	assert_int_equal(image_identify(scratch_in("k.gz"), &image, &e), -1);
	assert_string_equal(e.text, text);
	b[0x38] = 'a';
	gzip(scratch_in("k.gz"), b, len);
	is_not(scratch_in("k.gz"), " is a gzipped file with no arm64 Image in "
	    "it: " GIVE);
	gzip(scratch_in("k.gz"), "", 0);
	is_not(scratch_in("k.gz"), " is a gzipped file with no arm64 Image in "
	    "it: " GIVE);
	memcpy(b + 4, "zimg", 4);
	bytes_are_not(b, len, " is an arm64 kernel that only firmware can "
	    "unpack: give arch/arm64/boot/Image");
}

static void
user_mode_linux(void **state)
{
	static struct fake_elf f;
	const char *path;

	(void)state;
	fake_elf_begin(&f, 2, 62, 0x60000000);
	fake_elf_section(&f, ".uml.setup.init");
	strcpy((char *)f.bytes + 2000, "Linux version 6.1 (me) #1 Sat\n");
	path = scratch_file("uml", f.bytes, sizeof(f.bytes));
	is_not(path, " is user-mode Linux, but not executable: chmod +x it");
	assert_int_equal(chmod(path, 0755), 0);
	is(path, IMAGE_UML, "x86_64", "6.1 (me) #1 Sat");
	fake_elf_number(&f, 18, 2, 3);
	is_not(scratch_file("uml", f.bytes, sizeof(f.bytes)),
	    " is user-mode Linux for a machine that cannot be a guest");
}

static void
elf_is_not(const struct fake_elf *f, const char *text)
{
	bytes_are_not(f->bytes, sizeof(f->bytes), text);
}

static void
other_elf_files(void **state)
{
	static struct fake_elf f;

	(void)state;
	fake_elf_begin(&f, 2, 62, UPPER);
	elf_is_not(&f, " is a vmlinux, which debuggers read and nobody boots: "
	    "give the arch/x86/boot/bzImage or arch/arm64/boot/Image of the "
	    "same tree");
	/* The part for each processor is at 0. */
	fake_elf_program(&f, 3, 1, 0, 0, 10);
	elf_is_not(&f, " is a vmlinux, which debuggers read and nobody boots: "
	    "give the arch/x86/boot/bzImage or arch/arm64/boot/Image of the "
	    "same tree");
	fake_elf_begin(&f, 1, 62, 0);
	elf_is_not(&f, " is an object file: " GIVE);
	fake_elf_section(&f, ".gnu.linkonce.this_module");
	elf_is_not(&f, " is a module of a kernel: give the kernel");
	fake_elf_begin(&f, 2, 62, 0x400000);
	elf_is_not(&f, " is a program, and not user-mode Linux: " GIVE);
	fake_elf_begin(&f, 3, 62, 0);
	elf_is_not(&f, " is a shared object: " GIVE);
	fake_elf_begin(&f, 4, 62, UPPER);
	elf_is_not(&f, " is a core dump: " GIVE);
	f.bytes[4] = 1;
	elf_is_not(&f, ": an ELF file, but not of 64 bits and little endian");
}

static void
other_files(void **state)
{
	static char tar[600];

	(void)state;
	text_is_not("", " is empty: " GIVE);
	text_is_not("!<arch>\ndebian-binary   1", " is a Debian package: give "
	    "deb:NAME, or unpack it with dpkg-deb -x and give its "
	    "boot/vmlinuz");
	text_is_not("!<arch>\nlib.o", " is a library for linking: " GIVE);
	text_is_not("\xed\xab\xee\xdb", " is an RPM package: unpack it and give "
	    "its vmlinuz");
	text_is_not("\xfd" "7zXZ", " is an xz-compressed file: unpack it, and "
	    GIVE);
	text_is_not("\x28\xb5\x2f\xfd", " is a zstd-compressed file: unpack "
	    "it, and " GIVE);
	text_is_not("070701000", " is an initramfs, not a kernel: " GIVE);
	text_is_not("#!/bin/sh\n", " is a script: " GIVE);
	text_is_not("#\n# Automatically generated file; DO NOT EDIT.\n",
	    " is the configuration of a kernel: give the kernel");
	text_is_not("hello\n", " is a text: " GIVE);
	text_is_not("\001\002", " is no kernel that can be booted here: "
	    GIVE);
	memcpy(tar + 257, "ustar", 5);
	bytes_are_not(tar, sizeof(tar), " is a tar archive: unpack it, and "
	    GIVE);
	bytes_are_not("M", 1, " is a text: " GIVE);
	is_not("/dev/null", " is not a regular file");
}

static void
folders_and_files_that_are_not_there(void **state)
{
	struct image image;
	struct err e = { 0 };
	char text[ERR_MAX];

	(void)state;
	is_not(scratch_folder, " is a folder: " GIVE);
	scratch_text("arch/x86/boot/bzImage", "");
	snprintf(text, sizeof(text), " is a folder: give "
	    "%s/arch/x86/boot/bzImage", scratch_folder);
	is_not(scratch_folder, text);
	assert_int_equal(image_identify("/nowhere", &image, &e), -1);
	assert_string_equal(e.text,
	    "cannot read /nowhere: No such file or directory");
}

static void
kinds_have_names(void **state)
{
	(void)state;
	assert_string_equal(image_kind_name(IMAGE_BZIMAGE), "bzImage");
	assert_string_equal(image_kind_name(IMAGE_ARM64), "arm64 Image");
	assert_string_equal(image_kind_name(IMAGE_UML), "user-mode Linux");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(kernels_for_x86),
		cmocka_unit_test(kernels_for_arm64),
		cmocka_unit_test(user_mode_linux),
		cmocka_unit_test(other_elf_files),
		cmocka_unit_test(other_files),
		cmocka_unit_test(folders_and_files_that_are_not_there),
		cmocka_unit_test(kinds_have_names),
	};

	return cmocka_run_group_tests(tests, scratch_folder_setup,
	    scratch_folder_teardown);
}
