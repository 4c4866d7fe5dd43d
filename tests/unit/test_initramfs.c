/* SPDX-License-Identifier: BSD-2-Clause */
/* File systems of guests: read back by cpio's rules, byte for byte. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <archive.h>
#include <archive_entry.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "base/mem.h"
#include "base/str.h"
#include "boot/initramfs.h"
#include "scratch_folder.h"

/* "MODE UID:GID TIME NAME [-> LINK] [MAJOR:MINOR] [TEXT]" a line. */
static void
describe(struct archive *a, struct archive_entry *f, struct str *out)
{
	char text[256];
	la_ssize_t n;

	str_addf(out, "%o %d:%d %d %s", (unsigned)archive_entry_mode(f),
	    (int)archive_entry_uid(f), (int)archive_entry_gid(f),
	    (int)archive_entry_mtime(f), archive_entry_pathname(f));
	if (archive_entry_symlink(f) != NULL)
		str_addf(out, " -> %s", archive_entry_symlink(f));
	if (archive_entry_filetype(f) == AE_IFCHR)
		str_addf(out, " %d:%d", (int)archive_entry_rdevmajor(f),
		    (int)archive_entry_rdevminor(f));
	n = archive_read_data(a, text, sizeof(text) - 1);
	if (n > 0) {
		text[n] = '\0';
		str_addf(out, " %s", text);
	}
	str_add(out, "\n");
}

static void
equals(const char *path, const char *expected)
{
	struct archive *a = archive_read_new();
	struct archive_entry *f;
	struct str out = { 0 };

	archive_read_support_filter_gzip(a);
	archive_read_support_format_cpio(a);
	assert_int_equal(archive_read_open_filename(a, path, 4096),
	    ARCHIVE_OK);
	while (archive_read_next_header(a, &f) == ARCHIVE_OK)
		describe(a, f, &out);
	assert_int_equal(archive_format(a), ARCHIVE_FORMAT_CPIO_SVR4_NOCRC);
	assert_int_equal(archive_filter_code(a, 0), ARCHIVE_FILTER_GZIP);
	archive_read_free(a);
	assert_string_equal(str_text(&out), expected);
	str_free(&out);
}

static void
fill(const char *path, const char *source)
{
	struct err e = { 0 };
	struct initramfs *a = initramfs_new(path, &e);

	assert_non_null(a);
	assert_int_equal(initramfs_folder(a, "/proc", &e), 0);
	assert_int_equal(initramfs_device(a, "/dev/console", 5, 1, &e), 0);
	assert_int_equal(initramfs_file(a, "/a/b/program", source, 0755, &e),
	    0);
	assert_int_equal(initramfs_text(a, "/a/text", "words", &e), 0);
	assert_int_equal(initramfs_link(a, "/init", "/a/b/program", &e), 0);
	assert_int_equal(initramfs_folder(a, "/a/b", &e), 0);
	assert_int_equal(initramfs_close(a, &e), 0);
}

static void
what_is_put_in_is_in_it(void **state)
{
	const char *source = scratch_text("source", "contents");

	(void)state;
	assert_int_equal(chmod(source, 0600), 0);
	fill(scratch_in("image"), source);
	equals(scratch_in("image"),
	    "40755 0:0 0 proc\n"
	    "40755 0:0 0 dev\n"
	    "20600 0:0 0 dev/console 5:1\n"
	    "40755 0:0 0 a\n"
	    "40755 0:0 0 a/b\n"
	    "100755 0:0 0 a/b/program contents\n"
	    "100644 0:0 0 a/text words\n"
	    "120777 0:0 0 init -> /a/b/program\n");
}

/* The time in a gzip file is in its bytes 4 to 7. */
static void
the_same_contents_give_the_same_bytes(void **state)
{
	const char *source = scratch_text("source", "contents");
	unsigned char one[4096], two[4096];
	size_t n;
	FILE *f;

	(void)state;
	fill(scratch_in("one"), source);
	scratch_text("source", "contents");
	fill(scratch_in("two"), source);
	f = fopen(scratch_in("one"), "r");
	n = fread(one, 1, sizeof(one), f);
	fclose(f);
	f = fopen(scratch_in("two"), "r");
	assert_int_equal(fread(two, 1, sizeof(two), f), n);
	fclose(f);
	assert_memory_equal(one, two, n);
	assert_memory_equal(one + 4, "\0\0\0\0", 4);
	assert_true(n < 600);
}

