/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Kernels out of packages, with an apt-get and a dpkg-deb of our own: a package
 * is a tar archive, and what the tools do is in files that a test writes.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "boot/cache.h"
#include "boot/command.h"
#include "boot/fetch.h"
#include "scratch_folder.h"

/* The packages are in STORE; one that is not there is unknown. */
static const char apt_get[] = "#!/bin/sh\n"
    "echo \"$*\" >>\"$STORE/calls\"\n"
    "if [ -f \"$STORE/$3.tar\" ]; then\n"
    "\tcp \"$STORE/$3.tar\" \"./$3_1_amd64.deb\"\n"
    "elif [ -f \"$STORE/$3.says\" ]; then\n"
    "\tcat \"$STORE/$3.says\" >&2; exit 100\n"
    "else\n"
    "\techo \"E: Unable to locate package $3\" >&2; exit 100\n"
    "fi\n";
/* ...and what one depends on is beside it. */
static const char dpkg_deb[] = "#!/bin/sh\n"
    "name=${2##*/}; name=${name%%_*}\n"
    "case $1 in\n"
    "--fsys-tarfile) cat \"$2\" ;;\n"
    "-f) [ ! -f \"$STORE/$name.depends\" ] || cat \"$STORE/$name.depends\" ;;\n"
    "esac\n";

static char *old_path;

static void
program(const char *name, const char *text)
{
	assert_int_equal(chmod(scratch_text(name, text), 0755), 0);
}

static int
setup(void **state)
{
	char path[4096];

	(void)state;
	scratch_folder_begin();
	old_path = strdup(getenv("PATH"));
	program("bin/apt-get", apt_get);
	program("bin/dpkg-deb", dpkg_deb);
	snprintf(path, sizeof(path), "%s:%s", scratch_in("bin"), old_path);
	setenv("PATH", path, 1);
	setenv("STORE", scratch_folder, 1);
	setenv("XDG_CACHE_HOME", scratch_in("cache"), 1);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	setenv("PATH", old_path, 1);
	free(old_path);
	scratch_folder_end();
	return 0;
}

/* A package of a file with these bytes, and others around it. */
static void
package(const char *name, const char *file, const void *bytes, size_t len)
{
	char tar[600], at[256];
	char *argv[] = { "tar", "-cf", tar, "-C", (char *)scratch_in("tree"),
	    ".", NULL };
	struct err e = { 0 };

	io_remove_folder(scratch_in("tree"));
	snprintf(at, sizeof(at), "tree/%s", file);
	scratch_file(at, bytes, len);
	scratch_text("tree/boot/System.map-6.1", "0 T _text\n");
	scratch_text("tree/boot/config-6.1", "CONFIG_X=y\n");
	scratch_text("tree/lib/modules/6.1/x.ko", "module");
	scratch_text("tree/usr/share/doc/x", "words");
	snprintf(tar, sizeof(tar), "%s/%s.tar", scratch_folder, name);
	assert_int_equal(command_run(argv, NULL, 0, NULL, &e), 0);
}

static void
kernel_package(const char *name)
{
	unsigned char k[1040] = { 0 };

	k[0x1f1] = 1;
	k[0x1fe] = 0x55;
	k[0x1ff] = 0xaa;
	memcpy(k + 0x202, "HdrS", 4);
	package(name, "boot/vmlinuz-6.1", k, sizeof(k));
}

static void
meta_package(const char *name, const char *depends)
{
	char file[256];

	package(name, "usr/share/doc/y", "words", 5);
	snprintf(file, sizeof(file), "%s.depends", name);
	scratch_text(file, depends);
}

static void
add_line(void *arg, const char *text)
{
	str_addf(arg, "%s\n", text);
}

static void
gives(const char *name, const char *kernel, const char *said)
{
	struct str out = { 0 };
	struct err e = { 0 };
	char *k, *c, text[600], at[400];

	assert_int_equal(fetch_package(name, &k, &c, add_line, &out, &e), 0);
	snprintf(at, sizeof(at), "cache/vmstress/kernels/%s/boot/vmlinuz-6.1",
	    kernel);
	assert_string_equal(k, scratch_in(at));
	snprintf(at, sizeof(at), "cache/vmstress/kernels/%s/boot/config-6.1",
	    kernel);
	assert_string_equal(c, scratch_in(at));
	text[0] = '\0';
	if (said[0] != '\0')
		snprintf(text, sizeof(text), "downloading the package %s into "
		    "%s/cache/vmstress/kernels\n", said, scratch_folder);
	assert_string_equal(str_text(&out), text);
	str_free(&out);
	free(k);
	free(c);
}

static void
fails(const char *name, const char *text)
{
	struct err e = { 0 };
	char *k, *c;

	assert_int_equal(fetch_package(name, &k, &c, NULL, NULL, &e), -1);
	assert_string_equal(e.text, text);
	assert_null(k);
	assert_null(c);
}

