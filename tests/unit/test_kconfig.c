/* SPDX-License-Identifier: BSD-2-Clause */
/* Configurations of kernels: where they are, what they say, how they differ. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "boot/kconfig.h"
#include "scratch_folder.h"

/* ---- finding ------------------------------------------------------------ */

static void
finds(const char *kernel, enum image_kind kind, char *version,
    const char *config)
{
	const struct image image = { .kind = kind, .version = version };
	char *found = kconfig_find(scratch_in(kernel), &image);

	if (config == NULL) {
		assert_null(found);
		return;
	}
	assert_non_null(found);
	assert_string_equal(found, scratch_in(config));
	free(found);
}

static void
configurations_are_found_where_kernels_are(void **state)
{
	(void)state;
	scratch_text("boot/vmlinuz-6.1", "");
	scratch_text("boot/vmlinuz-6.1.config", "");
	finds("boot/vmlinuz-6.1", IMAGE_BZIMAGE, NULL,
	    "boot/vmlinuz-6.1.config");
	scratch_text("boot/config-6.1", "");
	finds("boot/vmlinuz-6.1", IMAGE_BZIMAGE, NULL, "boot/config-6.1");
	/* What the kernel says itself is better than its name. */
	finds("boot/vmlinuz-6.1", IMAGE_BZIMAGE, "6.1-rt (me) #1",
	    "boot/config-6.1");
	scratch_text("boot/config-6.1-rt", "");
	finds("boot/vmlinuz-6.1", IMAGE_BZIMAGE, "6.1-rt (me) #1",
	    "boot/config-6.1-rt");
	finds("boot/vmlinuz-6.2", IMAGE_BZIMAGE, "6.2 (me) #1", NULL);
	finds("boot/vmlinuz", IMAGE_BZIMAGE, "../boot/x", NULL);
}

static void
configurations_are_found_in_trees(void **state)
{
	(void)state;
	scratch_text("tree/.config", "");
	scratch_text("tree/arch/x86/boot/bzImage", "");
	scratch_text("tree/linux", "");
	scratch_text("tree/boot/bzImage", "");
	finds("tree/arch/x86/boot/bzImage", IMAGE_BZIMAGE, NULL,
	    "tree/.config");
	finds("tree/linux", IMAGE_UML, NULL, "tree/.config");
	finds("tree/linux", IMAGE_BZIMAGE, NULL, NULL);
	finds("tree/boot/bzImage", IMAGE_BZIMAGE, NULL, NULL);
	/* The link that a build of x86_64 makes, and one from elsewhere. */
	scratch_text("tree/arch/x86_64/boot/other", "");
	assert_int_equal(symlink("../../x86/boot/bzImage",
	    scratch_in("tree/arch/x86_64/boot/bzImage")), 0);
	finds("tree/arch/x86_64/boot/bzImage", IMAGE_BZIMAGE, NULL,
	    "tree/.config");
	assert_int_equal(symlink("tree/arch/x86/boot/bzImage",
	    scratch_in("link")), 0);
	finds("link", IMAGE_BZIMAGE, NULL, "tree/.config");
	/* A folder of that name is none. */
	assert_int_equal(mkdir(scratch_in(".config"), 0700), 0);
	scratch_text("linux", "");
	finds("linux", IMAGE_UML, NULL, NULL);
}

/* ---- reading ------------------------------------------------------------ */

static const char small[] = "#\n"
    "# Linux/x86 6.1 Kernel Configuration\n"
    "#\n"
    "\n"
    "CONFIG_SMP=y\r\n"
    "CONFIG_HZ=250\n"
    "# CONFIG_EMBEDDED is not set\n"
    "# CONFIG_HZ is a number\n"
    "CONFIG_CC_VERSION_TEXT=\"gcc (a=b) 12\"\n"
    "CONFIG_VIRTIO=m";

