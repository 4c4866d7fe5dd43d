/* SPDX-License-Identifier: BSD-2-Clause */
/* What programs need to be loaded: asked from loaders and found in sysroots. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "boot/closure.h"
#include "boot/elf_file.h"
#include "fake_elf.h"
#include "os/os.h"
#include "scratch_folder.h"

#define ARM 183

static const char *const nothing[] = { NULL };

static void
line(const char *text, const char *name, const char *path)
{
	struct err e = { 0 };
	char *n, *p;

	assert_int_equal(closure_line(text, &n, &p, &e), 0);
	if (name == NULL)
		assert_null(n);
	else
		assert_string_equal(n, name);
	if (path == NULL)
		assert_null(p);
	else
		assert_string_equal(p, path);
	free(n);
	free(p);
}

static void
lines_of_loaders_are_read(void **state)
{
	struct err e = { 0 };
	char *n, *p;

	(void)state;
	line("\tlinux-vdso.so.1 (0x00007ffd)", NULL, NULL);
	line("\tlibc.so.6 => /lib/a b/libc.so.6 (0x00007f)", "libc.so.6",
	    "/lib/a b/libc.so.6");
	line("\t/lib64/ld-linux-x86-64.so.2 (0x00007f)", NULL,
	    "/lib64/ld-linux-x86-64.so.2");
	line("\tlibx.so => /opt/libx.so", "libx.so", "/opt/libx.so");
	line("\tlinux-gate.so.1 =>  (0xffffe000)", NULL, NULL);
	line("\tstatically linked", NULL, NULL);
	line("", NULL, NULL);
	assert_int_equal(closure_line("\tlibx.so => not found", &n, &p, &e),
	    -1);
	assert_string_equal(e.text,
	    "the library libx.so is not on this system");
	assert_null(n);
	assert_null(p);
}

/* Make a fake program or library of a sysroot; its path. */
static const char *
fake(const char *name, int machine, const char *loader,
    const char *const *needed, const char *runpath)
{
	struct fake_elf f;

	fake_elf_begin(&f, ELF_FILE_SHARED, machine, 0);
	fake_elf_libraries(&f, 0, loader, needed);
	if (runpath != NULL)
		fake_elf_dynamic(&f, 12, 29, fake_elf_text(&f, runpath));
	/* No gap in the dynamic section, which would end it. */
	for (int i = 1; i < 12; i++)
		if (f.bytes[FAKE_ELF_DYNAMIC + i * 16] == 0)
			fake_elf_dynamic(&f, i, 30, 0);
	return scratch_file(name, f.bytes, sizeof(f.bytes));
}

/* All files as "HOST>GUEST", hosts below the scratch folder. */
static void
equals(const struct closure *c, const char *const *rows)
{
	char row[1024];
	size_t i;

	for (i = 0; i < c->count && rows[i] != NULL; i++) {
		snprintf(row, sizeof(row), "%s>%s", c->files[i].host +
		    strlen(scratch_folder), c->files[i].guest);
		assert_string_equal(row, rows[i]);
	}
	assert_int_equal(i, c->count);
	assert_null(rows[i]);
}

