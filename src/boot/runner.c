/* SPDX-License-Identifier: BSD-2-Clause */
/* The list of runners; see runner.h. */
#include "config.h"

#include "boot/runner.h"

#include <stdlib.h>
#include <string.h>

/* An emulated processor is ten to fifty times as slow. */
#define RUNNER_BOOT_NS		UINT64_C(60000000000)
#define RUNNER_BOOT_TCG_NS	UINT64_C(180000000000)

static const struct runner *const runners[] = {
	&runner_qemu, &runner_uml, NULL
};

const struct runner *
runner_for(const struct image *image)
{
	int i;

	for (i = 0; runners[i] != NULL; i++)
		if (runners[i]->takes(image))
			return runners[i];
	return NULL;
}

const struct runner *
runner_named(const char *name)
{
	int i;

	for (i = 0; runners[i] != NULL; i++)
		if (strcmp(runners[i]->name, name) == 0)
			return runners[i];
	return NULL;
}

uint64_t
runner_boot_timeout_ns(const struct runner_host *h)
{
	return strcmp(h->accelerator, "tcg") == 0 ? RUNNER_BOOT_TCG_NS :
	    RUNNER_BOOT_NS;
}

void
runner_host_free(struct runner_host *h)
{
	free(h->program);
	free(h->version);
	free(h->why);
	free(h->backing);
	*h = (struct runner_host){ 0 };
}
