/* SPDX-License-Identifier: BSD-2-Clause */
/* Images of guests: what is in one, for programs that a test makes up. */
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

#include "base/str.h"
#include "boot/elf_file.h"
#include "boot/pack.h"
#include "fake_elf.h"
#include "scratch_folder.h"

#define ARM 183

static const char *const nothing[] = { NULL };
static const char *const libc[] = { "libc.so.6", NULL };
static const char *const own[] = { "vmstress-lib0.so", "libc.so.6", NULL };

static void
fake(const char *name, int machine, const char *loader,
    const char *const *needed)
{
	struct fake_elf f;
	int i;

	fake_elf_begin(&f, loader != NULL || needed != nothing ?
	    ELF_FILE_SHARED : ELF_FILE_FIXED, machine, 0);
	fake_elf_libraries(&f, 0, loader, needed);
	for (i = 0; needed[i] != NULL; i++)
		;
	fake_elf_dynamic(&f, i + 1, 29, fake_elf_text(&f, "$ORIGIN"));
	scratch_file(name, f.bytes, sizeof(f.bytes));
}

/* A whole build of aarch64 below the scratch folder, and its sysroot. */
static int
setup(void **state)
{
	(void)state;
	scratch_folder_begin();
	fake("root/lib/ld.so", ARM, NULL, nothing);
	fake("root/lib/libc.so.6", ARM, NULL, nothing);
	fake("root/lib/libyaml.so", ARM, NULL, libc);
	fake("bin/vmstress", ARM, "/lib/ld.so", libc);
	fake("lib/vmstress-cell", ARM, NULL, nothing);
	fake("lib/vmstress-cell-dynamic", ARM, "/lib/ld.so", libc);
	fake("lib/vmstress-guardian", ARM, NULL, nothing);
	fake("lib/vmstress-member", ARM, NULL, nothing);
	fake("lib/vmstress-lib0.so", ARM, NULL, nothing);
	fake("lib/vmstress-target-dynamic1", ARM, "/lib/ld.so", own);
	scratch_text("lib/vmstress-target-static.o", "not packed");
	scratch_text("lib/vmstress-lib.txt", "not packed");
	scratch_text("lib/vmstress-0.1.0.tar.xz", "not packed");
	return 0;
}

/* Its names one per line, with what links lead to. */
static char *
names(const char *path)
{
	struct archive *a = archive_read_new();
	struct archive_entry *f;
	struct str out = { 0 };

	archive_read_support_filter_gzip(a);
	archive_read_support_format_cpio(a);
	assert_int_equal(archive_read_open_filename(a, path, 4096),
	    ARCHIVE_OK);
	while (archive_read_next_header(a, &f) == ARCHIVE_OK) {
		str_add(&out, archive_entry_pathname(f));
		if (archive_entry_symlink(f) != NULL)
			str_addf(&out, " -> %s", archive_entry_symlink(f));
		str_add(&out, "\n");
	}
	archive_read_free(a);
	return out.s;
}

static struct pack
build(void)
{
	static char program[128], libexec[128], sysroot[128];

	snprintf(program, sizeof(program), "%s/bin/vmstress", scratch_folder);
	snprintf(libexec, sizeof(libexec), "%s/lib", scratch_folder);
	snprintf(sysroot, sizeof(sysroot), "%s/root", scratch_folder);
	return (struct pack){ .program = program, .libexec = libexec,
	    .sysroot = sysroot };
}

static void
an_image_has_all_that_is_needed_and_no_more(void **state)
{
	struct pack p = build();
	const char *arch = NULL, *plugin;
	struct err e = { 0 };
	char *list;

	(void)state;
	p.plan = scratch_text("plan", "{}\n");
	fake("plug/my.so", ARM, NULL, (const char *const[]){ "libyaml.so",
	    NULL });
	plugin = scratch_in("plug/my.so");
	p.plugins = &plugin;
	p.nplugins = 1;
	assert_int_equal(pack_make(&p, scratch_in("image"), &arch, &e), 0);
	assert_string_equal(arch, "aarch64");
	list = names(scratch_in("image"));
	assert_string_equal(list,
	    "dev\nproc\nrun\nsys\ntmp\n"
	    "dev/console\n"
	    "dev/null\n"
	    "init -> /vmstress/vmstress\n"
	    "vmstress\n"
	    "vmstress/vmstress\n"
	    "vmstress/vmstress-cell\n"
	    "vmstress/vmstress-cell-dynamic\n"
	    "vmstress/vmstress-guardian\n"
	    "vmstress/vmstress-lib0.so\n"
	    "vmstress/vmstress-member\n"
	    "vmstress/vmstress-target-dynamic1\n"
	    "vmstress/plugins\n"
	    "vmstress/plugins/my.so\n"
	    "lib\n"
	    "lib/ld.so\n"
	    "lib/libc.so.6\n"
	    "lib/libyaml.so\n"
	    "vmstress/plan.jsonl\n");
	free(list);
}

static void
fails(const struct pack *p, const char *text)
{
	struct err e = { 0 };
	char whole[ERR_MAX];

	snprintf(whole, sizeof(whole), "cannot make the image of the guest: %s",
	    text);
	assert_int_equal(pack_make(p, scratch_in("image"), NULL, &e), -1);
	assert_string_equal(e.text, whole);
	assert_int_not_equal(access(scratch_in("image"), F_OK), 0);
}

static void
what_is_missing_or_wrong_is_named(void **state)
{
	struct pack p = build();
	const char *plugins[] = { scratch_text("a/same.so", ""),
	    scratch_text("b/same.so", "") };
	char text[512];

	(void)state;
	p.plan = "/nowhere";
	fails(&p, "cannot read /nowhere: No such file or directory");
	p.plan = NULL;
	p.plugins = plugins;
	p.nplugins = 2;
	snprintf(text, sizeof(text), "%s: not an ELF file", plugins[0]);
	fails(&p, text);
	fake("a/same.so", ARM, NULL, nothing);
	fake("b/same.so", ARM, NULL, nothing);
	fails(&p, "/vmstress/plugins/same.so is twice in the guest's file "
	    "system");
	p.nplugins = 0;
	fake("lib/vmstress-member", 62, NULL, nothing);
	snprintf(text, sizeof(text), "%s/vmstress-member is not for the machine "
	    "that %s is for", p.libexec, p.program);
	fails(&p, text);
	assert_int_equal(unlink(scratch_in("lib/vmstress-guardian")), 0);
	snprintf(text, sizeof(text), "cannot read %s/vmstress-guardian: No such "
	    "file or directory", p.libexec);
	fails(&p, text);
	p.libexec = "/nowhere";
	fails(&p, "cannot read /nowhere: No such file or directory");
	fake("bin/vmstress", 3, NULL, nothing);
	snprintf(text, sizeof(text), "%s is for a machine that cannot be a "
	    "guest", p.program);
	fails(&p, text);
	p.program = "/etc/passwd";
	fails(&p, "/etc/passwd: not an ELF file");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
		    an_image_has_all_that_is_needed_and_no_more, setup,
		    scratch_folder_teardown),
		cmocka_unit_test_setup_teardown(
		    what_is_missing_or_wrong_is_named,
		    setup, scratch_folder_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
