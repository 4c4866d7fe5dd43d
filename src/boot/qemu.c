/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * QEMU: a machine with the host's own processors where KVM works, and with
 * emulated ones (TCG) where somebody has agreed to that.
 */
#include "config.h"

#include "boot/runner.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "boot/accelerator.h"
#include "boot/backing.h"
#include "boot/command.h"
#include "boot/guest.h"

#define QEMU_VERSION_NS UINT64_C(20000000000)

/* What differs between the architectures that it plays. */
static const struct qemu_arch {
	const char *arch;
	const char *program;
	const char *machine;
	const char *emulated;		/* processor where there is no KVM */
	const char *console;		/* the kernel's name of its log */
	const char *port;		/* and of the port; NULL: GUEST_SERIAL */
	bool port_is_pci;		/* the machine has one serial line only */
} qemu_archs[] = {
	{ "x86_64", "qemu-system-x86_64", "pc", "max", "ttyS0", NULL, false },
	{ "i386", "qemu-system-i386", "pc", "max", "ttyS0", NULL, false },
	/*
	 * The oldest GIC, which is the default, has 8 processors at most; and
	 * the usual cipher of signed pointers takes half of an emulated boot.
	 */
	{ "aarch64", "qemu-system-aarch64", "virt,gic-version=max",
	    "max,pauth-impdef=on", "ttyAMA0", "/dev/ttyS0", true },
};
#define QEMU_ARCHS (sizeof(qemu_archs) / sizeof(qemu_archs[0]))

static const struct qemu_arch *
qemu_arch(const struct image *image)
{
	size_t i;

	for (i = 0; i < QEMU_ARCHS; i++)
		if (strcmp(image->arch, qemu_archs[i].arch) == 0)
			return &qemu_archs[i];
	return NULL;
}

static bool
qemu_takes(const struct image *image)
{
	return image->kind != IMAGE_UML && qemu_arch(image) != NULL;
}

/* "QEMU emulator version 7.2.22 (Debian ...)" */
static char *
qemu_version(const char *program, struct err *e)
{
	static const char before[] = "version ";
	char *argv[] = { (char *)(uintptr_t)program,
	    (char *)(uintptr_t)"--version", NULL };
	struct str out = { 0 };
	const char *text;
	char *version = NULL;

	if (command_run(argv, NULL, QEMU_VERSION_NS, &out, e) == 0) {
		text = strstr(str_text(&out), before);
		text = text != NULL ? text + strlen(before) : str_text(&out);
		version = mem_strndup(text, strcspn(text, " \n"));
	}
	str_free(&out);
	return version;
}

static int
qemu_accelerate(struct runner_host *h, const struct machine *m,
    const struct image *image, struct err *e)
{
	struct err why = { 0 };

	if (accelerator_kvm(h->program, image->arch, &why) == 0) {
		h->accelerator = "kvm";
		return 0;
	}
	h->accelerator = "tcg";
	h->why = mem_strdup(why.text);
	if (m->allow_tcg)
		return 0;
	return err_set(e, "KVM cannot be used here: %s; an emulated processor "
	    "(TCG) says little about a real one, so it takes --allow-tcg to "
	    "have it", why.text);
}

static int
qemu_prepare(struct runner_host *h, const struct machine *m,
    const struct image *image, const char *kernel, struct err *e)
{
	const struct qemu_arch *arch = qemu_arch(image);

	(void)kernel;
	h->cpus = m->cpus;
	h->program = command_find(arch->program);
	if (h->program == NULL)
		return err_set(e, "there is no %s here, which boots a kernel "
		    "for %s (Debian: qemu-system-%s)", arch->program,
		    image->arch, image->kind == IMAGE_ARM64 ? "arm" : "x86");
	h->version = qemu_version(h->program, e);
	if (h->version == NULL || qemu_accelerate(h, m, image, e) != 0)
		return -1;
	return backing_prepare(m, &h->backing, e);
}

