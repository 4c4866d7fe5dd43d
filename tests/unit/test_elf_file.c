/* SPDX-License-Identifier: BSD-2-Clause */
/* What ELF files say of themselves, and files that lie. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "boot/elf_file.h"
#include "fake_elf.h"

#define AT 0x400000

static const char *const two[] = { "libone.so.1", "libc.so.6", NULL };

static void
refuses(const struct fake_elf *fake, size_t size, const char *text)
{
	struct binary b = binary_of(fake->bytes, size);
	struct elf_file f;
	struct err e = { 0 };

	assert_int_equal(elf_file_read(&f, &b, &e), -1);
	assert_string_equal(e.text, text);
}

static void
a_program_names_what_it_needs(void **state)
{
	static struct fake_elf fake;
	struct binary b = binary_of(fake.bytes, sizeof(fake.bytes));
	struct elf_file f;
	struct err e = { 0 };

	(void)state;
	fake_elf_begin(&fake, ELF_FILE_SHARED, 62, AT);
	fake_elf_libraries(&fake, AT, "/lib64/ld.so", two);
	fake_elf_dynamic(&fake, 3, 15, fake_elf_text(&fake, "/rpath"));
	fake_elf_dynamic(&fake, 4, 29, fake_elf_text(&fake, "$ORIGIN"));
	fake_elf_dynamic(&fake, 5, 15, fake_elf_text(&fake, "/rpath2"));
	/* Behind the end of the section. */
	fake_elf_dynamic(&fake, 7, 1, 0);
	assert_int_equal(elf_file_read(&f, &b, &e), 0);
	assert_int_equal(f.type, ELF_FILE_SHARED);
	assert_string_equal(elf_file_arch(&f), "x86_64");
	assert_int_equal(f.highest, AT);
	assert_string_equal(f.interpreter, "/lib64/ld.so");
	assert_int_equal(f.nneeded, 2);
	assert_string_equal(f.needed[0], "libone.so.1");
	assert_string_equal(f.needed[1], "libc.so.6");
	assert_string_equal(f.runpath, "$ORIGIN");
	elf_file_free(&f);
	elf_file_free(&f);
}

static void
a_static_program_needs_nothing(void **state)
{
	static struct fake_elf fake;
	struct binary b = binary_of(fake.bytes, sizeof(fake.bytes));
	struct elf_file f;
	struct err e = { 0 };

	(void)state;
	fake_elf_begin(&fake, ELF_FILE_FIXED, 183, AT);
	assert_int_equal(elf_file_read(&f, &b, &e), 0);
	assert_string_equal(elf_file_arch(&f), "aarch64");
	assert_null(f.interpreter);
	assert_null(f.runpath);
	assert_int_equal(f.nneeded, 0);
	elf_file_free(&f);
	fake_elf_number(&fake, 18, 2, 3);
	assert_int_equal(elf_file_read(&f, &b, &e), 0);
	assert_null(elf_file_arch(&f));
	elf_file_free(&f);
}

static void
sections_are_found_by_their_names(void **state)
{
	static struct fake_elf fake;
	struct binary b = binary_of(fake.bytes, sizeof(fake.bytes));

	(void)state;
	fake_elf_begin(&fake, ELF_FILE_FIXED, 62, AT);
	assert_false(elf_file_section(&b, ".uml.setup.init"));
	fake_elf_section(&fake, ".uml.setup.init");
	assert_true(elf_file_section(&b, ".uml.setup.init"));
	assert_false(elf_file_section(&b, ".uml.setup"));
	/* The table of names is outside. */
	fake_elf_number(&fake, FAKE_ELF_SECTIONS + 2 * 64 + 24, 8,
	    UINT64_MAX - 1);
	assert_false(elf_file_section(&b, ".uml.setup.init"));
	fake_elf_number(&fake, 62, 2, 0xffff);
	assert_false(elf_file_section(&b, ".uml.setup.init"));
}

static void
what_is_no_such_file_is_refused(void **state)
{
	static struct fake_elf fake;

	(void)state;
	fake_elf_begin(&fake, ELF_FILE_FIXED, 62, AT);
	refuses(&fake, 0, "not an ELF file");
	refuses(&fake, 3, "not an ELF file");
	refuses(&fake, 63, "a damaged ELF file: it ends in its header");
	refuses(&fake, 200, "a damaged ELF file: it ends in its program "
	    "headers");
	fake_elf_number(&fake, 54, 2, 32);
	refuses(&fake, FAKE_ELF_MAX, "a damaged ELF file: its program headers "
	    "are too small");
	fake.bytes[4] = 1;
	refuses(&fake, FAKE_ELF_MAX, "an ELF file, but not of 64 bits and "
	    "little endian");
	fake_elf_begin(&fake, ELF_FILE_FIXED, 62, AT);
	fake.bytes[5] = 2;
	refuses(&fake, FAKE_ELF_MAX, "an ELF file, but not of 64 bits and "
	    "little endian");
	fake.bytes[0] = 0;
	refuses(&fake, FAKE_ELF_MAX, "not an ELF file");
}