static void
a_sysroot_is_searched(void **state)
{
	static const char *const of_program[] = { "liba.so", "libc.so.6",
	    "libown.so", NULL };
	static const char *const of_a[] = { "libb.so", "libc.so.6", NULL };
	static const char *const of_b[] = { "liba.so", "ld.so", NULL };
	static const char *const rows[] = {
		"/root/lib64/ld.so>/lib64/ld.so",
		"/root/usr/lib/aarch64-linux-gnu/liba.so"
		    ">/usr/lib/aarch64-linux-gnu/liba.so",
		"/root/usr/lib/libb.so>/usr/lib/libb.so",
		"/root/lib/aarch64-linux-gnu/libc.so.6"
		    ">/lib/aarch64-linux-gnu/libc.so.6",
		"/bin/libown.so>/lib/libown.so",
		NULL
	};
	struct closure c = { 0 };
	struct err e = { 0 };
	int i;

	(void)state;
	/* It is once in memory, and no library has to bring it again. */
	fake("root/lib64/ld.so", ARM, NULL, nothing, NULL);
	fake("root/lib/aarch64-linux-gnu/ld.so", ARM, NULL, nothing, NULL);
	fake("root/usr/lib/aarch64-linux-gnu/liba.so", ARM, NULL, of_a, NULL);
	/* One for another machine is passed over. */
	fake("root/lib/libb.so", 62, NULL, nothing, NULL);
	fake("root/usr/lib/libb.so", ARM, NULL, of_b, NULL);
	fake("root/lib/aarch64-linux-gnu/libc.so.6", ARM, NULL, nothing,
	    NULL);
	fake("bin/libown.so", ARM, NULL, nothing, NULL);
	fake("bin/program", ARM, "/lib64/ld.so", of_program, "$ORIGIN");
	/* The second time there is nothing to add. */
	for (i = 0; i < 2; i++) {
		assert_int_equal(closure_add(&c, scratch_in("bin/program"),
		    NULL, scratch_in("root"), &e), 0);
		equals(&c, rows);
	}
	closure_free(&c);
	/* A plug-in names no loader. */
	assert_int_equal(closure_add(&c, scratch_in("bin/program"),
	    "/lib64/ld.so", scratch_in("root"), &e), 0);
	equals(&c, rows);
	closure_free(&c);
}

static void
what_a_sysroot_lacks_is_named(void **state)
{
	static const char *const needed[] = { "liba.so", NULL };
	struct closure c = { 0 };
	struct err e = { 0 };
	char text[ERR_MAX];

	(void)state;
	fake("program", ARM, "/lib/ld.so", needed, NULL);
	snprintf(text, sizeof(text), "%s/program: the loader /lib/ld.so is not "
	    "in %s", scratch_folder, scratch_folder);
	assert_int_equal(closure_add(&c, scratch_in("program"), NULL,
	    scratch_folder, &e), -1);
	assert_string_equal(e.text, text);
	err_clear(&e);
	fake("lib/ld.so", ARM, NULL, nothing, NULL);
	snprintf(text, sizeof(text), "%s/program: the library liba.so is not "
	    "in %s", scratch_folder, scratch_folder);
	assert_int_equal(closure_add(&c, scratch_in("program"), NULL,
	    scratch_folder, &e), -1);
	assert_string_equal(e.text, text);
	closure_free(&c);
}

/* A system that does not tell where the own program is cannot say what is own. */
static void
skip_without_self(void)
{
	char self[4096];

	if (os_self_path(self, sizeof(self)) != 0)
		skip();
}

static void
another_machine_needs_a_sysroot(void **state)
{
	struct closure c = { 0 };
	struct err e = { 0 };
	char text[ERR_MAX];

	(void)state;
	skip_without_self();
	fake("program", 0x1234, "/lib/ld.so", nothing, NULL);
	snprintf(text, sizeof(text), "%s/program: it is for another machine "
	    "(unknown): the folder that has its libraries is needed "
	    "(--sysroot)", scratch_folder);
	assert_int_equal(closure_add(&c, scratch_in("program"), NULL, NULL,
	    &e), -1);
	assert_string_equal(e.text, text);
	closure_free(&c);
}

static void
static_programs_need_nothing(void **state)
{
	struct closure c = { 0 };
	struct err e = { 0 };
	struct fake_elf f;

	(void)state;
	fake_elf_begin(&f, ELF_FILE_FIXED, 62, 0x400000);
	scratch_file("program", f.bytes, sizeof(f.bytes));
	assert_int_equal(closure_add(&c, scratch_in("program"), "/lib/ld.so",
	    NULL, &e), 0);
	assert_int_equal(c.count, 0);
}

/*
 * Of this program by its own loader: an existing file for every guest path, the
 * C library and the loader among them.  Nothing when it is static.
 */
