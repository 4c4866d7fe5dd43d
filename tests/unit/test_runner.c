/* SPDX-License-Identifier: BSD-2-Clause */
/* Who boots which kernel, and with which command. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "boot/runner.h"
#include "fake_qemu.h"

#define GIB (UINT64_C(1) << 30)

static const struct image x86 = { .kind = IMAGE_BZIMAGE, .arch = "x86_64" };
static const struct image i386 = { .kind = IMAGE_BZIMAGE, .arch = "i386" };
static const struct image arm = { .kind = IMAGE_ARM64, .arch = "aarch64" };
static const struct image uml = { .kind = IMAGE_UML, .arch = "x86_64" };

static char program[] = "/bin/qemu", version[] = "6.1.0 (x) #1";

static struct machine machine = { .cpus = 4, .memory_bytes = 2 * GIB };
static struct runner_host host = {
	.program = program, .accelerator = "kvm", .cpus = 4,
};

static struct runner_boot
boot(const struct image *image)
{
	return (struct runner_boot){
		.machine = &machine, .host = &host, .image = image,
		.kernel = "c/kernels/old", .initramfs = "c/guest",
		.guest = "seed=7 config=1", .log = "c/r01-old.log",
		.folder = "/tmp/f",
	};
}

static void
command_is(const struct runner *r, const struct runner_boot *b,
    const char *want, const char *want_line)
{
	struct arguments a = { 0 };
	struct str text = { 0 }, line = { 0 };

	r->command(b, &a, &line);
	arguments_text(&a, &text);
	assert_string_equal(str_text(&text), want);
	assert_string_equal(str_text(&line), want_line);
	arguments_free(&a);
	str_free(&text);
	str_free(&line);
}

static void
every_kernel_has_its_runner(void **state)
{
	struct image riscv = { .kind = IMAGE_ARM64, .arch = "riscv64" };

	(void)state;
	assert_ptr_equal(runner_for(&x86), &runner_qemu);
	assert_ptr_equal(runner_for(&i386), &runner_qemu);
	assert_ptr_equal(runner_for(&arm), &runner_qemu);
	assert_ptr_equal(runner_for(&uml), &runner_uml);
	assert_null(runner_for(&riscv));
	assert_ptr_equal(runner_named("qemu"), &runner_qemu);
	assert_ptr_equal(runner_named("uml"), &runner_uml);
	assert_null(runner_named("ssh"));
	assert_null(runner_named(""));
}

static void
emulated_processors_get_more_time(void **state)
{
	struct runner_host h = { .accelerator = "kvm" };

	(void)state;
	assert_int_equal(runner_boot_timeout_ns(&h), 60000000000);
	h.accelerator = "none";
	assert_int_equal(runner_boot_timeout_ns(&h), 60000000000);
	h.accelerator = "tcg";
	assert_int_equal(runner_boot_timeout_ns(&h), 180000000000);
}

#define BEGIN "/bin/qemu -name vmstress,debug-threads=on -no-user-config "	\
	"-nodefaults -display none -monitor none -no-reboot -machine "
#define LINES_OF(log) "-chardev file,id=log,path=" log " -serial "		\
	"chardev:log -chardev stdio,id=port,signal=off -serial chardev:port "
#define VIRTIO "-chardev file,id=virtio,path=/dev/fd/1 -device "		\
	"virtio-serial-pci -device virtserialport,chardev=virtio,"		\
	"name=org.vmstress.0 "
#define KERNEL "-kernel c/kernels/old -initrd c/guest -append "
#define LINE "console=ttyS0 panic=-1 oops=panic -- guest seed=7 config=1"

static void
qemu_with_kvm(void **state)
{
	struct runner_boot b = boot(&x86);

	(void)state;
	command_is(&runner_qemu, &b, BEGIN "pc -accel kvm -cpu host -smp 4 "
	    "-m 2048M " LINES_OF("c/r01-old.log") VIRTIO KERNEL "'" LINE "'",
	    LINE);
}

static void
qemu_with_emulated_processors(void **state)
{
	struct runner_host tcg = host;
	struct runner_boot b = boot(&i386);

	(void)state;
	tcg.accelerator = "tcg";
	tcg.cpus = 1;
	b.host = &tcg;
	command_is(&runner_qemu, &b, BEGIN "pc -accel tcg,thread=multi -cpu "
	    "max -smp 1 -m 2048M " LINES_OF("c/r01-old.log") VIRTIO KERNEL "'"
	    LINE "'", LINE);
}

static void
qemu_on_huge_pages(void **state)
{
	struct machine huge = machine;
	struct runner_boot b = boot(&x86);

	(void)state;
	huge.hugepages = true;
	huge.memory_bytes = GIB / 2;
	b.machine = &huge;
	command_is(&runner_qemu, &b, BEGIN "pc,memory-backend=ram -accel kvm "
	    "-cpu host -smp 4 -m 512M -object memory-backend-memfd,id=ram,"
	    "size=512M,hugetlb=on,prealloc=on " LINES_OF("c/r01-old.log")
	    VIRTIO KERNEL "'" LINE "'", LINE);
}

/* A comma ends a property; the other two are whole arguments. */
static void
qemu_with_commas_in_paths(void **state)
{
	struct runner_boot b = boot(&x86);

	(void)state;
	b.log = "a,b,,/r.log";
	b.kernel = "a,b/k";
	b.initramfs = "a,b/g";
	command_is(&runner_qemu, &b, BEGIN "pc -accel kvm -cpu host -smp 4 "
	    "-m 2048M " LINES_OF("a,,b,,,,/r.log") VIRTIO
	    "-kernel a,b/k -initrd a,b/g -append '" LINE "'", LINE);
}