static void
names_outside_of_the_file_are_refused(void **state)
{
	static const char outside[] = "a damaged ELF file: the name of a "
	    "library is outside of it";
	static const char loader[] = "a damaged ELF file: the name of its "
	    "loader is no path";
	static struct fake_elf fake;

	(void)state;
	fake_elf_begin(&fake, ELF_FILE_SHARED, 62, AT);
	fake_elf_libraries(&fake, AT, "/lib64/ld.so", two);
	fake_elf_dynamic(&fake, 1, 1, UINT64_MAX);
	refuses(&fake, FAKE_ELF_MAX, outside);
	fake_elf_dynamic(&fake, 1, 1, FAKE_ELF_MAX);
	refuses(&fake, FAKE_ELF_MAX, outside);
	/* Strings at an address that is not loaded. */
	fake_elf_dynamic(&fake, 1, 1, 1);
	fake_elf_dynamic(&fake, 0, 5, 0x10);
	refuses(&fake, FAKE_ELF_MAX, outside);
	/* No end of the text before that of the file. */
	fake_elf_dynamic(&fake, 0, 5, AT + FAKE_ELF_MAX - 4);
	memset(fake.bytes + FAKE_ELF_MAX - 4, 'x', 4);
	refuses(&fake, FAKE_ELF_MAX, outside);
	fake_elf_program(&fake, 2, 3, UINT64_MAX, 0, 10);
	refuses(&fake, FAKE_ELF_MAX, loader);
	fake_elf_program(&fake, 2, 3, FAKE_ELF_STRINGS, 0, UINT64_MAX);
	refuses(&fake, FAKE_ELF_MAX, loader);
}

/* Nothing but a sanitizer can see what this looks for. */
static void
no_damage_is_fatal(void **state)
{
	static struct fake_elf good, bad;
	struct binary b = binary_of(bad.bytes, 0);
	struct elf_file f;
	struct err e;
	size_t i;

	(void)state;
	fake_elf_begin(&good, ELF_FILE_SHARED, 62, AT);
	fake_elf_libraries(&good, AT, "/lib64/ld.so", two);
	fake_elf_section(&good, ".text");
	for (i = 0; i < good.size * 2; i++) {
		bad = good;
		bad.bytes[i / 2] = i % 2 == 0 ? 0xff : 0x80;
		b.size = good.size;
		err_clear(&e);
		if (elf_file_read(&f, &b, &e) == 0)
			elf_file_free(&f);
		elf_file_section(&b, ".data");
		bad = good;
		b.size = i / 2;
		if (elf_file_read(&f, &b, &e) == 0)
			elf_file_free(&f);
		elf_file_section(&b, ".data");
	}
}

static void
a_file_that_cannot_be_read_is_named(void **state)
{
	struct elf_file f;
	struct err e = { 0 };

	(void)state;
	assert_int_equal(elf_file_open(&f, "/nowhere", &e), -1);
	assert_string_equal(e.text,
	    "cannot read /nowhere: No such file or directory");
	err_clear(&e);
	assert_int_equal(elf_file_open(&f, "/etc", &e), -1);
	assert_string_equal(e.text, "/etc is a directory");
	err_clear(&e);
	assert_int_equal(elf_file_open(&f, "/dev/null", &e), -1);
	assert_string_equal(e.text, "/dev/null is not a regular file");
	err_clear(&e);
	assert_int_equal(elf_file_open(&f, "/etc/passwd", &e), -1);
	assert_string_equal(e.text, "/etc/passwd: not an ELF file");
}

static void
bytes_are_found_across_the_borders_of_reading(void **state)
{
	static char big[200000];
	struct binary b = binary_of(big, sizeof(big));
	size_t at;

	(void)state;
	for (at = 65530; at < 65542; at++) {
		memset(big, 0, sizeof(big));
		memcpy(big + at, "needle", 6);
		assert_int_equal(binary_find(&b, 0, "needle", 6), at);
		assert_int_equal(binary_find(&b, at, "needle", 6), at);
		assert_true(binary_find(&b, at + 1, "needle", 6) == UINT64_MAX);
	}
	memcpy(big + sizeof(big) - 6, "needle", 6);
	assert_int_equal(binary_find(&b, 70000, "needle", 6), sizeof(big) - 6);
	assert_true(binary_find(&b, sizeof(big), "needle", 6) == UINT64_MAX);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_program_names_what_it_needs),
		cmocka_unit_test(a_static_program_needs_nothing),
		cmocka_unit_test(sections_are_found_by_their_names),
		cmocka_unit_test(what_is_no_such_file_is_refused),
		cmocka_unit_test(names_outside_of_the_file_are_refused),
		cmocka_unit_test(no_damage_is_fatal),
		cmocka_unit_test(a_file_that_cannot_be_read_is_named),
		cmocka_unit_test(bytes_are_found_across_the_borders_of_reading),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