/* A comma parts properties, so one in a path is written twice. */
static void
qemu_add_file(struct arguments *a, const char *before, const char *path)
{
	struct str text = { 0 };

	str_add(&text, before);
	for (; *path != '\0'; path++)
		str_addn(&text, *path == ',' ? ",," : path,
		    *path == ',' ? 2 : 1);
	arguments_add(a, str_text(&text));
	str_free(&text);
}

static void
qemu_add_memory(struct arguments *a, const struct machine *m)
{
	uint64_t mib = m->memory_bytes >> 20;

	arguments_add(a, "-m");
	arguments_addf(a, "%" PRIu64 "M", mib);
	if (!m->hugepages)
		return;
	arguments_add(a, "-object");
	arguments_addf(a, "memory-backend-memfd,id=ram,size=%" PRIu64 "M,"
	    "hugetlb=on,prealloc=on", mib);
}

/* The log, and the port twice: as a serial line and through virtio. */
static void
qemu_add_lines(struct arguments *a, const struct qemu_arch *arch,
    const struct runner_boot *b)
{
	arguments_add(a, "-chardev");
	qemu_add_file(a, "file,id=log,path=", b->log);
	arguments_add(a, "-serial");
	arguments_add(a, "chardev:log");
	arguments_add(a, "-chardev");
	arguments_add(a, "stdio,id=port,signal=off");
	if (arch->port_is_pci) {
		arguments_add(a, "-device");
		arguments_add(a, "pci-serial,chardev=port");
	} else {
		arguments_add(a, "-serial");
		arguments_add(a, "chardev:port");
	}
	arguments_add(a, "-chardev");
	arguments_add(a, "file,id=virtio,path=/dev/fd/1");
	arguments_add(a, "-device");
	arguments_add(a, "virtio-serial-pci");
	arguments_add(a, "-device");
	arguments_add(a, "virtserialport,chardev=virtio,name=" GUEST_PORT);
}

static void
qemu_command_line(const struct qemu_arch *arch, const struct runner_boot *b,
    struct str *out)
{
	str_addf(out, "console=%s panic=-1 oops=panic", arch->console);
	if (b->append != NULL)
		str_addf(out, " %s", b->append);
	str_addf(out, " -- guest %s", b->guest);
	if (arch->port != NULL)
		str_addf(out, " port=%s", arch->port);
}

static void
qemu_command(const struct runner_boot *b, struct arguments *a,
    struct str *command_line)
{
	const struct qemu_arch *arch = qemu_arch(b->image);
	bool kvm = strcmp(b->host->accelerator, "kvm") == 0;
	size_t i;

	qemu_command_line(arch, b, command_line);
	arguments_add(a, b->host->program);
	arguments_words(a, "-name vmstress,debug-threads=on -no-user-config "
	    "-nodefaults -display none -monitor none -no-reboot -machine");
	arguments_addf(a, "%s%s", arch->machine,
	    b->machine->hugepages ? ",memory-backend=ram" : "");
	arguments_words(a, kvm ? "-accel kvm -cpu host" :
	    "-accel tcg,thread=multi -cpu");
	if (!kvm)
		arguments_add(a, arch->emulated);
	arguments_add(a, "-smp");
	arguments_addf(a, "%d", b->host->cpus);
	qemu_add_memory(a, b->machine);
	qemu_add_lines(a, arch, b);
	arguments_add(a, "-kernel");
	arguments_add(a, b->kernel);
	arguments_add(a, "-initrd");
	arguments_add(a, b->initramfs);
	arguments_add(a, "-append");
	arguments_add(a, str_text(command_line));
	for (i = 0; i < b->machine->nqemu_args; i++)
		arguments_add(a, b->machine->qemu_args[i]);
}

const struct runner runner_qemu = {
	.name = "qemu",
	.takes = qemu_takes,
	.prepare = qemu_prepare,
	.command = qemu_command,
	.cpu_threads = "CPU ",
};