static void
symbols_have_values(void **state)
{
	struct kconfig k = { 0 };
	struct err e = { 0 };

	(void)state;
	assert_string_equal(kconfig_value(&k, "CONFIG_SMP"), "n");
	assert_int_equal(kconfig_read(&k, scratch_text("c", small), &e), 0);
	assert_int_equal(k.count, 5);
	assert_string_equal(kconfig_value(&k, "CONFIG_SMP"), "y");
	assert_string_equal(kconfig_value(&k, "CONFIG_HZ"), "250");
	assert_string_equal(kconfig_value(&k, "CONFIG_EMBEDDED"), "n");
	assert_string_equal(kconfig_value(&k, "CONFIG_VIRTIO"), "m");
	assert_string_equal(kconfig_value(&k, "CONFIG_CC_VERSION_TEXT"),
	    "\"gcc (a=b) 12\"");
	assert_string_equal(kconfig_value(&k, "CONFIG_NONE"), "n");
	kconfig_free(&k);
	kconfig_free(&k);
}

static void
what_is_written_is_sorted_and_can_be_read(void **state)
{
	struct kconfig k = { 0 }, back = { 0 };
	struct err e = { 0 };
	char text[512];
	FILE *f;

	(void)state;
	assert_int_equal(kconfig_read(&k, scratch_text("c", small), &e), 0);
	assert_int_equal(kconfig_write(&k, scratch_in("d"), &e), 0);
	f = fopen(scratch_in("d"), "r");
	text[fread(text, 1, sizeof(text) - 1, f)] = '\0';
	fclose(f);
	assert_string_equal(text, "CONFIG_CC_VERSION_TEXT=\"gcc (a=b) 12\"\n"
	    "# CONFIG_EMBEDDED is not set\n"
	    "CONFIG_HZ=250\n"
	    "CONFIG_SMP=y\n"
	    "CONFIG_VIRTIO=m\n");
	assert_int_equal(kconfig_read(&back, scratch_in("d"), &e), 0);
	assert_int_equal(kconfig_difference(&k, &back, NULL, NULL), 0);
	kconfig_free(&k);
	kconfig_free(&back);
}

static void
bad(const char *text, const char *words)
{
	const char *path = scratch_text("bad", text);
	struct kconfig k = { 0 };
	struct err e = { 0 };

	assert_int_equal(kconfig_read(&k, path, &e), -1);
	assert_memory_equal(e.text, path, strlen(path));
	assert_string_equal(e.text + strlen(path), words);
	kconfig_free(&k);
}

static void
what_is_no_configuration_is_refused(void **state)
{
	struct kconfig k = { 0 };
	struct err e = { 0 };

	(void)state;
	bad("", " is no configuration of a kernel: no symbol is in it");
	bad("# only\n", " is no configuration of a kernel: no symbol is in it");
	bad("CONFIG_A=y\nhello\n",
	    ":2: no line of the configuration of a kernel");
	bad("CONFIG_A\n", ":1: no line of the configuration of a kernel");
	bad("CONFIG_=y\n", ":1: no line of the configuration of a kernel");
	bad("CONFIG_B=y\nCONFIG_A=y\n# CONFIG_B is not set\n",
	    ": CONFIG_B is twice in it");
	assert_int_equal(kconfig_read(&k, "/nowhere", &e), -1);
	assert_string_equal(e.text,
	    "cannot read /nowhere: No such file or directory");
	err_clear(&e);
	assert_int_equal(kconfig_write(&k, "/nowhere/x", &e), -1);
	assert_string_equal(e.text,
	    "cannot write /nowhere/x: No such file or directory");
}

static void
a_kernel_shows_its_configuration(void **state)
{
	const char *kernel = scratch_text("linux", "#!/bin/sh\n"
	    "[ \"$1\" = --showconfig ] && echo CONFIG_UML=y\n");
	struct kconfig k = { 0 };
	struct err e = { 0 };
	char text[ERR_MAX];

	(void)state;
	assert_int_equal(chmod(kernel, 0755), 0);
	assert_int_equal(kconfig_show(kernel, &k, &e), 0);
	assert_string_equal(kconfig_value(&k, "CONFIG_UML"), "y");
	kconfig_free(&k);
	kernel = scratch_text("linux", "#!/bin/sh\necho no >&2; exit 1\n");
	snprintf(text, sizeof(text), "cannot read the configuration of %s: %s "
	    "ended with status 1: no", kernel, kernel);
	assert_int_equal(kconfig_show(kernel, &k, &e), -1);
	assert_string_equal(e.text, text);
	err_clear(&e);
	kernel = scratch_text("linux", "#!/bin/sh\necho hello\n");
	snprintf(text, sizeof(text), "cannot read the configuration of %s: "
	    "what it shows:1: no line of the configuration of a kernel",
	    kernel);
	assert_int_equal(kconfig_show(kernel, &k, &e), -1);
	assert_string_equal(e.text, text);
	kconfig_free(&k);
}

