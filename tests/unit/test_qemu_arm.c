/* SPDX-License-Identifier: BSD-2-Clause */
/* How QEMU is told to boot a kernel for arm64. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/str.h"
#include "boot/arguments.h"
#include "boot/runner.h"

/* One serial line is all that the machine has, so the port is a card. */
#define LINES "-chardev file,id=log,path=r01.log -serial chardev:log " \
    "-chardev stdio,id=port,signal=off -device pci-serial,chardev=port " \
    "-chardev file,id=virtio,path=/dev/fd/1 -device virtio-serial-pci " \
    "-device virtserialport,chardev=virtio,name=org.vmstress.0 "
#define LINE "console=ttyAMA0 panic=-1 oops=panic -- guest seed=7 " \
    "port=/dev/ttyS0"

static void
boots_with(const char *accelerator, bool hugepages, const char *want)
{
	static char program[] = "qemu";
	struct image image = { .kind = IMAGE_ARM64, .arch = "aarch64" };
	struct machine machine = {
		.memory_bytes = UINT64_C(2) << 30, .hugepages = hugepages,
	};
	struct runner_host host = {
		.program = program, .accelerator = accelerator, .cpus = 12,
	};
	struct runner_boot b = {
		.machine = &machine, .host = &host, .image = &image,
		.kernel = "Image", .initramfs = "guest.gz", .guest = "seed=7",
		.log = "r01.log",
	};
	struct arguments a = { 0 };
	struct str text = { 0 }, line = { 0 };

	assert_ptr_equal(runner_for(&image), &runner_qemu);
	runner_qemu.command(&b, &a, &line);
	arguments_text(&a, &text);
	assert_string_equal(str_text(&line), LINE);
	assert_string_equal(str_text(&text), want);
	arguments_free(&a);
	str_free(&text);
	str_free(&line);
}

#define BEGIN "qemu -name vmstress,debug-threads=on -no-user-config " \
    "-nodefaults -display none -monitor none -no-reboot " \
    "-machine virt,gic-version=max"
#define END LINES "-kernel Image -initrd guest.gz -append '" LINE "'"

static void
its_own_processors(void **state)
{
	(void)state;
	boots_with("kvm", false, BEGIN " -accel kvm -cpu host -smp 12 "
	    "-m 2048M " END);
}

static void
emulated_ones(void **state)
{
	(void)state;
	boots_with("tcg", false, BEGIN " -accel tcg,thread=multi "
	    "-cpu max,pauth-impdef=on -smp 12 -m 2048M " END);
}

static void
huge_pages(void **state)
{
	(void)state;
	boots_with("kvm", true, BEGIN ",memory-backend=ram -accel kvm "
	    "-cpu host -smp 12 -m 2048M -object memory-backend-memfd,id=ram,"
	    "size=2048M,hugetlb=on,prealloc=on " END);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(its_own_processors),
		cmocka_unit_test(emulated_ones),
		cmocka_unit_test(huge_pages),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