/* How many folders are in the cache, those of work that is not done too. */
static int
kept(void)
{
	DIR *dir = opendir(scratch_in("cache/vmstress/kernels"));
	struct dirent *entry;
	int count = 0;

	assert_non_null(dir);
	while ((entry = readdir(dir)) != NULL)
		if (strcmp(entry->d_name, ".") != 0 &&
		    strcmp(entry->d_name, "..") != 0)
			count++;
	closedir(dir);
	return count;
}

static void
a_package_is_downloaded_once(void **state)
{
	(void)state;
	kernel_package("linux-image-6.1");
	gives("linux-image-6.1", "linux-image-6.1", "linux-image-6.1");
	assert_int_equal(kept(), 1);
	/* No modules, which are large. */
	assert_int_equal(access(scratch_in(
	    "cache/vmstress/kernels/linux-image-6.1/boot/System.map-6.1"),
	    F_OK), 0);
	assert_int_not_equal(access(scratch_in(
	    "cache/vmstress/kernels/linux-image-6.1/lib"), F_OK), 0);
	assert_int_not_equal(access(scratch_in(
	    "cache/vmstress/kernels/linux-image-6.1/usr/share"), F_OK), 0);
	/* Not even the tools are needed then. */
	assert_int_equal(unlink(scratch_in("bin/apt-get")), 0);
	setenv("PATH", "/nowhere", 1);
	gives("linux-image-6.1", "linux-image-6.1", "");
}

static void
a_package_that_names_another_is_followed_once(void **state)
{
	struct err e = { 0 };
	char *k, *c;

	(void)state;
	kernel_package("linux-image-6.1");
	meta_package("linux-image-cloud",
	    "linux-base (>= 4.3), linux-image-6.1 (= 6.1.1-1)\n");
	gives("linux-image-6.1", "linux-image-6.1", "linux-image-6.1");
	gives("linux-image-cloud", "linux-image-6.1", "linux-image-cloud");
	/* What it names may be another one tomorrow. */
	gives("linux-image-cloud", "linux-image-6.1", "linux-image-cloud");
	assert_int_equal(kept(), 1);
	meta_package("linux-image-top", "linux-image-cloud | linux-image-6.1");
	assert_int_equal(fetch_package("linux-image-top", &k, &c, NULL, NULL,
	    &e), -1);
	assert_string_equal(e.text, "the package linux-image-top names "
	    "linux-image-cloud, which has no kernel: give "
	    "deb:linux-image-6.1");
}

static void
a_package_may_be_of_another_architecture(void **state)
{
	(void)state;
	kernel_package("linux-image-6.1:arm64");
	meta_package("linux-image-cloud:arm64",
	    "linux-image-cloud:any, linux-image-6.1:any (= 6.1.1-1)\n");
	gives("linux-image-6.1:arm64", "linux-image-6.1:arm64",
	    "linux-image-6.1:arm64");
	/* What it names is of the same one. */
	gives("linux-image-cloud:arm64", "linux-image-6.1:arm64",
	    "linux-image-cloud:arm64");
	assert_int_equal(kept(), 1);
	fails("linux-image-9:arm64", "cannot get the package "
	    "linux-image-9:arm64: apt-get ended with status 100: E: Unable to "
	    "locate package linux-image-9:arm64 (of another architecture after "
	    "dpkg --add-architecture arm64 and apt-get update)");
}

static void
packages_without_kernels_are_refused(void **state)
{
	static const char text[] = "cannot get the package linux-doc: there is "
	    "no kernel in this package (apt-cache search linux-image shows "
	    "those that have one)";
	char words[600];

	(void)state;
	meta_package("linux-doc", "libc6, linux-image-$(reboot), linux-doc\n");
	fails("linux-doc", text);
	package("linux-doc", "boot/vmlinuz-6.1", "no kernel", 9);
	meta_package("linux-doc", "");
	fails("linux-doc", text);
	assert_int_equal(kept(), 0);
	/* A link may lead to anywhere. */
	assert_int_equal(mkdir(scratch_in(
	    "cache/vmstress/kernels/linux-doc"), 0700), 0);
	assert_int_equal(mkdir(scratch_in(
	    "cache/vmstress/kernels/linux-doc/boot"), 0700), 0);
	kernel_package("linux-image-6.1");
	gives("linux-image-6.1", "linux-image-6.1", "linux-image-6.1");
	assert_int_equal(symlink(scratch_in("cache/vmstress/kernels/"
	    "linux-image-6.1/boot/vmlinuz-6.1"), scratch_in(
	    "cache/vmstress/kernels/linux-doc/boot/vmlinuz")), 0);
	snprintf(words, sizeof(words), "there is no kernel in "
	    "%s/cache/vmstress/kernels/linux-doc: remove it", scratch_folder);
	fails("linux-doc", words);
}