/* ---- comparing ---------------------------------------------------------- */

static void
add_row(void *arg, const char *name, const char *in_a, const char *in_b)
{
	str_addf(arg, "%s %s %s\n", name, in_a, in_b);
}

static void
differences_are_told_in_order(void **state)
{
	struct kconfig a = { 0 }, b = { 0 };
	struct str rows = { 0 };
	struct err e = { 0 };

	(void)state;
	assert_int_equal(kconfig_read(&a, scratch_text("a", "CONFIG_B=y\n"
	    "CONFIG_A=1\nCONFIG_C=m\n# CONFIG_D is not set\nCONFIG_Z=y\n"),
	    &e), 0);
	assert_int_equal(kconfig_read(&b, scratch_text("b", "CONFIG_A=2\n"
	    "CONFIG_B=y\nCONFIG_E=y\n# CONFIG_F is not set\nCONFIG_Y=y\n"),
	    &e), 0);
	assert_int_equal(kconfig_difference(&a, &b, add_row, &rows), 5);
	assert_string_equal(str_text(&rows), "CONFIG_A 1 2\nCONFIG_C m n\n"
	    "CONFIG_E n y\nCONFIG_Y n y\nCONFIG_Z y n\n");
	str_reset(&rows);
	assert_int_equal(kconfig_difference(&b, &a, add_row, &rows), 5);
	assert_string_equal(str_text(&rows), "CONFIG_A 2 1\nCONFIG_C n m\n"
	    "CONFIG_E y n\nCONFIG_Y y n\nCONFIG_Z n y\n");
	str_free(&rows);
	kconfig_free(&a);
	kconfig_free(&b);
}

/* ---- what a guest needs ------------------------------------------------- */

#define COMMON "CONFIG_64BIT=y\nCONFIG_BINFMT_ELF=y\n" \
    "CONFIG_BLK_DEV_INITRD=y\nCONFIG_FILE_LOCKING=y\nCONFIG_FUTEX=y\n" \
    "CONFIG_PRINTK=y\nCONFIG_PROC_FS=y\nCONFIG_RD_GZIP=y\nCONFIG_SYSFS=y\n" \
    "CONFIG_TTY=y\nCONFIG_UNIX=y\n"
#define FOLDERS "CONFIG_DEVTMPFS=y\nCONFIG_TMPFS=y\n"

static void
checks(const char *text, enum image_kind kind, const char *words)
{
	struct kconfig k = { 0 };
	struct err e = { 0 };
	char whole[ERR_MAX];

	assert_int_equal(kconfig_read(&k, scratch_text("c", text), &e), 0);
	if (words == NULL) {
		assert_int_equal(kconfig_check(&k, kind, &e), 0);
		assert_false(e.set);
	} else {
		assert_int_equal(kconfig_check(&k, kind, &e), -1);
		snprintf(whole, sizeof(whole), "the kernel lacks what a guest "
		    "needs: %s: build it with these", words);
		assert_string_equal(e.text, whole);
	}
	kconfig_free(&k);
}

static void
what_a_guest_needs_is_checked(void **state)
{
	(void)state;
	checks(COMMON FOLDERS "CONFIG_SERIAL_8250_CONSOLE=y\n"
	    "CONFIG_SERIAL_8250_RUNTIME_UARTS=2\n", IMAGE_BZIMAGE, NULL);
	checks(COMMON FOLDERS "CONFIG_SSL=y\nCONFIG_NULL_CHAN=y\n", IMAGE_UML,
	    NULL);
	checks(COMMON "CONFIG_SERIAL_8250_CONSOLE=m\n"
	    "CONFIG_SERIAL_8250_RUNTIME_UARTS=1\nCONFIG_TMPFS=m\n",
	    IMAGE_BZIMAGE, "CONFIG_DEVTMPFS=y (/dev), "
	    "CONFIG_SERIAL_8250_CONSOLE=y (console; it has m), "
	    "CONFIG_SERIAL_8250_RUNTIME_UARTS=2 (the line to the host; it has "
	    "1), CONFIG_TMPFS=y (/tmp; it has m)");
	checks(COMMON FOLDERS, IMAGE_UML, "CONFIG_NULL_CHAN=y (consoles), "
	    "CONFIG_SSL=y (the line to the host)");
	checks(COMMON FOLDERS, IMAGE_BZIMAGE,
	    "CONFIG_SERIAL_8250_CONSOLE=y (console), "
	    "CONFIG_SERIAL_8250_RUNTIME_UARTS=2 (the line to the host)");
}