static void
qemu_with_arguments_of_the_user(void **state)
{
	static char one[] = "-device", two[] = "edu,x=a b";
	char *args[] = { one, two };
	struct machine more = machine;
	struct runner_boot b = boot(&x86);

	(void)state;
	more.qemu_args = args;
	more.nqemu_args = 2;
	b.machine = &more;
	b.append = "mitigations=off nosmt";
	command_is(&runner_qemu, &b, BEGIN "pc -accel kvm -cpu host -smp 4 "
	    "-m 2048M " LINES_OF("c/r01-old.log") VIRTIO KERNEL
	    "'console=ttyS0 panic=-1 oops=panic mitigations=off nosmt -- "
	    "guest seed=7 config=1' -device 'edu,x=a b'",
	    "console=ttyS0 panic=-1 oops=panic mitigations=off nosmt -- guest "
	    "seed=7 config=1");
}

/* One serial line only, so the port is a card. */
static void
qemu_for_arm(void **state)
{
	struct runner_boot b = boot(&arm);

	(void)state;
	command_is(&runner_qemu, &b, BEGIN "virt,gic-version=max -accel kvm "
	    "-cpu host -smp 4 -m 2048M -chardev file,id=log,path=c/r01-old.log -serial "
	    "chardev:log -chardev stdio,id=port,signal=off -device "
	    "pci-serial,chardev=port " VIRTIO KERNEL "'console=ttyAMA0 "
	    "panic=-1 oops=panic -- guest seed=7 config=1 port=/dev/ttyS0'",
	    "console=ttyAMA0 panic=-1 oops=panic -- guest seed=7 config=1 "
	    "port=/dev/ttyS0");
}

#define UML "c/kernels/old initrd=c/guest uml_dir=/tmp/f/ con=null "	\
	"con0=null,fd:2 ssl=null ssl1=null,fd:1 "

static void
user_mode_linux(void **state)
{
	struct runner_boot b = boot(&uml);

	(void)state;
	command_is(&runner_uml, &b, UML "mem=2048M panic=-1 oops=panic -- "
	    "guest seed=7 config=1", "mem=2048M panic=-1 oops=panic -- guest "
	    "seed=7 config=1");
	b.append = "debug  nosysemu";
	command_is(&runner_uml, &b, UML "mem=2048M panic=-1 oops=panic debug "
	    "nosysemu -- guest seed=7 config=1", "mem=2048M panic=-1 "
	    "oops=panic debug  nosysemu -- guest seed=7 config=1");
	assert_true(runner_uml.log_is_stderr);
	assert_false(runner_qemu.log_is_stderr);
}

static void
user_mode_linux_needs_nothing(void **state)
{
	struct image image = uml;
	struct runner_host h = { 0 };
	struct err e = { 0 };

	(void)state;
	image.version = version;
	assert_int_equal(runner_uml.prepare(&h, &machine, &image, "k", &e), 0);
	assert_null(h.program);
	assert_string_equal(h.version, "6.1.0 (x) #1");
	assert_string_equal(h.accelerator, "none");
	assert_null(h.why);
	assert_string_equal(h.backing, "a file in memory");
	assert_int_equal(h.cpus, 1);
	runner_host_free(&h);
	image.version = NULL;
	assert_int_equal(runner_uml.prepare(&h, &machine, &image, "k", &e), 0);
	assert_null(h.version);
	runner_host_free(&h);
	assert_null(h.backing);
}