static void
what_apt_says_is_told(void **state)
{
	(void)state;
	fails("linux-image-9", "cannot get the package linux-image-9: apt-get "
	    "ended with status 100: E: Unable to locate package linux-image-9 "
	    "(apt-get update renews the list of packages, apt-cache search "
	    "linux-image shows kernels)");
	scratch_text("linux-image-8.says", "Err:1 http://deb x\n"
	    "  Temporary failure resolving 'deb'\n");
	fails("linux-image-8", "cannot get the package linux-image-8: apt-get "
	    "ended with status 100: Err:1 http://deb x;   Temporary failure "
	    "resolving 'deb' (is there a network?)");
	scratch_text("linux-image-7.says", "E: Failed to fetch x  404\n");
	fails("linux-image-7", "cannot get the package linux-image-7: apt-get "
	    "ended with status 100: E: Failed to fetch x  404 (the list of "
	    "packages is old: apt-get update)");
	assert_int_equal(kept(), 0);
}

static void
what_cannot_be_unpacked_is_an_error(void **state)
{
	struct err e = { 0 };
	char *k, *c;

	(void)state;
	scratch_text("linux-image-6.tar", "this is no archive");
	assert_int_equal(fetch_package("linux-image-6", &k, &c, NULL, NULL,
	    &e), -1);
	assert_non_null(strstr(e.text, "cannot get the package linux-image-6: "
	    "sh ended with status "));
	assert_int_equal(kept(), 0);
	program("bin/apt-get", "#!/bin/sh\n");
	fails("linux-image-6", "cannot get the package linux-image-6: apt-get "
	    "has downloaded nothing");
}

static void
names_of_packages_are_checked(void **state)
{
	static const char *const bad[] = { "", "a", "-x", "A1", "a b", "a;b",
	    "a/b", "../b", ".ab", "a_b", "a\nb", "$(a)", "+ab", "ab:", "ab:a",
	    "ab:-rm", "ab:arm64:x", "ab:arm/64", "ab:ARM", ":arm64" };
	char text[256];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		snprintf(text, sizeof(text), "'%s' is not the name of a package "
		    "(try deb:linux-image-cloud-amd64)", bad[i]);
		fails(bad[i], text);
	}
	assert_int_not_equal(access(scratch_in("calls"), F_OK), 0);
}

static void
without_the_tools_a_path_is_asked_for(void **state)
{
	(void)state;
	setenv("PATH", "/nowhere", 1);
	fails("linux-image-6", "cannot get the package linux-image-6: this "
	    "system has no apt-get: give the path of a kernel");
	setenv("PATH", scratch_in("bin"), 1);
	assert_int_equal(unlink(scratch_in("bin/dpkg-deb")), 0);
	fails("linux-image-6", "cannot get the package linux-image-6: this "
	    "system has no dpkg-deb: give the path of a kernel");
}

static void
the_cache_is_where_the_user_wants_it_and_nobody_elses(void **state)
{
	struct err e = { 0 };
	char text[600], *folder;

	(void)state;
	setenv("XDG_CACHE_HOME", "relative", 1);
	setenv("HOME", scratch_in("home"), 1);
	folder = cache_folder("kernels", &e);
	assert_string_equal(folder, scratch_in("home/.cache/vmstress/kernels"));
	free(folder);
	scratch_text("file", "");
	setenv("XDG_CACHE_HOME", scratch_in("file"), 1);
	snprintf(text, sizeof(text), "cannot use %s/file/vmstress/kernels as "
	    "the cache of kernels: Not a directory (XDG_CACHE_HOME names "
	    "another folder)", scratch_folder);
	assert_null(cache_folder("kernels", &e));
	assert_string_equal(e.text, text);
	err_clear(&e);
	setenv("XDG_CACHE_HOME", scratch_in("open"), 1);
	free(cache_folder("kernels", &e));
	assert_int_equal(chmod(scratch_in("open/vmstress/kernels"), 0777), 0);
	snprintf(text, sizeof(text), "cannot use %s/open/vmstress/kernels as "
	    "the cache of kernels: Operation not permitted (XDG_CACHE_HOME "
	    "names another folder)", scratch_folder);
	assert_null(cache_folder("kernels", &e));
	assert_string_equal(e.text, text);
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(a_package_is_downloaded_once),
		TEST(a_package_that_names_another_is_followed_once),
		TEST(a_package_may_be_of_another_architecture),
		TEST(packages_without_kernels_are_refused),
		TEST(what_apt_says_is_told),
		TEST(what_cannot_be_unpacked_is_an_error),
		TEST(names_of_packages_are_checked),
		TEST(without_the_tools_a_path_is_asked_for),
		TEST(the_cache_is_where_the_user_wants_it_and_nobody_elses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