#define ARM COMMON FOLDERS "CONFIG_PCI_HOST_GENERIC=y\n" \
    "CONFIG_SERIAL_AMBA_PL011_CONSOLE=y\n"
#define PORT "CONFIG_SERIAL_8250_PCI=y (the line to the host, or virtio), " \
    "CONFIG_SERIAL_8250_RUNTIME_UARTS=1 (the line to the host, or virtio)"

/* Kernels of distributions have virtio in modules. */
static void
a_guest_of_arm_needs_one_of_two_ports(void **state)
{
	(void)state;
	checks(ARM "CONFIG_VIRTIO_CONSOLE=y\nCONFIG_VIRTIO_PCI=y\n",
	    IMAGE_ARM64, NULL);
	checks(ARM "CONFIG_SERIAL_8250_PCI=y\n"
	    "CONFIG_SERIAL_8250_RUNTIME_UARTS=1\nCONFIG_VIRTIO_CONSOLE=m\n"
	    "CONFIG_VIRTIO_PCI=m\n", IMAGE_ARM64, NULL);
	checks(ARM, IMAGE_ARM64, PORT);
	checks(ARM "CONFIG_VIRTIO_CONSOLE=y\nCONFIG_VIRTIO_PCI=m\n",
	    IMAGE_ARM64, PORT);
	checks(ARM "CONFIG_VIRTIO_CONSOLE=m\nCONFIG_VIRTIO_PCI=y\n",
	    IMAGE_ARM64, PORT);
	checks(ARM "CONFIG_SERIAL_8250_PCI=m\n"
	    "CONFIG_SERIAL_8250_RUNTIME_UARTS=0\n", IMAGE_ARM64,
	    "CONFIG_SERIAL_8250_PCI=y (the line to the host, or virtio; it has "
	    "m), CONFIG_SERIAL_8250_RUNTIME_UARTS=1 (the line to the host, or "
	    "virtio; it has 0)");
	checks(COMMON FOLDERS "CONFIG_VIRTIO_CONSOLE=y\n"
	    "CONFIG_VIRTIO_PCI=y\n", IMAGE_ARM64,
	    "CONFIG_PCI_HOST_GENERIC=y (the line to the host), "
	    "CONFIG_SERIAL_AMBA_PL011_CONSOLE=y (console)");
	/* The second line of a PC is its own. */
	checks(COMMON FOLDERS "CONFIG_SERIAL_8250_CONSOLE=y\n"
	    "CONFIG_VIRTIO_CONSOLE=y\nCONFIG_VIRTIO_PCI=y\n", IMAGE_BZIMAGE,
	    "CONFIG_SERIAL_8250_RUNTIME_UARTS=2 (the line to the host)");
}

/* All that can be missing is told, not cut. */
static void
everything_missing_fits_into_an_error(void **state)
{
	struct kconfig k = { 0 };
	struct err e = { 0 };
	int kind;

	(void)state;
	for (kind = IMAGE_BZIMAGE; kind <= IMAGE_UML; kind++) {
		err_clear(&e);
		assert_int_equal(kconfig_check(&k, (enum image_kind)kind, &e),
		    -1);
		assert_non_null(strstr(e.text, ": build it with these"));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(configurations_are_found_where_kernels_are),
		cmocka_unit_test(configurations_are_found_in_trees),
		cmocka_unit_test(symbols_have_values),
		cmocka_unit_test(what_is_written_is_sorted_and_can_be_read),
		cmocka_unit_test(what_is_no_configuration_is_refused),
		cmocka_unit_test(a_kernel_shows_its_configuration),
		cmocka_unit_test(differences_are_told_in_order),
		cmocka_unit_test(what_a_guest_needs_is_checked),
		cmocka_unit_test(a_guest_of_arm_needs_one_of_two_ports),
		cmocka_unit_test(everything_missing_fits_into_an_error),
	};

	return cmocka_run_group_tests(tests, scratch_folder_setup,
	    scratch_folder_teardown);
}
