/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * User-mode Linux: the kernel is a program that needs neither privilege nor
 * virtualization.  It has one processor, and a file for its memory that it
 * makes in /dev/shm or TMPDIR.
 */
#include "config.h"

#include "boot/runner.h"

#include <inttypes.h>

#include "base/mem.h"

static bool
uml_takes(const struct image *image)
{
	return image->kind == IMAGE_UML;
}

static int
uml_prepare(struct runner_host *h, const struct machine *m,
    const struct image *image, const char *kernel, struct err *e)
{
	(void)m;
	(void)kernel;
	(void)e;
	h->version = image->version != NULL ? mem_strdup(image->version) : NULL;
	h->accelerator = "none";
	h->backing = mem_strdup("a file in memory");
	h->cpus = 1;
	return 0;
}

/*
 * Of its consoles one is the log; of its serial lines the second one, as on
 * other machines, is the port.
 */
static void
uml_command(const struct runner_boot *b, struct arguments *a,
    struct str *command_line)
{
	str_addf(command_line, "mem=%" PRIu64 "M panic=-1 oops=panic",
	    b->machine->memory_bytes >> 20);
	if (b->append != NULL)
		str_addf(command_line, " %s", b->append);
	str_addf(command_line, " -- guest %s", b->guest);

	arguments_add(a, b->kernel);
	arguments_addf(a, "initrd=%s", b->initramfs);
	arguments_addf(a, "uml_dir=%s/", b->folder);
	arguments_add(a, "con=null");
	arguments_add(a, "con0=null,fd:2");
	arguments_add(a, "ssl=null");
	arguments_add(a, "ssl1=null,fd:1");
	arguments_words(a, str_text(command_line));
}

const struct runner runner_uml = {
	.name = "uml",
	.takes = uml_takes,
	.prepare = uml_prepare,
	.command = uml_command,
	.log_is_stderr = true,
};