/* A kernel of processors that are not here: emulated, if one may. */
static struct image
foreign(void)
{
	return strcmp(fake_qemu_foreign(), "i386") == 0 ? i386 : arm;
}

static void
foreign_program(const char *body)
{
	fake_qemu(strcmp(fake_qemu_foreign(), "i386") == 0 ?
	    "qemu-system-i386" : "qemu-system-aarch64", body);
}

static int
prepare(struct runner_host *h, bool allow_tcg, struct err *e)
{
	struct machine m = machine;
	struct image image = foreign();

	m.allow_tcg = allow_tcg;
	*h = (struct runner_host){ 0 };
	return runner_qemu.prepare(h, &m, &image, "k", e);
}

static void
a_host_without_qemu(void **state)
{
	struct runner_host h;
	struct err e = { 0 };
	char want[256];

	(void)state;
	snprintf(want, sizeof(want), "there is no qemu-system-%s here, which "
	    "boots a kernel for %s (Debian: qemu-system-%s)",
	    fake_qemu_foreign(), fake_qemu_foreign(),
	    fake_qemu_is_x86() ? "arm" : "x86");
	assert_int_equal(prepare(&h, true, &e), -1);
	assert_string_equal(e.text, want);
	runner_host_free(&h);
}

static void
emulation_takes_a_permission(void **state)
{
	struct runner_host h;
	struct err e = { 0 };
	char why[128], want[512];

	(void)state;
	foreign_program("exit 1");
	snprintf(why, sizeof(why), "this host does not have the processors of "
	    "%s", fake_qemu_foreign());
	assert_int_equal(prepare(&h, true, &e), 0);
	assert_string_equal(h.accelerator, "tcg");
	assert_string_equal(h.why, why);
	assert_string_equal(h.version, "9.8.7");
	assert_int_equal(memcmp(h.program, scratch_folder,
	    strlen(scratch_folder)), 0);
	assert_int_equal(h.cpus, 4);
	assert_non_null(h.backing);
	runner_host_free(&h);

	snprintf(want, sizeof(want), "KVM cannot be used here: %s; an emulated "
	    "processor (TCG) says little about a real one, so it takes "
	    "--allow-tcg to have it", why);
	assert_int_equal(prepare(&h, false, &e), -1);
	assert_string_equal(e.text, want);
	runner_host_free(&h);
}

static void
a_qemu_that_cannot_tell_its_version(void **state)
{
	struct image image = foreign();
	struct runner_host h = { 0 };
	struct err e = { 0 };
	const char *path;
	char name[64], want[256];

	(void)state;
	snprintf(name, sizeof(name), "qemu-system-%s", fake_qemu_foreign());
	path = scratch_text(name, "#!/bin/sh\necho no library >&2\n"
	    "exit 127\n");
	assert_int_equal(chmod(path, 0755), 0);
	snprintf(want, sizeof(want), "%s ended with status 127: no library",
	    path);
	assert_int_equal(runner_qemu.prepare(&h, &machine, &image, "k", &e),
	    -1);
	assert_string_equal(e.text, want);
	runner_host_free(&h);
}

static int
setup(void **state)
{
	(void)state;
	scratch_folder_begin();
	fake_qemu_path();
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_kernel_has_its_runner),
		cmocka_unit_test(emulated_processors_get_more_time),
		cmocka_unit_test(qemu_with_kvm),
		cmocka_unit_test(qemu_with_emulated_processors),
		cmocka_unit_test(qemu_on_huge_pages),
		cmocka_unit_test(qemu_with_commas_in_paths),
		cmocka_unit_test(qemu_with_arguments_of_the_user),
		cmocka_unit_test(qemu_for_arm),
		cmocka_unit_test(user_mode_linux),
		cmocka_unit_test(user_mode_linux_needs_nothing),
		cmocka_unit_test(a_host_without_qemu),
		cmocka_unit_test(emulation_takes_a_permission),
		cmocka_unit_test(a_qemu_that_cannot_tell_its_version),
	};

	return cmocka_run_group_tests(tests, setup, scratch_folder_teardown);
}