static void
a_loader_is_asked(void **state)
{
	struct closure c = { 0 };
	struct elf_file own;
	struct err e = { 0 };
	char self[4096];
	size_t i, libc = 0, loader = 0;

	(void)state;
	skip_without_self();
	assert_int_equal(os_self_path(self, sizeof(self)), 0);
	assert_int_equal(elf_file_open(&own, self, &e), 0);
	if (own.interpreter == NULL) {
		elf_file_free(&own);
		skip();
	}
	assert_int_equal(closure_add(&c, self, NULL, NULL, &e), 0);
	for (i = 0; i < c.count; i++) {
		assert_int_equal(access(c.files[i].host, R_OK), 0);
		assert_int_equal(c.files[i].guest[0], '/');
		if (strstr(c.files[i].guest, "/libcmocka.so") != NULL)
			libc++;
		if (strcmp(c.files[i].guest, own.interpreter) == 0)
			loader++;
	}
	assert_int_equal(libc, 1);
	assert_int_equal(loader, 1);
	closure_free(&c);
	elf_file_free(&own);
}

/* A loader of our own making says what we want. */
static void
libraries_elsewhere_go_to_the_folder_of_the_c_library(void **state)
{
	struct closure c = { 0 };
	struct err e = { 0 };
	struct elf_file own;
	const char *loader, *program;
	char script[4096], self[4096];
	char hwcaps[600], plain[600], guest[640];

	(void)state;
	skip_without_self();
	scratch_text("lib/glibc-hwcaps/v3/libz.so", "");
	scratch_text("lib/libz.so", "");
	scratch_text("lib/glibc-hwcaps/v3/liby.so", "");
	snprintf(hwcaps, sizeof(hwcaps), "%s/lib/glibc-hwcaps/v3",
	    scratch_folder);
	snprintf(plain, sizeof(plain), "%s/lib/libz.so", scratch_folder);
	snprintf(script, sizeof(script), "#!/bin/sh\n[ \"$1\" = --list ] || "
	    "exit 1\necho ' linux-vdso.so.1 (0x1)\n libz.so => %s/libz.so (0x2)"
	    "\n liby.so => %s/liby.so (0x2)\n libc.so.6 => /lib/any/libc.so.6 "
	    "(0x3)\n /dir/ld.so (0x4)'\n", hwcaps, hwcaps);
	loader = scratch_text("loader", script);
	assert_int_equal(chmod(loader, 0755), 0);
	assert_int_equal(os_self_path(self, sizeof(self)), 0);
	assert_int_equal(elf_file_open(&own, self, &e), 0);
	program = fake("program", own.machine, loader, nothing, NULL);
	elf_file_free(&own);
	assert_int_equal(closure_add(&c, program, NULL, NULL, &e), 0);
	assert_int_equal(c.count, 5);
	assert_string_equal(c.files[0].guest, loader);
	assert_string_equal(c.files[1].host, plain);
	assert_string_equal(c.files[1].guest, "/lib/any/libz.so");
	snprintf(guest, sizeof(guest), "%s/liby.so", hwcaps);
	assert_string_equal(c.files[2].host, guest);
	assert_string_equal(c.files[2].guest, "/lib/any/liby.so");
	assert_string_equal(c.files[3].guest, "/lib/any/libc.so.6");
	assert_string_equal(c.files[4].guest, "/dir/ld.so");
	closure_free(&c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_of_loaders_are_read),
		cmocka_unit_test_setup_teardown(a_sysroot_is_searched,
		    scratch_folder_setup, scratch_folder_teardown),
		cmocka_unit_test_setup_teardown(what_a_sysroot_lacks_is_named,
		    scratch_folder_setup, scratch_folder_teardown),
		cmocka_unit_test_setup_teardown(another_machine_needs_a_sysroot,
		    scratch_folder_setup, scratch_folder_teardown),
		cmocka_unit_test_setup_teardown(static_programs_need_nothing,
		    scratch_folder_setup, scratch_folder_teardown),
		cmocka_unit_test(a_loader_is_asked),
		cmocka_unit_test_setup_teardown(
		    libraries_elsewhere_go_to_the_folder_of_the_c_library,
		    scratch_folder_setup, scratch_folder_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