static void
files_of_any_size_are_whole(void **state)
{
	size_t len = 3 * 65536 + 5, i, n;
	unsigned char *bytes = mem_zalloc(len), *back = mem_zalloc(len + 1);
	const char *source, *path = scratch_in("image");
	struct err e = { 0 };
	struct initramfs *a;
	struct archive *r;
	struct archive_entry *f;

	(void)state;
	for (i = 0; i < len; i++)
		bytes[i] = (unsigned char)(i * 7 + i / 251);
	source = scratch_file("source", bytes, len);
	a = initramfs_new(path, &e);
	assert_int_equal(initramfs_file(a, "/file", source, 0644, &e), 0);
	scratch_text("empty", "");
	assert_int_equal(initramfs_file(a, "/empty", scratch_in("empty"), 0644,
	    &e), 0);
	assert_int_equal(initramfs_close(a, &e), 0);
	r = archive_read_new();
	archive_read_support_filter_gzip(r);
	archive_read_support_format_cpio(r);
	assert_int_equal(archive_read_open_filename(r, path, 4096), 0);
	assert_int_equal(archive_read_next_header(r, &f), ARCHIVE_OK);
	n = (size_t)archive_read_data(r, back, len + 1);
	assert_int_equal(n, len);
	assert_memory_equal(bytes, back, len);
	assert_int_equal(archive_read_next_header(r, &f), ARCHIVE_OK);
	assert_string_equal(archive_entry_pathname(f), "empty");
	archive_read_free(r);
	free(bytes);
	free(back);
}

static void
a_file_that_is_there_is_not_overwritten(void **state)
{
	const char *path = scratch_text("image", "mine");
	char text[ERR_MAX];
	struct err e = { 0 };

	(void)state;
	snprintf(text, sizeof(text), "cannot make %s: File exists", path);
	assert_null(initramfs_new(path, &e));
	assert_string_equal(e.text, text);
	assert_int_equal(access(path, F_OK), 0);
	initramfs_drop(NULL);
}

static void
what_is_given_up_is_removed(void **state)
{
	struct err e = { 0 };
	struct initramfs *a = initramfs_new(scratch_in("image"), &e);

	(void)state;
	assert_int_equal(initramfs_text(a, "/text", "words", &e), 0);
	assert_int_equal(access(scratch_in("image"), F_OK), 0);
	initramfs_drop(a);
	assert_int_not_equal(access(scratch_in("image"), F_OK), 0);
}

static void
bad_paths_and_sources_are_errors(void **state)
{
	static const char *const paths[] = { "", "/", "relative", "/end/",
	    "/a//b" };
	struct err e = { 0 };
	struct initramfs *a = initramfs_new(scratch_in("image"), &e);
	char text[ERR_MAX];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		snprintf(text, sizeof(text), "%s: not a path for a guest's "
		    "file system", paths[i]);
		assert_int_equal(initramfs_text(a, paths[i], "", &e), -1);
		assert_string_equal(e.text, text);
		err_clear(&e);
	}
	assert_int_equal(initramfs_link(a, "/twice", "/", &e), 0);
	assert_int_equal(initramfs_text(a, "/twice", "", &e), -1);
	assert_string_equal(e.text, "/twice is twice in the guest's file "
	    "system");
	err_clear(&e);
	assert_int_equal(initramfs_file(a, "/none", "/nowhere", 0644, &e), -1);
	assert_string_equal(e.text,
	    "cannot read /nowhere: No such file or directory");
	err_clear(&e);
	assert_int_equal(initramfs_file(a, "/etc", "/etc", 0644, &e), -1);
	assert_string_equal(e.text, "cannot read /etc: not a regular file");
	initramfs_drop(a);
}

/* A limit on the size of files is the disk that is full. */
static void
what_cannot_be_written_is_an_error_and_removed(void **state)
{
	struct rlimit old, low;
	struct err e = { 0 };
	struct initramfs *a;
	char text[ERR_MAX];
	int rc;

	(void)state;
	snprintf(text, sizeof(text), "cannot write %s: Write error",
	    scratch_in("image"));
	a = initramfs_new(scratch_in("image"), &e);
	assert_int_equal(initramfs_text(a, "/text", "words", &e), 0);
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
	low = old;
	low.rlim_cur = 10;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &low), 0);
	rc = initramfs_close(a, &e);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
	assert_int_equal(rc, -1);
	assert_string_equal(e.text, text);
	assert_int_not_equal(access(scratch_in("image"), F_OK), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(what_is_put_in_is_in_it,
		    scratch_folder_setup, scratch_folder_teardown),
		cmocka_unit_test_setup_teardown(
		    the_same_contents_give_the_same_bytes,
		    scratch_folder_setup, scratch_folder_teardown),
		cmocka_unit_test_setup_teardown(files_of_any_size_are_whole,
		    scratch_folder_setup, scratch_folder_teardown),
		cmocka_unit_test_setup_teardown(
		    a_file_that_is_there_is_not_overwritten,
		    scratch_folder_setup, scratch_folder_teardown),
		cmocka_unit_test_setup_teardown(what_is_given_up_is_removed,
		    scratch_folder_setup, scratch_folder_teardown),
		cmocka_unit_test_setup_teardown(
		    bad_paths_and_sources_are_errors,
		    scratch_folder_setup, scratch_folder_teardown),
		cmocka_unit_test_setup_teardown(
		    what_cannot_be_written_is_an_error_and_removed,
		    scratch_folder_setup, scratch_folder_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
